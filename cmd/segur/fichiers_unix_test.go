//go:build unix

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"guichet.example/segur"
)

// A file that shrinks, vanishes or is a folder is a failure of the tool, and
// the others are controlled all the same.
func TestFichierIllisibleNArretePasLesAutres(t *testing.T) {
	t.Parallel()
	dossier := t.TempDir()
	bon := filepath.Join(dossier, segur.NomExemple(2))
	if err := os.WriteFile(bon, jeu(t).Exemple(1), 0o644); err != nil {
		t.Fatal(err)
	}
	// A pipe that nobody writes to must not be waited for.
	if err := syscall.Mkfifo(filepath.Join(dossier, "a.json"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dossier, "nulle-part"), filepath.Join(dossier, segur.NomExemple(1))); err != nil {
		t.Fatal(err)
	}
	// The folder may be reached by a link.
	lien := filepath.Join(t.TempDir(), "lien")
	if err := os.Symlink(dossier, lien); err != nil {
		t.Fatal(err)
	}
	out, err, s := lancer("", "controler", lien, "--sortie", "json")
	var rapports []map[string]any
	if e := json.Unmarshal([]byte(out), &rapports); e != nil || len(rapports) != 3 || s != statutOutil {
		t.Fatalf("status %d, %d reports, %v", s, len(rapports), e)
	}
	if _, jugé := rapports[0]["verdict"]; jugé || rapports[0]["erreur"] == nil || rapports[1]["verdict"] != "accepte" || rapports[2]["erreur"] == nil {
		t.Errorf("got %v", rapports)
	}
	if !strings.Contains(err, "n’existe pas") {
		t.Errorf("says %q", err)
	}
}
