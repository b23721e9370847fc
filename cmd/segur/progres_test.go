package main

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

// Progress counts files and documents, leaves a clean line to each result, and
// says nothing when the work is short.
func TestProgresCompteFichiersEtPieces(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	heure := time.Date(2023, 7, 1, 12, 0, 0, 0, time.UTC)
	p := &progres{w: &b, maintenant: func() time.Time { return heure }, total: 2, prochain: heure.Add(progresApres)}
	p.piece()
	if b.String() != "" {
		t.Errorf("too early: %q", b.String())
	}
	heure = heure.Add(progresApres)
	p.piece()
	p.piece() // too soon after the other
	echec := errors.New("essai")
	if err := p.fichier(func() error { b.WriteString("résultat 1\n"); return echec }); !errors.Is(err, echec) {
		t.Error(err)
	}
	heure = heure.Add(progresPeriode)
	p.piece()
	if err := p.fichier(func() error { b.WriteString("résultat 2\n"); return nil }); err != nil {
		t.Error(err)
	}
	if want := "\r\x1b[K0 / 2 fichiers contrôlés, 2 pièces lues\r\x1b[Krésultat 1\n\r\x1b[K1 / 2 fichiers contrôlés, 4 pièces lues\r\x1b[Krésultat 2\n"; b.String() != want {
		t.Errorf("got %q\nwant %q", b.String(), want)
	}
	var personne *progres
	personne.piece()
	if err := personne.fichier(func() error { return echec }); !errors.Is(err, echec) {
		t.Error(err)
	}
}

func TestProgresDePlusieursOuvriers(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	p := &progres{w: &b, maintenant: time.Now, total: 1}
	var g sync.WaitGroup
	for range 50 {
		g.Go(p.piece)
	}
	g.Wait()
	if p.pieces != 50 || !strings.HasPrefix(b.String(), "\r\x1b[KContrôle en cours, 1 pièce lue") {
		t.Errorf("%d documents, %q", p.pieces, b.String())
	}
}
