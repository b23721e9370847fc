// Package blob keeps stored files by their content: the name of a file is its
// SHA-256. It knows two stores, a folder and an S3 bucket, which behave alike
// (package blobtest holds both to the same suite).
//
// Start at [Magasin] and [Ouvrir]. The package knows nothing of what the files
// are; it must never import the business.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Magasin keeps files by their SHA-256, written in 64 lower-case hexadecimal
// digits. What is written never changes. All methods may be called at once, by
// several processes on the same store.
//
// A file that is not there is an error that wraps fs.ErrNotExist. A name that is
// no SHA-256 is [ErrNom]: nothing is then looked for.
type Magasin interface {
	// Ecrire reads r to its end and keeps it, with flat memory. It returns once
	// the file would survive a power cut. The same content written twice, even
	// at once, is kept once. After an error nothing is kept, and nothing shows.
	Ecrire(ctx context.Context, r io.Reader) (Ecrit, error)
	// Serie begins to write many files that are waited for once.
	Serie() Serie
	// Ouvrir gives a file to read, from any place; the caller closes it. Its
	// bytes are those that were written unless the medium failed: [Copier]
	// checks that too.
	Ouvrir(ctx context.Context, sha256 string) (*Contenu, error)
	// Existe tells whether a file is there.
	Existe(ctx context.Context, sha256 string) (bool, error)
	// Supprimer takes a file out for good. One that is not there is no error.
	Supprimer(ctx context.Context, sha256 string) error
	// Parcourir calls f for each file, in ascending order of names, and stops
	// at its first error, which it returns. Files written meanwhile may be told
	// or not.
	Parcourir(ctx context.Context, f func(Ecrit) error) error
	// Menage takes away what writes that were cut short before an instant have
	// left behind, and counts it.
	Menage(ctx context.Context, avant time.Time) (int, error)
	// Verifier tells whether the store can be reached, for the readiness probe.
	Verifier(ctx context.Context) error
	// Close ends the use of the store.
	Close() error
}

// Ecrit is a file of the store: its name and its size.
type Ecrit struct {
	SHA256 string
	Taille int64
}

// Contenu is an open file. In a folder it is the file itself, so that it also
// is an io.ReaderAt.
type Contenu struct {
	io.ReadSeekCloser
	Taille int64
}

var (
	// ErrNom says that a name is no SHA-256 in lower-case hexadecimal.
	ErrNom = errors.New("blob : ce nom n’est pas une empreinte SHA-256")
	// ErrAltere says that a file is not what was written: the medium failed, or
	// somebody changed it.
	ErrAltere = errors.New("blob : le contenu ne correspond plus à son empreinte")
)

// Ouvrir opens the store that GUICHET_PIECES names:
//
//	file:///var/lib/guichet/pieces                 a folder, made when it is missing
//	s3://seau?endpoint=https://hote&region=fr-par  a bucket, which must exist
//
// An S3 store takes prefixe= too, and finds its key as every S3 tool does: in
// AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or in the file named by
// AWS_SHARED_CREDENTIALS_FILE. temp is the folder where files wait while they
// are received for S3; it may be the system's ("").
func Ouvrir(ctx context.Context, adresse, temp string) (Magasin, error) {
	u, err := url.Parse(adresse)
	if err != nil {
		return nil, fmt.Errorf("réglage des pièces illisible : « %.80s » ; attendu file:///chemin ou s3://seau?endpoint=…", adresse)
	}
	switch u.Scheme {
	case "file":
		if u.Host != "" || !filepath.IsAbs(filepath.FromSlash(u.Path)) || u.RawQuery != "" {
			return nil, fmt.Errorf("réglage des pièces : « %.80s » ; attendu file:/// suivi d’un chemin absolu, sans paramètre", adresse)
		}
		d, err := OuvrirDossier(filepath.FromSlash(u.Path))
		if err != nil {
			return nil, err
		}
		return d, nil
	case "s3":
		r, err := lireS3(u)
		if err != nil {
			return nil, err
		}
		if temp == "" {
			temp = os.TempDir()
		}
		s, err := ouvrirS3(ctx, r, temp)
		if err != nil {
			return nil, err
		}
		return s, nil
	}
	return nil, fmt.Errorf("réglage des pièces : « %.80s » ; attendu file:///chemin ou s3://seau?endpoint=…", adresse)
}

// Copier writes a file to w and checks on the way that it is what its name
// says: [ErrAltere] when it is not, and w has then received bytes to throw
// away.
func Copier(ctx context.Context, m Magasin, nom string, w io.Writer) (int64, error) {
	c, err := m.Ouvrir(ctx, nom)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, h), c)
	if err == nil && hex.EncodeToString(h.Sum(nil)) != nom {
		err = fmt.Errorf("%w : %s", ErrAltere, nom)
	}
	return n, err
}

// nomValide refuses whatever could be a path or a key of something else.
func nomValide(s string) error {
	if len(s) != 2*sha256.Size || strings.Trim(s, "0123456789abcdef") != "" {
		return fmt.Errorf("%w : « %.70q »", ErrNom, s)
	}
	return nil
}
