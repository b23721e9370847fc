package guichet

import (
	"context"
	"slices"
	"strings"
)

// FournisseurVu is a supplier with those who manage it and its ANS numbers,
// withdrawn ones included.
type FournisseurVu struct {
	Fournisseur
	Gestionnaires []Compte
	Numeros       []NumeroAns
}

// Fournisseurs lists the suppliers with what [FournisseurVu] adds. Administrators
// call it; the reading is journalled.
func (g *Guichet) Fournisseurs(ctx context.Context, a *Acteur) (vus []FournisseurVu, err error) {
	err = g.faire(ctx, operation{acteur: a, action: LireFournisseur, objet: "fournisseurs"}, func(tx Tx, _ *operation) (any, string, error) {
		vus = nil
		if err := exiger(a, LireFournisseur); err != nil {
			return nil, "", err
		}
		fs, err := tx.Fournisseurs()
		if err != nil {
			return nil, "", err
		}
		for _, f := range fs {
			cs, err := tx.Comptes(f.ID)
			if err != nil {
				return nil, "", err
			}
			ns, err := tx.NumerosAns(f.ID)
			if err != nil {
				return nil, "", err
			}
			vus = append(vus, FournisseurVu{f, slices.DeleteFunc(cs, func(c Compte) bool { return !c.A(Gestionnaire) }), ns})
		}
		return nil, "liste", nil
	})
	return vus, err
}

// NommerGestionnaire gives a supplier a gestionnaire when its last one has left
// without handing over: a user of the supplier, or somebody new who gets an
// activation link (lien as in [Guichet.ExaminerEnrolement]). The gestionnaires
// that there were lose the role when remplacer is set. Administrators call it.
func (g *Guichet) NommerGestionnaire(ctx context.Context, a *Acteur, f FournisseurID, q Invitation, remplacer bool) (lien string, err error) {
	var c *Compte
	err = g.faire(ctx, operation{acteur: a, action: NommerGestionnaire, objet: q.Courriel}, func(tx Tx, o *operation) (any, string, error) {
		if err := exiger(a, NommerGestionnaire); err != nil {
			return nil, "", err
		}
		x, err := tx.Fournisseur(f)
		if err != nil {
			return nil, "", absent(err, "Ce fournisseur n’existe pas.")
		}
		adresse, ok := adresseCourriel(q.Courriel)
		if !ok {
			return nil, "", erreur(Invalide, "Courriel « %s » : ce n’est pas une adresse.", visible(q.Courriel))
		}
		o.objet = adresse
		if remplacer {
			if err := g.retirerGestionnaires(tx, f, adresse); err != nil {
				return nil, "", err
			}
		}
		if c, err = g.gestionnaire(tx, f, adresse, q.Nom); err != nil {
			return nil, "", err
		}
		if err := tx.PoserCompte(c); err != nil {
			return nil, "", err
		}
		detail := "nommer pour " + x.Siret
		if c.MotDePasse != "" {
			return nil, detail, nil
		}
		return nil, detail, g.commander(tx, TravailLien, string(LienActivation)+":"+c.Identifiant, nil)
	})
	if err != nil || c.MotDePasse != "" {
		return "", err
	}
	return g.inviter(ctx, c)
}

// gestionnaire is the account that becomes the supplier's gestionnaire: one of
// its own, or a new one.
func (g *Guichet) gestionnaire(tx Tx, f FournisseurID, adresse, nom string) (*Compte, error) {
	c, err := tx.CompteNomme(adresse)
	switch {
	case presence(err) != nil:
		return nil, err
	case err != nil:
		if nom = strings.TrimSpace(nom); nom == "" || len([]rune(nom)) > 100 || !lisible(nom) {
			return nil, erreur(Invalide, "Nom : attendu de 1 à 100 caractères visibles.")
		}
		return &Compte{Identifiant: adresse, Nom: nom, Roles: []Role{Gestionnaire}, FournisseurID: f, Actif: true, Cree: g.m.Horloge()}, nil
	case c.FournisseurID != f || c.Mandat != nil:
		return nil, erreur(Conflit, "L’adresse %s est celle d’un compte qui n’est pas de ce fournisseur, ou d’un tiers mandaté.", adresse)
	}
	c.Actif = true
	if !c.A(Gestionnaire) {
		c.Roles = append(c.Roles, Gestionnaire)
	}
	return c, nil
}

// retirerGestionnaires takes the role from those who had it, but for one; who
// had no other keeps reading.
func (g *Guichet) retirerGestionnaires(tx Tx, f FournisseurID, sauf string) error {
	cs, err := tx.Comptes(f)
	if err != nil {
		return err
	}
	for i := range cs {
		c := &cs[i]
		if !c.A(Gestionnaire) || c.Identifiant == sauf {
			continue
		}
		if c.Roles = slices.DeleteFunc(c.Roles, func(r Role) bool { return r == Gestionnaire }); len(c.Roles) == 0 {
			c.Roles = []Role{Lecteur}
		}
		if err := tx.PoserCompte(c); err != nil {
			return err
		}
	}
	return nil
}
