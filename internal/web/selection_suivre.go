package web

import (
	"net/http"

	"guichet.example/internal/guichet"
)

// fondMin is how many requests are decided in the background, with a page that
// shows how far they are; fewer are decided while their decider waits.
const fondMin = 200

// corpsSelection is a selection that is decided in the background.
type corpsSelection struct {
	S         *guichet.Selection
	Non       []guichet.ResultatDecision // not decided, with why
	Oui       []guichet.ResultatDecision
	Masques   int
	Finie     bool
	Pourcents int
}

func (s *serveur) suivreSelection(v *visite) error {
	x, rs, err := s.g.SelectionVue(v.r.Context(), v.a, v.r.PathValue("id"), decisionsMax)
	if err != nil {
		return err
	}
	c := corpsSelection{S: x, Finie: !x.Etat.Fin.IsZero(), Pourcents: 100 * x.Etat.Faites / max(1, x.Etat.Total)}
	for _, r := range rs {
		if r.Decidee {
			c.Oui = append(c.Oui, r)
		} else {
			c.Non = append(c.Non, r)
		}
	}
	if n := max(0, resultatsMontre-len(c.Non)); len(c.Oui) > n {
		c.Masques, c.Oui = len(c.Oui)-n, c.Oui[:n]
	}
	return s.rendre(v, http.StatusOK, "selection", "Décision d’une sélection", c)
}
