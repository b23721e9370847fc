package web

import (
	"net/http"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// corpsTableau is the first page after sign-in.
type corpsTableau struct {
	Agent      bool
	Demande    segur.Montant // asked by requests that still stand
	Accorde    segur.Montant // awarded, paid or not
	Verse      segur.Montant
	Total      int
	Etats      []etatVu
	Graphique  graphique
	Attendent  []demandeVue // what waits for the visitor
	Acteur     string       // whose turn Attendent are, as the list filters it
	Raccourcis []lien
}

// etatVu is one status with what stands in it.
type etatVu struct {
	guichet.Etat
	Nombre int
	Somme  segur.Montant
}

// attendentMax is how many waiting requests the dashboard lists.
const attendentMax = 8

func (s *serveur) tableau(v *visite) error {
	cs, err := s.g.Decompte(v.r.Context(), v.a)
	if err != nil {
		return err
	}
	c := corpsTableau{Agent: v.a.Agent(), Acteur: tourDe(v.a)}
	c.compter(cs)
	c.Graphique = graphiqueDe(c.Etats)
	if c.Acteur != "" {
		f := guichet.Filtre{Acteur: c.Acteur, Max: attendentMax}
		if c.Attendent, err = s.lister(v, f); err != nil {
			return err
		}
	}
	for _, e := range []entree{
		{"Déposer un fichier", "/depots/nouveau", guichet.DeposerFichier, ""}, {"File d’instruction", "/instruction", guichet.Prendre, ""},
		{"Décider une sélection", "/decisions", guichet.Decider, ""}, {"Lots de paiement", "/lots", guichet.PreparerLot, ""},
		{"Demandes payées à contrôler", "/demandes?statut=payee", guichet.OuvrirControle, ""}, {"Journal", "/journal", guichet.LireJournal, ""},
	} {
		if v.peut(e.action) {
			c.Raccourcis = append(c.Raccourcis, lien{Texte: e.texte, Chemin: e.chemin})
		}
	}
	return s.rendre(v, http.StatusOK, "tableau", "Tableau de bord", c)
}

// tourDe is the name under which requests wait for somebody; "" when none do.
func tourDe(a *guichet.Acteur) string {
	if !a.Agent() {
		return "fournisseur"
	}
	for _, r := range []guichet.Role{guichet.Instructeur, guichet.Decideur, guichet.Comptable} {
		if a.A(r) {
			return string(r)
		}
	}
	return ""
}

// compter sums the requests up by status, in the order of their life.
func (c *corpsTableau) compter(cs []guichet.Decompte) {
	for _, e := range guichet.Etats() {
		x := etatVu{Etat: e}
		for _, d := range cs {
			if d.Statut != e.Statut {
				continue
			}
			x.Nombre += d.Nombre
			x.Somme += d.APayer
			c.Verse += d.Verse
			c.Total += d.Nombre
			switch e.Statut {
			case guichet.Refusee, guichet.Annulee:
				continue
			case guichet.Decidee, guichet.MiseEnPaiement, guichet.PaiementRejete, guichet.Payee:
				c.Accorde += d.APayer
			}
			c.Demande += d.APayer
		}
		if x.Nombre > 0 {
			c.Etats = append(c.Etats, x)
		}
	}
}

// graphique is a chart of bars, already measured: the template only draws.
type graphique struct {
	Largeur, Hauteur int
	Barres           []barre
}

type barre struct {
	Libelle, Valeur string
	Y, YTexte       int
	Largeur         int
	XValeur         int
}

const (
	barreHaut   = 34  // from one bar to the next
	barreDebut  = 150 // where bars begin, right of their names
	barreLongue = 440 // the longest bar
)

func graphiqueDe(es []etatVu) graphique {
	g := graphique{Largeur: barreDebut + barreLongue + 70, Hauteur: len(es)*barreHaut + 4}
	plus := 1
	for _, e := range es {
		plus = max(plus, e.Nombre)
	}
	for i, e := range es {
		l := max(3, e.Nombre*barreLongue/plus)
		g.Barres = append(g.Barres, barre{e.Libelle, nombre(e.Nombre), i*barreHaut + 4, i*barreHaut + 22, l, barreDebut + l + 8})
	}
	return g
}
