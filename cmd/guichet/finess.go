package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"guichet.example/internal/finess"
	"guichet.example/internal/guichet"
	"guichet.example/internal/store"
)

// registreMax bounds the establishments of a register; France has about 100 000.
const registreMax = 2_000_000

// importerFiness is "guichet finess importer FICHIER".
func importerFiness(ctx context.Context, env environnement, args []string) error {
	if len(args) != 2 || args[0] != "importer" && args[0] != "import" {
		return usage("usage : guichet finess importer FICHIER (extraction cs1100502, cs1100507, ou flux JSON des structures)")
	}
	f, err := os.Open(args[1])
	if err != nil {
		return err
	}
	var es []guichet.Etablissement
	r, err := finess.Lire(f, func(e finess.Etablissement) error {
		if len(es) >= registreMax {
			return fmt.Errorf("le registre dépasse %d établissements", registreMax)
		}
		es = append(es, guichet.Etablissement{Finess: e.Finess, Categorie: e.Categorie, RaisonSociale: e.RaisonSociale, CodePostal: e.CodePostal})
		return nil
	})
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return avecGuichet(ctx, env, func(g *guichet.Guichet) error {
		if err := g.ImporterFiness(ctx, r.Extrait, es); err != nil {
			return refus(env, err)
		}
		fmt.Fprintf(env.sortie, "Registre en place : %d établissements lus (%s, %s), %d lignes ignorées. Un portail en service le prend à son prochain démarrage.\n", r.Lus, r.Format, r.Encodage, r.Ignores)
		for _, x := range r.Fautes {
			fmt.Fprintln(env.erreur, "  ignoré :", x)
		}
		return nil
	})
}

// registre reads the register in place; nil when there is none: then category
// and existence are not judged.
func registre(ctx context.Context, b *store.Base) (lire func(string) (int, bool), err error) {
	err = b.Lire(ctx, func(tx guichet.Tx) error {
		m, err := tx.CategoriesFiness()
		if err == nil && len(m) > 0 {
			lire = func(n string) (int, bool) {
				c, ok := m[n]
				return c, ok
			}
		}
		return err
	})
	return lire, err
}
