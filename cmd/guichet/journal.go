package main

import (
	"context"
	"errors"
	"fmt"

	"guichet.example/internal/store"
)

func ouvrirBase(ctx context.Context, r reglages) (*store.Base, error) {
	return store.Ouvrir(ctx, r["GUICHET_BASE"])
}

// journal is "guichet journal verifier": 0 whole, 1 broken, 3 when there is
// nothing to read.
func journal(ctx context.Context, env environnement, args []string) error {
	if len(args) != 1 || args[0] != "verifier" && args[0] != "verify" {
		return usage("usage : guichet journal verifier")
	}
	r, err := lireReglages(env.variable)
	if err != nil {
		return err
	}
	if chemin, vide := absente(r["GUICHET_BASE"]); vide {
		return fmt.Errorf("la base %s n’existe pas ou est vide : il n’y a pas de journal à vérifier", chemin)
	}
	b, err := store.OuvrirLecture(ctx, r["GUICHET_BASE"])
	if err != nil {
		return err
	}
	v, err := b.VerifierJournal(ctx)
	if err = errors.Join(err, b.Fermer()); err != nil {
		return err
	}
	if len(v.Ruptures) > 0 {
		for _, x := range v.Ruptures {
			fmt.Fprintln(env.sortie, "✗", x)
		}
		fmt.Fprintln(env.sortie, "Le journal ou les sommes ont été changés hors du portail.")
		return statut(statutRefus)
	}
	fmt.Fprintf(env.sortie, "✓ Le journal est entier : %d entrées, la dernière a l’empreinte %s.\n", v.Entrees, v.Empreinte)
	fmt.Fprintf(env.sortie, "✓ Les sommes payées s’accordent : %s selon les lots, les demandes et le journal.\n", v.Sommes.Lots.Francais())
	return nil
}
