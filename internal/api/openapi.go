package api

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"guichet.example/internal/guichet"
	"guichet.example/internal/tus"
)

type objetJSON = map[string]any

func (s *serveur) openapi(w http.ResponseWriter, r *http.Request, _ *guichet.Acteur) error {
	return s.repondre(w, r, http.StatusOK, description(s.g.Outil().Version))
}

// description is the API as OpenAPI 3.1, printed from the table of routes.
func description(version string) objetJSON {
	chemins := map[string]objetJSON{}
	for _, r := range routes() {
		if chemins[r.chemin] == nil {
			chemins[r.chemin] = objetJSON{}
		}
		chemins[r.chemin][strings.ToLower(r.methode)] = operationDe(r)
	}
	return objetJSON{
		"openapi": "3.1.0",
		"info": objetJSON{"title": "Guichet", "version": version,
			"description": "Dépôt, instruction et paiement des demandes de financement Ségur des logiciels d’officine. Les refus sont des problem+json (RFC 9457)."},
		"servers":  []any{objetJSON{"url": racine}},
		"security": []any{objetJSON{"jeton": []string{}}},
		"paths":    chemins,
		"components": objetJSON{
			"securitySchemes": objetJSON{"jeton": objetJSON{"type": "http", "scheme": "bearer"}},
			"schemas":         schemas(),
		},
	}
}

var parametreChemin = regexp.MustCompile(`\{(\w+)\}`)

// gardeReponse tells the calls that may be repeated with a key: see [appelDe].
func (r route) gardeReponse() bool {
	return r.methode == http.MethodPost && (slices.Contains([]string{"/depots", "/decisions", "/lots-paiement"}, r.chemin) ||
		strings.HasSuffix(r.chemin, "/actes") && !strings.HasPrefix(r.chemin, "/webhooks"))
}

func operationDe(r route) objetJSON {
	var params []any
	for _, m := range parametreChemin.FindAllStringSubmatch(r.chemin, -1) {
		params = append(params, objetJSON{"name": m[1], "in": "path", "required": true, "schema": objetJSON{"type": "string"}})
	}
	for _, p := range parametresRequete(r) {
		params = append(params, objetJSON{"name": p[0], "in": "query", "description": p[1], "schema": objetJSON{"type": "string"}})
	}
	for _, p := range entetesEnvoi(r) {
		params = append(params, objetJSON{"name": p[0], "in": "header", "description": p[1], "schema": objetJSON{"type": "string"}})
	}
	if r.gardeReponse() {
		params = append(params, objetJSON{"name": "Idempotency-Key", "in": "header", "description": "La même clé et le même contenu rendent la première réponse.", "schema": objetJSON{"type": "string", "maxLength": cleMax}})
	}
	o := objetJSON{"summary": r.resume, "operationId": nomOperation(r), "responses": objetJSON{
		strconv.Itoa(r.statut): faitDe(r.reponse),
		"default":              objetJSON{"description": "Refus", "content": objetJSON{"application/problem+json": objetJSON{"schema": ref("Probleme")}}},
	}}
	if params != nil {
		o["parameters"] = params
	}
	if r.action == "" {
		o["security"] = []any{}
	}
	if c := corpsDe(r.corps); c != nil {
		o["requestBody"] = objetJSON{"required": true, "content": c}
	}
	return o
}

func nomOperation(r route) string {
	return strings.ToLower(r.methode) + strings.NewReplacer("/", "_", "{", "", "}", "", "-", "_", ".", "_").Replace(r.chemin)
}

