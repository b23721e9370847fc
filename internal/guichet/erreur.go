package guichet

import (
	"errors"
	"fmt"

	"guichet.example/segur"
)

// Genre is the kind of an error, from which one place makes a page or an HTTP
// status.
type Genre string

// The kinds of errors.
const (
	Illisible    Genre = "illisible"     // the body or a parameter cannot be read
	Invalide     Genre = "invalide"      // read, and refused
	Inconnu      Genre = "inconnu"       // no such object, or not for this caller to know of
	NonIdentifie Genre = "non_identifie" // nobody known asks
	Interdit     Genre = "interdit"      // not this caller's right
	Conflit      Genre = "conflit"       // not from this state
	TropGros     Genre = "trop_gros"     // over a limit of size
	MauvaisType  Genre = "mauvais_type"  // not the kind of content expected
	Altere       Genre = "altere"        // not the bytes that left
	Prealable    Genre = "prealable"     // what the caller requires of us does not hold
	TropSouvent  Genre = "trop_souvent"  // over a limit of rate
	Indisponible Genre = "indisponible"  // overloaded, or a store that does not answer
	Interne      Genre = "interne"       // our fault
)

// Error is what a service refuses with: a sentence that is safe to show, and
// the cause for the log.
type Error struct {
	Genre    Genre
	Message  string // French, for the person who asked
	Cause    error
	Constats []segur.Constat // what control found, where that is the reason
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return e.Message + ": " + e.Cause.Error()
	}
	return e.Message
}

func (e *Error) Unwrap() error { return e.Cause }

// erreur builds an Error without a cause.
func erreur(g Genre, format string, args ...any) *Error {
	return &Error{Genre: g, Message: fmt.Sprintf(format, args...)}
}

// GenreDe is the kind of any error: Interne for those that are no [Error].
func GenreDe(err error) Genre {
	var e *Error
	if errors.As(err, &e) {
		return e.Genre
	}
	return Interne
}

// Panne is the error of an engine that does not answer, or has no room left:
// the same call may succeed in a moment. What was asked may have been done
// when the engine failed in the middle.
func Panne(cause error) *Error {
	return &Error{Genre: Indisponible, Cause: cause, Message: "Le portail ne peut pas répondre en ce moment : un des services dont il dépend est arrêté, ou n’a plus de place. Réessayez dans quelques instants, après avoir vérifié si votre demande n’a pas été prise en compte."}
}

// EstPanne tells an error of [Panne], which operators must hear of.
func EstPanne(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Genre == Indisponible && e.Cause != nil
}

// ErrAbsent is what a port returns for an object that is not there.
var ErrAbsent = errors.New("absent")

// ErrDoublon is what a port returns for a second object of a unique key.
var ErrDoublon = errors.New("doublon")

// absent turns a port's ErrAbsent into a refusal.
func absent(err error, format string, args ...any) error {
	if errors.Is(err, ErrAbsent) {
		return erreur(Inconnu, format, args...)
	}
	return err
}
