package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What a caller is told, what the log says and what the answer carries is one
// identifier; only a trusted proxy chooses it.
func TestIdentifiantDeRequete(t *testing.T) {
	t.Parallel()
	m := nouveauLieu(t)
	p := m.ouvrirEn(t)
	trace := &tampon{}
	p.trace = nouvelleTrace(trace)
	p.mandataires, _ = lireReseaux([]string{"10.0.0.0/8"})
	h, err := p.routeur()
	if err != nil {
		t.Fatal(err)
	}
	demander := func(de, id, chemin string, ctx ...context.Context) (string, string) {
		t.Helper()
		r := httptest.NewRequest(http.MethodGet, chemin, nil)
		if len(ctx) > 0 {
			r = r.WithContext(ctx[0])
			r.AddCookie(&http.Cookie{Name: "__Host-guichet_session", Value: "inconnue"})
		}
		r.RemoteAddr = de
		r.Header.Set(enteteRequete, id)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		b, err := io.ReadAll(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		return w.Header().Get(enteteRequete), string(b)
	}
	id, corps := demander("192.0.2.1:1", "choisi-par-moi", "/api/v1/demandes")
	var probleme struct{ Requete string }
	if err := json.Unmarshal([]byte(corps), &probleme); err != nil || id == "choisi-par-moi" || len(id) < 20 || probleme.Requete != "" { // a refusal is the same each time
		t.Errorf("%q, %s, %v", id, corps, err)
	}
	if !strings.Contains(trace.String(), `"id":"`+id+`","method":"GET","route":"GET /api/v1/demandes","status":401`) {
		t.Error(trace)
	}
	if id, _ := demander("10.1.2.3:1", "du-mandataire-1", "/"); id != "du-mandataire-1" {
		t.Error(id)
	}
	for _, mauvais := range []string{"court", strings.Repeat("x", 65), "avec espace", "retour\nligne-1", `guillemet"-1`} {
		if id, _ := demander("10.1.2.3:1", mauvais, "/"); id == mauvais {
			t.Errorf("%q goes into the log", mauvais)
		}
	}
	avant := trace.String()
	demander("192.0.2.1:1", "", "/livez")
	if trace.String() != avant {
		t.Error("a probe fills the log")
	}
	// What went wrong on our side has its reference on the page and its cause in the log.
	ctx, annuler := context.WithCancel(t.Context())
	annuler()
	id, corps = demander("192.0.2.1:1", "", "/depots/1", ctx)
	if !strings.Contains(corps, id) || !strings.Contains(trace.String(), `"msg":"request failed","id":"`+id+`"`) {
		t.Errorf("%s\n%s\n%s", id, corps, trace)
	}
}

// The probe of readiness says what does not answer, and nothing of why: who is
// woken at night reads it first.
func TestReadinessSaysWhatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	m := nouveauLieu(t)
	p := m.ouvrirEn(t)
	h, err := p.routeur()
	if err != nil {
		t.Fatal(err)
	}
	sonder := func(ctx context.Context, statut int, corps string) {
		t.Helper()
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/readyz", nil))
		if w.Code != statut || w.Body.String() != corps {
			t.Errorf("%d %q, want %d %q", w.Code, w.Body, statut, corps)
		}
	}
	sonder(t.Context(), http.StatusOK, "ok\n")
	if err := os.RemoveAll(filepath.Join(m.dossier, "pieces")); err != nil {
		t.Fatal(err)
	}
	sonder(t.Context(), http.StatusServiceUnavailable, "indisponible : pièces\n")
	fini, annuler := context.WithCancel(t.Context())
	annuler()
	sonder(fini, http.StatusServiceUnavailable, "indisponible : base, pièces\n")
}

// A form of another site and tries beyond the limit leave a line, in the log of
// errors too; a flood of them does not.
func TestSuspectsSontDitsEtBornes(t *testing.T) {
	t.Parallel()
	m := nouveauLieu(t)
	m.r["GUICHET_TRACE"] = "erreurs"
	p := m.ouvrirEn(t)
	var trace bytes.Buffer
	heure := time.Date(2023, 7, 3, 8, 0, 0, 0, time.UTC)
	p.suspects = &suspects{trace: nouvelleTrace(&trace), horloge: func() time.Time { return heure }}
	h, err := p.routeur()
	if err != nil {
		t.Fatal(err)
	}
	poster := func(chemin, origine string) {
		r := httptest.NewRequest(http.MethodPost, chemin, strings.NewReader("identifiant=x&mot_de_passe=y"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", origine)
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
	for range suspectsMax + 5 {
		poster("/connexion", "https://ailleurs.example")
	}
	if n := strings.Count(trace.String(), "form of another site"); n != suspectsMax {
		t.Errorf("%d lines, want %d\n%.300s", n, suspectsMax, trace.String())
	}
	heure = heure.Add(time.Minute)
	trace.Reset()
	for range 9 { // the ninth comes too early
		poster("/connexion", "http://example.com")
	}
	if s := trace.String(); strings.Count(s, "\n") != 1 || !strings.Contains(s, "too many tries") || !strings.Contains(s, `"left_out":5`) {
		t.Errorf("%s", s)
	}
}
