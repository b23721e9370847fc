package segur

import "slices"

// solde is the rule set of the balance request. The agency has not published
// its JSON: this shape is ours (D13), the advance's with the order's invoice
// added and the certificates dropped.
func solde() *Jeu {
	return &Jeu{
		ID: "PHA-LGO-Va1/solde", Version: "2022-11-04", Titre: "Demande de solde, logiciel de gestion d’officine, vague 1",
		Couloir: "PHA", Logiciel: "LGO", Vague: "Va1", Type: Solde,
		Source: "forme propre à Guichet (D13), d’après DTJSONAVANCE-PHA-LGO-Va1",
		Entete: entete(),
		Blocs: []Bloc{
			blocDemande,
			{Cle: "commande", Base: 1100, Titre: "Commande et facture", Aide: "La commande telle qu’à l’avance, et sa facture.", Reference: "D13"},
			blocBeneficiaire, blocPieces, blocScenario,
		},
		Champs: slices.Concat(
			champsDemande(
				Champ{Cle: "typeAction", Genre: GenreListe, Base: 2010, Valeurs: []string{"S"}, Titre: "Type d’action", Aide: "« S » : demande de solde, seule valeur possible.", Format: "« S »", Attendu: "\"S\"", Exemple: `"S"`, Reference: "D13"},
				Champ{Cle: "numeroASP", Genre: GenreReference, Base: 2020, Longueur: 35, Titre: "Numéro ASP de l’avance", Aide: "Le numéro ASP reçu pour l’avance ; sans lui le solde ne peut pas être rattaché.", Format: "VARCHAR (<36)", Attendu: "le numéro ASP de l’avance : 1 à 35 caractères parmi A–Z, 0–9 et le tiret", Exemple: `"ASP-000001"`, Reference: "§1.2, D13"},
			),
			champsCommande(),
			[]Champ{
				{Bloc: "commande", Cle: "numeroFacture", Genre: GenreTexte, Base: 2130, Longueur: 49, Titre: "Numéro de facture", Aide: "Numéro de la facture adressée à l’officine.", Format: "VARCHAR (<50)", Attendu: "un texte de 1 à 49 caractères", Exemple: `"F-2023-0001"`, Reference: "D13, D8"},
				{Bloc: "commande", Cle: "dateFacture", Genre: GenreDate, Base: 2140, Titre: "Date de la facture", Aide: "Date de la facture.", Format: "VARCHAR (JJ/MM/AAAA)", Attendu: "une date réelle JJ/MM/AAAA, au plus tard le jour du contrôle", Exemple: `"15/06/2023"`, Reference: "D13, D6, D23"},
				{Bloc: "commande", Cle: "montantFactureHT", Genre: GenreMontant, Base: 2150, Titre: "Montant hors taxe de la facture", Aide: "Montant hors taxe de la facture, en euros.", Format: "FLOAT (2 chiffres après le point)", Attendu: "un nombre sans guillemets, avec un point et exactement deux décimales, supérieur à 0", Exemple: `708.33`, Reference: "D13, D23"},
				{Bloc: "commande", Cle: "dateVA", Genre: GenreDate, Base: 2160, Titre: "Date de la vérification d’aptitude", Aide: "Date de signature de la vérification d’aptitude par le client final.", Format: "VARCHAR (JJ/MM/AAAA)", Attendu: "une date réelle JJ/MM/AAAA, au plus tard le jour du contrôle", Exemple: `"20/06/2023"`, Reference: "D13, D6, D23"},
			},
			champsBeneficiaire(),
			champsPieces([]string{"FACTURE", "VERIFICATION_APTITUDE"}, `"PHA-LGO-Va1-FAC-00001.pdf"`, `"FACTURE"`, "PHA-LGO-Va1-<FAC ou VA>-<numeroEditeur>.<pdf, jpg ou png>"),
			champsScenario(), champsTraitement(),
		),
		Pieces: []TypePiece{
			{Valeur: "FACTURE", Abrege: "FAC", Titre: "facture", CodeManque: 2435, CodeTrop: 2436},
			{Valeur: "VERIFICATION_APTITUDE", Abrege: "VA", Titre: "vérification d’aptitude", CodeManque: 2437, CodeTrop: 2438},
		},
	}
}
