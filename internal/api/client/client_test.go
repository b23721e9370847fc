package client

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"guichet.example/segur"
)

// attentes records what a client would have waited, and waits not.
type attentes []time.Duration

func (a *attentes) attendre(ctx context.Context, d time.Duration) error {
	*a = append(*a, d)
	return ctx.Err()
}

func clientDe(t *testing.T, h http.HandlerFunc) (*Client, *attentes) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	a := &attentes{}
	c, err := Nouveau(s.URL, "jeton-fictif", Options{Attendre: a.attendre, Agent: "segur/test"})
	if err != nil {
		t.Fatal(err)
	}
	return c, a
}

// TestTokenGoesNowhereUnsafe: a token in clear on the network is a token lost.
func TestTokenGoesNowhereUnsafe(t *testing.T) {
	for _, c := range []struct{ adresse, jeton, dit string }{
		{"http://portail.example", "j", "n’est pas en https"},
		{"ftp://portail.example", "j", "ne se lit pas"},
		{"portail.example", "j", "ne se lit pas"},
		{"https://jeton@portail.example", "j", "ni identifiant"},
		{"https://portail.example?jeton=x", "j", "ni identifiant"},
		{"https://portail.example", "", "jeton est vide"},
		{"https://portail.example", "deux mots", "un espace"},
		{"https://portail.example", "a\r\nX: y", "un espace"},
	} {
		if _, err := Nouveau(c.adresse, c.jeton, Options{}); err == nil || !strings.Contains(err.Error(), c.dit) {
			t.Errorf("%s, %q: %v", c.adresse, c.jeton, err)
		}
	}
	for _, bonne := range []string{"https://portail.example/", "http://localhost:8080", "http://127.0.0.1:8080/api/v1", "http://[::1]:8080/"} {
		if _, err := Nouveau(bonne, "j", Options{}); err != nil {
			t.Errorf("%s: %v", bonne, err)
		}
	}
}

// TestTokenFollowsNoRedirect: a portal that sends elsewhere gets an error.
func TestTokenFollowsNoRedirect(t *testing.T) {
	ailleurs := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the redirect was followed") }))
	defer ailleurs.Close()
	c, _ := clientDe(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, ailleurs.URL, http.StatusTemporaryRedirect)
	})
	if _, err := c.Depot(t.Context(), "d1"); err == nil || !strings.Contains(err.Error(), "autre adresse") {
		t.Errorf("err = %v", err)
	}
}

