// Package blobtest is the one suite that every store of package blob passes.
// Start at [Essayer]. It is imported by tests only.
package blobtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"guichet.example/internal/blob"
)

// Essayer holds a store to the contract of [blob.Magasin]. ouvrir gives an
// empty store, another at each call; the suite closes it.
func Essayer(t *testing.T, ouvrir func(t *testing.T) blob.Magasin) {
	for nom, essai := range map[string]func(*testing.T, blob.Magasin){
		"WhatIsWrittenIsRead":       ecritLu,
		"SameContentIsKeptOnce":     memeContenu,
		"ManyWriteAtOnce":           ensemble,
		"SeriesIsAssuredTogether":   serie,
		"SeriesGivenUpLeavesNoWait": serieAbandonnee,
		"BrokenWriteLeavesNothing":  rompu,
		"CancelledWriteIsAnError":   annule,
		"AbsentIsTheSameEverywhere": absent,
		"NameThatIsNoHashIsRefused": noms,
		"AnyPlaceCanBeRead":         endroits,
		"ListIsSortedAndStops":      liste,
		"RemovedIsGone":             supprime,
		"HousekeepingSparesFiles":   menage,
	} {
		t.Run(nom, func(t *testing.T) {
			m := ouvrir(t)
			t.Cleanup(func() {
				if err := m.Close(); err != nil {
					t.Error(err)
				}
			})
			essai(t, m)
		})
	}
}

