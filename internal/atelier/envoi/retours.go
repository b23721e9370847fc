package envoi

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"guichet.example/internal/api/client"
	"guichet.example/internal/atelier/registre"
	"guichet.example/internal/atelier/retour"
)

// LireRetours reads into the ledger the returned files of deposits that a
// portal has received and whose answer no run has read yet: only they tell the
// supplier's requests from others that have the same numeroEditeur. inconnus
// are the files whose deposit the portal does not know.
func LireRetours(ctx context.Context, p Portail, r *registre.Registre) (inconnus []string, err error) {
	for _, d := range r.Depots() {
		if d.Envoi == nil || d.Envoi.Depot == "" || d.Envoi.Portail != p.Adresse() ||
			!slices.ContainsFunc(d.Demandes, func(q *registre.Demande) bool { return q.Statut() == registre.StatutEnvoyee }) {
			continue
		}
		octets, err := p.Retour(ctx, d.Envoi.Depot)
		var refus *client.Probleme
		if errors.As(err, &refus) && refus.Absent() {
			inconnus = append(inconnus, d.NomDepot)
			continue
		}
		if err != nil {
			return inconnus, err
		}
		lu, err := retour.Lire(octets)
		if err != nil {
			return inconnus, fmt.Errorf("le fichier retour de %s : %w", d.NomDepot, err)
		}
		if _, err := r.NoterRetour(lu.Retour(NomRetour(d.NomDepot), hexa(octets), d.Fichier.Nom)); err != nil {
			return inconnus, err
		}
	}
	return inconnus, nil
}
