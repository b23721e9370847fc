//go:build !js

package main

import (
	"context"
	"os"
	_ "time/tzdata" // machines without a zone database still know Europe/Paris

	"guichet.example/segur/piece"
)

// arguments is the command line.
func arguments() []string { return os.Args[1:] }

// lecteurPDF is the reader that all lots share; its processes start when the
// first PDF comes, and end with fermer.
func (c *contexte) lecteurPDF() (l piece.LecteurPDF, fermer func()) {
	commande, err := commandeLecteurPDF(c.variable)
	if err != nil {
		return sansLecteur{err}, func() {}
	}
	p := piece.NewProcessusPDF(commande)
	return p, func() { _ = p.Close() } // they are killed if they do not end
}

// sansLecteur is the reader of who has none: each PDF tells why.
type sansLecteur struct{ cause error }

func (s sansLecteur) Lire(context.Context, []byte) (int, error) { return 0, s.cause }
