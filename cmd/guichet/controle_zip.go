package main

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"guichet.example/internal/guichet"
)

// Bounds of a case file that comes from elsewhere.
const (
	dossierEntrees = 10_000
	dossierPartie  = 64 << 20 // one file of it, spread out
)

// controleDuZip reads a campaign out of a case file, of the campaign or of one
// of its requests: nothing else is needed to draw again. Every file of the zip
// is held against the manifest first.
func controleDuZip(chemin string) (*guichet.Controle, error) {
	z, err := zip.OpenReader(chemin)
	if err != nil {
		return nil, fmt.Errorf("%s n’est pas un dossier de contrôle (zip) : %w", chemin, err)
	}
	defer func() { _ = z.Close() }() // only read
	if len(z.File) > dossierEntrees {
		return nil, fmt.Errorf("%s compte plus de %d fichiers", chemin, dossierEntrees)
	}
	contenus := map[string][]byte{}
	sommes := map[string]string{}
	for _, f := range z.File {
		b, somme, err := lirePartie(f)
		if err != nil {
			return nil, err
		}
		if _, double := sommes[f.Name]; double {
			return nil, fmt.Errorf("%s contient deux fois %q", chemin, f.Name)
		}
		sommes[f.Name], contenus[f.Name] = somme, b
	}
	if err := controlerManifeste(contenus["manifeste.json"], sommes); err != nil {
		return nil, err
	}
	return lireControle(contenus["controle.json"])
}

// lirePartie keeps the two files that are read; of the others, the hash.
func lirePartie(f *zip.File) ([]byte, string, error) {
	r, err := f.Open()
	if err != nil {
		return nil, "", err
	}
	h := sha256.New()
	lecture := io.TeeReader(io.LimitReader(r, dossierPartie+1), h)
	var b []byte
	var n int64
	if f.Name == "manifeste.json" || f.Name == "controle.json" {
		b, err = io.ReadAll(lecture)
		n = int64(len(b))
	} else {
		n, err = io.Copy(io.Discard, lecture)
	}
	if err = errors.Join(err, r.Close()); err == nil && n > dossierPartie {
		err = fmt.Errorf("%q dépasse 64 Mio", f.Name)
	}
	return b, hex.EncodeToString(h.Sum(nil)), err
}

func controlerManifeste(b []byte, sommes map[string]string) error {
	var m struct {
		Fichiers []struct{ Nom, SHA256 string }
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return errors.New("le dossier n’a pas de manifeste lisible (manifeste.json)")
	}
	for _, f := range m.Fichiers {
		if sommes[f.Nom] != f.SHA256 {
			return fmt.Errorf("le fichier %q du dossier n’est pas celui de son manifeste : il a été changé ou ôté", f.Nom)
		}
	}
	if len(m.Fichiers) != len(sommes)-1 {
		return errors.New("le dossier contient des fichiers que son manifeste ne nomme pas")
	}
	return nil
}

func lireControle(b []byte) (*guichet.Controle, error) {
	var x struct {
		ID, Methode, Graine, Source, Empreinte string
		Nombre                                 int
		Tires, Population                      []string
	}
	if err := json.Unmarshal(b, &x); err != nil {
		return nil, errors.New("le dossier n’a pas de contrôle lisible (controle.json)")
	}
	c := &guichet.Controle{ID: guichet.ControleID(x.ID), Statut: guichet.ControleTire, Methode: x.Methode, Graine: x.Graine, Source: x.Source, Empreinte: x.Empreinte, Nombre: x.Nombre, ATirer: len(x.Tires)}
	if x.Graine == "" {
		c.Statut = guichet.ControleFige
	}
	rangs := map[string]int{}
	for i, n := range x.Tires {
		rangs[n] = i + 1
	}
	for _, n := range x.Population {
		c.Lignes = append(c.Lignes, guichet.LigneControle{NumeroASP: guichet.NumeroASP(n), Tirage: rangs[n]})
	}
	return c, nil
}
