package web

import "guichet.example/internal/guichet"

// numeros are those of the requests of a filter that garder keeps, at most
// f.Max of them, oldest first. The requests are read part by part and only
// their numbers are held.
func (s *serveur) numeros(v *visite, f guichet.Filtre, garder func(*guichet.Demande) bool) ([]guichet.NumeroASP, error) {
	max := f.Max
	f.Max = partExport
	var ns []guichet.NumeroASP
	for {
		ds, _, err := s.g.Demandes(v.r.Context(), v.a, f)
		if err != nil {
			return nil, err
		}
		for i := range ds {
			if len(ns) == max {
				return ns, nil
			}
			if garder(&ds[i]) {
				ns = append(ns, ds[i].NumeroASP)
			}
		}
		if len(ds) < partExport {
			return ns, nil
		}
		f.Apres = ds[len(ds)-1].Serie
	}
}
