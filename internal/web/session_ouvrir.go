package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"guichet.example/internal/guichet"
)

// corpsConnexion is the sign-in page.
type corpsConnexion struct {
	Suite       string
	Identifiant string
	Erreur      string
	Cles        bool   // passkeys work on this address
	Fournisseur string // of identity; "" = none
	Partir      string // where to sign out of it too, after leaving here
}

func (s *serveur) connexion(v *visite) error {
	if v.a != nil {
		return v.aller("/tableau-de-bord")
	}
	c := corpsConnexion{Suite: cheminSur(v.r.URL.Query().Get("suite"))}
	if v.r.URL.Query().Get("fait") == "depart" {
		c.Partir = s.g.DepartIdentite(v.r.Context())
	}
	return s.pageConnexion(v, http.StatusOK, c)
}

func (s *serveur) pageConnexion(v *visite, statut int, c corpsConnexion) error {
	c.Cles, c.Fournisseur = s.cles(v), s.g.NomIdentite()
	return s.rendre(v, statut, "connexion", "Connexion", c)
}

// origine is where a sign-in comes from.
func (s *serveur) origine(v *visite) guichet.Origine {
	o := guichet.Origine{Adresse: s.o.Adresse(v.r), Navigateur: v.r.UserAgent()}
	if c, err := v.r.Cookie(s.nomCookie(v, cookieAppareil)); err == nil && len(c.Value) <= 200 {
		o.Appareil = c.Value
	}
	return o
}

// ouvrirSession signs in by password.
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
	secret, a, err := s.g.Connecter(v.r.Context(), c.Identifiant, v.r.PostForm.Get("mot_de_passe"), s.origine(v))
	return s.conclure(v, secret, a, err, c)
}

// conclure ends a first step of signing in: with the page that was asked for,
// the question of a second factor, or the sign-in page and what went wrong.
func (s *serveur) conclure(v *visite, secret string, a *guichet.Acteur, err error, c corpsConnexion) error {
	if suite, err := s.demanderCode(v, err, c.Suite); suite {
		return err
	}
	if err == nil {
		return s.accueillir(v, secret, a, c.Suite)
	}
	if !refusConnexion(v, err) {
		return err
	}
	c.Erreur, _, _ = phraseDe(err)
	return s.pageConnexion(v, statutDe(guichet.GenreDe(err)), c)
}

// refusConnexion tells a refusal that the page of the sign-in shows itself, and
// says in the answer when to try again.
func refusConnexion(v *visite, err error) bool {
	switch guichet.GenreDe(err) {
	case guichet.NonIdentifie, guichet.Indisponible, guichet.Conflit:
		return true
	case guichet.TropSouvent:
		attente := time.Minute
		var tot *guichet.TropTot
		if errors.As(err, &tot) {
			attente = tot.Attente
		}
		v.w.Header().Set("Retry-After", strconv.Itoa(int((attente+time.Second-1)/time.Second)))
		return true
	}
	return false
}

// accueillir begins the session of who has proved who he is. The session
// before it, if any, ends: a secret known before the sign-in never serves after
// it. The browser is known for the account from now on.
func (s *serveur) accueillir(v *visite, secret string, a *guichet.Acteur, suite string) error {
	if err := s.oublierSession(v); err != nil {
		return err
	}
	appareil, err := s.g.RetenirAppareil(v.r.Context(), a, s.origine(v).Appareil)
	if err != nil {
		return err
	}
	if appareil != "" {
		s.poserCookie(v, cookieAppareil, appareil, ageAppareil)
	}
	s.poserSession(v, secret)
	return v.aller(suite)
}

func (s *serveur) fermerSession(v *visite) error {
	if err := s.oublierSession(v); err != nil {
		return err
	}
	s.poserSession(v, "")
	// Pages are not kept by browsers; one that did all the same forgets them now.
	v.w.Header().Set("Clear-Site-Data", `"cache"`)
	if v.a != nil && (v.a.Moyen == guichet.ParIdentite || v.a.Moyen == guichet.ParIdentiteForte) {
		return v.aller("/connexion?fait=depart")
	}
	return v.aller("/connexion?fait=deconnexion")
}

// oublierSession ends the session that the browser presents.
func (s *serveur) oublierSession(v *visite) error {
	secret := s.sessionPresente(v)
	if secret == "" {
		return nil
	}
	return s.g.Deconnecter(v.r.Context(), secret, s.o.Adresse(v.r))
}
