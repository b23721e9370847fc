// Package client calls a portal by its HTTP API, /api/v1, for the supplier's
// command: deposits, supporting documents, returned files, requests.
//
// Start at [Nouveau]. A refusal of the portal is a *[Probleme]; any other error
// means that nothing may be concluded. Calls are safe to repeat, and are
// repeated here when the line is cut or the portal is busy.
//
// It knows the shapes of the contract, not the portal: it must never import
// the portal's packages. It never asks for the time; waiting comes in as a
// value.
package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Options are what a client may be told; Attendre is required.
type Options struct {
	// Attendre waits, or returns early with the context's error.
	Attendre func(ctx context.Context, d time.Duration) error
	// Essais is how many times a call is tried, 5 when zero.
	Essais int
	// Agent is what the program calls itself: "segur/1.2".
	Agent string
	// SansJeton is for what a portal tells to anybody: [Client.Regles].
	SansJeton bool
	// Transport replaces the network in tests.
	Transport http.RoundTripper
}

// Client calls one portal with one token. It is safe for concurrent use.
type Client struct {
	base   *url.URL
	jeton  string
	http   *http.Client
	option Options
}

// racine is where the API begins.
const racine = "/api/v1"

// Nouveau makes a client. adresse is the portal's address as a person writes
// it; a token is sent over https only, or to this very machine. The errors are
// French.
func Nouveau(adresse, jeton string, o Options) (*Client, error) {
	u, err := url.Parse(strings.TrimSpace(adresse))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("l’adresse du portail « %s » ne se lit pas ; attendu : https://portail.exemple.fr", adresse)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("l’adresse du portail ne doit porter ni identifiant, ni paramètre : le jeton se donne à part")
	}
	if u.Scheme == "http" && !boucle(u.Hostname()) {
		return nil, fmt.Errorf("le portail %s n’est pas en https : le jeton y passerait en clair. Donnez son adresse en https://", u.Host)
	}
	if jeton == "" && !o.SansJeton || strings.ContainsFunc(jeton, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("le jeton est vide, ou contient un espace ou un caractère accentué ; copiez-le tel que le portail l’a affiché")
	}
	u.Path = strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), racine)
	if o.Essais == 0 {
		o.Essais = 5
	}
	c := &Client{base: u, jeton: jeton, option: o, http: &http.Client{
		Transport: o.Transport,
		// A token follows nobody to another address.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if c.http.Transport == nil {
		c.http.Transport = transport()
	}
	return c, nil
}

// transport gives up on a portal that does not answer, not on a long upload.
func transport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}).DialContext,
		TLSHandshakeTimeout:   15 * time.Second,
		ResponseHeaderTimeout: 10 * time.Minute,
		ExpectContinueTimeout: 5 * time.Second,
		MaxIdleConnsPerHost:   2,
	}
}

// boucle tells an address of this very machine.
func boucle(hote string) bool {
	ip := net.ParseIP(hote)
	return hote == "localhost" || ip != nil && ip.IsLoopback()
}

// Adresse is the portal's, without the path of the API.
func (c *Client) Adresse() string { return c.base.String() }

// appel is one call, as it can be made several times.
type appel struct {
	methode string
	chemin  []string                      // segments below the API's root, unescaped
	params  url.Values                    //
	corps   func() (io.ReadCloser, error) // nil: none
	taille  int64                         // of the body; -1 = unknown
	entetes map[string]string
}

// faire makes a call, again when the line is cut or the portal is busy, and
// returns the body of a success of at most max bytes.
func (c *Client) faire(ctx context.Context, a appel, max int64) ([]byte, error) {
	for essai := 1; ; essai++ {
		b, attente, err := c.essayer(ctx, a, max)
		if err == nil {
			return b, nil
		}
		if attente < 0 || essai >= c.option.Essais || ctx.Err() != nil || essai >= 2 && injoignable(err) {
			return nil, err
		}
		if errAttente := c.option.Attendre(ctx, attenteEssai(attente, essai)); errAttente != nil {
			return nil, errors.Join(err, errAttente)
		}
	}
}

