package registre

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestAnybodyCanVerifyTheChainWithoutUs: with a pattern, SHA-256 and any reader
// of JSON, as an auditor would years from now.
func TestAnybodyCanVerifyTheChainWithoutUs(t *testing.T) {
	dossier := t.TempDir()
	r := ouvrir(t, dossier)
	preparer(t, r, 2)
	b, err := os.ReadFile(filepath.Join(dossier, NomRegistre))
	if err != nil {
		t.Fatal(err)
	}
	fin := regexp.MustCompile(`,"empreinte":"sha256:[0-9a-f]{64}"}$`)
	tete := "sha256:" + strings.Repeat("0", 64)
	lignes := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	for i, l := range lignes {
		var e struct {
			Numero                int
			Date, Genre           string
			Donnees               map[string]any
			Precedente, Empreinte string
		}
		if err := json.Unmarshal([]byte(l), &e); err != nil {
			t.Fatalf("line %d: %v", i+1, err)
		}
		somme := sha256.Sum256([]byte(fin.ReplaceAllString(l, "}")))
		if e.Numero != i+1 || e.Precedente != tete || e.Empreinte != "sha256:"+hex.EncodeToString(somme[:]) {
			t.Errorf("line %d does not verify: %s", i+1, l)
		}
		tete = e.Empreinte
	}
	if n, empreinte := r.Tete(); n != len(lignes) || empreinte != tete || n < 4 {
		t.Errorf("%d lines, head %s", n, empreinte)
	}
}

// TestEntryOfALaterVersionIsKeptAndPassedOver: an older tool in the folder of
// a newer one.
func TestEntryOfALaterVersionIsKeptAndPassedOver(t *testing.T) {
	dossier := t.TempDir()
	r := ouvrir(t, dossier)
	if err := r.ajouter("nouveaute", map[string]int{"x": 1}); err != nil {
		t.Fatal(err)
	}
	preparer(t, r, 1)
	lu := lire(t, dossier)
	if len(lu.Demandes()) != 1 {
		t.Errorf("%d requests", len(lu.Demandes()))
	}
	es, err := Entrees(filepath.Join(dossier, NomRegistre))
	if err != nil || len(es) != 5 || es[1].Genre != "nouveaute" {
		t.Errorf("%+v, %v", es, err)
	}
}
