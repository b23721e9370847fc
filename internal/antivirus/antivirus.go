// Package antivirus asks a clamd whether a document is infected.
//
// Start at [Ouvrir], then [Client.Analyser]. Bytes are streamed over a socket
// (INSTREAM): clamd needs no access to the portal's files, and the package
// never writes a document to disk. An engine that cannot answer is an error,
// never a verdict. The package must never import the business or a store.
package antivirus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"time"
)

// Etat is what the engine concludes about a document.
type Etat string

// What the engine can conclude. What it could not look at has no state but an
// error.
const (
	Propre   Etat = "propre"
	Infectee Etat = "infectee"
)

// Verdict is the answer for one document.
type Verdict struct {
	Etat      Etat
	Signature string // name of what was found, as clamd gives it; "" when clean
}

var (
	// ErrTaille says that clamd takes no document of that size (StreamMaxLength):
	// trying again does not help, the setting of clamd must follow the portal's.
	ErrTaille = errors.New("antivirus : le document dépasse la taille que clamd accepte (StreamMaxLength)")
	// ErrReponse says that what answers does not speak like clamd.
	ErrReponse = errors.New("antivirus : réponse incompréhensible de clamd")
)

// Client asks one clamd. Safe for concurrent use: each call has a connection of
// its own, since clamd closes it after each answer.
type Client struct {
	reseau, adresse string
	delai           time.Duration
}

// delaiDefaut is the time for one answer, from the connection on.
const delaiDefaut = 30 * time.Second

// Ouvrir reads the setting GUICHET_CLAMD, "unix:///run/clamav/clamd.ctl" or
// "tcp://127.0.0.1:3310", with an optional ?delai=30s for one document. It
// connects to nothing yet: clamd may start after the portal.
func Ouvrir(s string) (*Client, error) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, fmt.Errorf("réglage de l’antivirus illisible : « %.80s » ; attendu unix:///chemin ou tcp://hote:3310", s)
	}
	c := &Client{reseau: u.Scheme, delai: delaiDefaut}
	switch {
	case u.Scheme == "unix" && u.Host == "" && strings.HasPrefix(u.Path, "/"):
		c.adresse = u.Path
	case u.Scheme == "tcp" && u.Hostname() != "" && strings.Trim(u.Path, "/") == "":
		port := u.Port()
		if port == "" {
			port = "3310"
		}
		c.adresse = net.JoinHostPort(u.Hostname(), port)
	default:
		return nil, fmt.Errorf("réglage de l’antivirus : « %.80s » ; attendu unix:///chemin/de/la/prise ou tcp://hote:3310", s)
	}
	for cle, v := range u.Query() {
		if cle != "delai" || len(v) != 1 {
			return nil, fmt.Errorf("réglage de l’antivirus : le paramètre « %.20s » est inconnu ou répété ; attendu delai", cle)
		}
		if c.delai, err = time.ParseDuration(v[0]); err != nil || c.delai < 100*time.Millisecond || c.delai > 10*time.Minute {
			return nil, fmt.Errorf("réglage de l’antivirus : le délai « %.20s » doit être de 100ms à 10m", v[0])
		}
	}
	return c, nil
}

// Analyser streams a document to clamd and gives its verdict. It reads r to
// its end, or until clamd refuses more ([ErrTaille]); memory stays flat. An
// error of r is returned as it is, and nothing is then concluded.
func (c *Client) Analyser(ctx context.Context, r io.Reader) (Verdict, error) {
	var v Verdict
	err := c.parler(ctx, func(conn net.Conn) error {
		ecriture := envoyer(conn, r)
		if lecture := new(erreurLecture); errors.As(ecriture, &lecture) {
			return lecture.cause
		}
		// clamd may answer before all is sent and close: what it said tells more
		// than the broken pipe.
		reponse, err := recevoir(conn)
		if err != nil {
			return errors.Join(ecriture, err)
		}
		v, err = verdict(reponse)
		if err == nil && ecriture != nil && v.Etat == Propre {
			return fmt.Errorf("antivirus : clamd a conclu avant la fin du document : %w", ecriture)
		}
		return err
	})
	if err != nil {
		return Verdict{}, err
	}
	return v, nil
}

// Ping tells whether clamd answers, for the readiness probe.
func (c *Client) Ping(ctx context.Context) error {
	r, err := c.commande(ctx, "zPING\x00")
	if err == nil && r != "PONG" {
		return fmt.Errorf("%w : « %s »", ErrReponse, visible(r))
	}
	return err
}

// Version gives clamd's own line: engine, number and date of the signatures.
func (c *Client) Version(ctx context.Context) (string, error) {
	r, err := c.commande(ctx, "zVERSION\x00")
	if err == nil && !strings.HasPrefix(r, "ClamAV ") {
		return "", fmt.Errorf("%w : « %s »", ErrReponse, visible(r))
	}
	return visible(r), err
}

func (c *Client) commande(ctx context.Context, ordre string) (r string, err error) {
	err = c.parler(ctx, func(conn net.Conn) error {
		if _, err := io.WriteString(conn, ordre); err != nil {
			return err
		}
		r, err = recevoir(conn)
		return err
	})
	return r, err
}

// parler opens a connection for one exchange; the end of the context or of the
// delay closes it.
func (c *Client) parler(ctx context.Context, f func(net.Conn) error) error {
	ctx, fin := context.WithTimeout(ctx, c.delai)
	defer fin()
	conn, err := new(net.Dialer).DialContext(ctx, c.reseau, c.adresse)
	if err != nil {
		return fmt.Errorf("antivirus : clamd ne répond pas : %w", err)
	}
	defer func() { _ = conn.Close() }() // what it was for is done, or failed by itself
	arret := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer arret()
	if err = f(conn); err != nil && ctx.Err() != nil {
		return fmt.Errorf("antivirus : clamd n’a pas répondu à temps : %w", ctx.Err())
	}
	return err
}
