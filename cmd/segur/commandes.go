package main

import (
	"slices"
	"strings"
)

// commande is one command, as data.
type commande struct {
	nom, alias string
	resume     string // one French line
	detail     string // French paragraphs
	usage      string // its arguments in the help
	argument   string // what is missing when there are too few
	argsMin    int
	argsMax    int                             // -1 = any number
	mots       func(table []commande) []string // what an argument may be, for completion; nil = files
	options    []option
	exemples   []string
	executer   func(*contexte) error
}

var optionAide = option{nom: "aide", alias: "help", court: "h", resume: "affiche cette aide"}

var (
	optionQuiet = option{nom: "quiet", alias: "silence", court: "q", resume: "n’affiche que l’essentiel"}
	optionType  = option{nom: "type", valeur: "TYPE", choix: []string{"avance", "solde"}, defaut: "avance", resume: "type de demande"}
	optionDate  = option{nom: "date", valeur: "AAAA-MM-JJThh:mm", resume: "juge à cette date, heure de Paris (défaut : maintenant)"}
	optionCoul  = option{nom: "couleur", alias: "color", valeur: "QUAND", choix: []string{"auto", "oui", "non"}, defaut: "auto", resume: "couleurs du texte"}
)

// communes lists the flags that every command takes, so that one set of flags
// fits a whole script: a command that has nothing to colour has nothing to
// change, and a date chooses the rules in force that day.
func communes() []option { return []option{optionDate, optionQuiet, optionCoul, optionAide} }

// optionsDurcis are what a portal refuses beyond the format.
func optionsDurcis() []option {
	return []option{
		{nom: "portail", alias: "portal", valeur: "ADRESSE", resume: "juge aussi comme ce portail, qui dit quels avertissements il refuse ; rien ne lui est envoyé"},
		{nom: "durcis", alias: "hardened", valeur: "CODE", plusque: true, resume: "avertissement que le portail refuse, pour juger comme lui hors ligne (répétable)"},
	}
}

func optionSortie(choix ...string) option {
	return option{nom: "sortie", alias: "output", court: "s", valeur: "FORME", choix: choix, defaut: choix[0], resume: "forme du résultat"}
}

// commandeControler is the one command that every build has.
func commandeControler() commande {
	return commande{nom: "controler", alias: "check", resume: "contrôle des fichiers, des dossiers ou des zips avant le dépôt",
		detail: "Dit en une fois tout ce que l’agence refuserait : où, pourquoi, et quoi écrire à la place.\nUn dossier est contrôlé avec les pièces et les zips qu’il contient ; des zips donnés à côté d’un fichier JSON le sont avec lui. « - » lit l’entrée standard.",
		usage:  "CHEMIN…", argument: "un fichier ou un dossier à contrôler", argsMin: 1, argsMax: -1,
		options: append([]option{
			optionSortie("texte", "json", "html", "csv", "sarif", "junit"), optionType,
			{nom: "premier", alias: "first", resume: "ne montre que la première faute de chaque demande, comme le fichier retour"},
			{nom: "nom", alias: "name", valeur: "oui|non", seule: true, resume: "contrôle aussi le nom du fichier (oui pour un fichier, non pour « - »)"},
			{nom: "retour", alias: "returned", valeur: "FICHIER", resume: "écrit le fichier retour (un seul fichier contrôlé ; les numéros restent à null)"},
			{nom: "pieces", alias: "documents", valeur: "CHEMIN", plusque: true, resume: "contrôle aussi les pièces de ce dossier ou de ce zip (répétable)"},
			optionDate, optionQuiet, optionCoul,
		}, optionsDurcis()...),
		exemples: []string{"segur controler JSON-9999999999-20230701-001.json", "segur controler depot/ --sortie html > rapport.html", "segur controler a.json b.json --sortie junit > rapport.xml"},
		executer: controler}
}

// nomsDe lists the names of the commands.
func nomsDe(table []commande) []string {
	var noms []string
	for i := range table {
		noms = append(noms, table[i].nom)
	}
	return noms
}

func trouverCommande(table []commande, nom string) *commande {
	for i := range table {
		if c := &table[i]; c.nom == nom || c.alias != "" && c.alias == nom {
			return c
		}
	}
	return nil
}

// toutes lists the flags of a command: its own, then those of all commands.
func (c *commande) toutes() []option {
	toutes := slices.Clone(c.options)
	for _, o := range communes() {
		if !slices.ContainsFunc(c.options, func(p option) bool { return p.nom == o.nom }) {
			toutes = append(toutes, o)
		}
	}
	return toutes
}

// option finds a flag by its name, alias or letter, dashes included.
func (c *commande) option(texte string) *option {
	toutes := c.toutes()
	for i := range toutes {
		if toutes[i].repond(texte) {
			return &toutes[i]
		}
	}
	return nil
}

// repond tells whether a flag is the one that texte spells, dashes included.
func (o *option) repond(texte string) bool {
	if nom, long := strings.CutPrefix(texte, "--"); long {
		return o.nom == nom || o.alias != "" && o.alias == nom
	}
	return o.court != "" && len(texte) == 2 && texte[0] == '-' && texte[1:] == o.court
}
