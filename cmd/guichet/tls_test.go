package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// ecrireCertificat makes a certificate for localhost that signs itself, in two
// files of a folder.
func ecrireCertificat(t *testing.T, dossier, nom string) (certificat, cle string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	m := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: nom}, DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	x, err := x509.CreateCertificate(rand.Reader, m, m, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	p, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	certificat, cle = filepath.Join(dossier, "certificat.pem"), filepath.Join(dossier, "cle.pem")
	for chemin, b := range map[string]*pem.Block{certificat: {Type: "CERTIFICATE", Bytes: x}, cle: {Type: "PRIVATE KEY", Bytes: p}} {
		if err := os.WriteFile(chemin, pem.EncodeToMemory(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return certificat, cle
}

// service is "guichet servir" under way in this process.
type service struct {
	adresses map[string]string // by the words that announce them
	arreter  func() int
	trace    *tampon
}

// tampon is a log that is read while it is written.
type tampon struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (x *tampon) Write(b []byte) (int, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.b.Write(b)
}

func (x *tampon) String() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.b.String()
}

// servirEn runs the command until the test ends, or arreter is called.
func (m *lieu) servirEn(t *testing.T, options ...string) *service {
	t.Helper()
	ctx, annuler := context.WithCancel(t.Context())
	lit, ecrit := io.Pipe()
	s := &service{adresses: map[string]string{}, trace: &tampon{}}
	env := environnement{entree: strings.NewReader(""), sortie: ecrit, erreur: s.trace, variable: func(n string) string { return m.r[n] }, maintenant: time.Now}
	fin := make(chan int, 1)
	go func() {
		fin <- run(ctx, env, append([]string{"servir"}, options...))
		ecrit.Close()
	}()
	var une sync.Once
	statut := 0
	s.arreter = func() int {
		une.Do(func() {
			annuler()
			go func() { _, _ = io.Copy(io.Discard, lit) }()
			statut = <-fin
		})
		return statut
	}
	t.Cleanup(func() { s.arreter() })
	for l := bufio.NewScanner(lit); l.Scan(); {
		mots, adresse, ok := strings.Cut(l.Text(), " écoute sur ")
		if !ok {
			continue
		}
		s.adresses[mots] = adresse
		if mots == "Le portail" {
			return s
		}
	}
	t.Fatalf("the portal does not serve: status %d\n%s", s.arreter(), s.trace)
	return nil
}

// appelantTLS calls a server whose certificate stands in a file.
func appelantTLS(t *testing.T, certificat string) *http.Client {
	t.Helper()
	b, err := os.ReadFile(certificat)
	if err != nil {
		t.Fatal(err)
	}
	racines := x509.NewCertPool()
	racines.AppendCertsFromPEM(b)
	tr := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: racines, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true, DisableKeepAlives: true}
	return &http.Client{Transport: tr, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Timeout: 20 * time.Second}
}

// The portal speaks TLS by itself, sends who comes in clear to it, and tells
// browsers to stay there.
func TestServirEnTLS(t *testing.T) {
	t.Parallel()
	m := nouveauLieu(t)
	m.r["GUICHET_TLS_CERTIFICAT"], m.r["GUICHET_TLS_CLE"] = ecrireCertificat(t, m.dossier, "un")
	m.r["GUICHET_ECOUTE_HTTP"], m.r["GUICHET_ADRESSE"] = "127.0.0.1:0", "https://guichet.example/"
	s := m.servirEn(t, "--ecoute", "127.0.0.1:0")
	c := appelantTLS(t, m.r["GUICHET_TLS_CERTIFICAT"])
	for _, chemin := range []string{"/", "/api/v1/demandes", "/livez", "/rien"} {
		rep := lireReponse(t, c, s.adresses["Le portail"]+chemin)
		if rep.ProtoMajor != 2 || !strings.Contains(rep.Header.Get("Strict-Transport-Security"), "includeSubDomains") || len(rep.Header.Get(enteteRequete)) < 20 {
			t.Errorf("%s: %s, %v", chemin, rep.Proto, rep.Header)
		}
	}
	clair := s.adresses["Le renvoi vers HTTPS"]
	if rep := lireReponse(t, c, clair+"/demandes?x=1"); rep.StatusCode != http.StatusMovedPermanently || rep.Header.Get("Location") != "https://guichet.example/demandes?x=1" {
		t.Error(rep.StatusCode, rep.Header)
	}
	// A program that speaks in clear learns it at its first call, not never.
	if rep := lireReponse(t, c, clair+"/api/v1/demandes"); rep.StatusCode != http.StatusForbidden || rep.Header.Get("Location") != "" {
		t.Error(rep.StatusCode, rep.Header)
	}
	rep, err := c.Post(clair+"/connexion", "application/x-www-form-urlencoded", strings.NewReader("mot_de_passe=x"))
	if err != nil || rep.StatusCode != http.StatusForbidden {
		t.Error(rep, err)
	}
	if rep, err := c.Get(strings.Replace(s.adresses["Le portail"], "https", "http", 1)); err != nil || rep.StatusCode != http.StatusBadRequest {
		t.Error(rep, err)
	}
	if n := s.arreter(); n != statutBon {
		t.Errorf("status %d\n%s", n, s.trace)
	}
}

func lireReponse(t *testing.T, c *http.Client, adresse string) *http.Response {
	t.Helper()
	rep, err := c.Get(adresse)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, rep.Body); err != nil || rep.Body.Close() != nil {
		t.Fatal(err)
	}
	return rep
}

