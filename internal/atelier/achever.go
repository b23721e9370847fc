package atelier

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"guichet.example/internal/atelier/registre"
)

// Achever publishes the folder of the last preparation, when its program was
// killed between the entry in the ledger and the folder's name: the ledger
// says that the files are ready, and they are, under a hidden name. It returns
// the folder, "" when there was nothing to do. A hidden folder whose files are
// not those of the ledger is left alone.
func Achever(reg *registre.Registre) (dossier string, err error) {
	depots := reg.Depots()
	if len(depots) == 0 {
		return "", nil
	}
	dernier := depots[len(depots)-1]
	if dernier.Importe || dernier.Dossier == "" {
		return "", nil
	}
	vers := reg.Chemin(dernier.Dossier)
	provisoire := nomProvisoire(vers)
	if _, err := os.Lstat(provisoire); err != nil {
		return "", nil //nolint:nilerr // no hidden folder: nothing was interrupted
	}
	if err := VerifierDestination(vers); err != nil {
		return "", nil //nolint:nilerr // published long ago; the hidden one is another try's
	}
	for _, d := range depots {
		if d.Dossier != dernier.Dossier {
			continue
		}
		for _, f := range append([]registre.Fichier{d.Fichier}, d.Zips...) {
			if err := memeFichier(provisoire, f); err != nil {
				return "", nil //nolint:nilerr // not the files of the ledger: the next preparation removes them
			}
		}
	}
	if err := publier(provisoire, vers); err != nil {
		return "", fmt.Errorf("la préparation de %s est complète sous %s, mais n’a pas pu recevoir son nom : %w", vers, provisoire, err)
	}
	return vers, nil
}

// memeFichier tells whether a folder holds a file as it was written.
func memeFichier(dossier string, attendu registre.Fichier) error {
	f, err := os.Open(filepath.Join(dossier, attendu.Nom))
	if err != nil {
		return err
	}
	defer f.Close()
	somme := sha256.New()
	n, err := io.Copy(somme, io.LimitReader(f, attendu.Taille+1))
	if err == nil && (n != attendu.Taille || hex.EncodeToString(somme.Sum(nil)) != attendu.SHA256) {
		err = errors.New("these are other bytes")
	}
	return err
}

// Inacheves lists the hidden folders that interrupted preparations left in a
// folder.
func Inacheves(dossier string) []string {
	noms, err := fs.Glob(os.DirFS(dossier), ".*"+suffixeProvisoire)
	if err != nil {
		return nil
	}
	return noms
}

// Debarrasser removes the hidden folders that preparations killed long ago,
// before an instant, left beside the ledger, and returns their names: each may
// hold as much as the scans. The ledger is open to write, so no other
// preparation of it is at work. What it knows as a deposit is never touched.
func Debarrasser(reg *registre.Registre, avant time.Time) (retires []string, err error) {
	connus := map[string]bool{}
	for _, d := range reg.Depots() {
		if d.Dossier != "" {
			connus[nomProvisoire(reg.Chemin(d.Dossier))] = true
		}
	}
	for _, nom := range Inacheves(reg.Dossier()) {
		chemin := filepath.Join(reg.Dossier(), nom)
		info, err := os.Lstat(chemin)
		if err != nil || !info.IsDir() || connus[chemin] || !info.ModTime().Before(avant) {
			continue
		}
		if err := os.RemoveAll(chemin); err != nil {
			return retires, err
		}
		retires = append(retires, nom)
	}
	return retires, nil
}
