package main

import (
	"fmt"
	"slices"
	"strings"

	"guichet.example/internal/atelier/catalogue"
	"guichet.example/internal/reference"
	"guichet.example/segur"
	"guichet.example/segur/piece"
)

// codes prints the fault catalogue, or the codes named.
func codes(c *contexte) error {
	jeu, err := c.jeuDemande()
	if err != nil {
		return err
	}
	entrees := catalogueComplet(jeu)
	if len(c.args) > 0 {
		if entrees, err = choisir(entrees, c.args); err != nil {
			return err
		}
	}
	switch c.valeur("sortie") {
	case "json":
		_, err = c.sortie.Write(reference.JSON(jeu, entrees))
	case "html":
		_, err = c.sortie.Write(reference.HTML(jeu, entrees))
	case "csv":
		w := ecritureCSV(c)
		_ = w.Write([]string{"code", "gravite", "balise", "libelle", "message", "attendu", "remede", "reference"})
		for _, e := range entrees {
			e = e.Lisible()
			_ = w.Write([]string{e.Code.String(), string(e.Gravite), e.Balise, e.Titre, e.Message, e.Attendu, e.Remede, e.Reference})
		}
		w.Flush()
		err = w.Error()
	default:
		codesTexte(c, entrees)
	}
	return err
}

// catalogueComplet is every code that a supplier can meet: those of the rule
// set, of the pieces' content, of the workshop and of the portal.
func catalogueComplet(jeu *segur.Jeu) []segur.Entree {
	tous := slices.Concat(jeu.Catalogue(), piece.Catalogue(), catalogue.Entrees(), segur.CataloguePortail())
	slices.SortStableFunc(tous, func(a, b segur.Entree) int { return int(a.Code) - int(b.Code) })
	return slices.CompactFunc(tous, func(a, b segur.Entree) bool { return a.Code == b.Code })
}

func choisir(entrees []segur.Entree, args []string) ([]segur.Entree, error) {
	var choisies []segur.Entree
	for _, a := range args {
		n := len(choisies)
		for _, e := range entrees {
			if e.Code.String() == a || len(a) > 4 && strings.Contains(strings.ToLower(e.Balise+" "+e.Titre), strings.ToLower(a)) {
				choisies = append(choisies, e)
			}
		}
		if len(choisies) == n {
			return nil, usage("« %s » n’est ni un code ni un mot d’un libellé ; « segur codes » les liste tous", a)
		}
	}
	return choisies, nil
}

// codesTexte prints one line a code, or all about the few that were named.
func codesTexte(c *contexte, entrees []segur.Entree) {
	if len(c.args) == 0 {
		for _, e := range entrees {
			fmt.Fprintf(c.sortie, "%s  %-13s  %s\n", e.Code, e.Gravite, e.Titre)
		}
		return
	}
	for i, e := range entrees {
		e = e.Lisible()
		if i > 0 {
			fmt.Fprintln(c.sortie)
		}
		fmt.Fprintf(c.sortie, "%s · %s · %s\n", e.Code, e.Gravite, e.Titre)
		for _, l := range [][2]string{{"balise", e.Balise}, {"constat", e.Message}, {"attendu", e.Attendu}, {"remède", e.Remede}, {"référence", e.Reference}} {
			if l[1] != "" {
				fmt.Fprintf(c.sortie, "  %-10s %s\n", l[0], strings.TrimSpace(l[1]))
			}
		}
	}
}
