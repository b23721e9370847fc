package guichet

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
)

// RecevoirTranche keeps what r brings of an archive from an offset on, slice
// by slice, and returns how much of the archive is there. When r ends early,
// what came is kept, with r's error. With a SHA-256 in somme, r is one slice
// and is kept whole or not at all. An offset that is not where the archive
// stops is a conflict.
func (g *Guichet) RecevoirTranche(ctx context.Context, a *Acteur, id TeleversementID, debut int64, r io.Reader, somme []byte) (recu int64, err error) {
	v, err := g.Televersement(ctx, a, id)
	if err != nil {
		return 0, err
	}
	if debut != v.Recu {
		return v.Recu, erreur(Conflit, "L’envoi en est à l’octet %d, pas à %d : reprenez de là.", v.Recu, debut)
	}
	tampon := make([]byte, selTaille+MorceauMax)
	for v.Recu < v.Taille {
		place := min(MorceauMax, v.Taille-v.Recu)
		n, errLire := io.ReadFull(r, tampon[selTaille:selTaille+place])
		court := errors.Is(errLire, io.EOF) || errors.Is(errLire, io.ErrUnexpectedEOF)
		if err := verifierSomme(tampon[selTaille:selTaille+n], somme, r, errLire, court); err != nil {
			return v.Recu, err
		}
		// A few bytes of a cut line are not worth a slice: they come again.
		if n >= morceauMin || n > 0 && v.Recu+int64(n) == v.Taille {
			if err := g.garderTranche(ctx, v, tampon[:selTaille+n]); err != nil {
				return v.Recu, err
			}
		}
		switch {
		case court && v.Recu == debut && v.Recu < v.Taille:
			return v.Recu, erreur(Invalide, "Une tranche a au moins %d Kio, sauf la dernière de l’archive : rien n’a été gardé.", morceauMin>>10)
		case court, somme != nil:
			return v.Recu, nil
		case errLire != nil:
			return v.Recu, coupe(errLire)
		}
	}
	return v.Recu, depasse(r)
}

func coupe(err error) error {
	return &Error{Genre: Illisible, Message: "L’envoi s’est interrompu ; ce qui est arrivé est gardé.", Cause: err}
}

// depasse refuses a body that is longer than what was announced.
func depasse(r io.Reader) error {
	if n, err := r.Read(make([]byte, 1)); n > 0 {
		return erreur(TropGros, "L’envoi est plus long que la taille annoncée.")
	} else if err != nil && !errors.Is(err, io.EOF) {
		return coupe(err)
	}
	return nil
}

// verifierSomme refuses a slice that is not what its checksum says; such a
// slice is the whole of its body.
func verifierSomme(contenu, somme []byte, r io.Reader, errLire error, court bool) error {
	switch {
	case somme == nil:
		return nil
	case errLire != nil && !court:
		return coupe(errLire)
	case errLire == nil && depasse(r) != nil:
		return erreur(TropGros, "Une tranche avec une somme de contrôle a au plus %d octets, et ne dépasse pas la taille annoncée.", MorceauMax)
	}
	if vraie := sha256.Sum256(contenu); subtle.ConstantTimeCompare(vraie[:], somme) != 1 {
		return erreur(Altere, "La tranche reçue n’est pas celle qui est partie : sa somme SHA-256 diffère. Renvoyez-la.")
	}
	return nil
}

// garderTranche writes a slice and moves the archive on. Of two that arrive at
// once for one place, one stays.
func (g *Guichet) garderTranche(ctx context.Context, v *Televersement, sale []byte) error {
	// What has arrived is kept even when its sender has just hung up.
	ctx = context.WithoutCancel(ctx)
	if _, err := io.ReadFull(g.m.Hasard, sale[:selTaille]); err != nil {
		return fmt.Errorf("randomness: %w", err)
	}
	nom, err := g.m.Magasin.Ecrire(ctx, sale)
	if err != nil {
		return err
	}
	x := MorceauRecu{Debut: v.Recu, Taille: int64(len(sale) - selTaille), Nom: nom}
	var apres *Televersement
	err = g.m.Base.Ecrire(ctx, func(tx Tx) error {
		la, err := tx.Televersement(v.ID)
		if err != nil {
			return absent(err, "Cet envoi a été abandonné.")
		}
		if la.Recu != x.Debut {
			return erreur(Conflit, "Cet envoi avance ailleurs : il en est à l’octet %d.", la.Recu)
		}
		la.Recu += x.Taille
		la.Expire = g.m.Horloge().Add(patienceTeleversement)
		if fin := la.Cree.Add(dureeTeleversement); fin.Before(la.Expire) {
			la.Expire = fin
		}
		apres = la
		return errors.Join(tx.AjouterTranche(la.ID, x), tx.MajTeleversement(la))
	})
	if err != nil {
		return errors.Join(err, g.m.Magasin.Supprimer(ctx, nom))
	}
	*v = *apres
	return nil
}
