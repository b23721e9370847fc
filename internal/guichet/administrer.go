package guichet

import (
	"context"
	"errors"
	"strings"
)

// Operateur is who acts from the operator's command line: an administrateur by
// another name.
func Operateur() *Acteur {
	return &Acteur{Compte: Compte{Identifiant: "operateur", Roles: []Role{Administrateur}}}
}

// Installer creates or updates an account by its name, from the operator's
// command line; motDePasse "" leaves the password as it is.
func (g *Guichet) Installer(ctx context.Context, c *Compte, motDePasse string) error {
	if strings.TrimSpace(c.Identifiant) == "" || len(c.Roles) == 0 {
		return erreur(Invalide, "Un compte a un identifiant et au moins un rôle.")
	}
	for _, r := range c.Roles {
		agent := false
		for _, x := range RolesAgents() {
			agent = agent || x == r
		}
		if agent != c.Agent() {
			return erreur(Invalide, "Le rôle « %s » n’est pas de ceux de ce compte.", r)
		}
	}
	empreinte := ""
	if motDePasse != "" {
		var err error
		if empreinte, err = g.m.MotDePasse.hacher(g.m.Hasard, motDePasse); err != nil {
			return err
		}
	}
	return g.faire(ctx, operation{acteur: Operateur(), action: GererComptes, objet: c.Identifiant}, func(tx Tx, _ *operation) (any, string, error) {
		ancien, err := tx.CompteNomme(c.Identifiant)
		switch {
		case err == nil:
			c.ID, c.Cree, c.MotDePasse = ancien.ID, ancien.Cree, ancien.MotDePasse
		case errors.Is(err, ErrAbsent):
			c.ID, c.Cree = 0, g.m.Horloge()
		default:
			return nil, "", err
		}
		if empreinte != "" {
			c.MotDePasse = empreinte
		}
		return nil, "installer", tx.PoserCompte(c)
	})
}

// InstallerFournisseur creates or updates a supplier by its SIRET, with its
// ANS numbers.
func (g *Guichet) InstallerFournisseur(ctx context.Context, f *Fournisseur, ns []NumeroAns) error {
	return g.faire(ctx, operation{acteur: Operateur(), action: GererComptes, objet: f.Siret}, func(tx Tx, _ *operation) (any, string, error) {
		fs, err := tx.Fournisseurs()
		if err != nil {
			return nil, "", err
		}
		f.ID = 0
		for i := range fs {
			if fs[i].Siret == f.Siret {
				f.ID = fs[i].ID
			}
		}
		if err := tx.PoserFournisseur(f); err != nil {
			return nil, "", err
		}
		for _, n := range ns {
			n.FournisseurID = f.ID
			if err := tx.PoserNumeroAns(n); err != nil {
				return nil, "", err
			}
		}
		return nil, "installer", nil
	})
}

// OterSecond takes every second factor off an account whose owner has lost them
// all, from the operator's command line, once he has proved who he is as when
// the account was opened. His sessions and tokens end; where a second factor is
// demanded, he enrols another before anything else.
func (g *Guichet) OterSecond(ctx context.Context, c *Compte) error {
	return g.faire(ctx, operation{acteur: Operateur(), action: GererSecondFacteur, objet: c.Identifiant}, func(tx Tx, _ *operation) (any, string, error) {
		cles, err := tx.ClesAcces(c.ID)
		if err != nil {
			return nil, "", err
		}
		for i := range cles {
			if err := tx.OterCleAcces(c.ID, cles[i].Identifiant); err != nil {
				return nil, "", err
			}
		}
		return nil, "ôter tout", errors.Join(tx.OterSecondFacteur(c.ID), g.fermerCompte(tx, c.ID))
	})
}

// InstallerCampagne creates a campaign, or updates that of the same label.
func (g *Guichet) InstallerCampagne(ctx context.Context, c *Campagne) error {
	if err := exigerCampagne(c); err != nil {
		return err
	}
	return g.faire(ctx, operation{acteur: Operateur(), action: GererCampagne, objet: c.Libelle}, func(tx Tx, _ *operation) (any, string, error) {
		cs, err := tx.Campagnes()
		if err != nil {
			return nil, "", err
		}
		c.ID = 0
		for i := range cs {
			if cs[i].Libelle == c.Libelle {
				c.ID = cs[i].ID
			}
		}
		return nil, "installer", tx.PoserCampagne(c)
	})
}

// ComptesTous lists all accounts, those of the agency first, for the
// operator's commands.
func (g *Guichet) ComptesTous(ctx context.Context) (cs []Compte, err error) {
	err = g.m.Base.Lire(ctx, func(tx Tx) error {
		fs, err := tx.Fournisseurs()
		if err != nil {
			return err
		}
		if cs, err = tx.Comptes(0); err != nil {
			return err
		}
		for i := range fs {
			part, err := tx.Comptes(fs[i].ID)
			if err != nil {
				return err
			}
			cs = append(cs, part...)
		}
		return nil
	})
	return cs, err
}

// CompteNomme finds an account by its name, for the operator's commands.
func (g *Guichet) CompteNomme(ctx context.Context, identifiant string) (c *Compte, err error) {
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		c, err = tx.CompteNomme(identifiant)
		return err
	})
	return c, err
}
