package api

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// corpsMax bounds a JSON body: a selection of 20,000 numbers fits well.
const corpsMax = 4 << 20

// ecrire answers a value as JSON.
func (s *serveur) ecrire(w http.ResponseWriter, r *http.Request, statut int, genre string, v any) {
	b, err := rendre(v)
	if err != nil {
		s.refuser(w, r, err)
		return
	}
	repondreOctets(w, statut, genre, b)
}

func rendre(v any) ([]byte, error) {
	return json.Marshal(v, json.Deterministic(true), jsontext.EscapeForHTML(true))
}

func (s *serveur) repondre(w http.ResponseWriter, r *http.Request, statut int, v any) error {
	s.ecrire(w, r, statut, "application/json", v)
	return nil
}

// lireTout reads a body of at most max bytes.
func lireTout(r *http.Request, max int64) ([]byte, error) {
	if r.ContentLength > max {
		return nil, tropGros(max)
	}
	b, err := io.ReadAll(io.LimitReader(r.Body, max+1))
	switch {
	case int64(len(b)) > max:
		return nil, tropGros(max)
	case err != nil:
		return nil, &guichet.Error{Genre: guichet.Illisible, Message: "L’envoi s’est interrompu : tout n’est pas arrivé.", Cause: err}
	}
	return b, nil
}

// vidangeMax and vidangeDelai bound what is read and thrown away of a body that
// was refused before its end: the answer is there at once for callers who look
// for it, and many look only when they have sent everything.
const (
	vidangeMax   = segur.ZipMax + 32<<20
	vidangeDelai = 20 * time.Second
)

// vider sends the answer and reads what is left of the body, at most max
// bytes.
func vider(w http.ResponseWriter, r *http.Request, max int64) {
	if r.Body == nil || r.ContentLength == 0 || r.Header.Get("Expect") != "" {
		return
	}
	c := http.NewResponseController(w)
	if errors.Join(c.Flush(), c.SetReadDeadline(time.Now().Add(vidangeDelai))) == nil {
		_, _ = io.CopyN(io.Discard, r.Body, max) // whatever is left, the answer is given
	}
}

func tropGros(max int64) error {
	return &guichet.Error{Genre: guichet.TropGros, Message: "Le contenu dépasse " + octets(max) + "."}
}

// objet reads a JSON object by its members: unreadable JSON, a member said
// twice, or another value than an object is an error.
func objet(r *http.Request) (map[string]jsontext.Value, []byte, error) {
	b, err := lireTout(r, corpsMax)
	if err != nil {
		return nil, nil, err
	}
	var m map[string]jsontext.Value
	if err := json.Unmarshal(b, &m); err != nil || m == nil {
		return nil, b, &guichet.Error{Genre: guichet.Illisible, Message: "Le corps n’est pas un objet JSON lisible, ou une clé y est deux fois.", Cause: err}
	}
	return m, b, nil
}

// membres reads members one by one and keeps the first that is of a wrong
// kind.
type membres struct {
	m   map[string]jsontext.Value
	err error
}

func (x *membres) lire(nom, attendu string, v any) {
	brut, ok := x.m[nom]
	if !ok || string(brut) == "null" {
		return
	}
	if err := json.Unmarshal(brut, v); err != nil && x.err == nil {
		x.err = &guichet.Error{Genre: guichet.Invalide, Message: "« " + nom + " » n’est pas de la forme attendue : " + attendu + ".", Cause: err}
	}
}

const cleMax = 255

// appelDe reads the Idempotency-Key; corps is what the call asks, whatever way
// it was sent.
func (s *serveur) appelDe(r *http.Request, statut int, forme func(any) any, corps ...[]byte) (guichet.Appel, error) {
	cles := r.Header.Values("Idempotency-Key")
	if len(cles) == 0 {
		return guichet.Appel{}, nil
	}
	if len(cles) > 1 || cles[0] == "" || len(cles[0]) > cleMax || !utf8.ValidString(cles[0]) {
		return guichet.Appel{}, erreur(guichet.Illisible, "L’en-tête Idempotency-Key tient en un texte de 1 à 255 caractères.")
	}
	h := sha256.New()
	for _, c := range corps {
		somme := sha256.Sum256(c)
		h.Write(somme[:])
	}
	return guichet.Appel{Route: r.Method + " " + r.URL.Path, Cle: cles[0], Corps: hex.EncodeToString(h.Sum(nil)), Rendre: func(v any) (int, []byte, error) {
		b, err := rendre(forme(v))
		return statut, b, err
	}, Refuser: func(refus error) (int, []byte, error) {
		p := s.problemeDe(refus)
		b, err := rendreProbleme(p)
		return p.Status, b, err
	}}, nil
}
