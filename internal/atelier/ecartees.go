package atelier

import (
	"bytes"
	"encoding/csv"
	"strings"

	"guichet.example/segur"
)

// NomACorriger is the list of what was left out of a preparation.
const NomACorriger = "a-corriger.csv"

// Ecartees is the list of the faulty rows, as they were, with the reasons in a
// last column: ready to be corrected and prepared in turn.
func (l *Lecture) Ecartees(ks []Constat) []byte {
	motifs := map[int][]string{}
	for i := range ks {
		if k := &ks[i]; k.Gravite == segur.Erreur {
			ou := ""
			if k.Titre != "" {
				ou = k.Titre + " : "
			}
			motifs[k.Rang] = append(motifs[k.Rang], ou+k.Message)
		}
	}
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', true
	motif := len(l.Colonnes)
	for i := range l.Colonnes {
		if plat(l.Colonnes[i].Titre) == plat(TitreMotif) {
			motif = i // this list was left out once already
		}
	}
	ecrire := func(cellules []string, raison string) {
		c := make([]string, max(len(cellules), motif+1))
		for i, s := range cellules {
			c[i] = garder(s)
		}
		c[motif] = garder(raison)
		_ = w.Write(c) // a buffer takes everything
	}
	ecrire(l.Table.Entetes, TitreMotif)
	for i := range l.Table.Lignes {
		if m := motifs[i+1]; m != nil {
			ecrire(l.Table.Lignes[i].Cellules, strings.Join(m, " | "))
		}
	}
	w.Flush()
	return b.Bytes()
}

// garder puts an apostrophe before what a spreadsheet would run as a formula;
// sansGarde takes it away again.
func garder(s string) string {
	if s != "" && strings.IndexByte("=+-@\t\r", s[0]) >= 0 {
		return "'" + s
	}
	return s
}
