package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/guichet"
)

func TestMetriques(t *testing.T) {
	t.Parallel()
	m := nouveauLieu(t)
	p := m.ouvrirEn(t)
	if _, err := p.peupler(t.Context()); err != nil {
		t.Fatal(err)
	}
	h, err := p.routeur()
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	demander := func(chemin string) (int, string, http.Header) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+chemin, nil)
		if err != nil {
			t.Fatal(err)
		}
		rep, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(rep.Body)
		if err != nil || rep.Body.Close() != nil {
			t.Fatal(err)
		}
		return rep.StatusCode, string(b), rep.Header
	}
	for _, chemin := range []string{"/livez", "/api/v1/demandes", "/", "/demandes/SECRET-1", "/nulle/part/SECRET", "/api/v1/nulle/SECRET"} {
		demander(chemin)
	}
	// Nothing for developers is served, no folder and nothing of its history.
	for _, chemin := range []string{"/debug/vars", "/debug/pprof/", "/debug/pprof/heap", "/.git/config", "/.git/", "/statique/", "/statique", "/go.mod", "/demo"} {
		if n, _, _ := demander(chemin); n != http.StatusNotFound {
			t.Errorf("%s: %d", chemin, n)
		}
	}
	n, texte, entetes := demander("/metrics")
	if n != http.StatusOK || !strings.HasPrefix(entetes.Get("Content-Type"), "text/plain") {
		t.Fatal(n, entetes)
	}
	for _, attendu := range []string{
		"# TYPE guichet_http_duree_secondes histogram", `route="GET /livez"`, `statut="401"`, "# TYPE guichet_demandes gauge", `guichet_demandes{statut="payee"}`,
		`guichet_travaux{etat="mort"} 0`, "# TYPE guichet_ecritures_en_attente gauge", "go_goroutines",
	} {
		if !strings.Contains(texte, attendu) {
			t.Errorf("%s is missing", attendu)
		}
	}
	for _, interdit := range []string{"SECRET", "@", "99999999800001", "Exemple"} {
		if strings.Contains(texte, interdit) {
			t.Errorf("somebody's data: %s", interdit)
		}
	}
}

// The workers end with their context, and work that is due is done.
func TestOuvriersFontEtSArretent(t *testing.T) {
	t.Parallel()
	m := nouveauLieu(t)
	m.r["GUICHET_WEBHOOKS_LOCAUX"] = "oui"
	recu := make(chan string, 10)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err == nil && r.Header.Get(guichet.EnteteSignature) != "" {
			recu <- string(b)
		}
	}))
	t.Cleanup(s.Close)
	boite := ouvrirBoite(t)
	m.r["GUICHET_SMTP"] = boite.adresse()
	p := m.ouvrirEn(t)
	if _, err := p.peupler(t.Context()); err != nil {
		t.Fatal(err)
	}
	c, err := p.guichet.CompteNomme(t.Context(), fournisseursDemo()[0].utilisateur)
	if err != nil {
		t.Fatal(err)
	}
	chef := &guichet.Acteur{Compte: *c}
	_, b, err := p.guichet.CreerAbonnement(t.Context(), chef, s.URL+"/crochet")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.guichet.EssayerAbonnement(t.Context(), chef, b.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := p.guichet.InviterUtilisateur(t.Context(), chef, guichet.Invitation{Courriel: "nouveau@fournisseur-a.example", Nom: "Camille", Roles: []guichet.Role{guichet.Deposant}}); err != nil {
		t.Fatal(err)
	}
	ctx, arreter := context.WithCancel(t.Context())
	attendre := p.lancerTravaux(ctx)
	delai := time.After(30 * time.Second)
	for range 2 {
		select {
		case b := <-recu:
			if !strings.Contains(b, `"genre":"essai"`) {
				t.Error(b)
			}
		case b := <-boite.recus:
			if !strings.Contains(b, "nouveau@fournisseur-a.example") || !strings.Contains(b, "https://guichet.example/activation/") {
				t.Error(b)
			}
		case <-delai:
			t.Fatal("nothing came")
		}
	}
	arreter()
	attendre()
}
