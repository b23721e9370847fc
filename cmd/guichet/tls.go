package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// cadenceCertificat is how often the files of the certificate are looked at.
const cadenceCertificat = 30 * time.Second

// chiffrement is how the portal speaks TLS itself; nil = it does not, and a
// proxy before it may.
type chiffrement struct {
	config   *tls.Config
	expire   atomic.Int64                    // unix seconds of the certificate in use; 0 = none yet
	epreuves func(http.Handler) http.Handler // answers the challenges of ACME before a handler
	veiller  func(ctx context.Context, signaux <-chan os.Signal)
}

// lireChiffrement reads the settings of TLS: a certificate in files, or one
// asked for by ACME, or none.
func (r reglages) lireChiffrement(trace *slog.Logger) (*chiffrement, error) {
	fichiers, domaines := r["GUICHET_TLS_CERTIFICAT"] != "", r.liste("GUICHET_ACME_DOMAINES")
	switch {
	case fichiers != (r["GUICHET_TLS_CLE"] != ""):
		return nil, usage("GUICHET_TLS_CERTIFICAT et GUICHET_TLS_CLE vont ensemble : l’un des deux manque")
	case fichiers && len(domaines) > 0:
		return nil, usage("GUICHET_TLS_CERTIFICAT et GUICHET_ACME_DOMAINES s’excluent : gardez l’un des deux")
	case !fichiers && len(domaines) == 0:
		if r["GUICHET_ECOUTE_HTTP"] != "" {
			return nil, usage("GUICHET_ECOUTE_HTTP ne sert qu’avec TLS : donnez GUICHET_TLS_CERTIFICAT ou GUICHET_ACME_DOMAINES, ou écoutez sur GUICHET_ECOUTE")
		}
		return nil, nil
	case !strings.HasPrefix(r["GUICHET_ADRESSE"], "https://"):
		return nil, usage("GUICHET_ADRESSE vaut « %s » ; attendu avec TLS : l’adresse publique, qui commence par https://", r["GUICHET_ADRESSE"])
	case fichiers:
		return chiffrerParFichiers(r["GUICHET_TLS_CERTIFICAT"], r["GUICHET_TLS_CLE"], trace)
	}
	return r.chiffrerParACME(domaines)
}

// base is what both ways have in common. Go's own choice of suites is the one
// that is recommended today; it needs no list here.
func (c *chiffrement) base(obtenir func(*tls.ClientHelloInfo) (*tls.Certificate, error)) {
	c.config = &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}, GetCertificate: func(h *tls.ClientHelloInfo) (*tls.Certificate, error) {
		x, err := obtenir(h)
		if err == nil && x.Leaf != nil {
			c.expire.Store(x.Leaf.NotAfter.Unix())
		}
		return x, err
	}}
}

// certificatFichiers is a certificate that stands in files and is read again
// when they change.
type certificatFichiers struct {
	certificat, cle string
	trace           *slog.Logger
	lu              atomic.Pointer[tls.Certificate]
	etat            string // of the files that were read last
}

func chiffrerParFichiers(certificat, cle string, trace *slog.Logger) (*chiffrement, error) {
	f := &certificatFichiers{certificat: certificat, cle: cle, trace: trace}
	if err := f.relire(); err != nil {
		return nil, err
	}
	c := &chiffrement{epreuves: func(h http.Handler) http.Handler { return h }, veiller: f.veiller}
	c.base(func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return f.lu.Load(), nil })
	c.expire.Store(f.lu.Load().Leaf.NotAfter.Unix())
	return c, nil
}

// relire reads the files; those that do not fit together leave the certificate
// in use as it is.
func (f *certificatFichiers) relire() error {
	if err := illisiblePourTous("GUICHET_TLS_CLE", f.cle); err != nil {
		return err
	}
	f.etat = f.etatFichiers()
	x, err := tls.LoadX509KeyPair(f.certificat, f.cle)
	if err != nil {
		return fmt.Errorf("GUICHET_TLS_CERTIFICAT et GUICHET_TLS_CLE : %w", err)
	}
	f.lu.Store(&x)
	return nil
}

