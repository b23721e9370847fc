package main

import (
	"io"
	"net"
	"testing"

	"github.com/emersion/go-smtp"
)

// boite is an SMTP server on the loopback that passes on what it gets.
type boite struct {
	l     net.Listener
	recus chan string
}

func ouvrirBoite(t *testing.T) *boite {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &boite{l: l, recus: make(chan string, 100)}
	s := smtp.NewServer(b)
	s.Domain = "localhost"
	fini := make(chan struct{})
	go func() {
		defer close(fini)
		_ = s.Serve(l) // ends when Close does
	}()
	t.Cleanup(func() {
		_, _ = s.Close(), l.Close() // one of them closes what the other has
		<-fini
	})
	return b
}

func (b *boite) adresse() string {
	return "smtp://" + b.l.Addr().String() + "?de=portail@guichet.example&tls=aucun"
}

// NewSession begins the talk of one connection.
func (b *boite) NewSession(*smtp.Conn) (smtp.Session, error) { return &seance{b: b}, nil }

type seance struct {
	b *boite
	a string
}

func (s *seance) Mail(string, *smtp.MailOptions) error { return nil }
func (s *seance) Rcpt(a string, _ *smtp.RcptOptions) error {
	s.a = a
	return nil
}
func (s *seance) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err == nil {
		s.b.recus <- s.a + "\n" + string(b)
	}
	return err
}
func (s *seance) Reset()        {}
func (s *seance) Logout() error { return nil }
