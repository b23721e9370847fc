package banc

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// A line does what it is told, and a change cuts what was open.
func TestLigne(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "bon") }))
	defer s.Close()
	b, err := Nouveau()
	if err != nil {
		t.Fatal(err)
	}
	l, err := b.Ligne(strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	lire := func() (int, error) {
		r, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Get("http://" + l.Adresse)
		if err != nil {
			return 0, err
		}
		return r.StatusCode, r.Body.Close()
	}
	if n, err := lire(); n != 200 || err != nil {
		t.Error(n, err)
	}
	if n := l.Mordus(); n != 0 {
		t.Errorf("%d calls failed on a good line", n)
	}
	l.Regler(Erreur)
	if n, err := lire(); n != 500 || err != nil {
		t.Error(n, err)
	}
	l.Regler(Coupe)
	if n, err := lire(); err == nil {
		t.Error(n)
	}
	l.Regler(Muette)
	c, err := net.Dial("tcp", l.Adresse)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\n\r\n"); err != nil {
		t.Error(err)
	}
	if err := attendre(t.Context(), "the call runs into the fault", time.Minute, func() bool { return l.Mordus() == 3 }); err != nil {
		t.Fatal(err)
	}
	l.Regler(Passe)
	if n, err := c.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Error("a line that hung was not cut")
	}
	if n, err := lire(); n != 200 || err != nil || l.Mordus() != 3 {
		t.Error(n, err, l.Mordus())
	}
	if err := b.Fermer(); err != nil {
		t.Error(err)
	}
}

// The proof is worth what it sees: acts that callers were told of and that are
// not there, or not as told, are all found.
func TestPreuveVoitCeQuiManque(t *testing.T) {
	t.Parallel()
	b, err := Nouveau()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := b.Fermer(); err != nil {
			t.Error(err)
		}
	}()
	s, err := b.Site("site", "", "sqlite:"+b.chemin("base.db"), "file://"+b.chemin("pieces"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Peupler(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	c := NouveauCarnet()
	p, err := s.Prouver(t.Context(), c)
	if err != nil || !p.Bonne() {
		t.Fatal(p, err)
	}
	c.Depots["JSON-X.json"] = DepotReconnu{ID: "x", Numeros: []string{"ASP-1"}}
	c.Pieces["ASP-1/a.png"] = empreinte(nil)
	c.Actes["ASP-1 prendre"] = "instructeur1@agence.example"
	c.Lots["l"] = LotReconnu{Statut: "regle"}
	if p, err = s.Prouver(t.Context(), c); err != nil || len(p.Perdus) != 4 || p.Reconnus != 4 || c.Reconnus() != 6 {
		t.Errorf("%+v, %d, %v", p, c.Reconnus(), err)
	}
}
