package guichet

import (
	"errors"
	"slices"
	"strings"

	"guichet.example/segur"
)

// corriger takes the supplier's corrections under the rules of this day.
func (x *execution) corriger() error {
	j, err := x.g.JeuDuJour(x.d.Type)
	if err != nil {
		return err
	}
	if x.q.Champs == nil {
		return erreur(Invalide, "Il manque « champs » : un objet des valeurs corrigées par balise, ou {} quand seules des pièces ont changé.")
	}
	champs, err := x.g.lireChamps(x.tx, x.d)
	if err != nil {
		return err
	}
	var changes []string // for the journal alone, where they can be erased
	for _, k := range x.q.Champs.cles() {
		if fixe(j, k) {
			return erreur(Invalide, "La balise « %s » n’existe pas ou ne se corrige pas : les numéros et l’en-tête restent ceux du dépôt.", visible(k))
		}
		if avant, apres := champs[k], x.q.Champs[k]; avant != apres {
			changes = append(changes, k+" : "+segur.Visible(avant, valeurMax)+" → "+segur.Visible(apres, valeurMax))
		}
		champs[k] = x.q.Champs[k]
	}
	if err := x.recontroler(j, champs); err != nil {
		return err
	}
	x.d.Champs = champs
	if err := x.tx.PoserChamps(x.d); err != nil {
		return err
	}
	manque, err := x.redeclarer()
	if err != nil {
		return err
	}
	suivant := Deposee
	if manque {
		suivant = Incomplete
	}
	if err := x.passer(suivant, strings.Join(x.q.Champs.cles(), ", ")); err != nil {
		return err
	}
	x.detail = strings.Join(append([]string{x.detail}, changes...), " ; ")
	return nil
}

// valeurMax is how much of a corrected value the journal says, in characters.
const valeurMax = 200

// recontroler judges corrected values by control 2 and by the campaign, and
// sets what is derived from them.
func (x *execution) recontroler(j *segur.Jeu, champs Champs) error {
	r := j.Controler(champs.fichier(j, x.d.NumeroAns, x.d.Siret), x.g.Aujourdhui(), segur.Options{Finess: x.g.registre()})
	regles, err := reglesFutures(x.tx)
	if err != nil {
		return err
	}
	r = r.AvecPortail(durcis(regles, x.g.Aujourdhui(), r)...)
	l, ok := r.Demande(1)
	if !ok || !l.Acceptee() {
		e := erreur(Invalide, "Les corrections ne passent pas le contrôle de ce jour.")
		for k := range r.Structure() {
			e.Constats = append(e.Constats, k)
		}
		if ok {
			e.Constats = slices.AppendSeq(e.Constats, l.Constats())
		}
		// The sentence is of what refuses; warnings stand in the list.
		if i := slices.IndexFunc(e.Constats, func(k segur.Constat) bool { return k.Gravite == segur.Erreur }); i >= 0 {
			e.Message += " " + e.Constats[i].Message + " " + e.Constats[i].Remede
		}
		return e
	}
	c, err := x.g.campagneDe(x.tx, x.d)
	if err != nil {
		return err
	}
	if c == nil {
		return erreur(Conflit, "La campagne de cette demande n’existe plus.")
	}
	if ht, _ := l.MontantHT(); x.d.Type == segur.Avance && ht > c.Plafond {
		return erreur(Invalide, "Le montant %s dépasse le plus haut plafond de la campagne, %s HT.", ht.Francais(), c.Plafond.Francais())
	}
	var avance *Demande
	if x.d.Type == segur.Solde {
		if avance, err = x.tx.Demande(x.d.Avance); err != nil {
			return err
		}
	}
	if err := errors.Join(x.d.lireValeurs(l), x.d.chiffrer(c, avance)); err != nil {
		return err
	}
	if x.d.Type == segur.Solde && x.d.Montants.Solde <= 0 {
		return erreur(Invalide, "Avec ces montants il ne reste rien à payer.")
	}
	return nil
}

// redeclarer forgets the documents received under names that are not declared
// any more, and tells whether one is missing. The request has its new values.
func (x *execution) redeclarer() (manque bool, err error) {
	recues, err := x.tx.PiecesRecues(x.d.NumeroASP)
	if err != nil {
		return false, err
	}
	var enTrop []string
	la := map[string]bool{}
	for _, p := range recues {
		la[p.Nom] = true
		if !slices.ContainsFunc(x.d.Declarees(), func(d Piece) bool { return d.Nom == p.Nom }) {
			enTrop = append(enTrop, p.Nom)
		}
	}
	manque = slices.ContainsFunc(x.d.Declarees(), func(d Piece) bool { return !la[d.Nom] })
	return manque, x.tx.OterPieces(x.d.NumeroASP, enTrop)
}
