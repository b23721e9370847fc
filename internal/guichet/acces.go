package guichet

import (
	"context"
	"net/netip"
	"strings"
)

// Connecter signs in on the pages and returns the secret of a new session. A
// wrong password and an unknown name answer alike, in the same time: the same
// statements run, and a password is always judged. When the account has a
// second factor the error is [SecondFacteurRequis].
func (g *Guichet) Connecter(ctx context.Context, identifiant, motDePasse string, o Origine) (secret string, a *Acteur, err error) {
	identifiant = identifiantNet(identifiant)
	if len(identifiant) > 200 || len(motDePasse) > 1000 || !lisible(identifiant) {
		return "", nil, errConnexion()
	}
	var c *Compte
	leve, err := g.tenter(ctx, compteurMotDePasse+identifiant, func(tx Tx) (_ *Compte, err error) {
		c, err = tx.CompteNomme(identifiant)
		return c, err
	}, o)
	if err != nil {
		return "", nil, err
	}
	empreinte := ""
	if c != nil {
		empreinte = c.MotDePasse
	}
	if !g.m.MotDePasse.verifier(empreinte, motDePasse) || !g.ouvert(c) {
		return "", nil, errConnexion()
	}
	return g.admettre(ctx, c, ParMotDePasse, o, leve)
}

// admettre opens the session of an account that has proved who it is, or asks
// for its second factor. leve runs in the same transaction.
func (g *Guichet) admettre(ctx context.Context, c *Compte, m Moyen, o Origine, leve func(Tx) error) (secret string, a *Acteur, err error) {
	a = &Acteur{Compte: *c, Adresse: o.Adresse}
	var requis *SecondFacteurRequis
	err = g.m.Base.Ecrire(ctx, func(tx Tx) (err error) {
		if err := leve(tx); err != nil {
			return err
		}
		if requis, err = g.defier(tx, c.ID); err != nil || requis != nil {
			return err
		}
		secret, err = g.laisserEntrer(tx, a, m, o.Navigateur)
		return err
	})
	if err == nil && requis != nil {
		err = requis
	}
	if err != nil {
		return "", nil, err
	}
	return secret, a, nil
}

// identifiantNet folds the name that somebody signs in with: addresses do not
// mind their letters' case.
func identifiantNet(s string) string {
	if s = strings.TrimSpace(s); strings.Contains(s, "@") {
		return strings.ToLower(s)
	}
	return s
}

func errConnexion() *Error {
	return erreur(NonIdentifie, "L’identifiant ou le mot de passe n’est pas le bon.")
}

// reseauDe is the network that sign-in attempts are counted for: the address,
// or the /64 that one IPv6 customer has.
func reseauDe(a netip.Addr) string {
	a = a.Unmap()
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
