package segur

import "slices"

// Codes of the state of the portal: what only the agency can judge. Those of
// the file (3001 to 3029) refuse it as a whole, those of a request (3030 to
// 3059) that request. They stand outside the rule sets, because no control of
// the bytes alone gives them.
const (
	CodeAnsDeclare      Code = 3001 // numeroAns is not the one chosen at deposit
	CodeAnsEtranger     Code = 3002 // numeroAns is not this supplier's
	CodeSiretEtranger   Code = 3003 // SIRET is not this supplier's
	CodeAnsCouloir      Code = 3004 // numeroAns is registered for another couloir or logiciel
	CodeFenetre         Code = 3005 // no deposit window is open
	CodeFichierPris     Code = 3006 // file number already used that day
	CodeFichierEpuise   Code = 3007 // 999 files that day
	CodeNumeroBrule     Code = 3030 // numeroEditeur already used by this supplier
	CodePlafond         Code = 3031 // amount over the campaign's highest ceiling
	CodeAvertDurci      Code = 3032 // a warning that the agency refuses from a day on
	CodeAvanceInconnue  Code = 3040 // no such advance of this supplier
	CodeAvanceImpayee   Code = 3041 // the advance is not paid
	CodeAvanceAutre     Code = 3042 // numeroEditeur is not the advance's
	CodeSoldeDemande    Code = 3043 // the balance was claimed already
	CodeSoldeNul        Code = 3044 // nothing is left to pay
	CodePieceFigee      Code = 2479 // piece of a request that takes none any more
	AvertFichierTrou    Code = 9901 // a file number is skipped
	premierPortail           = 3000
	dernierPortail           = 3999
	premierAvertPortail      = 9900
)

// FaitPortail is one finding of the portal about a file that control 1 and 2
// have read.
type FaitPortail struct {
	Code   Code
	Rang   int    // request, from 1; 0 = the file or its header
	Balise string // leaf it is about; "" = the file as a whole, or its name
	Mot    string // what the sentence's {mot} stands for
	De     Code   // finding of the request whose place this one takes; 0 = that of Balise
}

// AvecPortail returns the report with the portal's findings added behind its
// own: an error of rank 0 is one of control 1, the others refuse their request.
// The report itself stays as it was. Call it on a report whose memory is not
// being used again.
func (r *Rapport) AvecPortail(faits ...FaitPortail) *Rapport {
	if len(faits) == 0 {
		return r
	}
	n := *r
	n.bilan, n.structureTue = Bilan{}, 0
	n.structure = slices.Clone(r.structure)
	n.lignes = slices.Clone(r.lignes)
	n.fautes = nil
	parRang := map[int][]FaitPortail{}
	for _, f := range faits {
		if f.Rang == 0 {
			n.structure = append(n.structure, r.fautePortail(f))
			if f.Code < 9000 {
				n.erreursStructure++
			}
			continue
		}
		parRang[f.Rang] = append(parRang[f.Rang], f)
	}
	for i := range n.lignes {
		l := &n.lignes[i]
		anciennes := r.fautes[l.faute0 : l.faute0+l.nbFautes]
		l.faute0 = int32(len(n.fautes))
		n.fautes = append(n.fautes, anciennes...)
		for _, f := range parRang[i+1] {
			k := r.fautePortail(f)
			if i := slices.IndexFunc(anciennes, func(x faute) bool { return f.De != 0 && x.code == uint16(f.De) }); i >= 0 {
				k = anciennes[i]
				k.code, k.autre, k.mot = uint16(f.Code), uint32(f.De), f.Mot
			}
			n.fautes = append(n.fautes, k)
			l.nbFautes++
			l.erreurs++
			if l.premier == 0 {
				l.premier = uint16(f.Code)
			}
		}
	}
	n.conclure()
	return &n
}

// Durcis are the findings of a portal that refuses what these warnings say: one
// [CodeAvertDurci] for each of them that a request has, in the place of its
// first. Nothing when control 1 failed.
func (r *Rapport) Durcis(codes ...Code) (faits []FaitPortail) {
	if len(codes) == 0 || !r.StructureValide() {
		return nil
	}
	for x := range r.Demandes() {
		var vus []Code
		for k := range x.Constats() {
			if slices.Contains(codes, k.Code) && !slices.Contains(vus, k.Code) {
				vus = append(vus, k.Code)
				faits = append(faits, FaitPortail{Code: CodeAvertDurci, Rang: x.Rang(), De: k.Code, Mot: k.Code.String() + ", " + r.jeu.Libelle(k.Code)})
			}
		}
	}
	return faits
}

