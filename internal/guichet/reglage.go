package guichet

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// lireReglages reads the settings of a kind into their type; poser gives each
// its number.
func lireReglages[T any](tx Tx, g GenreReglage, poser func(*T, int64)) ([]T, error) {
	rs, err := tx.Reglages(g)
	if err != nil {
		return nil, err
	}
	xs := make([]T, len(rs))
	for i := range rs {
		if err := json.Unmarshal(rs[i].Etat, &xs[i]); err != nil {
			return nil, fmt.Errorf("setting %d: %w", rs[i].ID, err)
		}
		poser(&xs[i], rs[i].ID)
	}
	return xs, nil
}

// poserReglage writes a setting and returns its number.
func poserReglage(tx Tx, g GenreReglage, id int64, x any) (int64, error) {
	b, err := json.Marshal(x)
	if err != nil {
		return 0, err
	}
	r := Reglage{ID: id, Genre: g, Etat: b}
	err = tx.PoserReglage(&r)
	return r.ID, err
}

// unReglage finds one setting among those of its kind.
func unReglage[T any](xs []T, garder func(*T) bool, message string) (*T, error) {
	i := slices.IndexFunc(xs, func(x T) bool { return garder(&x) })
	if i < 0 {
		return nil, erreur(Inconnu, "%s", message)
	}
	return &xs[i], nil
}

// oterReglage takes a setting out; one that is not there is told by message.
func oterReglage(tx Tx, g GenreReglage, id int64, message string) error {
	err := tx.OterReglage(g, id)
	if errors.Is(err, ErrAbsent) {
		return erreur(Inconnu, "%s", message)
	}
	return err
}
