//go:build !leger

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"guichet.example/internal/atelier"
	"guichet.example/segur"
)

// modeleListe writes a blank list.
func (c *contexte) modeleListe(jeu *segur.Jeu) error {
	var octets []byte
	var err error
	forme := c.valeur("modele")
	if forme == "oui" && len(c.args) == 1 {
		forme = c.args[0] // "--modele xlsx", as well as "--modele=xlsx"
	}
	switch forme {
	case "csv", "oui": // alone, the flag asks for the one that every tool opens
		octets, err = atelier.ModeleCSV(jeu)
	case "xlsx":
		if c.terminal {
			return usage("un classeur ne s’affiche pas dans un terminal : segur preparer --modele=xlsx > commandes.xlsx")
		}
		octets, err = atelier.ModeleXLSX(jeu)
	default:
		return usage("--modele vaut « %s » ; valeurs admises : csv, xlsx.%s", forme, suggestion(forme, []string{"csv", "xlsx"}))
	}
	if err != nil {
		return err
	}
	_, err = c.sortie.Write(octets)
	return err
}

// lireCorrespondance reads the mapping file; with the assistant it may be one
// to be made.
func (p *preparation) lireCorrespondance() error {
	chemin := p.valeur("correspondance")
	if chemin == "" {
		return nil
	}
	octets, err := os.ReadFile(chemin)
	if errors.Is(err, os.ErrNotExist) && p.oui("assistant") {
		return nil
	}
	if err != nil {
		return err
	}
	if p.correspondance, err = atelier.LireCorrespondance(octets, p.jeu); err != nil {
		return usage("%s : %v", chemin, err)
	}
	return nil
}

// lireListe reads the list, with the person's answers when there is an
// assistant.
func (p *preparation) lireListe() (*atelier.Lecture, error) {
	o := atelier.OptionsListe{Jeu: p.jeu, Correspondance: p.correspondance, Encodage: p.valeur("encodage"), Separateur: p.valeur("separateur"), Corriger: p.oui("corriger"),
		Entete: atelier.Entete{NumeroAns: p.valeur("numero-ans"), SIRET: p.valeur("siret")}}
	if ouvertAilleurs(p.args[0]) {
		p.prevenir("%s est ouvert dans un tableur : seules les modifications enregistrées sont lues", p.args[0])
	}
	l, err := atelier.LireListe(p.args[0], o)
	if err != nil {
		return nil, fmt.Errorf("%s : %s", p.args[0], enFrancais(err))
	}
	if p.oui("assistant") {
		return p.assister(l, o)
	}
	return l, nil
}

// ouvertAilleurs tells a list that a person has open in Excel or LibreOffice,
// by the file that these put beside it.
func ouvertAilleurs(chemin string) bool {
	dossier, nom := filepath.Split(chemin)
	for _, verrou := range []string{"~$" + nom, ".~lock." + nom + "#"} {
		if _, err := os.Lstat(filepath.Join(dossier, verrou)); err == nil {
			return true
		}
	}
	return false
}
