// Package banc is a test bench for whole portals: real engines on the loopback
// (PostgreSQL, S3, clamd, SMTP, nginx), portals as processes that are killed
// and started again, people who work on them, and the proof, at the end, that
// everything acknowledged is there once.
//
// Start at [Nouveau] for the engines, [Vie] for the people and [Prouver] for
// the proof. Imported by tests and by e2e/epreuves only; the people know what
// HTTP answers and nothing else, the seeds and the proof read the store.
package banc

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Banc is a folder and what runs in it; [Banc.Fermer] ends everything, last
// begun first.
type Banc struct {
	Dossier string
	mu      sync.Mutex
	fins    []func() error
}

// Nouveau makes a bench in a folder of its own.
func Nouveau() (*Banc, error) {
	d, err := os.MkdirTemp("", "banc")
	if err != nil {
		return nil, err
	}
	return &Banc{Dossier: d}, os.Chmod(d, 0o711) //nolint:gosec // PostgreSQL's own account goes through it
}

// Finir adds what Fermer does, before what was added already.
func (b *Banc) Finir(f func() error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fins = append(b.fins, f)
}

// Fermer ends what runs, and removes the folder.
func (b *Banc) Fermer() error {
	var err error
	for i := len(b.fins) - 1; i >= 0; i-- {
		err = errors.Join(err, b.fins[i]())
	}
	return errors.Join(err, os.RemoveAll(b.Dossier))
}

// chemin is a path in the bench's folder.
func (b *Banc) chemin(noms ...string) string {
	return filepath.Join(append([]string{b.Dossier}, noms...)...)
}

// PortLibre is an address of the loopback that nothing listened on a moment
// ago.
func PortLibre() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// attendre asks until it is true, or the time is over.
func attendre(ctx context.Context, quoi string, delai time.Duration, f func() bool) error {
	for fin := time.Now().Add(delai); !f(); {
		if time.Now().After(fin) {
			return fmt.Errorf("%s: not within %s", quoi, delai)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}
