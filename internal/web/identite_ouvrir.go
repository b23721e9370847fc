package web

import (
	"net/http"

	"guichet.example/internal/guichet"
)

// partirIdentite sends the browser to the identity provider. It is a link and
// no form: the page's policy lets forms go to the portal only.
func (s *serveur) partirIdentite(v *visite) error {
	suite := cheminSur(v.r.URL.Query().Get("suite"))
	adresse, temoin, err := s.g.DebuterIdentite(v.r.Context(), suite, s.origine(v))
	if err != nil {
		return s.conclure(v, "", nil, err, corpsConnexion{Suite: suite})
	}
	s.poserCookie(v, cookieIdentite, temoin, ageIdentite)
	http.Redirect(v.w, v.r, adresse, http.StatusSeeOther)
	return nil
}

// revenirIdentite takes what the browser brings back from the provider.
func (s *serveur) revenirIdentite(v *visite) error {
	q := v.r.URL.Query()
	r := guichet.RetourIdentite{Etat: q.Get("state"), Code: q.Get("code"), Erreur: q.Get("error")}
	if c, err := v.r.Cookie(s.nomCookie(v, cookieIdentite)); err == nil {
		r.Temoin = c.Value
	}
	s.poserCookie(v, cookieIdentite, "", 0)
	secret, a, suite, err := s.g.ConnecterIdentite(v.r.Context(), r, s.origine(v))
	return s.conclure(v, secret, a, err, corpsConnexion{Suite: cheminSur(suite)})
}

func (s *serveur) delierIdentites(v *visite) (c corpsSecurite, err error) {
	if err = s.g.DelierIdentites(v.r.Context(), v.a, v.r.PostForm.Get("mot_de_passe")); err == nil {
		c.Fait = "Votre compte n’est plus lié au fournisseur d’identité."
	}
	return c, err
}
