package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestWrongPasswordAndUnknownNameAnswerAlike(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	p.entrer("a.gestionnaire")
	page := func(identifiant, secret string) string {
		r := p.anonyme().poster("/connexion", url.Values{"identifiant": {identifiant}, "mot_de_passe": {secret}})
		r.doit(t, http.StatusUnauthorized, "n’est pas le bon")
		if c := r.entete.Get("Set-Cookie"); c != "" {
			t.Errorf("a refused sign-in sets a cookie: %s", c)
		}
		return strings.ReplaceAll(r.corps, identifiant, "")
	}
	if page("a.gestionnaire", "autre") != page("personne.inconnue", motDePasse) {
		t.Error("the two pages differ")
	}
}

func TestSessionCookieIsShut(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	p.entrer("a.gestionnaire")
	for _, tls := range []bool{false, true} {
		n := p.anonyme()
		r := n.requete("POST", "/connexion", strings.NewReader(url.Values{"identifiant": {"a.gestionnaire"}, "mot_de_passe": {motDePasse}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if tls {
			r.Header.Set("X-Essai-TLS", "oui")
		}
		x := n.appeler(r)
		x.vers(t, "/tableau-de-bord")
		cookie := x.entete.Get("Set-Cookie")
		if !strings.Contains(cookie, "; HttpOnly") || !strings.Contains(cookie, "; SameSite=Lax") || strings.Contains(cookie, "; Secure") != tls {
			t.Errorf("TLS %v: %s", tls, strings.SplitN(cookie, ";", 2)[1])
		}
	}
}

// A session ends when its user leaves, and at the next sign-in of the same
// browser: its secret opens nothing any more.
func TestLeavingEndsTheSession(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n := p.entrer("a.gestionnaire")
	u, err := url.Parse(p.url)
	if err != nil {
		t.Fatal(err)
	}
	ancien := n.c.Jar.Cookies(u)
	r := n.poster("/deconnexion", nil)
	r.vers(t, "/connexion")
	if v := r.entete.Get("Clear-Site-Data"); v != `"cache"` {
		t.Errorf("what the browser keeps is not cleared: %q", v)
	}
	n.lire("/compte").vers(t, "/connexion")
	n.c.Jar.SetCookies(u, ancien)
	n.lire("/compte").vers(t, "/connexion")
}

// Signing in leads back to the page that was asked for, and never elsewhere.
func TestSignInLeadsToPagesOfOursOnly(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	p.entrer("a.gestionnaire")
	for suite, want := range map[string]string{
		"/demandes?statut=payee": "/demandes?statut=payee", "https://ailleurs.example/": "/tableau-de-bord", "//ailleurs.example": "/tableau-de-bord",
		`/\ailleurs.example`: "/tableau-de-bord", "javascript:alert(1)": "/tableau-de-bord", "": "/tableau-de-bord", "demandes": "/tableau-de-bord",
	} {
		r := p.anonyme().poster("/connexion", url.Values{"identifiant": {"a.gestionnaire"}, "mot_de_passe": {motDePasse}, "suite": {suite}})
		if got := r.vers(t, "/"); got != want {
			t.Errorf("%q leads to %q, want %q", suite, got, want)
		}
	}
}

// Passwords are judged a few at a time; those who wait are served in their turn.
func TestManySignInsAtOnceAllSucceed(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	p.entrer("a.gestionnaire")
	statuts := make(chan int)
	for range 12 {
		n := p.anonyme()
		r := n.requete("POST", "/connexion", strings.NewReader(url.Values{"identifiant": {"a.gestionnaire"}, "mot_de_passe": {motDePasse}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		go func() {
			x, err := n.c.Do(r)
			if err != nil {
				statuts <- 0
				return
			}
			_ = x.Body.Close()
			statuts <- x.StatusCode
		}()
	}
	for range 12 {
		if got := <-statuts; got != http.StatusSeeOther {
			t.Errorf("status %d", got)
		}
	}
}
