package atelier

import (
	"archive/zip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guichet.example/segur"
)

// A list with the headings of sales software and a folder of scans become a
// deposit that the engine accepts whole, originals untouched.
func TestDeLaListeAuDepotAccepte(t *testing.T) {
	racine := t.TempDir()
	dossier := scans(t, filepath.Join(racine, "scans"), 3)
	l := lireTexte(t, listeDe(3), OptionsListe{})
	if ks := juger(t, l, dossier); len(ks) > 0 {
		t.Fatalf("findings: %v %+v", codesDe(ks), ks[0])
	}
	r := ouvrirRegistre(t, racine)
	o := cadre(t)
	p, err := Planifier(o, l.Commandes, r)
	if err != nil {
		t.Fatal(err)
	}
	vers := filepath.Join(racine, "depot")
	if _, err := p.Ecrire(t.Context(), vers, r); err != nil {
		t.Fatal(err)
	}
	octets, err := os.ReadFile(filepath.Join(vers, segur.NomExemple(1)))
	if err != nil {
		t.Fatal(err)
	}
	rapport := o.Jeu.Controler(octets, o.Jour, segur.Options{Nom: segur.NomExemple(1), Portail: true})
	if b := rapport.Bilan(); b != (segur.Bilan{Demandes: 3, Acceptees: 3}) {
		t.Errorf("the control says %+v\n%s", b, octets)
	}
	var noms []string
	z, err := zip.OpenReader(filepath.Join(vers, "PJ-9999999999-20230701-001-01.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		noms = append(noms, f.Name)
		c, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, c); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
	if d := cmp.Diff([]string{"PHA-LGO-Va1-BDC-00001.pdf", "PHA-LGO-Va1-BDC-00002.pdf", "PHA-LGO-Va1-BDC-00003.pdf"}, noms); d != "" {
		t.Error(d)
	}
	brut, err := os.ReadFile(filepath.Join(vers, NomManifeste))
	if err != nil || !json.Valid(brut) || !strings.Contains(string(brut), `"avance": "765.00"`) {
		t.Errorf("manifest: %v\n%s", err, brut)
	}
	if reste, _ := filepath.Glob(filepath.Join(racine, ".*.en-cours")); len(reste) > 0 {
		t.Errorf("left behind: %v", reste)
	}
	if n := len(r.Demandes()); n != 3 {
		t.Errorf("the ledger has %d requests", n)
	}
}
