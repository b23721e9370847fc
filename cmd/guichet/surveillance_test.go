package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	nomMetrique = regexp.MustCompile(`\b(?:guichet|go|process)_[a-z_]+`)
	chaine      = regexp.MustCompile(`"[^"]*"`)
	etiquette   = regexp.MustCompile(`([a-z]+)(?:!?=~?)"`)
)

// The dashboard and the alerts name metrics and labels that the portal shows.
func TestTableauEtAlertesNommentDesMetriques(t *testing.T) {
	t.Parallel()
	m := nouveauLieu(t)
	h, err := m.ouvrirEn(t).routeur()
	if err != nil {
		t.Fatal(err)
	}
	lire := func(chemin string) string {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, chemin, nil))
		return w.Body.String()
	}
	lire("/livez") // so that durations have a value
	vues := lire("/metrics")
	dossier := filepath.Join("..", "..", "docs", "exploitation")
	b, err := os.ReadFile(filepath.Join(dossier, "tableau-de-bord.json"))
	if err != nil {
		t.Fatal(err)
	}
	var tableau struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(b, &tableau); err != nil {
		t.Fatal(err)
	}
	expressions := map[string]string{}
	for _, p := range tableau.Panels {
		for _, x := range p.Targets {
			expressions[x.Expr] = p.Title
		}
	}
	if b, err = os.ReadFile(filepath.Join(dossier, "alertes.yml")); err != nil {
		t.Fatal(err)
	}
	alerte := ""
	for l := range strings.SplitSeq(string(b), "\n") {
		l = strings.TrimSpace(l)
		if nom, ok := strings.CutPrefix(l, "- alert: "); ok {
			alerte = nom
		}
		if x, ok := strings.CutPrefix(l, "expr: "); ok {
			expressions[x] = alerte
		}
	}
	if len(expressions) < 18 {
		t.Fatalf("only %d expressions", len(expressions))
	}
	for x, ou := range expressions {
		noms := nomMetrique.FindAllString(chaine.ReplaceAllString(x, `""`), -1)
		if len(noms) == 0 {
			t.Errorf("%s: no metric in %q", ou, x)
		}
		for _, n := range noms {
			if !strings.Contains(vues, "\n"+n+"{") && !strings.Contains(vues, "\n"+n+" ") {
				t.Errorf("%s: %s is no metric of the portal", ou, n)
			}
		}
		for _, e := range etiquette.FindAllStringSubmatch(x, -1) {
			if !strings.Contains(vues, e[1]+`="`) {
				t.Errorf("%s: no metric has the label %s", ou, e[1])
			}
		}
	}
}
