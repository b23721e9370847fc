package guichet_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// The key of the safe changes while people sign in: both keys serve, then all
// is sealed anew, then the old key opens nothing and is not needed.
func TestRenouvelerCoffre(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		d := equiper(t, m)
		ctx := t.Context()
		a, _, code := avecSecond(t, m)
		secret, _, err := m.Guichet.CreerAbonnement(ctx, m.Acteur("a.gestionnaire"), "https://a.example/crochet")
		if err != nil {
			t.Fatal(err)
		}
		cles := func(nouvelle, ancienne string) {
			m.Equiper(t, func(w *guichet.Monde) {
				w.Cle, w.CleAncienne = []byte(strings.Repeat(nouvelle, guichet.CleTaille)), []byte(strings.Repeat(ancienne, guichet.CleTaille*len(ancienne)))
			})
		}
		entrer := func() error {
			m.Horloge.Avancer(time.Minute)
			_, _, err := m.Guichet.ConnecterSecondFacteur(ctx, defi(t, m, a), code(), guichet.Origine{Adresse: adresse})
			return err
		}
		scelles := func() (s []string) {
			err := m.Base.Lire(ctx, func(tx guichet.Tx) error {
				x, err := tx.SecondFacteur(a.ID)
				if err != nil {
					return err
				}
				bs, err := tx.AbonnementsTous()
				if len(bs) == 1 {
					s = []string{x.Scelle, bs[0].Scelle}
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		cles("n", "")
		if err := entrer(); guichet.GenreDe(err) != guichet.Interne {
			t.Errorf("another key opens the safe: %v", err)
		}
		avant := scelles()
		if _, err := m.Guichet.RenouvelerCoffre(ctx); err == nil || !slices.Equal(avant, scelles()) {
			t.Errorf("without the old key: %v", err)
		}
		cles("n", "k")
		if err := entrer(); err != nil {
			t.Error(err)
		}
		for _, want := range []guichet.CoffreRenouvele{{Scelles: 2}, {Deja: 2}} {
			if c, err := m.Guichet.RenouvelerCoffre(ctx); err != nil || c != want {
				t.Errorf("%+v, want %+v: %v", c, want, err)
			}
		}
		cles("n", "")
		if err := entrer(); err != nil {
			t.Error(err)
		}
		m.Deposer(t, "a.gestionnaire", 1)
		travailler(t, m)
		if es := recevoir(t, d, secret); len(es) == 0 {
			t.Error("the webhook is not called")
		}
		var nom string
		for i, s := range scelles() {
			if nom, _, _ = strings.Cut(s, "."); len(nom) != 8 || strings.HasPrefix(avant[i], nom) {
				t.Errorf("sealed as %q, before as %q", s, avant[i])
			}
		}
		want := []string{"operateur fait 2 scellés de nouveau, 0 l’étaient déjà", "operateur fait 0 scellés de nouveau, 2 l’étaient déjà"}
		if es := entrees(t, m, "coffre:"+nom, string(guichet.RenouvelerCle)); !slices.Equal(es, want) {
			t.Errorf("%q, want %q", es, want)
		}
		cles("k", "")
		if err := entrer(); err == nil {
			t.Error("the old key still opens the safe")
		}
	})
}
