package web

import (
	"net/http"
	"slices"
	"strconv"

	"guichet.example/internal/guichet"
)

// corpsUtilisateurs is the page of the users of one's own side.
type corpsUtilisateurs struct {
	Comptes []guichet.Compte
	Roles   []guichet.Role
	Numeros []guichet.NumeroAns // of the supplier, for mandates
	Moi     guichet.CompteID
	Agent   bool
	Suivre  []guichet.Compte // who may take over from the visitor
	Saisie  saisieInvitation
	Erreur  string
	Fautes  []guichet.FauteChamp
	Lien    string // activation, to hand over
}

// saisieInvitation is the form of an invitation, as typed.
type saisieInvitation struct {
	Courriel, Nom, Entreprise, Siret, Fin string
	Tiers                                 bool
	Roles, Numeros                        []string
}

// A tells whether a role was chosen.
func (q saisieInvitation) A(r guichet.Role) bool { return slices.Contains(q.Roles, string(r)) }

// Porte tells whether an ANS number was chosen.
func (q saisieInvitation) Porte(n string) bool { return slices.Contains(q.Numeros, n) }

func (s *serveur) utilisateurs(v *visite) error {
	return s.pageUtilisateurs(v, http.StatusOK, corpsUtilisateurs{})
}

func (s *serveur) pageUtilisateurs(v *visite, statut int, c corpsUtilisateurs) (err error) {
	c.Moi, c.Agent, c.Roles = v.a.ID, v.a.Agent(), []guichet.Role{guichet.Gestionnaire, guichet.Deposant, guichet.Lecteur}
	if c.Agent {
		c.Roles = guichet.RolesAgents()
	}
	if c.Comptes, err = s.g.Utilisateurs(v.r.Context(), v.a); err != nil {
		return err
	}
	if !c.Agent {
		if _, c.Numeros, err = s.g.Fournisseur(v.r.Context(), v.a); err != nil {
			return err
		}
		for _, x := range c.Comptes {
			if x.ID != c.Moi && x.Actif && x.Mandat == nil && x.MotDePasse != "" {
				c.Suivre = append(c.Suivre, x)
			}
		}
	}
	return s.rendre(v, statut, "utilisateurs", "Utilisateurs", c)
}

func (s *serveur) inviterUtilisateur(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	x := saisieInvitation{Courriel: v.champ("courriel"), Nom: v.champ("nom"), Entreprise: v.champ("entreprise"), Siret: v.champ("siretTiers"), Fin: v.champ("fin"),
		Tiers: v.champ("tiers") == "oui", Roles: v.r.PostForm["role"], Numeros: v.r.PostForm["numero"]}
	q := guichet.Invitation{Courriel: x.Courriel, Nom: x.Nom, Roles: rolesLus(v)}
	if x.Tiers {
		q.Mandat = &guichet.Mandat{Entreprise: x.Entreprise, Siret: x.Siret, Fin: x.Fin, Numeros: x.Numeros}
	}
	lien, err := s.g.InviterUtilisateur(v.r.Context(), v.a, q)
	return s.repondreUtilisateurs(v, lien, err, x)
}

func (s *serveur) modifierUtilisateur(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	id, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
	if err != nil {
		return inconnu("Cet utilisateur n’existe pas.")
	}
	qui := guichet.CompteID(id)
	switch v.champ("acte") {
	case "relancer":
		lien, err := s.g.RelancerInvitation(v.r.Context(), v.a, qui)
		return s.repondreUtilisateurs(v, lien, err, saisieInvitation{})
	case "mandat":
		err := s.g.ChangerMandat(v.r.Context(), v.a, qui, v.champ("fin"), v.r.PostForm["numero"])
		return s.repondreUtilisateurs(v, "", err, saisieInvitation{})
	default:
		err := s.g.ModifierUtilisateur(v.r.Context(), v.a, qui, rolesLus(v), v.champ("actif") == "oui")
		return s.repondreUtilisateurs(v, "", err, saisieInvitation{})
	}
}

// transmettreGestion hands the supplier over to another of its users.
func (s *serveur) transmettreGestion(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	id, err := strconv.ParseInt(v.champ("a"), 10, 64)
	if err != nil {
		return inconnu("Cet utilisateur n’existe pas.")
	}
	partir := v.champ("partir") == "oui"
	err = s.g.TransmettreGestion(v.r.Context(), v.a, guichet.CompteID(id), partir)
	switch {
	case err != nil:
		return s.repondreUtilisateurs(v, "", err, saisieInvitation{})
	case partir:
		s.poserSession(v, "")
		return v.aller("/connexion?fait=parti")
	}
	return v.aller("/compte?fait=transmis")
}

func (s *serveur) repondreUtilisateurs(v *visite, lien string, err error, q saisieInvitation) error {
	if refuse, phrase, fautes := refusFormulaire(err); refuse {
		return s.pageUtilisateurs(v, statutDe(guichet.GenreDe(err)), corpsUtilisateurs{Erreur: phrase, Fautes: fautes, Saisie: q})
	}
	if err != nil {
		return err
	}
	if lien != "" {
		return s.pageUtilisateurs(v, http.StatusOK, corpsUtilisateurs{Lien: "/activation/" + lien})
	}
	return v.aller("/utilisateurs?fait=utilisateur")
}

func rolesLus(v *visite) (rs []guichet.Role) {
	for _, r := range v.r.PostForm["role"] {
		rs = append(rs, guichet.Role(r))
	}
	return rs
}
