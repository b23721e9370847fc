package envoi

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"guichet.example/internal/api/client"
	"guichet.example/internal/atelier/certificat"
	"guichet.example/segur"
)

// NomCertificat is the name under which a control certificate is found beside
// a deposit, or in the folder above it.
const NomCertificat = "certificat.json"

// certificatMax is what a portal reads of a certificate.
const certificatMax = 4 << 20

// Certificat is a control certificate as read from its file.
type Certificat struct {
	chemin   string
	octets   []byte
	fichiers map[string]bool // by SHA-256
}

// LireCertificat reads a certificate and verifies its own hash. The errors are
// French sentences.
func LireCertificat(chemin string) (*Certificat, error) {
	f, err := os.Open(chemin)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, certificatMax+1))
	if err != nil {
		return nil, err
	}
	if len(b) > certificatMax {
		return nil, fmt.Errorf("il pèse plus que les %d Mio qu’un portail lit : faites-en un par fichier", certificatMax>>20)
	}
	lu, err := certificat.Lire(b)
	if err != nil {
		return nil, err
	}
	c := &Certificat{chemin: chemin, octets: b, fichiers: map[string]bool{}}
	for _, f := range lu.Fichiers {
		c.fichiers[f.SHA256] = true
	}
	return c, nil
}

// certificatDe is the certificate to send with a file, and what to say when
// there is one that is not sent.
func (x *Expediteur) certificatDe(f *Fichier, sha string) (octets []byte, dit string) {
	c := x.Certificat
	for _, dossier := range []string{filepath.Dir(f.Chemin), filepath.Dir(filepath.Dir(f.Chemin))} {
		if c != nil {
			break
		}
		chemin := filepath.Join(dossier, NomCertificat)
		var err error
		if c, err = LireCertificat(chemin); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Sprintf("%s n’est pas joint : %v", chemin, err)
		}
	}
	switch {
	case c == nil:
		return nil, ""
	case !c.fichiers[sha]:
		return nil, c.chemin + " n’est pas joint : il ne parle pas de ce fichier, ou le fichier a changé depuis ; refaites-le par « segur certifier »"
	}
	return c.octets, ""
}

// noterCertificat keeps what the portal says of a certificate.
func (r *Resultat) noterCertificat(c *client.Certificat) {
	switch {
	case c == nil:
	case c.Reconnu:
		r.Certificat = "reconnu par le portail"
	default:
		r.Certificat = segur.Visible(c.Message, 400)
	}
}
