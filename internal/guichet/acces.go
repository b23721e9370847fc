package guichet

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"time"
)

const (
	prefixeJeton  = "gui_"
	dureeSession  = 12 * time.Hour
	dureeJetonMax = 366 * 24 * time.Hour
	// Sign-in: so many wrong passwords of one account from one network in a
	// window, then that network waits. Others still sign in: a stranger cannot
	// lock the account's owner out.
	essaisMax     = 10
	fenetreEssais = 15 * time.Minute
)

// Identifier finds who holds an API token. The error is NonIdentifie for any
// token that does not work, without saying why.
func (g *Guichet) Identifier(ctx context.Context, secret string, adresse netip.Addr) (*Acteur, error) {
	if !strings.HasPrefix(secret, prefixeJeton) || len(secret) > 100 {
		return nil, errJeton()
	}
	var j *Jeton
	var c *Compte
	err := g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		if j, err = tx.JetonDe(empreinteSecret(secret)); err == nil {
			c, err = tx.Compte(j.CompteID)
		}
		return err
	})
	maintenant := g.m.Horloge()
	switch {
	case errors.Is(err, ErrAbsent):
		return nil, errJeton()
	case err != nil:
		return nil, err
	case j.Revoque, !c.Actif, !j.Expire.IsZero() && !maintenant.Before(j.Expire), !j.depuis(adresse):
		return nil, errJeton()
	}
	if maintenant.Sub(j.Usage) > time.Hour {
		j.Usage = maintenant
		if err := g.m.Base.Ecrire(ctx, func(tx Tx) error { return tx.PoserJeton(j) }); err != nil {
			return nil, err
		}
	}
	return &Acteur{Compte: *c, Adresse: adresse}, nil
}

func errJeton() error {
	return erreur(NonIdentifie, "Le jeton est absent, inconnu, expiré ou révoqué. Envoyez-le dans l’en-tête Authorization: Bearer.")
}

// depuis tells whether the token may be used from an address.
func (j *Jeton) depuis(a netip.Addr) bool {
	if len(j.Reseaux) == 0 {
		return true
	}
	for _, r := range j.Reseaux {
		if r.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// NouveauJeton describes a token to make.
type NouveauJeton struct {
	Nom     string
	Expire  time.Time // zero = in a year
	Reseaux []netip.Prefix
}

// CreerJeton makes a token of the actor's own account. The secret is returned
// once and kept nowhere.
func (g *Guichet) CreerJeton(ctx context.Context, a *Acteur, n NouveauJeton) (secret string, j *Jeton, err error) {
	if n.Nom = strings.TrimSpace(n.Nom); n.Nom == "" || len([]rune(n.Nom)) > 60 {
		return "", nil, erreur(Invalide, "Donnez au jeton un nom de 1 à 60 caractères, pour le reconnaître.")
	}
	maintenant := g.m.Horloge()
	if n.Expire.IsZero() {
		n.Expire = maintenant.Add(dureeJetonMax)
	}
	if !n.Expire.After(maintenant) || n.Expire.Sub(maintenant) > dureeJetonMax {
		return "", nil, erreur(Invalide, "Le jeton expire au plus tard dans un an.")
	}
	secret, empreinte, err := nouveauSecret(g.m.Hasard, prefixeJeton)
	if err != nil {
		return "", nil, err
	}
	j = &Jeton{CompteID: a.ID, Nom: n.Nom, Empreinte: empreinte, Cree: maintenant, Expire: n.Expire, Reseaux: n.Reseaux}
	err = g.faire(ctx, operation{acteur: a, action: GererJetons, objet: a.Identifiant}, func(tx Tx, _ *operation) (any, string, error) {
		if err := exiger(a, GererJetons); err != nil {
			return nil, "", err
		}
		return j, "créer " + n.Nom, tx.PoserJeton(j)
	})
	return secret, j, err
}

// Jetons lists the actor's own tokens.
func (g *Guichet) Jetons(ctx context.Context, a *Acteur) (js []Jeton, err error) {
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		js, err = tx.Jetons(a.ID)
		return err
	})
	return js, err
}

