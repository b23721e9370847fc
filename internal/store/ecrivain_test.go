package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// A write that fails, or panics, leaves nothing: no row, no journal entry.
func TestEcritureQuiEchoueNeLaisseRien(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, b *Base) {
		refus := errors.New("refus")
		for _, fin := range []func() error{func() error { return refus }, func() error { panic("essai") }} {
			err := b.Ecrire(t.Context(), func(tx guichet.Tx) error {
				if err := errors.Join(tx.Bruler(1, segur.Avance, []string{"00001"}), tx.Journaliser([]guichet.Entree{{Acte: "x"}})); err != nil {
					return err
				}
				return fin()
			})
			if err == nil {
				t.Fatal("no error")
			}
		}
		lire(t, b, func(tx guichet.Tx) error {
			n, empreinte, err := tx.TeteJournal()
			x, err2 := tx.Brules(1, segur.Avance, []string{"00001"})
			if n != 0 || empreinte != guichet.EmpreinteNulle || len(x) != 0 {
				t.Errorf("left: entry %d, %v", n, x)
			}
			return errors.Join(err, err2)
		})
	})
}

// Writers at once get numbers without holes and one whole chain.
func TestEcrivainsConcurrents(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, b *Base) {
		const ecrivains, chacun = 8, 25
		var vus sync.Map
		var groupe sync.WaitGroup
		for e := range ecrivains {
			groupe.Go(func() {
				for i := range chacun {
					err := b.Ecrire(t.Context(), func(tx guichet.Tx) error {
						n, err := tx.Suivant("demande", 2)
						if _, double := vus.LoadOrStore(n, true); double {
							t.Errorf("number %d twice", n)
						}
						return errors.Join(err, tx.Journaliser([]guichet.Entree{{Date: "2023-02-03T08:00:00.000Z", Acteur: "é" + strconv.Itoa(e), Acte: "essai", Objet: strconv.Itoa(i), Resultat: "fait"}}))
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		groupe.Wait()
		v, err := b.VerifierJournal(t.Context())
		if err != nil || v.Entrees != ecrivains*chacun || len(v.Ruptures) > 0 {
			t.Errorf("%+v, %v", v, err)
		}
	})
}

// Whatever is changed in the journal from outside shows.
func TestVerifierJournalVoitTout(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, b *Base) {
		ecrire(t, b, func(tx guichet.Tx) error {
			var es []guichet.Entree
			for i := range 5 {
				e := guichet.Entree{Date: "2023-02-03T08:00:00.000Z", Acteur: "a", Acte: "b", Objet: strconv.Itoa(i), Resultat: "fait", Adresse: "127.0.0.1", Detail: "d"}
				if i%2 == 0 { // as they are written now: a seal, and its text beside it
					e.Clair.Adresse = &guichet.TexteScelle{Sel: strconv.Itoa(i), Texte: e.Adresse}
					e.Adresse = e.Clair.Adresse.Sceau()
				}
				es = append(es, e)
			}
			return tx.Journaliser(es)
		})
		var attaques []string
		for c := range strings.SplitSeq(colonnesJournal, ", ") {
			for _, n := range []string{"1", "3", "5"} {
				if c == "numero" {
					attaques = append(attaques, "UPDATE journal SET numero = 77 WHERE numero = "+n)
					continue
				}
				attaques = append(attaques, "UPDATE journal SET "+c+" = "+c+" || 'x' WHERE numero = "+n, "UPDATE journal SET "+c+" = '' WHERE numero = "+n)
			}
		}
		for _, n := range []string{"1", "3", "5"} {
			attaques = append(attaques, "DELETE FROM journal WHERE numero = "+n)
		}
		attaques = append(attaques, "DELETE FROM journal", "DELETE FROM journal_tete", "UPDATE journal SET clair = '{}' WHERE numero = 3", `UPDATE journal SET clair = REPLACE(clair, '127', '128') WHERE numero = 5`,
			`UPDATE journal SET clair = '{"detail":{"sel":"0","texte":"d"}}' WHERE numero = 2`,
			"UPDATE journal SET objet = CASE numero WHEN 2 THEN '2' ELSE '1' END WHERE numero IN (2, 3)")
		for _, a := range attaques {
			base := b.lecture
			if b.d.nom == "sqlite" { // the reading pool cannot write
				base = b.ecritureLibre(t)
			}
			tx, err := base.Begin()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tx.Exec(a); err != nil {
				t.Fatalf("%s: %v", a, err)
			}
			v, err := verifier(context.Background(), tx)
			if err != nil || len(v.Ruptures) == 0 {
				t.Errorf("%s: not seen, %v", a, err)
			}
			if err := tx.Rollback(); err != nil {
				t.Fatal(err)
			}
		}
		if v, err := b.VerifierJournal(t.Context()); err != nil || len(v.Ruptures) > 0 || v.Entrees != 5 {
			t.Errorf("%+v, %v", v, err)
		}
		// Only what an entry orders may be gone.
		ecrire(t, b, func(tx guichet.Tx) error {
			n, err := tx.EffacerAdresses(3)
			if n != 2 {
				t.Errorf("%d addresses erased", n)
			}
			return errors.Join(err, tx.Journaliser([]guichet.Entree{{Acte: string(guichet.EffacerAdresses), Objet: guichet.ObjetAdresses + "2", Resultat: "fait"}}))
		})
		if v, err := b.VerifierJournal(t.Context()); err != nil || len(v.Ruptures) != 1 {
			t.Errorf("one address more than ordered: %+v, %v", v, err)
		}
		ecrire(t, b, func(tx guichet.Tx) error {
			return tx.Journaliser([]guichet.Entree{{Acte: string(guichet.EffacerAdresses), Objet: guichet.ObjetAdresses + "3", Resultat: "fait"}})
		})
		if v, err := b.VerifierJournal(t.Context()); err != nil || len(v.Ruptures) > 0 {
			t.Errorf("as ordered: %+v, %v", v, err)
		}
	})
}

// The schema goes back to nothing and forward again.
func TestMigrationsAllerRetour(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, b *Base) {
		if err := b.MigrerVers(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		if err := b.Lire(t.Context(), func(tx guichet.Tx) error { _, err := tx.Campagnes(); return err }); err == nil {
			t.Error("the tables are still there")
		}
		if n, err := b.Migrer(t.Context()); err != nil || n < 1 {
			t.Fatal(n, err)
		}
		socle(t, b)
	})
}

// A reader sees one state, whatever is written meanwhile.
func TestLectureCoherente(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, b *Base) {
		lire(t, b, func(tx guichet.Tx) error {
			n1, _, err := tx.TeteJournal()
			ecrire(t, b, func(tx guichet.Tx) error { return tx.Journaliser([]guichet.Entree{{Acte: "x"}}) })
			n2, _, err2 := tx.TeteJournal()
			if n1 != n2 {
				t.Errorf("%d, then %d", n1, n2)
			}
			return errors.Join(err, err2)
		})
	})
}

