package atelier

// synonymes are headings that sales software gives to the leaves, written as
// [plat] writes them. A heading that is none of them, nor a balise, a key or a
// title of the rule set, is only proposed, never taken.
func synonymes() map[string][]string {
	return map[string][]string{
		"commande.dateCommande":                         {"date", "datecommande", "datedecommande", "datedelacommande", "datecde", "datedesignature", "datesignature", "datebdc", "datebondecommande", "datedubondecommande", "signele", "datesignaturebdc"},
		"commande.regimeTVA":                            {"regime", "regimetva", "tva", "regimefiscal"},
		"commande.montantSegurHT":                       {"montant", "montantht", "montanthorstaxe", "montanthorstaxes", "totalht", "prixht", "ht", "montantsegur", "montantcommande", "montanteuros", "prix", "total", "montantttc", "totalttc", "prixttc", "ttc"},
		"certificatsServeur.statutAdminTechnique":       {"statutadmin", "statutadministrateur", "statutadmintechnique", "admintechnique", "statutdeladministrateurtechnique"},
		"certificatsServeur.numeroCarteCPX":             {"carte", "cartecpx", "cartecps", "cartecpa", "numerocarte", "numerodecarte", "nocarte", "ncarte", "numcarte", "cpx", "cps", "numerocps", "numerodecartecps", "numerocartecps", "ncps", "nocps"},
		"certificatsServeur.nomAdminTechnique":          {"nomadmin", "nomadministrateur", "nomadministrateurtechnique", "nomdeladministrateur", "administrateur"},
		"certificatsServeur.telAdminTechnique":          {"teladmin", "teladministrateur", "teldeladministrateur", "telephonedeladministrateur", "telephoneadmin", "telephoneadministrateur", "telephoneadministrateurtechnique"},
		"certificatsServeur.emailAdminTechnique":        {"emailadmin", "mailadmin", "mailadministrateur", "maildeladministrateur", "courrieldeladministrateur", "courrieladmin", "emailadministrateur", "courrieladministrateur", "courrieladministrateurtechnique", "emailadministrateurtechnique", "meladmin", "meladministrateur", "meldeladministrateur"},
		"beneficiaire.nomResponsable":                   {"nom", "nomresponsable", "responsable", "titulaire", "pharmacien", "nomtitulaire", "nomdutitulaire", "nompharmacien", "nomdupharmacien", "nomclient", "nomduresponsable", "pharmacientitulaire"},
		"beneficiaire.emailResponsable":                 {"email", "mail", "courriel", "emailclient", "emailtitulaire", "mailtitulaire", "courrieltitulaire", "emaildutitulaire", "maildutitulaire", "courrielduresponsable", "mailclient", "adressemail", "emailpharmacie", "courrielpharmacie", "mel", "meltitulaire", "meldutitulaire", "melduresponsable", "melclient"},
		"beneficiaire.telephoneResponsable":             {"telephone", "tel", "telephoneclient", "telclient", "teltitulaire", "telephonetitulaire", "telephonedutitulaire", "teldutitulaire", "telephonepharmacie", "telpharmacie"},
		"beneficiaire.FINESSGeo":                        {"finess", "finessgeo", "finessgeographique", "numerofiness", "nofiness", "nfiness", "numfiness", "finesset", "finessofficine", "finesspharmacie", "numerofinessgeo", "numerofinessgeographique", "finessdelofficine", "finessdelapharmacie"},
		"scenarioInstallation.hasBALMSSantePersonnelle": {"bal", "balmssante", "mssante", "balmss", "mss", "balmssantepersonnelle", "messagerie", "messageriesante", "messageriesecurisee", "balpersonnelle", "balmssantperso"},
		"scenarioInstallation.operateurMessagerie":      {"operateur", "operateurmss", "operateurmssante", "operateurmessagerie", "operateurdemessagerie", "fournisseurmss", "operateurdemessageriesecurisee"},
		"numeroASP":                 {"asp", "numeroasp", "nasp", "noasp", "numasp"},
		"commande.numeroFacture":    {"facture", "numerofacture", "numerodefacture", "nfacture", "nofacture", "numfacture"},
		"commande.dateFacture":      {"datefacture", "datedefacture", "datedelafacture"},
		"commande.montantFactureHT": {"montantfacture", "montantfactureht", "totalfactureht"},
		"commande.dateVA":           {"dateva", "dateverification", "dateverificationaptitude", "datedelava"},
	}
}

// synonymesScans are headings of the columns that name a scan, by typeFichier.
func synonymesScans() map[string][]string {
	return map[string][]string{
		"BON_COMMANDE":          {"scan", "scanbdc", "fichier", "fichierbc", "bc", "fichierbdc", "bdc", "bondecommande", "bondecommandesigne", "fichierbondecommande", "scanbondecommande", "nomdufichier", "nomfichier", "piece", "piecejointe", "document", "scanbc", "fichierscan", "pdf"},
		"PREUVE_HT":             {"preuveht", "scanht", "fichierht", "preuveduregimeht", "attestationht", "scanpreuveht", "fichierpreuveht", "justificatifht", "preuve"},
		"FACTURE":               {"scanfacture", "fichierfacture", "pdffacture", "fac"},
		"VERIFICATION_APTITUDE": {"va", "scanva", "fichierva", "verificationaptitude", "fichierverificationaptitude", "pvva"},
	}
}

// synonymesEntete are headings of the columns that fill the header.
func synonymesEntete() map[string][]string {
	return map[string][]string{
		"numeroAns": {"numeroans", "ans", "nans", "noans", "numerodereferencement"},
		"SIRET":     {"siret", "siretfournisseur", "siretediteur", "numerosiret"},
	}
}
