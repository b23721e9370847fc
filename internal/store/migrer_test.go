package store

import (
	"path/filepath"
	"sync"
	"testing"
)

// Portals that start together on an empty base all find its schema ready:
// three behind one proxy failed on tables that another of them had just made.
func TestMigrerEnsemble(t *testing.T) {
	t.Parallel()
	adresses := map[string]string{"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "base.db")}
	if postgres != nil {
		a, err := postgres.NouvelleBase()
		if err != nil {
			t.Fatal(err)
		}
		adresses["postgres"] = a
	}
	for moteur, adresse := range adresses {
		t.Run(moteur, func(t *testing.T) {
			t.Parallel()
			var groupe sync.WaitGroup
			for range 4 {
				groupe.Go(func() {
					b, err := Ouvrir(t.Context(), adresse)
					if err != nil {
						t.Error(err)
						return
					}
					if n, err := b.Migrer(t.Context()); err != nil || n < 1 {
						t.Error(n, err)
					}
					if err := b.Fermer(); err != nil {
						t.Error(err)
					}
				})
			}
			groupe.Wait()
		})
	}
}
