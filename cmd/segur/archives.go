package main

import (
	"archive/zip"
	"errors"
	"fmt"
	"path"
	"strings"

	"guichet.example/segur"
)

// jsonDuZip lists the JSON files of an archive. Names that leave the archive
// are of no use to anybody: they are never written anywhere.
func jsonDuZip(chemin string) ([]string, error) {
	z, err := zip.OpenReader(chemin)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fmt.Errorf("ce n’est pas un zip lisible (%w)", err)
	}
	defer z.Close()
	var noms []string
	for _, f := range z.File {
		if strings.EqualFold(path.Ext(f.Name), ".json") && !f.FileInfo().IsDir() {
			noms = append(noms, f.Name)
		}
	}
	return noms, nil
}

func lireDansZip(e *entree, t *tampon) (segur.Fichier, error) {
	z, err := zip.OpenReader(e.zip)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return segur.Fichier{}, err
	}
	defer z.Close()
	for _, f := range z.File {
		if f.Name == e.interne {
			r, err := f.Open()
			if err != nil {
				return segur.Fichier{}, err
			}
			defer r.Close()
			// What an entry unpacks to is not trusted: reading stops past the limit.
			return t.lire(r, -1)
		}
	}
	return segur.Fichier{}, errors.New("ce fichier n’est plus dans l’archive")
}
