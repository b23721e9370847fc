package main

import (
	"fmt"
	"io"
	"net/url"
	"os"
	"runtime"
	"strings"
)

// secretMax is more than any secret holds, in bytes.
const secretMax = 64 << 10

// lireSecret reads a file that holds one secret, without the white space
// around it. A file that everybody can read holds none.
func lireSecret(nom, chemin string) (string, error) {
	if err := illisiblePourTous(nom, chemin); err != nil {
		return "", err
	}
	f, err := os.Open(chemin)
	if err != nil {
		return "", fmt.Errorf("%s : %w", nom, err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, secretMax+1))
	if err != nil {
		return "", fmt.Errorf("%s : %w", nom, err)
	}
	if len(b) > secretMax {
		return "", usage("%s : %s dépasse %d octets ; attendu : un fichier qui ne contient que le secret", nom, chemin, secretMax)
	}
	return strings.TrimSpace(string(b)), nil
}

// illisiblePourTous refuses the file of a secret that others than its owner
// and group can open. Windows has no such rights.
func illisiblePourTous(nom, chemin string) error {
	i, err := os.Stat(chemin)
	if err != nil {
		return fmt.Errorf("%s : %w", nom, err)
	}
	if droits := i.Mode().Perm(); runtime.GOOS != "windows" && droits&0o007 != 0 {
		return usage("%s : %s est ouvert à tous les utilisateurs de la machine (mode %04o, attendu : 0640 au plus). Faites « chmod 640 %s », et changez le secret si d’autres ont pu le lire.", nom, chemin, droits, chemin)
	}
	return nil
}

// confidentiel holds a file of settings to the same when a password stands in
// one of its addresses.
func confidentiel(chemin string, lus map[string]string) error {
	for _, k := range reglagesConnus() {
		u, err := url.Parse(lus[k.nom])
		if err != nil || u.User == nil {
			continue
		}
		if _, mot := u.User.Password(); mot {
			return illisiblePourTous(k.nom, chemin)
		}
	}
	return nil
}
