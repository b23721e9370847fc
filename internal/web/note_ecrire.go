package web

import (
	"strconv"

	"guichet.example/internal/guichet"
)

// noter writes a note on a request, for agents alone.
func (s *serveur) noter(v *visite) error {
	return s.surNote(v, func(n guichet.NumeroASP) error {
		return s.g.Noter(v.r.Context(), v.a, n, v.champ("note"))
	})
}

// barrerNote strikes a note.
func (s *serveur) barrerNote(v *visite) error {
	return s.surNote(v, func(n guichet.NumeroASP) error {
		id, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
		if err != nil {
			return inconnu("Cette note n’existe pas.")
		}
		return s.g.BarrerNote(v.r.Context(), v.a, n, id, v.champ("motif"))
	})
}

func (s *serveur) surNote(v *visite, f func(guichet.NumeroASP) error) error {
	if err := v.saisie(); err != nil {
		return err
	}
	n := guichet.NumeroASP(v.r.PathValue("numeroASP"))
	err := f(n)
	switch guichet.GenreDe(err) {
	case guichet.Invalide, guichet.Conflit:
		x := suiteDemande{Saisie: v.r.PostForm}
		x.Erreur, _, _ = phraseDe(err)
		return s.pageDemande(v, statutDe(guichet.GenreDe(err)), n, x)
	}
	if err != nil {
		return err
	}
	return v.aller("/demandes/" + string(n) + "?fait=note#notes")
}
