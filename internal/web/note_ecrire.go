package web

import (
	"strconv"

	"guichet.example/internal/guichet"
)

// noter writes a note on a request, for agents alone.
func (s *serveur) noter(v *visite) error {
	return s.surDemande(v, "note#notes", func(n guichet.NumeroASP) error {
		return s.g.Noter(v.r.Context(), v.a, n, v.champ("note"))
	})
}

// barrerNote strikes a note.
func (s *serveur) barrerNote(v *visite) error {
	return s.surDemande(v, "note#notes", func(n guichet.NumeroASP) error {
		id, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
		if err != nil {
			return inconnu("Cette note n’existe pas.")
		}
		return s.g.BarrerNote(v.r.Context(), v.a, n, id, v.champ("motif"))
	})
}
