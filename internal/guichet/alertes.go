package guichet

import "fmt"

// categoriesOfficine are the FINESS categories of pharmacies (§3.2, D7).
var categoriesOfficine = [...]int{620, 627, 628, 629}

// semblances say what a likeness means, in the order they are shown.
var semblances = []struct{ par, code, message string }{
	{"finess", "finess_double", "Une autre demande porte le même numéro FINESS."},
	{"carte", "carte_multiple", "La même carte CPx signe pour plusieurs officines sous le statut « P »."},
	{"piece", "piece_double", "Le même document est joint à une autre demande."},
}

// SemblablesMax is how many requests an alert names.
const SemblablesMax = 20

// alertes computes what officers should look at. They never refuse by
// themselves, and suppliers never see them.
func (g *Guichet) alertes(tx Tx, d *Demande, ps []Piece) ([]Alerte, error) {
	var as []Alerte
	semblables, err := tx.Semblables(d)
	if err != nil {
		return nil, err
	}
	for _, s := range semblances {
		a := Alerte{Code: s.code, Message: s.message}
		for _, x := range semblables {
			if x.Par == s.par {
				a.Demandes = append(a.Demandes, x.NumeroASP)
			}
		}
		if len(a.Demandes) > SemblablesMax {
			a.Demandes = a.Demandes[:SemblablesMax]
			a.Message += fmt.Sprintf(" Il y en a plus de %d ; voici les premières.", SemblablesMax)
		}
		if len(a.Demandes) > 0 {
			as = append(as, a)
		}
	}
	dire := func(code, format string, args ...any) {
		as = append(as, Alerte{Code: code, Message: fmt.Sprintf(format, args...)})
	}
	g.alerteRegistre(d, dire)
	c, err := g.campagneDe(tx, d)
	if err != nil || c == nil {
		return as, err
	}
	g.alertesMontant(d, c, dire)
	if g.JourA(c.Ouverture.AddDate(-2, 0, 0)).Apres(d.DateCommande) || d.DateCommande.Apres(g.JourA(c.Fermeture)) {
		dire("date_hors_fenetre", "La commande du %s est hors de la période de la campagne.", d.DateCommande)
	}
	return as, nil
}

func (g *Guichet) alerteRegistre(d *Demande, dire func(string, string, ...any)) {
	registre := g.registre()
	if registre == nil {
		return
	}
	categorie, connu := registre(d.Finess)
	if !connu {
		dire("finess_inconnu", "Le numéro FINESS %s est absent du registre chargé.", d.Finess)
		return
	}
	for _, c := range categoriesOfficine {
		if c == categorie {
			return
		}
	}
	dire("finess_categorie", "L’établissement %s est de catégorie %d, qui n’est pas une officine (620, 627, 628, 629).", d.Finess, categorie)
}

func (g *Guichet) alertesMontant(d *Demande, c *Campagne, dire func(string, string, ...any)) {
	connu := false
	for _, t := range c.Tranches {
		connu = connu || t.HT == d.Montants.HT
	}
	if !connu {
		dire("montant_inhabituel", "Le montant de %s HT n’est pas un plafond connu de la campagne.", d.Montants.HT.Francais())
	}
	if t, ok := c.Tranche(d.Tranche); ok && d.Montants.HT > t.HT {
		dire("montant_tranche", "Le montant de %s HT dépasse le plafond de la tranche %s, %s HT.", d.Montants.HT.Francais(), t.Code, t.HT.Francais())
	}
}

// campagneDe is the campaign that a request was deposited in; nil when no
// campaign covers that instant any more.
func (g *Guichet) campagneDe(tx Tx, d *Demande) (*Campagne, error) {
	cs, err := tx.Campagnes()
	if err != nil {
		return nil, err
	}
	for i := range cs {
		if cs[i].Ouverte(d.Cree) {
			return &cs[i], nil
		}
	}
	return nil, nil
}
