//go:build leger

package main

import "guichet.example/segur"

// The heavy commands of the light build: one line each, see lourdes.go.

func kit(c *contexte) error { return c.confier() }

func modeleXLSX(c *contexte, _ *segur.Jeu) error { return c.confier() }
func durcisDuPortail(c *contexte, _ *segur.Jeu, _ segur.Jour) ([]segur.Code, error) {
	return nil, c.confier()
}

func preparer(c *contexte) error         { return c.confier() }
func deposer(c *contexte) error          { return c.confier() }
func suivre(c *contexte) error           { return c.confier() }
func registreCommande(c *contexte) error { return c.confier() }
func reprendre(c *contexte) error        { return c.confier() }
func solder(c *contexte) error           { return c.confier() }
func certifier(c *contexte) error        { return c.confier() }
