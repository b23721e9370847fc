package guichet_test

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// dehors is everything outside of a portal, under the hand of a test.
type dehors struct {
	mu        sync.Mutex
	courriers []guichet.Courrier
	appels    []appel
	panne     error // of mail, scanner and addresses; nil = they work
	statut    int   // what addresses answer; 0 = 200
	menace    string
}

type appel struct {
	adresse string
	entetes map[string]string
	corps   string
}

func (d *dehors) Envoyer(_ context.Context, c guichet.Courrier) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.panne == nil {
		d.courriers = append(d.courriers, c)
	}
	return d.panne
}

// Analyser finds a threat in what holds its name.
func (d *dehors) Analyser(_ context.Context, r io.Reader) (string, error) {
	b, err := io.ReadAll(r)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.menace != "" && strings.Contains(string(b), d.menace) {
		return d.menace, errors.Join(err, d.panne)
	}
	return "", errors.Join(err, d.panne)
}

func (d *dehors) Poster(_ context.Context, adresse string, entetes map[string]string, corps []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.panne != nil {
		return 0, d.panne
	}
	d.appels = append(d.appels, appel{adresse, entetes, string(corps)})
	if d.statut != 0 {
		return d.statut, nil
	}
	return 200, nil
}

func (d *dehors) Permise(adresse string) error {
	if !strings.HasPrefix(adresse, "https://") {
		return errors.New("not https")
	}
	return nil
}

// relever takes the mail sent so far.
func (d *dehors) relever() []guichet.Courrier {
	d.mu.Lock()
	defer d.mu.Unlock()
	cs := d.courriers
	d.courriers = nil
	return cs
}

func (d *dehors) tomber(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.panne = err
}

// equiper gives a portal mail, webhooks and a key.
func equiper(t *testing.T, m *guichettest.Monde) *dehors {
	t.Helper()
	d := &dehors{}
	m.Equiper(t, func(w *guichet.Monde) {
		w.Facteur, w.Appelant, w.Cle = d, d, []byte(strings.Repeat("k", guichet.CleTaille))
		w.Signaler = func(string, error) {}
	})
	return d
}

// travailler does all that is due, and what follows from it.
func travailler(t *testing.T, m *guichettest.Monde) (n int) {
	t.Helper()
	for range 50 {
		k, err := m.Guichet.Travailler(t.Context(), 100)
		if err != nil {
			t.Fatal(err)
		}
		if n += k; k == 0 {
			return n
		}
	}
	t.Fatal("the work never ends")
	return n
}

var adresse = netip.MustParseAddr("198.51.100.7")

func exigerGenre(t *testing.T, err error, g guichet.Genre) {
	t.Helper()
	if err == nil || guichet.GenreDe(err) != g {
		t.Errorf("got %v (%s), want an error of kind %s", err, guichet.GenreDe(err), g)
	}
}

const jour = 24 * time.Hour
