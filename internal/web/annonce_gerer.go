package web

import (
	"net/http"
	"strconv"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// corpsAnnonces is the page of an administrator's announcements.
type corpsAnnonces struct {
	Annonces   []annonceVue // newest first
	Maintenant string       // for the field of the first instant
	Saisie     map[string]string
	Erreur     string
}

type annonceVue struct {
	guichet.Annonce
	Titre            string
	Courante, AVenir bool
}

// nomsAnnonces are the kinds of announcements as people call them.
var nomsAnnonces = map[guichet.GenreAnnonce]string{guichet.AnnonceIncident: "Incident", guichet.AnnonceFermeture: "Fermeture proche", guichet.AnnonceInfo: "Information"}

func nomAnnonce(g guichet.GenreAnnonce) string { return nomsAnnonces[g] }

func (s *serveur) annonces(v *visite) error { return s.pageAnnonces(v, http.StatusOK, "") }

func (s *serveur) pageAnnonces(v *visite, statut int, erreur string) error {
	xs, err := s.g.Annonces(v.r.Context(), v.a)
	if err != nil {
		return err
	}
	maintenant := s.g.Maintenant()
	c := corpsAnnonces{Erreur: erreur, Maintenant: maintenant.In(s.o.Zone).Format(instantLocal), Saisie: map[string]string{}}
	for k := range v.r.PostForm {
		c.Saisie[k] = v.champ(k)
	}
	for i := len(xs) - 1; i >= 0; i-- {
		c.Annonces = append(c.Annonces, annonceVue{xs[i], nomAnnonce(xs[i].Genre), xs[i].Courante(maintenant), maintenant.Before(xs[i].Debut)})
	}
	return s.rendre(v, statut, "annonces", "Annonces", c)
}

// agirAnnonce writes an announcement or takes one off.
func (s *serveur) agirAnnonce(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	if t := v.champ("retirer"); t != "" {
		id, err := strconv.ParseInt(t, 10, 64)
		if err != nil {
			return inconnu("Cette annonce n’existe pas.")
		}
		if err := s.g.RetirerAnnonce(v.r.Context(), v.a, id); err != nil {
			return err
		}
		return v.aller("/annonces?fait=annonce")
	}
	x := guichet.Annonce{Genre: guichet.GenreAnnonce(v.champ("genre")), Texte: v.champ("texte")}
	var err error
	instant := func(nom, titre string) time.Time {
		t, e := time.ParseInLocation(instantLocal, v.champ(nom), s.o.Zone)
		if e != nil && err == nil {
			err = invalide(titre + " vaut « " + segur.Visible(v.champ(nom), 40) + " » ; attendu : un jour et une heure, AAAA-MM-JJThh:mm.")
		}
		return t
	}
	x.Debut, x.Fin = instant("debut", "Le début"), instant("fin", "La fin")
	if err == nil {
		err = s.g.Annoncer(v.r.Context(), v.a, x)
	}
	switch guichet.GenreDe(err) {
	case guichet.Invalide, guichet.Conflit:
		phrase, _, _ := phraseDe(err)
		return s.pageAnnonces(v, statutDe(guichet.GenreDe(err)), phrase)
	}
	if err != nil {
		return err
	}
	return v.aller("/annonces?fait=annonce")
}
