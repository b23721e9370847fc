package main

// The commands that live on the ledger and the portal. Their functions stand
// in files of their own; the light build hands them over.

var (
	optionDossier = option{nom: "dossier", alias: "folder", valeur: "DOSSIER", defaut: ".", resume: "dossier de travail, celui du registre"}
	optionPortail = option{nom: "portail", alias: "portal", valeur: "ADRESSE", resume: "adresse du portail (ou variable SEGUR_PORTAIL)"}
	optionJeton   = option{nom: "jeton-fichier", alias: "token-file", valeur: "FICHIER", resume: "fichier qui contient le jeton (ou variable SEGUR_JETON)"}
)

func commandeDeposer() commande {
	return commande{nom: "deposer", alias: "submit", resume: "dépose un dossier préparé : les fichiers JSON, puis leurs pièces",
		detail: "Contrôle chaque fichier, le dépose, envoie les pièces que le portail n’a pas encore, et range le fichier retour à côté. Après une coupure, relancez la même commande : rien n’est déposé deux fois, seul ce qui manque est envoyé. Une pièce dont le contenu a changé dans le dossier remplace celle que le portail a déjà, tant que la demande l’admet.\nLe jeton ne se donne jamais sur la ligne de commande : il vient de SEGUR_JETON ou de --jeton-fichier.",
		usage:  "CHEMIN…", argument: "le dossier préparé, ou le fichier JSON à déposer", argsMin: 1, argsMax: -1,
		options: []option{optionPortail, optionJeton,
			{nom: "registre", alias: "ledger", valeur: "DOSSIER", resume: "dossier du registre (défaut : celui du dépôt, ou un de ses parents)"},
			{nom: "partiel", alias: "partial", resume: "dépose même un fichier dont certaines demandes seraient refusées : leurs numéros seront perdus"},
			{nom: "redater", alias: "redate", resume: "dépose sous un nom libre du jour un fichier préparé pour un autre jour, ou dont le nom est pris ; son contenu ne change pas"},
			{nom: "corriger", alias: "fix", resume: "rend à l’agence les demandes à modifier du dépôt, une fois leurs pièces remplacées dans le dossier"},
			{nom: "certificat", alias: "certificate", valeur: "FICHIER", resume: "certificat de contrôle à joindre (défaut : certificat.json, à côté du dépôt ou dans le dossier au-dessus)"},
			optionSortie("texte", "json"), optionDate, optionQuiet},
		exemples: []string{"segur deposer depot/ --portail https://portail.exemple.fr", "segur deposer depot/ --portail https://portail.exemple.fr --jeton-fichier jeton.txt --sortie json"},
		executer: deposer}
}

func commandeSuivre() commande {
	return commande{nom: "suivre", alias: "status", resume: "dit où en est chaque demande, combien elle vaut et à qui d’agir",
		detail:  "Lit le registre du dossier de travail ; avec --portail, demande d’abord au portail où en sont les demandes et le note. --soldables dit pour chaque avance si son solde peut être demandé aujourd’hui, sinon pourquoi et à qui d’agir.",
		argsMax: 0, options: []option{optionDossier, optionPortail, optionJeton,
			{nom: "soldables", alias: "claimable", resume: "les soldes : ce qui peut être demandé, ce qui ne peut pas l’être, pourquoi"},
			{nom: "limite", alias: "deadline", valeur: "AAAA-MM-JJ", resume: "dernier jour annoncé par l’agence pour demander un solde"},
			{nom: "statut", alias: "state", valeur: "STATUT", plusque: true, resume: "ne garde que ce statut (répétable)"},
			{nom: "acteur", alias: "actor", valeur: "QUI", resume: "ne garde que les demandes où c’est à QUI d’agir : fournisseur, instructeur…"},
			{nom: "type", valeur: "TYPE", choix: []string{"avance", "solde"}, resume: "ne garde que les avances, ou que les soldes"},
			{nom: "fichier", alias: "file", valeur: "NOM", resume: "ne garde que les demandes de ce fichier JSON"},
			{nom: "cherche", alias: "search", valeur: "TEXTE", resume: "ne garde que les demandes où ce texte se trouve"},
			optionSortie("texte", "csv", "xlsx", "json", "html"), optionDate, optionQuiet},
		exemples: []string{"segur suivre", "segur suivre --portail https://portail.exemple.fr --sortie html > suivi.html", "segur suivre --soldables", "segur suivre --statut rejetee --sortie csv > rejetees.csv"},
		executer: suivre}
}

func commandeRegistre() commande {
	return commande{nom: "registre", alias: "ledger", resume: "liste, vérifie ou complète le registre des numéros et des demandes",
		detail: "lister : les demandes préparées (défaut). journal : les entrées du registre. verifier : la chaîne des empreintes ; avec une autre copie du registre, dit si deux personnes ont travaillé chacune de leur côté. importer : numéros déjà utilisés ailleurs (CSV ou XLSX avec une colonne numeroEditeur, texte d’un numéro par ligne, fichier retour, autre registre) : ils ne seront jamais redonnés.",
		usage:  "[lister|journal|verifier|importer] [FICHIER…]", argsMax: -1, mots: func([]commande) []string { return []string{"lister", "journal", "verifier", "importer"} },
		options:  []option{optionDossier, optionSortie("texte", "csv", "xlsx", "json"), optionQuiet},
		exemples: []string{"segur registre", "segur registre lister --sortie xlsx > registre.xlsx", "segur registre verifier ../copie/registre.segur", "segur registre importer anciens-numeros.csv"},
		executer: registreCommande}
}

