//go:build !leger

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"guichet.example/internal/atelier"
	"guichet.example/internal/atelier/registre"
)

// prevenir says something on standard error that is no result.
func (c *contexte) prevenir(format string, args ...any) {
	fmt.Fprintln(c.erreur, "segur : "+fmt.Sprintf(format, args...))
}

// optionsRegistre is what a ledger may know of the world.
func (c *contexte) optionsRegistre() registre.Options {
	auteur := c.variable("USER")
	if auteur == "" {
		auteur = c.variable("USERNAME")
	}
	poste, err := os.Hostname()
	if err != nil {
		poste = "poste inconnu"
	}
	// The clock of the command; entries of one run need not differ.
	return registre.Options{Maintenant: func() time.Time { return c.maintenant }, Auteur: auteur, Poste: poste, Outil: version}
}

// oubli is how old what an interrupted preparation left must be before it is
// removed: no preparation takes that long.
const oubli = 24 * time.Hour

// ouvrirRegistre opens the ledger of a folder to write, where there must be
// one unless creer; the person hears what the ledger has to say.
func (c *contexte) ouvrirRegistre(dossier string, creer bool) (*registre.Registre, error) {
	if _, err := os.Stat(filepath.Join(dossier, registre.NomRegistre)); errors.Is(err, fs.ErrNotExist) && !creer {
		return nil, fmt.Errorf("%s : %w ; « segur preparer » en crée un, « segur registre importer » aussi", dossier, registre.ErrAbsent)
	}
	r, err := registre.Ouvrir(dossier, c.optionsRegistre())
	if err != nil {
		return nil, err
	}
	c.direAvis(r)
	if publie, err := atelier.Achever(r); err != nil {
		return nil, errors.Join(err, r.Fermer())
	} else if publie != "" {
		c.prevenir("une préparation avait été interrompue juste avant sa fin : elle était complète, son dossier est %s", publie)
	}
	retires, err := atelier.Debarrasser(r, c.maintenant.Add(-oubli))
	if len(retires) > 0 {
		c.prevenir("les restes de préparations interrompues ont été supprimés (%s) : rien d’elles n’était au registre", strings.Join(retires, ", "))
	}
	if err != nil {
		c.prevenir("les restes d’une préparation interrompue n’ont pas pu être supprimés (%s) : supprimez-les", situe(err))
	}
	return r, nil
}

// lireRegistre opens the ledger of a folder to read.
func (c *contexte) lireRegistre(dossier string) (*registre.Registre, error) {
	r, err := registre.Lire(dossier, c.optionsRegistre())
	if err != nil {
		return nil, err
	}
	c.direAvis(r)
	return r, nil
}

func (c *contexte) direAvis(r *registre.Registre) {
	for _, a := range r.Avis() {
		c.prevenir("%s", a)
	}
}

// parentsMax bounds how far above a deposit its ledger is looked for.
const parentsMax = 4

// trouverRegistre looks for the ledger that a path belongs to: in its folder,
// then in those above.
func trouverRegistre(chemin string) (dossier string, trouve bool) {
	d, err := filepath.Abs(chemin)
	if err != nil {
		return "", false
	}
	if info, err := os.Stat(d); err == nil && !info.IsDir() {
		d = filepath.Dir(d)
	}
	for range parentsMax {
		if _, err := os.Stat(filepath.Join(d, registre.NomRegistre)); err == nil {
			return d, true
		}
		d = filepath.Dir(d)
	}
	return "", false
}
