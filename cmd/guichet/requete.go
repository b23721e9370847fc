package main

import (
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// enteteRequete carries the identifier of a request: in its answer, in the
// log, in the body of a problem and on the page of an error, so that a person
// who complains and an operator who looks speak of the same thing.
const enteteRequete = "X-Request-Id"

// hsts lasts two years, and covers the names below ours.
const hsts = "max-age=63072000; includeSubDomains"

// numeroter gives every request its identifier, that of a trusted proxy when it
// sends one, and every answer what it owes to TLS.
func (p *portail) numeroter(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(enteteRequete)
		if !p.duMandataire(r) || !idRequete(id) {
			id = rand.Text()
		}
		r.Header.Set(enteteRequete, id) // for those who log
		w.Header().Set(enteteRequete, id)
		if p.chiffre(r) {
			w.Header().Set("Strict-Transport-Security", hsts)
		}
		h.ServeHTTP(w, r)
	})
}

// duMandataire tells a request that a trusted proxy passes on.
func (p *portail) duMandataire(r *http.Request) bool {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && p.cru(ap.Addr())
}

// cru tells the address of a trusted proxy.
func (p *portail) cru(a netip.Addr) bool {
	return slices.ContainsFunc(p.mandataires, func(m netip.Prefix) bool { return m.Contains(a.Unmap()) })
}

// idRequete tells an identifier that may go into a log as it is.
func idRequete(id string) bool {
	return len(id) >= 8 && len(id) <= 64 && strings.Trim(id, "-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == ""
}

// chiffre tells a request that its sender made over TLS: to us, or to the
// proxy behind the public address.
func (p *portail) chiffre(r *http.Request) bool {
	return r.TLS != nil || strings.HasPrefix(p.reglages["GUICHET_ADRESSE"], "https://")
}

// observateur sees a request served.
type observateur func(r *http.Request, route string, statut int, duree time.Duration)

// tenirTrace is the line of the log that every request leaves: its route, never
// its address, its body or who made it. Acts have the journal for that. When
// the settings want errors only, refusals for trying too often are left.
func (p *portail) tenirTrace() observateur {
	toutes := p.reglages["GUICHET_TRACE"] == "requetes"
	return func(r *http.Request, route string, statut int, duree time.Duration) {
		if statut == http.StatusTooManyRequests {
			p.suspects.dire(r, "too many tries")
		}
		if !toutes {
			return
		}
		switch r.URL.Path {
		case "/livez", "/readyz", "/metrics": // every few seconds, and nothing to learn
			return
		}
		p.trace.Info("request", "id", r.Header.Get(enteteRequete), "method", methodeDe(r), "route", route, "status", statut, "ms", duree.Milliseconds())
	}
}

// nouvelleTrace writes the log, one JSON object a line.
func nouvelleTrace(w io.Writer) *slog.Logger { return slog.New(slog.NewJSONHandler(w, nil)) }
