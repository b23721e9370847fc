package guichet_test

import (
	"net/netip"
	"sync"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// A token revoked while a call that uses it is under way stays revoked: noting
// its use wrote back the token as it was read before.
func TestJetonRevoqueLeReste(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	a := m.Acteur("a.gestionnaire")
	secret, j, err := m.Guichet.CreerJeton(t.Context(), a, guichet.NouveauJeton{Nom: "essai"})
	if err != nil {
		t.Fatal(err)
	}
	autre := m.Guichet // another process, with a clock of its own
	var une sync.Once
	m.Equiper(t, func(x *guichet.Monde) {
		x.Horloge = func() time.Time {
			une.Do(func() {
				if err := autre.RevoquerJeton(t.Context(), a, j.ID); err != nil {
					t.Error(err)
				}
			})
			return m.Horloge.Maintenant()
		}
	})
	ou := netip.MustParseAddr("192.0.2.1")
	if _, err := m.Guichet.Identifier(t.Context(), secret, ou); err != nil {
		t.Fatalf("the call that was under way: %v", err)
	}
	if _, err := m.Guichet.Identifier(t.Context(), secret, ou); guichet.GenreDe(err) != guichet.NonIdentifie {
		t.Errorf("a revoked token serves again: %v", err)
	}
}