// A renewed certificate is taken without a restart; files that do not fit
// leave the earlier one in use.
func TestCertificatRelu(t *testing.T) {
	t.Parallel()
	dossier := t.TempDir()
	certificat, cle := ecrireCertificat(t, dossier, "un")
	trace := &tampon{}
	c, err := chiffrerParFichiers(certificat, cle, slog.New(slog.NewJSONHandler(trace, nil)))
	if err != nil {
		t.Fatal(err)
	}
	signaux, ctx := make(chan os.Signal), t.Context()
	go c.veiller(ctx, signaux)
	nom := func() string {
		x, err := c.config.GetCertificate(nil)
		if err != nil {
			t.Fatal(err)
		}
		return x.Leaf.Subject.CommonName
	}
	// The second signal is only taken once the first was dealt with.
	relire := func() { signaux <- nil; signaux <- nil }
	if nom() != "un" {
		t.Fatal(nom())
	}
	ecrireCertificat(t, dossier, "deux")
	if relire(); nom() != "deux" {
		t.Errorf("the certificate in use is %s\n%s", nom(), trace)
	}
	if err := os.WriteFile(certificat, []byte("abîmé"), 0o600); err != nil {
		t.Fatal(err)
	}
	if relire(); nom() != "deux" || !strings.Contains(trace.String(), "not read again") {
		t.Errorf("the certificate in use is %s\n%s", nom(), trace)
	}
	if c.expire.Load() < time.Now().Unix() {
		t.Error("its end is unknown")
	}
}

func TestReglagesTLSRefuses(t *testing.T) {
	t.Parallel()
	m := nouveauLieu(t)
	certificat, cle := ecrireCertificat(t, m.dossier, "un")
	essayer := func(attendu int, dit string, rs ...string) {
		t.Helper()
		x := &lieu{dossier: m.dossier, r: map[string]string{}}
		for k, v := range m.r {
			x.r[k] = v
		}
		for i := 0; i < len(rs); i += 2 {
			x.r[rs[i]] = rs[i+1]
		}
		x.exiger(t, attendu, dit, "", "servir", "--ecoute", "127.0.0.1:0")
	}
	essayer(statutUsage, "vont ensemble", "GUICHET_TLS_CERTIFICAT", certificat)
	essayer(statutUsage, "s’excluent", "GUICHET_TLS_CERTIFICAT", certificat, "GUICHET_TLS_CLE", cle, "GUICHET_ACME_DOMAINES", "guichet.example")
	essayer(statutUsage, "ne sert qu’avec TLS", "GUICHET_ECOUTE_HTTP", "127.0.0.1:0")
	essayer(statutUsage, "https://", "GUICHET_TLS_CERTIFICAT", certificat, "GUICHET_TLS_CLE", cle, "GUICHET_ADRESSE", "http://guichet.example")
	essayer(statutUsage, "GUICHET_ACME_ANNUAIRE", "GUICHET_ACME_DOMAINES", "guichet.example", "GUICHET_ACME_ANNUAIRE", "http://clair.example")
	essayer(statutOutil, "GUICHET_TLS_CERTIFICAT", "GUICHET_TLS_CERTIFICAT", cle, "GUICHET_TLS_CLE", cle)
	if err := os.Chmod(cle, 0o644); err != nil {
		t.Fatal(err)
	}
	essayer(statutUsage, "chmod 640", "GUICHET_TLS_CERTIFICAT", certificat, "GUICHET_TLS_CLE", cle)
}

// programme finds a tool that `make test` builds into bin/.
func programme(t *testing.T, nom string) string {
	t.Helper()
	chemin, err := filepath.Abs(filepath.Join("..", "..", "bin", nom))
	if err == nil {
		_, err = os.Stat(chemin)
	}
	if err != nil {
		t.Skipf("no ACME server: go build -C tools/pebble -o ../../bin/ tool (%v)", err)
	}
	return chemin
}

