package tableur

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
)

func ecrire(t testing.TB, nom string, octets []byte) string {
	t.Helper()
	chemin := filepath.Join(t.TempDir(), nom)
	if err := os.WriteFile(chemin, octets, 0o644); err != nil {
		t.Fatal(err)
	}
	return chemin
}

func lire(t testing.TB, nom string, octets []byte, o Options) *Table {
	t.Helper()
	tab, err := Lire(ecrire(t, nom, octets), o)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

const essai = "Date;Nom;Montant\n03/02/2023;HÉLÈNE;708,33 €\n04/02/2023;\"DU \"\"PORT\"\"\nBIS\";1050\n"

// Encoding and separator are found, and said.
func TestEncodagesEtSeparateursReconnus(t *testing.T) {
	w1252, err := charmap.Windows1252.NewEncoder().String(essai)
	if err != nil {
		t.Fatal(err)
	}
	latin, err := charmap.ISO8859_1.NewEncoder().String(strings.ReplaceAll(essai, " €", ""))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		nom, octets, encodage string
		sep                   rune
	}{
		{"utf8", essai, "UTF-8", ';'},
		{"bom", bom + essai, "UTF-8 avec BOM", ';'},
		{"1252", w1252, "Windows-1252", ';'},
		{"latin1", latin, "Windows-1252 ou ISO-8859-1 (mêmes caractères ici)", ';'},
		{"tab", strings.ReplaceAll(essai, ";", "\t"), "UTF-8", '\t'},
		{"comma", strings.NewReplacer(";", ",", "708,33", "708.33").Replace(essai), "UTF-8", ','},
		{"crlf", strings.ReplaceAll(essai, "\n", "\r\n"), "UTF-8", ';'},
		{"sep=", "sep=;\n" + essai, "UTF-8", ';'},
	} {
		tab := lire(t, c.nom+".csv", []byte(c.octets), Options{})
		if tab.Encodage != c.encodage || tab.Separateur != c.sep || len(tab.Lignes) != 2 || tab.Lignes[0].Cellules[1] != "HÉLÈNE" {
			t.Errorf("%s: %q, %q, %v", c.nom, tab.Encodage, tab.Separateur, tab.Lignes)
		}
		if got := tab.Lignes[1].Cellules[1]; !strings.HasPrefix(got, `DU "PORT"`) {
			t.Errorf("%s: quotes give %q", c.nom, got)
		}
	}
}

// A row keeps the number that the spreadsheet shows: empty rows and cells over
// several lines shift nothing.
func TestNumerosDeLigneDuTableur(t *testing.T) {
	tab := lire(t, "a.csv", []byte("titre seul\n\nA;B\n1;2\n\n\"x\ny\";4\n5;6\n"), Options{Noter: func(c []string) int {
		if len(c) > 1 {
			return len(c)
		}
		return 0
	}})
	var numeros []int
	for _, l := range tab.Lignes {
		numeros = append(numeros, l.Numero)
	}
	if d := cmp.Diff([]int{4, 6, 7}, numeros); d != "" || tab.RangEntetes != 3 {
		t.Errorf("headings in row %d, rows %v", tab.RangEntetes, numeros)
	}
}

// Whatever cannot be read is refused with a sentence that says where and what
// to do.
func TestListesIllisibles(t *testing.T) {
	for nom, c := range map[string]struct {
		octets, phrase string
		o              Options
	}{
		"empty":             {"", "est vide", Options{}},
		"blank":             {" \n;;\n", "est vide", Options{}},
		"open quote":        {"A;B\n1;\"2\n3;4\n", "ligne 2 : un guillemet ouvert", Options{}},
		"text after quote":  {"A;B\n1;\"2\"3\n", "ligne 2 : un guillemet fermant", Options{}},
		"too many cells":    {"A;B\n1;2;3\n", "ligne 2 : la valeur « 3 »", Options{}},
		"binary":            {"A;B\x00\n", "n’est pas du texte", Options{}},
		"old workbook":      {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "protégé par un mot de passe", Options{}},
		"broken workbook":   {"PK\x03\x04rien", "n’est pas un classeur", Options{}},
		"not UTF-8":         {"A;B\n\xe9;1\n", "ligne 2 : l’octet 0xE9", Options{Encodage: "utf-8"}},
		"mixed":             {"\xef\xbb\xbfA;B\n\xe9;1\n", "mêle deux encodages", Options{}},
		"no Windows-1252":   {"A;B\n\x81;1\n", "ligne 2 : l’octet 0x81", Options{}},
		"encoding":          {essai, "l’encodage « ebcdic »", Options{Encodage: "ebcdic"}},
		"cells by millions": {"A;B\n" + strings.Repeat(strings.Repeat(";", 1000)+"\n", 6000), "plus de 5242880 cellules", Options{}},
		"separator":         {essai, "le séparateur « & »", Options{Separateur: "&"}},
	} {
		if _, err := Lire(ecrire(t, "a.csv", []byte(c.octets)), c.o); err == nil || !strings.Contains(err.Error(), c.phrase) {
			t.Errorf("%s: %v", nom, err)
		}
	}
	if _, err := Lire(t.TempDir(), Options{}); err == nil || !strings.Contains(err.Error(), "dossier") {
		t.Errorf("a folder: %v", err)
	}
}

