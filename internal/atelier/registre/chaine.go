package registre

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"guichet.example/segur"
)

// Racine is what the first entry has for the hash before it.
const Racine = "sha256:0000000000000000000000000000000000000000000000000000000000000000"

const (
	prefixeEmpreinte = `,"empreinte":"sha256:`
	suffixeEmpreinte = `"}`
	longueurFin      = len(prefixeEmpreinte) + 2*sha256.Size + len(suffixeEmpreinte)
)

// appendLigne writes an entry as a line behind dst and returns its hash. The
// hash is that of the line as written, with the member "empreinte" taken out:
// anybody can compute it again without knowing how we spell JSON.
func appendLigne(dst []byte, numero int, date string, genre Genre, donnees []byte, precedente string) (ligne []byte, empreinte string) {
	deb := len(dst)
	dst = strconv.AppendInt(append(dst, `{"numero":`...), int64(numero), 10)
	dst = segur.AppendTexteJSON(append(dst, `,"date":`...), date)
	dst = segur.AppendTexteJSON(append(dst, `,"genre":`...), string(genre))
	dst = append(append(dst, `,"donnees":`...), donnees...)
	dst = segur.AppendTexteJSON(append(dst, `,"precedente":`...), precedente)
	dst = append(dst, '}')
	somme := sha256.Sum256(dst[deb:])
	hexa := hex.EncodeToString(somme[:])
	dst = append(append(append(dst[:len(dst)-1], prefixeEmpreinte...), hexa...), suffixeEmpreinte...)
	return append(dst, '\n'), "sha256:" + hexa
}

// ligneEcrite is the shape of a line.
type ligneEcrite struct {
	Numero     int            `json:"numero"`
	Date       string         `json:"date"`
	Genre      Genre          `json:"genre"`
	Donnees    jsontext.Value `json:"donnees"`
	Precedente string         `json:"precedente"`
	Empreinte  string         `json:"empreinte"`
}

// lireLigne reads one line, without its line end, that must follow the entry
// numbered numero-1 of hash precedente. Donnees is a view of ligne.
func lireLigne(ligne []byte, numero int, precedente string) (Entree, error) {
	corps := len(ligne) - longueurFin
	if corps < 1 || !bytes.HasPrefix(ligne[corps:], []byte(prefixeEmpreinte)) {
		return Entree{}, errors.New("la ligne n’est pas une entrée de registre")
	}
	h := sha256.New()
	h.Write(ligne[:corps])
	h.Write([]byte{'}'})
	calculee := "sha256:" + hex.EncodeToString(h.Sum(nil))
	var l ligneEcrite
	if err := json.Unmarshal(ligne, &l); err != nil {
		return Entree{}, errors.New("la ligne n’est pas du JSON lisible")
	}
	switch {
	case l.Empreinte != calculee:
		return Entree{}, errors.New("la ligne a été modifiée : son empreinte ne correspond plus à son contenu")
	case l.Numero != numero:
		return Entree{}, fmt.Errorf("entrée n° %d attendue, n° %d trouvée : une ligne manque ou a été déplacée", numero, l.Numero)
	case l.Precedente != precedente:
		return Entree{}, errors.New("la ligne ne suit pas la précédente : la chaîne des empreintes est rompue")
	case l.Donnees.Kind() != '{':
		return Entree{}, errors.New("la ligne n’a pas de données")
	}
	return Entree(l), nil
}

// ErreurChaine tells where a ledger is no longer what was written.
type ErreurChaine struct {
	Chemin string
	Ligne  int // from 1
	Cause  error
}

// Error is the sentence for the person, in French.
func (e *ErreurChaine) Error() string {
	return fmt.Sprintf("%s, ligne %d : %v. Rien n’a été changé ; reprenez une copie saine du registre (« segur registre verifier » dit si elle l’est)", e.Chemin, e.Ligne, e.Cause)
}

// Unwrap gives the cause.
func (e *ErreurChaine) Unwrap() error { return e.Cause }

// chute tells whether what does not verify can be the trace of a write that
// was cut: it has no line end. A whole line that does not verify is no such
// trace: somebody changed it.
func chute(ligne []byte) bool { return bytes.IndexByte(ligne, '\n') < 0 }

func errOuErreur(err error, texte string) error {
	if err != nil {
		return err
	}
	return errors.New(texte)
}
