package segur

import "slices"

// avance is the rule set of the advance request PHA-LGO-Va1, the table of
// §3.2 of the document of 04/11/2022, row by row.
func avance() *Jeu {
	return &Jeu{
		ID: "PHA-LGO-Va1/avance", Version: "2022-11-04", Titre: "Demande d’avance, logiciel de gestion d’officine, vague 1",
		Couloir: "PHA", Logiciel: "LGO", Vague: "Va1", Type: Avance,
		Source: "DTJSONAVANCE-PHA-LGO-Va1, version du 04/11/2022",
		Entete: entete(),
		Blocs: []Bloc{
			blocDemande,
			{Cle: "commande", Base: 1100, Titre: "Commande", Aide: "Détails de la commande signée par l’officine.", Reference: "§3.2"},
			{Cle: "certificatsServeur", Base: 1110, Titre: "Certificats serveur", Aide: "Le responsable technique qui installe les certificats serveur.", Reference: "§3.2"},
			blocBeneficiaire, blocPieces, blocScenario,
		},
		Champs: slices.Concat(
			champsDemande(
				Champ{Cle: "typeAction", Genre: GenreListe, Base: 2010, Valeurs: []string{"C"}, Titre: "Type d’action", Aide: "« C » : création d’une demande d’avance, seule valeur possible.", Format: "« C »", Attendu: "\"C\"", Exemple: `"C"`, Reference: "§3.2"},
				Champ{Cle: "numeroASP", Genre: GenreNul, Base: 2020, Titre: "Numéro ASP", Aide: "Référence de la demande, renseignée par l’ASP après le dépôt. À laisser à null.", Format: "null", Attendu: "null, sans guillemets", Exemple: `null`, Reference: "§3.2, D14"},
			),
			champsCommande(),
			[]Champ{
				{Bloc: "certificatsServeur", Cle: "statutAdminTechnique", Genre: GenreListe, Base: 2200, Valeurs: []string{"E", "P"}, Titre: "Statut de l’administrateur technique", Aide: "« E » si c’est l’éditeur, « P » si c’est le pharmacien.", Format: "« E » ou « P »", Attendu: "\"E\" (éditeur) ou \"P\" (pharmacien)", Exemple: `"P"`, Reference: "§3.2"},
				{Bloc: "certificatsServeur", Cle: "numeroCarteCPX", Genre: GenreCarte, Base: 2210, Longueur: 10, Titre: "Numéro de carte CPx", Aide: "Numéro de la carte CPA ou CPS, imprimé sur la carte : 10 caractères.", Format: "VARCHAR (=10)", Attendu: "10 chiffres ou lettres, le numéro de la carte CPA ou CPS", Exemple: `"2100000001"`, Reference: "§3.2"},
				{Bloc: "certificatsServeur", Cle: "nomAdminTechnique", Genre: GenreTexte, Base: 2220, Longueur: 24, Titre: "Nom de l’administrateur technique", Aide: "Nom de famille de l’administrateur technique.", Format: "VARCHAR (<25)", Attendu: "un texte de 1 à 24 caractères", Exemple: `"EXEMPLE"`, Reference: "§3.2, D8"},
				{Bloc: "certificatsServeur", Cle: "telAdminTechnique", Genre: GenreTexte, Base: 2230, Longueur: 49, Titre: "Téléphone de l’administrateur technique", Aide: "Téléphone de l’administrateur technique.", Format: "VARCHAR (<50)", Attendu: "un texte de 1 à 49 caractères", Exemple: `"0100000001"`, Reference: "§3.2, D8"},
				{Bloc: "certificatsServeur", Cle: "emailAdminTechnique", Genre: GenreCourriel, Base: 2240, Longueur: 124, Titre: "Courriel de l’administrateur technique", Aide: "Courriel de l’administrateur technique ; une adresse générique est conseillée.", Format: "VARCHAR (<125), courriel", Attendu: "une adresse de courriel d’au plus 124 caractères", Exemple: `"technique@editeur.example"`, Reference: "§3.2, D18"},
			},
			champsBeneficiaire(),
			champsPieces([]string{"BON_COMMANDE", "PREUVE_HT"}, `"PHA-LGO-Va1-BDC-00001.pdf"`, `"BON_COMMANDE"`, "PHA-LGO-Va1-<BDC ou HT>-<numeroEditeur>.<pdf, jpg ou png>"),
			champsScenario(), champsTraitement(),
		),
		Pieces: []TypePiece{
			{Valeur: "BON_COMMANDE", Abrege: "BDC", Titre: "bon de commande", CodeManque: 2430, CodeTrop: 2431},
			{Valeur: "PREUVE_HT", Abrege: "HT", Titre: "preuve du régime HT", SousRegime: "HT", CodeManque: 2432, CodeTrop: 2433, CodeHorsCas: 9432},
		},
	}
}

