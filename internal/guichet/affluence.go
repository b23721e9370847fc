package guichet

import (
	"context"
	"sync"
	"time"
)

// Affluence bounds the costly calls that one process takes at once, so that
// the rush of a closing hour neither fills its memory nor makes readers wait:
// readings are not counted. The zero value is for a small machine.
type Affluence struct {
	Depots, FileDepots int // files at work at once, and that wait
	Envois, FileEnvois int // archives and documents at work at once, and that wait
	Attente            time.Duration
}

// ordinaire fills in what is not set. Deposits that are at work together share
// one commit; documents are controlled on all cores already.
func (a Affluence) ordinaire() Affluence {
	poser := func(n *int, v int) {
		if *n <= 0 {
			*n = v
		}
	}
	poser(&a.Depots, 16)
	poser(&a.FileDepots, 112)
	poser(&a.Envois, 4)
	poser(&a.FileEnvois, 60)
	if a.Attente <= 0 {
		a.Attente = 10 * time.Second
	}
	return a
}

// salle is a waiting room with a few places at work. Safe for concurrent use.
type salle struct {
	places  chan struct{}
	max     int // at work and waiting
	attente time.Duration

	mu       sync.Mutex
	presents int
	par      map[FournisseurID]int
}

func nouvelleSalle(travail, file int, attente time.Duration) *salle {
	return &salle{places: make(chan struct{}, travail), max: travail + file, attente: attente, par: map[FournisseurID]int{}}
}

func errAffluence() error {
	return erreur(Indisponible, "Beaucoup de dépôts arrivent en ce moment et la file d’attente est pleine. Rien n’a été pris en compte : réessayez dans quelques secondes, le même envoi suffit.")
}

// complet refuses a newcomer at the door, before anything of it is received:
// the room is full, or one supplier has half of it, which leaves the other half
// to others.
func (s *salle) complet(f FournisseurID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.presents >= s.max:
		return errAffluence()
	case s.par[f] > s.max/2:
		return erreur(TropSouvent, "Vous avez déjà %d envois en cours : attendez que les premiers aboutissent, puis reprenez.", s.par[f])
	}
	return nil
}

// entrer waits for a place at work; sortir leaves it.
func (s *salle) entrer(ctx context.Context, f FournisseurID) (sortir func(), err error) {
	if err := s.complet(f); err != nil {
		return nil, err
	}
	s.compter(f, 1)
	montre := time.NewTimer(s.attente)
	defer montre.Stop()
	sortir = func() { <-s.places; s.compter(f, -1) }
	select { // a free place is taken, however late it has become meanwhile
	case s.places <- struct{}{}:
		return sortir, nil
	default:
	}
	select {
	case s.places <- struct{}{}:
		return sortir, nil
	case <-montre.C:
		err = errAffluence()
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	s.compter(f, -1)
	return nil, err
}

func (s *salle) compter(f FournisseurID, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.presents += n
	if s.par[f] += n; s.par[f] == 0 {
		delete(s.par, f)
	}
}

// PlaceDepot refuses a deposit that [Guichet.Deposer] could not take now:
// callers ask before they receive it.
func (g *Guichet) PlaceDepot(a *Acteur) error { return g.depots.complet(a.FournisseurID) }

// PlaceEnvoi is PlaceDepot for documents.
func (g *Guichet) PlaceEnvoi(a *Acteur) error { return g.envois.complet(a.FournisseurID) }

// Presents counts the deposits and the uploads that are at work or wait, for
// metrics.
func (g *Guichet) Presents() (depots, envois int) {
	return g.depots.nombre(), g.envois.nombre()
}

func (s *salle) nombre() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.presents
}
