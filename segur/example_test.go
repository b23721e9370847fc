package segur_test

import (
	"fmt"
	"strings"

	"guichet.example/segur"
)

func ExampleJeu_Controler() {
	jour := segur.Jour{Annee: 2023, Mois: 7, Jour: 1} // today in Europe/Paris
	jeu, err := segur.JeuPour(segur.Avance, jour)
	if err != nil {
		fmt.Println(err)
		return
	}
	fichier := []byte(`{"impId": null, "numeroAns": "9999999999", "siret": "00000000000000", "lignesImport": []}`)
	rapport := jeu.Controler(fichier, jour, segur.Options{})
	fmt.Println(rapport.Verdict())
	for k := range rapport.Structure() {
		fmt.Printf("%s ligne %d, colonne %d : %s\n", k.Code, k.Ligne, k.Colonne, k.Message)
	}
	// Output:
	// rejete
	// 1011 ligne 1, colonne 44 : La balise « siret » n’existe pas : majuscules et minuscules comptent.
	// 1052 ligne 1, colonne 87 : La liste des demandes est vide.
	// 1040 ligne 1, colonne 1 : SIRET est obligatoire et n’est pas dans le fichier.
}

func ExampleRapport_Retour() {
	jeu, _ := segur.JeuPour(segur.Avance, segur.JourExemple)
	rapport := jeu.Controler(jeu.Exemple(1), segur.JourExemple, segur.Options{})
	// Only a portal gives numbers.
	retour := rapport.Retour(segur.Numeros{ImpID: "IMP-1", NumeroASP: func(rang int) string { return fmt.Sprintf("ASP-%d", rang) }})
	for _, ligne := range strings.Split(string(retour), "\n") {
		if strings.Contains(ligne, "impId") || strings.Contains(ligne, "numeroASP") || strings.Contains(ligne, "Traitement") {
			fmt.Println(strings.TrimSpace(ligne))
		}
	}
	// Output:
	// "impId": "IMP-1",
	// "numeroASP": "ASP-1",
	// "codeTraitement": "0000",
	// "libelleTraitement": "Demande acceptée"
}

func ExampleBareme_Calculer() {
	ht, _ := segur.LireMontant("708.33")
	calcul, _ := segur.BaremePHA.Calculer(ht, "TTC")
	for _, e := range calcul.Etapes {
		fmt.Printf("%s : %s = %s\n", e.Libelle, e.Formule, e.Resultat)
	}
	// Output:
	// Montant TTC : 708,33 € × 1,20 = 850.00
	// Base, régime TTC : montant TTC = 850.00
	// Avance : 850,00 € × 30 % = 255.00
	// Solde : 850,00 € − 255,00 € = 595.00
}

func ExampleChercherOperateurs() {
	for _, o := range segur.ChercherOperateurs("hopital foch", 1) {
		fmt.Printf("%q %s\n", o.Code, o.Libelle)
	}
	// Output: "HÔP_302" HÔPITAL FOCH
}

func ExampleLireNomFichier() {
	nom, _ := segur.LireNomFichier("JSON-9999999999-20230701-012.json")
	fmt.Println(nom.NumeroAns, nom.Jour, nom.Numero)
	_, err := segur.LireNomFichier("JSON-9999999999-20231301-012.json")
	fmt.Println(err)
	// Output:
	// 9999999999 01/07/2023 12
	// le nom attendu est JSON-<numeroAns>-<AAAAMMJJ>-<NNN>.json ; la date 20231301 n’existe pas
}

func ExampleJeu_Entree() {
	jeu, _ := segur.JeuPour(segur.Avance, segur.JourExemple)
	code, _ := segur.LireCode("2127")
	e, _ := jeu.Entree(code)
	fmt.Println(e.Gravite, e.Balise)
	fmt.Println(e.Attendu)
	// Output:
	// erreur commande.montantSegurHT
	// un nombre sans guillemets, avec un point et exactement deux décimales, supérieur à 0
}
