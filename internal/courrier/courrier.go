// Package courrier sends the portal's mail: what each message says, and its
// way to an SMTP server.
//
// Start at [Reglages], from which [Nouveau] makes a [Facteur]; then at the
// messages, [Activation] and its neighbours, which are pure. Every message has
// a plain text and an HTML part with the same words, one addressee, and no
// secret but the link that it is sent for. The package retries nothing: it
// tells the job that calls it whether to try again ([Definitif]). It must never
// import the business or a store.
package courrier

import (
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"unicode"

	"guichet.example/segur"
)

// Message is one mail, ready to be sent or kept with its job.
type Message struct {
	A     string // address of the one addressee
	Objet string
	Texte string
	HTML  string
}

// Bounds of a message: what comes from forms must not become a burden.
const (
	objetMax = 200
	corpsMax = 256 << 10
)

// controler refuses what could not be sent as it is meant.
func (m Message) controler() error {
	switch {
	case !adresse(m.A):
		return fmt.Errorf("courrier : « %.80s » n’est pas une adresse électronique", m.A)
	case m.Objet == "" || m.Texte == "" || m.HTML == "":
		return errors.New("courrier : il manque l’objet ou le corps du message")
	case strings.ContainsFunc(m.Objet, unicode.IsControl) || len([]rune(m.Objet)) > objetMax:
		return errors.New("courrier : l’objet contient un caractère de contrôle, ou dépasse 200 caractères")
	case len(m.Texte) > corpsMax || len(m.HTML) > corpsMax:
		return errors.New("courrier : le message est trop long")
	}
	return nil
}

// adresse tells whether s is a bare address: no name, no line break, nothing
// that a server could take for a second addressee.
func adresse(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && segur.Courriel(s)
}

// ligne makes one line of a text from outside: control and format characters
// become spaces, so that no name can add a header or turn a sentence around.
func ligne(s string, max int) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\ufffd"), func(r rune) bool {
		return unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f' || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
	}), " ")
	if r := []rune(s); len(r) > max {
		s = string(r[:max-1]) + "…"
	}
	return s
}
