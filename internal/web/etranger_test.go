package web_test

import (
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
)

// patrons reads the addresses of one method off the table of routes, names in
// them replaced by something.
func patrons(t testing.TB, methode string) (chemins []string) {
	t.Helper()
	b, err := os.ReadFile("routes.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`\{"`+methode+` (/[^"]*)"`).FindAllStringSubmatch(string(b), -1) {
		chemins = append(chemins, strings.ReplaceAll(regexp.MustCompile(`\{[a-zA-Z]+\.*\}`).ReplaceAllString(m[1], "1"), "{$}", ""))
	}
	if len(chemins) < 20 {
		t.Fatalf("only %d routes found", len(chemins))
	}
	return chemins
}

// Every form of the table of routes is refused to other sites, whoever is
// signed in, and changes nothing.
func TestEveryFormIsRefusedToOtherSites(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n := p.entrer("administrateur")
	avant := p.derniere()
	for _, chemin := range patrons(t, "POST") {
		r := n.requete("POST", chemin, strings.NewReader("x=1"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "https://ailleurs.example")
		n.appeler(r).doit(t, http.StatusForbidden, "autre site")
	}
	if apres := p.derniere(); apres != avant {
		t.Errorf("%d entries in the journal", apres-avant)
	}
}

// Every answer of the table of routes, refusals included, carries what keeps
// browsers from making something else of it.
func TestEveryAnswerHasItsSafeguards(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n := p.entrer("administrateur")
	for _, chemin := range append(patrons(t, "GET"), "/rien", "/../etc/passwd") {
		r := n.lire(chemin)
		for _, nom := range []string{"Content-Security-Policy", "Referrer-Policy", "Permissions-Policy"} {
			if r.entete.Get(nom) == "" {
				t.Errorf("%s: no %s", chemin, nom)
			}
		}
		for nom, attendu := range map[string]string{"X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin"} {
			if r.entete.Get(nom) != attendu {
				t.Errorf("%s: %s is %q", chemin, nom, r.entete.Get(nom))
			}
		}
		csp := r.entete.Get("Content-Security-Policy")
		if chemin == "/simulateur" || chemin == "/visionneuse" { // they compile a program of ours
			csp = strings.Replace(csp, "'wasm-unsafe-eval'", "", 1)
		}
		if !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: %s", chemin, csp)
		}
		if r.statut >= http.StatusInternalServerError {
			t.Errorf("%s: %d", chemin, r.statut)
		}
		if r.entete.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s lets other sites read", chemin)
		}
	}
}

// Methods that browsers do not need are refused.
func TestOtherMethodsAreRefused(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n := p.entrer("administrateur")
	for _, methode := range []string{"TRACE", "CONNECT", "PUT", "DELETE", "OPTIONS"} {
		for _, chemin := range []string{"/", "/demandes", "/connexion"} {
			if r := n.appeler(n.requete(methode, chemin, http.NoBody)); r.statut != http.StatusMethodNotAllowed && r.statut != http.StatusNotFound {
				t.Errorf("%s %s: %d", methode, chemin, r.statut)
			}
		}
	}
}

// Whatever a form holds, the answer is no failure of ours and says none of it
// back as markup.
func FuzzFormulaires(f *testing.F) {
	f.Add(uint(0), "identifiant=a&mot_de_passe=b")
	f.Add(uint(3), "acte=valider&acte=annuler&tranche=%00")
	f.Add(uint(7), "%zz&&&=;a=%ff%fe")
	f.Add(uint(9), "date=99/99/9999&montant=1e400&id=-9223372036854775809")
	p := nouveau(f)
	n, chemins := p.entrer("cumul"), patrons(f, "POST")
	f.Fuzz(func(t *testing.T, route uint, corps string) {
		p.t = t // the helpers speak for the run of now
		r := n.requete("POST", chemins[route%uint(len(chemins))], strings.NewReader(corps))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		x := n.appeler(r)
		if x.statut >= http.StatusInternalServerError || x.statut < 200 {
			t.Errorf("%s: %d", r.URL.Path, x.statut)
		}
		q, err := url.ParseQuery(corps)
		if err != nil {
			return
		}
		for _, vs := range q {
			for _, v := range vs {
				if len(v) > 3 && strings.Contains(v, "<") && strings.Contains(v, ">") && strings.Contains(x.corps, v) && !strings.Contains("<html><head><body><main>", v) {
					t.Errorf("%s says %q back", r.URL.Path, v)
				}
			}
		}
	})
}
