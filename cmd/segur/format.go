package main

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"guichet.example/segur"
)

// jeuDemande is the rule set of --type, in force on the day asked or today.
func (c *contexte) jeuDemande() (*segur.Jeu, error) {
	jour, err := c.jour()
	if err != nil {
		return nil, err
	}
	jeu, err := segur.JeuPour(segur.TypeDemande(c.valeur("type")), jour)
	if err != nil {
		return nil, usage("%v", err)
	}
	return jeu, nil
}

func modele(c *contexte) error {
	jeu, err := c.jeuDemande()
	if err != nil {
		return err
	}
	switch c.valeur("sortie") {
	case "csv":
		return colonnes(c, jeu)
	case "xlsx":
		return modeleXLSX(c, jeu)
	}
	octets := jeu.Modele()
	if v := c.valeur("exemple"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > segur.DemandesMax {
			return usage("--exemple vaut « %s » ; attendu : un nombre de 1 à %d", v, segur.DemandesMax)
		}
		octets = jeu.Exemple(n)
	}
	_, err = c.sortie.Write(octets)
	return err
}

// colonnes writes the column list of an order list, for spreadsheets.
func colonnes(c *contexte, jeu *segur.Jeu) error {
	return ecritureCSV(c).WriteAll(lignesColonnes(jeu))
}

// lignesColonnes is the column list, its titles first.
func lignesColonnes(jeu *segur.Jeu) [][]string {
	lignes := [][]string{{"balise", "titre", "obligatoire", "format", "attendu", "exemple", "aide", "reference"}}
	for i := range jeu.Champs {
		f := &jeu.Champs[i]
		obligatoire := "oui"
		if f.Facultatif {
			obligatoire = "non"
		}
		lignes = append(lignes, []string{f.Balise(), f.Titre, obligatoire, f.Format, f.Attendu, f.Exemple, f.Aide, f.Reference})
	}
	return lignes
}

// ecritureCSV writes for French spreadsheets: a BOM, semicolons, CRLF.
func ecritureCSV(c *contexte) *csv.Writer {
	_, _ = c.sortie.Write([]byte("\xef\xbb\xbf"))
	w := csv.NewWriter(c.sortie)
	w.Comma, w.UseCRLF = ';', true
	return w
}

func schema(c *contexte) error {
	jeu, err := c.jeuDemande()
	if err != nil {
		return err
	}
	_, err = c.sortie.Write(jeu.Schema())
	return err
}

func chercherOperateurs(c *contexte) error {
	ops := segur.Operateurs()
	q := strings.Join(c.args, " ")
	if q != "" {
		if o, ok := segur.OperateurDe(q); ok {
			ops = []segur.Operateur{o}
		} else {
			ops = segur.ChercherOperateurs(q, 20)
		}
	}
	switch c.valeur("sortie") {
	case "json":
		return operateursJSON(c, ops)
	case "csv":
		w := ecritureCSV(c)
		_ = w.Write([]string{"code", "libelle"})
		for _, o := range ops {
			_ = w.Write([]string{o.Code, o.Libelle})
		}
		w.Flush()
		return w.Error()
	}
	for _, o := range ops {
		fmt.Fprintf(c.sortie, "%-9s %s\n", o.Code, o.Libelle)
	}
	if len(ops) == 0 {
		fmt.Fprintf(c.erreur, "segur : aucun opérateur ne ressemble à « %s ». « segur operateurs » liste les 355 codes ; écrivez null si vous ne le connaissez pas.\n", q)
		return statut(statutRefuse)
	}
	if !c.oui("quiet") && q != "" {
		fmt.Fprintln(c.erreur, "Recopiez le code tel quel, avec ses espaces et ses accents.")
	}
	return nil
}

func operateursJSON(c *contexte, ops []segur.Operateur) error {
	b := []byte("[")
	for i, o := range ops {
		if i > 0 {
			b = append(b, ',')
		}
		b = segur.AppendTexteJSON(append(b, "\n  {\"code\": "...), o.Code)
		b = append(segur.AppendTexteJSON(append(b, ", \"libelle\": "...), o.Libelle), '}')
	}
	if _, err := c.sortie.Write(append(b, "\n]\n"...)); err != nil {
		return err
	}
	if len(ops) == 0 {
		return statut(statutRefuse)
	}
	return nil
}

// masquer anonymises a file.
func masquer(c *contexte) error {
	jour, err := c.jour()
	if err != nil {
		return err
	}
	jeu, err := c.jeuDemande()
	if err != nil {
		return err
	}
	if err := destinationSure("vers", c.valeur("vers"), c.args[0]); err != nil {
		return err
	}
	var t tampon
	f, err := c.lireEntree(&entree{chemin: c.args[0]}, &t)
	if err != nil {
		return fmt.Errorf("%s : %s", c.args[0], enFrancais(err))
	}
	if f.Taille > segur.TailleMax {
		return fmt.Errorf("le fichier compte %d octets, plus de 10 Mio : il n’est pas lu", f.Taille)
	}
	octets, err := jeu.Masquer(t.octets, jour)
	if err != nil {
		return err
	}
	if !c.oui("quiet") {
		fmt.Fprintln(c.erreur, "Restent en clair : dates, montants, numéros éditeur, codes et listes du format. Relisez avant d’envoyer.")
	}
	if vers := c.valeur("vers"); vers != "" {
		return ecrireAtomique(vers, octets)
	}
	_, err = c.sortie.Write(octets)
	return err
}
