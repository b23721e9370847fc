package main

import (
	"context"
	"flag"
	"fmt"

	"guichet.example/internal/guichet"
)

// conserver is "guichet conservation": it tells what is past its time and
// changes nothing; with --effacer it erases that.
func conserver(ctx context.Context, env environnement, args []string) error {
	var effacer bool
	if err := lireOptions("conservation", args, func(fs *flag.FlagSet) { fs.BoolVar(&effacer, "effacer", false, "") }); err != nil {
		return err
	}
	return avecGuichet(ctx, env, func(g *guichet.Guichet) error {
		a := guichet.Operateur()
		ds, err := g.AEffacerMaintenant(ctx, a)
		if err != nil {
			return refus(env, err)
		}
		total := 0
		for _, d := range ds {
			total += d.Nombre
			fmt.Fprintf(env.sortie, "%-60s %-9s à effacer : %d\n", d.Donnees, d.Duree(), d.Nombre)
			for _, x := range d.Exemples {
				fmt.Fprintln(env.sortie, "  ", x)
			}
			for _, x := range d.Retenues {
				fmt.Fprintln(env.sortie, "   gardée :", x)
			}
		}
		switch {
		case total == 0:
			fmt.Fprintln(env.sortie, "✓ Aucune donnée n’a dépassé sa durée de conservation.")
			return nil
		case !effacer:
			fmt.Fprintln(env.sortie, "Rien n’a été effacé. Pour effacer : guichet conservation --effacer")
			return nil
		}
		faits, err := g.EffacerDu(ctx, a)
		if err != nil {
			return refus(env, err)
		}
		fmt.Fprintln(env.sortie, "✓", guichet.ResumeEffacement(faits))
		return nil
	})
}
