package guichet

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"guichet.example/segur"
)

// Entree is one line of the journal. Its hash covers every other field and the
// hash of the line before, so that nothing can be changed, taken out or moved
// unseen.
type Entree struct {
	Numero              int64  // from 1, without holes
	Date                string // RFC 3339, UTC, milliseconds
	Acteur              string // account
	Acte                string
	Objet               string // numeroASP, deposit or batch
	Resultat            string // "fait" or "refuse"
	Adresse             string // where the act came from, as a seal: see [Clair]
	Detail              string // what changed, or why it was refused; a seal where people may have written it
	EmpreintePrecedente string
	Empreinte           string
	Clair               Clair // of the seals; no part of the chain
}

// EmpreinteNulle stands before the first entry.
var EmpreinteNulle = "sha256:" + strings.Repeat("0", 64)

// Instant is the spelling of instants in the journal and in the API.
func Instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// AppendJSON writes the entry as the API shows it, behind dst.
func (e *Entree) AppendJSON(dst []byte) []byte {
	b := e.sansEmpreinte(dst)
	b = segur.AppendMembreJSON(append(b[:len(b)-1], ", "...), "empreinte", e.Empreinte)
	return append(b, '}')
}

// sansEmpreinte is the entry without its own hash.
func (e *Entree) sansEmpreinte(dst []byte) []byte {
	b := strconv.AppendInt(append(dst, `{"numero": `...), e.Numero, 10)
	for _, m := range [][2]string{
		{"date", e.Date}, {"acteur", e.Acteur}, {"acte", e.Acte}, {"objet", e.Objet}, {"resultat", e.Resultat},
		{"adresse", e.Adresse}, {"detail", e.Detail}, {"empreintePrecedente", e.EmpreintePrecedente},
	} {
		b = segur.AppendMembreJSON(append(b, ", "...), m[0], m[1])
	}
	return append(b, '}')
}

// Sceller chains the entry behind another and computes its hash: SHA-256 over
// the RFC 8785 form of the entry without "empreinte".
func (e *Entree) Sceller(precedente string) error {
	e.EmpreintePrecedente = precedente
	calcul, err := e.calculer()
	if err == nil {
		e.Empreinte = calcul
	}
	return err
}

// Intacte tells whether the entry's hash is that of its content.
func (e *Entree) Intacte() bool {
	calcul, err := e.calculer()
	return err == nil && calcul == e.Empreinte
}

func (e *Entree) calculer() (string, error) {
	v := jsontext.Value(e.sansEmpreinte(nil))
	if err := v.Canonicalize(); err != nil {
		return "", err
	}
	somme := sha256.Sum256(v)
	return "sha256:" + hex.EncodeToString(somme[:]), nil
}
