package guichet

import (
	"context"
	"fmt"
)

// Etablissement is one place of the FINESS register.
type Etablissement struct {
	Finess        string
	Categorie     int
	RaisonSociale string
	CodePostal    string
}

// RegistreFiness keeps the register of health establishments.
type RegistreFiness interface {
	RemplacerFiness([]Etablissement) error // whole; each number once
	CategoriesFiness() (map[string]int, error)
	// VersionFiness grows with each register put in place; 0 = before the first.
	VersionFiness() (int64, error)
}

// ImporterFiness puts a register in place of the one before; of a number that
// comes twice the last counts. Operators call it. Processes in service take
// it within seconds: they look for a new version.
func (g *Guichet) ImporterFiness(ctx context.Context, extrait string, es []Etablissement) error {
	places := make(map[string]int, len(es))
	var uniques []Etablissement
	for _, e := range es {
		if i, deja := places[e.Finess]; deja {
			uniques[i] = e
			continue
		}
		places[e.Finess] = len(uniques)
		uniques = append(uniques, e)
	}
	if len(uniques) == 0 {
		return erreur(Invalide, "Le registre est vide ; celui qui est en place est gardé.")
	}
	return g.faire(ctx, operation{acteur: Operateur(), action: ImporterRegistre, objet: "finess"}, func(tx Tx, _ *operation) (any, string, error) {
		return nil, fmt.Sprintf("extrait %s, %d établissements", extrait, len(uniques)), tx.RemplacerFiness(uniques)
	})
}
