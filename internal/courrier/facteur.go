package courrier

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/wneessen/go-mail"
)

// Facteur brings messages to one SMTP server. Safe for concurrent use: each
// message has a connection of its own, and nothing is kept between two.
type Facteur struct{ r Reglages }

// Nouveau makes a Facteur. It connects to nothing yet.
func Nouveau(r Reglages) (*Facteur, error) {
	if err := r.controler(); err != nil {
		return nil, err
	}
	return &Facteur{r}, nil
}

// Envoyer sends one message and returns once the server has taken charge of
// it. id names the message: a job that tries again gives the same, and a
// server or a reader can tell the second copy. quand is its date. The error
// tells [Definitif] when trying again would not help.
func (f *Facteur) Envoyer(ctx context.Context, m Message, id string, quand time.Time) error {
	msg, err := f.message(m, id, quand)
	if err != nil {
		return &definitif{err}
	}
	ctx, fin := context.WithCancel(ctx)
	defer fin()
	c, err := f.client(ctx)
	if err != nil {
		return fmt.Errorf("SMTP client: %w", err)
	}
	err = c.DialAndSendWithContext(ctx, msg)
	if msg.IsDelivered() {
		// The server has it; a connection that closes badly afterwards must not
		// make the job send a second copy.
		return nil
	}
	var refus *mail.SendError
	if errors.As(err, &refus) && !refus.IsTemp() && refus.ErrorCode() >= 500 && refus.ErrorCode() < 600 {
		return &definitif{err}
	}
	return err
}

// Verifier connects, protects the way and signs in, and sends nothing: for the
// readiness probe and for the operator who just changed the settings.
func (f *Facteur) Verifier(ctx context.Context) error {
	ctx, fin := context.WithCancel(ctx)
	defer fin()
	c, err := f.client(ctx)
	if err != nil {
		return fmt.Errorf("SMTP client: %w", err)
	}
	s, err := c.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return err
	}
	return c.CloseWithSMTPClient(s)
}

// Definitif tells whether err says that the message will never go: the server
// refused this addressee or this message for good, or it cannot be written.
// Everything else may pass later: network, server, password.
func Definitif(err error) bool {
	var d *definitif
	return errors.As(err, &d)
}

type definitif struct{ cause error }

func (d *definitif) Error() string { return d.cause.Error() }
func (d *definitif) Unwrap() error { return d.cause }

func (f *Facteur) message(m Message, id string, quand time.Time) (*mail.Msg, error) {
	if err := m.controler(); err != nil {
		return nil, err
	}
	if !identifiant(id) {
		return nil, fmt.Errorf("courrier : l’identifiant « %.40s » doit avoir de 1 à 64 lettres, chiffres ou tirets", id)
	}
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	msg.FromMailAddress(&f.r.De)
	if err := msg.To(m.A); err != nil {
		return nil, err
	}
	if f.r.RepondreA != "" {
		if err := msg.ReplyTo(f.r.RepondreA); err != nil {
			return nil, err
		}
	}
	msg.SetDateWithValue(quand)
	msg.SetMessageIDWithValue(id + "@" + f.r.domaine())
	// A machine wrote it: absence notices must not come back (RFC 3834).
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.SetGenHeader("Content-Language", "fr")
	msg.Subject(m.Objet)
	msg.SetBodyString(mail.TypeTextPlain, m.Texte)
	msg.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	return msg, nil
}

// client prepares one connection. The end of the context closes it at any
// moment, which go-mail alone does only while it connects.
func (f *Facteur) client(ctx context.Context) (*mail.Client, error) {
	conf := &tls.Config{ServerName: f.r.Hote, MinVersion: tls.VersionTLS12, RootCAs: f.r.Racines}
	nom := f.r.Nom
	if nom == "" {
		nom = f.r.domaine() // not the machine's name, which is nobody's business
	}
	opts := []mail.Option{
		mail.WithPort(f.r.Port), mail.WithTimeout(f.r.Delai), mail.WithHELO(nom), mail.WithTLSConfig(conf),
		mail.WithDialContextFunc(func(dctx context.Context, reseau, adresse string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(dctx, reseau, adresse)
			if err != nil {
				return nil, err
			}
			context.AfterFunc(ctx, func() { _ = conn.Close() })
			if f.r.TLS != TLSImplicite {
				return conn, nil
			}
			t := tls.Client(conn, conf)
			if err := t.HandshakeContext(dctx); err != nil {
				_ = conn.Close()
				return nil, err
			}
			return t, nil
		}),
	}
	switch f.r.TLS {
	case TLSObligatoire:
		opts = append(opts, mail.WithTLSPolicy(mail.TLSMandatory))
	case TLSSiPossible:
		opts = append(opts, mail.WithTLSPolicy(mail.TLSOpportunistic))
	case TLSImplicite:
		// The connection is TLS already; go-mail looks at it, and so signs in as
		// over any protected way. A server inside TLS offers no STARTTLS.
		opts = append(opts, mail.WithTLSPolicy(mail.TLSOpportunistic))
	case TLSAucun:
		opts = append(opts, mail.WithTLSPolicy(mail.NoTLS))
	}
	if f.r.Identifiant != "" {
		opts = append(opts, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(f.r.Identifiant), mail.WithPassword(f.r.MotDePasse))
	}
	return mail.NewClient(f.r.Hote, opts...)
}

func identifiant(s string) bool {
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '.' {
			return false
		}
	}
	return s != "" && len(s) <= 64
}
