package tableau

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

func exemple() *Tableau {
	return &Tableau{Feuille: "Demandes",
		Colonnes: []Colonne{{Cle: "numero", Titre: "Numéro"}, {Cle: "avance", Titre: "Avance", Genre: Montant}, {Cle: "rang", Titre: "Rang", Genre: Nombre}, {Cle: "note", Titre: "Note", Masse: true}},
		Lignes:   [][]string{{"00001", "255.00", "1", "=HYPERLINK(1)"}, {"é\x1b[31m", "1255.50", "", ""}}}
}

func ecrire(t *testing.T, forme string) string {
	t.Helper()
	var b bytes.Buffer
	if err := exemple().Ecrire(&b, forme); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTextIsAlignedAndHarmless(t *testing.T) {
	want := "Numéro           Avance  Rang\n" +
		"00001          255,00\u00a0€     1\n" +
		"é\\u001b[31m  1\u202f255,50\u00a0€\n"
	got := ecrire(t, "texte")
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	var b bytes.Buffer
	if err := (&Tableau{}).Texte(&b); err != nil || b.String() != "Aucune ligne.\n" {
		t.Errorf("%q, %v", b.String(), err)
	}
}

func TestCSVRunsNoFormula(t *testing.T) {
	want := "\ufeffnumero;avance;rang;note\r\n00001;255,00;1;'=HYPERLINK(1)\r\n"
	if got := ecrire(t, "csv"); got[:len(want)] != want {
		t.Errorf("%q", got)
	}
}

func TestJSONReadsBack(t *testing.T) {
	var lu []struct {
		Numero, Avance string
		Rang           *int
		Note           *string
	}
	if err := json.Unmarshal([]byte(ecrire(t, "json")), &lu); err != nil {
		t.Fatal(err)
	}
	if len(lu) != 2 || lu[0].Avance != "255.00" || *lu[0].Rang != 1 || lu[1].Rang != nil || lu[1].Note != nil {
		t.Errorf("%+v", lu)
	}
}

func TestWorkbookAddsUp(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader([]byte(ecrire(t, "xlsx"))), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lignes, err := f.GetRows("Demandes")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"Numéro", "Avance", "Rang", "Note"}, {"00001", "255", "1", "=HYPERLINK(1)"}}
	if d := cmp.Diff(want, lignes[:2]); d != "" {
		t.Error(d)
	}
	if g, err := f.GetCellFormula("Demandes", "D2"); err != nil || g != "" {
		t.Errorf("a text became the formula %q, %v", g, err)
	}
	if g, err := f.GetCellType("Demandes", "A2"); err != nil || g == excelize.CellTypeUnset {
		t.Errorf("the number is of type %v, %v", g, err)
	}
}
