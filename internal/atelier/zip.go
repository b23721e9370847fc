package atelier

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"

	"guichet.example/internal/atelier/registre"
	"guichet.example/segur"
)

// ecrivainZip is one worker's memory: a document and its compressed form.
type ecrivainZip struct {
	contenu, serre bytes.Buffer
	deflate        *flate.Writer
}

// ecrire writes one archive. The bytes depend only on names, contents and the
// day: dates are those of the deposit, not of the originals.
func (w *ecrivainZip) ecrire(ctx context.Context, dossier string, z *ZipPrevu, jour segur.Jour, avance func(int64)) (registre.Fichier, error) {
	return creer(dossier, z.Nom, durcir, func(vers io.Writer) error {
		archive := zip.NewWriter(vers)
		for i := range z.Entrees {
			if err := ctx.Err(); err != nil {
				return context.Cause(ctx)
			}
			e := &z.Entrees[i]
			if err := w.entree(archive, e, jour); err != nil {
				return fmt.Errorf("%s : %w", e.Piece.Source, err)
			}
			avance(e.Piece.Taille)
		}
		return archive.Close()
	})
}

func (w *ecrivainZip) entree(archive *zip.Writer, e *EntreePrevue, jour segur.Jour) error {
	if err := e.Piece.relire(&w.contenu); err != nil {
		return err
	}
	h := &zip.FileHeader{Name: e.Nom, Method: zip.Store, CRC32: e.Piece.crc, UncompressedSize64: uint64(e.Piece.Taille),
		// Noon of the day, in the form of MS-DOS: no zone, no extra field, which
		// Modified would add.
		ModifiedDate: uint16((jour.Annee-1980)<<9 | jour.Mois<<5 | jour.Jour), ModifiedTime: 12 << 11} //nolint:staticcheck // see above
	h.SetMode(0o644)
	contenu := w.contenu.Bytes()
	if e.Piece.comprimer {
		if serre, err := w.serrer(contenu); err != nil {
			return err
		} else if len(serre) < len(contenu) {
			h.Method, contenu = zip.Deflate, serre
		}
	}
	h.CompressedSize64 = uint64(len(contenu))
	f, err := archive.CreateRaw(h)
	if err != nil {
		return err
	}
	_, err = f.Write(contenu)
	return err
}

// serrer compresses a document; the result is good until the next call.
func (w *ecrivainZip) serrer(contenu []byte) ([]byte, error) {
	w.serre.Reset()
	if w.deflate == nil {
		var err error
		if w.deflate, err = flate.NewWriter(&w.serre, flate.DefaultCompression); err != nil {
			return nil, err
		}
	}
	w.deflate.Reset(&w.serre)
	if _, err := w.deflate.Write(contenu); err != nil {
		return nil, err
	}
	err := w.deflate.Close()
	return w.serre.Bytes(), err
}

// creer writes a new file, hashed as it is written, and hands it to finir, who
// closes it. On an error the file is left for the caller, who removes the
// folder.
func creer(dossier, nom string, finir func(*os.File) error, remplir func(io.Writer) error) (registre.Fichier, error) {
	chemin := filepath.Join(dossier, nom)
	f, err := os.OpenFile(chemin, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return registre.Fichier{}, err
	}
	c := &compte{f: f, somme: sha256.New()}
	if err := remplir(c); err != nil {
		return registre.Fichier{}, errors.Join(err, f.Close())
	}
	if err := finir(f); err != nil {
		return registre.Fichier{}, err
	}
	return registre.Fichier{Nom: nom, Taille: c.taille, SHA256: hex.EncodeToString(c.somme.Sum(nil))}, nil
}

// compte hashes and counts what goes through it.
type compte struct {
	f      io.Writer
	somme  hash.Hash
	taille int64
}

// Write implements io.Writer.
func (c *compte) Write(b []byte) (int, error) {
	n, err := c.f.Write(b)
	c.somme.Write(b[:n])
	c.taille += int64(n)
	return n, err
}
