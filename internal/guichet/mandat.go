package guichet

import (
	"context"
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

// FournisseurVu is a supplier with those who manage it.
type FournisseurVu struct {
	Fournisseur
	Gestionnaires []Compte
}

// Fournisseurs lists the suppliers with their gestionnaires. Administrators
// call it; the reading is journalled.
func (g *Guichet) Fournisseurs(ctx context.Context, a *Acteur) (vus []FournisseurVu, err error) {
	err = g.faire(ctx, operation{acteur: a, action: NommerGestionnaire, objet: "fournisseurs"}, func(tx Tx, _ *operation) (any, string, error) {
		vus = nil
		if err := exiger(a, NommerGestionnaire); err != nil {
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
			vus = append(vus, FournisseurVu{f, slices.DeleteFunc(cs, func(c Compte) bool { return !c.A(Gestionnaire) })})
		}
		return nil, "lire", nil
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
