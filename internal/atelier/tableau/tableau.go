// Package tableau writes a table as people and programs want it: aligned text,
// CSV for French spreadsheets, XLSX, JSON. What is in the table is its caller's
// business.
//
// Start at [Tableau]; [Tableau.Ecrire] picks the form. Texts may be strangers':
// none acts on a terminal, and no cell is run as a formula. The package must
// never import the workshop or ask for the time.
package tableau

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"guichet.example/segur"
)

// Genre is what a column holds.
type Genre int

// The kinds of columns.
const (
	Texte   Genre = iota
	Nombre        // whole number
	Montant       // euros, as segur.Montant.String writes them
)

// Colonne is one column.
type Colonne struct {
	Cle   string // in JSON and CSV
	Titre string // for people
	Genre Genre
	Masse bool // left out of the text form, which has little room
}

// Tableau is a table: as many cells a row as there are columns. An empty cell
// has no value.
type Tableau struct {
	Feuille  string // name of the XLSX sheet
	Colonnes []Colonne
	Lignes   [][]string
}

// Ecrire writes the table in a form: "texte", "csv", "json" or "xlsx".
func (t *Tableau) Ecrire(w io.Writer, forme string) error {
	switch forme {
	case "texte":
		return t.Texte(w)
	case "csv":
		return t.CSV(w)
	case "json":
		_, err := w.Write(append(t.AppendJSON(nil), '\n'))
		return err
	case "xlsx":
		return t.XLSX(w)
	}
	return fmt.Errorf("tableau: unknown form %q", forme)
}

// Texte writes aligned columns, the numbers to the right. A table without rows
// is written as one line that says so.
func (t *Tableau) Texte(w io.Writer) error {
	if len(t.Lignes) == 0 {
		_, err := io.WriteString(w, "Aucune ligne.\n")
		return err
	}
	vues, lignes := t.pourTexte()
	largeurs := make([]int, len(vues))
	for _, l := range lignes {
		for k, c := range l {
			largeurs[k] = max(largeurs[k], utf8.RuneCountInString(c))
		}
	}
	var b strings.Builder
	for _, l := range lignes {
		var ligne strings.Builder
		for k, c := range l {
			blanc := strings.Repeat(" ", largeurs[k]-utf8.RuneCountInString(c))
			if k > 0 {
				ligne.WriteString("  ")
			}
			if t.Colonnes[vues[k]].Genre == Texte {
				ligne.WriteString(c + blanc)
			} else {
				ligne.WriteString(blanc + c)
			}
		}
		b.WriteString(strings.TrimRight(ligne.String(), " ") + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// pourTexte is the titles and cells of the columns that the text form has.
// Behind the last column stands nothing: its texts are not cut.
func (t *Tableau) pourTexte() (vues []int, lignes [][]string) {
	var titres []string
	for i, c := range t.Colonnes {
		if !c.Masse {
			vues, titres = append(vues, i), append(titres, c.Titre)
		}
	}
	lignes = append(lignes, titres)
	for _, l := range t.Lignes {
		var cellules []string
		for k, i := range vues {
			if k == len(vues)-1 && t.Colonnes[i].Genre == Texte {
				cellules = append(cellules, segur.Visible(l[i], 0))
				continue
			}
			cellules = append(cellules, t.Afficher(i, l[i]))
		}
		lignes = append(lignes, cellules)
	}
	return vues, lignes
}

// largeurMax bounds a cell of the text form.
const largeurMax = 48

// Afficher is a cell of a column as people read it, harmless and short.
func (t *Tableau) Afficher(colonne int, v string) string {
	if t.Colonnes[colonne].Genre == Montant {
		if m, err := segur.LireMontant(v); err == nil {
			return m.Francais()
		}
	}
	return segur.Visible(v, largeurMax)
}

// CSV writes for French spreadsheets: a BOM, semicolons, CRLF, a decimal comma.
func (t *Tableau) CSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.Comma, c.UseCRLF = ';', true
	var cles []string
	for _, k := range t.Colonnes {
		cles = append(cles, Neutre(k.Cle))
	}
	lignes := append(make([][]string, 0, len(t.Lignes)+1), cles)
	for _, l := range t.Lignes {
		cellules := make([]string, len(l))
		for i, v := range l {
			switch t.Colonnes[i].Genre {
			case Montant:
				cellules[i] = strings.Replace(v, ".", ",", 1)
			case Nombre:
				cellules[i] = v
			default:
				cellules[i] = Neutre(segur.Visible(v, 0))
			}
		}
		lignes = append(lignes, cellules)
	}
	return c.WriteAll(lignes)
}

// Neutre is a text that no spreadsheet runs as a formula.
func Neutre(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// AppendJSON writes one object a row behind dst; an empty cell is null, a
// whole number a number, an amount a text as in the API.
func (t *Tableau) AppendJSON(dst []byte) []byte {
	dst = append(dst, '[')
	for n, l := range t.Lignes {
		if n > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, "\n  {"...)
		for i, v := range l {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = append(segur.AppendTexteJSON(dst, t.Colonnes[i].Cle), ": "...)
			switch {
			case v == "":
				dst = append(dst, "null"...)
			case t.Colonnes[i].Genre == Nombre:
				dst = append(dst, v...)
			default:
				dst = segur.AppendTexteJSON(dst, v)
			}
		}
		dst = append(dst, '}')
	}
	if len(t.Lignes) > 0 {
		dst = append(dst, '\n')
	}
	return append(dst, ']')
}
