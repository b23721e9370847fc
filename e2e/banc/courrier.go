package banc

import (
	"io"
	"net"
	"net/mail"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Courrier is a real SMTP server that keeps what it gets; while it is closed
// it refuses connections.
type Courrier struct {
	hote    string
	mu      sync.Mutex
	serveur *smtp.Server
	recus   map[string]int // by Message-ID
}

// Courrier starts the server.
func (b *Banc) Courrier() (*Courrier, error) {
	hote, err := PortLibre()
	if err != nil {
		return nil, err
	}
	c := &Courrier{hote: hote, recus: map[string]int{}}
	b.Finir(c.Fermer)
	return c, c.Ouvrir()
}

// Adresse is the value of GUICHET_SMTP.
func (c *Courrier) Adresse() string {
	return "smtp://" + c.hote + "?de=portail@guichet.example&tls=aucun&delai=5s"
}

// Ouvrir listens, again if need be.
func (c *Courrier) Ouvrir() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.serveur != nil {
		return nil
	}
	l, err := net.Listen("tcp", c.hote)
	if err != nil {
		return err
	}
	s := smtp.NewServer(c)
	s.Domain = "localhost"
	s.ReadTimeout, s.WriteTimeout = 10*time.Second, 10*time.Second
	c.serveur = s
	go func() { _ = s.Serve(l) }() // ends when Close does
	return nil
}

// Fermer takes no more connections.
func (c *Courrier) Fermer() error {
	c.mu.Lock()
	s := c.serveur
	c.serveur = nil
	c.mu.Unlock()
	if s == nil {
		return nil
	}
	return s.Close()
}

// Recus counts the messages, and those that came more than once.
func (c *Courrier) Recus() (messages, redits int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, n := range c.recus {
		messages++
		if n > 1 {
			redits++
		}
	}
	return messages, redits
}

// NewSession implements smtp.Backend.
func (c *Courrier) NewSession(*smtp.Conn) (smtp.Session, error) { return &seance{c}, nil }

type seance struct{ c *Courrier }

func (*seance) Mail(string, *smtp.MailOptions) error { return nil }
func (*seance) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (*seance) Reset()                               {}
func (*seance) Logout() error                        { return nil }

func (s *seance) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := mail.ReadMessage(strings.NewReader(string(b)))
	if err != nil {
		return err
	}
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	s.c.recus[m.Header.Get("Message-ID")]++
	return nil
}
