package virement

// LibelleMotif says in French what a bank's reason means; "" for a code that
// is not among the usual ones, which is shown as it is.
func LibelleMotif(code string) string { return motifs[code] }

// motifs are the reasons of return and of rejection that SEPA credit transfers
// meet (ISO 20022 external code set).
var motifs = map[string]string{
	"AC01": "IBAN incorrect",
	"AC03": "IBAN du bénéficiaire invalide",
	"AC04": "compte clôturé",
	"AC06": "compte bloqué",
	"AC13": "type de compte du bénéficiaire inadapté",
	"AG01": "opération interdite sur ce compte",
	"AG02": "code d’opération incorrect",
	"AM04": "provision insuffisante",
	"AM05": "opération en double",
	"AM09": "montant différent de celui attendu",
	"ARDT": "opération déjà retournée",
	"BE01": "nom et numéro de compte discordants",
	"BE04": "adresse du bénéficiaire manquante ou incorrecte",
	"BE05": "donneur d’ordre non reconnu",
	"CNOR": "banque du bénéficiaire inconnue du système de compensation",
	"CUST": "demande du client",
	"DNOR": "banque du payeur inconnue du système de compensation",
	"DUPL": "paiement en double",
	"ED05": "échec du règlement",
	"FF01": "format de fichier invalide",
	"FOCR": "retour à la demande de la banque émettrice",
	"FR01": "fraude",
	"MD07": "titulaire du compte décédé",
	"MS02": "refus du bénéficiaire, sans motif donné",
	"MS03": "refus de la banque, sans motif donné",
	"NOAS": "pas de réponse du client",
	"RC01": "BIC incorrect",
	"RC07": "BIC du bénéficiaire invalide",
	"RR01": "identification du payeur manquante",
	"RR02": "nom ou adresse du payeur manquant",
	"RR03": "nom ou adresse du bénéficiaire manquant",
	"RR04": "motif réglementaire",
	"TECH": "incident technique",
	"TM01": "ordre reçu après l’heure limite",
	"UPAY": "paiement indu",
}
