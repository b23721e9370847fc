package rapport

import (
	"encoding/csv"
	"strconv"
	"strings"

	"guichet.example/segur"
)

// csvEcrivain writes one line a constat, for spreadsheets: a BOM, semicolons,
// CRLF, no cell that a spreadsheet would run as a formula.
type csvEcrivain struct {
	*tampon
	o      Options
	c      *csv.Writer
	entete bool
}

// colonnes are the columns; new ones go to the end.
var colonnes = []string{"fichier", "rang", "numLigne", "numeroEditeur", "code", "gravite", "balise", "ligne", "colonne",
	"message", "attendu", "recu", "remede", "reference", "pointeur"}

// nonControle is the "gravite" of a file that could not be looked at.
const nonControle = "non contrôlé"

func nouveauCSV(t *tampon, o Options) *csvEcrivain {
	c := csv.NewWriter(t)
	c.Comma, c.UseCRLF = ';', true
	return &csvEcrivain{tampon: t, o: o, c: c}
}

// Write lets the csv package write into a buffer.
func (t *tampon) Write(p []byte) (int, error) {
	t.b = append(t.b, p...)
	if len(t.b) >= tamponPlein {
		return len(p), t.vider()
	}
	return len(p), nil
}

func (c *csvEcrivain) ouvrir() {
	if !c.entete {
		c.entete = true
		c.ecrire("\ufeff")
		c.ligne(colonnes)
	}
}

func (c *csvEcrivain) Resultat(r Resultat) error {
	c.ouvrir()
	nom := nomAffiche(&r.Fichier)
	if r.Erreur != "" || r.Rapport == nil {
		cellules := make([]string, len(colonnes))
		cellules[0], cellules[5], cellules[9] = nom, nonControle, segur.Visible(r.Erreur, 0)
		c.ligne(cellules)
	}
	for k := range r.constats(c.o.Premier) {
		c.ligne([]string{nom, positif(k.Rang), numLigne(&k), segur.Visible(k.numero, 0), k.Code.String(), string(k.Gravite), segur.Visible(k.Balise, 0),
			positif(k.Ligne), positif(k.Colonne), segur.Visible(k.Message, 0), segur.Visible(k.Attendu, 0), segur.Visible(k.Recu, 0), segur.Visible(k.Remede, 0),
			k.Reference, segur.Visible(k.Pointeur, 0)})
	}
	c.c.Flush()
	return c.vider()
}

// ligne writes one line; the error, if any, is kept by the buffer.
func (c *csvEcrivain) ligne(cellules []string) {
	for i, s := range cellules {
		cellules[i] = neutraliser(s)
	}
	_ = c.c.Write(cellules)
}

func (c *csvEcrivain) Fin() error {
	c.ouvrir()
	c.c.Flush()
	return c.vider()
}

// neutraliser keeps a cell from being run as a formula: an apostrophe in front
// makes it a text in every spreadsheet.
func neutraliser(s string) string {
	t := strings.TrimLeft(s, " \u00a0\u202f")
	if s != "" && strings.ContainsRune("\t\r\n", rune(s[0])) || t != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(t)[0]) {
		return "'" + s
	}
	return s
}

// positif is a number, or nothing for zero.
func positif(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func numLigne(k *constat) string {
	if k.numLigne < 0 {
		return ""
	}
	return strconv.FormatInt(k.numLigne, 10)
}