func parametresRequete(r route) [][2]string {
	switch r.methode + " " + r.chemin {
	case "POST /controles":
		return [][2]string{{"nom", "nom du fichier, contrôlé lui aussi"}, {"type", "avance (défaut) ou solde"}}
	case "GET /demandes":
		return [][2]string{{"statut", "un statut"}, {"type", "avance ou solde"}, {"depuis", "modifiées depuis cet instant, RFC 3339"}, {"curseur", "curseurSuivant de la page précédente"}}
	case "GET /recouvrements":
		return [][2]string{{"ouverts", "oui : ceux dont une somme reste à rendre"}}
	case "GET /lectures":
		return [][2]string{{"acteur", "un compte"}, {"numeroASP", "une demande"}, {"depuis", "instant, RFC 3339"}, {"avant", "numéro d’entrée : les lectures d’avant"}}
	case "GET /journal":
		return [][2]string{{"depuis", "numéro de la première entrée"}}
	}
	return nil
}

// entetesEnvoi are the headers of tus.
func entetesEnvoi(r route) [][2]string {
	switch r.methode + " " + r.chemin {
	case "POST /depots/{id}/envois":
		return [][2]string{{"Upload-Length", "taille du zip, en octets"}, {"Upload-Metadata", "filename et cle, en base64 ; la même cle reprend le même envoi"}}
	case "PATCH /envois/{id}":
		return [][2]string{{"Upload-Offset", "octets déjà reçus"}, {"Upload-Checksum", "« sha256 » puis la somme de la tranche en base64"}}
	}
	return nil
}

func ref(nom string) objetJSON { return objetJSON{"$ref": "#/components/schemas/" + nom} }

func faitDe(reponse string) objetJSON {
	if reponse == "" {
		return objetJSON{"description": "Fait ; rien à lire"}
	}
	return objetJSON{"description": "Fait", "content": contenuDe(reponse)}
}

func contenuDe(reponse string) objetJSON {
	if strings.Contains(reponse, "/") {
		return objetJSON{reponse: objetJSON{}}
	}
	return objetJSON{"application/json": objetJSON{"schema": ref(reponse)}}
}

func corpsDe(corps string) objetJSON {
	switch nom, json := strings.CutPrefix(corps, "json:"); {
	case json:
		return objetJSON{"application/json": objetJSON{"schema": ref(nom)}}
	case corps == "multipart":
		return objetJSON{"multipart/form-data": objetJSON{"schema": objetJSON{"type": "object", "required": []string{"fichier", "type", "numeroAns"}, "properties": objetJSON{
			"fichier": objetJSON{"type": "string", "contentMediaType": "application/json", "description": "JSON-<numeroAns>-<AAAAMMJJ>-<NNN>.json, 10 Mio au plus"},
			"type":    objetJSON{"enum": []string{"avance", "solde"}}, "numeroAns": objetJSON{"type": "string"}}}}}
	case corps == "tranche":
		return objetJSON{tus.TypeTranche: objetJSON{}}
	case corps == "fichier":
		return objetJSON{"application/octet-stream": objetJSON{}}
	}
	return nil
}

// Builders of schemas.
func texteS(description string) objetJSON {
	return objetJSON{"type": "string", "description": description}
}
func nulS(description string) objetJSON {
	return objetJSON{"type": []string{"string", "null"}, "description": description}
}
func listeS(de objetJSON) objetJSON { return objetJSON{"type": "array", "items": de} }
func objetS(props objetJSON, requis ...string) objetJSON {
	o := objetJSON{"type": "object", "properties": props}
	if len(requis) > 0 {
		o["required"] = requis
	}
	return o
}

