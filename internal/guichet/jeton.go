package guichet

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"time"
)

const (
	prefixeJeton  = "gui_"
	dureeJetonMax = 366 * 24 * time.Hour
	jetonsMax     = 50 // that work at once, of one account
	reseauxMax    = 20
)

// Identifier finds who holds an API token. The error is NonIdentifie for any
// token that does not work, without saying why; Interdit for a good one of an
// account that lacks the second factor it must have.
func (g *Guichet) Identifier(ctx context.Context, secret string, adresse netip.Addr) (*Acteur, error) {
	if !strings.HasPrefix(secret, prefixeJeton) || len(secret) > 100 {
		return nil, errJeton()
	}
	var j *Jeton
	var c *Compte
	sans := false
	err := g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		if j, err = tx.JetonDe(empreinteSecret(secret)); err == nil {
			c, err = tx.Compte(j.CompteID)
		}
		if err == nil {
			sans, err = g.sansSecond(tx, c)
		}
		return err
	})
	maintenant := g.m.Horloge()
	switch {
	case errors.Is(err, ErrAbsent):
		return nil, errJeton()
	case err != nil:
		return nil, err
	case !j.vivant(maintenant), !g.ouvert(c), !j.depuis(adresse):
		return nil, errJeton()
	case sans:
		return nil, errSansSecond()
	}
	if maintenant.Sub(j.Usage) > time.Hour {
		if err := g.noterUsage(ctx, j.Empreinte, maintenant); err != nil {
			return nil, err
		}
	}
	return &Acteur{Compte: *c, Adresse: adresse, Portees: j.Portees}, nil
}

// noterUsage writes when a token was used, on the token as it is by now:
// another call, of another process perhaps, may have revoked it meanwhile.
func (g *Guichet) noterUsage(ctx context.Context, empreinte string, quand time.Time) error {
	return g.m.Base.Ecrire(ctx, func(tx Tx) error {
		j, err := tx.JetonDe(empreinte)
		if err != nil {
			return presence(err)
		}
		j.Usage = quand
		return tx.PoserJeton(j)
	})
}

func errJeton() error {
	return erreur(NonIdentifie, "Le jeton est absent, inconnu, expiré ou révoqué. Envoyez-le dans l’en-tête Authorization: Bearer.")
}

// vivant tells a token that is neither revoked nor expired.
func (j *Jeton) vivant(maintenant time.Time) bool {
	return !j.Revoque && (j.Expire.IsZero() || maintenant.Before(j.Expire))
}

// depuis tells whether the token may be used from an address.
func (j *Jeton) depuis(a netip.Addr) bool {
	if len(j.Reseaux) == 0 {
		return true
	}
	return slices.ContainsFunc(j.Reseaux, func(r netip.Prefix) bool { return r.Contains(a.Unmap()) })
}

// NouveauJeton describes a token to make.
type NouveauJeton struct {
	Nom     string
	Expire  time.Time // zero = in a year
	Reseaux []netip.Prefix
	Portees []Portee // none = PorteeTout
}

// LireReseaux reads the networks of a token as people write them: one or more
// of 192.0.2.0/24, 2001:db8::/32 or a single address, between blanks, commas
// or semicolons. An IPv4 network written in the form of IPv6 is taken as IPv4;
// one that holds everything is refused, as it would limit nothing.
func LireReseaux(s string) (rs []netip.Prefix, err error) {
	for _, t := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\r\n,;", r) }) {
		r, err := netip.ParsePrefix(t)
		if a, errAdresse := netip.ParseAddr(t); err != nil && errAdresse == nil && a.Zone() == "" {
			r, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err == nil && r.Addr().Is4In6() && r.Bits() >= 96 {
			r = netip.PrefixFrom(r.Addr().Unmap(), r.Bits()-96)
		}
		switch {
		case err != nil:
			return nil, erreur(Invalide, "Réseau « %s » : attendu une adresse ou un réseau, par exemple 192.0.2.0/24 ou 2001:db8::/32.", visible(t))
		case r.Bits() == 0:
			return nil, erreur(Invalide, "Réseau « %s » : il contient toutes les adresses. Laissez le champ vide pour ne rien limiter.", visible(t))
		}
		if r = r.Masked(); !slices.Contains(rs, r) {
			rs = append(rs, r)
		}
	}
	if len(rs) > reseauxMax {
		return nil, erreur(Invalide, "Réseaux : %d sont donnés ; il en faut %d au plus.", len(rs), reseauxMax)
	}
	return rs, nil
}

