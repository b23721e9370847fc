package guichet

import (
	"context"
	"errors"
	"net/netip"
	"time"
)

// A session ends twelve hours after it was opened, and before that when it is
// left alone.
const (
	dureeSession      = 12 * time.Hour
	inactiviteSession = 2 * time.Hour
	pasVue            = 5 * time.Minute // how exactly the last use is known
)

// laisserEntrer opens a session of an actor who has just proved who he is, and
// journals it in the same transaction.
func (g *Guichet) laisserEntrer(tx Tx, a *Acteur, m Moyen, navigateur string) (string, error) {
	secret, err := g.ouvrirSession(tx, a, m, navigateur)
	if err != nil {
		return "", err
	}
	return secret, g.journaliser(tx, &operation{acteur: a, action: Connexion, objet: a.Identifiant}, "fait", m.Libelle())
}

// ouvrirSession makes a session of an actor.
func (g *Guichet) ouvrirSession(tx Tx, a *Acteur, m Moyen, navigateur string) (string, error) {
	secret, empreinte, err := nouveauSecret(g.m.Hasard, "")
	if err != nil {
		return "", err
	}
	maintenant := g.m.Horloge()
	a.Moyen = m
	return secret, tx.PoserSession(&Session{Empreinte: empreinte, CompteID: a.ID, Cree: maintenant, Vue: maintenant, Expire: maintenant.Add(dureeSession),
		Adresse: a.Adresse.String(), Navigateur: visible(navigateur), Moyen: m})
}

// finie tells a session that is over.
func (s *Session) finie(maintenant time.Time) bool {
	vue := s.Vue
	if vue.IsZero() { // opened before the last use was noted
		vue = s.Cree
	}
	return !maintenant.Before(s.Expire) || maintenant.Sub(vue) >= inactiviteSession
}

// ActeurDeSession finds who a session belongs to; NonIdentifie when it is
// over: its time has passed, it was left alone, its account is out of use.
func (g *Guichet) ActeurDeSession(ctx context.Context, secret string, adresse netip.Addr) (*Acteur, error) {
	var s *Session
	var c *Compte
	sans := false
	err := g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		if s, err = tx.SessionDe(empreinteSecret(secret)); err == nil {
			c, err = tx.Compte(s.CompteID)
		}
		if err == nil && s.Moyen != ParIdentiteForte {
			sans, err = g.sansSecond(tx, c)
		}
		return err
	})
	maintenant := g.m.Horloge()
	switch {
	case errors.Is(err, ErrAbsent) || err == nil && (!g.ouvert(c) || s.finie(maintenant)):
		return nil, erreur(NonIdentifie, "Votre session est terminée. Connectez-vous de nouveau.")
	case err != nil:
		return nil, err
	}
	if maintenant.Sub(s.Vue) >= pasVue {
		if err := g.m.Base.Ecrire(ctx, func(tx Tx) error { return tx.ToucherSession(s.Empreinte, maintenant) }); err != nil {
			return nil, err
		}
	}
	return &Acteur{Compte: *c, Adresse: adresse, Moyen: s.Moyen, SansSecond: sans}, nil
}

// ouvert tells whether an account may be used: it is active, and so is the
// mandate of a third party.
func (g *Guichet) ouvert(c *Compte) bool {
	return c.Actif && (c.Mandat == nil || g.Aujourdhui().ISO() <= c.Mandat.Fin)
}

// Deconnecter ends a session; twice is no error, and leaves no entry.
func (g *Guichet) Deconnecter(ctx context.Context, secret string, adresse netip.Addr) error {
	return g.m.Base.Ecrire(ctx, func(tx Tx) error {
		s, err := tx.SessionDe(empreinteSecret(secret))
		if err != nil {
			return presence(err)
		}
		c, err := tx.Compte(s.CompteID)
		if err != nil {
			return err
		}
		o := operation{acteur: &Acteur{Compte: *c, Adresse: adresse}, action: Deconnexion, objet: c.Identifiant}
		return errors.Join(tx.OterSession(s.Empreinte), g.journaliser(tx, &o, "fait", s.Moyen.Libelle()))
	})
}

// Sessions lists the actor's own sessions that are not over, newest first.
func (g *Guichet) Sessions(ctx context.Context, a *Acteur) (ss []Session, err error) {
	err = g.m.Base.Lire(ctx, func(tx Tx) error {
		toutes, err := tx.Sessions(a.ID)
		for _, s := range toutes {
			if !s.finie(g.m.Horloge()) {
				ss = append(ss, s)
			}
		}
		return err
	})
	return ss, err
}

// EstSession tells whether a session is the one of a secret.
func EstSession(s *Session, secret string) bool {
	return memeEmpreinte(s.Empreinte, empreinteSecret(secret))
}

// FermerSession ends one of the actor's own sessions, by its name.
func (g *Guichet) FermerSession(ctx context.Context, a *Acteur, nom string) error {
	return g.faire(ctx, operation{acteur: a, action: GererSessions, objet: a.Identifiant}, func(tx Tx, _ *operation) (any, string, error) {
		ss, err := tx.Sessions(a.ID)
		if err != nil {
			return nil, "", err
		}
		for i := range ss {
			if ss[i].Nom() == nom {
				return nil, "fermer", tx.OterSession(ss[i].Empreinte)
			}
		}
		return nil, "", erreur(Inconnu, "Cette session n’existe pas, ou est déjà fermée.")
	})
}

// FermerSessions ends the actor's sessions but the one whose secret is given;
// no browser is known for the account any more.
func (g *Guichet) FermerSessions(ctx context.Context, a *Acteur, session string) error {
	return g.faire(ctx, operation{acteur: a, action: GererSessions, objet: a.Identifiant}, func(tx Tx, _ *operation) (any, string, error) {
		return nil, "fermer les autres", g.couper(tx, a.ID, session)
	})
}

// couper ends what lets somebody go on without proving again who he is; the
// session whose secret is given stays.
func (g *Guichet) couper(tx Tx, c CompteID, session string) error {
	return errors.Join(tx.OterSessions(c, empreinteSecret(session)), tx.OterAppareils(c))
}

// TournerSession gives the actor's session another secret, after he has proved
// again who he is: whoever knew the earlier one is out.
func (g *Guichet) TournerSession(ctx context.Context, a *Acteur, session, navigateur string) (secret string, err error) {
	err = g.m.Base.Ecrire(ctx, func(tx Tx) error {
		if err := tx.OterSession(empreinteSecret(session)); err != nil {
			return err
		}
		secret, err = g.ouvrirSession(tx, a, a.Moyen, navigateur)
		return err
	})
	return secret, err
}
