package registre

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
)

// queue is what stands behind the last entry that ends its line.
type queue struct {
	octets   int64
	complete bool   // the last entry is whole and only lacks its line end
	sha256   string // of the torn bytes
	debut    string // their beginning, for who wants to know what was lost
}

// debutMax is how much of a torn tail is kept in the entry that tells of it.
const debutMax = 200

// parcourir reads and verifies every entry of a ledger. Donnees is only lent
// to f. chemin names the file in errors.
func parcourir(chemin string, lecteur io.Reader, f func(e *Entree, p place) error) (taille int64, reste queue, err error) {
	l := bufio.NewReaderSize(lecteur, 1<<16)
	tete := Racine
	var tampon []byte
	for numero := 1; ; numero++ {
		ligne, fini, err := lireJusqua(l, tampon[:0])
		if err != nil {
			return taille, queue{}, fmt.Errorf("%s, ligne %d : %w", chemin, numero, err)
		}
		tampon = ligne
		if fini && len(ligne) == 0 {
			return taille, queue{}, nil
		}
		texte := ligne
		if !fini {
			texte = ligne[:len(ligne)-1]
		}
		e, err := lireLigne(texte, numero, tete)
		if err != nil {
			return finDeChaine(chemin, numero, taille, ligne, err)
		}
		tete = e.Empreinte
		p := place{deb: taille, longueur: len(texte) + 1}
		if err := f(&e, p); err != nil {
			return taille, queue{}, &ErreurChaine{Chemin: chemin, Ligne: numero, Cause: err}
		}
		taille += int64(p.longueur)
		if fini {
			return taille, queue{complete: true}, nil
		}
	}
}

// finDeChaine judges what does not verify: a torn tail, or damage.
func finDeChaine(chemin string, numero int, taille int64, ligne []byte, cause error) (int64, queue, error) {
	if !chute(ligne) {
		return taille, queue{}, &ErreurChaine{Chemin: chemin, Ligne: numero, Cause: cause}
	}
	somme := sha256.Sum256(ligne)
	return taille, queue{
		octets: int64(len(ligne)), sha256: hex.EncodeToString(somme[:]),
		debut: strings.ToValidUTF8(string(ligne[:min(len(ligne), debutMax)]), "\ufffd"),
	}, nil
}

// lireJusqua reads a line with its end into dst; fini tells that the file
// ends instead.
func lireJusqua(l *bufio.Reader, dst []byte) (ligne []byte, fini bool, err error) {
	for {
		morceau, err := l.ReadSlice('\n')
		dst = append(dst, morceau...)
		switch {
		case len(dst) > ligneMax:
			return nil, false, fmt.Errorf("cette ligne dépasse %d Mo : ce n’est pas un registre", ligneMax>>20)
		case err == nil:
			return dst, false, nil
		case errors.Is(err, io.EOF):
			return dst, true, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, false, err
		}
	}
}

// rejouer reads the whole ledger into memory's summary of it.
func (r *Registre) rejouer(lecteur io.Reader) (queue, error) {
	taille, reste, err := parcourir(r.chemin, lecteur, func(e *Entree, p place) error {
		r.nombre, r.tete = e.Numero, e.Empreinte
		return r.etat.lire(e, p)
	})
	if r.nombre == 0 {
		r.tete = Racine
	}
	r.taille = taille
	if n := r.etat.abandons; n > 0 {
		r.avis = append(r.avis, fmt.Sprintf("%d préparations interrompues n’ont pas abouti : leurs fichiers ne comptent pas, leurs numéros ne seront pas redonnés", n))
	}
	return reste, err
}
