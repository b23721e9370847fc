package registre

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// copier makes a second copy of a ledger, as a person copies a folder.
func copier(t *testing.T, dossier string) string {
	t.Helper()
	autre := t.TempDir()
	b, err := os.ReadFile(filepath.Join(dossier, NomRegistre))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(autre, NomRegistre), b, 0o600); err != nil {
		t.Fatal(err)
	}
	return autre
}

func comparer(t *testing.T, a, b string) *Comparaison {
	t.Helper()
	c, err := Comparer(filepath.Join(a, NomRegistre), filepath.Join(b, NomRegistre))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func donner(t *testing.T, dossier string, n int) {
	t.Helper()
	r, err := Ouvrir(dossier, options())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.AttribuerNumeros(n); err != nil {
		t.Fatal(err)
	}
	if err := r.Fermer(); err != nil {
		t.Fatal(err)
	}
}

// TestTwoPeopleOnTwoCopiesAreDetected: each of two colleagues had a copy of
// the folder; where they parted, and which numbers both gave, comes out.
func TestTwoPeopleOnTwoCopiesAreDetected(t *testing.T) {
	ici := t.TempDir()
	donner(t, ici, 1)
	la := copier(t, ici)
	if c := comparer(t, ici, la); c.Relation != Identiques {
		t.Errorf("%+v", c)
	}
	donner(t, ici, 2)
	if c := comparer(t, ici, la); c.Relation != EnAvance || len(c.Ici) != 1 {
		t.Errorf("%+v", c)
	}
	if c := comparer(t, la, ici); c.Relation != EnRetard || len(c.La) != 1 {
		t.Errorf("%+v", c)
	}
	donner(t, la, 3)
	c := comparer(t, ici, la)
	if c.Relation != Divergents || c.Communes != 2 {
		t.Fatalf("%+v", c)
	}
	if d := cmp.Diff([]string{"00002", "00003"}, c.Collision); d != "" {
		t.Error(d)
	}
	if p := c.Phrase("ici", "là"); !strings.Contains(p, "divergé après l’entrée 2") || !strings.Contains(p, "dont 00002") {
		t.Error(p)
	}
	autre := t.TempDir()
	r, err := Ouvrir(autre, Options{Maintenant: horloge, Auteur: "marc"})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Fermer(); err != nil {
		t.Fatal(err)
	}
	if c := comparer(t, ici, autre); c.Relation != Etrangers {
		t.Errorf("%+v", c)
	}
}

// TestSameSecondIsNotTheSameLine: two colleagues give the same number within
// one second; the lines differ, so that the collision is seen.
func TestSameSecondIsNotTheSameLine(t *testing.T) {
	ici := t.TempDir()
	donner(t, ici, 1)
	la := copier(t, ici)
	for i, dossier := range []string{ici, la} {
		o := options()
		o.Maintenant = func() time.Time { return horloge().Add(time.Duration(i+1) * time.Nanosecond) }
		r, err := Ouvrir(dossier, o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.AttribuerNumeros(1); err != nil {
			t.Fatal(err)
		}
		if err := r.Fermer(); err != nil {
			t.Fatal(err)
		}
	}
	if c := comparer(t, ici, la); c.Relation != Divergents || len(c.Collision) != 1 {
		t.Errorf("%+v", c)
	}
}