// ecritureLibre is a connection that writes beside the store's own.
func (b *Base) ecritureLibre(t *testing.T) *sql.DB {
	t.Helper()
	var chemin string
	if err := b.lecture.QueryRow("SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&chemin); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", dsnSQLite(chemin, false))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// A disk that is full refuses one statement in PostgreSQL, not the transaction:
// those who deposited then were once told of an error of ours (500) rather than
// to come back in a moment (503).
func TestAStatementThatFindsNoRoomIsAFailureOfTheEngine(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, b *Base) {
		for code, attendu := range map[string]bool{"53100": true, "57P03": true, "22001": false} {
			err := b.Ecrire(t.Context(), func(guichet.Tx) error {
				return fmt.Errorf("INSERT INTO depot: %w", &pgconn.PgError{Code: code})
			})
			if err == nil || guichet.EstPanne(err) != attendu {
				t.Errorf("%s: %v", code, err)
			}
		}
		// A caller's body that ended too soon was once answered as a failure of
		// ours (503): the connection had only just undone the write.
		if err := b.Ecrire(t.Context(), func(guichet.Tx) error { return fmt.Errorf("body: %w", io.ErrUnexpectedEOF) }); err == nil || guichet.EstPanne(err) {
			t.Errorf("a cut body: %v", err)
		}
	})
}
