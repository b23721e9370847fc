package web

import (
	"net/http"
	"strconv"
	"time"

	"guichet.example/internal/guichet"
)

// corpsCompte is the visitor's own account.
type corpsCompte struct {
	Compte      *guichet.Acteur
	Fournisseur *guichet.Fournisseur
	Numeros     []guichet.NumeroAns
	Jetons      []jetonVu
	Sessions    []guichet.Session
	Secret      string // of the token just made: shown this once
	Erreur      string
	Nom         string // as typed
}

// jetonVu is a token with what it still is.
type jetonVu struct {
	guichet.Jeton
	Vivant bool
}

func (s *serveur) compte(v *visite) error {
	return s.pageCompte(v, http.StatusOK, corpsCompte{})
}

func (s *serveur) pageCompte(v *visite, statut int, c corpsCompte) (err error) {
	c.Compte, c.Fournisseur = v.a, v.f
	if v.f != nil {
		if _, c.Numeros, err = s.g.Fournisseur(v.r.Context(), v.a); err != nil {
			return err
		}
	}
	js, err := s.g.Jetons(v.r.Context(), v.a)
	if err != nil {
		return err
	}
	for _, j := range js {
		c.Jetons = append(c.Jetons, jetonVu{j, !j.Revoque && (j.Expire.IsZero() || s.g.Maintenant().Before(j.Expire))})
	}
	if c.Sessions, err = s.g.Sessions(v.r.Context(), v.a); err != nil {
		return err
	}
	return s.rendre(v, statut, "compte", "Mon compte", c)
}

// joursJeton are the lives that a new token may have.
var joursJeton = map[string]int{"30": 30, "90": 90, "365": 365}

// creerJeton answers with the page itself: the secret is in no address, and is
// kept nowhere.
func (s *serveur) creerJeton(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	n := guichet.NouveauJeton{Nom: v.champ("nom")}
	if j, ok := joursJeton[v.champ("duree")]; ok {
		n.Expire = s.g.Maintenant().Add(time.Duration(j) * 24 * time.Hour)
	}
	secret, _, err := s.g.CreerJeton(v.r.Context(), v.a, n)
	if guichet.GenreDe(err) == guichet.Invalide {
		phrase, _, _ := phraseDe(err)
		return s.pageCompte(v, http.StatusUnprocessableEntity, corpsCompte{Erreur: phrase, Nom: n.Nom})
	}
	if err != nil {
		return err
	}
	return s.pageCompte(v, http.StatusOK, corpsCompte{Secret: secret})
}

func (s *serveur) revoquerJeton(v *visite) error {
	id, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
	if err != nil {
		return inconnu("Ce jeton n’existe pas.")
	}
	if err := s.g.RevoquerJeton(v.r.Context(), v.a, id); err != nil {
		return err
	}
	return v.aller("/compte?fait=revoque")
}
