package envoi

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"

	"guichet.example/internal/api/client"
	"guichet.example/internal/atelier/registre"
)

// pieces sends what the portal lacks, archive by archive, then one by one the
// documents that lie on their own: of two with one name, the one on its own is
// the one that somebody put there last. r gets the coverage at the end.
func (x *Expediteur) pieces(ctx context.Context, f *Fichier, d *client.Depot, r *Resultat) error {
	c := d.Couverture
	if err := x.remplacer(ctx, f, d, slices.Clone(c.Recues), r); err != nil {
		return err
	}
	for i := range f.lieux.zips {
		voulus := map[string]bool{}
		for _, m := range c.Manquantes {
			_, seule := f.lieux.seules[m.NomFichier]
			if z, ok := f.lieux.noms[m.NomFichier]; ok && z == i && !seule {
				voulus[m.NomFichier] = true
			}
		}
		if len(voulus) == 0 {
			continue
		}
		apres, err := x.zip(ctx, d.ID, f.lieux.zips[i], voulus, r)
		if err != nil {
			return err
		}
		if apres != nil {
			c = *apres
		}
	}
	if err := x.seules(ctx, f, &c, r); err != nil {
		return err
	}
	r.Recues, r.Complete = len(c.Recues), len(c.Manquantes) == 0
	for _, m := range c.Manquantes {
		r.Manquantes = append(r.Manquantes, m.NomFichier)
	}
	return nil
}

// zip sends an archive: as it is when the portal lacks all of it, else a
// stream of the entries that it lacks. nil = refused as a whole.
func (x *Expediteur) zip(ctx context.Context, depot, chemin string, voulus map[string]bool, r *Resultat) (*client.Couverture, error) {
	contenu, entier, err := x.contenuZip(chemin, voulus)
	if err != nil {
		return nil, err
	}
	c, err := x.Portail.EnvoyerZip(ctx, depot, contenu)
	var p *client.Probleme
	if errors.As(err, &p) && !p.Echec() {
		if len(p.Refusees) == 0 {
			p.Refusees = []client.Refusee{{NomFichier: chemin, Message: p.Detail}}
		}
		r.PiecesRefusees = append(r.PiecesRefusees, p.Refusees...)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r.PiecesRefusees = append(r.PiecesRefusees, c.Refusees...)
	return c, x.noterZip(depot, chemin, entier, c)
}

// noterZip writes a whole archive that arrived in the ledger.
func (x *Expediteur) noterZip(depot, chemin string, entier bool, c *client.Couverture) error {
	if x.Registre == nil || !entier {
		return nil
	}
	for _, d := range x.Registre.Depots() {
		if d.Envoi == nil || d.Envoi.Depot != depot {
			continue
		}
		i := slices.IndexFunc(d.Zips, func(z registre.Fichier) bool { return z.Nom == filepath.Base(chemin) })
		if i < 0 {
			return nil
		}
		e := registre.EnvoiPieces{Depot: depot, Zip: d.Zips[i].Nom, SHA256: d.Zips[i].SHA256}
		for _, m := range c.Manquantes {
			e.Manquantes = append(e.Manquantes, m.NomFichier)
		}
		return x.Registre.NoterPieces(e)
	}
	return nil
}

// contenuZip is what to send of an archive; entier tells that it is the file
// itself.
func (x *Expediteur) contenuZip(chemin string, voulus map[string]bool) (c client.Contenu, entier bool, err error) {
	z, err := zip.OpenReader(chemin)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return c, false, err
	}
	defer z.Close()
	entier = !slices.ContainsFunc(z.File, func(f *zip.File) bool { return !voulus[f.Name] })
	if entier {
		info, err := os.Stat(chemin)
		if err != nil {
			return c, false, err
		}
		cle, err := empreinte(chemin)
		if err != nil {
			return c, false, err
		}
		return client.Contenu{Taille: info.Size(), Cle: cle, Ouvrir: func() (io.ReadCloser, error) {
			f, err := os.Open(chemin)
			if err != nil {
				return nil, err
			}
			return x.compter(f, info.Size()), nil
		}}, true, nil
	}
	var taille compteur
	h := sha256.New()
	if err := copierEntrees(io.MultiWriter(&taille, h), &z.Reader, voulus); err != nil {
		return c, false, err
	}
	return client.Contenu{Taille: int64(taille), Cle: hex.EncodeToString(h.Sum(nil)), Ouvrir: func() (io.ReadCloser, error) {
		r, w := io.Pipe()
		go func() { _ = w.CloseWithError(ecrireEntrees(w, chemin, voulus)) }() // the reader gets the error
		return x.compter(r, int64(taille)), nil
	}}, false, nil
}

