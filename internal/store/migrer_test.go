package store

import (
	"errors"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
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

// An older program reads a returned file as one whole: the way back makes it
// so, and the way forward takes both forms.
func TestReturnedFilesAreWholeForAnOlderProgram(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, b *Base) {
		socle(t, b)
		garde := func() (octets []byte) {
			ecrire(t, b, func(tx guichet.Tx) error {
				return tx.(*transaction).un("SELECT retour FROM depot_fichier WHERE depot_id = 'd1'", nil, &octets)
			})
			return octets
		}
		attendu := string(segur.Episser(recu(t), episses(t)))
		if court := garde(); court[0] != marqueEpissures || len(court) > len(attendu)/20 {
			t.Errorf("%d bytes kept of %d, the first is %d", len(court), len(attendu), court[0])
		}
		if err := b.MigrerVers(t.Context(), versionEpissures-1); err != nil {
			t.Fatal(err)
		}
		if entier, err := b.z.lire(garde()); err != nil || string(entier) != attendu {
			t.Errorf("on the way back: %v\n%s", err, cmp.Diff(attendu, string(entier)))
		}
		if _, err := b.Migrer(t.Context()); err != nil {
			t.Fatal(err)
		}
		ecrire(t, b, func(tx guichet.Tx) error {
			b, err := tx.Retour("d1")
			if string(b) != attendu {
				t.Error("the way forward changed the returned file")
			}
			return err
		})
	})
}

func TestDamagedSplicesAreAnError(t *testing.T) {
	t.Parallel()
	for nom, b := range map[string][]byte{
		"behind the end": {9, 2, 0}, "text cut short": {0, 0, 3, 'a', 'b'}, "number cut short": {0x80}, "huge": {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0, 0},
	} {
		if es, err := lireEpissures(b, 10); !errors.Is(err, errEpissures) {
			t.Errorf("%s: %v, %v", nom, es, err)
		}
	}
}

// Rows of one statement bind once what they share, wherever it stands.
func TestSharedValuesAreBoundOnce(t *testing.T) {
	t.Parallel()
	rangs := [][]any{{"a", int64(1), "x", "", []byte("o")}, {"b", int64(1), "x", "", []byte("o")}}
	f := dialecteSQLite().formeRangs(rangs, 5)
	if diff := cmp.Diff("(?3,?1,?2,'',?4),(?,?1,?2,'',?)", f.texte(2)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]any{int64(1), "x", "a", []byte("o"), "b", []byte("o")}, f.arguments(rangs)); diff != "" {
		t.Error(diff)
	}
	pg := dialectePostgres().formeRangs(rangs, 5)
	if diff := cmp.Diff("(?,?,?,'',?),(?,?,?,'',?)", pg.texte(2)); diff != "" {
		t.Error(diff)
	}
}
