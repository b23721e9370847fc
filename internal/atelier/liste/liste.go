// Package liste writes lists of orders, ready to be filled in or corrected in
// a spreadsheet and read again by the workshop: headings are the balises of
// the format, so nothing of them is guessed.
//
// Start at [CSV]. The package must never ask for the time or reach a network.
package liste

import (
	"bytes"
	"encoding/csv"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"guichet.example/internal/atelier"
	"guichet.example/internal/atelier/registre"
	"guichet.example/internal/atelier/tableau"
	"guichet.example/segur"
)

// Ligne is one row.
type Ligne struct {
	Devant   []string // cells of the columns of the caller's own, which stand first
	Commande *atelier.Commande
	Motif    string // why the row is there; the reader ignores it
}

// CSV is a list for French spreadsheets: the caller's columns (x_…), the
// leaves that a list fills, the scans, the supplier's own columns, the reasons.
func CSV(jeu *segur.Jeu, devant []string, ls []Ligne) []byte {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', true
	champs, extras := champsListe(jeu), colonnesExtras(ls, devant)
	titres := slices.Clone(devant)
	for _, c := range champs {
		titres = append(titres, c.Balise())
	}
	for i := range jeu.Pieces {
		titres = append(titres, "scan "+jeu.Pieces[i].Valeur)
	}
	_ = w.Write(append(append(titres, extras...), atelier.TitreMotif)) // a buffer takes everything
	for _, l := range ls {
		cellules := slices.Clone(l.Devant)
		for _, c := range champs {
			cellules = append(cellules, cellule(c, l.Commande.Valeur(jeu, c.Balise())))
		}
		for i := range jeu.Pieces {
			cellules = append(cellules, scanDe(l.Commande, jeu.Pieces[i].Valeur))
		}
		for _, e := range extras {
			cellules = append(cellules, Extra(l.Commande.Extras, e))
		}
		cellules = append(cellules, l.Motif)
		for i := range cellules {
			cellules[i] = tableau.Neutre(cellules[i])
		}
		_ = w.Write(cellules)
	}
	w.Flush()
	return b.Bytes()
}

// champsListe are the leaves that a list fills.
func champsListe(jeu *segur.Jeu) []*segur.Champ {
	var cs []*segur.Champ
	for i := range jeu.Champs {
		c := &jeu.Champs[i]
		switch c.Genre {
		case segur.GenreRang, segur.GenreNul, segur.GenreNumero, segur.GenreNomPiece, segur.GenreFormatPiece, segur.GenreTypePiece:
			continue
		}
		if c.Genre != segur.GenreListe || len(c.Valeurs) > 1 {
			cs = append(cs, c)
		}
	}
	return cs
}

// cellule is a value as a French spreadsheet has it.
func cellule(c *segur.Champ, brut string) string {
	switch v := jsontext.Value(brut); v.Kind() {
	case '"':
		if s, err := jsontext.AppendUnquote(nil, brut); err == nil {
			return string(s)
		}
	case 't':
		return "oui"
	case 'f':
		return "non"
	case 'n':
		return ""
	}
	if c.Genre == segur.GenreMontant {
		return strings.Replace(brut, ".", ",", 1)
	}
	return brut
}

func scanDe(c *atelier.Commande, valeur string) string {
	for i := range c.Pieces {
		if c.Pieces[i].Type == valeur && c.Pieces[i].Source != "" {
			return filepath.Base(c.Pieces[i].Source)
		}
	}
	return ""
}

func colonnesExtras(ls []Ligne, devant []string) []string {
	var noms []string
	for _, l := range ls {
		for _, e := range l.Commande.Extras {
			if !slices.Contains(noms, e.Colonne) && !slices.Contains(devant, e.Colonne) {
				noms = append(noms, e.Colonne)
			}
		}
	}
	return noms
}

// Extra is the value of a column of the supplier's own; "" when there is none.
func Extra(xs []registre.Extra, colonne string) string {
	for _, x := range xs {
		if x.Colonne == colonne {
			return x.Valeur
		}
	}
	return ""
}

// Sans leaves columns of ours out of the supplier's own.
func Sans(xs []registre.Extra, colonnes ...string) []registre.Extra {
	return slices.DeleteFunc(slices.Clone(xs), func(e registre.Extra) bool { return slices.Contains(colonnes, e.Colonne) })
}
