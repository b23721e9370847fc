package envoi

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"slices"

	"guichet.example/internal/api/client"
)

// statutAModifier is the status of a request sent back to its supplier.
const statutAModifier = "a_modifier"

// remplacer sends documents again whose content is no longer what the portal
// has: those that lie on their own, and of a request to be modified those in
// an archive too. A document that the portal no longer replaces is a refused
// piece.
func (x *Expediteur) remplacer(ctx context.Context, f *Fichier, d *client.Depot, recues []client.Recue, r *Resultat) error {
	aModifier := map[string]bool{}
	for i := range d.Demandes {
		if d.Demandes[i].Statut == statutAModifier {
			aModifier[d.Demandes[i].NumeroASP] = true
		}
	}
	for i := range recues {
		k := &recues[i]
		c, la := f.lieux.contenu(k.NomFichier, aModifier[k.NumeroASP])
		if !la {
			continue
		}
		somme, err := sommeDe(c)
		if err != nil {
			return err
		}
		if somme == k.SHA256 {
			continue
		}
		recue, err := x.seule(ctx, client.Declare{NumeroASP: k.NumeroASP, NomFichier: k.NomFichier}, c, r)
		if err != nil {
			return err
		}
		if recue != nil {
			r.Remplacees = append(r.Remplacees, k.NomFichier)
			*k = *recue
		}
	}
	return nil
}

// contenu finds a document on its own or, when archives are wanted too, in one
// of them.
func (l *lieux) contenu(nom string, archives bool) (client.Contenu, bool) {
	if chemin, la := l.seules[nom]; la {
		return contenuSeul(chemin), true
	}
	z, la := l.noms[nom]
	if !la || !archives {
		return client.Contenu{}, false
	}
	chemin := l.zips[z]
	return client.Contenu{Taille: -1, Ouvrir: func() (io.ReadCloser, error) { return ouvrirEntree(chemin, nom) }}, true
}

func contenuSeul(chemin string) client.Contenu {
	taille := int64(-1)
	if info, err := os.Stat(chemin); err == nil {
		taille = info.Size()
	}
	return client.Contenu{Taille: taille, Ouvrir: func() (io.ReadCloser, error) { return os.Open(chemin) }}
}

// entreeZip is an entry being read; closing it closes the archive.
type entreeZip struct {
	io.ReadCloser
	archive *zip.ReadCloser
}

// Close implements io.Closer.
func (e entreeZip) Close() error { return errors.Join(e.ReadCloser.Close(), e.archive.Close()) }

func ouvrirEntree(chemin, nom string) (io.ReadCloser, error) {
	z, err := zip.OpenReader(chemin)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, err
	}
	i := slices.IndexFunc(z.File, func(f *zip.File) bool { return f.Name == nom })
	if i < 0 {
		return nil, errors.Join(errors.New(chemin+" a changé pendant l’envoi : relancez la commande"), z.Close())
	}
	e, err := z.File[i].Open()
	if err != nil {
		return nil, errors.Join(err, z.Close())
	}
	return entreeZip{e, z}, nil
}

func sommeDe(c client.Contenu) (string, error) {
	r, err := c.Ouvrir()
	if err != nil {
		return "", err
	}
	h := sha256.New()
	_, err = io.Copy(h, r)
	return hex.EncodeToString(h.Sum(nil)), errors.Join(err, r.Close())
}

// corriger gives requests to be modified back to the agency, when the person
// has asked for it; else it tells of them.
func (x *Expediteur) corriger(ctx context.Context, d *client.Depot, r *Resultat) error {
	for i := range d.Demandes {
		q := &d.Demandes[i]
		if q.Statut != statutAModifier {
			continue
		}
		if !x.Corriger {
			r.AModifier = append(r.AModifier, q.NumeroEditeur)
			continue
		}
		err := x.Portail.Corriger(ctx, q.NumeroASP)
		var p *client.Probleme
		switch {
		case err == nil, errors.As(err, &p) && p.Conflit(): // 409: an earlier call arrived
			r.Corrigees = append(r.Corrigees, q.NumeroEditeur)
		case p != nil && !p.Echec():
			r.AModifier = append(r.AModifier, q.NumeroEditeur)
			r.Refusees = append(r.Refusees, Refus{Rang: q.Rang, NumeroEditeur: q.NumeroEditeur, Message: p.Detail})
		default:
			return err
		}
	}
	return nil
}