// RevoquerJeton ends one of the actor's own tokens; twice is no error.
func (g *Guichet) RevoquerJeton(ctx context.Context, a *Acteur, id int64) error {
	return g.faire(ctx, operation{acteur: a, action: GererJetons, objet: a.Identifiant}, func(tx Tx, _ *operation) (any, string, error) {
		js, err := tx.Jetons(a.ID)
		if err != nil {
			return nil, "", err
		}
		for i := range js {
			if js[i].ID == id {
				js[i].Revoque = true
				return nil, "révoquer " + js[i].Nom, tx.PoserJeton(&js[i])
			}
		}
		return nil, "", erreur(Inconnu, "Ce jeton n’existe pas.")
	})
}

// Connecter signs in on the pages and returns the secret of a new session. A
// wrong password and an unknown name answer alike, in the same time. When the
// account has a second factor the error is [SecondFacteurRequis].
func (g *Guichet) Connecter(ctx context.Context, identifiant, motDePasse string, adresse netip.Addr, navigateur string) (secret string, a *Acteur, err error) {
	if identifiant = strings.TrimSpace(identifiant); strings.Contains(identifiant, "@") {
		identifiant = strings.ToLower(identifiant)
	}
	if len(identifiant) > 200 || len(motDePasse) > 1000 {
		return "", nil, errConnexion()
	}
	reseau := reseauDe(adresse)
	var c *Compte
	essais := 0
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		if essais, err = tx.Essais(identifiant, reseau, g.m.Horloge().Add(-fenetreEssais)); err != nil {
			return err
		}
		c, err = tx.CompteNomme(identifiant)
		return err
	})
	if err != nil && !errors.Is(err, ErrAbsent) {
		return "", nil, err
	}
	if essais >= essaisMax {
		return "", nil, erreur(TropSouvent, "Trop d’essais depuis votre réseau. Réessayez dans quelques minutes.")
	}
	empreinte := ""
	if c != nil {
		empreinte = c.MotDePasse
	}
	if !VerifierMotDePasse(empreinte, motDePasse) || !c.Actif {
		err := g.m.Base.Ecrire(ctx, func(tx Tx) error { return tx.PoserEssai(identifiant, reseau, g.m.Horloge()) })
		return "", nil, errors.Join(errConnexion(), err)
	}
	if err := g.defier(ctx, c.ID); err != nil {
		return "", nil, err
	}
	a = &Acteur{Compte: *c, Adresse: adresse}
	err = g.m.Base.Ecrire(ctx, func(tx Tx) (err error) {
		secret, err = g.ouvrirSession(tx, a, navigateur)
		return err
	})
	return secret, a, err
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

// ActeurDeSession finds who a session belongs to; NonIdentifie when it is over.
func (g *Guichet) ActeurDeSession(ctx context.Context, secret string, adresse netip.Addr) (*Acteur, error) {
	var s *Session
	var c *Compte
	err := g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		if s, err = tx.SessionDe(empreinteSecret(secret)); err == nil {
			c, err = tx.Compte(s.CompteID)
		}
		return err
	})
	switch {
	case errors.Is(err, ErrAbsent) || err == nil && (!c.Actif || !g.m.Horloge().Before(s.Expire)):
		return nil, erreur(NonIdentifie, "Votre session est terminée. Connectez-vous de nouveau.")
	case err != nil:
		return nil, err
	}
	return &Acteur{Compte: *c, Adresse: adresse}, nil
}

// Deconnecter ends a session; twice is no error.
func (g *Guichet) Deconnecter(ctx context.Context, secret string) error {
	return g.m.Base.Ecrire(ctx, func(tx Tx) error { return tx.OterSession(empreinteSecret(secret)) })
}

// Sessions lists the actor's own sessions.
func (g *Guichet) Sessions(ctx context.Context, a *Acteur) (ss []Session, err error) {
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		ss, err = tx.Sessions(a.ID)
		return err
	})
	return ss, err
}
