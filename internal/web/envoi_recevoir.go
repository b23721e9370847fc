package web

import (
	"errors"
	"net/http"

	"guichet.example/internal/guichet"
)

// Archives that arrive in slices, sent by envoi.js: the protocol is that of the
// API, the answers for people are pages.

// commencerEnvoi announces an archive for a deposit.
func (s *serveur) commencerEnvoi(v *visite) error {
	t, err := s.envois.Commencer(v.w, v.r, v.a, guichet.DepotID(v.r.PathValue("id")))
	if err != nil {
		return err
	}
	v.w.Header().Set("Location", "/envois/"+string(t.ID))
	v.w.WriteHeader(http.StatusCreated)
	return nil
}

// etatEnvoi tells where an archive stands; a person is led to its deposit.
func (s *serveur) etatEnvoi(v *visite) error {
	t, err := s.envois.Etat(v.w, v.r, v.a, v.envoi())
	if err != nil || v.r.Method == http.MethodHead {
		return err
	}
	return v.aller("/depots/" + string(t.DepotID) + "#pieces")
}

func (s *serveur) tranche(v *visite) error {
	return s.envois.Tranche(v.w, v.r, v.a, v.envoi())
}

// finirEnvoi answers as one sending of the whole would.
func (s *serveur) finirEnvoi(v *visite) error {
	t, c, err := s.envois.Finir(v.w, v.r, v.a, v.envoi())
	if t == nil {
		return err
	}
	return s.repondrePieces(v, t.DepotID, c, err)
}

func (s *serveur) abandonnerEnvoi(v *visite) error {
	t, err := s.g.Televersement(v.r.Context(), v.a, v.envoi())
	if err != nil {
		return err
	}
	if err := s.g.AbandonnerTeleversement(v.r.Context(), v.a, t.ID); err != nil {
		return err
	}
	return v.aller("/depots/" + string(t.DepotID) + "?fait=abandon#pieces")
}

func (v *visite) envoi() guichet.TeleversementID { return guichet.TeleversementID(v.r.PathValue("id")) }

// repondrePieces shows what became of an archive: the deposit, or what was
// refused by name beside what the deposit now has.
func (s *serveur) repondrePieces(v *visite, id guichet.DepotID, c *guichet.Couverture, errEnvoi error) error {
	refusees, erreur, err := issuePieces(c, errEnvoi)
	if err != nil {
		return err
	}
	if len(refusees) == 0 && erreur == "" {
		return v.aller("/depots/" + string(id) + "?fait=pieces#pieces")
	}
	d, err := s.g.Depot(v.r.Context(), v.a, id)
	if err != nil {
		return errors.Join(err, errEnvoi)
	}
	return s.pageDepot(v, http.StatusUnprocessableEntity, d, refusees, erreur)
}
