// Package catalogue holds the workshop's own codes: what they are called, what
// they mean and what to do about them. It stands apart from the workshop so that
// a program can explain them without reading spreadsheets.
//
// Start at [Entrees]. It must never import anything but package segur and
// segur/piece.
package catalogue

import (
	"slices"

	"guichet.example/segur"
	"guichet.example/segur/piece"
)

// Codes of the workshop, beside those of the rule sets and of the pieces. 40xx
// are about a cell of the list, 41xx about a scan; warnings are 98xx. A number
// is never reused.
const (
	MontantTTC   segur.Code = 4001 // may be an amount with tax
	Montant      segur.Code = 4002 // no amount, or one that reads two ways
	Date         segur.Code = 4003 // no date, or one that reads two ways
	Operateur    segur.Code = 4004 // label of several operators
	Tableur      segur.Code = 4005 // error value of a spreadsheet
	Booleen      segur.Code = 4006 // neither yes nor no
	Scientifique segur.Code = 4007 // digits lost to scientific notation
	PasCommande  segur.Code = 4008 // a row that holds next to nothing

	ScanAbsent   segur.Code = 4101 // no scan found
	ScanMultiple segur.Code = 4102 // several scans may be meant
	ScanPartage  segur.Code = 4103 // one scan for two orders
	ScanFormat   segur.Code = 4104 // extension that is no accepted format
	ScanLourd    segur.Code = 4105 // over segur.PieceProduiteMax (D11)

	AvertDouble segur.Code = 9801 // the same order twice in the list
	AvertDeja   segur.Code = 9802 // prepared already, says the ledger
	AvertZero   segur.Code = 9803 // a leading zero may be lost
	AvertTTC    segur.Code = 9804 // looks like an amount with tax under a heading that says without
)

