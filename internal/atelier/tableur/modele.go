package tableur

import (
	"errors"
	"fmt"

	"github.com/xuri/excelize/v2"
)

// Modele is a blank workbook to be filled in.
type Modele struct {
	Feuille  string // sheet of the rows
	Colonnes []ColonneModele
	Notes    [][]string // of a sheet "Notes", the first row being headings
	Listes   [][]string // of a sheet "Listes": columns, the first cell of each its heading
	Rangs    int        // rows that are given styles and choices
}

// ColonneModele is one column of a blank workbook.
type ColonneModele struct {
	Titre, Exemple string
	Note           string // shown when the cell is chosen
	Obligatoire    bool
	Choix          []string // drop-down list; short
	Liste          int      // number of a column of Listes as drop-down list, from 1; 0 = none
}

// Ecrire makes the workbook. Cells are texts, so that a spreadsheet drops no
// zero and changes no date.
func (m *Modele) Ecrire() (octets []byte, err error) {
	x := excelize.NewFile()
	defer func() { err = errors.Join(err, x.Close()) }()
	if err := x.SetSheetName(x.GetSheetName(0), m.Feuille); err != nil {
		return nil, err
	}
	for i, etape := range []func(*excelize.File) error{m.listes, m.notes, m.titres, m.choix} {
		if err := etape(x); err != nil {
			return nil, fmt.Errorf("write the workbook, step %d: %w", i+1, err)
		}
	}
	b, err := x.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// titres writes headings, the example and the styles of the columns.
func (m *Modele) titres(x *excelize.File) error {
	texte, err := x.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return err
	}
	exemple, err := x.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Italic: true, Color: "595959"}})
	if err != nil {
		return err
	}
	couleurs := map[bool]string{true: "1F3864", false: "5B6F8F"}
	for i, c := range m.Colonnes {
		nom, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		titre, err := x.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true, Color: "FFFFFF"},
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{couleurs[c.Obligatoire]}}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}})
		if err != nil {
			return err
		}
		err = errors.Join(x.SetColStyle(m.Feuille, nom, texte), x.SetColWidth(m.Feuille, nom, nom, 24),
			x.SetCellStr(m.Feuille, nom+"1", c.Titre), x.SetCellStyle(m.Feuille, nom+"1", nom+"1", titre),
			x.SetCellStr(m.Feuille, nom+"2", c.Exemple), x.SetCellStyle(m.Feuille, nom+"2", nom+"2", exemple))
		if err != nil {
			return err
		}
	}
	return errors.Join(x.SetRowHeight(m.Feuille, 1, 32),
		x.SetPanes(m.Feuille, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
}

// choix adds drop-down lists and notes to the cells of each column.
func (m *Modele) choix(x *excelize.File) error {
	for i, c := range m.Colonnes {
		nom, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		v := excelize.NewDataValidation(true)
		v.SetSqref(fmt.Sprintf("%s2:%s%d", nom, nom, m.Rangs+1))
		switch {
		case c.Liste > 0:
			colonne, err := excelize.ColumnNumberToName(c.Liste)
			if err != nil {
				return err
			}
			v.SetSqrefDropList(fmt.Sprintf("Listes!$%s$2:$%s$%d", colonne, colonne, len(m.Listes[c.Liste-1])))
		case len(c.Choix) > 0:
			if err := v.SetDropList(c.Choix); err != nil {
				return err
			}
		}
		if c.Liste > 0 || len(c.Choix) > 0 {
			v.SetError(excelize.DataValidationErrorStyleStop, "Valeur hors liste", "Choisissez une valeur de la liste.")
		}
		v.SetInput(limiter(c.Titre, 32), limiter(c.Note, 255))
		if err := x.AddDataValidation(m.Feuille, v); err != nil {
			return err
		}
	}
	return nil
}

// limiter cuts a text to what a spreadsheet takes in a note.
func limiter(s string, max int) string {
	if r := []rune(s); len(r) > max {
		return string(r[:max-1]) + "…"
	}
	return s
}

func (m *Modele) notes(x *excelize.File) error {
	if len(m.Notes) == 0 {
		return nil
	}
	return feuille(x, "Notes", m.Notes)
}

func (m *Modele) listes(x *excelize.File) error {
	if len(m.Listes) == 0 {
		return nil
	}
	var lignes [][]string
	for k, colonne := range m.Listes {
		for i, v := range colonne {
			for len(lignes) <= i {
				lignes = append(lignes, make([]string, len(m.Listes)))
			}
			lignes[i][k] = v
		}
	}
	return feuille(x, "Listes", lignes)
}

// feuille adds a sheet of texts whose first row is in bold.
func feuille(x *excelize.File, nom string, lignes [][]string) error {
	if _, err := x.NewSheet(nom); err != nil {
		return err
	}
	titre, err := x.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	texte, err := x.NewStyle(&excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	if err != nil {
		return err
	}
	w, err := x.NewStreamWriter(nom)
	if err != nil {
		return err
	}
	for k := range lignes[0] {
		if err := w.SetColWidth(k+1, k+1, 42); err != nil {
			return err
		}
	}
	for i, l := range lignes {
		cellules := make([]any, len(l))
		for k, v := range l {
			cellules[k] = excelize.Cell{StyleID: map[bool]int{true: titre, false: texte}[i == 0], Value: v}
		}
		coin, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := w.SetRow(coin, cellules); err != nil {
			return err
		}
	}
	return w.Flush()
}
