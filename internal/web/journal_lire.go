package web

import (
	"net/http"
	"strconv"

	"guichet.example/internal/guichet"
)

// corpsJournal is one page of the journal.
type corpsJournal struct {
	Entrees                       []guichet.Entree
	Depuis, Derniere              int64
	Precedente, Suivante, Recente string // addresses; "" = none
}

// pageJournal is how many entries a page has.
const pageJournal = 100

func (s *serveur) journal(v *visite) error {
	tete, err := s.g.DerniereEntree(v.r.Context(), v.a)
	if err != nil {
		return err
	}
	c := corpsJournal{Depuis: max(1, tete-pageJournal+1), Derniere: tete}
	if t := v.r.URL.Query().Get("depuis"); t != "" {
		if c.Depuis, err = strconv.ParseInt(t, 10, 64); err != nil || c.Depuis < 1 {
			return illisible("Le numéro d’entrée est un entier à partir de 1.")
		}
	}
	if c.Entrees, err = s.g.Journal(v.r.Context(), v.a, c.Depuis, pageJournal); err != nil {
		return err
	}
	vers := func(n int64) string { return "/journal?depuis=" + strconv.FormatInt(n, 10) }
	if c.Depuis > 1 {
		c.Precedente = vers(max(1, c.Depuis-pageJournal))
	}
	if c.Depuis+pageJournal <= tete {
		c.Suivante, c.Recente = vers(c.Depuis+pageJournal), "/journal"
	}
	return s.rendre(v, http.StatusOK, "journal", "Journal", c)
}
