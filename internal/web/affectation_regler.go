package web

import (
	"net/http"
	"strconv"
	"strings"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// corpsAffectation is the page of the rules of assignment.
type corpsAffectation struct {
	Regles       []regleVue
	Instructeurs []guichet.Compte
	Fournisseurs []guichet.Fournisseur
	Gerer        bool
	Erreur       string
	Resultats    []guichet.ResultatAffectation // of a preview or of an application
	Confiees     int
	Apercu       bool
}

// regleVue is a rule with its sentence and its form.
type regleVue struct {
	guichet.RegleAffectation
	Texte string
	Choix []choix // officers
}

func (s *serveur) affectation(v *visite) error {
	return s.pageAffectation(v, http.StatusOK, nil, corpsAffectation{})
}

// pageAffectation shows the rules; reprise takes the place of the stored one
// of the same number.
func (s *serveur) pageAffectation(v *visite, statut int, reprise *guichet.RegleAffectation, c corpsAffectation) (err error) {
	c.Gerer = v.peut(guichet.GererAffectation)
	var rs []guichet.RegleAffectation
	if rs, c.Fournisseurs, err = s.g.ReglesAffectation(v.r.Context(), v.a); err != nil {
		return err
	}
	if c.Instructeurs, err = s.g.Instructeurs(v.r.Context(), v.a); err != nil {
		return err
	}
	if c.Gerer {
		rs = append(rs, guichet.RegleAffectation{Active: true, Rang: len(rs) + 1, Partage: guichet.ParCharge})
	}
	raison := func(id guichet.FournisseurID) string {
		for i := range c.Fournisseurs {
			if c.Fournisseurs[i].ID == id {
				return c.Fournisseurs[i].RaisonSociale
			}
		}
		return "un fournisseur inconnu"
	}
	for _, r := range rs {
		if reprise != nil && reprise.ID == r.ID {
			r = *reprise
		}
		x := regleVue{RegleAffectation: r}
		if len(r.Agents) > 0 {
			x.Texte = r.Texte(func(id guichet.CompteID) string { return nomAgent(c.Instructeurs, id) }, raison)
		}
		for _, a := range c.Instructeurs {
			coche := false
			for _, id := range r.Agents {
				coche = coche || id == a.ID
			}
			x.Choix = append(x.Choix, choix{strconv.FormatInt(int64(a.ID), 10), a.Nom, coche})
		}
		c.Regles = append(c.Regles, x)
	}
	return s.rendre(v, statut, "affectation", "Règles d’affectation", c)
}

// reglerAffectation writes a rule, takes one out, or applies them all.
func (s *serveur) reglerAffectation(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	var r *guichet.RegleAffectation
	var err error
	switch v.champ("acte") {
	case "regler":
		if r, err = regleDe(v); err == nil {
			err = s.g.ReglerAffectation(v.r.Context(), v.a, *r)
		}
	case "retirer":
		id, errID := strconv.ParseInt(v.champ("id"), 10, 64)
		if errID != nil {
			return inconnu("Cette règle n’existe pas.")
		}
		err = s.g.RetirerRegle(v.r.Context(), v.a, id)
	case "apercu", "appliquer":
		return s.appliquerRegles(v, v.champ("acte") == "apercu")
	default:
		return illisible("Cet acte n’existe pas pour une règle.")
	}
	switch guichet.GenreDe(err) {
	case guichet.Invalide, guichet.Conflit:
		phrase, _, _ := phraseDe(err)
		return s.pageAffectation(v, statutDe(guichet.GenreDe(err)), r, corpsAffectation{Erreur: phrase})
	}
	if err != nil {
		return err
	}
	return v.aller("/affectation?fait=regle")
}

func (s *serveur) appliquerRegles(v *visite, apercu bool) error {
	rs, err := s.g.AppliquerRegles(v.r.Context(), v.a, apercu)
	if err != nil {
		return err
	}
	c := corpsAffectation{Apercu: apercu, Resultats: rs}
	for _, r := range rs {
		if r.Motif == "" {
			c.Confiees++
		}
	}
	if len(rs) == 0 {
		return v.aller("/affectation?fait=libres")
	}
	c.Resultats = rs[:min(len(rs), resultatsMontre)]
	return s.pageAffectation(v, http.StatusOK, nil, c)
}

// regleDe reads the form of a rule.
func regleDe(v *visite) (*guichet.RegleAffectation, error) {
	var err error
	entier := func(nom string) int64 {
		t := v.champ(nom)
		if t == "" {
			return 0
		}
		n, e := strconv.ParseInt(strings.ReplaceAll(t, " ", ""), 10, 64)
		if e != nil && err == nil {
			err = invalide("« " + nom + " » vaut « " + segur.Visible(t, 30) + " » ; attendu : un nombre entier.")
		}
		return n
	}
	r := &guichet.RegleAffectation{ID: entier("id"), Nom: v.champ("nom"), Rang: int(entier("rang")), Active: v.champ("active") != "", Type: segur.TypeDemande(v.champ("type")),
		FournisseurID: guichet.FournisseurID(entier("fournisseur")), Du: entier("du"), Au: entier("au"), Partage: guichet.Partage(v.champ("partage"))}
	for _, t := range v.r.PostForm["agents"] {
		n, e := strconv.ParseInt(t, 10, 64)
		if e != nil {
			return r, illisible("Choisissez les instructeurs dans la liste.")
		}
		r.Agents = append(r.Agents, guichet.CompteID(n))
	}
	return r, err
}
