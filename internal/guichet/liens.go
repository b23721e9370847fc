package guichet

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/netip"
	"strings"
	"time"
)

// UsageLien is what a link of one use is for.
type UsageLien string

// The uses of a link.
const (
	LienActivation   UsageLien = "activation"     // sets the first password
	LienRecuperation UsageLien = "recuperation"   // sets another
	LienDefi         UsageLien = "second_facteur" // waits for the second factor, between two pages
)

// Lien is a secret that works once.
type Lien struct {
	Empreinte string // SHA-256 of the secret
	CompteID  CompteID
	Usage     UsageLien
	Expire    time.Time
	Essais    int // wrong codes given for it
}

const (
	dureeActivation   = 7 * 24 * time.Hour
	dureeRecuperation = time.Hour
	dureeDefi         = 5 * time.Minute

	compteurRecuperation = "recuperation:"
	recuperationsReseau  = 10
)

func memeEmpreinte(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// nouveauLien makes a link and returns its secret; earlier ones of that account
// and use end, but for sign-ins under way: who begins another ends nobody's.
func (g *Guichet) nouveauLien(tx Tx, c CompteID, u UsageLien, duree time.Duration) (string, error) {
	secret, empreinte, err := nouveauSecret(g.m.Hasard, "")
	if err != nil {
		return "", err
	}
	if u != LienDefi {
		if err := tx.OterLiens(c, u); err != nil {
			return "", err
		}
	}
	return secret, tx.PoserLien(&Lien{Empreinte: empreinte, CompteID: c, Usage: u, Expire: g.m.Horloge().Add(duree)})
}

// inviter makes an activation link for the one who invites to hand over, when
// no mail goes out; else the mail has it and the secret is "".
func (g *Guichet) inviter(ctx context.Context, c *Compte) (secret string, err error) {
	if g.m.Facteur != nil {
		return "", nil
	}
	err = g.m.Base.Ecrire(ctx, func(tx Tx) (err error) {
		secret, err = g.nouveauLien(tx, c.ID, LienActivation, dureeActivation)
		return err
	})
	return secret, err
}

// lienValable finds a link and its account; all that does not work is refused
// alike.
func (g *Guichet) lienValable(tx Tx, secret string, usages ...UsageLien) (*Lien, *Compte, error) {
	refus := erreur(Inconnu, "Ce lien n’est plus valable : il a déjà servi, il a expiré ou il n’est pas entier. Demandez-en un nouveau.")
	l, err := tx.Lien(empreinteSecret(secret))
	if errors.Is(err, ErrAbsent) {
		return nil, nil, refus
	}
	if err != nil {
		return nil, nil, err
	}
	c, err := tx.Compte(l.CompteID)
	if err != nil {
		return nil, nil, err
	}
	bon := false
	for _, u := range usages {
		bon = bon || u == l.Usage
	}
	if !bon || !g.ouvert(c) || !g.m.Horloge().Before(l.Expire) {
		return nil, nil, refus
	}
	return l, c, nil
}

// LireLien tells whose password an activation or recovery link sets; it stays
// usable.
func (g *Guichet) LireLien(ctx context.Context, secret string) (c *Compte, u UsageLien, err error) {
	err = g.m.Base.Lire(ctx, func(tx Tx) error {
		l, x, err := g.lienValable(tx, secret, LienActivation, LienRecuperation)
		if err == nil {
			c, u = x, l.Usage
		}
		return err
	})
	return c, u, err
}

// SuivreLien sets the password of an account by an activation or recovery
// link. The link is used up, and all sessions of the account end. A second
// factor stays what it was.
func (g *Guichet) SuivreLien(ctx context.Context, secret, motDePasse string, adresse netip.Addr) error {
	c, _, err := g.LireLien(ctx, secret)
	if err != nil {
		return err
	}
	if err := g.JugerMotDePasse(c, motDePasse); err != nil {
		return err
	}
	empreinte, err := g.m.MotDePasse.hacher(g.m.Hasard, motDePasse)
	if err != nil {
		return err
	}
	o := operation{acteur: &Acteur{Compte: *c, Adresse: adresse}, action: ChoisirMotDePasse, objet: c.Identifiant}
	return g.faire(ctx, o, func(tx Tx, _ *operation) (any, string, error) {
		l, c, err := g.lienValable(tx, secret, LienActivation, LienRecuperation)
		if err != nil {
			return nil, "", err
		}
		c.MotDePasse = empreinte
		return nil, string(l.Usage), errors.Join(tx.PoserCompte(c), tx.OterLiens(c.ID, LienActivation), tx.OterLiens(c.ID, LienRecuperation), tx.OterLiens(c.ID, LienDefi), g.couper(tx, c.ID, ""))
	})
}

// ChangerMotDePasse sets the actor's own password, given the present one; his
// other sessions end. session is the secret of the one that stays.
func (g *Guichet) ChangerMotDePasse(ctx context.Context, a *Acteur, ancien, nouveau, session string) error {
	if err := g.exigerPresent(ctx, a, ancien); err != nil {
		return err
	}
	if err := g.JugerMotDePasse(&a.Compte, nouveau); err != nil {
		return err
	}
	empreinte, err := g.m.MotDePasse.hacher(g.m.Hasard, nouveau)
	if err != nil {
		return err
	}
	return g.faire(ctx, operation{acteur: a, action: ChoisirMotDePasse, objet: a.Identifiant}, func(tx Tx, _ *operation) (any, string, error) {
		c, err := tx.Compte(a.ID)
		if err != nil {
			return nil, "", err
		}
		c.MotDePasse = empreinte
		return nil, "changement", errors.Join(tx.PoserCompte(c), tx.OterLiens(c.ID, LienRecuperation), tx.OterLiens(c.ID, LienDefi), g.couper(tx, c.ID, session))
	})
}

// exigerPresent checks the present password again, before something that a
// stolen session must not do. Wrong ones count as those of a sign-in.
func (g *Guichet) exigerPresent(ctx context.Context, a *Acteur, motDePasse string) error {
	if len(motDePasse) > 1000 {
		return errPresent()
	}
	var c *Compte
	leve, err := g.tenter(ctx, compteurMotDePasse+a.Identifiant, func(tx Tx) (_ *Compte, err error) {
		c, err = tx.Compte(a.ID)
		return c, err
	}, Origine{Adresse: a.Adresse})
	if err != nil {
		return err
	}
	if c == nil || !g.m.MotDePasse.verifier(c.MotDePasse, motDePasse) {
		return errPresent()
	}
	return g.m.Base.Ecrire(ctx, leve)
}

func errPresent() error { return erreur(Invalide, "Le mot de passe actuel n’est pas le bon.") }

// Recuperer asks for a recovery link by mail. The answer is the same, in the
// same time, whether the account exists or not, and so it is when the network
// asks too often: then nothing is sent.
func (g *Guichet) Recuperer(ctx context.Context, identifiant string, adresse netip.Addr) error {
	identifiant = strings.ToLower(strings.TrimSpace(identifiant))
	if len(identifiant) > 200 || !lisible(identifiant) {
		return nil
	}
	maintenant, reseau := g.m.Horloge(), reseauDe(adresse)
	return g.m.Base.Ecrire(ctx, func(tx Tx) error {
		n, err := tx.Essais(compteurRecuperation, reseau, maintenant.Add(-time.Hour))
		if err != nil {
			return err
		}
		if err := tx.PoserEssai(compteurRecuperation, reseau, maintenant); err != nil || n >= recuperationsReseau {
			return err
		}
		// The account is looked for by the worker: here nothing differs.
		return g.commander(tx, TravailLien, string(LienRecuperation)+":"+identifiant, nil)
	})
}
