package main

// commandePreparer is the row of "segur preparer"; its function stands in
// preparer.go, which the light build hands over.
func commandePreparer() commande {
	return commande{nom: "preparer", alias: "build", resume: "fait d’une liste de commandes et d’un dossier de scans un dépôt prêt à envoyer",
		detail: "Lit la liste (CSV ou XLSX), contrôle chaque ligne et chaque scan comme le portail le ferait, donne à chaque demande un numéro jamais utilisé, renomme des copies des pièces, les range dans des zips et écrit le tout d’un coup : fichiers JSON, zips, manifeste. Rien n’est écrit tant qu’une ligne est en faute, sauf avec --partiel.\n" +
			"Les titres de colonnes habituels sont reconnus ; pour les autres, --assistant pose ses questions, montre un aperçu et enregistre la correspondance. Les scans se trouvent par une colonne de la liste, par un motif de la correspondance, ou par le FINESS dans leur nom.\n" +
			"Le registre des numéros est dans le dossier de travail ; un numéro donné ne l’est jamais deux fois.",
		usage: "LISTE", argsMax: 1,
		options: append([]option{
			{nom: "scans", valeur: "DOSSIER", resume: "dossier des bons de commande scannés (PDF, PNG, JPG) ; ils ne sont que lus"},
			{nom: "vers", alias: "to", valeur: "DOSSIER", resume: "dossier à créer pour le dépôt (défaut : depot-AAAA-MM-JJ dans le dossier de travail)"},
			{nom: "dossier", alias: "folder", valeur: "DOSSIER", resume: "dossier de travail, celui du registre (défaut : celui du registre trouvé au-dessus de --vers, sinon le parent de --vers)"},
			{nom: "numero-ans", alias: "ans-number", valeur: "NUMERO", resume: "numéro de référencement ANS du logiciel"},
			{nom: "siret", valeur: "SIRET", resume: "SIRET du fournisseur"},
			{nom: "correspondance", alias: "mapping", valeur: "FICHIER", resume: "fichier JSON qui dit ce que sont les colonnes"},
			{nom: "assistant", alias: "wizard", resume: "demande ce qui n’est pas clair, montre un aperçu, enregistre la correspondance"},
			{nom: "plan", alias: "dry-run", resume: "montre tout ce qui serait fait et n’écrit rien"},
			{nom: "partiel", alias: "partial", resume: "prépare les bonnes lignes ; les autres vont dans a-corriger.csv"},
			{nom: "corriger", alias: "fix", resume: "accepte les corrections proposées : noms en majuscules, zéro de tête d’un téléphone"},
			{nom: "encodage", alias: "encoding", valeur: "NOM", resume: "utf-8, windows-1252, iso-8859-1 ou utf-16 (défaut : reconnu)"},
			{nom: "separateur", alias: "separator", valeur: "SIGNE", resume: "« ; », « , », « | » ou tab (défaut : reconnu)"},
			{nom: "modele", alias: "template", valeur: "csv|xlsx", seule: true, resume: "écrit une liste prête à remplir sur la sortie standard, sans rien préparer"},
			optionSortie("texte", "json", "html", "csv"), optionType, optionDate, optionQuiet, optionCoul,
		}, optionsDurcis()...),
		exemples: []string{"segur preparer --modele=xlsx > commandes.xlsx", "segur preparer commandes.csv --scans scans/ --numero-ans 9999999999 --siret 00000000000000 --vers depot", "segur preparer commandes.xlsx --scans scans/ --assistant", "segur preparer commandes.csv --scans scans/ --correspondance correspondance.json --plan"},
		executer: preparer}
}
