package reprise

import (
	"fmt"
	"slices"
	"strings"

	"guichet.example/internal/atelier"
	"guichet.example/internal/atelier/liste"
	"guichet.example/internal/atelier/registre"
	"guichet.example/segur"
)

// ColonneRemplace is the column of a list of corrections that names the
// refused numeroEditeur of each row.
const ColonneRemplace = "x_remplace"

// ACorriger is the list of requests that must be corrected, ready for a
// spreadsheet: the number that each row stands for, its values, its scans, the
// supplier's own columns, and why it was refused. What is not wrong can be left
// as it is. All requests are of one type.
func ACorriger(jeu *segur.Jeu, rs []*Refusee) []byte {
	var ls []liste.Ligne
	for _, x := range rs {
		ls = append(ls, liste.Ligne{Devant: []string{x.NumeroEditeur}, Commande: &x.Commande, Motif: strings.TrimSpace(x.Code + " " + x.motifs())})
	}
	return liste.CSV(jeu, []string{ColonneRemplace}, ls)
}

// motifs are the reasons: our control's, or the agency's label.
func (x *Refusee) motifs() string {
	var ms []string
	for i := range x.Constats {
		if k := &x.Constats[i]; k.Gravite == segur.Erreur {
			ms = append(ms, k.Balise+" : "+k.Message)
		}
	}
	if len(ms) == 0 {
		return segur.Visible(x.Explication, 300)
	}
	return strings.Join(ms, " | ")
}

// Appliquer puts corrected rows in the place of the refused requests that they
// name, and judges them again. A row whose request was taken up before is left
// aside and told in deja: the same list twice changes nothing. Documents come
// from the row when they were found for it, else from the ledger. Errors are
// French: a row without a number, or with one that is not refused.
func Appliquer(r *registre.Registre, rs []*Refusee, l *atelier.Lecture, jour segur.Jour) (deja []string, err error) {
	vus := map[string]int{}
	for i := range l.Commandes {
		c := l.Commandes[i]
		numero := strings.ToUpper(liste.Extra(c.Extras, ColonneRemplace))
		if numero == "" {
			return nil, fmt.Errorf("ligne %d : la colonne %s est vide ; elle doit nommer le numéro refusé que la ligne remplace", c.Source.Ligne, ColonneRemplace)
		}
		if avant := vus[numero]; avant > 0 {
			return nil, fmt.Errorf("lignes %d et %d : toutes deux remplacent le numéro %s", avant, c.Source.Ligne, segur.Visible(numero, 20))
		}
		vus[numero] = c.Source.Ligne
		k := slices.IndexFunc(rs, func(x *Refusee) bool { return strings.ToUpper(x.NumeroEditeur) == numero })
		if k < 0 {
			if !reprise(r, numero) {
				return nil, fmt.Errorf("ligne %d : %s n’est pas le numéro d’une demande refusée à reprendre ; lisez d’abord son fichier retour (segur reprendre RETOUR)", c.Source.Ligne, segur.Visible(numero, 20))
			}
			deja = append(deja, numero)
			continue
		}
		if err := rs[k].corriger(c, jour); err != nil {
			return nil, err
		}
	}
	return deja, juger(rs, jour)
}

// reprise tells a number that another one stands for already.
func reprise(r *registre.Registre, numero string) bool {
	for _, t := range []segur.TypeDemande{segur.Avance, segur.Solde} {
		if d, ok := r.Demande(t, numero); ok && d.RemplaceePar != "" {
			return true
		}
	}
	return false
}

// corriger takes the values of a row; what no row can say stays.
func (x *Refusee) corriger(c atelier.Commande, jour segur.Jour) error {
	jeu, err := segur.JeuPour(x.Type, jour)
	if err != nil {
		return err
	}
	c.Extras = liste.Sans(c.Extras, ColonneRemplace)
	c.Remplace, c.Numero = x.Commande.Remplace, x.Commande.Numero
	if x.Type == segur.Solde {
		c.Poser(jeu, "numeroASP", x.Commande.Valeur(jeu, "numeroASP"))
	}
	for _, p := range x.Commande.Pieces {
		t, ok := jeu.TypePiece(p.Type)
		inutile := ok && t.SousRegime != "" && t.SousRegime != c.Regime(jeu)
		if !inutile && !slices.ContainsFunc(c.Pieces, func(q atelier.Piece) bool { return q.Type == p.Type }) {
			c.Pieces = append(c.Pieces, p)
		}
	}
	x.Commande, x.Corrigee = c, true
	return nil
}
