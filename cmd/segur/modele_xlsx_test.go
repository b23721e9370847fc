//go:build !leger

package main

import (
	csvlib "encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// The workbook holds what the CSV holds, as text, and twice the same bytes.
func TestModeleEnClasseur(t *testing.T) {
	t.Parallel()
	for _, genre := range []string{"avance", "solde"} {
		octets, erreur, s := lancer("", "modele", "--sortie", "xlsx", "--type", genre)
		if s != 0 || erreur != "" {
			t.Fatal(s, erreur)
		}
		if encore, _, _ := lancer("", "modele", "--sortie", "xlsx", "--type", genre); encore != octets {
			t.Error("two workbooks of the same list differ")
		}
		f, err := excelize.OpenReader(strings.NewReader(octets))
		if err != nil {
			t.Fatal(err)
		}
		lignes, err := f.GetRows(feuilleColonnes, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		csv, _, _ := lancer("", "modele", "--sortie", "csv", "--type", genre)
		r := csvlib.NewReader(strings.NewReader(strings.TrimPrefix(csv, "\ufeff")))
		r.Comma = ';'
		want, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for i, l := range lignes {
			// A workbook leaves empty cells at the end of a row out.
			lignes[i] = append(l, make([]string, len(want[0])-len(l))...)
		}
		if d := cmp.Diff(want, lignes); d != "" {
			t.Error(d)
		}
	}
}
