package rapport

// suite says what to do now, most urgent first, one sentence or two each. It is
// never empty.
func (b *bilan) suite() []string {
	var s []string
	if n := b.etats[etatNonLu]; n > 0 {
		s = append(s, accord(n, "Un fichier n’a pas pu être contrôlé", Nombre(n)+" fichiers n’ont pas pu être contrôlés")+
			"\u00a0: supprimez la cause indiquée, puis relancez. D’ici là, rien n’est dit de "+accord(n, "sa conformité.", "leur conformité."))
	}
	if b.incomplets > 0 {
		s = append(s, "Une partie des pièces n’a pas pu être examinée\u00a0: supprimez la cause indiquée, puis relancez\u202f; on ne peut rien conclure sur ces pièces.")
	}
	if n := b.retours; n > 0 {
		s = append(s, accord(n, "Un fichier ressemble à un fichier retour", Nombre(n)+" fichiers ressemblent à des fichiers retour")+
			" de l’agence : ne "+accord(n, "le", "les")+" redéposez pas. Les demandes acceptées y sont déjà enregistrées, et chaque numeroEditeur est utilisé.")
		if n == b.fichiers {
			return s
		}
	}
	if n := b.etats[etatStructure]; n > 0 {
		s = append(s, "Corrigez d’abord la structure "+accord(n, "du fichier refusé en entier", "des "+Nombre(n)+" fichiers refusés en entier")+
			", puis contrôlez de nouveau\u00a0: les demandes ne sont examinées qu’ensuite, et d’autres fautes peuvent alors apparaître.")
	}
	if n := b.etats[etatNom]; n > 0 {
		s = append(s, "Renommez "+accord(n, "le fichier dont le nom ne convient pas", "les "+Nombre(n)+" fichiers dont le nom ne convient pas")+
			", puis contrôlez de nouveau\u00a0: les demandes ne sont examinées qu’ensuite.")
	}
	s = append(s, b.suiteDemandes()...)
	if b.piecesErreurs > 0 {
		s = append(s, "Corrigez les pièces signalées\u00a0: une demande dont une pièce manque ou ne convient pas reste incomplète, même acceptée.")
	}
	if b.autreJour > 0 {
		s = append(s, accord(b.autreJour, "Un nom de fichier porte", Nombre(b.autreJour)+" noms de fichiers portent")+
			" une autre date que celle du contrôle\u00a0: déposez ce jour-là, ou renommez le jour du dépôt.")
	}
	return append(s, b.suiteDepot()...)
}

// suiteDemandes is about requests that are refused.
func (b *bilan) suiteDemandes() []string {
	n := b.somme.Rejetees
	if n == 0 {
		return nil
	}
	s := []string{"Corrigez " + accord(n, "la demande refusée", "les "+Nombre(n)+" demandes refusées") +
		" avant de déposer, puis contrôlez de nouveau\u00a0: tant que le fichier n’est pas déposé, " + accord(n, "elle garde son", "elles gardent leur") + " numeroEditeur."}
	if b.etats[etatPartiel] > 0 {
		s = append(s, "Si vous déposez tel quel, les demandes acceptées suivront leur cours\u202f; "+
			accord(n, "la demande refusée devra", "les demandes refusées devront")+" revenir dans un autre fichier, sous un nouveau numeroEditeur.")
	}
	return s
}

// suiteDepot is about files that are ready.
func (b *bilan) suiteDepot() []string {
	n := b.etats[etatAccepte]
	if n == 0 {
		return nil
	}
	quoi := "Le fichier est prêt"
	switch {
	case n > 1 && n == b.fichiers:
		quoi = "Les " + Nombre(n) + " fichiers sont prêts"
	case n > 1:
		quoi = Nombre(n) + " fichiers sont prêts"
	case b.fichiers > 1:
		quoi = "Un fichier est prêt"
	}
	s := quoi + "\u00a0: " + accord(n, "déposez-le avec ses pièces justificatives.", "déposez-les avec leurs pièces justificatives.")
	if n == b.fichiers && b.somme.Avertissements+b.piecesAvert > 0 {
		s += " Lisez tout de même " + accord(b.somme.Avertissements+b.piecesAvert, "l’avertissement, qui n’empêche pas le dépôt.", "les avertissements, qui n’empêchent pas le dépôt.")
	}
	return []string{s}
}

// phraseMasques owns up to what --premier leaves out.
func (b *bilan) phraseMasques() string {
	return "Seule la première erreur de chaque demande est montrée\u202f; " + accord(b.masques, "1 constat ne l’est pas", Nombre(b.masques)+" constats ne le sont pas") +
		"\u00a0: contrôlez sans --premier pour tout corriger en une fois."
}