// A workbook gives the numbers and dates that the person typed, without the
// noise of binary floating point.
func TestClasseurNombresExacts(t *testing.T) {
	x := excelize.NewFile()
	for cellule, v := range map[string]any{"A3": "Montant", "B3": "FINESS", "C3": "Date", "D3": "BAL", "E3": "Formule", "A4": 708.33, "B4": 990000013, "C4": 44960, "D4": true, "A6": 1050.5, "B6": "010000013", "E4": "txt"} {
		if err := x.SetCellValue("Sheet1", cellule, v); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := x.NewSheet("Notes"); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(x.SetCellValue("Notes", "A1", "à lire"), x.SetRowVisible("Sheet1", 1, false), x.SetRowVisible("Sheet1", 6, false)); err != nil {
		t.Fatal(err)
	}
	b, err := x.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	tab := lire(t, "a.xlsx", b.Bytes(), Options{})
	want := []Ligne{{4, []string{"708.33", "990000013", "44960", "1", "txt"}}, {6, []string{"1050.5", "010000013", "", "", ""}}}
	if d := cmp.Diff(want, tab.Lignes); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]int{6}, tab.Masquees); d != "" {
		t.Error("hidden rows", d)
	}
	if tab.Feuille != "Sheet1" || tab.RangEntetes != 3 || len(tab.Autres) != 1 {
		t.Errorf("sheet %q, headings in row %d, others %q", tab.Feuille, tab.RangEntetes, tab.Autres)
	}
	if _, err := Lire(ecrire(t, "b.xlsx", b.Bytes()), Options{Feuille: "Commandes"}); err == nil || !strings.Contains(err.Error(), "Sheet1, Notes") {
		t.Errorf("a missing sheet: %v", err)
	}
}

func TestNombreExact(t *testing.T) {
	for s, want := range map[string]string{"708.33000000000004": "708.33", "9.9000001E7": "99000001", "2.1E9": "2100000000", "2.1000000001E+10": "21000000001", "708.33": "708.33",
		"00123": "00123", "12345678901234567890": "12345678901234567890", "1.5.2": "1.5.2", "0100000001": "0100000001", "": "", "v1.2": "v1.2"} {
		if got := nombreExact(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

// What a clerk takes for a list is told by what it is, with what to do.
func TestCeQuiNEstPasUneListe(t *testing.T) {
	for _, c := range []struct{ nom, contenu, phrase string }{
		{"~$commandes.xlsx", "x", "sans ce préfixe"},
		{".~lock.commandes.csv#", ",Claire,poste-3", "sans ce préfixe"},
		{"export.xls", "\ufeff\r\n<HTML><table><tr><td>a", "page HTML"},
		{"export.csv", "<?xml version=\"1.0\"?><Workbook>", "enregistrez-la en .xlsx"},
		{"commandes.ods", "PK\x03\x04" + strings.Repeat("\x00", 26) + "mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "LibreOffice"},
		{"vieux.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ancien format"},
		{"scan.pdf", "%PDF-1.4\x00", "pas du texte"},
	} {
		if _, err := Lire(ecrire(t, c.nom, []byte(c.contenu)), Options{}); err == nil || !strings.Contains(err.Error(), c.phrase) {
			t.Errorf("%s: %v", c.nom, err)
		}
	}
}

// Whatever the bytes, no panic, and each row has a cell for each heading.
func FuzzLire(f *testing.F) {
	f.Add([]byte(essai))
	f.Add([]byte("\"a\"\"b\";c\r\n1,2|3\t4"))
	f.Add([]byte("sep=,\na,b\n"))
	f.Fuzz(func(t *testing.T, octets []byte) {
		tab, err := Lire(ecrire(t, "a.csv", octets), Options{})
		if err != nil {
			return
		}
		for _, l := range tab.Lignes {
			if len(l.Cellules) != len(tab.Entetes) {
				t.Fatalf("row %d: %d cells for %d headings", l.Numero, len(l.Cellules), len(tab.Entetes))
			}
		}
	})
}
