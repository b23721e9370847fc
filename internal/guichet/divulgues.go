package guichet

import (
	"bytes"
	"crypto/sha1"
	"errors"
	"fmt"
	"io"
)

// Divulgues is a list of leaked passwords that stays where it is, on a disk:
// one upper-case SHA-1 in hexadecimal a line, sorted, with what follows it
// ignored. That is the public form of "Pwned Passwords, ordered by hash". Safe
// for concurrent use.
type Divulgues struct {
	r      io.ReaderAt
	taille int64
}

const (
	signesSHA1 = 2 * sha1.Size
	ligneMax   = 120 // longer than any line of such a list
	sondages   = 64  // lines looked at when a list is opened
)

var errDivulgues = errors.New("attendu une empreinte SHA-1 en majuscules par ligne, triées (« Pwned Passwords » ordered by hash)")

// NouveauxDivulgues takes a list of taille bytes. It looks at lines here and
// there: a list in another order, or of another form, is refused.
func NouveauxDivulgues(r io.ReaderAt, taille int64) (*Divulgues, error) {
	d := &Divulgues{r, taille}
	var precedente []byte
	for i := range int64(sondages) {
		_, ligne, err := d.ligne(taille / sondages * i)
		if err != nil {
			return nil, err
		}
		if ligne == nil && i == 0 || ligne != nil && bytes.Compare(empreinteDe(precedente), empreinteDe(ligne)) > 0 {
			return nil, errDivulgues
		}
		if ligne != nil {
			precedente = ligne
		}
	}
	return d, nil
}

// Contient tells whether a password is in the list: some forty short reads,
// however long the list is.
func (d *Divulgues) Contient(motDePasse string) (bool, error) {
	somme := sha1.Sum([]byte(motDePasse))
	cible := fmt.Appendf(nil, "%X", somme)
	// The line, if it is there, begins in [debut, fin).
	for debut, fin := int64(0), d.taille; debut < fin; {
		milieu := (debut + fin) / 2
		place, ligne, err := d.ligne(milieu)
		if err != nil {
			return false, err
		}
		if ligne == nil || place >= fin {
			fin = milieu
			continue
		}
		switch c := bytes.Compare(empreinteDe(ligne), cible); {
		case c == 0:
			return true, nil
		case c < 0:
			debut = place + int64(len(ligne)) + 1
		default:
			fin = milieu
		}
	}
	return false, nil
}

func empreinteDe(ligne []byte) []byte { return ligne[:min(len(ligne), signesSHA1)] }

// ligne is the first line that begins at a place or after it; nil when there
// is none.
func (d *Divulgues) ligne(place int64) (debut int64, ligne []byte, err error) {
	if debut = place; place > 0 {
		debut-- // the end of the line before may be the very last sign
	}
	tampon := make([]byte, 2*ligneMax)
	n, err := d.r.ReadAt(tampon, debut)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, nil, fmt.Errorf("leaked passwords: %w", err)
	}
	reste, bout := tampon[:n], n < len(tampon)
	if place > 0 {
		i := bytes.IndexByte(reste, '\n')
		if i < 0 && !bout {
			return 0, nil, errDivulgues
		}
		if i < 0 {
			return 0, nil, nil
		}
		debut, reste = debut+int64(i)+1, reste[i+1:]
	}
	if len(reste) == 0 {
		return 0, nil, nil
	}
	ligne, _, fini := bytes.Cut(reste, []byte{'\n'})
	if !fini && !bout || !estEmpreinte(ligne) {
		return 0, nil, errDivulgues
	}
	return debut, ligne, nil
}

func estEmpreinte(ligne []byte) bool {
	for _, c := range empreinteDe(ligne) {
		if (c < '0' || c > '9') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return len(ligne) == signesSHA1 || len(ligne) > signesSHA1 && (ligne[signesSHA1] == ':' || ligne[signesSHA1] == '\r')
}
