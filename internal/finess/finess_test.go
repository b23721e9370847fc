package finess

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
)

// tous reads a register whole.
func tous(r io.Reader) (l []Etablissement, rel *Releve, err error) {
	rel, err = Lire(r, func(e Etablissement) error { l = append(l, e); return nil })
	return l, rel, err
}

func fichier(t testing.TB, nom string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + nom)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var pharmacies = []Etablissement{
	{"000000018", 620, "PHARMACIE FICTIVE DE L'ÉTOILE", "00001", false},
	{"0A0000026", 629, "OFFICINE \"DES ŒILLETS\"", "00002", false},
	{"000000034", 365, "CLINIQUE INVENTÉE; AILE NORD", "", false},
}

func TestExtractsAreReadInBothEncodings(t *testing.T) {
	utf8 := fichier(t, "cs1100502.csv")
	cp1252, err := charmap.Windows1252.NewEncoder().Bytes(utf8)
	if err != nil {
		t.Fatal(err)
	}
	attendu := Releve{Format: "cs1100502", Encodage: "UTF-8", Extrait: "2023-07-05", Lus: 3, Ignores: 3, Fautes: []string{
		"ligne 5 : le numéro « \"00000003\" » n’est pas un FINESS de 9 caractères",
		"ligne 6 : la catégorie « \"\" » de l’établissement 000000042 n’est pas un nombre",
		"ligne 7 : 3 champs, attendu au moins 19",
	}}
	enCP1252 := attendu
	enCP1252.Encodage = "Windows-1252"
	geo := attendu
	geo.Format = "cs1100507"
	for nom, cas := range map[string]struct {
		octets  []byte
		attendu Releve
	}{
		"UTF-8":               {utf8, attendu},
		"UTF-8 with its mark": {append([]byte("\xef\xbb\xbf"), utf8...), attendu},
		"Windows-1252":        {cp1252, enCP1252},
		"Windows lines":       {bytes.ReplaceAll(utf8, []byte("\n"), []byte("\r\n")), attendu},
		"without last line":   {bytes.TrimRight(utf8, "\n"), attendu},
		"with coordinates":    {append(bytes.Clone(utf8), "geolocalisation;000000018;1.0;2.0;1,ATLASANTE;2023-07-05\n"...), geo},
	} {
		l, r, err := tous(bytes.NewReader(cas.octets))
		if err != nil {
			t.Errorf("%s: %v", nom, err)
			continue
		}
		if d := cmp.Diff(pharmacies, l); d != "" {
			t.Errorf("%s: %s", nom, d)
		}
		if d := cmp.Diff(&cas.attendu, r); d != "" {
			t.Errorf("%s: %s", nom, d)
		}
	}
}

func TestJSONOfStructuresIsRead(t *testing.T) {
	for nom, octets := range map[string][]byte{"as it is": fichier(t, "structures.json"), "with a mark": append([]byte("\xef\xbb\xbf"), fichier(t, "structures.json")...)} {
		l, r, err := tous(bytes.NewReader(octets))
		if err != nil {
			t.Fatalf("%s: %v", nom, err)
		}
		if d := cmp.Diff([]Etablissement{
			{"000000018", 620, "PHARMACIE FICTIVE DE L'ÉTOILE", "00001", false},
			{"000000026", 620, "PHARMACIE FERMÉE", "00002", true},
			{"000000034", 629, "NOM COURT", "", false},
		}, l); d != "" {
			t.Errorf("%s: %s", nom, d)
		}
		if r.Format != "structures" || r.Extrait != "2026-03-09" || r.Lus != 3 || r.Ignores != 1 || len(r.Fautes) != 1 {
			t.Errorf("%s: %+v", nom, r)
		}
	}
}

