package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// scene is one call and everything that it may do: the answer, the journal
// entries, these and no others, and the tables whose rows changed. Names in
// braces stand for identifiers that the story met before.
type scene struct {
	nom string
	appel
	statut  int
	present []string
	absent  []string
	journal []string
	change  string            // tables, in alphabetical order
	garder  map[string]string // name to give → key of the answer, "demandes.0.numeroASP"
}

// jouer plays scenes in order on one portal.
func jouer(t *testing.T, p *portail, scenes []scene) {
	t.Helper()
	if len(scenes) == 0 {
		t.Fatal("no scene")
	}
	avant := p.rangees()
	for _, s := range scenes {
		s.chemin, s.corps = p.vrai(s.chemin), p.vrai(s.corps)
		r := p.appeler(s.appel)
		for nom, cle := range s.garder {
			p.nommer(nom, valeur(r.corps, cle))
		}
		if r.statut != s.statut {
			t.Errorf("%s: %d, want %d: %s", s.nom, r.statut, s.statut, r.corps)
		}
		for _, x := range s.present {
			if !strings.Contains(r.corps, p.vrai(x)) {
				t.Errorf("%s: %s is not in %s", s.nom, x, r.corps)
			}
		}
		for _, x := range append(s.absent, "SELECT", "sqlite", "goroutine", "panic") {
			if strings.Contains(r.corps, p.vrai(x)) {
				t.Errorf("%s: %s is in %s", s.nom, x, r.corps)
			}
		}
		entetesAttendus(t, s, r)
		if diff := cmp.Diff(append([]string(nil), s.journal...), p.entrees()); diff != "" {
			t.Errorf("%s: journal: %s", s.nom, diff)
		}
		apres := p.rangees()
		if diff := cmp.Diff(s.change, changees(avant, apres)); diff != "" {
			t.Errorf("%s: tables changed: %s", s.nom, diff)
		}
		avant = apres
	}
}

// entetesAttendus holds what every answer has, and every refusal.
func entetesAttendus(t *testing.T, s scene, r reponse) {
	t.Helper()
	if r.entetes.Get("X-Content-Type-Options") != "nosniff" || r.entetes.Get("Cache-Control") != "no-store" || r.entetes.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%s: headers %v", s.nom, r.entetes)
	}
	if r.statut == 201 && !strings.HasPrefix(r.entetes.Get("Location"), "/api/v1"+s.chemin+"/") {
		t.Errorf("%s: it stands at %q", s.nom, r.entetes.Get("Location"))
	}
	if r.statut < 400 {
		return
	}
	var x struct {
		Type, Title, Detail string
		Status              int
	}
	if err := json.Unmarshal([]byte(r.corps), &x); err != nil || x.Type == "" || x.Title == "" || x.Detail == "" || x.Status != r.statut || r.entetes.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%s: no problem: %s %s", s.nom, r.entetes.Get("Content-Type"), r.corps)
	}
	if r.statut == 401 && r.entetes.Get("WWW-Authenticate") != "Bearer" || r.statut == 413 && r.entetes.Get("Retry-After") == "" {
		t.Errorf("%s: headers %v", s.nom, r.entetes)
	}
}

func changees(avant, apres map[string]string) string {
	var ts []string
	for t := range apres {
		if avant[t] != apres[t] {
			ts = append(ts, t)
		}
	}
	return strings.Join(sorted(ts), " ")
}

// valeur digs a text out of an answer by keys and places.
func valeur(corps, cle string) string {
	var v any
	if json.Unmarshal([]byte(corps), &v) != nil {
		return ""
	}
	for k := range strings.SplitSeq(cle, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[k]
		case []any:
			if i := int(k[0] - '0'); i < len(x) {
				v = x[i]
			}
		}
	}
	s, _ := v.(string)
	return s
}
