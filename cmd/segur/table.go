//go:build !js

package main

// tableCommandes lists the commands in the order of the help. Both builds have
// all of them; lourdes.go says where the function of a heavy one stands.
func tableCommandes() []commande {
	return []commande{
		commandeControler(),
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