// etatFichiers changes when a file does.
func (f *certificatFichiers) etatFichiers() (etat string) {
	for _, chemin := range []string{f.certificat, f.cle} {
		if i, err := os.Stat(chemin); err == nil {
			etat += fmt.Sprint(i.ModTime().UnixNano(), " ", i.Size(), " ")
		}
	}
	return etat
}

// veiller reads the files again when they changed, and at a signal, until the
// context ends.
func (f *certificatFichiers) veiller(ctx context.Context, signaux <-chan os.Signal) {
	t := time.NewTicker(cadenceCertificat)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-signaux:
		case <-t.C:
			if f.etatFichiers() == f.etat {
				continue
			}
		}
		if err := f.relire(); err != nil {
			f.trace.Error("certificate not read again: the earlier one stays in use", "cause", err.Error())
			continue
		}
		f.trace.Info("certificate read again", "expires", f.lu.Load().Leaf.NotAfter.UTC())
	}
}

// chiffrerParACME asks an authority for the certificate when it is first
// needed, and renews it thirty days before its end.
func (r reglages) chiffrerParACME(domaines []string) (*chiffrement, error) {
	annuaire, err := url.Parse(r["GUICHET_ACME_ANNUAIRE"])
	if err != nil || annuaire.Scheme != "https" || annuaire.Host == "" {
		return nil, usage("GUICHET_ACME_ANNUAIRE vaut « %s » ; attendu : l’adresse https:// de l’annuaire ACME", r["GUICHET_ACME_ANNUAIRE"])
	}
	client := &acme.Client{DirectoryURL: annuaire.String(), UserAgent: "guichet/" + version}
	if chemin := r["GUICHET_ACME_RACINES"]; chemin != "" {
		b, err := os.ReadFile(chemin)
		if err != nil {
			return nil, fmt.Errorf("GUICHET_ACME_RACINES : %w", err)
		}
		racines := x509.NewCertPool()
		if !racines.AppendCertsFromPEM(b) {
			return nil, usage("GUICHET_ACME_RACINES : %s ne contient aucun certificat PEM", chemin)
		}
		client.HTTPClient = &http.Client{Timeout: time.Minute, Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: racines}}}
	}
	if err := os.MkdirAll(r["GUICHET_ACME_DOSSIER"], 0o700); err != nil {
		return nil, fmt.Errorf("GUICHET_ACME_DOSSIER : %w", err)
	}
	m := &autocert.Manager{Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(r["GUICHET_ACME_DOSSIER"]), HostPolicy: autocert.HostWhitelist(domaines...),
		Email: r["GUICHET_ACME_COURRIEL"], Client: client}
	c := &chiffrement{epreuves: m.HTTPHandler, veiller: func(ctx context.Context, _ <-chan os.Signal) { <-ctx.Done() }}
	c.base(m.GetCertificate)
	c.config.NextProtos = append(c.config.NextProtos, acme.ALPNProto)
	return c, nil
}

// versHTTPS sends every request to the same page of the public address, never
// to an address that the caller names.
func versHTTPS(adresse string) http.Handler {
	racine := strings.TrimSuffix(adresse, "/")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		programme := r.URL.Path == "/api" || strings.HasPrefix(r.URL.Path, "/api/")
		if r.Method != http.MethodGet && r.Method != http.MethodHead || programme {
			// What was sent in clear, a program's token first of all, is known to
			// others already: say so rather than carry it on as if nothing had
			// happened.
			http.Error(w, "Cette adresse n’est servie qu’en HTTPS : "+racine, http.StatusForbidden)
			return
		}
		http.Redirect(w, r, racine+r.URL.RequestURI(), http.StatusMovedPermanently)
	})
}

// servirRenvoi serves the second listener, in clear, until the context ends.
func (p *portail) servirRenvoi(ctx context.Context, l net.Listener, c *chiffrement) error {
	s := p.serveurHTTP(c.epreuves(versHTTPS(p.reglages["GUICHET_ADRESSE"])))
	s.ReadTimeout, s.WriteTimeout = delaiEntete, delaiEntete
	fin := make(chan error, 1)
	go func() { fin <- s.Serve(l) }()
	select {
	case err := <-fin:
		return err
	case <-ctx.Done():
	}
	return errors.Join(s.Close(), ignorer(<-fin, http.ErrServerClosed))
}
