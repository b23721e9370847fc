package rendu

import (
	"bufio"
	"encoding/csv"
	"strconv"
	"strings"

	"guichet.example/internal/atelier/liste"
	"guichet.example/segur"
)

// colonnesCSV are the columns; new ones go to the end, before the supplier's
// own.
var colonnesCSV = []string{"fichier", "feuille", "ligne", "colonne", "valeur", "code", "gravite", "balise", "message", "attendu", "propose", "remede", "reference"}

// ecrireCSV writes one line a finding, for spreadsheets: a BOM, semicolons,
// CRLF, no cell that would be run as a formula.
func ecrireCSV(w *bufio.Writer, b *Bilan) {
	w.WriteString("\ufeff")
	c := csv.NewWriter(w)
	c.Comma, c.UseCRLF = ';', true
	ligne := func(cellules ...string) {
		for i, s := range cellules {
			cellules[i] = neutraliser(segur.Visible(s, 0))
		}
		_ = c.Write(cellules) // kept by w until Flush
	}
	extras := b.colonnesExtras()
	ligne(append(append([]string(nil), colonnesCSV...), extras...)...)
	nom := b.Lecture.Table.Nom
	for _, q := range b.Lecture.Questions {
		ligne(append([]string{nom, b.Lecture.Table.Feuille, strconv.Itoa(b.Lecture.Table.RangEntetes), q.Titre, "", "", "question", q.Balise, q.Phrase, strings.Join(q.Reponse, " ; "), "", q.Remede, ""},
			make([]string, len(extras))...)...)
	}
	for i := range b.Constats {
		k := &b.Constats[i]
		cellules := []string{nom, k.Feuille, strconv.Itoa(k.Rangee), k.Titre, k.Valeur, k.Code.String(), string(k.Gravite), k.Balise, k.Message, k.Attendu, k.Propose, k.Remede, k.Reference}
		for _, x := range extras {
			cellules = append(cellules, liste.Extra(b.extras(k), x))
		}
		ligne(cellules...)
	}
	c.Flush()
}

// neutraliser keeps a cell from being run as a formula: an apostrophe in front
// makes it a text in every spreadsheet. Lists read it back without.
func neutraliser(s string) string {
	t := strings.TrimLeft(s, " \u00a0\u202f")
	if s != "" && strings.ContainsRune("\t\r\n", rune(s[0])) || t != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(t)[0]) {
		return "'" + s
	}
	return s
}
