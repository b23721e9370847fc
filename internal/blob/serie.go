package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// Serie writes many files that reach the medium together: the disk is waited
// for once, not once a file. All its methods but the last two may be called at
// once. Assurer or Abandonner ends it; after either, the other does nothing.
type Serie interface {
	// Ecrire is [Magasin].Ecrire but for one thing: the file is in its place,
	// and would survive a power cut, once Assurer has returned.
	Ecrire(ctx context.Context, r io.Reader) (Ecrit, error)
	// Assurer puts all that was written in its place. After an error some files
	// may be there and others not; each is whole.
	Assurer(ctx context.Context) error
	// Abandonner takes back what was written and not assured.
	Abandonner() error
}

// serieDossier keeps files in the waiting room until they are assured.
type serieDossier struct {
	d     *Dossier
	mu    sync.Mutex
	recus []recu
}

// recu is a file in the waiting room, and the name that it will have.
type recu struct{ chemin, nom string }

// Serie begins one.
func (d *Dossier) Serie() Serie { return &serieDossier{d: d} }

// Ecrire asks the disk to begin, and does not wait for it.
func (s *serieDossier) Ecrire(ctx context.Context, r io.Reader) (Ecrit, error) {
	chemin, e, err := s.d.attente.recevoir(ctx, r, entamer)
	if err != nil {
		return Ecrit{}, fmt.Errorf("write a file: %w", err)
	}
	s.mu.Lock()
	s.recus = append(s.recus, recu{chemin, e.SHA256})
	s.mu.Unlock()
	return e, nil
}

// Assurer syncs the files, moves them, then syncs their folders: a name is
// never seen with half its bytes, even after a power cut. The first sync makes
// the file system write its log; the others find that done.
func (s *serieDossier) Assurer(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, s.Abandonner()) }()
	for _, r := range s.recus {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := synchroniser(r.chemin); err != nil {
			return fmt.Errorf("write a file: %w", err)
		}
	}
	rayons := map[string]bool{}
	for _, r := range s.recus {
		rayons[filepath.Dir(s.d.chemin(r.nom))] = true
	}
	if s.recus, err = s.d.poser(s.recus); err != nil {
		return fmt.Errorf("write a file: %w", err)
	}
	for rayon := range rayons {
		if err := synchroniser(rayon); err != nil {
			return fmt.Errorf("write a file: %w", err)
		}
	}
	return nil
}

func (s *serieDossier) Abandonner() (err error) {
	for _, r := range s.recus {
		err = errors.Join(err, os.Remove(r.chemin))
	}
	s.recus = nil
	return err
}

// serieS3 has nothing to gather: a server keeps an object when it says so.
type serieS3 struct{ *S3 }

// Serie begins one.
func (s *S3) Serie() Serie { return serieS3{s} }

func (serieS3) Assurer(context.Context) error { return nil }
func (serieS3) Abandonner() error             { return nil }