func schemas() objetJSON {
	montant := objetJSON{"type": "string", "pattern": `^\d+\.\d{2}$`}
	entier := objetJSON{"type": "integer"}
	booleen := objetJSON{"type": "boolean"}
	numeros := listeS(texteS("numéro ASP"))
	var statuts []string
	for _, e := range guichet.Etats() {
		statuts = append(statuts, string(e.Statut))
	}
	statut := objetJSON{"enum": statuts}
	demande := objetJSON{
		"numeroASP": texteS("numéro de la demande"), "numeroEditeur": texteS("numéro du fournisseur"), "type": objetJSON{"enum": []string{"avance", "solde"}}, "statut": statut,
		"statutLibelle": texteS("statut en français"), "prochainActeur": nulS("qui agit maintenant"), "echeance": nulS("pour quand, AAAA-MM-JJ"), "modifie": texteS("dernier changement"),
		"montants":         objetS(objetJSON{"ht": montant, "base": montant, "avance": montant, "solde": montant, "verse": montant}),
		"piecesManquantes": listeS(texteS("nom de fichier")),
	}
	entiere := objetJSON{"numeroASPAvance": nulS("d’un solde : le numéro de son avance"), "decision": objetJSON{"type": []string{"object", "null"}}, "modification": objetJSON{"type": []string{"object", "null"}}, "champs": objetJSON{"type": "object"},
		"historique": listeS(objetS(objetJSON{"date": texteS("instant"), "acte": texteS("acte"), "acteur": texteS("qui"), "statut": nulS("statut pris par cet acte")})),
		"alertes":    listeS(objetJSON{"type": "object"}), "verifications": listeS(objetJSON{"type": "object"}), "refusPropose": listeS(texteS("motif d’un refus proposé, pour les agents"))}
	for k, v := range demande {
		entiere[k] = v
	}
	lot := objetJSON{"id": texteS("numéro du lot"), "statut": objetJSON{"enum": []string{"prepare", "approuve", "regle"}}, "nombre": entier, "total": montant, "empreinte": texteS("sha256: de la liste gelée"), "cree": texteS("instant de la préparation"),
		"demandes": listeS(objetS(objetJSON{"numeroASP": texteS("numéro"), "montant": montant, "brut": montant, "retenue": montant, "rejet": texteS("motif du rejet par la banque")}))}
	recouvrement := objetS(objetJSON{"id": entier, "reference": texteS("celle de la lettre"), "numeroASP": texteS("demande"), "fournisseur": texteS("raison sociale"), "montant": montant, "retenu": montant, "rembourse": montant, "reste": montant,
		"mode": objetJSON{"enum": []string{"remboursement", "compensation"}}, "echeance": nulS("dernier jour pour rembourser"), "retenues": listeS(objetJSON{"type": "object"}), "remboursements": listeS(objetJSON{"type": "object"})})
	refusee := objetS(objetJSON{"nomFichier": texteS("tel qu’écrit"), "code": texteS("24xx"), "message": texteS("pourquoi"), "remede": texteS("que faire")})
	couverture := objetS(objetJSON{"complete": booleen, "recues": listeS(objetJSON{"type": "object"}), "manquantes": listeS(objetJSON{"type": "object"}), "refusees": listeS(refusee)}, "complete", "recues", "manquantes", "refusees")
	envoi := objetJSON{"id": texteS("numéro de l’envoi"), "depot": texteS("numéro du dépôt"), "nomFichier": texteS("nom donné"), "taille": entier, "recu": entier, "expire": texteS("instant où il s’efface"), "trancheMax": entier}
	actes := []string{}
	for _, a := range guichet.Actes() {
		actes = append(actes, string(a.Action))
	}
	actes = append(actes, string(guichet.Repondre), string(guichet.Classer))
	return objetJSON{
		"Probleme":   objetS(objetJSON{"type": texteS("genre"), "title": texteS("titre"), "status": entier, "detail": texteS("explication"), "requete": texteS("identifiant de la requête, à citer à l’exploitant ; quand le portail a failli"), "rapport": ref("Rapport"), "refusees": listeS(refusee), "constats": listeS(objetJSON{"type": "object", "description": "constat du rapport de contrôle"})}, "type", "title", "status", "detail"),
		"Rapport":    objetJSON{"type": "object", "description": "rapport de contrôle, celui de « segur controler --sortie json »"},
		"Couverture": couverture,
		"Depot": objetS(objetJSON{"id": texteS("numéro du dépôt"), "type": texteS("avance ou solde"), "numeroAns": texteS("numéro ANS"), "nomFichier": texteS("nom"), "date": texteS("instant"), "sha256": texteS("empreinte"), "rapport": ref("Rapport"), "demandes": listeS(objetJSON{"type": "object"}), "couverture": ref("Couverture"),
			"certificat": objetJSON{"type": []string{"object", "null"}, "description": "certificat de contrôle joint (champ « certificat ») ; null sans lui", "properties": objetJSON{"reconnu": booleen, "message": texteS("ce que le portail en dit")}}}),
		"Envoi":          objetS(envoi),
		"Webhook":        objetS(objetJSON{"id": entier, "url": texteS("adresse appelée"), "actif": booleen, "livre": objetJSON{"type": "integer", "description": "dernier événement livré"}, "cree": texteS("instant"), "secret": texteS("qui signe les appels ; seulement quand il vient d’être fait")}),
		"Webhooks":       objetS(objetJSON{"webhooks": listeS(ref("Webhook"))}),
		"NouveauWebhook": objetS(objetJSON{"url": texteS("https, nom public, sans identifiant")}, "url"),
		"ActeWebhook":    objetS(objetJSON{"acte": objetJSON{"enum": []string{"essayer", "renouveler", "rejouer", "arreter"}}, "depuis": objetJSON{"type": "integer", "description": "rejouer : premier événement à livrer"}}, "acte"),
		"Livraisons":     objetS(objetJSON{"livraisons": listeS(objetS(objetJSON{"date": texteS("instant"), "premier": entier, "dernier": entier, "statut": objetJSON{"type": "integer", "description": "HTTP ; 0 sans réponse"}, "erreur": nulS("pourquoi elle a échoué")}))}),
		"Envois":         objetS(objetJSON{"envois": listeS(ref("Envoi"))}),
		"Demande":        objetS(demande),
		"Demandes":       objetS(objetJSON{"demandes": listeS(ref("Demande")), "curseurSuivant": nulS("à donner pour la page suivante")}),
		"DemandeEntiere": objetS(entiere),
		"Acte": objetS(objetJSON{"acte": objetJSON{"enum": actes}, "tranche": texteS("valider"), "verifications": objetJSON{"type": "object", "description": "valider"}, "motifs": listeS(texteS("code")), "cibles": listeS(texteS("balise")),
			"echeance": texteS("AAAA-MM-JJ"), "message": texteS("demander_modification"), "sens": objetJSON{"enum": []string{"attribution", "refus", "retrait"}}, "motif": texteS("renvoyer, reviser, ouvrir_controle, recouvrer, classer"),
			"champs": objetJSON{"type": "object", "description": "corriger"}, "reponse": texteS("repondre"), "mode": objetJSON{"enum": []string{"remboursement", "compensation"}, "description": "recouvrer ; remboursement par défaut"}, "conforme": booleen, "observations": texteS("constater"), "montant": montant}, "acte"),
		"Decisions": objetS(objetJSON{"sens": objetJSON{"enum": []string{"attribution", "refus"}}, "numerosASP": numeros, "motifs": listeS(texteS("code")), "apercu": booleen}, "sens", "numerosASP"),
		"Resultats": objetS(objetJSON{"resultats": listeS(objetS(objetJSON{"numeroASP": texteS("numéro"), "decidee": booleen, "statut": nulS("statut"), "motif": texteS("pourquoi non")}))}),
		"Regles": objetS(objetJSON{"jeux": listeS(objetS(objetJSON{"type": texteS("avance ou solde"), "id": texteS("jeu de règles"), "version": texteS("sa version"), "empreinte": texteS("son empreinte : même empreinte, même contrôle")})),
			"durcis": listeS(objetS(objetJSON{"code": texteS("avertissement refusé"), "type": texteS("avance ou solde"), "depuis": texteS("premier jour du refus, AAAA-MM-JJ")}))}),
		"Motifs":  objetS(objetJSON{"motifs": listeS(objetS(objetJSON{"code": texteS("code"), "libelle": texteS("libellé"), "remede": texteS("ce que le fournisseur peut faire"), "actes": listeS(texteS("acte"))}))}),
		"Numeros": objetS(objetJSON{"numerosASP": numeros}, "numerosASP"),
		"Lot":     objetS(lot),
		"Lots":    objetS(objetJSON{"lots": listeS(objetJSON{"type": "object"})}),
		"ActeLot": objetS(objetJSON{"acte": objetJSON{"enum": []string{"approuver", "retourner", "regler"}}, "retours": listeS(objetS(objetJSON{"numeroASP": texteS("numéro"), "motif": texteS("AC04")})), "date": texteS("AAAA-MM-JJ")}, "acte"),
		"Releve": objetS(objetJSON{"id": texteS("sha256 du fichier"), "format": texteS("pain.002… ou camt.054…"), "message": texteS("référence de la banque"), "ordre": nulS("lot auquel il répond"), "rejet": nulS("motif, quand l’ordre entier est refusé"), "lus": entier,
			"explication": nulS("pourquoi un refus entier ne peut pas être noté"), "aNoter": entier, "lignes": listeS(objetS(objetJSON{"numeroASP": texteS("EndToEndId"), "motif": texteS("AC04"), "detail": texteS("les mots de la banque"), "montant": nulS("selon la banque"), "envoye": nulS("selon nous"), "lot": nulS("lot"),
				"etat": objetJSON{"enum": []string{"a_noter", "deja_note", "inconnu", "non_envoye", "regle", "montant", "autre_ordre"}}, "explication": texteS("pourquoi il n’est pas noté")}))}),
		"ActeReleve":       objetS(objetJSON{"acte": objetJSON{"enum": []string{"appliquer"}}}, "acte"),
		"Recouvrement":     recouvrement,
		"Recouvrements":    objetS(objetJSON{"recouvrements": listeS(ref("Recouvrement"))}),
		"ActeRecouvrement": objetS(objetJSON{"acte": objetJSON{"enum": []string{"rembourser", "compenser"}}, "montant": montant, "date": texteS("AAAA-MM-JJ"), "reference": texteS("du virement"), "motif": texteS("compenser")}, "acte"),
		"Audit":            objetJSON{"type": "object"}, "Audits": objetS(objetJSON{"audits": listeS(ref("Audit"))}),
		"NouvelAudit": objetS(objetJSON{"libelle": texteS("nom"), "aTirer": entier, "type": texteS("avance, solde ou rien"), "du": texteS("réglées depuis, AAAA-MM-JJ"), "au": texteS("réglées jusqu’au"), "fournisseur": entier, "min": montant, "max": montant}, "libelle", "aTirer"),
		"Tirage":      objetS(objetJSON{"graine": texteS("ligne de texte publique"), "source": texteS("où chacun peut la lire")}, "graine", "source"),
		"Conservation": objetS(objetJSON{"regles": listeS(objetJSON{"type": "object"}), "dernierPassage": objetJSON{"type": []string{"object", "null"}, "description": "date, par, efface, resume ; null s’il n’y en a pas eu"},
			"prochainPassage": nulS("instant ; null si l’effacement attend une personne")}),
		"Effacement": objetS(objetJSON{"efface": objetJSON{"type": "object"}, "resume": texteS("en français")}),
		"Motif":      objetS(objetJSON{"motif": texteS("qui le demande, et comment")}, "motif"),
		"Lectures":   objetS(objetJSON{"lectures": listeS(objetJSON{"type": "object"}), "suivant": objetJSON{"type": []string{"integer", "null"}}}),
		"Journal":    objetS(objetJSON{"clairs": objetJSON{"type": "object", "description": "par numéro d’entrée : les textes dont l’entrée porte le sceau, avec leur sel ; absents une fois effacés"}, "entrees": listeS(objetJSON{"type": "object"}), "suivant": objetJSON{"type": []string{"integer", "null"}}}),
	}
}
