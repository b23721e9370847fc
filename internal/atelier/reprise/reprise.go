// Package reprise takes refused requests up again: it reads what the agency
// answered, explains each refusal, and makes orders of the corrected requests,
// which the workshop prepares under new numbers.
//
// Start at [Lire], which brings a returned file into the ledger, then [Tri],
// which says what can be prepared again as it is and what must be corrected
// first. Applied twice, nothing changes: a refused number is stood for once.
//
// The package must never print, ask for the time or reach a network.
package reprise

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"

	"guichet.example/internal/atelier/registre"
	"guichet.example/internal/atelier/retour"
)

// Lu is a returned file that was read into the ledger.
type Lu struct {
	Nom       string
	Deja      bool // it was there already
	Acceptees int
	Refusees  int
	Inconnues []string // numbers that the ledger does not have
}

// Lire reads a returned file into the ledger; the same one again changes
// nothing. Errors are French: no returned file, or one whose requests are not
// those that the ledger has under their numbers.
func Lire(r *registre.Registre, chemin string) (*Lu, error) {
	octets, err := lireFichier(chemin)
	if err != nil {
		return nil, err
	}
	f, err := retour.Lire(octets)
	if err != nil {
		return nil, err
	}
	somme := sha256.Sum256(octets)
	sha := hex.EncodeToString(somme[:])
	lu := &Lu{Nom: filepath.Base(chemin), Deja: r.RetourLu(sha)}
	depot := ""
	for i := range f.Lignes {
		l := &f.Lignes[i]
		if l.Acceptee {
			lu.Acceptees++
		} else {
			lu.Refusees++
		}
		d, ok := r.Demande(f.Type, l.NumeroEditeur)
		if !ok {
			lu.Inconnues = append(lu.Inconnues, l.NumeroEditeur)
			continue
		}
		if err := l.Concerne(d); err != nil {
			return nil, err
		}
		depot = d.Depot.Fichier.Nom
	}
	if lu.Deja || len(lu.Inconnues) == len(f.Lignes) {
		return lu, nil // nothing in it concerns this ledger
	}
	_, err = r.NoterRetour(f.Retour(lu.Nom, sha, depot))
	return lu, err
}

func lireFichier(chemin string) ([]byte, error) {
	f, err := os.Open(chemin)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, retour.TailleMax+1))
}