// portsLibres are ports of the loopback that nobody listens on.
func portsLibres(t *testing.T, n int) (ports []string) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		_, port, err := net.SplitHostPort(l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		ports = append(ports, port)
	}
	return ports
}

// lancerProgramme runs a program until the test ends.
func lancerProgramme(t *testing.T, attendre, chemin string, args ...string) {
	t.Helper()
	sortie := &tampon{}
	cmd := exec.Command(chemin, args...)
	cmd.Stdout, cmd.Stderr = sortie, sortie
	cmd.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended by itself
		_ = cmd.Wait()
		if t.Failed() {
			t.Log(sortie)
		}
	})
	for limite := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		c, err := net.DialTimeout("tcp", "127.0.0.1:"+attendre, time.Second)
		if err == nil {
			c.Close()
			return
		}
		if time.Now().After(limite) {
			t.Fatalf("%s does not listen\n%s", chemin, sortie)
		}
	}
}

// A certificate is asked for from a real ACME server when it is first needed,
// kept, and used again after a restart.
func TestServirParACME(t *testing.T) {
	t.Parallel()
	pebble, epreuves := programme(t, "pebble"), programme(t, "pebble-challtestsrv")
	m := nouveauLieu(t)
	racine, cleRacine := ecrireCertificat(t, m.dossier, "annuaire")
	ports := portsLibres(t, 6)
	annuaire, gestion, https, clair, dns, gestionDNS := ports[0], ports[1], ports[2], ports[3], ports[4], ports[5]
	config := filepath.Join(m.dossier, "pebble.json")
	if err := os.WriteFile(config, fmt.Appendf(nil, `{"pebble": {"listenAddress": "127.0.0.1:%s", "managementListenAddress": "127.0.0.1:%s", "certificate": %q, "privateKey": %q,
		"httpPort": %s, "tlsPort": %s, "retryAfter": {"authz": 1, "order": 1}, "profiles": {"default": {"description": "essai", "validityPeriod": 7776000}}}}`,
		annuaire, gestion, racine, cleRacine, clair, https), 0o600); err != nil {
		t.Fatal(err)
	}
	lancerProgramme(t, gestionDNS, epreuves, "-dnsserver", "127.0.0.1:"+dns, "-management", "127.0.0.1:"+gestionDNS, "-http01", "", "-https01", "", "-tlsalpn01", "", "-doh", "", "-defaultIPv6", "")
	lancerProgramme(t, annuaire, pebble, "-config", config, "-dnsserver", "127.0.0.1:"+dns)
	m.r["GUICHET_ACME_DOMAINES"], m.r["GUICHET_ADRESSE"] = "guichet.essai.example", "https://guichet.essai.example"
	m.r["GUICHET_ACME_ANNUAIRE"], m.r["GUICHET_ACME_RACINES"] = "https://127.0.0.1:"+annuaire+"/dir", racine
	m.r["GUICHET_ACME_DOSSIER"], m.r["GUICHET_ACME_COURRIEL"] = filepath.Join(m.dossier, "acme"), "exploitation@agence.example"
	m.r["GUICHET_ECOUTE_HTTP"] = "127.0.0.1:" + clair

	// The root of the authority is new at each start of pebble.
	autorite := filepath.Join(m.dossier, "autorite.pem")
	rep, err := appelantTLS(t, racine).Get("https://127.0.0.1:" + gestion + "/roots/0")
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(rep.Body)
	if err != nil || rep.Body.Close() != nil || os.WriteFile(autorite, b, 0o600) != nil {
		t.Fatal(err)
	}
	c := appelantTLS(t, autorite)
	c.Transport.(*http.Transport).TLSClientConfig.ServerName = "guichet.essai.example"
	numero := func() string {
		s := m.servirEn(t, "--ecoute", "127.0.0.1:"+https)
		defer s.arreter()
		rep := lireReponse(t, c, s.adresses["Le portail"]+"/livez")
		if rep.StatusCode != http.StatusOK {
			t.Error(rep.StatusCode)
		}
		return rep.TLS.PeerCertificates[0].SerialNumber.String()
	}
	if premier := numero(); premier != numero() {
		t.Error("another certificate after a restart")
	}
	s := m.servirEn(t, "--ecoute", "127.0.0.1:"+https)
	c.Transport.(*http.Transport).TLSClientConfig.ServerName = "autre.essai.example"
	if rep, err := c.Get(s.adresses["Le portail"]); err == nil {
		t.Errorf("a certificate for a name that is not ours: %v", rep.TLS)
	}
}