// attenteEssai is how long to wait behind a try: what the portal asks for, else
// twice as long each time.
func attenteEssai(demandee time.Duration, essai int) time.Duration {
	if demandee > 0 {
		return demandee
	}
	return min(time.Second<<(essai-1), 30*time.Second)
}

// injoignable tells that no connection was made at all: a person who is offline
// or has mistyped the address is not kept waiting.
func injoignable(err error) bool {
	var dns *net.DNSError
	var op *net.OpError
	return errors.As(err, &dns) || errors.As(err, &op) && op.Op == "dial"
}

// essayer makes a call once. attente tells what to do with an error: below 0
// it is final; 0 the call may be tried again; else after that long.
func (c *Client) essayer(ctx context.Context, a appel, max int64) (corps []byte, attente time.Duration, err error) {
	u := c.base.JoinPath(racine)
	for _, s := range a.chemin {
		u = u.JoinPath(url.PathEscape(s))
	}
	u.RawQuery = a.params.Encode()
	var lecteur io.Reader
	if a.corps != nil {
		r, err := a.corps()
		if err != nil {
			return nil, -1, err
		}
		lecteur = r // closed by the transport, whatever happens
	}
	req, err := http.NewRequestWithContext(ctx, a.methode, u.String(), lecteur)
	if err != nil {
		return nil, -1, err
	}
	if a.corps != nil {
		req.ContentLength = a.taille
	}
	if !c.option.SansJeton {
		req.Header.Set("Authorization", "Bearer "+c.jeton)
	}
	req.Header.Set("User-Agent", c.option.Agent)
	for k, v := range a.entetes {
		req.Header.Set(k, v)
	}
	rep, err := c.http.Do(req)
	if err != nil {
		return nil, reprendre(ctx), c.coupure(err)
	}
	defer rep.Body.Close()
	corps, err = lire(rep.Body, max)
	if err != nil {
		return nil, reprendre(ctx), c.coupure(err)
	}
	if rep.StatusCode >= 200 && rep.StatusCode < 300 {
		return corps, 0, nil
	}
	p := problemeDe(rep, corps, c.base.Host)
	return nil, attenteDe(rep), p
}

// reprendre tells whether a cut call is worth another try.
func reprendre(ctx context.Context) time.Duration {
	if ctx.Err() != nil {
		return -1
	}
	return 0
}

// errTropLong is a portal that answers out of measure.
var errTropLong = errors.New("la réponse du portail est démesurée")

func lire(r io.Reader, max int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, max+1))
	if err == nil && int64(len(b)) > max {
		err = errTropLong
	}
	return b, err
}

// coupure is a call that got no answer.
func (c *Client) coupure(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err // the address is said once, and holds no token anyway
	}
	return &ErreurReseau{Hote: c.base.Host, Cause: err}
}

// ErreurReseau tells that the portal could not be reached or did not answer to
// the end: whether the call had an effect is not known, and it can be made
// again.
type ErreurReseau struct {
	Hote  string
	Cause error
}

// Error is the sentence for the person, in French.
func (e *ErreurReseau) Error() string {
	pourquoi := "la liaison a été coupée"
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.Is(e.Cause, context.Canceled):
		pourquoi = "l’opération a été interrompue"
	case errors.Is(e.Cause, context.DeadlineExceeded):
		pourquoi = "il n’a pas répondu à temps"
	case errors.As(e.Cause, &dns):
		pourquoi = "son nom est inconnu ; vérifiez l’adresse et la connexion"
	case errors.As(e.Cause, &op) && op.Op == "dial":
		pourquoi = "la connexion est refusée ou impossible ; vérifiez l’adresse et la connexion"
	case errors.Is(e.Cause, errTropLong):
		pourquoi = errTropLong.Error()
	case strings.Contains(e.Cause.Error(), "certificate"), strings.Contains(e.Cause.Error(), "tls:"):
		pourquoi = "sa connexion chiffrée n’est pas sûre (" + e.Cause.Error() + ")"
	}
	return "le portail " + e.Hote + " n’a pas pu être joint jusqu’au bout : " + pourquoi
}

// Unwrap gives the cause.
func (e *ErreurReseau) Unwrap() error { return e.Cause }
