package atelier

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"guichet.example/segur"
)

// A workbook with real dates, numbers and check boxes gives the same orders as
// the CSV: the day, the cents and the zeros that the person sees.
func TestClasseurCommeLeCSV(t *testing.T) {
	x := excelize.NewFile()
	for i, titre := range strings.Split(entetes, ";") {
		cellule, err := excelize.CoordinatesToCellName(i+1, 3)
		if err != nil {
			t.Fatal(err)
		}
		if err := x.SetCellValue("Sheet1", cellule, titre); err != nil {
			t.Fatal(err)
		}
	}
	for n := 1; n <= 2; n++ {
		for i, v := range strings.Split(ligne(n), ";") {
			cellule, err := excelize.CoordinatesToCellName(i+1, 3+2*n)
			if err != nil {
				t.Fatal(err)
			}
			var valeur any = v
			switch strings.Split(entetes, ";")[i] {
			case "Date signature":
				valeur = time.Date(2023, 2, 3, 0, 0, 0, 0, time.UTC)
			case "Montant HT":
				valeur = 708.33
			case "N° carte CPS":
				valeur = 2_100_000_000 + n
			case "MSSanté":
				valeur = true
			}
			if err := x.SetCellValue("Sheet1", cellule, valeur); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := x.SetSheetName("Sheet1", "Export"); err != nil {
		t.Fatal(err)
	}
	b, err := x.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	l, err := LireListe(poser(t, filepath.Join(t.TempDir(), "commandes.xlsx"), b.Bytes()), OptionsListe{Jeu: jeu(t)})
	if err != nil || len(l.Questions) > 0 {
		t.Fatal(err, l.Questions)
	}
	if ks := juger(t, l, ""); len(ks) > 0 {
		t.Fatalf("%v %+v", codesDe(ks), ks[0])
	}
	texte := lireTexte(t, strings.ReplaceAll(listeDe(2), "2100000001", "2100000001"), OptionsListe{})
	for i := range l.Commandes {
		if d := cmp.Diff(texte.Commandes[i].Valeurs, l.Commandes[i].Valeurs); d != "" {
			t.Errorf("order %d: %s", i+1, d)
		}
		if s := l.Commandes[i].Source; fmt.Sprint(s.Feuille, s.Ligne) != fmt.Sprint("Export", 5+2*i) {
			t.Errorf("order %d comes from %+v", i+1, s)
		}
	}
	l.Commandes[1].Valeurs[5] = `"31/02/2023"`
	ks, err := Controler(cadre(t), l.Commandes)
	if err != nil {
		t.Fatal(err)
	}
	if ks = l.Reunir(jeu(t), ks); len(ks) == 0 || ks[0].Feuille != "Export" || ks[0].Rangee != 7 {
		t.Errorf("%+v", ks)
	}
}

// A workbook written by a program has formulas without their results: the
// person sees a value where the file has none, and is told so.
func TestFormuleSansResultat(t *testing.T) {
	x := excelize.NewFile()
	titres := strings.Split(entetes, ";")
	for i, v := range strings.Split(ligne(1), ";") {
		col, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			t.Fatal(err)
		}
		err = x.SetCellValue("Sheet1", col+"1", titres[i])
		if titres[i] == "Titulaire" {
			err = errors.Join(err, x.SetCellFormula("Sheet1", col+"2", `UPPER("exemple")`))
		} else {
			err = errors.Join(err, x.SetCellValue("Sheet1", col+"2", v))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	b, err := x.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	l, err := LireListe(poser(t, filepath.Join(t.TempDir(), "a.xlsx"), b.Bytes()), OptionsListe{Jeu: jeu(t)})
	if err != nil {
		t.Fatal(err)
	}
	ks := juger(t, l, "")
	if len(ks) != 1 || ks[0].Titre != "Titulaire" || !strings.Contains(ks[0].Remede, "résultat d’une formule") {
		t.Errorf("%v %+v", codesDe(ks), ks)
	}
}

// The model offers what a column takes: its own words, or the operators of a
// sheet beside; each column says what it expects.
func TestModeleProposeSesValeurs(t *testing.T) {
	j := jeu(t)
	b, err := ModeleXLSX(j)
	if err != nil {
		t.Fatal(err)
	}
	x, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	vs, err := x.GetDataValidations("Commandes")
	if err != nil {
		t.Fatal(err)
	}
	colonnes := ColonnesModele(j)
	if len(vs) != len(colonnes) {
		t.Fatalf("%d columns of %d have a note", len(vs), len(colonnes))
	}
	listes := 0
	for i, c := range colonnes {
		v := vs[i]
		if v.Prompt == nil || *v.Prompt == "" || v.PromptTitle == nil || !v.ShowInputMessage {
			t.Errorf("« %s » has no note", c.Titre)
		}
		attendu := ""
		switch {
		case c.Operateur:
			attendu = fmt.Sprintf("Listes!$A$2:$A$%d", len(segur.Operateurs())+1)
		case len(c.Choix) > 0:
			attendu = `"` + strings.Join(c.Choix, ",") + `"`
		}
		if attendu != "" {
			listes++
		}
		if v.Formula1 != attendu || (v.Type == "list") != (attendu != "") {
			t.Errorf("« %s » offers %s %q, expected %q", c.Titre, v.Type, v.Formula1, attendu)
		}
	}
	if listes < 3 {
		t.Errorf("%d lists", listes)
	}
	premier, err := x.GetCellValue("Listes", "A2")
	if err != nil || premier != segur.Operateurs()[0].Code {
		t.Errorf("the list of operators begins with %q, %v", premier, err)
	}
}
