// Package sauvegarde writes and reads archives of a whole portal: a copy of
// its store, the documents that it names, and a manifest with the hash of each.
//
// Start at [Ecrire] and [Lire]. An archive is a tar: "base", then
// "pieces/SHA-256", then "manifeste.json", which comes last so that an archive
// cut short is seen. The package knows the stores by two small interfaces only.
package sauvegarde

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Names in the archive.
const (
	nomBase      = "base"
	dossierPiece = "pieces/"
	nomManifeste = "manifeste.json"
)

// Bounds of what is read.
const (
	pieceMax     = 64 << 20
	manifesteMax = 1 << 30
)

// Manifeste describes an archive.
type Manifeste struct {
	Version   int       `json:"version"` // of this form: 1
	Outil     string    `json:"outil"`
	Cree      time.Time `json:"cree"`
	Moteur    string    `json:"moteur"`  // "sqlite" or "postgres"
	Schema    int64     `json:"schema"`  // version of the schema
	Entrees   int64     `json:"entrees"` // of the journal
	Empreinte string    `json:"empreinte"`
	Fichiers  []Fichier `json:"fichiers"`
}

// Fichier is one file of the archive.
type Fichier struct {
	Nom    string `json:"nom"`
	Taille int64  `json:"taille"`
	SHA256 string `json:"sha256"`
}

// Magasin keeps documents by their SHA-256.
type Magasin interface {
	Ecrire(ctx context.Context, contenu []byte) (sha256 string, err error)
	Ouvrir(ctx context.Context, sha256 string) (io.ReadCloser, int64, error)
}

// Ecrire writes an archive of a base of a known size and of the documents
// named. m comes without its files. A document that is not there, or whose
// bytes are not those of its name, is an error: nothing half whole is made.
func Ecrire(ctx context.Context, w io.Writer, m Manifeste, base io.Reader, taille int64, documents []string, magasin Magasin) error {
	t := tar.NewWriter(w)
	m.Version = 1
	ajouter := func(nom string, taille int64, r io.Reader) (string, error) {
		if err := t.WriteHeader(&tar.Header{Name: nom, Size: taille, Mode: 0o600, ModTime: m.Cree, Format: tar.FormatPAX}); err != nil {
			return "", err
		}
		h := sha256.New()
		if _, err := io.Copy(io.MultiWriter(t, h), r); err != nil {
			return "", fmt.Errorf("%s: %w", nom, err)
		}
		somme := hex.EncodeToString(h.Sum(nil))
		m.Fichiers = append(m.Fichiers, Fichier{nom, taille, somme})
		return somme, nil
	}
	if _, err := ajouter(nomBase, taille, base); err != nil {
		return err
	}
	for _, sha := range documents {
		if err := ctx.Err(); err != nil {
			return err
		}
		r, n, err := magasin.Ouvrir(ctx, sha)
		if err != nil {
			return fmt.Errorf("la pièce %s manque : %w", sha, err)
		}
		somme, err := ajouter(dossierPiece+sha, n, r)
		if err = errors.Join(err, r.Close()); err != nil {
			return err
		}
		if somme != sha {
			return fmt.Errorf("la pièce %s est abîmée : ses octets ont l’empreinte %s", sha, somme)
		}
	}
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if _, err := ajouter(nomManifeste, int64(len(b)), strings.NewReader(string(b))); err != nil {
		return err
	}
	return t.Close()
}

// Lire reads an archive: its base goes into base, its documents into magasin.
// It succeeds only when everything that the manifest names was there, whole,
// and nothing else. Until then nothing of the base may be used.
func Lire(ctx context.Context, r io.Reader, base io.Writer, magasin Magasin) (m Manifeste, err error) {
	t := tar.NewReader(r)
	var lus []Fichier
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return m, errors.New("l’archive est coupée : son manifeste manque")
		}
		if err != nil {
			return m, fmt.Errorf("ce n’est pas une sauvegarde entière : %w", err)
		}
		if err := ctx.Err(); err != nil {
			return m, err
		}
		if h.Typeflag != tar.TypeReg {
			return m, fmt.Errorf("l’archive porte « %.80q », qui n’est pas un fichier", h.Name)
		}
		if h.Name == nomManifeste {
			if err := json.NewDecoder(io.LimitReader(t, manifesteMax)).Decode(&m); err != nil {
				return m, fmt.Errorf("le manifeste est illisible : %w", err)
			}
			break
		}
		somme, err := lireFichier(ctx, t, h, len(lus) == 0, base, magasin)
		if err != nil {
			return m, err
		}
		lus = append(lus, Fichier{h.Name, h.Size, somme})
	}
	if m.Version != 1 {
		return m, fmt.Errorf("la sauvegarde est de la forme %d ; ce programme lit la forme 1", m.Version)
	}
	return m, comparer(m.Fichiers, lus)
}

func lireFichier(ctx context.Context, t io.Reader, h *tar.Header, premier bool, base io.Writer, magasin Magasin) (string, error) {
	sha, piece := strings.CutPrefix(h.Name, dossierPiece)
	switch {
	case premier && h.Name == nomBase:
		e := sha256.New()
		_, err := io.Copy(io.MultiWriter(base, e), t)
		return hex.EncodeToString(e.Sum(nil)), err
	case premier || !piece || len(sha) != 2*sha256.Size:
		return "", fmt.Errorf("l’archive porte un fichier inattendu, %.80q", h.Name)
	case h.Size > pieceMax:
		return "", fmt.Errorf("la pièce %s dépasse %d octets", sha, pieceMax)
	}
	b := make([]byte, h.Size)
	if _, err := io.ReadFull(t, b); err != nil {
		return "", fmt.Errorf("la pièce %s est coupée : %w", sha, err)
	}
	if somme := sha256.Sum256(b); hex.EncodeToString(somme[:]) != sha {
		return "", fmt.Errorf("la pièce %s est abîmée", sha)
	}
	return magasin.Ecrire(ctx, b)
}

// comparer holds the manifest against what was read, in the same order.
func comparer(attendus, lus []Fichier) error {
	if len(attendus) != len(lus) {
		return fmt.Errorf("le manifeste nomme %d fichiers et l’archive en porte %d", len(attendus), len(lus))
	}
	for i, a := range attendus {
		if a != lus[i] {
			return fmt.Errorf("le fichier %.80q n’est pas celui du manifeste : l’archive a été changée ou abîmée", a.Nom)
		}
	}
	return nil
}
