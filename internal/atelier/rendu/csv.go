package rendu

import (
	"bufio"
	"encoding/csv"
	"strconv"
	"strings"

	"guichet.example/segur"
)

// colonnesCSV are the columns; new ones go to the end.
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
	ligne(append([]string(nil), colonnesCSV...)...)
	nom := b.Lecture.Table.Nom
	for _, q := range b.Lecture.Questions {
		ligne(nom, b.Lecture.Table.Feuille, strconv.Itoa(b.Lecture.Table.RangEntetes), q.Titre, "", "", "question", q.Balise, q.Phrase, strings.Join(q.Reponse, " ; "), "", q.Remede, "")
	}
	for i := range b.Constats {
		k := &b.Constats[i]
		ligne(nom, k.Feuille, strconv.Itoa(k.Rangee), k.Titre, k.Valeur, k.Code.String(), string(k.Gravite), k.Balise, k.Message, k.Attendu, k.Propose, k.Remede, k.Reference)
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
