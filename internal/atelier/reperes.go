package atelier

import "guichet.example/segur"

// reperes are the places, in Jeu.Champs, of the leaves that the workshop looks
// at for every order; -1 = the rule set has none.
type reperes struct {
	regime, date, finess, montant, asp int
	aGarder                            []int    // leaves that a list may fill
	balises                            []string // their names
	noms                               *nommeur
}

func reperesDe(jeu *segur.Jeu) *reperes {
	r := &reperes{regime: rangChamp(jeu, baliseRegime), date: rangChamp(jeu, baliseDate), finess: rangChamp(jeu, baliseFiness),
		montant: rangChamp(jeu, baliseMontant), asp: rangChamp(jeu, baliseASP), noms: nommeurDe(jeu)}
	if r.montant < 0 {
		r.montant = rangChamp(jeu, "commande.montantFactureHT")
	}
	for i := range jeu.Champs {
		if f := &jeu.Champs[i]; deLaListe(f) {
			r.aGarder, r.balises = append(r.aGarder, i), append(r.balises, f.Balise())
		}
	}
	return r
}

// valeur is the JSON text of a leaf by its place; "" when it has none.
func (c *Commande) valeur(champ int) string {
	if champ < 0 || champ >= len(c.Valeurs) {
		return ""
	}
	return c.Valeurs[champ]
}

// calcul is the money of one order, without its steps.
func (r *reperes) calcul(c *Commande) (segur.Calcul, error) {
	ht, err := segur.LireMontant(c.valeur(r.montant))
	if err != nil {
		return segur.Calcul{}, err
	}
	return segur.BaremePHA.Montants(ht, texteJSON(c.valeur(r.regime)))
}
