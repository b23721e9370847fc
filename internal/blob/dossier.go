package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// Dossier is a store in one folder: a file lies under the first two digits of
// its name, and waits in a folder beside them until it is whole.
type Dossier struct {
	racine  string
	attente attente
	rayons  sync.Map // folders known to survive a power cut
}

var _ Magasin = (*Dossier)(nil)

// OuvrirDossier opens a folder, and makes it when it is missing. Only the
// account of the process may read it.
func OuvrirDossier(racine string) (*Dossier, error) {
	d := &Dossier{racine: racine, attente: attente(filepath.Join(racine, "attente"))}
	if err := os.MkdirAll(string(d.attente), 0o700); err != nil {
		return nil, fmt.Errorf("dossier des pièces : %w", err)
	}
	if err := errors.Join(synchroniser(racine), synchroniser(filepath.Dir(racine))); err != nil {
		return nil, fmt.Errorf("dossier des pièces : %w", err)
	}
	return d, nil
}

// Ecrire receives the file beside its place, then moves it there: a name is
// never seen with half its bytes.
func (d *Dossier) Ecrire(ctx context.Context, r io.Reader) (Ecrit, error) {
	chemin, e, err := d.attente.recevoir(ctx, r, (*os.File).Sync)
	if err != nil {
		return Ecrit{}, fmt.Errorf("write a file: %w", err)
	}
	if _, err := d.poser([]recu{{chemin, e.SHA256}}); err != nil {
		return Ecrit{}, fmt.Errorf("write a file: %w", errors.Join(err, os.Remove(chemin)))
	}
	if err := synchroniser(filepath.Dir(d.chemin(e.SHA256))); err != nil {
		return Ecrit{}, fmt.Errorf("write a file: %w", err)
	}
	return e, nil
}

// poser moves received files to their places. Over a copy that is already
// there, the move heals what the medium may have spoilt. reste are the files
// that it did not move; the caller syncs the folders of the others.
func (d *Dossier) poser(recus []recu) (reste []recu, err error) {
	var neufs []string
	for _, r := range recus {
		rayon := filepath.Dir(d.chemin(r.nom))
		if _, su := d.rayons.Load(rayon); su || slices.Contains(neufs, rayon) {
			continue
		}
		if err := os.Mkdir(rayon, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return recus, err
		}
		neufs = append(neufs, rayon)
	}
	if len(neufs) > 0 {
		// Another process may have made a folder and not synced it yet: the
		// first use by each process makes sure.
		if err := synchroniser(d.racine); err != nil {
			return recus, err
		}
		for _, rayon := range neufs {
			d.rayons.Store(rayon, true)
		}
	}
	for i, r := range recus {
		if err := os.Rename(r.chemin, d.chemin(r.nom)); err != nil {
			return recus[i:], err
		}
	}
	return nil, nil
}

// Ouvrir opens the file itself.
func (d *Dossier) Ouvrir(_ context.Context, nom string) (*Contenu, error) {
	if err := nomValide(nom); err != nil {
		return nil, err
	}
	f, err := os.Open(d.chemin(nom))
	if err != nil {
		return nil, fmt.Errorf("open a file: %w", err)
	}
	i, err := f.Stat()
	if err == nil && !i.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a regular file", nom)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("open a file: %w", err)
	}
	return &Contenu{f, i.Size()}, nil
}

// Existe looks for the file.
func (d *Dossier) Existe(_ context.Context, nom string) (bool, error) {
	if err := nomValide(nom); err != nil {
		return false, err
	}
	_, err := os.Stat(d.chemin(nom))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// Supprimer removes the file.
func (d *Dossier) Supprimer(_ context.Context, nom string) error {
	if err := nomValide(nom); err != nil {
		return err
	}
	if err := os.Remove(d.chemin(nom)); errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return fmt.Errorf("remove a file: %w", err)
	}
	return synchroniser(filepath.Dir(d.chemin(nom)))
}

// Parcourir reads folder after folder; what is no file of the store is passed
// over.
func (d *Dossier) Parcourir(ctx context.Context, f func(Ecrit) error) error {
	for i := range 256 {
		l, err := os.ReadDir(filepath.Join(d.racine, fmt.Sprintf("%02x", i)))
		if errors.Is(err, fs.ErrNotExist) {
			continue // no file begins so
		}
		if err != nil {
			return fmt.Errorf("list the files: %w", err)
		}
		for _, x := range l {
			if err := ctx.Err(); err != nil {
				return err
			}
			if nomValide(x.Name()) != nil || !x.Type().IsRegular() {
				continue
			}
			info, err := x.Info()
			if errors.Is(err, fs.ErrNotExist) {
				continue // removed meanwhile
			}
			if err != nil {
				return fmt.Errorf("list the files: %w", err)
			}
			if err := f(Ecrit{x.Name(), info.Size()}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Menage empties the waiting room of what is older.
func (d *Dossier) Menage(ctx context.Context, avant time.Time) (int, error) {
	return d.attente.menage(ctx, avant)
}

// Verifier writes and removes an empty file: a full or read-only disk shows.
func (d *Dossier) Verifier(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	f, err := os.CreateTemp(string(d.attente), prefixeAttente+"sonde-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// Close has nothing to end.
func (d *Dossier) Close() error { return nil }

func (d *Dossier) chemin(nom string) string { return filepath.Join(d.racine, nom[:2], nom) }

// synchroniser makes a file, or the names in a folder, survive a power cut.
func synchroniser(chemin string) error {
	f, err := os.Open(chemin)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
