// Package importer teaches a ledger what it did not see: numbers used before
// it existed, or in another copy of it, and advances filed by other means.
//
// Start at [Fichier]. Nothing is written unless the whole file is understood.
package importer

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"guichet.example/internal/atelier/registre"
	"guichet.example/internal/atelier/retour"
	"guichet.example/internal/atelier/tableur"
	"guichet.example/segur"
)

// Bilan is what an import brought.
type Bilan struct {
	Lus      int // numbers, or requests of a returned file
	Nouveaux int // numbers that the ledger did not know
	Demandes int // requests that can be followed now
	Deja     bool
}

// Phrase sums it up for the person, in French.
func (b Bilan) Phrase() string {
	s := fmt.Sprintf("numéros lus : %d, nouveaux : %d", b.Lus, b.Nouveaux)
	if b.Demandes > 0 {
		s += fmt.Sprintf(", demandes suivies désormais : %d", b.Demandes)
	}
	if b.Deja || b.Nouveaux == 0 && b.Demandes == 0 {
		s += " : rien de nouveau"
	}
	return s
}

// Fichier imports one file, by what it is: a returned file (.json, .retour),
// another ledger (.segur), a spreadsheet with a column numeroEditeur, or a
// text of one number a line. Errors are French.
func Fichier(r *registre.Registre, chemin string) (Bilan, error) {
	switch strings.ToLower(filepath.Ext(chemin)) {
	case ".json", ".retour":
		return retourne(r, chemin)
	case ".segur":
		numeros, err := registre.NumerosDe(chemin)
		return declarer(r, numeros, chemin, err)
	case ".txt":
		numeros, err := lignes(chemin)
		return declarer(r, numeros, chemin, err)
	}
	numeros, err := colonne(chemin)
	return declarer(r, numeros, chemin, err)
}

func declarer(r *registre.Registre, numeros []string, chemin string, err error) (Bilan, error) {
	if err != nil {
		return Bilan{}, err
	}
	neufs, err := r.DeclarerNumeros(numeros, filepath.Base(chemin))
	return Bilan{Lus: len(numeros), Nouveaux: len(neufs)}, err
}

// texteMax bounds a text of numbers: 200,000 of them are 1.4 MB.
const texteMax = 16 << 20

func lignes(chemin string) ([]string, error) {
	f, err := os.Open(chemin)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var numeros []string
	l := bufio.NewScanner(io.LimitReader(f, texteMax))
	for l.Scan() {
		if n := strings.TrimSpace(strings.TrimPrefix(l.Text(), "\ufeff")); n != "" {
			numeros = append(numeros, n)
		}
	}
	return numeros, l.Err()
}

// colonne reads the column of numbers of a spreadsheet.
func colonne(chemin string) ([]string, error) {
	rang := func(cellules []string) int {
		for i, c := range cellules {
			if nomColonne(c) == "numeroediteur" {
				return i
			}
		}
		return -1
	}
	t, err := tableur.Lire(chemin, tableur.Options{Noter: func(cellules []string) int { return 1 + rang(cellules) }})
	if err != nil {
		return nil, err
	}
	k := rang(t.Entetes)
	if k < 0 {
		return nil, errors.New("aucune colonne ne s’appelle numeroEditeur (ou « Numéro éditeur ») : ajoutez ce titre au-dessus des numéros")
	}
	var numeros []string
	for _, l := range t.Lignes {
		if l.Cellules[k] != "" {
			numeros = append(numeros, l.Cellules[k])
		}
	}
	return numeros, nil
}

// nomColonne is a heading without accents, spaces and letter case.
func nomColonne(s string) string {
	return strings.NewReplacer(" ", "", "_", "", "-", "", "é", "e", "\u00a0", "").Replace(strings.ToLower(strings.TrimSpace(s)))
}

// retourne imports a returned file: its numbers are burnt, its requests can be
// followed and their balances claimed. Requests that the ledger prepared
// itself are only answered.
func retourne(r *registre.Registre, chemin string) (Bilan, error) {
	octets, err := lire(chemin)
	if err != nil {
		return Bilan{}, err
	}
	f, err := retour.Lire(octets)
	if err != nil {
		return Bilan{}, err
	}
	somme := sha256.Sum256(octets)
	sha, nom := hex.EncodeToString(somme[:]), filepath.Base(chemin)
	b := Bilan{Lus: len(f.Lignes), Deja: r.RetourLu(sha)}
	if b.Deja {
		return b, nil
	}
	var numeros []string
	for i := range f.Lignes {
		l := &f.Lignes[i]
		if d, ok := r.Demande(f.Type, l.NumeroEditeur); ok {
			if err := l.Concerne(d); err != nil {
				return b, err
			}
		}
		numeros = append(numeros, l.NumeroEditeur)
	}
	neufs, err := r.DeclarerNumeros(numeros, nom)
	if err != nil {
		return b, err
	}
	b.Nouveaux = len(neufs)
	d := f.Importer(nom, int64(len(octets)), sha, segur.BaremePHA, func(numero string) bool {
		_, ok := r.Demande(f.Type, numero)
		return ok
	})
	if b.Demandes = len(d.Demandes); b.Demandes > 0 {
		if err := r.Preparer(d); err != nil {
			return b, err
		}
	}
	_, err = r.NoterRetour(f.Retour(nom, sha, ""))
	return b, err
}

func lire(chemin string) ([]byte, error) {
	f, err := os.Open(chemin)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, retour.TailleMax+1))
}
