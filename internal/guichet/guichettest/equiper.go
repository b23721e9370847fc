package guichettest

import (
	"testing"

	"guichet.example/internal/guichet"
)

// Equiper opens the portal again with other things outside: mail, a scanner, a
// key. The store, the clock and the accounts stay.
func (m *Monde) Equiper(t testing.TB, f func(*guichet.Monde)) {
	t.Helper()
	f(&m.monde)
	g, err := guichet.Nouveau(m.monde)
	if err != nil {
		t.Fatal(err)
	}
	m.Guichet = g
}
