package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A request served and a job done are traces with their steps; a wrong setting is told at once.
func TestTracesDuPortail(t *testing.T) {
	t.Parallel()
	recu := make(chan string, 100)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if b, err := io.ReadAll(r.Body); err == nil {
			recu <- string(b)
		}
	}))
	t.Cleanup(s.Close)
	m := nouveauLieu(t)
	m.r["GUICHET_OTLP"] = s.URL + "/v1/traces"
	p := m.ouvrirEn(t)
	h, err := p.routeur()
	if err != nil {
		t.Fatal(err)
	}
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/?q=SECRET", nil))
	// The day's tidying up is always due: it is the job that every portal has.
	if err := p.guichet.Cadencer(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := p.guichet.Travailler(t.Context(), travauxPrise); n == 0 || err != nil {
		t.Fatal(n, err)
	}
	if err := p.traceur.Fermer(t.Context()); err != nil {
		t.Fatal(err)
	}
	b := <-recu
	for _, nom := range []string{`"name":"travail: veille"`, `"key":"guichet.essai"`, `"name":"base: écrire"`} {
		if !strings.Contains(b, nom) {
			t.Errorf("%s is in no trace", nom)
		}
	}
	if !strings.Contains(b, `"name":"base: lire"`) || !strings.Contains(b, `"name":"GET /"`) || strings.Contains(b, "SECRET") {
		t.Error(b)
	}
	m.r["GUICHET_OTLP_PART"] = "tout"
	m.exiger(t, statutUsage, "GUICHET_OTLP_PART", "", "servir")
	m.r["GUICHET_OTLP_PART"], m.r["GUICHET_OTLP"] = "1", "collecteur"
	m.exiger(t, statutUsage, "GUICHET_OTLP", "", "servir")
}