// fautePortail puts a finding in its place in the bytes.
func (r *Rapport) fautePortail(f FaitPortail) faute {
	k := faute{code: uint16(f.Code), rang: uint16(f.Rang), champ: -1, piece: -1, mot: f.Mot}
	if f.Rang == 0 {
		for i := range r.jeu.Entete {
			if v := r.racineVals[i]; r.jeu.Entete[i].Cle == f.Balise {
				k.champ, k.deb, k.fin = int8(i), v.deb(), v.fin()
			}
		}
		return k
	}
	if i, ok := r.jeu.plan.parBalise()[f.Balise]; ok {
		v := r.vals[(f.Rang-1)*len(r.jeu.Champs)+i]
		k.champ, k.bloc, k.deb, k.fin = int8(i), r.jeu.Champs[i].bloc, v.deb(), v.fin()
	}
	return k
}

// duPortail tells a code of the portal's catalogue.
func duPortail(c Code) bool {
	return c >= premierPortail && c <= dernierPortail || c >= premierAvertPortail || c == CodePieceFigee
}

// nomPortail tells a code of the portal about the file's name.
func nomPortail(c uint16) bool {
	return Code(c) == CodeFichierPris || Code(c) == CodeFichierEpuise || Code(c) == AvertFichierTrou || Code(c) == CodeFenetre
}

