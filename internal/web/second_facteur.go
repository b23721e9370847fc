package web

import (
	"errors"
	"html/template"
	"net/http"

	"guichet.example/internal/guichet"
)

// corpsDefi asks for the second factor, between the password and the session.
type corpsDefi struct {
	Defi, Suite, Erreur string
	Code                bool // a telephone is in use
	Cles                bool // the account has passkeys, and they work on this address
}

// demanderCode goes on with a sign-in that waits for a code; false when the
// error says nothing of the kind.
func (s *serveur) demanderCode(v *visite, err error, suite string) (bool, error) {
	var requis *guichet.SecondFacteurRequis
	if !errors.As(err, &requis) {
		return false, nil
	}
	return true, s.rendre(v, http.StatusOK, "connexion_code", "Second facteur", corpsDefi{Defi: requis.Defi, Suite: suite, Code: requis.Code, Cles: requis.Cles && s.cles(v)})
}

func (s *serveur) donnerCode(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	// What the page offered is said again by its form: it changes nothing here.
	c := corpsDefi{Defi: v.champ("defi"), Suite: cheminSur(v.champ("suite")), Code: v.champ("telephone") == "oui", Cles: v.champ("cles") == "oui" && s.cles(v)}
	secret, a, err := s.g.ConnecterSecondFacteur(v.r.Context(), c.Defi, v.champ("code"), s.origine(v))
	if err == nil {
		return s.accueillir(v, secret, a, c.Suite)
	}
	if !refusConnexion(v, err) {
		return err
	}
	c.Erreur, _, _ = phraseDe(err)
	return s.rendre(v, statutDe(guichet.GenreDe(err)), "connexion_code", "Second facteur", c)
}

// corpsSecurite is the page of all that opens one's own account.
type corpsSecurite struct {
	Identifiant string
	Cles        []guichet.CleAcces
	ClesIci     bool   // passkeys work on this address
	ClesAdresse string // where they do, when not here; "" = nowhere
	Fournisseur string // of identity; "" = none
	Identites   []guichet.Identite
	Fait        string // what was just done
	Actif       bool
	Codes       int
	Secret      string        // of a second factor just prepared, in groups of four
	Dessin      template.HTML // the same, to scan
	Nouveaux    []string      // recovery codes: shown this once
	Erreur      string
	Exige       bool // the account must enrol a second factor before anything else
}

func (s *serveur) securite(v *visite) error {
	return s.pageSecurite(v, http.StatusOK, corpsSecurite{})
}

func (s *serveur) pageSecurite(v *visite, statut int, c corpsSecurite) (err error) {
	c.Identifiant = v.a.Identifiant
	if c.Nouveaux != nil { // it has just been enrolled
		v.a.SansSecond = false
	}
	c.Exige = v.a.SansSecond
	if c.Actif, c.Codes, err = s.g.EtatSecondFacteur(v.r.Context(), v.a); err != nil {
		return err
	}
	if c.Cles, err = s.g.Cles(v.r.Context(), v.a); err != nil {
		return err
	}
	if c.Identites, err = s.g.IdentitesDe(v.r.Context(), v.a); err != nil {
		return err
	}
	c.Fournisseur, c.ClesIci = s.g.NomIdentite(), s.cles(v)
	if os := s.g.ClesOuvertes(); len(os) > 0 && !c.ClesIci {
		c.ClesAdresse = os[0]
	}
	return s.rendre(v, statut, "securite", "Mot de passe et accès", c)
}

// changerSecurite runs one form of that page: its refusals are shown on the
// page itself.
func changerSecurite(f func(*serveur, *visite) (corpsSecurite, error)) func(*serveur, *visite) error {
	return func(s *serveur, v *visite) error {
		if err := v.saisie(); err != nil {
			return err
		}
		c, err := f(s, v)
		switch g := guichet.GenreDe(err); {
		case err == nil:
			return s.pageSecurite(v, http.StatusOK, c)
		case g == guichet.Invalide || g == guichet.Conflit || g == guichet.Inconnu || g == guichet.TropSouvent:
			refusConnexion(v, err)
			c = corpsSecurite{}
			c.Erreur, _, _ = phraseDe(err)
			return s.pageSecurite(v, statutDe(g), c)
		}
		return err
	}
}

func (s *serveur) changerMotDePasse(v *visite) (c corpsSecurite, err error) {
	nouveau := v.r.PostForm.Get("nouveau")
	if nouveau != v.r.PostForm.Get("encore") {
		return c, invalide("Les deux mots de passe ne sont pas les mêmes.")
	}
	if err := s.g.ChangerMotDePasse(v.r.Context(), v.a, v.r.PostForm.Get("mot_de_passe"), nouveau, s.sessionPresente(v)); err != nil {
		return c, err
	}
	c.Fait = "Votre mot de passe est changé. Vos autres sessions sont fermées."
	return c, s.tournerSession(v)
}

// tournerSession gives the session that asks another secret: whoever knew the
// earlier one is out.
func (s *serveur) tournerSession(v *visite) error {
	secret, err := s.g.TournerSession(v.r.Context(), v.a, s.sessionPresente(v), v.r.UserAgent())
	if err == nil {
		s.poserSession(v, secret)
	}
	return err
}

func (s *serveur) preparerSecond(v *visite) (c corpsSecurite, err error) {
	p, err := s.g.PreparerSecondFacteur(v.r.Context(), v.a, v.r.PostForm.Get("mot_de_passe"))
	if err != nil {
		return c, err
	}
	for i := 0; i < len(p.Secret); i += 4 {
		c.Secret += p.Secret[i:min(i+4, len(p.Secret))] + " "
	}
	c.Dessin, err = dessiner(p.QR)
	return c, err
}

func (s *serveur) activerSecond(v *visite) (c corpsSecurite, err error) {
	if c.Nouveaux, err = s.g.ActiverSecondFacteur(v.r.Context(), v.a, v.champ("code"), s.sessionPresente(v)); err != nil {
		return c, err
	}
	c.Fait = "Votre second facteur est en service. Vos autres sessions sont fermées."
	return c, s.tournerSession(v)
}

func (s *serveur) renouvelerCodes(v *visite) (c corpsSecurite, err error) {
	c.Nouveaux, err = s.g.RenouvelerCodes(v.r.Context(), v.a, v.r.PostForm.Get("mot_de_passe"))
	return c, err
}

func (s *serveur) retirerSecond(v *visite) (c corpsSecurite, err error) {
	return c, s.g.RetirerSecondFacteur(v.r.Context(), v.a, v.r.PostForm.Get("mot_de_passe"))
}
