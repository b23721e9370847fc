package tableau

import (
	"errors"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"guichet.example/segur"
)

// largeur bounds of a column, in characters.
const (
	colonneMin = 9
	colonneMax = 48
)

// XLSX writes a workbook of one sheet: titles that stay in view and filter,
// texts that stay texts, amounts that add up.
func (t *Tableau) XLSX(w io.Writer) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := f.SetSheetName(f.GetSheetName(0), t.Feuille); err != nil {
		return err
	}
	if err := t.remplir(f); err != nil {
		return err
	}
	return f.Write(w)
}

// styles of the cells.
type styles struct{ titre, texte, nombre, montant int }

func nouveauxStyles(f *excelize.File) (s styles, err error) {
	euros := `#,##0.00\ "€"`
	for _, x := range []struct {
		vers  *int
		style excelize.Style
	}{
		{&s.titre, excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8ECF4"}}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}}},
		{&s.texte, excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{Vertical: "top"}}},
		{&s.nombre, excelize.Style{NumFmt: 1, Alignment: &excelize.Alignment{Vertical: "top"}}},
		{&s.montant, excelize.Style{CustomNumFmt: &euros, Alignment: &excelize.Alignment{Vertical: "top"}}},
	} {
		if *x.vers, err = f.NewStyle(&x.style); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (t *Tableau) remplir(f *excelize.File) error {
	s, err := nouveauxStyles(f)
	if err != nil {
		return err
	}
	w, err := f.NewStreamWriter(t.Feuille)
	if err != nil {
		return err
	}
	for i := range t.Colonnes {
		if err := w.SetColWidth(i+1, i+1, float64(t.largeur(i))); err != nil {
			return err
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	titres := make([]any, len(t.Colonnes))
	for i, c := range t.Colonnes {
		titres[i] = excelize.Cell{StyleID: s.titre, Value: c.Titre}
	}
	if err := w.SetRow("A1", titres); err != nil {
		return err
	}
	for n, l := range t.Lignes {
		cellules := make([]any, len(l))
		for i, v := range l {
			cellules[i] = t.cellule(s, i, v)
		}
		if err := w.SetRow("A"+strconv.Itoa(n+2), cellules); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fin, err := excelize.CoordinatesToCellName(max(len(t.Colonnes), 1), len(t.Lignes)+1)
	if err != nil {
		return err
	}
	return f.AutoFilter(t.Feuille, "A1:"+fin, nil)
}

// cellule is one cell. A spreadsheet holds numbers as floats: the amount is
// turned into one here, at the very end, and computed with no more.
func (t *Tableau) cellule(s styles, colonne int, v string) excelize.Cell {
	switch t.Colonnes[colonne].Genre {
	case Montant:
		if n, err := strconv.ParseFloat(v, 64); err == nil {
			return excelize.Cell{StyleID: s.montant, Value: n}
		}
		return excelize.Cell{StyleID: s.montant}
	case Nombre:
		if n, err := strconv.Atoi(v); err == nil {
			return excelize.Cell{StyleID: s.nombre, Value: n}
		}
		return excelize.Cell{StyleID: s.nombre}
	}
	return excelize.Cell{StyleID: s.texte, Value: segur.Visible(v, 0)}
}

func (t *Tableau) largeur(colonne int) int {
	n := len(t.Colonnes[colonne].Titre)
	for _, l := range t.Lignes[:min(len(t.Lignes), 200)] {
		n = max(n, len(l[colonne]))
	}
	return min(max(n+2, colonneMin), colonneMax)
}
