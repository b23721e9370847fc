package main

import (
	"context"
	"fmt"

	"guichet.example/internal/guichet"
)

// coffre is "guichet coffre renouveler", after GUICHET_CLE has changed.
func coffre(ctx context.Context, env environnement, args []string) error {
	if len(args) != 1 || args[0] != "renouveler" && args[0] != "renew" {
		return usage("usage : guichet coffre renouveler")
	}
	return avecGuichet(ctx, env, func(g *guichet.Guichet) error {
		c, err := g.RenouvelerCoffre(ctx)
		if err != nil {
			return refus(env, err)
		}
		fmt.Fprintf(env.sortie, "Secrets scellés de nouveau : %d ; déjà scellés par cette clé : %d.\n", c.Scelles, c.Deja)
		if c.Scelles > 0 {
			fmt.Fprintln(env.sortie, "Ôtez GUICHET_CLE_ANCIENNE des réglages de chaque portail et redémarrez-les, puis relancez cette commande : elle doit dire 0.")
		}
		return nil
	})
}
