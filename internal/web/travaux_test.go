package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/guichet"
)

// panne takes no mail until it is mended.
type panne struct{ err error }

func (p *panne) Envoyer(context.Context, guichet.Courrier) error { return p.err }

// Work that was given up is on the administrator's page, without anybody's
// address, and goes on when it is replayed there.
func TestDeadWorkIsReplayedFromThePage(t *testing.T) {
	t.Parallel()
	f := &panne{errors.Join(guichet.ErrAbandon, errors.New("550 <b>inconnu</b>"))}
	p := nouveau(t, func(m *guichet.Monde) { m.Facteur, m.Signaler = f, func(string, error) {} })
	travailler := func() {
		t.Helper()
		p.Horloge.Avancer(time.Minute)
		for range 10 {
			if _, err := p.Guichet.Travailler(t.Context(), 100); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := p.Guichet.InviterUtilisateur(t.Context(), p.Acteur("a.gestionnaire"), guichet.Invitation{Courriel: "neuf@a.example", Nom: "Neuf", Roles: []guichet.Role{guichet.Lecteur}}); err != nil {
		t.Fatal(err)
	}
	travailler()
	n := p.entrer("administrateur")
	r := n.lire("/travaux")
	r.doit(t, http.StatusOK, "lien d’accès par courriel")
	verifier(t, "/travaux", r)
	if strings.Contains(r.corps, "neuf@a.example") || strings.Contains(r.corps, "<b>inconnu") {
		t.Error("the page shows an address, or what an error holds as it is")
	}
	p.entrer("comptable1").poster("/travaux", url.Values{"id": {"tous"}}).doit(t, http.StatusForbidden)
	n.poster("/travaux", url.Values{"id": {"999999"}}).doit(t, http.StatusNotFound, "Aucun travail abandonné ne correspond")
	n.poster("/travaux", url.Values{"id": {"x"}}).doit(t, http.StatusUnprocessableEntity)
	f.err = nil
	n.poster("/travaux", url.Values{"id": {"tous"}}).vers(t, "/travaux?fait=rejoue")
	travailler()
	n.lire("/travaux").doit(t, http.StatusOK, "Aucun travail abandonné")
}
