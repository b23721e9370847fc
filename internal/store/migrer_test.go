package store

import (
	"errors"
	"path/filepath"
	"sync"
	"testing"

	"guichet.example/internal/guichet"
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

// Claims, and what was kept back and paid of them, outlive the way back over
// the version that brought them: collected twice otherwise.
func TestCreancesSurviventAuRetour(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, b *Base) {
		f, _, d := socle(t, b)
		x := demande(f, d, 1)
		ecrire(t, b, func(tx guichet.Tx) error {
			if err := tx.AjouterDemandes([]*guichet.Demande{x}); err != nil {
				return err
			}
			for _, q := range []string{
				"INSERT INTO creance (id, numero_asp, rang, fournisseur_id, montant, impute, rembourse, mode, echeance, cree) VALUES (7, '" + string(x.NumeroASP) + "', 1, 1, 1000, 300, 200, 'imputation', '', '')",
				"INSERT INTO retenue (lot_id, rang, creance_id, montant) VALUES ('l', 1, 7, 300)",
				"INSERT INTO remboursement (id, creance_id, date, reference, montant, cree, par) VALUES (3, 7, '', 'r', 200, '', '')",
			} {
				if _, err := tx.(*transaction).executer(q); err != nil {
					return err
				}
			}
			return nil
		})
		if err := b.MigrerVers(t.Context(), 9); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Migrer(t.Context()); err != nil {
			t.Fatal(err)
		}
		var reste, tenu, neuf int64
		ecrire(t, b, func(tx guichet.Tx) error {
			y := tx.(*transaction)
			_, err := y.executer("INSERT INTO creance (numero_asp, rang, fournisseur_id, montant, impute, rembourse, mode, echeance, cree) VALUES ('autre', 1, 1, 1, 0, 0, '', '', '')")
			return errors.Join(err, y.un("SELECT montant - impute - rembourse FROM creance WHERE id = 7", nil, &reste),
				y.un("SELECT montant FROM retenue WHERE creance_id = 7", nil, &tenu), y.un("SELECT MAX(id) FROM creance", nil, &neuf))
		})
		if reste != 500 || tenu != 300 || neuf != 8 {
			t.Errorf("%d left of the claim, %d kept back, next claim %d", reste, tenu, neuf)
		}
	})
}
