package web

import (
	"errors"
	"io"
	"net/http"
	"net/netip"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/tus"
)

// Options are what the pages need beyond the services; every field is required.
type Options struct {
	// MotifBanque spells a bank\'s reason of return in French, "" for one that is not
	// among the usual ones; nil = codes stand alone.
	MotifBanque func(code string) string
	DossierTemp string         // where uploads wait
	Zone        *time.Location // in which people read hours
	// Adresse is where a request comes from, behind proxies that are trusted.
	Adresse func(*http.Request) netip.Addr
	// Chiffre tells a request that came over TLS, to us or to a trusted proxy:
	// its session cookie is marked Secure.
	Chiffre func(*http.Request) bool
	Agence  Agence    // who writes the letters
	Hasard  io.Reader // of the words that only one answer knows
	// Suspecter is told of a form that another site sent; nil = nobody is.
	Suspecter func(*http.Request, string)
	// Signaler logs the cause of an answer 5xx.
	Signaler func(*http.Request, error)
}

// serveur holds what handlers share.
type serveur struct {
	g         *guichet.Guichet
	o         Options
	statiques *statiques
	gabarits  gabarits
	controles chan struct{} // one token a simulation under way
	entrees   chan struct{} // one token a sign-in under way
	envois    *tus.Protocole
}

// What may be at work at once; more wait for their turn. A password takes
// 19 MiB and a core to judge.
const (
	controlesMax = 8
	entreesMax   = 4
)

// Nouveau makes the handler of the pages, for all addresses that nothing else
// serves.
func Nouveau(g *guichet.Guichet, o Options) (http.Handler, error) {
	if g == nil || o.DossierTemp == "" || o.Zone == nil || o.Adresse == nil || o.Chiffre == nil || o.Signaler == nil {
		return nil, errors.New("web: something of the options is missing")
	}
	if err := o.controlerAgence(); err != nil {
		return nil, err
	}
	st, err := lireStatiques()
	if err != nil {
		return nil, err
	}
	s := &serveur{g: g, o: o, statiques: st, controles: make(chan struct{}, controlesMax), entrees: make(chan struct{}, entreesMax), envois: tus.Nouveau(g, o.DossierTemp)}
	if s.gabarits, err = lireGabarits(s); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	for _, r := range routes() {
		mux.Handle(r.patron, s.servir(r))
	}
	mux.Handle("GET "+racineStatique+"{nom...}", st)
	return s.entourer(mux), nil
}

// politique is what a page may load: what we serve, and nothing written into
// the page itself.
const politique = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; frame-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// entourer sets what every answer has, refuses forms of other sites, and turns
// the mux's own refusals into pages.
func (s *serveur) entourer(mux *http.ServeMux) http.Handler {
	origine := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", politique)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("Cache-Control", "no-store")
		if origine.Check(r) != nil || refererEtranger(r) {
			if s.o.Suspecter != nil {
				s.o.Suspecter(r, "form of another site")
			}
			s.refuser(&visite{w: w, r: r}, interdit("Ce formulaire vient d’un autre site : il n’a pas été pris en compte. Ouvrez la page sur le portail et recommencez."))
			return
		}
		f, patron := mux.Handler(r)
		if patron != "" {
			mux.ServeHTTP(w, r)
			return
		}
		s.perdu(&visite{w: w, r: r}, f)
	})
}

// perdu answers an address that no route has, or not for that method.
func (s *serveur) perdu(v *visite, f http.Handler) {
	refus := &muette{entete: http.Header{}}
	f.ServeHTTP(refus, v.r)
	if refus.statut == http.StatusMethodNotAllowed {
		v.w.Header().Set("Allow", refus.entete.Get("Allow"))
		s.pageErreur(v, http.StatusMethodNotAllowed, "Cette adresse existe, mais ne s’ouvre pas de cette façon. Passez par les liens et les formulaires des pages.")
		return
	}
	s.refuser(v, inconnu("Cette page n’existe pas, ou n’existe plus."))
}

// muette learns what the mux would answer.
type muette struct {
	entete http.Header
	statut int
}

func (m *muette) Header() http.Header         { return m.entete }
func (m *muette) Write(b []byte) (int, error) { return len(b), nil }
func (m *muette) WriteHeader(s int)           { m.statut = s }
