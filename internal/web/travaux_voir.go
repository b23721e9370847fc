package web

import (
	"net/http"
	"strconv"

	"guichet.example/internal/guichet"
)

// corpsTravaux is the page of the work done outside of a request.
type corpsTravaux struct {
	Morts    []guichet.Travail // given up: somebody decides
	Echouent []guichet.Travail // tried again by themselves
	Erreur   string
}

// travauxMontres bounds each list of the page.
const travauxMontres = 200

func (s *serveur) travaux(v *visite) error {
	return s.pageTravaux(v, http.StatusOK, "")
}

func (s *serveur) pageTravaux(v *visite, statut int, phrase string) error {
	c := corpsTravaux{Erreur: phrase}
	var err error
	if c.Morts, err = s.g.TravauxDe(v.r.Context(), v.a, guichet.TravailMort, travauxMontres); err != nil {
		return err
	}
	attendent, err := s.g.TravauxDe(v.r.Context(), v.a, guichet.TravailAttend, travauxMontres)
	if err != nil {
		return err
	}
	for i := range attendent {
		if attendent[i].Erreur != "" {
			c.Echouent = append(c.Echouent, attendent[i])
		}
	}
	return s.rendre(v, statut, "travaux", "Travaux", c)
}

// rejouerTravaux puts one piece of dead work back in the line, or all of it.
func (s *serveur) rejouerTravaux(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	id := int64(0)
	if x := v.champ("id"); x != "tous" {
		var err error
		if id, err = strconv.ParseInt(x, 10, 64); err != nil || id < 1 {
			return invalide("Le numéro d’un travail est un entier à partir de 1.")
		}
	}
	_, err := s.g.RejouerDe(v.r.Context(), v.a, id)
	if refuse, phrase, _ := refusFormulaire(err); refuse {
		return s.pageTravaux(v, statutDe(guichet.GenreDe(err)), phrase)
	}
	if err != nil {
		return err
	}
	return v.aller("/travaux?fait=rejoue")
}
