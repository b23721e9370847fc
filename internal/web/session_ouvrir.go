package web

import (
	"net/http"

	"guichet.example/internal/guichet"
)

// corpsConnexion is the sign-in page.
type corpsConnexion struct {
	Suite       string
	Identifiant string
	Erreur      string
}

func (s *serveur) connexion(v *visite) error {
	if v.a != nil {
		return v.aller("/tableau-de-bord")
	}
	return s.rendre(v, http.StatusOK, "connexion", "Connexion", corpsConnexion{Suite: cheminSur(v.r.URL.Query().Get("suite"))})
}

// ouvrirSession signs in. The session before it, if any, ends: a secret known
// before the sign-in never serves after it.
func (s *serveur) ouvrirSession(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	rendre, err := v.tour(s.entrees)
	if err != nil {
		return err
	}
	defer rendre()
	c := corpsConnexion{Suite: cheminSur(v.champ("suite")), Identifiant: v.champ("identifiant")}
	secret, _, err := s.g.Connecter(v.r.Context(), c.Identifiant, v.r.PostForm.Get("mot_de_passe"), s.o.Adresse(v.r), v.r.UserAgent())
	if suite, err := s.demanderCode(v, err, c.Suite); suite {
		return err
	}
	if err != nil {
		g := guichet.GenreDe(err)
		if g != guichet.NonIdentifie && g != guichet.TropSouvent {
			return err
		}
		c.Erreur, _, _ = phraseDe(err)
		if g == guichet.TropSouvent {
			v.w.Header().Set("Retry-After", "60")
		}
		return s.rendre(v, statutDe(g), "connexion", "Connexion", c)
	}
	if err := s.oublierSession(v); err != nil {
		return err
	}
	s.poserSession(v, secret)
	return v.aller(c.Suite)
}

func (s *serveur) fermerSession(v *visite) error {
	if err := s.oublierSession(v); err != nil {
		return err
	}
	s.poserSession(v, "")
	return v.aller("/connexion?fait=deconnexion")
}

// oublierSession ends the session that the browser presents.
func (s *serveur) oublierSession(v *visite) error {
	c, err := v.r.Cookie(cookieSession)
	if err != nil || c.Value == "" {
		return nil
	}
	return s.g.Deconnecter(v.r.Context(), c.Value)
}
