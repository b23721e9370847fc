package traces

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A request and its step reach the collector as OTLP in JSON, child under
// parent, and hold nothing of what was sent.
func TestSpansReachTheCollector(t *testing.T) {
	t.Parallel()
	recu := make(chan []byte, 1)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err == nil && r.Method == http.MethodPost && r.URL.Path == "/v1/traces" && r.Header.Get("Content-Type") == "application/json" {
			recu <- b
		}
	}))
	t.Cleanup(s.Close)
	x, err := Ouvrir(Options{Adresse: s.URL + "/v1/traces", Part: 100, Version: "essai", Signaler: func(err error) { t.Error(err) }})
	if err != nil {
		t.Fatal(err)
	}
	r, fin := x.Requete(httptest.NewRequest(http.MethodGet, "/demandes/SECRET?x=SECRET", nil), "id-de-requete")
	_, finEtape := x.Etape(r.Context(), "base: lire")
	finEtape(errors.New("SECRET"))
	fin("GET /demandes/:numeroASP", 503)
	ctx, finTravail := x.Travail(r.Context(), "avis", 12, 3)
	_, finEtape = x.Etape(ctx, "base: écrire")
	finEtape(nil)
	finTravail(errors.New("SECRET"))
	_, finEtape = x.Etape(t.Context(), "base: lire") // of nothing: no span
	finEtape(nil)
	if err := x.Fermer(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	b := <-recu
	var e envoiOTLP
	if err := json.Unmarshal(b, &e); err != nil || strings.Contains(string(b), "SECRET") {
		t.Fatalf("%v\n%s", err, b)
	}
	spans := e.ResourceSpans[0].ScopeSpans[0].Spans
	if len(spans) != 4 || spans[0].ParentSpanID != spans[1].SpanID || spans[0].TraceID != spans[1].TraceID || spans[1].ParentSpanID != "" ||
		spans[1].Name != "GET /demandes/:numeroASP" || spans[1].Kind != 2 || spans[0].Status.Code != statutErreur || spans[1].Status.Code != statutErreur || len(spans[1].Start) != 19 {
		t.Errorf("%s", b)
	}
	// A job is a trace of its own, whatever it was begun in.
	if j := spans[3]; j.Name != "travail: avis" || j.Kind != 5 || j.ParentSpanID != "" || j.TraceID == spans[1].TraceID || j.Status.Code != statutErreur || spans[2].ParentSpanID != j.SpanID || spans[2].Status.Code != 0 {
		t.Errorf("%s", b)
	}
	for _, attendu := range []string{`{"key":"http.response.status_code","value":{"intValue":"503"}}`, `{"key":"service.name","value":{"stringValue":"guichet"}}`, "id-de-requete",
		`{"key":"guichet.travail","value":{"intValue":"12"}}`, `{"key":"guichet.essai","value":{"intValue":"3"}}`} {
		if !strings.Contains(string(b), attendu) {
			t.Errorf("%s is missing\n%s", attendu, b)
		}
	}
}

// A collector that refuses, or is not there, loses spans and harms nobody; its
// address, which may hold a password, is not repeated.
func TestACollectorThatFails(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.NotFoundHandler())
	for range 2 {
		var dit error
		x, err := Ouvrir(Options{Adresse: s.URL + "/secret", Part: 100, Signaler: func(err error) { dit = err }})
		if err != nil {
			t.Fatal(err)
		}
		_, fin := x.Travail(t.Context(), "x", 1, 1)
		fin(nil)
		if err := x.Fermer(context.WithoutCancel(t.Context())); err != nil || dit == nil || strings.Contains(dit.Error(), "secret") {
			t.Errorf("%v, said %v", err, dit)
		}
		s.Close() // the second time nobody is there
	}
}

func TestNoTraceurCostsNothing(t *testing.T) {
	var x *Traceur
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	if n := testing.AllocsPerRun(10, func() {
		q, fin := x.Requete(r, "")
		ctx, finTravail := x.Travail(q.Context(), "x", 1, 1)
		_, finEtape := x.Etape(ctx, "x")
		finEtape(nil)
		finTravail(nil)
		fin("", 200)
	}); n != 0 || x.Fermer(t.Context()) != nil {
		t.Errorf("%v allocations", n)
	}
	for _, a := range []string{"", "collecteur:4318", "ftp://x/", "http://"} {
		if _, err := Ouvrir(Options{Adresse: a}); !errors.Is(err, ErrAdresse) {
			t.Errorf("%q: %v", a, err)
		}
	}
}
