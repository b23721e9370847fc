package web

import "guichet.example/internal/guichet"

// forcerStatut puts a request of a sandbox in any status.
func (s *serveur) forcerStatut(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	n := guichet.NumeroASP(v.r.PathValue("numeroASP"))
	err := s.g.ForcerStatut(v.r.Context(), v.a, n, guichet.Statut(v.champ("statut")), v.champ("motif"))
	switch guichet.GenreDe(err) {
	case guichet.Invalide, guichet.Conflit:
		var x suiteDemande
		x.Erreur, _, _ = phraseDe(err)
		return s.pageDemande(v, statutDe(guichet.GenreDe(err)), n, x)
	}
	if err != nil {
		return err
	}
	return v.aller("/demandes/" + string(n) + "?fait=force")
}
