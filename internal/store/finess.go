package store

import "guichet.example/internal/guichet"

func (t *transaction) RemplacerFiness(es []guichet.Etablissement) error {
	if _, err := t.executer("DELETE FROM finess"); err != nil {
		return err
	}
	rangs := make([][]any, len(es))
	for i, e := range es {
		rangs[i] = []any{e.Finess, e.Categorie, e.RaisonSociale, e.CodePostal}
	}
	return t.inserer("finess", "numero, categorie, raison_sociale, code_postal", "", rangs)
}

func (t *transaction) CategoriesFiness() (map[string]int, error) {
	m := map[string]int{}
	err := t.tous("SELECT numero, categorie FROM finess", nil, func(scan func(...any) error) error {
		var numero string
		var categorie int
		err := scan(&numero, &categorie)
		m[numero] = categorie
		return err
	})
	return m, err
}
