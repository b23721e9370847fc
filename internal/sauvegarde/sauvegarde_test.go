package sauvegarde

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// memoire keeps documents in memory.
type memoire map[string][]byte

func (m memoire) Ecrire(_ context.Context, b []byte) (string, error) {
	somme := sha256.Sum256(b)
	sha := hex.EncodeToString(somme[:])
	m[sha] = bytes.Clone(b)
	return sha, nil
}

func (m memoire) Ouvrir(_ context.Context, sha string) (io.ReadCloser, int64, error) {
	b, ok := m[sha]
	if !ok {
		return nil, 0, os.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(b)), int64(len(b)), nil
}

func archive(t *testing.T) (memoire, []string, []byte) {
	t.Helper()
	m := memoire{}
	var shas []string
	for _, s := range []string{"un", "deux", ""} {
		sha, err := m.Ecrire(t.Context(), []byte(s))
		if err != nil {
			t.Fatal(err)
		}
		shas = append(shas, sha)
	}
	var b bytes.Buffer
	d := Manifeste{Outil: "essai", Cree: time.Date(2023, 7, 3, 8, 0, 0, 0, time.UTC), Moteur: "sqlite", Schema: 2, Entrees: 7, Empreinte: "sha256:aa"}
	if err := Ecrire(t.Context(), &b, d, strings.NewReader("la base"), 7, shas, m); err != nil {
		t.Fatal(err)
	}
	return m, shas, b.Bytes()
}

func TestAllerRetour(t *testing.T) {
	t.Parallel()
	m, shas, b := archive(t)
	var base bytes.Buffer
	lu := memoire{}
	d, err := Lire(t.Context(), bytes.NewReader(b), &base, lu)
	if err != nil {
		t.Fatal(err)
	}
	if base.String() != "la base" || d.Moteur != "sqlite" || d.Entrees != 7 || len(d.Fichiers) != 1+len(shas) {
		t.Errorf("%q, %+v", base.String(), d)
	}
	if diff := cmp.Diff(m, lu); diff != "" {
		t.Error(diff)
	}
}

// Each byte changed or missing shows: none is restored for another.
func TestArchiveAbimee(t *testing.T) {
	t.Parallel()
	_, _, b := archive(t)
	essayer := func(b []byte) error {
		_, err := Lire(t.Context(), bytes.NewReader(b), io.Discard, memoire{})
		return err
	}
	contenus := 0
	r := bytes.NewReader(b)
	for lecteur := tar.NewReader(r); ; {
		h, err := lecteur.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		debut := int(r.Size()) - r.Len()
		if h.Name == nomManifeste {
			continue
		}
		for i := range int(h.Size) {
			abime := bytes.Clone(b)
			abime[debut+i] ^= 1
			contenus++
			if essayer(abime) == nil {
				t.Errorf("%s: byte %d changed unseen", h.Name, i)
			}
		}
	}
	if contenus == 0 {
		t.Fatal("nothing was tried")
	}
	coupees := 0
	for n := 0; n < len(b)-2048; n += 256 {
		coupees++
		if essayer(b[:n]) == nil {
			t.Errorf("cut at %d unseen", n)
		}
	}
	if coupees == 0 {
		t.Fatal("nothing was cut")
	}
}

// Names that lead elsewhere, links and strangers are refused.
func TestNomsHostiles(t *testing.T) {
	t.Parallel()
	for _, h := range []tar.Header{
		{Name: "../base", Typeflag: tar.TypeReg}, {Name: "/etc/passwd", Typeflag: tar.TypeReg}, {Name: "base", Typeflag: tar.TypeSymlink, Linkname: "x"},
		{Name: "pieces/../x", Typeflag: tar.TypeReg}, {Name: "autre", Typeflag: tar.TypeReg}, {Name: "base/", Typeflag: tar.TypeDir},
	} {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := Lire(t.Context(), &b, io.Discard, memoire{}); err == nil {
			t.Errorf("%s was read", h.Name)
		}
	}
}

// A document that is not there, or not itself, makes no archive.
func TestPieceManquante(t *testing.T) {
	t.Parallel()
	m, shas, _ := archive(t)
	ecrire := func() error {
		return Ecrire(t.Context(), io.Discard, Manifeste{}, strings.NewReader(""), 0, shas, m)
	}
	m[shas[1]] = []byte("autre")
	if err := ecrire(); err == nil || !strings.Contains(err.Error(), shas[1]) {
		t.Error(err)
	}
	delete(m, shas[1])
	if err := ecrire(); err == nil || !strings.Contains(err.Error(), shas[1]) {
		t.Error(err)
	}
}