// Entrees lists the workshop's own codes, ascending. The slice is the
// caller's. Words in braces are filled in by a Constat.
func Entrees() []segur.Entree {
	e, a := segur.Erreur, segur.Avertissement
	return []segur.Entree{
		{Code: MontantTTC, Gravite: e, Balise: "commande.montantSegurHT", Titre: "Montant peut-être TTC", Message: "Le montant {valeur} ressemble à un montant TTC{detail}.", Attendu: "un montant hors taxe, ou une colonne déclarée TTC", Remede: "Dites ce que contient la colonne : \"lire\": \"HT\" ou \"lire\": \"TTC\" dans la correspondance (« segur preparer --assistant » la crée avec vous).", Reference: "D12"},
		{Code: Montant, Gravite: e, Balise: "commande.montantSegurHT", Titre: "Montant illisible ou ambigu", Message: "« {valeur} » {detail}.", Attendu: "un montant en euros : 708,33 ou 1 050,00 €", Remede: "Écrivez le montant hors taxe avec une virgule et deux décimales.{propose}", Reference: "§3.2, D12"},
		{Code: Date, Gravite: e, Titre: "Date illisible ou ambiguë", Message: "« {valeur} » {detail}.", Attendu: "une date JJ/MM/AAAA", Remede: "Écrivez deux chiffres pour le jour, deux pour le mois, quatre pour l’année : 03/02/2023.{propose}", Reference: "§3.2, D6"},
		{Code: Operateur, Gravite: e, Balise: "scenarioInstallation.operateurMessagerie", Titre: "Plusieurs opérateurs possibles", Message: "« {valeur} » peut désigner plusieurs opérateurs : {detail}.", Attendu: "le code d’un opérateur de la section 4", Remede: "Écrivez le code voulu dans la liste, ou associez le libellé à son code dans \"operateurs\" de la correspondance.", Reference: "§4"},
		{Code: Tableur, Gravite: e, Titre: "Erreur de tableur dans la cellule", Message: "La cellule contient {valeur}, une erreur de formule et non une valeur.", Attendu: "une valeur", Remede: "Corrigez la formule dans le tableur, ou remplacez-la par sa valeur."},
		{Code: Booleen, Gravite: e, Titre: "Ni oui ni non", Message: "« {valeur} » ne dit ni oui ni non.", Attendu: "oui ou non", Remede: "Écrivez oui ou non."},
		{Code: Scientifique, Gravite: e, Titre: "Chiffres perdus par le tableur", Message: "« {valeur} » est une notation scientifique : le tableur a perdu les derniers chiffres.", Attendu: "tous les chiffres du numéro", Remede: "Mettez la colonne au format texte et ressaisissez le numéro."},
		{Code: PasCommande, Gravite: e, Titre: "Ligne qui n’est pas une commande", Message: "Cette ligne ne porte presque rien : une note, une somme ou une commande à peine commencée.", Attendu: "une commande par ligne", Remede: "Supprimez la ligne du tableur, ou complétez la commande."},
		{Code: ScanAbsent, Gravite: e, Titre: "Scan introuvable", Message: "Le scan « {piece} » n’a pas été trouvé{detail}.", Attendu: "un fichier PDF, PNG ou JPG dans le dossier des scans", Remede: "Ajoutez le scan au dossier, ou corrigez son nom dans la liste.{propose}", Reference: "§3.3"},
		{Code: ScanMultiple, Gravite: e, Titre: "Plusieurs scans possibles", Message: "Plusieurs scans peuvent être « {piece} » : {detail}.", Attendu: "un seul fichier", Remede: "Indiquez le nom du fichier dans une colonne de la liste, ou retirez les autres du dossier.", Reference: "§3.3"},
		{Code: ScanPartage, Gravite: e, Titre: "Scan de deux commandes", Message: "Le scan {valeur} est déjà celui de {detail}.", Attendu: "un scan par commande", Remede: "Donnez à chaque commande son propre document.", Reference: "§3.3"},
		{Code: ScanFormat, Gravite: e, Titre: "Format de scan non admis", Message: "Le scan {valeur} n’est ni un PDF, ni un PNG, ni un JPG.", Attendu: "un fichier .pdf, .png, .jpg ou .jpeg", Remede: "Numérisez ou exportez le document en PDF.", Reference: "§3.2"},
		{Code: ScanLourd, Gravite: e, Titre: "Scan trop lourd", Message: "Le scan {valeur} pèse {detail} octets, plus que 3 000 000.", Attendu: "un fichier de 3 Mo au plus", Remede: "Numérisez de nouveau en 150 ou 200 points par pouce, en noir et blanc ou en niveaux de gris.", Reference: "§2.1, D11"},
		{Code: AvertDouble, Gravite: a, Titre: "Commande en double", Message: "Même officine, même date et même montant que {detail}.", Remede: "Retirez l’une des deux si c’est la même commande."},
		{Code: AvertDeja, Gravite: a, Titre: "Commande déjà préparée", Message: "Le registre a déjà une demande pour cette officine et ce montant : {detail}.", Remede: "Vérifiez qu’elle n’a pas déjà été déposée ; une demande refusée se reprend par « segur reprendre »."},
		{Code: AvertZero, Gravite: a, Titre: "Zéro de tête peut-être perdu", Message: "« {valeur} » compte 9 chiffres : un zéro de tête a pu être perdu par le tableur.", Remede: "Mettez la colonne au format texte, ou relancez avec --corriger.{propose}"},
		{Code: AvertTTC, Gravite: a, Balise: "commande.montantSegurHT", Titre: "Montant peut-être TTC", Message: "Le montant {valeur} ressemble à un montant TTC{detail}, sous un titre qui dit HT.", Remede: "Vérifiez que la colonne est bien hors taxe.", Reference: "D12"},
	}
}

// Entree returns the catalogue's entry of a code of the workshop or of the
// pieces; false when neither has it.
func Entree(c segur.Code) (segur.Entree, bool) {
	cat := Entrees()
	if i := slices.IndexFunc(cat, func(e segur.Entree) bool { return e.Code == c }); i >= 0 {
		return cat[i], true
	}
	return piece.Entree(c)
}