func commandeReprendre() commande {
	return commande{nom: "reprendre", alias: "resume", resume: "lit les fichiers retour et prépare de nouveau les demandes refusées",
		detail: "Garde les numeroASP des demandes acceptées, explique chaque refus, et prépare sous de nouveaux numéros les demandes qui peuvent repartir : fichiers JSON, pièces renommées, zips. Les autres vont dans une liste a-corriger-….csv : corrigez-la et redonnez-la par --corrections. Relancée, la même commande ne change plus rien. Sans fichier retour, reprend ce que le registre du dossier sait déjà refusé : « segur deposer » y lit les réponses.",
		usage:  "[RETOUR…]", argsMax: -1,
		options: []option{
			{nom: "corrections", alias: "fixes", valeur: "FICHIER", resume: "lignes corrigées (CSV ou XLSX), celles de la liste a-corriger"},
			{nom: "scans", valeur: "DOSSIER", resume: "dossier des nouveaux scans ; ceux qui n’y sont pas restent ceux du registre"},
			{nom: "vers", alias: "to", valeur: "DOSSIER", resume: "dossier à créer (défaut : reprise-AAAAMMJJ dans le dossier de travail)"},
			{nom: "dossier", alias: "folder", valeur: "DOSSIER", resume: "dossier de travail (défaut : celui du registre trouvé au-dessus du fichier retour)"},
			{nom: "plan", alias: "dry-run", resume: "lit et explique, ne prépare rien"},
			optionSortie("texte", "json"), optionDate, optionQuiet},
		exemples: []string{"segur reprendre depot/JSON-9999999999-20230701-001.retour", "segur reprendre --corrections a-corriger-2023-07-01.csv"},
		executer: reprendre}
}

func commandeSolder() commande {
	return commande{nom: "solder", alias: "claim", resume: "fait les fichiers de solde des avances payées",
		detail: "--modele écrit la liste des soldes qui peuvent être demandés, remplie de tout ce que le registre sait ; il reste à y mettre la facture, la date de la vérification d’aptitude et les scans. La liste remplie donne les fichiers JSON et les zips, contrôlés comme le reste.\nUne avance est payée quand le portail l’a dit (segur suivre --portail), ou quand vous écrivez oui dans x_avance_payee.",
		usage:  "[LISTE]", argsMax: 1,
		options: []option{
			{nom: "modele", alias: "template", resume: "écrit la liste à remplir sur la sortie standard"},
			{nom: "soldables", alias: "claimable", resume: "dit ce qui peut être demandé aujourd’hui d’après le registre, ce qui ne peut pas l’être, pourquoi"},
			{nom: "scans", valeur: "DOSSIER", resume: "dossier des factures et des vérifications d’aptitude scannées"},
			{nom: "vers", alias: "to", valeur: "DOSSIER", resume: "dossier à créer (défaut : soldes-AAAA-MM-JJ dans le dossier de travail)"},
			optionDossier,
			{nom: "limite", alias: "deadline", valeur: "AAAA-MM-JJ", resume: "dernier jour annoncé par l’agence pour demander un solde"},
			{nom: "correspondance", alias: "mapping", valeur: "FICHIER", resume: "fichier JSON qui dit ce que sont les colonnes"},
			{nom: "partiel", alias: "partial", resume: "prépare les bonnes lignes ; les autres vont dans a-corriger.csv"},
			optionSortie("texte", "json", "html", "csv"), optionDate, optionQuiet, optionCoul},
		exemples: []string{"segur solder --modele > soldes.csv", "segur solder soldes.csv --scans factures/"},
		executer: solder}
}

func commandeCertifier() commande {
	return commande{nom: "certifier", alias: "certify", resume: "fait un certificat de contrôle, ou en vérifie un",
		detail: "Le certificat tient les empreintes des fichiers, des pièces et des règles, le jour, les comptes et les montants. Qui reçoit les fichiers le vérifie seul : les mêmes octets, les mêmes règles, le même verdict. Il ne prouve pas qui l’a fait.",
		usage:  "CHEMIN…", argument: "le dossier préparé, ou ses fichiers", argsMin: 1, argsMax: -1,
		options:  []option{{nom: "verifier", alias: "verify", valeur: "CERTIFICAT", resume: "vérifie que ce certificat est celui des fichiers donnés"}, optionSortie("json", "html"), optionDate, optionQuiet},
		exemples: []string{"segur certifier depot/ > certificat.json", "segur certifier depot/ --sortie html > certificat.html", "segur certifier --verifier certificat.json depot/"},
		executer: certifier}
}
