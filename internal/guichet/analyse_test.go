package guichet_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// While a document is not known to be clean nobody opens it; one that carries a
// threat is as not received.
func TestAnalyse(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		ctx, d := t.Context(), equiper(t, m)
		avant := m.Amener(t, guichet.Deposee, 1)[0] // before there was a scanner
		m.Equiper(t, func(w *guichet.Monde) { w.Analyseur = d })
		ns := m.Amener(t, guichet.Deposee, 2)
		voir := func(n guichet.NumeroASP) (*guichet.Demande, string) {
			t.Helper()
			v, err := m.Guichet.Demande(ctx, m.Acteur("a.lecteur"), n)
			if err != nil {
				t.Fatal(err)
			}
			return v.Demande, v.Pieces[0].Nom
		}
		ouvrir := func(n guichet.NumeroASP) error {
			t.Helper()
			_, nom := voir(n)
			_, r, err := m.Guichet.OuvrirPiece(ctx, m.Acteur("instructeur1"), n, nom)
			if err != nil {
				return err
			}
			_, err = io.ReadAll(r)
			return errors.Join(err, r.Close())
		}
		for _, n := range append(ns, avant) {
			exigerGenre(t, ouvrir(n), guichet.Conflit)
		}
		d.tomber(errors.New("clamd is down"))
		travailler(t, m)
		exigerGenre(t, ouvrir(ns[0]), guichet.Conflit)
		d.tomber(nil)
		d.menace = string(ns[1]) // the documents of guichettest hold their number
		m.Horloge.Avancer(time.Hour)
		travailler(t, m)
		if err := ouvrir(ns[0]); err != nil {
			t.Error(err)
		}
		if x, _ := voir(ns[1]); x.Statut != guichet.Incomplete {
			t.Errorf("with an infected document: %s", x.Statut)
		}
		exigerGenre(t, ouvrir(ns[1]), guichet.Inconnu)
		m.Horloge.Avancer(time.Minute)
		travailler(t, m)
		trouve := false
		for _, c := range d.relever() {
			trouve = trouve || c.Objet == "Une pièce est écartée" && strings.Contains(c.Lignes[0].Detail, "malveillant")
		}
		if !trouve {
			t.Error("the supplier is not told")
		}
		// What came before the scanner is scanned with the next day.
		m.Horloge.Avancer(jour)
		if err := m.Guichet.Cadencer(ctx); err != nil {
			t.Fatal(err)
		}
		travailler(t, m)
		if err := ouvrir(avant); err != nil {
			t.Error(err)
		}
		// A clean one takes its place.
		d.menace = "rien"
		m.Completer(t, "a.deposant", ns[1])
		travailler(t, m)
		if err := ouvrir(ns[1]); err != nil {
			t.Error(err)
		}
		if x, _ := voir(ns[1]); x.Statut != guichet.Deposee {
			t.Errorf("with a clean document: %s", x.Statut)
		}
		if v, err := m.Base.VerifierJournal(ctx); err != nil || len(v.Ruptures) > 0 {
			t.Error(v, err)
		}
	})
}
