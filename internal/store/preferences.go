package store

import (
	"errors"

	"guichet.example/internal/guichet"
)

func (t *transaction) Preference(c guichet.CompteID, sujet string) (valeur string, err error) {
	err = t.un("SELECT valeur FROM preference WHERE compte_id = ? AND sujet = ?", []any{int64(c), sujet}, &valeur)
	if errors.Is(err, guichet.ErrAbsent) {
		return "", nil
	}
	return valeur, err
}

func (t *transaction) PoserPreference(c guichet.CompteID, sujet, valeur string) error {
	return t.inserer("preference", "compte_id, sujet, valeur", " ON CONFLICT (compte_id, sujet) DO UPDATE SET valeur = excluded.valeur", [][]any{{int64(c), sujet, valeur}})
}
