// Package certificat makes control certificates: which files were controlled,
// with which rules, on which day, and what came out, each by its hash. Who gets
// the files and the certificate can find out alone that they belong together
// and that the control gives the same again.
//
// Start at [Faire] and [Verifier]. A certificate proves no identity: it has no
// key. The package reads files only; it must never print or ask for the time.
package certificat

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"guichet.example/segur"
)

// Forme names the shape of a certificate.
const Forme = "segur-certificat/1"

// Certificat is what was controlled and what came out.
type Certificat struct {
	Forme    string    `json:"certificat"`
	Outil    Outil     `json:"outil"`
	Date     string    `json:"date"` // instant of the certificate, RFC 3339
	Jour     string    `json:"jour"` // day that the control stands for, AAAA-MM-JJ
	Fichiers []Fichier `json:"fichiers"`
	Pieces   []Piece   `json:"pieces"` // accepted documents, by name
	Totaux   Totaux    `json:"totaux"`
	// Empreinte is the hash of the certificate as written, with this last
	// member taken out.
	Empreinte string `json:"empreinte"`
}

// Outil is the program that made it.
type Outil struct {
	Nom     string `json:"nom"`
	Version string `json:"version"`
}

// Fichier is one file of requests.
type Fichier struct {
	Nom     string            `json:"nom"`
	Taille  int64             `json:"taille"`
	SHA256  string            `json:"sha256"`
	Type    segur.TypeDemande `json:"type"`
	Regles  Regles            `json:"regles"`
	Verdict segur.Verdict     `json:"verdict"`
	Bilan   Bilan             `json:"bilan"`
	Pieces  BilanPieces       `json:"pieces"`
}

// Regles is the rule set that judged.
type Regles struct {
	ID        string `json:"id"`
	Version   string `json:"version"`
	Empreinte string `json:"empreinte"`
}

// Bilan counts requests and findings.
type Bilan struct {
	Demandes       int `json:"demandes"`
	Acceptees      int `json:"acceptees"`
	Rejetees       int `json:"rejetees"`
	Erreurs        int `json:"erreurs"`
	Avertissements int `json:"avertissements"`
}

// BilanPieces counts the documents that a file declares.
type BilanPieces struct {
	Attendues  int `json:"attendues"`
	Recues     int `json:"recues"`
	Manquantes int `json:"manquantes"`
	Refusees   int `json:"refusees"`
}

// Piece is one document.
type Piece struct {
	Nom     string `json:"nom"`
	Archive string `json:"archive,omitzero"` // "" = a file on its own
	Taille  int64  `json:"taille"`
	SHA256  string `json:"sha256"`
}

// Totaux sums up the accepted requests.
type Totaux struct {
	Demandes int    `json:"demandes"`
	HT       string `json:"ht"`
	Base     string `json:"base"`
	Avance   string `json:"avance"`
	Solde    string `json:"solde"`
	Pieces   int    `json:"pieces"`
	Octets   int64  `json:"octets"` // of the documents
}

// Bon tells a certificate of files that are accepted whole, all documents
// there.
func (c *Certificat) Bon() bool {
	for _, f := range c.Fichiers {
		if f.Verdict != segur.Accepte || f.Pieces.Manquantes > 0 || f.Pieces.Refusees > 0 {
			return false
		}
	}
	return len(c.Fichiers) > 0
}

const (
	prefixeEmpreinte = ",\n  \"empreinte\": \"sha256:"
	suffixeEmpreinte = "\"\n}"
)

// JSON is the certificate as written, hash included.
func (c *Certificat) JSON() ([]byte, error) {
	k := *c
	k.Empreinte = ""
	b, err := json.Marshal(&k, jsontext.WithIndent("  "))
	if err != nil {
		return nil, err
	}
	corps := bytes.TrimSuffix(b, []byte(",\n  \"empreinte\": \"\"\n}"))
	somme := sha256.Sum256(append(bytes.Clone(corps), "\n}"...))
	c.Empreinte = "sha256:" + hex.EncodeToString(somme[:])
	return append(append(append(corps, prefixeEmpreinte...), hex.EncodeToString(somme[:])...), suffixeEmpreinte+"\n"...), nil
}

// tailleMax bounds a certificate: 20,000 documents need 4 MB.
const tailleMax = 64 << 20

// Lire reads a certificate and verifies its own hash. The errors are French.
func Lire(octets []byte) (*Certificat, error) {
	if len(octets) > tailleMax {
		return nil, errors.New("ce fichier est trop gros pour un certificat")
	}
	texte := bytes.TrimRight(bytes.ReplaceAll(octets, []byte("\r\n"), []byte("\n")), "\n ")
	var c Certificat
	if err := json.Unmarshal(texte, &c); err != nil || c.Forme != Forme {
		return nil, errors.New("ce n’est pas un certificat de contrôle (« segur certifier --sortie json » en écrit)")
	}
	i := bytes.LastIndex(texte, []byte(prefixeEmpreinte))
	if i < 0 {
		return nil, errors.New("le certificat a été remis en forme : son empreinte ne peut plus être vérifiée ; demandez l’original")
	}
	somme := sha256.Sum256(append(bytes.Clone(texte[:i]), "\n}"...))
	if c.Empreinte != "sha256:"+hex.EncodeToString(somme[:]) || !bytes.HasSuffix(texte, []byte(suffixeEmpreinte)) {
		return nil, fmt.Errorf("le certificat a été modifié : son empreinte ne correspond plus à son contenu")
	}
	return &c, nil
}