var blocDemande = Bloc{Titre: "Demande", Aide: "En-tête de la demande et informations de traitement.", Reference: "§3.2"}

var blocBeneficiaire = Bloc{Cle: "beneficiaire", Base: 1120, Titre: "Bénéficiaire", Aide: "L’officine qui a signé la commande.", Reference: "§3.2"}

var blocPieces = Bloc{Cle: "piecesJustificatives", Tableau: true, Base: 1130, Titre: "Pièces justificatives", Aide: "Les pièces nécessaires au traitement de la demande, 3 Mo au plus chacune.", Reference: "§3.2, D1"}

var blocScenario = Bloc{Cle: "scenarioInstallation", Base: 1140, Titre: "Scénario d’installation", Aide: "Messagerie sécurisée de santé de l’officine.", Reference: "§3.2"}

// entete lists the leaves of the root; a fault there is one of control 1.
func entete() []Champ {
	return []Champ{
		{Cle: "impId", Genre: GenreNul, Base: 1020, Titre: "Référence du fichier", Aide: "Référence de l’ASP pour le fichier. À laisser à null.", Format: "null", Attendu: "null, sans guillemets", Exemple: `null`, Reference: "§3.2"},
		{Cle: "numeroAns", Genre: GenreIdentifiant, Base: 1030, Longueur: 10, Titre: "Numéro de référencement ANS", Aide: "Numéro de référencement du logiciel, un seul par fichier.", Format: "VARCHAR (=10)", Attendu: "10 chiffres ou lettres entre guillemets, le numéro donné par l’ANS", Exemple: `"9999999999"`, Reference: "§3.2, D2"},
		{Cle: "SIRET", Genre: GenreSiret, Base: 1040, Longueur: 14, Titre: "SIRET du fournisseur", Aide: "Le SIRET déclaré à l’enrôlement.", Format: "VARCHAR (=14)", Attendu: "14 chiffres entre guillemets, sans espaces", Exemple: `"00000000000000"`, Reference: "§3.2"},
	}
}

// champsDemande lists the leaves at the head of a request; typeAction and
// numeroASP are what an advance and a balance differ in.
func champsDemande(typeAction, numeroASP Champ) []Champ {
	return []Champ{
		{Cle: "numLigne", Genre: GenreRang, Base: 2000, Titre: "Numéro de ligne", Aide: "Rang de la demande dans le fichier : 1, 2, 3…", Format: "INTEGER (max 200)", Attendu: "le rang de la demande dans le fichier, un entier sans guillemets", Exemple: `1`, Reference: "§3.2, D15"},
		typeAction,
		numeroASP,
		{Cle: "numeroEditeur", Genre: GenreNumero, Base: 2030, Longueur: 5, Titre: "Numéro éditeur", Aide: "Numéro unique que le fournisseur donne à la demande ; un nouveau après chaque rejet.", Format: "VARCHAR (=5)", Attendu: "5 chiffres ou lettres sans accent entre guillemets, jamais utilisés auparavant", Exemple: `"00001"`, Reference: "§3.2, D5, D20"},
	}
}

func champsCommande() []Champ {
	return []Champ{
		{Bloc: "commande", Cle: "dateCommande", Genre: GenreDate, Base: 2100, Titre: "Date de la commande", Aide: "Date de signature du bon de commande par le client final.", Format: "VARCHAR (JJ/MM/AAAA)", Attendu: "une date réelle JJ/MM/AAAA, au plus tard le jour du contrôle", Exemple: `"03/02/2023"`, Reference: "§3.2, D6, D23"},
		{Bloc: "commande", Cle: "regimeTVA", Genre: GenreListe, Base: 2110, Valeurs: []string{"TTC", "HT"}, Titre: "Régime de TVA", Aide: "Régime de TVA de la facturation de la prestation.", Format: "« TTC », « HT »", Attendu: "\"TTC\" ou \"HT\"", Exemple: `"TTC"`, Reference: "§3.2"},
		{Bloc: "commande", Cle: "montantSegurHT", Genre: GenreMontant, Base: 2120, Titre: "Montant Ségur hors taxe", Aide: "Montant total hors taxe de la prestation, en euros, arrondi au centime ; .00 si c’est un entier.", Format: "FLOAT (2 chiffres après le point)", Attendu: "un nombre sans guillemets, avec un point et exactement deux décimales, supérieur à 0", Exemple: `708.33`, Reference: "§3.2, D23"},
	}
}

