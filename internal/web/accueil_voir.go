package web

import (
	"net/http"

	"guichet.example/internal/guichet"
)

// corpsAccueil is the public front page.
type corpsAccueil struct {
	Campagnes []campagneVue
}

// campagneVue is a campaign as everybody may know it.
type campagneVue struct {
	guichet.Campagne
	EstOuverte bool
}

func (s *serveur) accueil(v *visite) error {
	if v.a != nil {
		return v.aller("/tableau-de-bord")
	}
	cs, err := s.g.Campagnes(v.r.Context())
	if err != nil {
		return err
	}
	c := corpsAccueil{}
	for _, x := range cs {
		c.Campagnes = append(c.Campagnes, campagneVue{x, x.Ouverte(s.g.Maintenant())})
	}
	return s.rendre(v, http.StatusOK, "accueil", "Accueil", c)
}
