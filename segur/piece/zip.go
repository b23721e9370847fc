package piece

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"sync/atomic"

	"guichet.example/segur"
)

// Zip looks at an archive. Its directory is judged first; when that condemns
// the archive, no data is read. nom is what the archive is called in reports.
func (c *Controleur) Zip(ctx context.Context, nom string, r io.ReaderAt, taille int64) Lot {
	src := &source{r: r}
	l, entrees := c.repertoire(nom, src, taille)
	if l.Erreur == nil && !l.Condamne() {
		c.lireTous(ctx, l.Pieces, func(i int) (io.ReadCloser, error) { return ouvrirEntree(src, entrees[i]) })
	}
	return l
}

// Repertoire judges the directory of an archive alone, as Zip does first. When
// that does not condemn it, nothing is said yet of its documents.
func (c *Controleur) Repertoire(nom string, r io.ReaderAt, taille int64) Lot {
	l, _ := c.repertoire(nom, &source{r: r}, taille)
	return l
}

func (c *Controleur) repertoire(nom string, src *source, taille int64) (l Lot, entrees []*zip.File) {
	l.Nom = nom
	switch {
	case taille == 0:
		l.noter(CodeZipVide)
		return l, nil
	case taille > segur.ZipMax:
		l.noter(CodeZipTropGros, "{taille}", entier(taille))
		return l, nil
	case taille > segur.ZipProduitMax:
		l.noter(AvertZipLourd, "{taille}", entier(taille))
	}
	entrees = l.ouvrir(src, taille)
	sortes := make([]sorte, len(entrees))
	l.Pieces = make([]Piece, len(entrees))
	for i, f := range entrees {
		l.Pieces[i] = Piece{Nom: f.Name, Source: nom, Taille: int64(min(f.UncompressedSize64, 1<<62))}
		sortes[i] = sorteEntree(f)
	}
	c.nommer(l.Pieces, sortes)
	l.jugerRepertoire(entrees, taille)
	if err := src.erreur(); err != nil {
		return Lot{Nom: nom, Erreur: fmt.Errorf("lecture de l’archive « %s » : %w", visible(nom), err)}, nil
	}
	if l.Condamne() {
		l.Pieces = fautives(l.Pieces)
	}
	return l, entrees
}

// ouvrir reads the directory, with a limit on what it may cost. What it finds
// against the archive it records.
func (l *Lot) ouvrir(src *source, taille int64) []*zip.File {
	n, err := nombreEntrees(src, taille)
	if err == nil && n > EntreesMax {
		l.noter(CodeTropEntrees)
		return nil
	}
	var z *zip.Reader
	if err == nil {
		src.reste.Store(RepertoireMax)
		src.borne.Store(true)
		z, err = zip.NewReader(src, taille)
		src.borne.Store(false)
	}
	switch {
	case errors.Is(err, errRepertoire), z != nil && len(z.File) > EntreesMax:
		l.noter(CodeTropEntrees)
	case z != nil && len(z.File) == 0:
		l.noter(CodeZipVide)
	case z != nil: // even with zip.ErrInsecurePath: names are judged one by one
		return z.File
	default:
		l.illisible(src, err)
	}
	return nil
}

// illisible tells an archive cut short from a file that never was one.
func (l *Lot) illisible(src *source, err error) {
	tete := make([]byte, teteMax)
	n, _ := src.ReadAt(tete, 0)
	switch tete = tete[:n]; {
	case !errors.Is(err, errSansFin):
		l.noter(CodeZipIllisible, "{cause}", "son répertoire est endommagé")
	case bytes.HasPrefix(tete, []byte("PK\x03\x04")):
		l.noter(CodeZipIllisible, "{cause}", "sa fin manque")
	default:
		l.noter(CodePasZip, "{trouve}", nature(tete))
	}
}

// fautives keeps the entries that have a fault of their own.
func fautives(ps []Piece) []Piece {
	var gardees []Piece
	for i := range ps {
		if ps[i].Refusee() {
			gardees = append(gardees, ps[i])
		}
	}
	return gardees
}

// source reads an archive. It remembers that reading itself failed, which is no
// fault of the archive, and stops a directory that costs too much.
type source struct {
	r     io.ReaderAt
	borne atomic.Bool
	reste atomic.Int64 // bytes that may still be read while borne is set
	echec atomic.Pointer[error]
}

var errRepertoire = errors.New("zip directory too long")

func (s *source) ReadAt(b []byte, off int64) (int, error) {
	if s.borne.Load() && s.reste.Add(-int64(len(b))) < 0 {
		return 0, errRepertoire
	}
	if off < 0 {
		return 0, zip.ErrFormat // an offset that the directory made up: its fault
	}
	n, err := s.r.ReadAt(b, off)
	if err != nil && err != io.EOF {
		s.echec.CompareAndSwap(nil, &err)
	}
	return n, err
}

// erreur is the first failure of reading, nil when there was none.
func (s *source) erreur() error {
	if p := s.echec.Load(); p != nil {
		return *p
	}
	return nil
}

// ouvrirEntree opens the data of an entry. A reading error that is not the
// archive's own fault stays as it is.
func ouvrirEntree(src *source, f *zip.File) (io.ReadCloser, error) {
	r, err := f.Open()
	if err != nil {
		return nil, src.imputer(err)
	}
	return &donnees{ReadCloser: r, src: src, attendue: f.CRC32}, nil
}

// imputer tells whose fault an error of archive/zip is.
func (s *source) imputer(err error) error {
	if e := s.erreur(); e != nil {
		return e
	}
	return fmt.Errorf("%w: %w", errDonnees, err)
}

// donnees is the data of an entry. archive/zip leaves the sum unchecked where
// the directory says zero; this does not.
type donnees struct {
	io.ReadCloser
	src      *source
	attendue uint32
	somme    uint32
}

func (d *donnees) Read(b []byte) (int, error) {
	n, err := d.ReadCloser.Read(b)
	if d.attendue == 0 {
		d.somme = crc32.Update(d.somme, crc32.IEEETable, b[:n])
	}
	switch {
	case err == nil:
		return n, nil
	case err == io.EOF && (d.attendue != 0 || d.somme == 0):
		return n, io.EOF
	case err == io.EOF:
		return n, errDonnees
	}
	return n, d.src.imputer(err)
}
