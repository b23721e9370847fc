package web

import (
	"errors"
	"net/http"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// deposerZip takes an archive of pieces. What it refuses is shown by name
// beside what the deposit now has.
func (s *serveur) deposerZip(v *visite) error {
	id := guichet.DepotID(v.r.PathValue("id"))
	if err := s.g.DepotConnu(v.r.Context(), v.a, id); err != nil {
		return err
	}
	var c *guichet.Couverture
	x, err := s.recevoir(v, segur.ZipMax)
	if err == nil {
		defer s.jeter(v, x)
		c, err = s.g.DeposerZip(v.r.Context(), v.a, id, x.f, x.taille)
	}
	return s.repondrePieces(v, id, c, err)
}

// deposerPiece takes one document of a request.
func (s *serveur) deposerPiece(v *visite) error {
	n := guichet.NumeroASP(v.r.PathValue("numeroASP"))
	if err := s.g.DemandeConnue(v.r.Context(), v.a, n); err != nil {
		return err
	}
	var c *guichet.Couverture
	x, err := s.recevoir(v, segur.PieceMax)
	if err == nil {
		defer s.jeter(v, x)
		c, err = s.g.DeposerPiece(v.r.Context(), v.a, n, x.champs.Get("nom"), x.f, x.taille)
	}
	refusees, erreur, err := issuePieces(c, err)
	if err != nil {
		return err
	}
	if len(refusees) == 0 && erreur == "" {
		return v.aller("/demandes/" + string(n) + "?fait=pieces#pieces")
	}
	return s.pageDemande(v, http.StatusUnprocessableEntity, n, suiteDemande{Refusees: refusees, Erreur: erreur})
}

// issuePieces sorts out what a sending of pieces ended in: names refused, a
// sentence about the whole, or an error that has a page of its own.
func issuePieces(c *guichet.Couverture, err error) ([]guichet.RefusPiece, string, error) {
	var archive *guichet.ErreurArchive
	switch {
	case errors.As(err, &archive):
		return archive.Refusees, archive.Error(), nil
	case err == nil:
		return c.Refusees, "", nil
	}
	switch guichet.GenreDe(err) {
	case guichet.Invalide, guichet.Conflit, guichet.MauvaisType:
		phrase, _, _ := phraseDe(err)
		return nil, phrase, nil
	}
	return nil, "", err
}