func TestWrongFilesAreRefused(t *testing.T) {
	bon := string(fichier(t, "structures.json"))
	for nom, cas := range map[string]struct{ texte, attendu string }{
		"empty":             {"", "aucun établissement"},
		"another CSV":       {"a;b;c\n1;2;3\n", "aucun établissement"},
		"a page":            {"<!DOCTYPE html><html></html>", "aucun établissement"},
		"head only":         {"finess;etalab;94;2023-07-05\n", "aucun établissement"},
		"empty JSON":        {"{}", "aucun établissement"},
		"JSON cut short":    {bon[:len(bon)/2], "illisible"},
		"two documents":     {bon + "{}", "après la fin"},
		"key twice":         {`{"pmej":[],"pmej":[]}`, "illisible"},
		"wrong kinds":       {`{"pmej":{"ege":1},"generatedAt":[1]}`, "aucun établissement"},
		"places of no kind": {`{"pmej":[{"ege":[1,null,"x",{"adresse":1,"informationsGeneralesEGE":[]}]}]}`, "aucun établissement"},
		"endless line":      {"structureet;" + strings.Repeat("x", ligneMax), "64 Kio"},
		"endless text":      {`{"pmej":"` + strings.Repeat("x", 2*texteMax) + `"}`, "1 Mio"},
		"deep":              {`{"a":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`, "illisible"},
		"mixed encodings":   {"structureet;é\nstructureet;\xe9\n", "UTF-8"},
	} {
		_, r, err := tous(strings.NewReader(cas.texte))
		if err == nil || !strings.Contains(err.Error(), cas.attendu) || r != nil {
			t.Errorf("%s: got %+v, %v", nom, r, err)
		}
	}
	if _, _, err := tous(strings.NewReader("")); !errors.Is(err, ErrVide) {
		t.Errorf("got %v", err)
	}
}

func TestCallersErrorStopsTheReading(t *testing.T) {
	errAssez := errors.New("enough")
	for _, nom := range []string{"cs1100502.csv", "structures.json"} {
		n := 0
		_, err := Lire(bytes.NewReader(fichier(t, nom)), func(Etablissement) error { n++; return errAssez })
		if !errors.Is(err, errAssez) || n != 1 {
			t.Errorf("%s: %d given, %v", nom, n, err)
		}
	}
}

func TestFailingReaderIsAnError(t *testing.T) {
	errDisque := errors.New("disk error")
	for _, nom := range []string{"cs1100502.csv", "structures.json"} {
		b := fichier(t, nom)
		if _, _, err := tous(io.MultiReader(bytes.NewReader(b[:len(b)-5]), enPanne{errDisque})); !errors.Is(err, errDisque) {
			t.Errorf("%s: %v", nom, err)
		}
	}
}

type enPanne struct{ err error }

func (p enPanne) Read([]byte) (int, error) { return 0, p.err }

func TestFaultsAreBounded(t *testing.T) {
	b := string(fichier(t, "cs1100502.csv")) + strings.Repeat("structureet;x\n", 1000)
	if _, r, err := tous(strings.NewReader(b)); err != nil || len(r.Fautes) != fautesMax || r.Ignores != 1003 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestForms(t *testing.T) {
	for s, attendu := range map[string]bool{"010780195": true, "2A0000014": true, "01078019": false, "0107801950": false, "A10780195": false, "01A780195": false, "2a0000014": false} {
		if numero(s) != attendu {
			t.Errorf("%q: %v expected", s, attendu)
		}
	}
	for s, attendu := range map[string]int{"620": 620, "": 0, "62O": 0, "12345": 0, "-62": 0} {
		if nombre(s) != attendu {
			t.Errorf("%q: %d expected", s, attendu)
		}
	}
	for s, attendu := range map[string]string{"01000 BOURG": "01000", "97400": "97400", "0100 BOURG": "", "01000BOURG": "", "": "", "BOURG 01000": ""} {
		if postal(s) != attendu {
			t.Errorf("%q: %q expected", s, attendu)
		}
	}
}

func FuzzLire(f *testing.F) {
	for _, nom := range []string{"cs1100502.csv", "structures.json"} {
		f.Add(fichier(f, nom))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		l, r, err := tous(bytes.NewReader(b))
		if err != nil {
			return
		}
		if len(l) == 0 || len(l) != r.Lus || len(r.Fautes) > fautesMax {
			t.Fatalf("%d given, %+v", len(l), r)
		}
		for _, e := range l {
			if !numero(e.Finess) || e.Categorie < 1 || e.Categorie > 9999 {
				t.Fatalf("%+v", e)
			}
		}
	})
}

func BenchmarkLireCSV(b *testing.B) {
	ligne := strings.SplitAfter(string(fichier(b, "cs1100502.csv")), "\n")[1]
	var s strings.Builder
	for i := range 100_000 {
		s.WriteString(strings.Replace(ligne, "000000018", fmt.Sprintf("%09d", i), 1))
	}
	b.SetBytes(int64(s.Len()))
	for b.Loop() {
		if r, err := Lire(strings.NewReader(s.String()), func(Etablissement) error { return nil }); err != nil || r.Lus != 100_000 {
			b.Fatal(r, err)
		}
	}
}
