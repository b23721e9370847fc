package web

import (
	"net/http"

	"guichet.example/internal/guichet"
)

// corpsLien is the page that an activation or recovery link opens.
type corpsLien struct {
	Compte     *guichet.Compte
	Activation bool
	Chemin     string
	Erreur     string
}

// lien shows whose password the link sets. Opening it does not use it up: mail
// programs open links by themselves.
func (s *serveur) lien(v *visite) error {
	return s.pageLien(v, http.StatusOK, "")
}

func (s *serveur) pageLien(v *visite, statut int, faute string) error {
	secret := v.r.PathValue("secret")
	c, u, err := s.g.LireLien(v.r.Context(), secret)
	if err != nil {
		return err
	}
	x := corpsLien{Compte: c, Activation: u == guichet.LienActivation, Chemin: "/activation/" + secret, Erreur: faute}
	titre := "Choisir un nouveau mot de passe"
	if x.Activation {
		titre = "Activer mon compte"
	}
	return s.rendre(v, statut, "activation", titre, x)
}

func (s *serveur) suivreLien(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	nouveau := v.r.PostForm.Get("mot_de_passe")
	if nouveau != v.r.PostForm.Get("encore") {
		return s.pageLien(v, http.StatusUnprocessableEntity, "Les deux mots de passe ne sont pas les mêmes.")
	}
	err := s.g.SuivreLien(v.r.Context(), v.r.PathValue("secret"), nouveau, s.o.Adresse(v.r))
	if guichet.GenreDe(err) == guichet.Invalide {
		phrase, _, _ := phraseDe(err)
		return s.pageLien(v, http.StatusUnprocessableEntity, phrase)
	}
	if err != nil {
		return err
	}
	if err := s.oublierSession(v); err != nil {
		return err
	}
	s.poserSession(v, "")
	return v.aller("/connexion?fait=active")
}

// recuperation asks for a link; its answer is the same for everybody.
func (s *serveur) recuperation(v *visite) error {
	return s.rendre(v, http.StatusOK, "recuperation", "Mot de passe oublié", false)
}

func (s *serveur) recuperer(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	if err := s.g.Recuperer(v.r.Context(), v.champ("identifiant"), s.o.Adresse(v.r)); err != nil {
		return err
	}
	return s.rendre(v, http.StatusOK, "recuperation", "Mot de passe oublié", true)
}
