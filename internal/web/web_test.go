package web_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
	"guichet.example/internal/web"
)

// motDePasse is that of every account of these tests.
const motDePasse = "un mot de passe d’essai"

// portail is a portal with its pages, as browsers reach it.
type portail struct {
	*guichettest.Monde
	t   testing.TB
	url string
}

// nouveau serves the pages of a new portal; equiper gives it more of the outside.
func nouveau(t testing.TB, equiper ...func(*guichet.Monde)) *portail {
	t.Helper()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	for _, f := range equiper {
		m.Equiper(t, f)
	}
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	h, err := web.Nouveau(m.Guichet, web.Options{
		DossierTemp: m.Temp, Zone: zone, Hasard: rand.Reader,
		Agence:   web.Agence{Nom: "Agence fictive de paiement", IBAN: "FR7630006000011234567890189"},
		Adresse:  func(*http.Request) netip.Addr { return netip.MustParseAddr("192.0.2.9") },
		Chiffre:  func(r *http.Request) bool { return r.Header.Get("X-Essai-TLS") != "" },
		Signaler: func(r *http.Request, err error) { t.Errorf("%s %s: %v", r.Method, r.URL.Path, err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return &portail{m, t, s.URL}
}

// navigateur is one browser; it follows no redirection by itself.
type navigateur struct {
	p *portail
	c *http.Client
}

func (p *portail) anonyme() *navigateur {
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return &navigateur{p, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// entrer signs an account in through the form.
func (p *portail) entrer(compte string) *navigateur {
	p.t.Helper()
	c := p.Acteur(compte).Compte
	if err := p.Guichet.Installer(p.t.Context(), &c, motDePasse); err != nil {
		p.t.Fatal(err)
	}
	n := p.anonyme()
	r := n.poster("/connexion", url.Values{"identifiant": {compte}, "mot_de_passe": {motDePasse}})
	if r.statut != http.StatusSeeOther || r.entete.Get("Location") != "/tableau-de-bord" {
		p.t.Fatalf("sign-in of %s: %d %s", compte, r.statut, r.entete.Get("Location"))
	}
	return n
}

// reponse is what a browser got.
type reponse struct {
	statut int
	entete http.Header
	corps  string
}

func (n *navigateur) appeler(r *http.Request) *reponse {
	n.p.t.Helper()
	x, err := n.c.Do(r)
	if err != nil {
		n.p.t.Fatal(err)
	}
	defer func() { _ = x.Body.Close() }()
	b, err := io.ReadAll(x.Body)
	if err != nil {
		n.p.t.Fatal(err)
	}
	return &reponse{x.StatusCode, x.Header, string(b)}
}

func (n *navigateur) requete(methode, chemin string, corps io.Reader) *http.Request {
	n.p.t.Helper()
	r, err := http.NewRequestWithContext(context.WithoutCancel(n.p.t.Context()), methode, n.p.url+chemin, corps)
	if err != nil {
		n.p.t.Fatal(err)
	}
	return r
}

func (n *navigateur) lire(chemin string) *reponse {
	n.p.t.Helper()
	return n.appeler(n.requete("GET", chemin, http.NoBody))
}

func (n *navigateur) poster(chemin string, q url.Values) *reponse {
	n.p.t.Helper()
	r := n.requete("POST", chemin, strings.NewReader(q.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return n.appeler(r)
}

// envoyer posts a form with a file.
func (n *navigateur) envoyer(chemin, nom string, contenu []byte, champs map[string]string) *reponse {
	n.p.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range champs {
		if err := w.WriteField(k, v); err != nil {
			n.p.t.Fatal(err)
		}
	}
	f, err := w.CreateFormFile("fichier", nom)
	if err == nil {
		_, err = f.Write(contenu)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		n.p.t.Fatal(err)
	}
	r := n.requete("POST", chemin, &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return n.appeler(r)
}

// doit stops the test when an answer is not what it should be; in texts, any
// space is a space.
func (r *reponse) doit(t *testing.T, statut int, textes ...string) *reponse {
	t.Helper()
	if r.statut != statut {
		t.Fatalf("status %d, want %d: %s", r.statut, statut, alerte(r.corps))
	}
	for _, x := range textes {
		if !strings.Contains(r.corps, x) && !strings.Contains(strings.ReplaceAll(r.corps, "\u00a0", " "), x) {
			t.Fatalf("the page does not say %q: %s", x, alerte(r.corps))
		}
	}
	return r
}

// alerte is the part of a page that tells what went wrong.
func alerte(page string) string {
	if i := strings.Index(page, "<main"); i >= 0 {
		page = page[i:]
	}
	return page[:min(len(page), 1500)]
}

// vers stops the test unless an answer leads to a page, and gives its address.
func (r *reponse) vers(t *testing.T, debut string) string {
	t.Helper()
	if r.statut != http.StatusSeeOther || !strings.HasPrefix(r.entete.Get("Location"), debut) {
		t.Fatalf("status %d to %q, want 303 to %s…: %s", r.statut, r.entete.Get("Location"), debut, alerte(r.corps))
	}
	return r.entete.Get("Location")
}

// derniere is the journal's last entry number.
func (p *portail) derniere() int64 {
	p.t.Helper()
	n, err := p.Guichet.DerniereEntree(p.t.Context(), p.Acteur("auditeur"))
	if err != nil {
		p.t.Fatal(err)
	}
	return n
}

func (p *portail) statut(n guichet.NumeroASP) guichet.Statut {
	p.t.Helper()
	v, err := p.Guichet.Demande(p.t.Context(), p.Acteur("a.gestionnaire"), n)
	if err != nil {
		p.t.Fatal(err)
	}
	return v.Demande.Statut
}
