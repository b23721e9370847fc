package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"guichet.example/internal/guichet"
	"guichet.example/internal/store"
	"guichet.example/internal/tirage"
)

// controle is "guichet controle rejouer ID", or with a case file in place of the
// ID: 0 the same draw, 1 another, 3 when there is nothing to draw again.
func controle(ctx context.Context, env environnement, args []string) error {
	if len(args) != 2 || args[0] != "rejouer" && args[0] != "replay" {
		return usage("usage : guichet controle rejouer ID, par exemple CTL-2026-0001, ou guichet controle rejouer FICHIER.zip, le dossier exporté, sur n’importe quelle machine")
	}
	c, err := controleA(ctx, env, args[1])
	if err != nil {
		return err
	}
	fmt.Fprintf(env.sortie, "Contrôle %s : %d demandes figées, graine « %s » (%s).\n", c.ID, c.Nombre, c.Graine, c.Source)
	if err := c.Rejouer(); errors.Is(err, tirage.ErrAutre) {
		fmt.Fprintln(env.sortie, "✗ Rejoué, le tirage n’est pas celui qui a été gardé.", err)
		return statut(statutRefus)
	} else if err != nil {
		return err
	}
	for _, l := range c.Tires() {
		fmt.Fprintf(env.sortie, "  %4d  %s\n", l.Tirage, l.NumeroASP)
	}
	fmt.Fprintf(env.sortie, "✓ Rejoué, le tirage est le même (demandes tirées : %d) ; population %s.\n", c.ATirer, c.Empreinte)
	return nil
}

// controleA finds a campaign by its number in the store, or in a case file.
func controleA(ctx context.Context, env environnement, nom string) (*guichet.Controle, error) {
	if strings.HasSuffix(nom, ".zip") {
		return controleDuZip(nom)
	}
	r, err := lireReglages(env.variable)
	if err != nil {
		return nil, err
	}
	if chemin, vide := absente(r["GUICHET_BASE"]); vide {
		return nil, fmt.Errorf("la base %s n’existe pas ou est vide : il n’y a pas de contrôle à rejouer", chemin)
	}
	b, err := store.OuvrirLecture(ctx, r["GUICHET_BASE"])
	if err != nil {
		return nil, err
	}
	var c *guichet.Controle
	err = b.Lire(ctx, func(tx guichet.Tx) (err error) {
		c, err = tx.Controle(guichet.ControleID(nom))
		return err
	})
	if err = errors.Join(err, b.Fermer()); errors.Is(err, guichet.ErrAbsent) {
		return nil, fmt.Errorf("le contrôle « %s » n’existe pas", nom)
	}
	return c, err
}
