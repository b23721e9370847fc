package rapport

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files again")

var extensions = map[string]string{"texte": ".txt", "json": ".json", "html": ".html", "csv": ".csv", "sarif": ".sarif", "junit": ".xml"}

// stable hides what changes without this package: the hash of the rule set.
// The style sheet and its own hash are not worth copying.
func stable(t *testing.T, s string) string {
	s = strings.ReplaceAll(s, jeuEssai(t).Empreinte(), "sha256:EMPREINTE")
	s = strings.ReplaceAll(s, EmpreinteStyle(), "sha256-STYLE")
	return strings.ReplaceAll(s, styleHTML, "STYLE")
}

// TestGolden compares runs with their files in testdata.
func TestGolden(t *testing.T) {
	vus := map[string]bool{}
	for _, e := range essais(t) {
		formes := e.formes
		if formes == nil {
			formes = []string{"texte"}
		}
		for _, forme := range formes {
			chemin := filepath.Join("testdata", e.nom+extensions[forme])
			vus[chemin] = true
			t.Run(e.nom+"/"+forme, func(t *testing.T) {
				trouve := stable(t, rendre(t, forme, e))
				if *update {
					if err := os.WriteFile(chemin, []byte(trouve), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				attendu, err := os.ReadFile(chemin)
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(string(attendu), trouve); d != "" {
					t.Errorf("%s (-want +got, -update to accept):\n%s", chemin, d)
				}
			})
		}
	}
	fichiers, err := filepath.Glob("testdata/*")
	if err != nil || len(fichiers) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, f := range fichiers {
		if !vus[f] {
			t.Errorf("%s belongs to no run", f)
		}
	}
}
