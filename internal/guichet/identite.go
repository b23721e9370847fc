package guichet

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// Identite binds a subject of an identity provider to an account.
type Identite struct {
	Emetteur, Sujet string
	CompteID        CompteID
	Cree            time.Time
	Usage           time.Time
}

// IdentiteProuvee is what an identity provider says of somebody who signed in
// there. Everything in it was verified.
type IdentiteProuvee struct {
	Emetteur, Sujet string
	Courriel        string // "" when the provider does not vouch for it
	Fort            bool   // the provider says that it asked for two factors
}

// FournisseurIdentite is an OpenID provider outside. Errors of kind
// Indisponible tell that it does not answer; of kind NonIdentifie, that it
// refuses or that what it says does not hold.
type FournisseurIdentite interface {
	// Nom is how people call it.
	Nom() string
	// Pour tells whether an account of the agency, or of a supplier, may sign
	// in by it.
	Pour(agent bool) bool
	// Adresse is where the browser goes to sign in; the three secrets are
	// chance that the caller keeps until the browser comes back.
	Adresse(ctx context.Context, q SecretsIdentite) (string, error)
	// Echanger turns the code that came back into who it is.
	Echanger(ctx context.Context, code string, q SecretsIdentite) (*IdentiteProuvee, error)
	// Depart is where the browser goes to sign out there too; "" = nowhere.
	Depart(ctx context.Context) string
}

// SecretsIdentite tie an answer of the provider to the browser and the request
// that asked for it.
type SecretsIdentite struct {
	Etat         string // state: of the browser
	Nonce        string // in the token
	Verificateur string // PKCE
}

// attenteIdentite is what waits for the browser to come back.
type attenteIdentite struct {
	Secrets SecretsIdentite
	Suite   string
}

// NomIdentite is how people call the identity provider; "" = there is none.
func (g *Guichet) NomIdentite() string {
	if g.m.Identites == nil {
		return ""
	}
	return g.m.Identites.Nom()
}

// DebuterIdentite begins a sign-in by the identity provider: adresse is where
// the browser goes, temoin what it must bring back besides. suite is the page
// that was asked for.
func (g *Guichet) DebuterIdentite(ctx context.Context, suite string, o Origine) (adresse, temoin string, err error) {
	if g.m.Identites == nil {
		return "", "", erreur(Inconnu, "Ce portail n’a pas de fournisseur d’identité.")
	}
	if err := g.freiner(ctx, compteurCle, reseauDe(o.Adresse), ceremoniesReseau, fenetreReseau); err != nil {
		return "", "", err
	}
	q := attenteIdentite{Suite: suite}
	for _, s := range []*string{&q.Secrets.Etat, &q.Secrets.Nonce, &q.Secrets.Verificateur} {
		if *s, _, err = nouveauSecret(g.m.Hasard, ""); err != nil {
			return "", "", err
		}
	}
	if adresse, err = g.m.Identites.Adresse(ctx, q.Secrets); err != nil {
		return "", "", err
	}
	err = g.m.Base.Ecrire(ctx, func(tx Tx) (err error) {
		temoin, err = g.poserCeremonie(tx, CeremonieIdentite, q)
		return err
	})
	return adresse, temoin, err
}

// RetourIdentite is what the browser brings back from the provider.
type RetourIdentite struct {
	Temoin string // of its cookie
	Etat   string
	Code   string
	Erreur string // of the provider; "" = none
}

// ConnecterIdentite ends a sign-in by the identity provider. It opens an
// account that is there already and active: the one bound to the subject, or
// else the one whose name is the address that the provider vouches for, which
// is then bound. It never makes an account, and gives no role. An account with
// a second factor is asked for it, unless the provider says that it did.
func (g *Guichet) ConnecterIdentite(ctx context.Context, r RetourIdentite, o Origine) (secret string, a *Acteur, suite string, err error) {
	if g.m.Identites == nil {
		return "", nil, "", erreur(Inconnu, "Ce portail n’a pas de fournisseur d’identité.")
	}
	var q attenteIdentite
	if err := g.prendreCeremonie(ctx, r.Temoin, CeremonieIdentite, &q); err != nil {
		return "", nil, "", err
	}
	if !memeEmpreinte(r.Etat, q.Secrets.Etat) {
		return "", nil, "", errCeremonie()
	}
	if r.Erreur != "" || r.Code == "" {
		return "", nil, q.Suite, erreur(NonIdentifie, "%s n’a pas confirmé qui vous êtes (%s). Recommencez, ou connectez-vous avec votre mot de passe.", g.m.Identites.Nom(), visible(r.Erreur))
	}
	i, err := g.m.Identites.Echanger(ctx, r.Code, q.Secrets)
	if err != nil {
		return "", nil, q.Suite, err
	}
	c, err := g.compteDeIdentite(ctx, i, o)
	if err != nil {
		return "", nil, q.Suite, err
	}
	rien := func(Tx) error { return nil }
	if i.Fort {
		err = g.m.Base.Ecrire(ctx, func(tx Tx) (err error) {
			a = &Acteur{Compte: *c, Adresse: o.Adresse}
			secret, err = g.laisserEntrer(tx, a, ParIdentiteForte, o.Navigateur)
			return err
		})
		return secret, a, q.Suite, err
	}
	secret, a, err = g.admettre(ctx, c, ParIdentite, o, rien)
	return secret, a, q.Suite, err
}

