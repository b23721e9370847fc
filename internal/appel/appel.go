// Package appel posts to addresses that others chose: the webhooks of
// suppliers. Whoever chooses an address must not reach, through us, what only
// we can reach: the machine itself, its network, the services of a cloud.
//
// Start at [Nouveau]. It knows nothing of the business.
package appel

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Options are for tests and unusual networks; the zero value is what
// production needs.
type Options struct {
	Delai   time.Duration  // of one call, all told; 0 = 15 s
	Racines *x509.CertPool // nil = the machine's
	// Boucle also allows the loopback, plain HTTP and any port: for tests and
	// for trying a receiver on one's own machine.
	Boucle bool
	// Resoudre looks a name up; nil = the machine's resolver.
	Resoudre func(ctx context.Context, hote string) ([]netip.Addr, error)
}

// Limits of one call.
const (
	delaiDefaut = 15 * time.Second
	reponseMax  = 64 << 10 // read, and thrown away
	adresseMax  = 2000
)

// Appelant posts. Safe for concurrent use.
type Appelant struct {
	o Options
	c *http.Client
}

// Nouveau makes an Appelant.
func Nouveau(o Options) *Appelant {
	if o.Delai == 0 {
		o.Delai = delaiDefaut
	}
	if o.Resoudre == nil {
		o.Resoudre = func(ctx context.Context, hote string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", hote)
		}
	}
	a := &Appelant{o: o}
	a.c = &http.Client{
		Timeout: o.Delai,
		// Another address is another decision: who answers with one is told 3xx.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy: nil, DialContext: a.composer, DisableKeepAlives: true, MaxResponseHeaderBytes: 16 << 10,
			TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.Racines},
		},
	}
	return a
}

// ErrInterdite is wrapped by the error of an address that is not called.
var ErrInterdite = errors.New("address not allowed")

// Permise tells whether an address has a form that is called: https, a name or
// a public number, port 443 or 8443, no user, no fragment. What a name stands
// for is judged at each call.
func (a *Appelant) Permise(adresse string) error {
	u, err := url.Parse(adresse)
	switch {
	case err != nil || len(adresse) > adresseMax || u.Hostname() == "":
		return fmt.Errorf("%w: no URL", ErrInterdite)
	case u.Scheme != "https" && (!a.o.Boucle || u.Scheme != "http"):
		return fmt.Errorf("%w: scheme", ErrInterdite)
	case u.User != nil || u.Fragment != "":
		return fmt.Errorf("%w: user or fragment", ErrInterdite)
	case !a.o.Boucle && u.Port() != "" && u.Port() != "443" && u.Port() != "8443":
		return fmt.Errorf("%w: port", ErrInterdite)
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil {
		return a.permettre(ip)
	}
	if !a.o.Boucle && (!strings.Contains(u.Hostname(), ".") || strings.HasSuffix(u.Hostname(), ".")) {
		return fmt.Errorf("%w: not a public name", ErrInterdite)
	}
	return nil
}

func (a *Appelant) permettre(ip netip.Addr) error {
	if Publique(ip) || a.o.Boucle && ip.Unmap().IsLoopback() {
		return nil
	}
	return fmt.Errorf("%w: %s is not public", ErrInterdite, ip)
}

// composer resolves a name once and dials the number that was judged, so that
// a name cannot stand for another one in between. A name that stands for one
// forbidden number is refused whole.
func (a *Appelant) composer(ctx context.Context, reseau, adresse string) (net.Conn, error) {
	hote, port, err := net.SplitHostPort(adresse)
	if err != nil {
		return nil, err
	}
	ips := []netip.Addr{}
	if ip, err := netip.ParseAddr(hote); err == nil {
		ips = append(ips, ip)
	} else if ips, err = a.o.Resoudre(ctx, hote); err != nil {
		return nil, err
	}
	for _, ip := range ips {
		if err := a.permettre(ip); err != nil {
			return nil, err
		}
	}
	err = errors.New("the name stands for no address")
	for _, ip := range ips {
		var c net.Conn
		if c, err = new(net.Dialer).DialContext(ctx, reseau, net.JoinHostPort(ip.Unmap().String(), port)); err == nil {
			return c, nil
		}
	}
	return nil, err
}

// Poster posts a body and returns the status of the answer, whose content is
// not kept. An answer that redirects is one like others. The error never holds
// more of the address than its host.
func (a *Appelant) Poster(ctx context.Context, adresse string, entetes map[string]string, corps []byte) (statut int, err error) {
	if err := a.Permise(adresse); err != nil {
		return 0, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, adresse, bytes.NewReader(corps))
	if err != nil {
		return 0, fmt.Errorf("%w: no URL", ErrInterdite)
	}
	r.Header.Set("User-Agent", "guichet-webhook/1")
	for k, v := range entetes {
		r.Header.Set(k, v)
	}
	rep, err := a.c.Do(r)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // u repeats the address, whose path may be a secret
		}
		return 0, fmt.Errorf("%s: %w", r.URL.Host, err)
	}
	_, errLire := io.Copy(io.Discard, io.LimitReader(rep.Body, reponseMax))
	if err := errors.Join(errLire, rep.Body.Close()); err != nil && rep.StatusCode/100 != 2 {
		return rep.StatusCode, err
	}
	return rep.StatusCode, nil
}
