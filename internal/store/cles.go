package store

import "guichet.example/internal/guichet"

func (t *transaction) Cle(c guichet.CompteID, route, cle string) (*guichet.Reponse, error) {
	var r guichet.Reponse
	var cree string
	if err := t.un("SELECT corps, statut, contenu, cree FROM cle WHERE compte_id = ? AND route = ? AND cle = ?", []any{int64(c), route, cle}, &r.Corps, &r.Statut, &r.Contenu, &cree); err != nil {
		return nil, err
	}
	var err error
	r.Cree, err = lireInstant(cree)
	return &r, err
}

func (t *transaction) PoserCle(c guichet.CompteID, route, cle string, r guichet.Reponse) error {
	return t.inserer("cle", "compte_id, route, cle, corps, statut, contenu, cree",
		" ON CONFLICT (compte_id, route, cle) DO UPDATE SET corps = excluded.corps, statut = excluded.statut, contenu = excluded.contenu, cree = excluded.cree", [][]any{{int64(c), route, cle, r.Corps, r.Statut, r.Contenu, instant(r.Cree)}})
}
