package web

import (
	"net/http"
	"strconv"

	"guichet.example/internal/guichet"
)

// corpsFile is the queue of an officer: the oldest first.
type corpsFile struct {
	Filtre   filtreVu
	Demandes []demandeVue
	Suite    string
	Retards  int // of those on the page
}

// pageFile is how many requests a page of the queue has.
const pageFile = 50

func (s *serveur) file(v *visite) error {
	q := v.r.URL.Query()
	f, vu, err := filtreDe(q)
	if err != nil {
		return err
	}
	f.Decroissant, f.Acteur, f.Max = false, string(guichet.Instructeur), pageFile+1
	c := corpsFile{Filtre: vu}
	if c.Demandes, err = s.lister(v, f); err != nil {
		return err
	}
	if len(c.Demandes) > pageFile {
		c.Demandes = c.Demandes[:pageFile]
		suite := vu.valeurs()
		suite.Set("apres", strconv.FormatInt(c.Demandes[pageFile-1].Serie, 10))
		c.Suite = adresse("/instruction", suite)
	}
	for i := range c.Demandes {
		if c.Demandes[i].Retard {
			c.Retards++
		}
	}
	return s.rendre(v, http.StatusOK, "instruction", "File d’instruction", c)
}

// essaisSuivante is how many requests "take the next" tries: others take at
// the same moment, and some are not for this officer.
const essaisSuivante = 50

// prendreSuivante takes the oldest request that this officer may take.
func (s *serveur) prendreSuivante(v *visite) error {
	ds, _, err := s.g.Demandes(v.r.Context(), v.a, guichet.Filtre{Statut: guichet.Deposee, Max: essaisSuivante})
	if err != nil {
		return err
	}
	for i := range ds {
		n := ds[i].NumeroASP
		_, err := s.g.Agir(v.r.Context(), v.a, n, guichet.ActeDemande{Action: guichet.Prendre}, guichet.Appel{})
		switch guichet.GenreDe(err) {
		case guichet.Conflit, guichet.Interdit:
			continue
		}
		if err != nil {
			return err
		}
		return v.aller("/demandes/" + string(n) + "?fait=prise")
	}
	return v.aller("/instruction?fait=vide")
}
