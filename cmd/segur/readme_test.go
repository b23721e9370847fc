package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The README shows sessions that really run: each command of it does, and says
// what the README makes it say ("…" stands for lines left out).
func TestSessionsDuReadme(t *testing.T) {
	texte, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	exemples, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.Symlink(exemples, "examples"); err != nil {
		t.Fatal(err)
	}
	refuse, err := os.ReadFile(filepath.Join(exemples, "fautes", "JSON-9999999999-20230701-002.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("refuse.json", refuse, 0o644); err != nil {
		t.Fatal(err)
	}
	n, sortie := 0, ""
	dansBloc := false
	for _, ligne := range strings.Split(string(texte), "\n") {
		commande, ok := strings.CutPrefix(ligne, "$ bin/segur ")
		switch {
		case strings.HasPrefix(ligne, "```"):
			dansBloc, sortie = !dansBloc, ""
		case !dansBloc:
		case ok:
			n++
			commande, _, _ = strings.Cut(commande, "  #")
			commande, _, _ = strings.Cut(commande, " > ")
			out, erreur, statut := lancer("", strings.Fields(commande)...)
			if sortie = out; statut > statutRefuse || out == "" && !strings.HasPrefix(commande, "kit ") {
				t.Errorf("segur %s: status %d, %s", commande, statut, erreur)
			}
		case strings.HasPrefix(ligne, "$ "):
			sortie = ""
		case sortie != "" && strings.TrimSpace(ligne) != "" && ligne != "…":
			// A no-break space reads as a plain one in a README.
			if !strings.Contains(plat(sortie), plat(ligne)) {
				t.Errorf("the README shows a line that segur does not say: %q", ligne)
			}
		}
	}
	if n < 8 {
		t.Errorf("only %d commands found", n)
	}
}

func plat(s string) string { return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s) }
