package main

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/netip"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"guichet.example/internal/api"
)

// Limits of a connection: a caller that sends its header slowly is cut, one
// that sends 200 MiB slowly is not.
const (
	delaiEntete  = 20 * time.Second
	delaiCorps   = 30 * time.Minute
	delaiReponse = 31 * time.Minute
	delaiRepos   = 2 * time.Minute
	delaiArret   = 12 * time.Second
	delaiTarir   = 250 * time.Millisecond // from the last connection that begins to its being accepted
	enteteMax    = 32 << 10
)

// ramassage lets the heap grow to three times what lives in it before it is
// collected: little lives in it, since files are streamed and the database
// keeps its pages elsewhere.
const ramassage = 200

// routeur puts the API, the pages and the probes under one address.
func (p *portail) routeur() (http.Handler, error) {
	o := api.Options{DossierTemp: p.temp, Adresse: p.adresseDe, Signaler: p.signaler}
	mux := http.NewServeMux()
	appels := api.Nouveau(p.guichet, o)
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { sonde(w) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		var absents []string
		if p.base.Vivante(r.Context()) != nil {
			absents = append(absents, "base")
		}
		if p.magasin.Verifier(r.Context()) != nil {
			absents = append(absents, "pièces")
		}
		sonde(w, absents...)
	})
	m, err := p.nouvellesMetriques()
	if err != nil {
		return nil, err
	}
	mux.Handle("GET /metrics", m.servir())
	pages, err := p.pages(o)
	if err != nil {
		return nil, err
	}
	mux.Handle("/", pages)
	return p.numeroter(m.mesurer(p.proteger(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The mux cleans addresses by redirecting; the API refuses them itself.
		if r.URL.Path == "/api/v1" || strings.HasPrefix(r.URL.Path, "/api/v1/") {
			appels.ServeHTTP(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})), p.tenirTrace(), p.traceur)), nil
}

// sonde answers a probe, with what does not answer; why is in no answer.
func sonde(w http.ResponseWriter, absents ...string) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	if len(absents) > 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, "indisponible :", strings.Join(absents, ", "))
		return
	}
	fmt.Fprintln(w, "ok")
}

// proteger keeps a panic from taking the process, or its cause from reaching
// the caller.
func (p *portail) proteger(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if v := recover(); v != nil && v != any(http.ErrAbortHandler) {
				p.signaler(r, fmt.Errorf("panic: %v", v))
				http.Error(w, "Une erreur est survenue de notre côté.", http.StatusInternalServerError)
			}
		}()
		h.ServeHTTP(w, r)
	})
}

// signaler logs the cause of an answer 5xx: the route, never the body, nor an
// address that is a secret.
func (p *portail) signaler(r *http.Request, err error) {
	chemin := r.URL.Path
	if strings.HasPrefix(chemin, "/activation/") || strings.HasPrefix(chemin, "/enrolement/") {
		chemin = r.Pattern
	}
	p.trace.Error("request failed", "id", r.Header.Get(enteteRequete), "method", r.Method, "path", chemin, "cause", err.Error())
}

// adresseDe tells where a request comes from: the connection, or what a
// trusted proxy says of it.
func (p *portail) adresseDe(r *http.Request) netip.Addr {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	a := ap.Addr()
	if err != nil || !p.cru(a) {
		return a
	}
	chaine := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(chaine) - 1; i >= 0; i-- {
		x, err := netip.ParseAddr(strings.TrimSpace(chaine[i]))
		if err != nil {
			break
		}
		if a = x; !p.cru(a) {
			break
		}
	}
	return a
}

// serveurHTTP is a server with the limits of every connection.
func (p *portail) serveurHTTP(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: delaiEntete, ReadTimeout: delaiCorps, WriteTimeout: delaiReponse, IdleTimeout: delaiRepos, MaxHeaderBytes: enteteMax,
		ErrorLog: log.New(ligneTrace{p}, "", 0)}
}

// servirSur serves until the context ends, with TLS when the settings have it,
// then lets requests under way finish. No call that reached the listener is
// lost: see tarir.
func (p *portail) servirSur(ctx context.Context, l net.Listener, h http.Handler) error {
	if p.env.variable("GOGC") == "" {
		debug.SetGCPercent(ramassage)
	}
	s := p.serveurHTTP(h)
	ctx, arreterTravaux := context.WithCancel(ctx)
	attendreTravaux := p.lancerTravaux(ctx)
	defer func() { arreterTravaux(); attendreTravaux() }()
	fin := make(chan error, 1)
	go func() {
		if p.chiffrement == nil {
			fin <- s.Serve(l)
		} else {
			fin <- s.Serve(tls.NewListener(l, p.chiffrement.config))
		}
	}()
	select {
	case err := <-fin:
		return err
	case <-ctx.Done():
	}
	if tarir(l) {
		time.Sleep(delaiTarir)
	}
	arret, annuler := context.WithTimeout(context.WithoutCancel(ctx), delaiArret)
	defer annuler()
	if err := s.Shutdown(arret); err != nil {
		return errors.Join(s.Close(), ignorer(err, context.DeadlineExceeded))
	}
	return nil
}

// ignorer drops an error that is expected.
func ignorer(err, attendue error) error {
	if errors.Is(err, attendue) {
		return nil
	}
	return err
}

// ligneTrace turns the server's own messages into log entries, without the
// addresses that they hold.
type ligneTrace struct{ p *portail }

func (l ligneTrace) Write(b []byte) (int, error) {
	message, _, _ := strings.Cut(string(b), " from ")
	l.p.trace.Warn("http server", "message", strings.TrimSpace(message))
	return len(b), nil
}

func migrer(ctx context.Context, env environnement, args []string) error {
	r, err := lireReglages(env.variable)
	if err != nil {
		return err
	}
	vers := int64(-1)
	if err := lireOptions("migrer", args, func(fs *flag.FlagSet) { fs.Int64Var(&vers, "vers", -1, "") }); err != nil {
		return err
	}
	p, err := ouvrirBase(ctx, r)
	if err != nil {
		return err
	}
	if vers >= 0 {
		err = p.MigrerVers(ctx, vers)
	} else {
		vers, err = p.Migrer(ctx)
	}
	if err == nil {
		fmt.Fprintf(env.sortie, "Le schéma de la base est à la version %d.\n", vers)
	}
	return errors.Join(err, p.Fermer())
}

// absente tells a SQLite file that is not there: commands that only read must
// not make it.
func absente(base string) (string, bool) {
	chemin, sqlite := strings.CutPrefix(base, "sqlite:")
	if !sqlite {
		return "", false
	}
	i, err := os.Stat(chemin)
	return chemin, err != nil || i.IsDir() || i.Size() == 0
}
