package guichet

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// Utilisateurs lists the users of the actor's supplier. Gestionnaires call it;
// for administrators it lists the agents.
func (g *Guichet) Utilisateurs(ctx context.Context, a *Acteur) (cs []Compte, err error) {
	if err := exigerUn(a, GererUtilisateurs, GererComptes); err != nil {
		return nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		cs, err = tx.Comptes(a.FournisseurID)
		return err
	})
	return cs, err
}

// exigerUn refuses an actor who has none of the rights; agents need the last,
// suppliers the first.
func exigerUn(a *Acteur, fournisseur, agent Action) error {
	if a.Agent() {
		return exiger(a, agent)
	}
	return exiger(a, fournisseur)
}

// Invitation describes a user to invite.
type Invitation struct {
	Courriel string // becomes the name to sign in with
	Nom      string
	Roles    []Role
	Mandat   *Mandat // of a third party; nil = one of one's own people
}

// InviterUtilisateur makes an account without a password in the actor's own
// supplier (or among the agents, for an administrator) and sends its activation
// link; lien as in [Guichet.ExaminerEnrolement].
func (g *Guichet) InviterUtilisateur(ctx context.Context, a *Acteur, q Invitation) (lien string, err error) {
	c := &Compte{Nom: strings.TrimSpace(q.Nom), Roles: q.Roles, FournisseurID: a.FournisseurID, Actif: true, Cree: g.m.Horloge(), Mandat: q.Mandat}
	var f fautes
	var ok bool
	if c.Identifiant, ok = adresseCourriel(q.Courriel); !ok {
		f.dire("courriel", "Courriel « %s » : ce n’est pas une adresse.", visible(q.Courriel))
	}
	if n := len([]rune(c.Nom)); n == 0 || n > 100 || !lisible(c.Nom) {
		f.dire("nom", "Nom : attendu de 1 à 100 caractères visibles.")
	}
	if err := exigerRoles(c); err != nil {
		f.dire("roles", "%s", err.Error())
	}
	if err := g.jugerMandat(ctx, c, &f); err != nil {
		return "", err
	}
	err = g.faire(ctx, operation{acteur: a, action: GererUtilisateurs, objet: c.Identifiant}, func(tx Tx, o *operation) (any, string, error) {
		if err := exigerUn(a, GererUtilisateurs, GererComptes); err != nil {
			return nil, "", err
		}
		if err := f.erreur(); err != nil {
			return nil, "", err
		}
		c.ID = 0
		if err := tx.PoserCompte(c); errors.Is(err, ErrDoublon) {
			return nil, "", erreur(Conflit, "Un compte ne peut pas être ouvert à cette adresse ; choisissez-en une autre.")
		} else if err != nil {
			return nil, "", err
		}
		return nil, "inviter " + nomsRoles(c.Roles) + c.Mandat.detail(), g.commander(tx, TravailLien, string(LienActivation)+":"+c.Identifiant, nil)
	})
	if err != nil {
		return "", err
	}
	return g.inviter(ctx, c)
}

// exigerRoles refuses duties that are not of the account's side.
func exigerRoles(c *Compte) error {
	permis := []Role{Gestionnaire, Deposant, Lecteur}
	if c.Agent() {
		permis = RolesAgents()
	}
	if c.Mandat != nil {
		permis = []Role{Deposant, Lecteur}
	}
	if len(c.Roles) == 0 {
		return erreur(Invalide, "Choisissez au moins un rôle : %s.", nomsRoles(permis))
	}
	for i, r := range c.Roles {
		if !slices.Contains(permis, r) || slices.Contains(c.Roles[:i], r) {
			return erreur(Invalide, "Le rôle « %s » n’est pas de ceux de ce compte : %s.", visible(string(r)), nomsRoles(permis))
		}
	}
	return nil
}

func nomsRoles(rs []Role) string {
	var s []string
	for _, r := range rs {
		s = append(s, string(r))
	}
	return strings.Join(s, ", ")
}

// collegue is an account of the actor's own side; of another's it tells nothing.
func collegue(tx Tx, a *Acteur, id CompteID) (*Compte, error) {
	c, err := tx.Compte(id)
	if err == nil && c.FournisseurID != a.FournisseurID {
		err = ErrAbsent
	}
	if err != nil {
		return nil, absent(err, "Cet utilisateur n’existe pas.")
	}
	return c, nil
}

// ModifierUtilisateur changes the duties of a user of the actor's own side and
// whether the account is active. An account put out of use loses its sessions
// and its tokens at once, for good. Nobody does it to himself, so that one
// gestionnaire (or administrateur) remains; see [Guichet.TransmettreGestion].
func (g *Guichet) ModifierUtilisateur(ctx context.Context, a *Acteur, id CompteID, roles []Role, actif bool) error {
	return g.faire(ctx, operation{acteur: a, action: GererUtilisateurs, objet: a.Identifiant}, func(tx Tx, o *operation) (any, string, error) {
		if err := exigerUn(a, GererUtilisateurs, GererComptes); err != nil {
			return nil, "", err
		}
		c, err := collegue(tx, a, id)
		if err != nil {
			return nil, "", err
		}
		o.objet = c.Identifiant
		if c.ID == a.ID {
			return nil, "", erreur(Conflit, "Vous ne pouvez pas changer vos propres droits : un autre gestionnaire le fait.")
		}
		avant := nomsRoles(c.Roles)
		c.Roles, c.Actif = roles, actif
		if err := exigerRoles(c); err != nil {
			return nil, "", err
		}
		detail := avant + " → " + nomsRoles(roles)
		if !actif {
			detail += ", désactivé"
			if err := g.fermerCompte(tx, c.ID); err != nil {
				return nil, "", err
			}
		}
		return nil, detail, tx.PoserCompte(c)
	})
}

// RelancerInvitation sends an activation link again to a user who has no
// password yet; the earlier link ends.
func (g *Guichet) RelancerInvitation(ctx context.Context, a *Acteur, id CompteID) (lien string, err error) {
	var c *Compte
	err = g.faire(ctx, operation{acteur: a, action: GererUtilisateurs, objet: a.Identifiant}, func(tx Tx, o *operation) (any, string, error) {
		if err := exigerUn(a, GererUtilisateurs, GererComptes); err != nil {
			return nil, "", err
		}
		if c, err = collegue(tx, a, id); err != nil {
			return nil, "", err
		}
		if o.objet = c.Identifiant; c.MotDePasse != "" || !c.Actif {
			return nil, "", erreur(Conflit, "Ce compte est déjà activé, ou n’est plus en service.")
		}
		return nil, "relancer", g.commander(tx, TravailLien, string(LienActivation)+":"+c.Identifiant, nil)
	})
	if err != nil {
		return "", err
	}
	return g.inviter(ctx, c)
}

// fermerCompte ends all that an account which is put out of use could still be
// used by.
func (g *Guichet) fermerCompte(tx Tx, c CompteID) error {
	return errors.Join(g.couper(tx, c, ""), revoquerTous(tx, c), tx.OterLiens(c, LienActivation), tx.OterLiens(c, LienRecuperation), tx.OterLiens(c, LienDefi))
}
