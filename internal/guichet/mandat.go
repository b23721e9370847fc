package guichet

import (
	"context"
	"errors"
	"slices"
	"strings"

	"guichet.example/segur"
)

// mandatMax is the longest mandate, in years.
const mandatMax = 3

// jugerMandat folds the mandate of a third party to its kept form and collects
// what is wrong with it.
func (g *Guichet) jugerMandat(ctx context.Context, c *Compte, f *fautes) error {
	m := c.Mandat
	if m == nil {
		return nil
	}
	if c.Agent() {
		f.dire("mandat", "Un agent n’a pas de mandat.")
		return nil
	}
	if m.Entreprise = strings.TrimSpace(m.Entreprise); m.Entreprise == "" || len([]rune(m.Entreprise)) > 70 || !lisible(m.Entreprise) {
		f.dire("entreprise", "Entreprise du tiers : attendu de 1 à 70 caractères visibles.")
	}
	if m.Siret = strings.Join(strings.Fields(m.Siret), ""); !SiretValide(m.Siret) {
		f.dire("siretTiers", "SIRET du tiers « %s » : attendu 14 chiffres dont la clé est juste.", visible(m.Siret))
	}
	aujourdhui := g.Aujourdhui()
	plusTard := aujourdhui
	plusTard.Annee += mandatMax
	if fin, err := segur.LireJour(m.Fin); err != nil || m.Fin < aujourdhui.ISO() || m.Fin > plusTard.ISO() {
		f.dire("fin", "Fin du mandat « %s » : attendu un jour d’ici à %d ans, celui du contrat.", visible(m.Fin), mandatMax)
	} else {
		m.Fin = fin.ISO()
	}
	return g.m.Base.Lire(ctx, func(tx Tx) error {
		ns, err := tx.NumerosAns(c.FournisseurID)
		for _, n := range m.Numeros {
			if err == nil && !slices.ContainsFunc(ns, func(x NumeroAns) bool { return x.Numero == n }) {
				f.dire("numeros", "Le numéro ANS « %s » n’est pas de ceux de votre entreprise.", visible(n))
			}
		}
		return err
	})
}

// ChangerMandat gives the mandate of a third party another last day and other
// ANS numbers (none = all): a contract that goes on needs no other account, also
// once its last day is over. Gestionnaires call it.
func (g *Guichet) ChangerMandat(ctx context.Context, a *Acteur, id CompteID, fin string, numeros []string) error {
	if err := g.Autoriser(ctx, a, GererUtilisateurs, a.Identifiant); err != nil {
		return err
	}
	var m Mandat
	if err := g.m.Base.Lire(ctx, func(tx Tx) error {
		c, err := tiersDe(tx, a, id)
		if err == nil {
			m = *c.Mandat
		}
		return err
	}); err != nil {
		return err
	}
	m.Fin, m.Numeros = strings.TrimSpace(fin), numeros
	var f fautes
	err := g.jugerMandat(ctx, &Compte{FournisseurID: a.FournisseurID, Mandat: &m}, &f)
	if err = errors.Join(err, f.erreur()); err != nil {
		return err
	}
	return g.faire(ctx, operation{acteur: a, action: GererUtilisateurs, objet: a.Identifiant}, func(tx Tx, o *operation) (any, string, error) {
		c, err := tiersDe(tx, a, id)
		if err != nil {
			return nil, "", err
		}
		o.objet = c.Identifiant
		detail := "mandat : " + c.Mandat.etendue() + " → " + m.etendue()
		c.Mandat = &m
		return nil, detail, tx.PoserCompte(c)
	})
}

// tiersDe is an account of the actor's own side that has a mandate.
func tiersDe(tx Tx, a *Acteur, id CompteID) (*Compte, error) {
	c, err := collegue(tx, a, id)
	if err == nil && c.Mandat == nil {
		err = erreur(Conflit, "%s est de votre entreprise : son compte n’a pas de mandat.", c.Nom)
	}
	return c, err
}

// Porte tells whether the mandate names an ANS number.
func (m *Mandat) Porte(numero string) bool { return slices.Contains(m.Numeros, numero) }

// etendue is what a change of a mandate may change, for the journal.
func (m *Mandat) etendue() string {
	if len(m.Numeros) == 0 {
		return "jusqu’au " + m.Fin + ", tous les numéros"
	}
	return "jusqu’au " + m.Fin + ", " + strings.Join(m.Numeros, " ")
}

// Jour is the last day of the mandate.
func (m *Mandat) Jour() segur.Jour {
	j, err := segur.LireJour(m.Fin)
	if err != nil {
		return segur.Jour{}
	}
	return j
}

// detail is what the journal says of a mandate.
func (m *Mandat) detail() string {
	if m == nil {
		return ""
	}
	return ", mandat de " + m.Siret + " jusqu’au " + m.Fin
}

// couvre tells whether an account may know of what belongs to an ANS number: a
// mandate may be for some only.
func (c *Compte) couvre(numeroAns string) bool {
	return c.Mandat == nil || len(c.Mandat.Numeros) == 0 || slices.Contains(c.Mandat.Numeros, numeroAns)
}

// numerosDuMandat are the ANS numbers that an account is held to; none = all.
func (c *Compte) numerosDuMandat() []string {
	if c.Mandat == nil {
		return nil
	}
	return c.Mandat.Numeros
}

// TransmettreGestion makes another user of the supplier its gestionnaire in the
// actor's place: he stays as déposant, or leaves (partir) and his account is
// put out of use. The other user has chosen his password already and is no
// third party.
func (g *Guichet) TransmettreGestion(ctx context.Context, a *Acteur, id CompteID, partir bool) error {
	return g.faire(ctx, operation{acteur: a, action: GererUtilisateurs, objet: a.Identifiant}, func(tx Tx, o *operation) (any, string, error) {
		if err := exiger(a, GererUtilisateurs); err != nil {
			return nil, "", err
		}
		c, err := collegue(tx, a, id)
		if err != nil {
			return nil, "", err
		}
		o.objet = c.Identifiant
		if c.ID == a.ID || c.Mandat != nil || c.MotDePasse == "" || !g.ouvert(c) {
			return nil, "", erreur(Conflit, "La gestion se transmet à un autre utilisateur de votre entreprise, dont le compte est actif.")
		}
		moi, err := tx.Compte(a.ID)
		if err != nil {
			return nil, "", err
		}
		if !c.A(Gestionnaire) {
			c.Roles = append(c.Roles, Gestionnaire)
		}
		moi.Roles = []Role{Deposant}
		detail := "transmettre la gestion"
		if partir {
			moi.Actif = false
			detail += " et partir"
			if err := g.fermerCompte(tx, moi.ID); err != nil {
				return nil, "", err
			}
		}
		if err := tx.PoserCompte(c); err != nil {
			return nil, "", err
		}
		return nil, detail, tx.PoserCompte(moi)
	})
}
