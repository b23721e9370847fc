//go:build !leger

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guichet.example/segur"
)

// The documents of the kit, controlled as their user would: each folder gives
// its code and the report that lies beside, with the real reader of PDFs.
func TestKitAvecSesPieces(t *testing.T) {
	t.Parallel()
	for _, genre := range []string{"avance", "solde"} {
		racine := filepath.Join(t.TempDir(), "kit")
		if _, err, s := lancer("", "kit", racine, "--type", genre); s != 0 || !strings.Contains(err, "cas écrits") {
			t.Fatal(s, err)
		}
		zips, _ := filepath.Glob(filepath.Join(racine, "*", "pieces.zip"))
		if len(zips) < 28 {
			t.Errorf("%s: only %d cases with documents", genre, len(zips))
		}
		args := []string{"controler", "--sortie", "json", "--type", genre, "--date", segur.JourExemple.ISO()}
		for _, zip := range zips {
			args = append(args, filepath.Dir(zip))
		}
		out, erreur, s := lancer("", args...)
		var trouves []map[string]any
		if err := json.Unmarshal([]byte(out), &trouves); err != nil || s != statutRefuse || erreur != "" || len(trouves) != len(zips) {
			t.Fatalf("status %d, %d reports, %v %s", s, len(trouves), err, erreur)
		}
		for i, zip := range zips {
			attendu, err := os.ReadFile(filepath.Join(filepath.Dir(zip), rapportAttendu))
			if err != nil {
				t.Fatal(err)
			}
			var want map[string]any
			if err := json.Unmarshal(attendu, &want); err != nil {
				t.Fatal(err)
			}
			code := filepath.Base(filepath.Dir(zip))
			pieces := trouves[i]["pieces"]
			if d := cmp.Diff(want["pieces"], pieces); d != "" || trouves[i]["verdict"] != "accepte" {
				t.Errorf("%s %s: the report is not the expected one: %s", genre, code, d)
			}
			marque := map[string]string{"bon-avec-pieces": `"complete": true`}[code]
			if marque == "" {
				marque = `"code": "` + code + `"`
			}
			if !strings.Contains(string(attendu), marque) {
				t.Errorf("%s %s: no %s in %s", genre, code, marque, attendu)
			}
		}
	}
}