// empreinte is the SHA-256 of a file.
func empreinte(chemin string) (string, error) {
	f, err := os.Open(chemin)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), err
}

// compteur counts what is written to it.
type compteur int64

func (c *compteur) Write(b []byte) (int, error) { *c += compteur(len(b)); return len(b), nil }

func ecrireEntrees(w io.Writer, chemin string, voulus map[string]bool) error {
	z, err := zip.OpenReader(chemin)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return err
	}
	defer z.Close()
	return copierEntrees(w, &z.Reader, voulus)
}

// copierEntrees copies entries as they are, without inflating them.
func copierEntrees(w io.Writer, z *zip.Reader, voulus map[string]bool) error {
	sortie := zip.NewWriter(w)
	for _, f := range z.File {
		if voulus[f.Name] {
			if err := sortie.Copy(f); err != nil {
				return err
			}
		}
	}
	return sortie.Close()
}

// seules sends documents that lie on their own.
func (x *Expediteur) seules(ctx context.Context, f *Fichier, c *client.Couverture, r *Resultat) error {
	var restent []client.Declare
	for _, m := range c.Manquantes {
		chemin, la := f.lieux.seules[m.NomFichier]
		if !la {
			restent = append(restent, m)
			continue
		}
		recue, err := x.seule(ctx, m, contenuSeul(chemin), r)
		if err != nil {
			return err
		}
		if recue == nil {
			restent = append(restent, m)
			continue
		}
		c.Recues = append(c.Recues, *recue)
	}
	c.Manquantes = restent
	return nil
}

// seule sends one document; nil = refused.
func (x *Expediteur) seule(ctx context.Context, m client.Declare, contenu client.Contenu, r *Resultat) (*client.Recue, error) {
	k, err := x.Portail.EnvoyerPiece(ctx, m.NumeroASP, m.NomFichier, client.Contenu{Taille: contenu.Taille, Ouvrir: func() (io.ReadCloser, error) {
		f, err := contenu.Ouvrir()
		if err != nil {
			return nil, err
		}
		return x.compter(f, contenu.Taille), nil
	}})
	var p *client.Probleme
	if errors.As(err, &p) && !p.Echec() {
		r.PiecesRefusees = append(r.PiecesRefusees, append(p.Refusees, client.Refusee{NomFichier: m.NomFichier, Message: p.Detail})[0])
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r.PiecesRefusees = append(r.PiecesRefusees, k.Refusees...)
	for i := range k.Recues {
		if k.Recues[i].NomFichier == m.NomFichier {
			return &k.Recues[i], nil
		}
	}
	return nil, nil
}

// compter tells of the bytes that leave.
func (x *Expediteur) compter(r io.ReadCloser, total int64) io.ReadCloser {
	x.dire(EtapePieces, 0, total)
	return &compteurLecture{ReadCloser: r, x: x, total: total}
}

type compteurLecture struct {
	io.ReadCloser
	x           *Expediteur
	fait, total int64
}

func (c *compteurLecture) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	c.fait += int64(n)
	c.x.dire(EtapePieces, c.fait, c.total)
	return n, err
}
