package api

import (
	"net/http"
	"time"

	"guichet.example/internal/guichet"
)

// envoi is an archive that arrives in slices.
type envoi struct {
	ID         string `json:"id"`
	Depot      string `json:"depot"`
	NomFichier string `json:"nomFichier"`
	Taille     int64  `json:"taille"`
	Recu       int64  `json:"recu"`
	Expire     string `json:"expire"`
	TrancheMax int    `json:"trancheMax"` // bytes of a slice that carries a checksum
}

func formeEnvoi(v *guichet.Televersement) envoi {
	return envoi{string(v.ID), string(v.DepotID), v.Nom, v.Taille, v.Recu, v.Expire.UTC().Format(time.RFC3339), guichet.MorceauMax}
}

// commencerEnvoi announces an archive: 201, or 200 for one that goes on.
func (s *serveur) commencerEnvoi(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	v, err := s.envois.Commencer(w, r, a, guichet.DepotID(r.PathValue("id")))
	if err != nil {
		return err
	}
	w.Header().Set("Location", racine+"/envois/"+string(v.ID))
	statut := http.StatusCreated
	if v.Recu > 0 {
		statut = http.StatusOK
	}
	return s.repondre(w, r, statut, formeEnvoi(v))
}

func (s *serveur) envoisDuDepot(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	vs, err := s.g.TeleversementsDe(r.Context(), a, guichet.DepotID(r.PathValue("id")))
	if err != nil {
		return err
	}
	forme := struct {
		Envois []envoi `json:"envois"`
	}{[]envoi{}}
	for i := range vs {
		forme.Envois = append(forme.Envois, formeEnvoi(&vs[i]))
	}
	return s.repondre(w, r, http.StatusOK, forme)
}

func (s *serveur) etatEnvoi(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	v, err := s.envois.Etat(w, r, a, idEnvoi(r))
	if err != nil {
		return err
	}
	return s.repondre(w, r, http.StatusOK, formeEnvoi(v))
}

func (s *serveur) tranche(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	return s.envois.Tranche(w, r, a, idEnvoi(r))
}

// finirEnvoi answers as one sending of the whole would.
func (s *serveur) finirEnvoi(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	_, c, err := s.envois.Finir(w, r, a, idEnvoi(r))
	if err != nil {
		return err
	}
	return s.repondre(w, r, http.StatusOK, formeCouverture(c))
}

func (s *serveur) abandonnerEnvoi(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	return s.envois.Abandonner(w, r, a, idEnvoi(r))
}

func idEnvoi(r *http.Request) guichet.TeleversementID {
	return guichet.TeleversementID(r.PathValue("id"))
}