func somme(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// contenu is n bytes that compress badly and differ by seed.
func contenu(n, graine int) []byte {
	b := make([]byte, 0, n+32)
	for h := sha256.Sum256([]byte{byte(graine)}); len(b) < n; h = sha256.Sum256(h[:]) {
		b = append(b, h[:]...)
	}
	return b[:n]
}

func ecrire(t *testing.T, m blob.Magasin, b []byte) string {
	t.Helper()
	e, err := m.Ecrire(t.Context(), bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if e != (blob.Ecrit{SHA256: somme(b), Taille: int64(len(b))}) {
		t.Fatalf("written as %+v", e)
	}
	return e.SHA256
}

func tous(t *testing.T, m blob.Magasin) (l []blob.Ecrit) {
	t.Helper()
	if err := m.Parcourir(t.Context(), func(e blob.Ecrit) error { l = append(l, e); return nil }); err != nil {
		t.Fatal(err)
	}
	return l
}

func ecritLu(t *testing.T, m blob.Magasin) {
	if err := m.Verifier(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, n := range []int{0, 1, 4096, 3<<20 + 1, 6 << 20} { // the last in several parts on S3
		b := contenu(n, i)
		nom := ecrire(t, m, b)
		c, err := m.Ouvrir(t.Context(), nom)
		if err != nil {
			t.Fatal(err)
		}
		lu, err := io.ReadAll(c)
		if err != nil || c.Taille != int64(n) || !bytes.Equal(lu, b) {
			t.Errorf("%d bytes: %d read, size %d, %v", n, len(lu), c.Taille, err)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		var copie bytes.Buffer
		if k, err := blob.Copier(t.Context(), m, nom, &copie); err != nil || k != int64(n) || !bytes.Equal(copie.Bytes(), b) {
			t.Errorf("%d bytes copied as %d, %v", n, k, err)
		}
		if ok, err := m.Existe(t.Context(), nom); !ok || err != nil {
			t.Errorf("not there after writing: %v", err)
		}
	}
}

func memeContenu(t *testing.T, m blob.Magasin) {
	b := contenu(1000, 1)
	if premier := ecrire(t, m, b); premier != ecrire(t, m, b) || len(tous(t, m)) != 1 {
		t.Errorf("%d files", len(tous(t, m)))
	}
}

func ensemble(t *testing.T, m blob.Magasin) {
	var attente sync.WaitGroup
	for i := range 24 {
		attente.Go(func() {
			b := contenu(50_000, i%6) // four write the same
			e, err := m.Ecrire(context.WithoutCancel(t.Context()), bytes.NewReader(b))
			if err != nil || e.SHA256 != somme(b) {
				t.Errorf("%+v, %v", e, err)
			}
			if n, err := blob.Copier(t.Context(), m, somme(b), io.Discard); err != nil || n != 50_000 {
				t.Errorf("%d bytes, %v", n, err)
			}
		})
	}
	attente.Wait()
	if n := len(tous(t, m)); n != 6 {
		t.Errorf("%d files, expected 6", n)
	}
}

// serie writes many files at once, two of which are the same.
func serie(t *testing.T, m blob.Magasin) {
	s := m.Serie()
	var attente sync.WaitGroup
	for i := range 12 {
		attente.Go(func() {
			b := contenu(20_000, i%11)
			if e, err := s.Ecrire(t.Context(), bytes.NewReader(b)); err != nil || e != (blob.Ecrit{SHA256: somme(b), Taille: 20_000}) {
				t.Errorf("%+v, %v", e, err)
			}
		})
	}
	attente.Wait()
	if err := errors.Join(s.Assurer(t.Context()), s.Abandonner()); err != nil {
		t.Fatal(err)
	}
	for i := range 11 {
		if n, err := blob.Copier(t.Context(), m, somme(contenu(20_000, i)), io.Discard); err != nil || n != 20_000 {
			t.Errorf("%d bytes, %v", n, err)
		}
	}
	if n, err := m.Menage(t.Context(), time.Now().Add(time.Hour)); n != 0 || err != nil || len(tous(t, m)) != 11 {
		t.Errorf("%d still wait, %v", n, err)
	}
}

// serieAbandonnee gives up one series, and cannot assure another; a broken
// file of a third does not harm the rest of it.
func serieAbandonnee(t *testing.T, m blob.Magasin) {
	rendue, coupee, reste := m.Serie(), m.Serie(), m.Serie()
	for i, s := range []blob.Serie{rendue, coupee, reste} {
		if _, err := s.Ecrire(t.Context(), bytes.NewReader(contenu(100, i))); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := reste.Ecrire(t.Context(), iotest.ErrReader(errPanne)); !errors.Is(err, errPanne) {
		t.Error(err)
	}
	ctx, fin := context.WithCancelCause(t.Context())
	fin(errPanne)
	if err := coupee.Assurer(ctx); err != nil && !errors.Is(err, errPanne) {
		t.Error(err)
	}
	if err := errors.Join(rendue.Abandonner(), rendue.Assurer(t.Context()), reste.Assurer(t.Context())); err != nil {
		t.Error(err)
	}
	if ok, err := m.Existe(t.Context(), somme(contenu(100, 2))); !ok || err != nil {
		t.Errorf("the rest is not there: %v", err)
	}
	if n, err := m.Menage(t.Context(), time.Now().Add(time.Hour)); n != 0 || err != nil {
		t.Errorf("%d still wait, %v", n, err)
	}
}

var errPanne = errors.New("the line breaks")

func rompu(t *testing.T, m blob.Magasin) {
	b := contenu(200_000, 3)
	e, err := m.Ecrire(t.Context(), io.MultiReader(bytes.NewReader(b), iotest.ErrReader(errPanne)))
	if !errors.Is(err, errPanne) || e != (blob.Ecrit{}) {
		t.Errorf("%+v, %v", e, err)
	}
	if l := tous(t, m); len(l) != 0 {
		t.Errorf("%v stays behind", l)
	}
	// Nothing waits either: there is no room to clean.
	if n, err := m.Menage(t.Context(), time.Now().Add(time.Hour)); n != 0 || err != nil {
		t.Errorf("%d left behind, %v", n, err)
	}
}

func annule(t *testing.T, m blob.Magasin) {
	ctx, fin := context.WithCancel(t.Context())
	fin()
	if e, err := m.Ecrire(ctx, bytes.NewReader(contenu(10, 1))); !errors.Is(err, context.Canceled) || e != (blob.Ecrit{}) {
		t.Errorf("%+v, %v", e, err)
	}
	if l := tous(t, m); len(l) != 0 {
		t.Errorf("%v is there", l)
	}
}

func absent(t *testing.T, m blob.Magasin) {
	nom := somme([]byte("nowhere"))
	if c, err := m.Ouvrir(t.Context(), nom); !errors.Is(err, fs.ErrNotExist) || c != nil {
		t.Errorf("open: %v", err)
	}
	if _, err := blob.Copier(t.Context(), m, nom, io.Discard); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("copy: %v", err)
	}
	if ok, err := m.Existe(t.Context(), nom); ok || err != nil {
		t.Errorf("exists: %v, %v", ok, err)
	}
	if err := m.Supprimer(t.Context(), nom); err != nil {
		t.Errorf("remove: %v", err)
	}
}

func noms(t *testing.T, m blob.Magasin) {
	bon := ecrire(t, m, []byte("x"))
	for _, nom := range []string{"", "x", "../../etc/passwd", bon[:63], bon + "0", "../" + bon, bytesMajuscules(bon), "\x00" + bon[1:], bon[:62] + "/."} {
		_, ouvrir := m.Ouvrir(t.Context(), nom)
		_, existe := m.Existe(t.Context(), nom)
		for _, err := range []error{ouvrir, existe, m.Supprimer(t.Context(), nom)} {
			if !errors.Is(err, blob.ErrNom) || errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%q: %v", nom, err)
			}
		}
	}
}

func bytesMajuscules(s string) string { return string(bytes.ToUpper([]byte(s))) }

func endroits(t *testing.T, m blob.Magasin) {
	b := contenu(100_000, 5)
	c, err := m.Ouvrir(t.Context(), ecrire(t, m, b))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, x := range []struct {
		de     int64
		depuis int
		ou     int64
	}{{50_000, io.SeekStart, 50_000}, {-1000, io.SeekEnd, 99_000}, {0, io.SeekStart, 0}, {10, io.SeekCurrent, 110}} {
		ou, err := c.Seek(x.de, x.depuis)
		lu := make([]byte, 100)
		if _, e := io.ReadFull(c, lu); err != nil || e != nil || ou != x.ou || !bytes.Equal(lu, b[ou:ou+100]) {
			t.Errorf("%+v: at %d, %v, %v", x, ou, err, e)
		}
	}
}

func liste(t *testing.T, m blob.Magasin) {
	attendus := map[string]int64{}
	for i := range 30 {
		b := contenu(i, i)
		attendus[ecrire(t, m, b)] = int64(len(b))
	}
	avant := ""
	for _, e := range tous(t, m) {
		if n, ok := attendus[e.SHA256]; !ok || n != e.Taille || e.SHA256 <= avant {
			t.Errorf("%+v after %s", e, avant)
		}
		avant = e.SHA256
		delete(attendus, e.SHA256)
	}
	if len(attendus) > 0 {
		t.Errorf("%d files are not listed", len(attendus))
	}
	vus := 0
	err := m.Parcourir(t.Context(), func(blob.Ecrit) error {
		vus++
		return fmt.Errorf("enough: %w", errPanne)
	})
	if !errors.Is(err, errPanne) || vus != 1 {
		t.Errorf("%d told, %v", vus, err)
	}
}

func supprime(t *testing.T, m blob.Magasin) {
	garde, ote := ecrire(t, m, []byte("kept")), ecrire(t, m, []byte("removed"))
	if err := m.Supprimer(t.Context(), ote); err != nil {
		t.Fatal(err)
	}
	if l := tous(t, m); len(l) != 1 || l[0].SHA256 != garde {
		t.Errorf("%v", l)
	}
	if c, err := m.Ouvrir(t.Context(), ote); !errors.Is(err, fs.ErrNotExist) || c != nil {
		t.Errorf("%v", err)
	}
	if ecrire(t, m, []byte("removed")) != ote {
		t.Error("cannot be written again")
	}
}

func menage(t *testing.T, m blob.Magasin) {
	nom := ecrire(t, m, []byte("kept"))
	if n, err := m.Menage(t.Context(), time.Now().Add(time.Hour)); n != 0 || err != nil {
		t.Errorf("%d removed, %v", n, err)
	}
	if ok, err := m.Existe(t.Context(), nom); !ok || err != nil {
		t.Errorf("housekeeping took a file: %v", err)
	}
}
