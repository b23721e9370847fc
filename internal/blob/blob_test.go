package blob_test

import (
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/blob"
	"guichet.example/internal/blob/blobtest"
)

func dossier(t *testing.T) (blob.Magasin, string) {
	t.Helper()
	racine := filepath.Join(t.TempDir(), "pièces ")
	m, err := blob.Ouvrir(t.Context(), (&url.URL{Scheme: "file", Path: racine}).String(), "")
	if err != nil {
		t.Fatal(err)
	}
	return m, racine
}

func TestFolder(t *testing.T) {
	blobtest.Essayer(t, func(t *testing.T) blob.Magasin { m, _ := dossier(t); return m })
}

func TestFolderIsPrivate(t *testing.T) {
	m, racine := dossier(t)
	if _, err := m.Ecrire(t.Context(), strings.NewReader("x")); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(racine, func(p string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		i, err := d.Info()
		if err == nil && i.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is open to others: %v", p, i.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A store that was used yesterday opens again with its files.
func TestFolderOpensAgain(t *testing.T) {
	m, racine := dossier(t)
	e, err := m.Ecrire(t.Context(), strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	autre, err := blob.OuvrirDossier(racine)
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := autre.Existe(t.Context(), e.SHA256); !ok || err != nil {
		t.Errorf("gone: %v", err)
	}
}

func TestSpoiltFileIsFoundAndHealed(t *testing.T) {
	m, racine := dossier(t)
	e, err := m.Ecrire(t.Context(), strings.NewReader("the true bytes"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(racine, e.SHA256[:2], e.SHA256), []byte("other bytes"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := blob.Copier(t.Context(), m, e.SHA256, io.Discard); !errors.Is(err, blob.ErrAltere) {
		t.Errorf("got %v", err)
	}
	if _, err := m.Ecrire(t.Context(), strings.NewReader("the true bytes")); err != nil {
		t.Fatal(err)
	}
	if _, err := blob.Copier(t.Context(), m, e.SHA256, io.Discard); err != nil {
		t.Errorf("not healed: %v", err)
	}
}

// What a killed process leaves behind is cleaned; what is being received, and
// strangers' files, are not.
func TestHousekeepingTakesOldLeftovers(t *testing.T) {
	m, racine := dossier(t)
	for nom, age := range map[string]time.Duration{"recu-1": 48 * time.Hour, "recu-2": 0, "autre": 48 * time.Hour} {
		p := filepath.Join(racine, "attente", nom)
		if err := os.WriteFile(p, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		quand := time.Now().Add(-age)
		if err := os.Chtimes(p, quand, quand); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := m.Menage(t.Context(), time.Now().Add(-24*time.Hour)); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if l, err := os.ReadDir(filepath.Join(racine, "attente")); len(l) != 2 || err != nil {
		t.Errorf("%v, %v", l, err)
	}
}

func TestFolderFileIsAReaderAt(t *testing.T) {
	m, _ := dossier(t)
	e, err := m.Ecrire(t.Context(), strings.NewReader("0123456789"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := m.Ouvrir(t.Context(), e.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	r, ok := c.ReadSeekCloser.(io.ReaderAt)
	b := make([]byte, 3)
	if !ok {
		t.Fatal("not an io.ReaderAt")
	}
	if _, err := r.ReadAt(b, 4); err != nil || string(b) != "456" {
		t.Errorf("%q, %v", b, err)
	}
}

func TestAddresses(t *testing.T) {
	for adresse, attendu := range map[string]string{
		"":                                    "file:///chemin",
		"pieces":                              "file:///chemin",
		"file://relatif/x":                    "chemin absolu",
		"file:///x?y=1":                       "sans paramètre",
		"s3://":                               "s3://seau",
		"s3://seau/chemin":                    "sans chemin",
		"s3://cle:secret@seau":                "ni mot de passe",
		"s3://seau?endpoint=hote":             "https://hote",
		"s3://seau?endpoint=https://u:p@hote": "https://hote",
		"s3://seau?prefixe=/x/":               "finit par /",
		"s3://seau?prefixe=x":                 "finit par /",
		"s3://seau?region=a&region=b":         "2 fois",
		"s3://seau?autre=1":                   "inconnu",
		"gs://seau":                           "file:///chemin",
		"file:///dev/null/x":                  "dossier",
	} {
		m, err := blob.Ouvrir(t.Context(), adresse, t.TempDir())
		if err == nil || !strings.Contains(err.Error(), attendu) || m != nil {
			t.Errorf("%.60s: got %v, expected %q", adresse, err, attendu)
		}
	}
}
