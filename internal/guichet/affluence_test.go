package guichet

import (
	"context"
	"errors"
	"testing"
	"time"
)

// A room that is full refuses politely, keeps half of itself from any one
// supplier, and has its places back when they are left.
func TestSallePleine(t *testing.T) {
	t.Parallel()
	s := nouvelleSalle(2, 2, time.Hour)
	var sorties []func()
	for f := range FournisseurID(2) {
		sortir, err := s.entrer(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		sorties = append(sorties, sortir)
	}
	// Places at work are taken: who waits too long is sent away, and is gone.
	s.attente = time.Millisecond
	if _, err := s.entrer(t.Context(), 3); GenreDe(err) != Indisponible || EstPanne(err) || s.nombre() != 2 {
		t.Errorf("%v, %d present", err, s.nombre())
	}
	ctx, annuler := context.WithCancel(t.Context())
	annuler()
	s.attente = time.Hour
	if _, err := s.entrer(ctx, 3); !errors.Is(err, context.Canceled) || s.nombre() != 2 {
		t.Errorf("%v, %d present", err, s.nombre())
	}
	s.compter(9, 2)
	if err := s.complet(3); GenreDe(err) != Indisponible {
		t.Errorf("a full room: %v", err)
	}
	s.compter(9, 1)
	s.compter(0, -1)
	s.compter(1, -1)
	if err := s.complet(9); GenreDe(err) != TropSouvent {
		t.Errorf("one supplier has more than half: %v", err)
	}
	if err := s.complet(3); err != nil {
		t.Errorf("another supplier: %v", err)
	}
	s.compter(9, -3)
	s.compter(0, 1)
	s.compter(1, 1)
	for _, sortir := range sorties {
		sortir()
	}
	if sortir, err := s.entrer(t.Context(), 3); err != nil || s.nombre() != 1 || len(s.par) != 1 {
		t.Errorf("%v, %d present", err, s.nombre())
	} else {
		sortir()
	}
	if s.nombre() != 0 || len(s.par) != 0 {
		t.Errorf("%d present, %v", s.nombre(), s.par)
	}
}
