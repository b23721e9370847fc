//go:build leger && !js

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"guichet.example/segur/piece"
)

const (
	variableComplet = "SEGUR_COMPLET"
	// variableConfie marks what was handed over already, lest a light program
	// standing in the complete one's place hand it over for ever.
	variableConfie = "SEGUR_CONFIE"
)

// servirLecteur has nothing to serve here: this build opens no PDF.
func servirLecteur([]string) (statut int, servi bool) { return 0, false }

// commandeLecteurPDF is the command line of a reader of PDF documents: that of
// the complete program.
func commandeLecteurPDF(variable func(string) string) ([]string, error) {
	chemin, err := trouverComplet(variable)
	if err != nil {
		return nil, err
	}
	return piece.CommandeLecteurPDF(chemin)
}

// confier hands the whole command line over to the complete program, which
// answers in this one's place, exit status included.
func (c *contexte) confier() error {
	if c.variable(variableConfie) != "" {
		return fmt.Errorf("« %s » devait être le programme complet et ne l’est pas : réinstallez segur et %s ensemble", nomComplet, nomComplet)
	}
	chemin, err := trouverComplet(c.variable)
	if err != nil {
		return err
	}
	return remplacer(chemin, append([]string{chemin}, c.ligne...), append(os.Environ(), variableConfie+"=1"))
}

// trouverComplet returns the path of the complete program: what SEGUR_COMPLET
// says, or the one beside this program, or the one of the search path.
func trouverComplet(variable func(string) string) (string, error) {
	if chemin := variable(variableComplet); chemin != "" {
		trouve, err := exec.LookPath(chemin)
		if err != nil {
			return "", fmt.Errorf("%s désigne « %s », qui n’est pas un programme (%s)", variableComplet, chemin, enFrancais(errors.Unwrap(err)))
		}
		return filepath.Abs(trouve)
	}
	if moi, err := os.Executable(); err == nil {
		if trouve, err := exec.LookPath(filepath.Join(filepath.Dir(moi), nomComplet)); err == nil {
			return trouve, nil
		}
	}
	if trouve, err := exec.LookPath(nomComplet); err == nil {
		return trouve, nil
	}
	return "", fmt.Errorf("le programme complet « %s » n’est ni à côté de segur, ni dans PATH : sans lui, ni PDF, ni tableur, ni atelier. Installez-le à côté de segur, ou donnez son chemin dans %s", nomComplet, variableComplet)
}
