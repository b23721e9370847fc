package contrat

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// client calls the portal as one account.
type client struct {
	*demo
	compteDemo
}

// reponse is an answer, read to its end.
type reponse struct {
	statut  int
	entetes http.Header
	corps   []byte
	quoi    string // the call, for messages
}

// objet is a JSON object as an outsider sees it.
type objet = map[string]any

// appeler sends one request and checks what holds for every answer of the API.
// A body of type string or []byte goes as it is, an io.Reader too (chunked),
// anything else as JSON. Headers come in pairs. Calls answered 429 or 503 are
// sent again after their Retry-After, as the contract tells callers to do.
func (c *client) appeler(t testing.TB, methode, chemin string, corps any, entetes ...string) reponse {
	t.Helper()
	for essai := 0; ; essai++ {
		r := c.unAppel(t, methode, chemin, corps, entetes...)
		_, flux := corps.(io.Reader)
		if r.statut != http.StatusTooManyRequests && r.statut != http.StatusServiceUnavailable || essai == 3 || flux {
			return r
		}
		attente, err := strconv.Atoi(r.entetes.Get("Retry-After"))
		if err != nil || attente < 0 || attente > 120 {
			t.Errorf("%s : %d avec Retry-After %q, attendu un nombre de secondes", r.quoi, r.statut, r.entetes.Get("Retry-After"))
			return r
		}
		time.Sleep(time.Duration(attente) * time.Second)
	}
}

func (c *client) unAppel(t testing.TB, methode, chemin string, corps any, entetes ...string) reponse {
	t.Helper()
	req := c.requete(t, methode, chemin, corps, entetes...)
	rep, err := (&http.Client{Timeout: 2 * time.Minute, CheckRedirect: sansSuivre}).Do(req)
	if err != nil {
		t.Errorf("%s %s : %v", methode, chemin, err)
		return reponse{quoi: methode + " " + chemin, entetes: http.Header{}}
	}
	defer func() { _ = rep.Body.Close() }()
	b, err := io.ReadAll(rep.Body)
	if err != nil {
		t.Errorf("%s %s : réponse coupée : %v", methode, chemin, err)
	}
	r := reponse{statut: rep.StatusCode, entetes: rep.Header, corps: b, quoi: fmt.Sprintf("%s %s (%s)", methode, chemin, c.qui())}
	if strings.HasPrefix(chemin, "/api/v1") {
		r.verifierPartout(t)
	}
	return r
}

