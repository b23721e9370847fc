package store

import (
	"errors"

	"guichet.example/internal/guichet"
)

// sequenceFiness counts the registers put in place.
const sequenceFiness = "finess"

func (t *transaction) VersionFiness() (n int64, err error) {
	err = t.un("SELECT valeur FROM sequence WHERE nom = ?", []any{sequenceFiness}, &n)
	if errors.Is(err, guichet.ErrAbsent) {
		return 0, nil
	}
	return n, err
}

func (t *transaction) RemplacerFiness(es []guichet.Etablissement) error {
	if _, err := t.Suivant(sequenceFiness, 1); err != nil {
		return err
	}
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