func (n *NouveauJeton) juger(a *Acteur, maintenant time.Time) error {
	if n.Nom = strings.TrimSpace(n.Nom); n.Nom == "" || len([]rune(n.Nom)) > 60 || !lisible(n.Nom) {
		return erreur(Invalide, "Donnez au jeton un nom de 1 à 60 caractères, pour le reconnaître.")
	}
	if n.Expire.IsZero() {
		n.Expire = maintenant.Add(dureeJetonMax)
	}
	if !n.Expire.After(maintenant) || n.Expire.Sub(maintenant) > dureeJetonMax {
		return erreur(Invalide, "Le jeton expire au plus tard dans un an.")
	}
	if len(n.Portees) == 0 {
		n.Portees = []Portee{PorteeTout}
	}
	for _, p := range n.Portees {
		if p != PorteeTout && !slices.ContainsFunc(PorteesDe(&a.Compte), func(l LignePortee) bool { return l.Portee == p }) {
			return erreur(Invalide, "La portée « %s » n’existe pas, ou ne sert à rien sur votre compte.", visible(string(p)))
		}
	}
	slices.Sort(n.Portees)
	n.Portees = slices.Compact(n.Portees)
	return nil
}

// CreerJeton makes a token of the actor's own account. The secret is returned
// once and kept nowhere.
func (g *Guichet) CreerJeton(ctx context.Context, a *Acteur, n NouveauJeton) (secret string, j *Jeton, err error) {
	maintenant := g.m.Horloge()
	if err := n.juger(a, maintenant); err != nil {
		return "", nil, err
	}
	secret, empreinte, err := nouveauSecret(g.m.Hasard, prefixeJeton)
	if err != nil {
		return "", nil, err
	}
	j = &Jeton{CompteID: a.ID, Nom: n.Nom, Empreinte: empreinte, Cree: maintenant, Expire: n.Expire, Reseaux: n.Reseaux, Portees: n.Portees}
	err = g.faire(ctx, operation{acteur: a, action: GererJetons, objet: a.Identifiant}, func(tx Tx, _ *operation) (any, string, error) {
		if err := exiger(a, GererJetons); err != nil {
			return nil, "", err
		}
		js, err := tx.Jetons(a.ID)
		if err != nil {
			return nil, "", err
		}
		if len(slices.DeleteFunc(js, func(j Jeton) bool { return !j.vivant(maintenant) })) >= jetonsMax {
			return nil, "", erreur(Conflit, "Vous avez déjà %d jetons qui servent. Révoquez-en un avant d’en créer un autre.", jetonsMax)
		}
		j.ID = 0
		return j, "créer " + n.Nom + " (" + nomsPortees(n.Portees) + ")", tx.PoserJeton(j)
	})
	if err != nil {
		return "", nil, err
	}
	return secret, j, nil
}

func nomsPortees(ps []Portee) string {
	var s []string
	for _, p := range ps {
		s = append(s, string(p))
	}
	return strings.Join(s, ", ")
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

// revoquerTous ends every token of an account.
func revoquerTous(tx Tx, c CompteID) error {
	js, err := tx.Jetons(c)
	if err != nil {
		return err
	}
	for i := range js {
		if js[i].Revoque {
			continue
		}
		js[i].Revoque = true
		if err := tx.PoserJeton(&js[i]); err != nil {
			return err
		}
	}
	return nil
}
