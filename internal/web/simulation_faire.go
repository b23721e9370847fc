package web

import (
	"net/http"

	"guichet.example/segur"
)

// corpsSimulateur is the simulator: its form, and the report once there is one.
type corpsSimulateur struct {
	Type    segur.TypeDemande
	Rapport *rapportVu
	Erreur  string
	Local   bool   // the page can control by itself
	Durcis  string // JSON: what the portal refuses beyond the format, for the page to judge alike
}

func (s *serveur) simulateur(v *visite) error {
	return s.rendreSimulateur(v, http.StatusOK, "Simulateur", corpsSimulateur{Type: segur.Avance})
}

// simuler controls a file for anybody. Nothing of it is kept: the answer is the
// page itself.
func (s *serveur) simuler(v *visite) error {
	x, err := s.recevoir(v, segur.TailleMax)
	if err != nil {
		return s.simulationRefusee(v, err)
	}
	defer s.jeter(v, x)
	t, err := typeLu(x.champs.Get("type"))
	if err != nil {
		return err
	}
	nom := x.nom
	if x.champs.Get("nom") == "" {
		nom = ""
	}
	c := corpsSimulateur{Type: t}
	if c.Rapport, err = s.controler(v, t, nom, x); err != nil {
		return err
	}
	c.Rapport.Fichier.Nom = x.nom
	return s.rendreSimulateur(v, http.StatusOK, "Résultat du contrôle", c)
}

// simulationRefusee shows the form again with what was wrong.
func (s *serveur) simulationRefusee(v *visite, err error) error {
	phrase, _, ok := phraseDe(err)
	if !ok {
		return err
	}
	statut := statutDe(genreDe(err))
	if statut == http.StatusRequestEntityTooLarge {
		return err
	}
	return s.rendreSimulateur(v, statut, "Simulateur", corpsSimulateur{Type: segur.Avance, Erreur: phrase})
}

func (s *serveur) controler(v *visite, t segur.TypeDemande, nom string, x *fichierRecu) (*rapportVu, error) {
	rendre, err := v.tour(s.controles)
	if err != nil {
		return nil, err
	}
	defer rendre()
	b, err := x.contenu()
	if err != nil {
		return nil, err
	}
	r, f, err := s.g.Controler(v.r.Context(), t, nom, b)
	if err != nil {
		return nil, err
	}
	return voirRapport(r, f, b), nil
}