// CataloguePortail lists the codes that only a portal gives, ascending. The
// slice is the caller's.
func CataloguePortail() []Entree {
	es := []Entree{
		{Code: CodePieceFigee, Balise: "piecesJustificatives.nomFichier", Titre: "Pièce d’une demande déjà instruite", Message: "La demande de la pièce {recu} n’accepte plus de pièces : elle est « {mot} ».", Attendu: "une demande incomplète, déposée ou à modifier", Remede: "Attendez qu’on vous demande une modification ; la pièce déjà reçue reste en place.", Reference: "§2.1"},
		{Code: CodeAnsDeclare, Balise: "numeroAns", Titre: "Numéro ANS différent de celui du dépôt", Message: "Le fichier porte le numéro ANS {recu} ; le dépôt est fait pour {mot}.", Attendu: "{mot}", Remede: "Choisissez au dépôt le numéro ANS du fichier, ou corrigez la balise numeroAns et le nom du fichier.", Reference: "§2.1, §3.3"},
		{Code: CodeAnsEtranger, Balise: "numeroAns", Titre: "Numéro ANS non enregistré à votre nom", Message: "Le numéro ANS {recu} n’est pas enregistré pour votre société.", Attendu: "{mot}", Remede: "Utilisez un de vos numéros ANS, ou demandez son ajout à votre compte avant de déposer.", Reference: "§3.1"},
		{Code: CodeSiretEtranger, Balise: "SIRET", Titre: "SIRET différent de celui du compte", Message: "Le SIRET {recu} n’est pas celui de votre société.", Attendu: "{mot}", Remede: "Corrigez la balise SIRET ; c’est celui de votre enregistrement au portail.", Reference: "§3.1"},
		{Code: CodeAnsCouloir, Balise: "numeroAns", Titre: "Numéro ANS d’un autre dispositif", Message: "Le numéro ANS {recu} est enregistré pour {mot}, et non pour ce dispositif.", Attendu: "un numéro ANS du couloir PHA, logiciel LGO", Remede: "Déposez le fichier sous le numéro ANS de votre logiciel de gestion d’officine.", Reference: "§1.1"},
		{Code: CodeFenetre, Titre: "Période de dépôt fermée", Message: "Les dépôts ne sont pas ouverts : {mot}.", Attendu: "un dépôt pendant la période ouverte", Remede: "Consultez le calendrier de la campagne ; gardez votre fichier, il sera à redater le jour du dépôt.", Reference: "§1.1"},
		{Code: CodeFichierPris, Titre: "Numéro de fichier déjà utilisé", Message: "Un fichier {recu} a déjà été déposé ce jour.", Attendu: "{mot}", Remede: "Renommez le fichier {mot}, sans changer son contenu.", Reference: "§3.3, D3"},
		{Code: CodeFichierEpuise, Titre: "Plus de numéro de fichier ce jour", Message: "Les 999 numéros de fichier du jour sont utilisés pour ce numéro ANS.", Attendu: "999 fichiers par jour au plus", Remede: "Déposez ce fichier demain, avec la date de demain dans son nom.", Reference: "§3.3"},
		{Code: CodeNumeroBrule, Balise: "numeroEditeur", Titre: "numeroEditeur déjà utilisé", Message: "Le numéro éditeur {recu} a déjà servi dans un dépôt précédent.", Attendu: "un numéro jamais utilisé, même par une demande refusée", Remede: "Donnez un nouveau numéro à la demande et renommez ses pièces ; « segur reprendre » fait les deux.", Reference: "§3.2, D5"},
		{Code: CodePlafond, Balise: "commande.montantSegurHT", Titre: "Montant au-dessus du plafond", Message: "Le montant {recu} € HT dépasse le plus haut plafond de la campagne, {mot} € HT.", Attendu: "au plus {mot}", Remede: "Corrigez le montant : seule la prestation Ségur est financée.", Reference: "§3.1, D12"},
		{Code: CodeAvertDurci, Titre: "Avertissement refusé désormais", Message: "L’agence refuse maintenant ce qui n’était qu’un avertissement : {mot}.", Attendu: "une demande sans cet avertissement", Remede: "Corrigez ce que l’avertissement signale, au même endroit de ce rapport, et déposez la demande sous un nouveau numéro.", Reference: "D10"},
		{Code: CodeAvanceInconnue, Balise: "numeroASP", Titre: "Avance inconnue", Message: "Aucune de vos demandes d’avance ne porte le numéro {recu}.", Attendu: "le numeroASP d’une de vos avances", Remede: "Reprenez le numeroASP du fichier retour de l’avance.", Reference: "D13"},
		{Code: CodeAvanceImpayee, Balise: "numeroASP", Titre: "Avance non payée", Message: "L’avance {recu} n’est pas encore payée : elle est « {mot} ».", Attendu: "une avance décidée et payée", Remede: "Attendez le paiement de l’avance ; « segur suivre --soldables » dit ce qui peut être demandé.", Reference: "D13"},
		{Code: CodeAvanceAutre, Balise: "numeroEditeur", Titre: "numeroEditeur différent de celui de l’avance", Message: "Le numéro éditeur {recu} n’est pas celui de l’avance, {mot}.", Attendu: "{mot}", Remede: "Gardez pour le solde le numeroEditeur de l’avance.", Reference: "D13"},
		{Code: CodeSoldeDemande, Balise: "numeroASP", Titre: "Solde déjà demandé", Message: "Le solde de l’avance {recu} est déjà demandé sous le numéro {mot}.", Attendu: "un seul solde par avance", Remede: "Suivez la demande {mot} ; si elle est à modifier, corrigez-la au lieu d’en déposer une autre.", Reference: "D13"},
		{Code: CodeSoldeNul, Balise: "commande.montantSegurHT", Titre: "Solde nul", Message: "Il ne reste rien à payer : la base est de {mot}, déjà versée.", Attendu: "un solde supérieur à 0", Remede: "Vérifiez les montants de la commande et de la facture.", Reference: "D12, D13"},
		{Code: AvertFichierTrou, Titre: "Numéro de fichier sauté", Message: "Le fichier {recu} saute un numéro ; le premier libre était {mot}.", Attendu: "{mot}", Remede: "Rien à corriger : le dépôt est reçu. Suivez l’ordre 001, 002… si vous le pouvez.", Reference: "§3.3, D3"},
	}
	for i := range es {
		es[i].Gravite = Erreur
		if es[i].Code >= 9000 {
			es[i].Gravite = Avertissement
		}
	}
	return es
}

// entreePortail finds a code of the portal's catalogue; the zero Entree when
// it is not there.
func entreePortail(c Code) *Entree {
	es := CataloguePortail()
	for i := range es {
		if es[i].Code == c {
			return &es[i]
		}
	}
	return &Entree{}
}
