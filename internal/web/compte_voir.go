package web

import (
	"net/http"
	"slices"
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
	Sessions    []sessionVue
	Portees     []guichet.LignePortee
	Secret      string // of the token just made: shown this once
	Erreur      string
	Saisie      saisieJeton
}

// saisieJeton is the form of a new token, as typed.
type saisieJeton struct {
	Nom, Duree, Reseaux string
	Portees             []string
}

// A tells whether a scope was chosen.
func (q saisieJeton) A(p guichet.Portee) bool { return slices.Contains(q.Portees, string(p)) }

// sessionVue is a session; Ici is the one that looks at it.
type sessionVue struct {
	guichet.Session
	Ici bool
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
	ss, err := s.g.Sessions(v.r.Context(), v.a)
	if err != nil {
		return err
	}
	for i := range ss {
		c.Sessions = append(c.Sessions, sessionVue{ss[i], guichet.EstSession(&ss[i], s.sessionPresente(v))})
	}
	c.Portees = guichet.PorteesDe(&v.a.Compte)
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
	q := saisieJeton{Nom: v.champ("nom"), Duree: v.champ("duree"), Reseaux: v.champ("reseaux"), Portees: v.r.PostForm["portee"]}
	n, err := s.lireJeton(&q)
	secret := ""
	if err == nil {
		secret, _, err = s.g.CreerJeton(v.r.Context(), v.a, n)
	}
	if g := guichet.GenreDe(err); g == guichet.Invalide || g == guichet.Conflit {
		phrase, _, _ := phraseDe(err)
		return s.pageCompte(v, statutDe(g), corpsCompte{Erreur: phrase, Saisie: q})
	}
	if err != nil {
		return err
	}
	return s.pageCompte(v, http.StatusOK, corpsCompte{Secret: secret})
}

// lireJeton reads the form of a new token. A person chooses what it may do:
// nothing is given by default.
func (s *serveur) lireJeton(q *saisieJeton) (n guichet.NouveauJeton, err error) {
	n.Nom = q.Nom
	if q.Nom == "" {
		return n, nil // the service says it
	}
	jours, ok := joursJeton[q.Duree]
	if !ok {
		return n, invalide("Choisissez la durée du jeton dans la liste.")
	}
	n.Expire = s.g.Maintenant().Add(time.Duration(jours) * 24 * time.Hour)
	if len(q.Portees) == 0 {
		return n, invalide("Choisissez ce que le jeton a le droit de faire : au moins une case.")
	}
	for _, p := range q.Portees {
		n.Portees = append(n.Portees, guichet.Portee(p))
	}
	n.Reseaux, err = guichet.LireReseaux(q.Reseaux)
	return n, err
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

// fermerAutres ends all sessions of the account but the one that asks.
func (s *serveur) fermerAutres(v *visite) error {
	if err := s.g.FermerSessions(v.r.Context(), v.a, s.sessionPresente(v)); err != nil {
		return err
	}
	return v.aller("/compte?fait=sessions")
}

func (s *serveur) fermerUne(v *visite) error {
	if err := s.g.FermerSession(v.r.Context(), v.a, v.r.PathValue("nom")); err != nil {
		return err
	}
	return v.aller("/compte?fait=session")
}
