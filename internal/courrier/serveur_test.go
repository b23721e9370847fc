package courrier

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"net/mail"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// boite is a real SMTP server on the loopback that keeps what it gets.
type boite struct {
	serveur              *smtp.Server
	port                 int
	racines              *x509.CertPool
	refusRcpt, refusData error // said to every message
	mu                   sync.Mutex
	recus                []recu
	connexions           int
}

type recu struct {
	de, a, identifiant string
	chiffre            bool
	octets             []byte
}

// ouvrir starts the server: with STARTTLS, with TLS from the first byte, or
// without any.
func ouvrir(t *testing.T, politique TLS) *boite {
	t.Helper()
	b := &boite{}
	cert, racines := certificat(t)
	b.racines = racines
	b.serveur = smtp.NewServer(b)
	b.serveur.Domain = "localhost"
	b.serveur.ErrorLog = silence{}
	b.serveur.ReadTimeout, b.serveur.WriteTimeout = 10*time.Second, 10*time.Second
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b.port = l.Addr().(*net.TCPAddr).Port
	conf := &tls.Config{Certificates: []tls.Certificate{cert}}
	switch politique {
	case TLSObligatoire:
		b.serveur.TLSConfig = conf
	case TLSImplicite:
		l = tls.NewListener(l, conf)
	}
	fini := make(chan struct{})
	go func() {
		defer close(fini)
		_ = b.serveur.Serve(l) // ends when Close does
	}()
	// The server forgets a listener that it has not yet begun to serve: close both.
	t.Cleanup(func() { b.serveur.Close(); l.Close(); <-fini })
	return b
}

// facteur gives settings that reach the server.
func (b *boite) reglages(politique TLS) Reglages {
	return Reglages{Hote: "127.0.0.1", Port: b.port, TLS: politique, De: mail.Address{Name: "Portail Ségur", Address: "portail@guichet.example"},
		RepondreA: "aide@guichet.example", Delai: 5 * time.Second, Racines: b.racines}
}

func (b *boite) messages() []recu {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]recu(nil), b.recus...)
}

// NewSession begins the talk of one connection.
func (b *boite) NewSession(c *smtp.Conn) (smtp.Session, error) {
	b.mu.Lock()
	b.connexions++
	b.mu.Unlock()
	return &seance{b: b, c: c}, nil
}

type seance struct {
	b  *boite
	c  *smtp.Conn
	en recu
}

func (s *seance) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *seance) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, identifiant, motDePasse string) error {
		if identifiant != "portail" || motDePasse != "bon" {
			return smtp.ErrAuthFailed
		}
		s.en.identifiant = identifiant
		return nil
	}), nil
}

func (s *seance) Mail(de string, _ *smtp.MailOptions) error { s.en.de = de; return nil }

func (s *seance) Rcpt(a string, _ *smtp.RcptOptions) error {
	s.en.a += a
	return s.b.refusRcpt
}

func (s *seance) Data(r io.Reader) error {
	var buf bytes.Buffer
	if _, err := io.Copy(&buf, r); err != nil {
		return err
	}
	if s.b.refusData != nil {
		return s.b.refusData
	}
	_, s.en.chiffre = s.c.TLSConnectionState()
	s.en.octets = buf.Bytes()
	s.b.mu.Lock()
	s.b.recus = append(s.b.recus, s.en)
	s.b.mu.Unlock()
	return nil
}

func (s *seance) Reset()        {}
func (s *seance) Logout() error { return nil }

type silence struct{}

func (silence) Printf(string, ...any) {}
func (silence) Println(...any)        {}

// certificat makes a certificate for the loopback, and the pool that trusts it.
func certificat(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	cle, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	modele := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, modele, modele, &cle.PublicKey, cle)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	racines := x509.NewCertPool()
	racines.AddCert(c)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: cle}, racines
}

// muet accepts connections and never says a word, or cuts them after the
// message was taken.
func muet(t *testing.T, parler func(net.Conn)) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var attente sync.WaitGroup
	attente.Go(func() {
		for {
			c, err := l.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err == nil {
				attente.Go(func() { defer c.Close(); parler(c) })
			}
		}
	})
	t.Cleanup(func() { l.Close(); attente.Wait() })
	return l.Addr().(*net.TCPAddr).Port
}
