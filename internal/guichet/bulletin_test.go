package guichet_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// The operators get one bulletin a day, at their hour, on quiet days too; what
// failed comes first and names nobody.
func TestBulletinDuJour(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		d := equiper(t, m)
		plein := false
		m.Equiper(t, func(w *guichet.Monde) {
			w.Exploitants, w.Analyseur = []string{"exploitation@agence.example"}, d
			w.Sante = func(context.Context) []guichet.Point {
				return []guichet.Point{{Titre: "Disque", Detail: "espace", Grave: plein}}
			}
		})
		bulletins := func() (cs []guichet.Courrier) {
			t.Helper()
			for range 24 { // a day, hour by hour
				m.Horloge.Avancer(time.Hour)
				if err := m.Guichet.Cadencer(t.Context()); err != nil {
					t.Fatal(err)
				}
				travailler(t, m)
			}
			for _, c := range d.relever() {
				if strings.HasPrefix(c.Objet, "Bulletin") {
					cs = append(cs, c)
				}
			}
			return cs
		}
		cs := bulletins()
		// The hour of the first day was over: its bulletin comes at once.
		if len(cs) != 2 || cs[0].ID == cs[1].ID || !strings.Contains(cs[0].Objet, "rien à signaler") || cs[0].A != "exploitation@agence.example" {
			t.Fatalf("%+v", cs)
		}
		plein = true
		d.tomber(fmt.Errorf("550 refused: %w", guichet.ErrAbandon))
		if _, err := m.Guichet.InviterUtilisateur(t.Context(), m.Acteur("a.gestionnaire"), guichet.Invitation{Courriel: "neuf@a.example", Nom: "Neuf", Roles: []guichet.Role{guichet.Lecteur}}); err != nil {
			t.Fatal(err)
		}
		travailler(t, m)
		d.tomber(nil)
		cs = bulletins()
		if len(cs) != 1 || !strings.Contains(cs[0].Objet, "2 points à voir") {
			t.Fatalf("%+v", cs)
		}
		texte := fmt.Sprint(cs[0].Lignes)
		if !strings.HasPrefix(cs[0].Lignes[0].Titre, "À voir") || !strings.Contains(texte, "550 refused") || !strings.Contains(texte, "antivirus") || strings.Contains(texte, "neuf@a.example") {
			t.Error(texte)
		}
		ps, err := m.Guichet.Bulletin(t.Context())
		if err != nil || !ps[0].Grave || ps[len(ps)-1].Grave {
			t.Errorf("%+v, %v", ps, err)
		}
	})
}

// Without somebody to tell, no work is made of it.
func TestBulletinSansExploitant(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	d := equiper(t, m)
	m.Horloge.Avancer(jour)
	if err := m.Guichet.Cadencer(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.Horloge.Avancer(jour / 2)
	travailler(t, m)
	if cs := d.relever(); len(cs) != 0 {
		t.Errorf("%+v", cs)
	}
	_, err := m.Guichet.RejouerDe(t.Context(), m.Acteur("comptable1"), 0)
	exigerGenre(t, err, guichet.Interdit)
	if _, err := m.Guichet.TravauxDe(t.Context(), m.Acteur("comptable1"), "", 1); !errors.As(err, new(*guichet.Error)) {
		t.Error(err)
	}
}