func sansSuivre(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func (c *client) qui() string {
	switch {
	case c.Role != "":
		return c.Role
	case c.RaisonSociale != "":
		return c.RaisonSociale
	}
	return "anonyme"
}

func (c *client) requete(t testing.TB, methode, chemin string, corps any, entetes ...string) *http.Request {
	t.Helper()
	var r io.Reader
	genre := ""
	switch v := corps.(type) {
	case nil:
	case io.Reader:
		r = v
	case []byte:
		r = bytes.NewReader(v)
	case string:
		r, genre = strings.NewReader(v), "application/json"
	default:
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		r, genre = bytes.NewReader(b), "application/json"
	}
	req, err := http.NewRequest(methode, c.Adresse+chemin, r)
	if err != nil {
		t.Fatal(err)
	}
	if genre != "" {
		req.Header.Set("Content-Type", genre)
	}
	if c.Jeton != "" {
		req.Header.Set("Authorization", "Bearer "+c.Jeton)
	}
	for i := 0; i+1 < len(entetes); i += 2 {
		req.Header.Set(entetes[i], entetes[i+1])
	}
	return req
}

// verifierPartout holds each answer of the API to the chapter "Everywhere".
func (r reponse) verifierPartout(t testing.TB) {
	t.Helper()
	if r.statut >= 500 && r.statut != http.StatusServiceUnavailable {
		t.Errorf("%s : %d, jamais 5xx pour ce qu’un appelant envoie : %s", r.quoi, r.statut, r.extrait())
	}
	if v := r.entetes.Get("X-Content-Type-Options"); v != "nosniff" {
		t.Errorf("%s : %d avec X-Content-Type-Options %q, attendu nosniff", r.quoi, r.statut, v)
	}
	if v := r.entetes.Get("Cache-Control"); !strings.Contains(v, "no-store") && !strings.Contains(v, "private") {
		t.Errorf("%s : %d avec Cache-Control %q, attendu no-store ou private", r.quoi, r.statut, v)
	}
	if v := r.entetes.Get("Access-Control-Allow-Origin"); v != "" {
		t.Errorf("%s : Access-Control-Allow-Origin %q, attendu aucune origine étrangère", r.quoi, v)
	}
	if r.statut == http.StatusUnauthorized && !strings.HasPrefix(r.entetes.Get("WWW-Authenticate"), "Bearer") {
		t.Errorf("%s : 401 avec WWW-Authenticate %q, attendu Bearer", r.quoi, r.entetes.Get("WWW-Authenticate"))
	}
	if r.statut >= 400 {
		r.verifierProbleme(t)
	}
}

func (r reponse) verifierProbleme(t testing.TB) {
	t.Helper()
	genre, _, _ := mime.ParseMediaType(r.entetes.Get("Content-Type"))
	var p struct {
		Type, Title, Detail *string
		Status              *float64
	}
	err := json.Unmarshal(r.corps, &p)
	if genre != "application/problem+json" || err != nil || p.Type == nil || p.Title == nil || p.Detail == nil || p.Status == nil || int(*p.Status) != r.statut {
		t.Errorf("%s : %d, attendu un application/problem+json avec type, title, status %d et detail ; reçu %s : %s",
			r.quoi, r.statut, r.statut, r.entetes.Get("Content-Type"), r.extrait())
	}
}

func (r reponse) extrait() string {
	if len(r.corps) > 600 {
		return string(r.corps[:600]) + "…"
	}
	return string(r.corps)
}

// veut fails the test unless the status is one of those; it tells whether it was.
func (r reponse) veut(t testing.TB, phrase string, statuts ...int) bool {
	t.Helper()
	if slices.Contains(statuts, r.statut) {
		return true
	}
	t.Errorf("%s : reçu %d, attendu %v (%s) : %s", r.quoi, r.statut, statuts, phrase, r.extrait())
	return false
}

// exige is veut that ends the test.
func (r reponse) exige(t testing.TB, phrase string, statuts ...int) reponse {
	t.Helper()
	if !r.veut(t, phrase, statuts...) {
		t.FailNow()
	}
	return r
}

// lire decodes the answer; unknown keys are free.
func lire[T any](t testing.TB, r reponse) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(r.corps, &v); err != nil {
		t.Fatalf("%s : %d, JSON attendu : %v : %s", r.quoi, r.statut, err, r.extrait())
	}
	return v
}

// brut calls without the rules of the API and without retries; for calls whose
// connection may be cut by the portal, the error comes back.
func (c *client) brut(req *http.Request) (int, []byte, error) {
	rep, err := (&http.Client{Timeout: time.Minute, CheckRedirect: sansSuivre}).Do(req)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			return 0, nil, u.Err
		}
		return 0, nil, err
	}
	defer func() { _ = rep.Body.Close() }()
	b, err := io.ReadAll(rep.Body)
	return rep.StatusCode, b, err
}

// crue sends bytes on a connection of their own and gives what comes back
// within ten seconds; "" for nothing.
func (c *client) crue(t testing.TB, octets string) string {
	t.Helper()
	fil, err := net.Dial("tcp", strings.TrimPrefix(c.Adresse, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = fil.Close() }()
	_ = fil.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(fil, octets); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 4096)
	n, _ := fil.Read(b)
	if string(b[:n]) == "HTTP/1.1 100 Continue\r\n\r\n" {
		m, _ := fil.Read(b[n:])
		n += m
	}
	return string(b[:n])
}
