package web

import "guichet.example/internal/guichet"

// numeros are those of the requests of a filter that garder keeps, at most
// f.Max of them, oldest first. The requests are read part by part and only
// their numbers are held.
func (s *serveur) numeros(v *visite, f guichet.Filtre, garder func(*guichet.Demande) bool) (ns []guichet.NumeroASP, err error) {
	err = s.g.ParcourirDemandes(v.r.Context(), v.a, f, func(ds []guichet.Demande, _ map[guichet.NumeroASP][]guichet.Piece) (bool, error) {
		for i := range ds {
			if len(ns) < f.Max && garder(&ds[i]) {
				ns = append(ns, ds[i].NumeroASP)
			}
		}
		return len(ns) < f.Max, nil
	})
	return ns, err
}
