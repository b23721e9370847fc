package atelier

import (
	"slices"
	"strings"

	"guichet.example/internal/atelier/catalogue"
	"guichet.example/internal/atelier/tableur"
	"guichet.example/segur"
)

// Laissee is a row that was seen to be no order and was left aside; it is said
// to the person, whose spreadsheet keeps it.
type Laissee struct {
	Rangee int    // as the spreadsheet numbers it
	Motif  string // French
}

// The rows that exports add to their orders.
const (
	motifTitres = "les titres répétés"
	motifTotal  = "des totaux"
)

// laisser takes out of the list the rows that exports add to the orders: the
// headings said again, and sums that are called so.
func (l *Lecture) laisser(jeu *segur.Jeu) {
	t := l.Table
	commande := l.colonnesDe(jeu, baliseFiness, baliseDate)
	gardees := t.Lignes[:0] // in place: never behind the row being read
	for _, x := range t.Lignes {
		motif := ""
		switch {
		case slices.Equal(x.Cellules, t.Entetes):
			motif = motifTitres
		case estTotal(&x, commande):
			motif = motifTotal
		}
		if motif == "" {
			gardees = append(gardees, x)
			continue
		}
		l.Laissees = append(l.Laissees, Laissee{x.Numero, motif})
	}
	t.Lignes = gardees
}

// colonnesDe are the places of the columns that fill some leaves.
func (l *Lecture) colonnesDe(jeu *segur.Jeu, balises ...string) []int {
	var is []int
	for i := range l.Colonnes {
		if b := l.Colonnes[i].Balise; b != "" && slices.Contains(balises, b) {
			is = append(is, i)
		}
	}
	return is
}

// estTotal tells a row of sums: its first words say so, and it has nothing of
// what makes an order.
func estTotal(x *tableur.Ligne, commande []int) bool {
	premiere := slices.IndexFunc(x.Cellules, func(s string) bool { return s != "" })
	if premiere < 0 || len(commande) == 0 {
		return false
	}
	switch c := x.Cellules[premiere][0] | 0x20; {
	case c != 't' && c != 's': // most rows end here
		return false
	case !strings.HasPrefix(plat(x.Cellules[premiere]), "total") && !strings.HasPrefix(plat(x.Cellules[premiere]), "soustotal"):
		return false
	}
	return !slices.ContainsFunc(commande, func(i int) bool { return i != premiere && x.Cellules[i] != "" })
}

// remplieMin is how many columns in use an order fills at the least: a note
// below the list, or a sum without a name, fills one or two.
const remplieMin = 3

// signalerNotes points out the rows that hold too little to be an order: one
// finding instead of one for each leaf that they lack.
func (l *Lecture) signalerNotes() {
	utiles := 0
	for i := range l.Colonnes {
		if l.Colonnes[i].Utile() {
			utiles++
		}
	}
	if utiles <= 2*remplieMin {
		return
	}
	for i := range l.Table.Lignes {
		n := 0
		seule := ""
		for k, v := range l.Table.Lignes[i].Cellules {
			if v == "" || !l.Colonnes[k].Utile() {
				continue
			}
			if seule = v; n >= remplieMin-1 {
				n++
				break
			}
			n++
		}
		if n < remplieMin {
			l.Constats = append(l.Constats, constat(&l.Commandes[i], i+1, catalogue.PasCommande, mots{valeur: seule}))
		}
	}
}
