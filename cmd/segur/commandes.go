package main

import "strings"

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

func optionSortie(choix ...string) option {
	return option{nom: "sortie", alias: "output", court: "s", valeur: "FORME", choix: choix, defaut: choix[0], resume: "forme du résultat"}
}

// tableCommandes lists the commands in the order of the help. Both builds have
// all of them; lourdes.go says where the function of a heavy one stands.
func tableCommandes() []commande {
	return []commande{
		{nom: "controler", alias: "check", resume: "contrôle des fichiers, des dossiers ou des zips avant le dépôt",
			detail: "Dit en une fois tout ce que l’agence refuserait : où, pourquoi, et quoi écrire à la place.\nUn dossier est contrôlé avec les pièces et les zips qu’il contient ; des zips donnés à côté d’un fichier JSON le sont avec lui. « - » lit l’entrée standard.",
			usage:  "CHEMIN…", argument: "un fichier ou un dossier à contrôler", argsMin: 1, argsMax: -1,
			options: []option{
				optionSortie("texte", "json", "html", "csv", "sarif", "junit"), optionType,
				{nom: "premier", alias: "first", resume: "ne montre que la première faute de chaque demande, comme le fichier retour"},
				{nom: "nom", alias: "name", valeur: "oui|non", seule: true, resume: "contrôle aussi le nom du fichier (oui pour un fichier, non pour « - »)"},
				{nom: "retour", alias: "returned", valeur: "FICHIER", resume: "écrit le fichier retour (un seul fichier contrôlé ; les numéros restent à null)"},
				{nom: "pieces", alias: "documents", valeur: "CHEMIN", plusque: true, resume: "contrôle aussi les pièces de ce dossier ou de ce zip (répétable)"},
				optionDate, optionQuiet, optionCoul,
			},
			exemples: []string{"segur controler JSON-9999999999-20230701-001.json", "segur controler depot/ --sortie html > rapport.html", "segur controler a.json b.json --sortie junit > rapport.xml"},
			executer: controler},
		commandePreparer(), commandeDeposer(), commandeReprendre(), commandeSuivre(), commandeSolder(), commandeRegistre(), commandeCertifier(),
		{nom: "modele", alias: "template", resume: "écrit le modèle de fichier, vide ou rempli d’exemples",
			detail:  "Sans option, le modèle vide d’une demande. --exemple N écrit N demandes fictives qui passent le contrôle. En CSV ou en XLSX (tableur) : la liste des colonnes, une ligne par balise.",
			argsMax: 0, options: []option{optionSortie("json", "csv", "xlsx"), optionType,
				{nom: "exemple", alias: "example", valeur: "N", resume: "écrit un exemple de N demandes (1 à 200)"}, optionQuiet},
			exemples: []string{"segur modele > modele.json", "segur modele --exemple 3", "segur modele --sortie csv > colonnes.csv", "segur modele --sortie xlsx > colonnes.xlsx"}, executer: modele},
		{nom: "schema", resume: "écrit le JSON Schema 2020-12 du format", argsMax: 0, options: []option{optionSortie("json"), optionType, optionQuiet},
			detail:   "Pour valider dans un autre langage. Le schéma accepte tout ce que le contrôle accepte ; il ne peut pas tout dire (unicité, calendrier, décimales).",
			exemples: []string{"segur schema > segur.schema.json"}, executer: schema},
		{nom: "codes", resume: "liste les codes de contrôle, ou explique ceux qu’on donne", usage: "[CODE…]", argsMax: -1,
			detail:   "Pour chaque code : ce qui ne va pas, ce qui est attendu, quoi faire, et la section du document.",
			options:  []option{optionSortie("texte", "json", "html", "csv"), optionType, optionQuiet, optionCoul},
			exemples: []string{"segur codes", "segur codes 2127", "segur codes --sortie json"}, executer: codes},
		{nom: "operateurs", alias: "operators", resume: "cherche un code d’opérateur de messagerie (section 4)", usage: "[MOTS…]", argsMax: -1,
			detail:   "Sans mot, la liste des 355 codes. Avec des mots, les opérateurs dont le libellé ou le code s’en approche, accents et majuscules indifférents.",
			options:  []option{optionSortie("texte", "json", "csv"), optionQuiet, optionCoul},
			exemples: []string{"segur operateurs mailiz", "segur operateurs chu angers"}, executer: chercherOperateurs},
		{nom: "masquer", alias: "mask", resume: "anonymise un fichier en gardant ses fautes", usage: "FICHIER", argument: "le fichier à anonymiser", argsMin: 1, argsMax: 1,
			detail: "Remplace noms, courriels, téléphones, cartes, FINESS, SIRET et numéro ANS par des valeurs fictives de même forme, vérifie que le contrôle rend exactement les mêmes codes aux mêmes endroits, et écrit le résultat sur la sortie standard. « - » lit l’entrée standard.",
			options: []option{optionType, optionDate,
				{nom: "vers", alias: "to", valeur: "FICHIER", resume: "écrit dans ce fichier plutôt que sur la sortie standard"}, optionQuiet},
			exemples: []string{"segur masquer refuse.json > a-envoyer.json"}, executer: masquer},
		{nom: "kit", resume: "écrit le kit d’agrément : un bon dépôt, un mauvais par code, pièces comprises, et leurs rapports", usage: "DOSSIER", argument: "le dossier à créer", argsMin: 1, argsMax: 1,
			detail:   "Pour éprouver un autre programme : chaque dossier du kit tient un dépôt qui a une faute, ou des pièces qui en ont une, et le rapport attendu. Tout se contrôle au 2023-07-01. Deux archives pèsent 200 Mo en apparence (2473 et 9441) : le disque n’en garde que la fin. Le code 2459 n’a pas de cas, car il dépend de la machine.",
			options:  []option{optionType, optionQuiet},
			exemples: []string{"segur kit kit-agrement/"}, executer: kit},
		{nom: "aide", alias: "help", resume: "affiche l’aide d’une commande", usage: "[COMMANDE]", argsMax: 1, mots: nomsDe, executer: aide},
		{nom: "completion", resume: "écrit la complétion du shell", usage: "bash|zsh|fish", argument: "le nom du shell", argsMin: 1, argsMax: 1, mots: func([]commande) []string { return []string{"bash", "zsh", "fish"} },
			detail:   "bash : segur completion bash > /etc/bash_completion.d/segur\nzsh : segur completion zsh > \"${fpath[1]}/_segur\"\nfish : segur completion fish > ~/.config/fish/completions/segur.fish",
			exemples: []string{"source <(segur completion bash)"}, executer: completion},
		{nom: "manuel", alias: "man", resume: "écrit la page de manuel (man)", argsMax: 0, exemples: []string{"segur manuel > segur.1 && man ./segur.1"}, executer: manuel},
	}
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

// toutes lists the flags of a command, its help among them.
func (c *commande) toutes() []option {
	return append(c.options[:len(c.options):len(c.options)], optionAide)
}

// option finds a flag by its name, alias or letter, dashes included.
func (c *commande) option(texte string) *option {
	for i := range c.options {
		if c.options[i].repond(texte) {
			return &c.options[i]
		}
	}
	if optionAide.repond(texte) {
		return &optionAide
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
