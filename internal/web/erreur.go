package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"guichet.example/internal/guichet"
	"guichet.example/internal/tus"
	"guichet.example/segur"
)

func refus(g guichet.Genre, message string) error {
	return &guichet.Error{Genre: g, Message: message}
}

func interdit(m string) error     { return refus(guichet.Interdit, m) }
func inconnu(m string) error      { return refus(guichet.Inconnu, m) }
func nonIdentifie(m string) error { return refus(guichet.NonIdentifie, m) }
func invalide(m string) error     { return refus(guichet.Invalide, m) }
func illisible(m string) error    { return refus(guichet.Illisible, m) }

// attente is how many seconds a browser is asked to wait.
const attente = 5

// statutDe turns the kind of an error into an HTTP status.
func statutDe(g guichet.Genre) int {
	switch g {
	case guichet.Illisible:
		return http.StatusBadRequest
	case guichet.Invalide:
		return http.StatusUnprocessableEntity
	case guichet.Inconnu:
		return http.StatusNotFound
	case guichet.NonIdentifie:
		return http.StatusUnauthorized
	case guichet.Interdit:
		return http.StatusForbidden
	case guichet.Conflit:
		return http.StatusConflict
	case guichet.TropGros:
		return http.StatusRequestEntityTooLarge
	case guichet.MauvaisType:
		return http.StatusUnsupportedMediaType
	case guichet.Altere:
		return tus.StatutAltere
	case guichet.Prealable:
		return http.StatusPreconditionFailed
	case guichet.TropSouvent:
		return http.StatusTooManyRequests
	case guichet.Indisponible:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// phraseDe is what a person is told of an error: never its cause. ok is false
// for what is our fault.
func phraseDe(err error) (phrase string, constats []segur.Constat, ok bool) {
	var e *guichet.Error
	var archive *guichet.ErreurArchive
	switch {
	case errors.As(err, &e):
		return e.Message, e.Constats, e.Genre != guichet.Interne && !guichet.EstPanne(err)
	case errors.As(err, &archive):
		return archive.Error(), nil, true
	}
	return "Une erreur est survenue de notre côté. Rien n’a été changé ; réessayez dans un moment.", nil, false
}

// genreDe is the kind of any error of a service.
func genreDe(err error) guichet.Genre {
	var archive *guichet.ErreurArchive
	if errors.As(err, &archive) {
		return guichet.Invalide
	}
	return guichet.GenreDe(err)
}

// refuser answers an error with a page, in the one place that does. Who is not
// signed in and asked for a page goes to sign in first, and then there.
func (s *serveur) refuser(v *visite, err error) {
	statut := statutDe(genreDe(err))
	if statut == http.StatusUnauthorized && (v.r.Method == http.MethodGet || v.r.Method == http.MethodHead) {
		http.Redirect(v.w, v.r, "/connexion?suite="+url.QueryEscape(v.r.URL.RequestURI()), http.StatusSeeOther)
		return
	}
	phrase, _, ok := phraseDe(err)
	if !ok {
		s.o.Signaler(v.r, err)
	}
	s.pageErreur(v, statut, phrase)
}

// titresErreurs name the pages of errors.
var titresErreurs = map[int]string{
	http.StatusBadRequest:            "Demande illisible",
	http.StatusUnauthorized:          "Connexion nécessaire",
	http.StatusForbidden:             "Accès refusé",
	http.StatusNotFound:              "Page introuvable",
	http.StatusMethodNotAllowed:      "Méthode non admise",
	http.StatusConflict:              "Ce n’est plus possible",
	http.StatusRequestEntityTooLarge: "Envoi trop gros",
	http.StatusUnsupportedMediaType:  "Contenu inattendu",
	http.StatusUnprocessableEntity:   "Saisie refusée",
	http.StatusTooManyRequests:       "Trop de demandes",
	http.StatusServiceUnavailable:    "Portail occupé",
	http.StatusInternalServerError:   "Erreur de notre côté",
}

// corpsErreur is the page of an error.
type corpsErreur struct {
	Statut   int
	Titre    string
	Phrase   string
	Requete  string // what to quote to the operator; "" = nothing went wrong on our side
	Connecte bool
}

func (s *serveur) pageErreur(v *visite, statut int, phrase string) {
	switch statut {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		v.w.Header().Set("Retry-After", strconv.Itoa(attente))
	case http.StatusRequestEntityTooLarge:
		// The rest of the body is not read: the connection cannot serve again.
		v.w.Header().Set("Connection", "close")
	}
	titre := titresErreurs[statut]
	if titre == "" {
		titre = "Erreur"
	}
	c := corpsErreur{Statut: statut, Titre: titre, Phrase: phrase, Connecte: v.a != nil}
	if statut >= http.StatusInternalServerError {
		c.Requete = v.w.Header().Get("X-Request-Id")
	}
	if err := s.rendre(v, statut, "erreur", titre, c); err != nil {
		s.o.Signaler(v.r, err)
		http.Error(v.w, phrase, statut)
	}
}
