package guichet_test

import (
	"bytes"
	"context"
	"crypto/sha1"
	"fmt"
	"slices"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// listeDivulgues writes n passwords in the public form, sorted.
func listeDivulgues(n int, fin string) []byte {
	lignes := make([]string, n)
	for i := range lignes {
		lignes[i] = fmt.Sprintf("%X:%d", sha1.Sum(fmt.Appendf(nil, "phrase divulguée %d", i)), i*i+1)
	}
	slices.Sort(lignes)
	return []byte(strings.Join(lignes, fin))
}

// lectures counts what is read of a list.
type lectures struct {
	*bytes.Reader
	n int
}

func (l *lectures) ReadAt(b []byte, place int64) (int, error) {
	l.n += len(b)
	return l.Reader.ReadAt(b, place)
}

// Every password of a list is found and no other, whatever its length and the
// ends of its lines, without the list being read whole.
func TestLeakedPasswordsAreFoundOnTheDisk(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 3, 100, 5000} {
		for _, fin := range []string{"\n", "\r\n"} {
			b := listeDivulgues(n, fin)
			l := &lectures{Reader: bytes.NewReader(b)}
			d, err := guichet.NouveauxDivulgues(l, int64(len(b)))
			if err != nil {
				t.Fatal(n, err)
			}
			for i := range n {
				if ok, err := d.Contient(fmt.Sprintf("phrase divulguée %d", i)); !ok || err != nil {
					t.Fatalf("%d of %d: %v %v", i, n, ok, err)
				}
				if ok, err := d.Contient(fmt.Sprintf("phrase secrète %d", i)); ok || err != nil {
					t.Fatalf("%d of %d: %v %v", i, n, ok, err)
				}
			}
			l.n = 0
			if _, err := d.Contient("une autre"); err != nil || l.n > 30*240 {
				t.Errorf("%d bytes read of %d: %v", l.n, len(b), err)
			}
		}
	}
	triee := listeDivulgues(500, "\n")
	lignes := bytes.Split(triee, []byte("\n"))
	slices.Reverse(lignes)
	for nom, b := range map[string][]byte{"empty": nil, "by count": bytes.Join(lignes, []byte("\n")), "lower case": bytes.ToLower(triee), "text": []byte(strings.Repeat("mot de passe\n", 100)), "one line": bytes.Repeat([]byte("A"), 5000)} {
		if _, err := guichet.NouveauxDivulgues(bytes.NewReader(b), int64(len(b))); err == nil {
			t.Errorf("%s: taken as a list", nom)
		}
	}
}

// A leaked password is refused wherever one is chosen.
func TestLeakedPasswordsAreRefused(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	b := listeDivulgues(100, "\r\n")
	d, err := guichet.NouveauxDivulgues(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	m.Equiper(t, func(w *guichet.Monde) { w.Divulgues = d })
	const divulgue = "phrase divulguée 42"
	a := m.Acteur("a.gestionnaire")
	if err := m.Guichet.Installer(t.Context(), &a.Compte, phrase); err != nil {
		t.Fatal(err)
	}
	lien, err := m.Guichet.InviterUtilisateur(t.Context(), a, guichet.Invitation{Courriel: "neuf@a.example", Nom: "Neuf", Roles: []guichet.Role{guichet.Lecteur}})
	if err != nil {
		t.Fatal(err)
	}
	for nom, choisir := range map[string]func(context.Context, string) error{
		"change": func(ctx context.Context, s string) error { return m.Guichet.ChangerMotDePasse(ctx, a, phrase, s, "") },
		"link":   func(ctx context.Context, s string) error { return m.Guichet.SuivreLien(ctx, lien, s, adresse) },
	} {
		if err := choisir(t.Context(), divulgue); guichet.GenreDe(err) != guichet.Invalide || !strings.Contains(err.Error(), "divulgués") {
			t.Errorf("%s: %v", nom, err)
		}
		if err := choisir(t.Context(), "phrase secrète 42"); err != nil {
			t.Errorf("%s: %v", nom, err)
		}
	}
}
