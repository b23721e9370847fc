package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"sync"
	"time"

	"guichet.example/internal/guichet"
)

const (
	ouvriers     = 4 // workers of one process
	cadence      = 500 * time.Millisecond
	cadenceJour  = time.Minute
	travauxPrise = 4 // each worker does so many at the same time
)

// lancerTravaux starts the workers of this process; they end with the context.
// The function that it returns waits for them.
func (p *portail) lancerTravaux(ctx context.Context) func() {
	var groupe sync.WaitGroup
	for range ouvriers {
		groupe.Go(func() {
			p.repeter(ctx, cadence, func() error {
				n, err := 1, error(nil)
				for n > 0 && err == nil && ctx.Err() == nil {
					n, err = p.guichet.Travailler(ctx, travauxPrise)
				}
				return err
			})
		})
	}
	groupe.Go(func() {
		p.repeter(ctx, cadenceJour, func() error { return p.guichet.Cadencer(ctx) })
	})
	if p.registre != nil {
		groupe.Go(func() { p.repeter(ctx, cadenceFiness, func() error { return p.registre.rafraichir(ctx) }) })
	}
	return groupe.Wait
}

// repeter runs f at once and then at a pace, slower while it fails.
func (p *portail) repeter(ctx context.Context, pas time.Duration, f func() error) {
	attente := pas
	for {
		err := f()
		if err != nil && ctx.Err() == nil {
			p.trace.Error("background work", "cause", err.Error())
			attente = min(2*attente, time.Minute)
		} else {
			attente = pas
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(attente):
		}
	}
}

// travaux is the operator's view of work: listed, and replayed when given up.
func travaux(ctx context.Context, env environnement, args []string) error {
	if len(args) == 0 {
		return usage("usage : guichet travaux lister [--etat mort|attente|en_cours|fait] | rejouer [--id N]")
	}
	etat, id := "mort", int64(0)
	verbe := args[0]
	if err := lireOptions("travaux "+verbe, args[1:], func(fs *flag.FlagSet) {
		switch verbe {
		case "lister", "list":
			fs.StringVar(&etat, "etat", etat, "")
		case "rejouer", "replay":
			fs.Int64Var(&id, "id", 0, "")
		}
	}); err != nil {
		return err
	}
	return avecGuichet(ctx, env, func(g *guichet.Guichet) error {
		switch verbe {
		case "lister", "list":
			return listerTravaux(ctx, env, g, guichet.EtatTravail(etat))
		case "rejouer", "replay":
			n, err := g.Rejouer(ctx, id)
			if err == nil {
				fmt.Fprintf(env.sortie, "Travaux remis en file : %d.\n", n)
			}
			return refus(env, err)
		}
		return usage("« %s » n’existe pas ; verbes : lister, rejouer", verbe)
	})
}

func listerTravaux(ctx context.Context, env environnement, g *guichet.Guichet, e guichet.EtatTravail) error {
	ts, err := g.TravauxVus(ctx, e, 1000)
	if err != nil {
		return err
	}
	if len(ts) == 0 {
		fmt.Fprintf(env.sortie, "Aucun travail « %s ».\n", e)
	}
	for _, t := range ts {
		fmt.Fprintf(env.sortie, "%6d  %-8s %-8s %s  essais %d  %s  %s\n", t.ID, t.Genre, t.Etat, t.Cree.UTC().Format(time.RFC3339), t.Essais, t.Sujet(), t.Erreur)
	}
	return nil
}

// refus prints a refusal of the business and turns it into its exit status;
// other errors pass.
func refus(env environnement, err error) error {
	var e *guichet.Error
	if !errors.As(err, &e) || e.Genre == guichet.Interne {
		return err
	}
	fmt.Fprintln(env.erreur, "guichet :", e.Message)
	return statut(statutRefus)
}
