//go:build !leger

package main

import (
	"errors"

	"github.com/xuri/excelize/v2"

	"guichet.example/segur"
)

const feuilleColonnes = "Colonnes"

// largeursColonnes are the widths of the columns of a list of columns, in
// characters, in the order of its titles.
var largeursColonnes = [...]float64{38, 34, 12, 22, 48, 26, 70, 12}

// modeleXLSX writes the list of columns as a workbook: titles that stay in
// view, filters, and text cells, so that a spreadsheet changes no value.
func modeleXLSX(c *contexte, jeu *segur.Jeu) (err error) {
	if c.terminal {
		return usage("un classeur ne s’affiche pas dans un terminal : segur modele --sortie xlsx > colonnes.xlsx")
	}
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := f.SetSheetName(f.GetSheetName(0), feuilleColonnes); err != nil {
		return err
	}
	if err := remplirColonnes(f, lignesColonnes(jeu)); err != nil {
		return err
	}
	return f.Write(c.sortie)
}

func remplirColonnes(f *excelize.File, lignes [][]string) error {
	texte, err := f.NewStyle(&excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	if err != nil {
		return err
	}
	titre, err := f.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	w, err := f.NewStreamWriter(feuilleColonnes)
	if err != nil {
		return err
	}
	for i, largeur := range largeursColonnes {
		if err := w.SetColWidth(i+1, i+1, largeur); err != nil {
			return err
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for i, ligne := range lignes {
		style := texte
		if i == 0 {
			style = titre
		}
		cellules := make([]any, len(ligne))
		for j, v := range ligne {
			cellules[j] = excelize.Cell{StyleID: style, Value: v}
		}
		debut, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := w.SetRow(debut, cellules); err != nil {
			return err
		}
	}
	return w.Flush()
}
