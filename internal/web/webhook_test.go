package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
)

// muet takes every https address and answers none.
type muet struct{}

func (muet) Poster(context.Context, string, map[string]string, []byte) (int, error) {
	return 0, errors.New("no answer")
}

func (muet) Permise(adresse string) error {
	if strings.HasPrefix(adresse, "https://") {
		return nil
	}
	return errors.New("not https")
}

func TestWebhooksFromThePages(t *testing.T) {
	t.Parallel()
	p := nouveau(t, avecCle, func(m *guichet.Monde) { m.Appelant = muet{} })
	n := p.entrer("a.gestionnaire")
	p.entrer("a.deposant").lire("/webhooks").doit(t, http.StatusForbidden, "")
	n.poster("/webhooks", url.Values{"adresse": {"http://a.example"}}).doit(t, http.StatusUnprocessableEntity, "https://")
	n.poster("/webhooks", url.Values{"adresse": {"https://a.example/crochet"}}).doit(t, http.StatusOK, "whs_")
	r := n.lire("/webhooks")
	r.doit(t, http.StatusOK, "https://a.example/crochet")
	if strings.Contains(r.corps, "whs_") {
		t.Error("the secret is shown again")
	}
	n.poster("/webhooks/1", url.Values{"acte": {"essayer"}}).vers(t, "/webhooks")
	if _, err := p.Guichet.Travailler(t.Context(), 10); err != nil {
		t.Fatal(err)
	}
	n.lire("/webhooks").doit(t, http.StatusOK, "no answer")
	n.poster("/webhooks/1", url.Values{"acte": {"renouveler"}}).doit(t, http.StatusOK, "whs_")
	n.poster("/webhooks/1", url.Values{"acte": {"rejouer"}, "depuis": {"x"}}).doit(t, http.StatusUnprocessableEntity, "depuis")
	n.poster("/webhooks/1", url.Values{"acte": {"rejouer"}, "depuis": {"1"}}).vers(t, "/webhooks")
	p.entrer("b.gestionnaire").poster("/webhooks/1", url.Values{"acte": {"arreter"}}).doit(t, http.StatusNotFound, "n’existe pas")
	n.poster("/webhooks/1", url.Values{"acte": {"arreter"}}).vers(t, "/webhooks")
	n.lire("/webhooks").doit(t, http.StatusOK, "Aucun webhook")
}
