package guichet_test

import (
	"testing"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
	"guichet.example/segur"
)

// guichetJour is the day in n days.
func guichetJour(m *guichettest.Monde, n int) segur.Jour {
	return m.Guichet.JourA(m.Horloge.Maintenant().AddDate(0, 0, n))
}

// Days on which the portal did not run are made up for, once.
func TestVeilleRattrapeLesJoursManques(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		d, ctx := equiper(t, m), t.Context()
		cadencer := func() {
			t.Helper()
			for range 3 { // as often as one likes
				if err := m.Guichet.Cadencer(ctx); err != nil {
					t.Fatal(err)
				}
			}
			travailler(t, m)
			m.Horloge.Avancer(60e9)
			travailler(t, m)
		}
		cadencer()
		m.Deposer(t, "a.deposant", 4) // incomplete, due in 30 days
		m.Horloge.Avancer(60e9)
		travailler(t, m)
		if cs := d.relever(); len(cs) != 1 {
			t.Fatalf("%+v", cs)
		}
		m.Horloge.Avancer(26 * jour) // the day of the first reminder was missed
		cadencer()
		cs := d.relever()
		if len(cs) != 1 || cs[0].Objet != "Rappel : 4 demandes vous attendent" {
			t.Fatalf("%+v", cs)
		}
		m.Horloge.Avancer(jour)
		cadencer()
		m.Horloge.Avancer(200 * jour)
		cadencer()
		if cs := d.relever(); len(cs) != 1 { // the second reminder, late
			t.Fatalf("%+v", cs)
		}
		r, err := m.Guichet.Releve(ctx)
		if err != nil || r.Demandes[guichet.Incomplete] != 4 || r.Travaux[guichet.TravailFait] > 10 {
			t.Errorf("%+v, %v", r, err)
		}
	})
}