func champsBeneficiaire() []Champ {
	return []Champ{
		{Bloc: "beneficiaire", Cle: "nomResponsable", Genre: GenreMajuscules, Base: 2300, Longueur: 49, Titre: "Nom du responsable", Aide: "Nom de famille du responsable de l’officine, en majuscules, comme sur le bon de commande.", Format: "VARCHAR (<50) en MAJUSCULES", Attendu: "un nom en majuscules de 1 à 49 caractères", Exemple: `"EXEMPLE"`, Reference: "§3.2, D8, D24"},
		{Bloc: "beneficiaire", Cle: "emailResponsable", Genre: GenreCourriel, Base: 2310, Longueur: 124, Facultatif: true, Titre: "Courriel du responsable", Aide: "Courriel du responsable de l’officine.", Format: "VARCHAR (<125), courriel", Attendu: "une adresse de courriel d’au plus 124 caractères, ou null", Exemple: `"officine@pharmacie.example"`, Reference: "§3.2, D18"},
		{Bloc: "beneficiaire", Cle: "telephoneResponsable", Genre: GenreTexte, Base: 2320, Longueur: 49, Facultatif: true, Titre: "Téléphone du responsable", Aide: "Téléphone du responsable de l’officine.", Format: "VARCHAR (<50)", Attendu: "un texte de 1 à 49 caractères, ou null", Exemple: `"0100000002"`, Reference: "§3.2, D8"},
		{Bloc: "beneficiaire", Cle: "FINESSGeo", Genre: GenreFiness, Base: 2330, Longueur: 9, Titre: "FINESS géographique", Aide: "FINESS géographique de l’officine (catégories 620, 627, 628 ou 629), pas le FINESS juridique.", Format: "VARCHAR (=9)", Attendu: "9 caractères entre guillemets : des chiffres, le deuxième pouvant être une majuscule (2A, 2B)", Exemple: `"777777777"`, Reference: "§3.2, D7"},
	}
}

// champsPieces lists the leaves of one piece, in the order of control (D21).
func champsPieces(types []string, exempleNom, exempleType, forme string) []Champ {
	return []Champ{
		{Bloc: "piecesJustificatives", Cle: "nomFichier", Genre: GenreNomPiece, Base: 2400, Longueur: 49, Titre: "Nom du fichier", Aide: "Nom de la pièce selon la nomenclature de la section 3.3.", Format: "VARCHAR (<50)", Attendu: forme, Exemple: exempleNom, Reference: "§3.2, §3.3, D21, D26"},
		{Bloc: "piecesJustificatives", Cle: "formatFichier", Genre: GenreFormatPiece, Base: 2410, Valeurs: []string{"PDF", "PNG", "JPG"}, Titre: "Format du fichier", Aide: "Format de la pièce, en majuscules.", Format: "« PDF », « PNG », « JPG »", Attendu: "\"PDF\", \"PNG\" ou \"JPG\", en majuscules", Exemple: `"PDF"`, Reference: "§3.2, D26"},
		{Bloc: "piecesJustificatives", Cle: "typeFichier", Genre: GenreTypePiece, Base: 2420, Valeurs: types, Titre: "Type du fichier", Aide: "Type de la pièce.", Format: "liste de valeurs", Attendu: guillemets(types), Exemple: exempleType, Reference: "§3.2, D26"},
	}
}

func champsScenario() []Champ {
	return []Champ{
		{Bloc: "scenarioInstallation", Cle: "hasBALMSSantePersonnelle", Genre: GenreBooleen, Base: 2500, Titre: "BAL MSSanté personnelle", Aide: "L’officine dispose-t-elle d’une boîte aux lettres MSSanté personnelle ?", Format: "BOOLEAN", Attendu: "true ou false, sans guillemets", Exemple: `true`, Reference: "§3.2"},
		{Bloc: "scenarioInstallation", Cle: "operateurMessagerie", Genre: GenreOperateur, Base: 2510, Longueur: 24, Facultatif: true, Titre: "Opérateur de messagerie", Aide: "Code de l’opérateur de messagerie sécurisée, pris dans la liste de la section 4.", Format: "VARCHAR (<25), code de la section 4", Attendu: "un des 355 codes de la section 4, recopié tel quel, ou null", Exemple: `"GIP_1"`, Reference: "§3.2, §4"},
	}
}

func champsTraitement() []Champ {
	return []Champ{
		{Cle: "codeTraitement", Genre: GenreNul, Base: 2600, Titre: "Code de traitement", Aide: "Rempli par l’ASP au dépôt. À laisser à null.", Format: "null", Attendu: "null, sans guillemets", Exemple: `null`, Reference: "§3.2, D14"},
		{Cle: "libelleTraitement", Genre: GenreNul, Base: 2610, Titre: "Libellé de traitement", Aide: "Rempli par l’ASP au dépôt. À laisser à null.", Format: "null", Attendu: "null, sans guillemets", Exemple: `null`, Reference: "§3.2, D14"},
	}
}

// guillemets writes a list of values as a French sentence does: "A", "B" ou "C".
func guillemets(valeurs []string) string {
	s := ""
	for i, v := range valeurs {
		switch {
		case i > 0 && i == len(valeurs)-1:
			s += " ou "
		case i > 0:
			s += ", "
		}
		s += `"` + v + `"`
	}
	return s
}
