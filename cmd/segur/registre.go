//go:build !leger

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"

	"guichet.example/internal/atelier/importer"
	"guichet.example/internal/atelier/registre"
	"guichet.example/internal/atelier/suivi"
	"guichet.example/internal/atelier/tableau"
)

// registreCommande is the command: one action on the ledger.
func registreCommande(c *contexte) error {
	action, args := "lister", []string(nil)
	if len(c.args) > 0 {
		action, args = c.args[0], c.args[1:]
	}
	if c.valeur("sortie") == "xlsx" && c.terminal {
		return usage("un classeur ne s’affiche pas dans un terminal : segur registre %s --sortie xlsx > registre.xlsx", action)
	}
	switch action {
	case "lister", "list", "journal", "log":
		if len(args) > 0 {
			return usage("« %s » est de trop. Usage : segur registre %s", args[0], action)
		}
		return c.registreLister(action == "journal" || action == "log")
	case "verifier", "verify":
		if len(args) > 1 {
			return usage("« %s » est de trop. Usage : segur registre verifier [AUTRE]", args[1])
		}
		return c.registreVerifier(args)
	case "importer", "import":
		if len(args) == 0 {
			return usage("il manque le fichier à importer. Usage : segur registre importer FICHIER…")
		}
		return c.registreImporter(args)
	}
	actions := []string{"lister", "journal", "verifier", "importer"}
	return usage("« %s » n’est pas une action du registre ; actions : lister, journal, verifier, importer.%s", action, suggestion(action, actions))
}

// registreLister writes the requests, or the entries.
func (c *contexte) registreLister(journal bool) error {
	r, err := c.lireRegistre(c.valeur("dossier"))
	if err != nil {
		return err
	}
	w := bufio.NewWriter(c.sortie)
	if !journal {
		err = suivi.Table(suivi.Lignes(r, suivi.Filtre{})).Ecrire(w, c.valeur("sortie"))
		return errors.Join(err, w.Flush())
	}
	es, err := registre.Entrees(filepath.Join(c.valeur("dossier"), registre.NomRegistre))
	if err != nil {
		return err
	}
	t := &tableau.Tableau{Feuille: "Registre", Colonnes: []tableau.Colonne{{Cle: "numero", Titre: "N°", Genre: tableau.Nombre}, {Cle: "date", Titre: "Date"},
		{Cle: "genre", Titre: "Entrée"}, {Cle: "resume", Titre: "Quoi"}, {Cle: "empreinte", Titre: "Empreinte", Masse: true}, {Cle: "precedente", Titre: "Précédente", Masse: true}}}
	for _, e := range es {
		t.Lignes = append(t.Lignes, []string{strconv.Itoa(e.Numero), e.Date, string(e.Genre), e.Resume, e.Empreinte, e.Precedente})
	}
	return errors.Join(t.Ecrire(w, c.valeur("sortie")), w.Flush())
}

// registreVerifier verifies the chain, and puts another copy beside it.
func (c *contexte) registreVerifier(args []string) error {
	ici := filepath.Join(c.valeur("dossier"), registre.NomRegistre)
	if len(args) == 0 {
		r, err := c.lireRegistre(c.valeur("dossier"))
		if err != nil {
			return verdictChaine(c, err)
		}
		n, tete := r.Tete()
		return c.ecrireLigne("%s : %d entrées, chaîne intacte, dernière empreinte %s", ici, n, tete)
	}
	comparaison, err := registre.Comparer(ici, args[0])
	if err != nil {
		return verdictChaine(c, err)
	}
	if err := c.ecrireLigne("%s", comparaison.Phrase(ici, args[0])); err != nil {
		return err
	}
	for i, n := range comparaison.Collision {
		if i == 20 {
			if err := c.ecrireLigne("  … et %d autres", len(comparaison.Collision)-i); err != nil {
				return err
			}
			break
		}
		if err := c.ecrireLigne("  numéro donné des deux côtés : %s", n); err != nil {
			return err
		}
	}
	if slices.Contains([]registre.Relation{registre.Divergents, registre.Etrangers}, comparaison.Relation) {
		return statut(statutRefuse)
	}
	return nil
}

// verdictChaine turns a broken chain into a refusal: it was looked at, and is
// not whole.
func verdictChaine(c *contexte, err error) error {
	var rompue *registre.ErreurChaine
	if !errors.As(err, &rompue) {
		return err
	}
	if err := c.ecrireLigne("%s", rompue.Error()); err != nil {
		return err
	}
	return statut(statutRefuse)
}

func (c *contexte) ecrireLigne(format string, args ...any) error {
	_, err := io.WriteString(c.sortie, fmt.Sprintf(format, args...)+"\n")
	return err
}

// registreImporter burns numbers used elsewhere, file by file.
func (c *contexte) registreImporter(fichiers []string) (err error) {
	r, err := c.ouvrirRegistre(c.valeur("dossier"), true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Fermer()) }()
	for _, f := range fichiers {
		bilan, err := importer.Fichier(r, f)
		if err != nil {
			return fmt.Errorf("%s : %s", f, enFrancais(err))
		}
		if err := c.ecrireLigne("%s : %s", f, bilan.Phrase()); err != nil {
			return err
		}
	}
	return nil
}
