package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A request served is a trace with its steps; a wrong setting is told at once.
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
	if err := p.traceur.Fermer(t.Context()); err != nil {
		t.Fatal(err)
	}
	b := <-recu
	if !strings.Contains(b, `"name":"base: lire"`) || !strings.Contains(b, `"name":"GET /"`) || strings.Contains(b, "SECRET") {
		t.Error(b)
	}
	m.r["GUICHET_OTLP_PART"] = "tout"
	m.exiger(t, statutUsage, "GUICHET_OTLP_PART", "", "servir")
	m.r["GUICHET_OTLP_PART"], m.r["GUICHET_OTLP"] = "1", "collecteur"
	m.exiger(t, statutUsage, "GUICHET_OTLP", "", "servir")
}
