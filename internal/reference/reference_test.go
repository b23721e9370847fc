package reference

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"guichet.example/segur"
	"guichet.example/segur/piece"
)

func complet(j *segur.Jeu) []segur.Entree { return append(j.Catalogue(), piece.Catalogue()...) }

// The reference says every field and every code, in each form.
func TestRienNeManque(t *testing.T) {
	t.Parallel()
	for _, j := range segur.Jeux() {
		markdown, page, liste := string(Markdown(j, complet(j))), string(HTML(j, complet(j))), string(JSON(j, complet(j)))
		for i := range j.Champs {
			b := j.Champs[i].Balise()
			if !strings.Contains(markdown, "| "+b+" |") || !strings.Contains(page, ">"+b+"<") {
				t.Errorf("%s: %s is missing", j.ID, b)
			}
		}
		for _, e := range complet(j) {
			if !strings.Contains(markdown, "| "+e.Code.String()+" |") || !strings.Contains(page, ">"+e.Code.String()+"<") || !strings.Contains(liste, `"`+e.Code.String()+`"`) {
				t.Errorf("%s: code %s is missing", j.ID, e.Code)
			}
		}
	}
}

// What is committed is what the table says today; make generate writes it.
func TestDocumentsAJour(t *testing.T) {
	t.Parallel()
	for _, j := range segur.Jeux() {
		nom := "../../docs/reference/" + string(j.Type)
		for fin, want := range map[string][]byte{
			".md": Markdown(j, complet(j)), ".html": HTML(j, complet(j)), ".schema.json": j.Schema(),
			".codes.json": JSON(j, complet(j)), ".modele.json": j.Modele(),
		} {
			got, err := os.ReadFile(nom + fin)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != string(want) {
				t.Errorf("%s%s is not what the table says: make generate", nom, fin)
			}
		}
	}
}

func TestFormesBienFormees(t *testing.T) {
	t.Parallel()
	for _, j := range segur.Jeux() {
		if !json.Valid(JSON(j, complet(j))) {
			t.Errorf("%s: no JSON", j.ID)
		}
		d := xml.NewDecoder(strings.NewReader(strings.Replace(string(HTML(j, complet(j))), "<!DOCTYPE html>", "", 1)))
		d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", j.ID, err)
			}
		}
		for n, l := range strings.Split(string(Markdown(j, complet(j))), "\n") {
			if strings.HasPrefix(l, "|") && strings.Count(strings.ReplaceAll(l, `\|`, ""), "|") < 8 {
				t.Errorf("%s: line %d has too few cells: %s", j.ID, n+1, l)
			}
		}
	}
}