func TestDepositSendsTheFormOfTheContract(t *testing.T) {
	c, _ := clientDe(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != "POST" || r.URL.Path != "/api/v1/depots" || r.Header.Get("Authorization") != "Bearer jeton-fictif" || r.Header.Get("Idempotency-Key") != "cle" {
			t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
		}
		f, h, err := r.FormFile("fichier")
		if err != nil {
			t.Error(err)
			return
		}
		b, err := io.ReadAll(f)
		if err != nil || string(b) != "{}" || h.Filename != "JSON.json" || r.FormValue("type") != "avance" || r.FormValue("numeroAns") != "9999999999" {
			t.Errorf("%s %q %v", h.Filename, b, err)
		}
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"id":"d1","demandes":[{"rang":1,"numeroEditeur":"00001","numeroASP":"ASP-1","statut":"incomplete"}],"couverture":{"complete":false,"manquantes":[{"numeroASP":"ASP-1","nomFichier":"a.pdf"}]},"inconnu":1}`)
	})
	d, err := c.Deposer(t.Context(), NouveauDepot{Nom: "JSON.json", Contenu: []byte("{}"), Type: segur.Avance, NumeroAns: "9999999999", Cle: "cle"})
	if err != nil {
		t.Fatal(err)
	}
	if d.ID != "d1" || len(d.Demandes) != 1 || d.Couverture.Manquantes[0].NomFichier != "a.pdf" {
		t.Errorf("%+v", d)
	}
}

// TestBusyPortalIsCalledAgain, after the time it asked for.
func TestBusyPortalIsCalledAgain(t *testing.T) {
	n := 0
	c, a := clientDe(t, func(w http.ResponseWriter, _ *http.Request) {
		switch n++; n {
		case 1:
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusTooManyRequests)
		case 2:
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			_, _ = io.WriteString(w, `{"id":"d1"}`)
		}
	})
	if d, err := c.Depot(t.Context(), "d1"); err != nil || d.ID != "d1" {
		t.Fatal(d, err)
	}
	if d := cmp.Diff(attentes{7 * time.Second, 2 * time.Second}, *a); d != "" {
		t.Error(d)
	}
}

// TestCutLineIsCalledAgainWithTheWholeBody: the line is cut in the middle of
// an upload; the second try sends all of it from its first byte.
func TestCutLineIsCalledAgainWithTheWholeBody(t *testing.T) {
	zip := bytes.Repeat([]byte("zip."), 1<<16)
	n := 0
	c, _ := clientDe(t, func(w http.ResponseWriter, r *http.Request) {
		if n++; n == 1 {
			_, _ = io.CopyN(io.Discard, r.Body, 1000)
			panic(http.ErrAbortHandler)
		}
		if b, err := io.ReadAll(r.Body); err != nil || !bytes.Equal(b, zip) {
			t.Errorf("%d bytes, %v", len(b), err)
		}
		_, _ = io.WriteString(w, `{"complete":true,"refusees":[{"nomFichier":"x\u001b[31m","code":"2444","message":"m"}]}`)
	})
	k, err := c.EnvoyerZip(t.Context(), "d1", Contenu{Taille: int64(len(zip)), Ouvrir: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(zip)), nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if n != 2 || !k.Complete || strings.Contains(k.Refusees[0].NomFichier, "\x1b") {
		t.Errorf("%d calls, %+v", n, k)
	}
}

func TestRefusalIsFinalAndSaid(t *testing.T) {
	n := 0
	c, _ := clientDe(t, func(w http.ResponseWriter, _ *http.Request) {
		n++
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusUnprocessableEntity)
		_, _ = io.WriteString(w, `{"title":"Refusé","detail":"Le fichier est refusé.","status":422,"rapport":{"verdict":"rejete"}}`)
	})
	_, err := c.Deposer(t.Context(), NouveauDepot{Nom: "a"})
	var p *Probleme
	if !errors.As(err, &p) || p.Statut != 422 || string(p.Rapport) != `{"verdict":"rejete"}` || p.Echec() || n != 1 {
		t.Errorf("%v after %d calls", err, n)
	}
}

// TestWhatIsNoPortalIsAFailureOfTheTool: never "accepted" from a page we
// cannot read.
func TestWhatIsNoPortalIsAFailureOfTheTool(t *testing.T) {
	c, _ := clientDe(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>bienvenue") })
	_, err := c.Depot(t.Context(), "d1")
	var r *ErreurReponse
	if !errors.As(err, &r) {
		t.Errorf("err = %v", err)
	}
	mort, err := Nouveau("http://127.0.0.1:1", "j", Options{Attendre: (&attentes{}).attendre})
	if err != nil {
		t.Fatal(err)
	}
	_, err = mort.Depot(t.Context(), "d1")
	var e *ErreurReseau
	if !errors.As(err, &e) || !strings.Contains(err.Error(), "connexion est refusée") {
		t.Errorf("err = %v", err)
	}
}

func TestListIsReadPageAfterPage(t *testing.T) {
	const un = `{"numeroASP":"ASP-1","numeroEditeur":"00001","type":"avance","statut":"payee","prochainActeur":null,"echeance":null,"piecesManquantes":[],"montants":{"ht":"708.33","base":"850.00","avance":"255.00","solde":"595.00"}}`
	reponses := map[string]string{
		"":   `{"demandes":[` + un + `],"curseurSuivant":"p2"}`,
		"p2": `{"demandes":[` + strings.Replace(un, "ASP-1", "ASP-2", 1) + `],"curseurSuivant":null}`,
	}
	c, _ := clientDe(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, reponses[r.URL.Query().Get("curseur")])
	})
	var lus []string
	if err := c.Demandes(t.Context(), "", func(d Demande) error {
		lus = append(lus, d.NumeroASP+" "+d.Montants.Solde.String())
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"ASP-1 595.00", "ASP-2 595.00"}, lus); d != "" {
		t.Error(d)
	}
	reponses["p2"] = strings.Replace(reponses[""], "ASP-1", "../etc", 1)
	if err := c.Demandes(t.Context(), "", func(Demande) error { return nil }); err == nil {
		t.Error("a number with a path in it is accepted")
	}
}
