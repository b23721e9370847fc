package guichet_test

import (
	"errors"
	"fmt"
	"os"
	"testing"

	"guichet.example/internal/guichet/guichettest"
	"guichet.example/internal/store/pgtest"
)

// postgres is the server of all tests of this package; nil when PostgreSQL is
// not installed.
var postgres *pgtest.Serveur

func TestMain(m *testing.M) {
	s, err := pgtest.Demarrer("-c", "fsync=off") // nothing here is about power cuts
	if err != nil && !errors.Is(err, pgtest.ErrAbsent) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	postgres = s
	code := m.Run()
	if s != nil {
		if err := s.Arreter(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// pourChaque runs a test on a portal over each engine.
func pourChaque(t *testing.T, f func(t *testing.T, m *guichettest.Monde)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, guichettest.Nouveau(t, guichettest.SQLite(t)))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if postgres == nil {
			t.Skip(pgtest.ErrAbsent)
		}
		f(t, guichettest.Nouveau(t, guichettest.Postgres(t, postgres)))
	})
}
