package api

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"guichet.example/internal/guichet"
	"guichet.example/internal/tus"
	"guichet.example/segur"
)

// genreProbleme is the media type of a refusal.
const genreProbleme = "application/problem+json"

func rendreProbleme(p *probleme) ([]byte, error) {
	return json.Marshal(p, jsontext.EscapeForHTML(true))
}

// probleme is the body of a refusal, RFC 9457.
type probleme struct {
	Type     string           `json:"type"`
	Title    string           `json:"title"`
	Status   int              `json:"status"`
	Detail   string           `json:"detail"`
	Requete  string           `json:"requete,omitempty"` // what to quote to the operator
	Rapport  jsontext.Value   `json:"rapport,omitempty"`
	Refusees []refusee        `json:"refusees,omitempty"`
	Constats []jsontext.Value `json:"constats,omitempty"`
}

// statuts turns the kind of an error into an HTTP status and a title.
func statutDe(g guichet.Genre) (int, string) {
	switch g {
	case guichet.Illisible:
		return http.StatusBadRequest, "Demande illisible"
	case guichet.Invalide:
		return http.StatusUnprocessableEntity, "Demande refusée"
	case guichet.Inconnu:
		return http.StatusNotFound, "Objet inconnu"
	case guichet.NonIdentifie:
		return http.StatusUnauthorized, "Identification requise"
	case guichet.Interdit:
		return http.StatusForbidden, "Droit insuffisant"
	case guichet.Conflit:
		return http.StatusConflict, "État incompatible"
	case guichet.TropGros:
		return http.StatusRequestEntityTooLarge, "Contenu trop gros"
	case guichet.MauvaisType:
		return http.StatusUnsupportedMediaType, "Type de contenu inattendu"
	case guichet.Altere:
		return tus.StatutAltere, "Contenu altéré"
	case guichet.Prealable:
		return http.StatusPreconditionFailed, "Condition non remplie"
	case guichet.TropSouvent:
		return http.StatusTooManyRequests, "Trop de demandes"
	case guichet.Indisponible:
		return http.StatusServiceUnavailable, "Service indisponible"
	}
	return http.StatusInternalServerError, "Erreur interne"
}

// problemeDe is what a caller is told of an error: never its cause.
func (s *serveur) problemeDe(err error) *probleme {
	genre, detail := guichet.GenreDe(err), "Une erreur est survenue de notre côté. Votre demande n’a pas été prise en compte ; réessayez."
	p := &probleme{}
	var e *guichet.Error
	var controle *guichet.ErreurControle
	var archive *guichet.ErreurArchive
	switch {
	case errors.As(err, &e):
		detail = e.Message
		for i := range e.Constats {
			p.Constats = append(p.Constats, e.Constats[i].AppendJSON(nil))
		}
	case errors.As(err, &controle):
		genre, detail = guichet.Invalide, controle.Error()
		p.Rapport = controle.Rapport.AppendJSON(nil, s.g.Outil(), controle.Fichier, false, nil)
	case errors.As(err, &archive):
		genre, detail = guichet.Invalide, archive.Error()
		p.Refusees = refusees(archive.Refusees)
	}
	p.Status, p.Title = statutDe(genre)
	p.Type, p.Detail = "urn:guichet:probleme:"+string(genre), detail
	return p
}

// refuser answers an error, in the one place that does.
func (s *serveur) refuser(w http.ResponseWriter, r *http.Request, err error) {
	var deja *guichet.DejaRepondu
	if errors.As(err, &deja) {
		if deja.Reponse.Statut == http.StatusCreated {
			situer(w, r, deja.Reponse.Contenu)
		}
		genre := "application/json"
		if deja.Reponse.Statut >= http.StatusBadRequest {
			genre = genreProbleme
		}
		repondreOctets(w, deja.Reponse.Statut, genre, deja.Reponse.Contenu)
		return
	}
	p := s.problemeDe(err)
	if p.Status >= 500 { // what a caller did himself is answered alike each time
		p.Requete = w.Header().Get("X-Request-Id")
	}
	if p.Status >= 500 && (p.Status != http.StatusServiceUnavailable || guichet.EstPanne(err)) {
		s.o.Signaler(r, err)
	}
	switch p.Status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", "Bearer")
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusRequestEntityTooLarge:
		w.Header().Set("Retry-After", strconv.Itoa(attente))
	}
	b, errJSON := rendreProbleme(p)
	if errJSON != nil {
		s.o.Signaler(r, errJSON)
	}
	repondreOctets(w, p.Status, genreProbleme, b)
	if p.Status == http.StatusUnauthorized {
		vider(w, r, champMax) // a stranger gets no patience
	} else {
		vider(w, r, vidangeMax)
	}
}

// situer gives the first answer of a creation its Location again.
func situer(w http.ResponseWriter, r *http.Request, contenu []byte) {
	var cree struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(contenu, &cree) == nil && cree.ID != "" {
		w.Header().Set("Location", r.URL.Path+"/"+cree.ID)
	}
}

// attente is how many seconds a caller is asked to wait.
const attente = 5

func repondreOctets(w http.ResponseWriter, statut int, genre string, b []byte) {
	h := w.Header()
	h.Set("Content-Type", genre)
	h.Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(statut)
	_, _ = w.Write(b) // nobody is left to tell
}

func erreur(g guichet.Genre, message string) error {
	return &guichet.Error{Genre: g, Message: message}
}

// jourLu reads a day AAAA-MM-JJ; the zero day is none.
func jourLu(s string) (segur.Jour, bool) {
	if len(s) != 10 || s[4] != '-' {
		return segur.Jour{}, false
	}
	j, err := segur.LireJour(s)
	return j, err == nil && j.Valide()
}
