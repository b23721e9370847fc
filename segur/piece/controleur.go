package piece

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"strconv"
	"sync"

	"guichet.example/segur"
)

// Controleur looks at files against what requests declare. Its methods may run
// at the same time; they hold one document a worker in memory, 8 at most.
type Controleur struct {
	// Attendues are the declared documents: any other name is refused.
	Attendues []Attendue

	// SansDemandes leaves names unjudged against Attendues: content must
	// only be what the extension says.
	SansDemandes bool

	// PDF opens PDF documents. Nil: every PDF ends in [ErrSansLecteurPDF].
	PDF LecteurPDF

	// Recevoir, when not nil, gets each good document once, as soon as it is
	// known to be good, from several goroutines. The content is only lent:
	// it changes after the call. An error becomes the error of the document.
	// A duplicate between two places is known later, see [Couvrir].
	Recevoir func(p Piece, contenu []byte) error

	// Examinee, when not nil, is called once a document has been read, good or
	// not, from several goroutines: who waits can count.
	Examinee func()
}

// ErrSansLecteurPDF is the error of a PDF when nobody is there to open it.
var ErrSansLecteurPDF = errors.New("pièce non contrôlée : rien n’est là pour ouvrir les PDF")

// Fichier looks at one file given alone. nom is its name without folders.
func (c *Controleur) Fichier(ctx context.Context, nom string, r io.ReaderAt, taille int64) Piece {
	ps := []Piece{{Nom: nom, Taille: taille}}
	c.nommer(ps, []sorte{sorteFichier})
	peser(&ps[0])
	c.lireTous(ctx, ps, func(int) (io.ReadCloser, error) {
		return io.NopCloser(io.NewSectionReader(r, 0, taille)), nil
	})
	return ps[0]
}

// Dossier looks at the files of the root of fsys; a folder in it is refused,
// not entered. nom is what the folder is called in reports. garder, when not
// nil, tells which names to look at: the others are as if they were not there.
func (c *Controleur) Dossier(ctx context.Context, nom string, fsys fs.FS, garder func(nom string) bool) Lot {
	l := Lot{Nom: nom}
	entrees, err := fs.ReadDir(fsys, ".")
	if err != nil {
		l.Erreur = fmt.Errorf("lecture du dossier « %s » : %w", visible(nom), err)
		return l
	}
	var sortes []sorte
	for _, e := range entrees {
		if garder != nil && !garder(e.Name()) {
			continue
		}
		p := Piece{Nom: e.Name(), Source: nom}
		s := sorteDe(e.Type())
		if s == sorteFichier {
			if info, err := e.Info(); err != nil {
				p.Erreur = lecture(p.Nom, err)
			} else {
				p.Taille = info.Size()
			}
		}
		l.Pieces, sortes = append(l.Pieces, p), append(sortes, s)
	}
	c.nommer(l.Pieces, sortes)
	for i := range l.Pieces {
		if l.Pieces[i].Erreur == nil {
			peser(&l.Pieces[i])
		}
	}
	c.lireTous(ctx, l.Pieces, func(i int) (io.ReadCloser, error) { return fsys.Open(l.Pieces[i].Nom) })
	return l
}

func sorteDe(m fs.FileMode) sorte {
	switch {
	case m.IsDir():
		return sorteDossier
	case m&fs.ModeType != 0:
		return sorteLien
	}
	return sorteFichier
}

// tampons lends the memory that one document is read into: a byte more than
// the largest, so that a document which is too long shows.
var tampons = sync.Pool{New: func() any { return new([segur.PieceMax + 1]byte) }}

const ouvriersMax = 8

// lireTous reads the documents that nothing speaks against yet, on all cores.
func (c *Controleur) lireTous(ctx context.Context, ps []Piece, ouvrir func(i int) (io.ReadCloser, error)) {
	suivants := make(chan int)
	var groupe sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), ouvriersMax, len(ps)) {
		groupe.Go(func() {
			tampon := tampons.Get().(*[segur.PieceMax + 1]byte)
			defer tampons.Put(tampon)
			for i := range suivants {
				c.lire(ctx, &ps[i], tampon[:], func() (io.ReadCloser, error) { return ouvrir(i) })
				if c.Examinee != nil {
					c.Examinee()
				}
			}
		})
	}
	for i := range ps {
		if ps[i].Recue() {
			suivants <- i
		}
	}
	close(suivants)
	groupe.Wait()
}

// lire reads one document into tampon and judges its content. Nothing that was
// declared is trusted: no more than declared is read, and no less accepted.
func (c *Controleur) lire(ctx context.Context, p *Piece, tampon []byte, ouvrir func() (io.ReadCloser, error)) {
	if p.Erreur = context.Cause(ctx); p.Erreur != nil {
		return
	}
	r, err := ouvrir()
	if err != nil {
		p.echec(err)
		return
	}
	defer r.Close()
	n, err := remplir(r, tampon[:p.Taille+1])
	if err == nil && int64(n) != p.Taille {
		err = errTaille
	}
	if err != nil {
		p.echec(err)
		return
	}
	contenu := tampon[:n]
	p.SHA256 = sha256.Sum256(contenu)
	c.jugerContenu(ctx, p, contenu)
	if c.Recevoir != nil && p.Recue() {
		p.Erreur = c.Recevoir(*p, contenu)
	}
}

// errTaille is a file that changed while it was read.
var errTaille = errors.New("le fichier a changé pendant la lecture")

// errDonnees marks data that are not what the archive says.
var errDonnees = errors.New("wrong data in archive")

// echec tells a document that could not be read from one whose archive lies.
func (p *Piece) echec(err error) {
	if errors.Is(err, errDonnees) {
		p.noter(CodeEndommagee)
		return
	}
	p.Erreur = lecture(p.Nom, err)
}

func lecture(nom string, err error) error {
	return fmt.Errorf("lecture de « %s » : %w", visible(nom), err)
}

// remplir reads until the end of r or of b, and keeps io.ErrUnexpectedEOF apart
// from io.EOF, which io.ReadFull does not.
func remplir(r io.Reader, b []byte) (int, error) {
	for n := 0; ; {
		m, err := r.Read(b[n:])
		n += m
		if err == io.EOF || err == nil && n == len(b) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

func entier[T int | int64 | uint64 | uint16](n T) string {
	if n < 0 {
		return strconv.FormatInt(int64(n), 10)
	}
	return strconv.FormatUint(uint64(n), 10)
}