// compteDeIdentite finds the account of a proved identity, and binds it at its
// first use.
func (g *Guichet) compteDeIdentite(ctx context.Context, i *IdentiteProuvee, o Origine) (c *Compte, err error) {
	maintenant := g.m.Horloge()
	lie := false
	err = g.m.Base.Ecrire(ctx, func(tx Tx) error {
		x, err := tx.Identite(i.Emetteur, i.Sujet)
		if lie = err == nil; lie {
			if c, err = tx.Compte(x.CompteID); err != nil {
				return err
			}
			x.Usage = maintenant
			if err := g.exigerIdentite(c); err != nil {
				return err
			}
			return tx.PoserIdentite(x)
		}
		if presence(err) != nil {
			return err
		}
		c, err = g.compteParCourriel(tx, i)
		return err
	})
	if err != nil || lie {
		return c, err
	}
	op := operation{acteur: &Acteur{Compte: *c, Adresse: o.Adresse}, action: LierIdentite, objet: c.Identifiant}
	return c, g.faire(ctx, op, func(tx Tx, _ *operation) (any, string, error) {
		return nil, i.Emetteur + " " + visible(i.Sujet), tx.PoserIdentite(&Identite{Emetteur: i.Emetteur, Sujet: i.Sujet, CompteID: c.ID, Cree: maintenant, Usage: maintenant})
	})
}

// compteParCourriel finds the account that an identity may be bound to: its
// name is the address, and no other subject of this provider has it.
func (g *Guichet) compteParCourriel(tx Tx, i *IdentiteProuvee) (*Compte, error) {
	if i.Courriel == "" {
		return nil, erreur(NonIdentifie, "%s ne confirme pas votre adresse de courriel : le portail ne peut pas vous reconnaître. Connectez-vous avec votre mot de passe.", g.m.Identites.Nom())
	}
	c, err := tx.CompteNomme(strings.ToLower(i.Courriel))
	if errors.Is(err, ErrAbsent) {
		return nil, g.errSansCompte()
	}
	if err != nil {
		return nil, err
	}
	if err := g.exigerIdentite(c); err != nil {
		return nil, err
	}
	autres, err := tx.Identites(c.ID)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(autres, func(x Identite) bool { return x.Emetteur == i.Emetteur }) {
		return nil, erreur(NonIdentifie, "Votre compte est lié à une autre identité de %s. Connectez-vous avec votre mot de passe, déliez-la sur la page de votre compte, puis recommencez.", g.m.Identites.Nom())
	}
	return c, nil
}

// exigerIdentite refuses an account that is out of use, or whose side does not
// sign in by the provider.
func (g *Guichet) exigerIdentite(c *Compte) error {
	if !g.ouvert(c) || !g.m.Identites.Pour(c.Agent()) {
		return g.errSansCompte()
	}
	return nil
}

func (g *Guichet) errSansCompte() error {
	return erreur(NonIdentifie, "Aucun compte ouvert du portail ne correspond à votre identité chez %s. Demandez à votre gestionnaire ou à l’agence de vous inviter avec cette adresse.", g.m.Identites.Nom())
}

// IdentitesDe lists the identities bound to the actor's account.
func (g *Guichet) IdentitesDe(ctx context.Context, a *Acteur) (is []Identite, err error) {
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		is, err = tx.Identites(a.ID)
		return err
	})
	return is, err
}

// DelierIdentites unbinds the actor's account from the identity provider, given
// the present password: the next sign-in by it binds anew.
func (g *Guichet) DelierIdentites(ctx context.Context, a *Acteur, motDePasse string) error {
	if err := g.exigerPresent(ctx, a, motDePasse); err != nil {
		return err
	}
	return g.faire(ctx, operation{acteur: a, action: LierIdentite, objet: a.Identifiant}, func(tx Tx, _ *operation) (any, string, error) {
		return nil, "délier", tx.OterIdentites(a.ID)
	})
}

// DepartIdentite is where a browser signs out of the identity provider too; ""
// when there is no such place.
func (g *Guichet) DepartIdentite(ctx context.Context) string {
	if g.m.Identites == nil {
		return ""
	}
	return g.m.Identites.Depart(ctx)
}
