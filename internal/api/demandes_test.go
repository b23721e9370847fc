package api_test

import (
	"strings"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// post is an act as JSON.
func post(qui, chemin, corps string) appel { return appel{qui, "POST", chemin, corps, nil} }

func acte(qui, numero, corps string) appel { return post(qui, "/demandes/"+numero+"/actes", corps) }

// toutes answers the check-list of an advance.
const toutes = `{"officine": "oui", "montant": "oui", "date": "oui", "signature": "oui", "prestation": "oui", "regime": "sans_objet"}`

func TestScenesActes(t *testing.T) {
	t.Parallel()
	p := nouveauPortail(t)
	for i, n := range p.Amener(t, guichet.Deposee, 2) {
		p.nommer([]string{"1", "2"}[i], string(n))
	}
	p.entrees()
	const un, agi = "{1}", "demande passage"
	valider := `{"acte": "valider", "tranche": "B", "verifications": ` + toutes + `}`
	jouer(t, p, []scene{
		{nom: "nobody", appel: acte("", un, `{"acte": "prendre"}`), statut: 401},
		{nom: "unknown request", appel: acte("instructeur1", "ASP-99999999-6", `{"acte": "prendre"}`), statut: 404},
		{nom: "another supplier, whatever the body", appel: acte("b.gestionnaire", un, `{`), statut: 404},
		{nom: "unknown act", appel: acte("instructeur1", un, `{"acte": "dormir"}`), statut: 422, present: []string{"demander_modification"}},
		{nom: "unreadable", appel: acte("instructeur1", un, `{"acte": `), statut: 400},
		{nom: "a key twice", appel: acte("instructeur1", un, `{"acte": "prendre", "acte": "prendre"}`), statut: 400},
		{nom: "no object", appel: acte("instructeur1", un, `"prendre"`), statut: 400},
		{nom: "not an instructeur's", appel: acte("decideur", un, `{"acte": "prendre"}`), statut: 403, journal: []string{"decideur prendre {1} refuse"}},
		{nom: "right before status", appel: acte("decideur", un, valider), statut: 403, journal: []string{"decideur valider {1} refuse"}},
		{nom: "status before body", appel: acte("instructeur1", un, `{"acte": "valider", "tranche": 3}`), statut: 409},
		{nom: "prendre", appel: acte("instructeur1", un, `{"acte": "prendre"}`), statut: 200, present: []string{`"statut":"en_instruction"`, `"prochainActeur":"instructeur"`, `"verifications":[{`},
			journal: []string{"instructeur1 prendre {1} fait"}, change: agi},
		{nom: "twice", appel: acte("instructeur2", un, `{"acte": "prendre"}`), statut: 409},
		{nom: "unknown tranche", appel: acte("instructeur1", un, strings.Replace(valider, `"B"`, `"Z"`, 1)), statut: 422},
		{nom: "check-list not whole", appel: acte("instructeur1", un, strings.Replace(valider, `"date": "oui", `, "", 1)), statut: 422, present: []string{"date"}},
		{nom: "check-list answered wrong", appel: acte("instructeur1", un, strings.Replace(valider, `"oui"`, `"peut-être"`, 1)), statut: 422},
		{nom: "due date past", appel: acte("instructeur1", un, `{"acte": "demander_modification", "motifs": ["piece_illisible"], "cibles": ["commande"], "echeance": "2023-07-03", "message": ""}`), statut: 422},
		{nom: "reason of another act", appel: acte("instructeur1", un, `{"acte": "demander_modification", "motifs": ["doublon"], "cibles": ["commande"], "echeance": "2023-08-03"}`), statut: 422},
		{nom: "target nobody corrects", appel: acte("instructeur1", un, `{"acte": "demander_modification", "motifs": ["piece_illisible"], "cibles": ["SIRET"], "echeance": "2023-08-03"}`), statut: 422},
		{nom: "demander_modification", appel: acte("instructeur1", un, `{"acte": "demander_modification", "motifs": ["coordonnees"], "cibles": ["beneficiaire"], "echeance": "2023-08-03", "message": "Le nom est coupé."}`), statut: 200,
			present: []string{`"a_modifier"`, `"echeance":"2023-08-03"`, `"prochainActeur":"fournisseur"`}, journal: []string{"instructeur1 demander_modification {1} fait"}, change: "demande lettre passage"},
		{nom: "an agent does not correct", appel: acte("instructeur1", un, `{"acte": "corriger", "champs": {}}`), statut: 403, journal: []string{"instructeur1 corriger {1} refuse"}},
		{nom: "a correction that control refuses", appel: acte("a.deposant", un, `{"acte": "corriger", "champs": {"beneficiaire.nomResponsable": "Durand"}}`), statut: 422, present: []string{"beneficiaire.nomResponsable"}},
		{nom: "the sentence is of what refuses, not of a warning before it", appel: acte("a.deposant", un, `{"acte": "corriger", "champs": {"beneficiaire.FINESSGeo": "777777777", "scenarioInstallation.operateurMessagerie": "inconnu"}}`), statut: 422, present: []string{"ce jour. scenarioInstallation.operateurMessagerie", `"code":"9338"`}},
		{nom: "no act", appel: acte("a.deposant", un, `{"act": "corriger"}`), statut: 422, present: []string{"Il manque « acte »"}},
		{nom: "a number is not corrected", appel: acte("a.deposant", un, `{"acte": "corriger", "champs": {"numeroEditeur": "ZZZZZ"}}`), statut: 422},
		{nom: "corrections missing", appel: acte("a.deposant", un, `{"acte": "corriger"}`), statut: 422},
		{nom: "corriger", appel: acte("a.deposant", un, `{"acte": "corriger", "champs": {"beneficiaire.nomResponsable": "DURAND-ÉXEMPLE"}}`), statut: 200, present: []string{`"statut":"deposee"`, "DURAND-ÉXEMPLE"}, absent: []string{`"alertes"`, `"verifications"`},
			journal: []string{"a.deposant corriger {1} fait"}, change: agi},
		{nom: "prendre again", appel: acte("cumul", un, `{"acte": "prendre"}`), statut: 200, journal: []string{"cumul prendre {1} fait"}, change: agi},
		{nom: "valider", appel: acte("instructeur1", un, valider), statut: 200, present: []string{`"statut":"validee"`, `"prochainActeur":"decideur"`}, journal: []string{"instructeur1 valider {1} fait"}, change: agi},
		{nom: "nobody in two duties", appel: acte("cumul", un, `{"acte": "decider", "sens": "attribution"}`), statut: 403, present: []string{"instructeur"}, journal: []string{"cumul decider {1} refuse"}},
		{nom: "sense missing", appel: acte("decideur", un, `{"acte": "decider"}`), statut: 422},
		{nom: "refusal without reason", appel: acte("decideur", un, `{"acte": "decider", "sens": "refus", "motifs": []}`), statut: 422},
		{nom: "renvoyer without reason", appel: acte("decideur", un, `{"acte": "renvoyer", "motif": " "}`), statut: 422},
		{nom: "decider", appel: acte("decideur", un, `{"acte": "decider", "sens": "attribution"}`), statut: 200, present: []string{`"statut":"decidee"`, `"sens":"attribution"`, `"prochainActeur":"comptable"`}, journal: []string{"decideur decider {1} fait"}, change: "demande lettre passage"},
		{nom: "too late to cancel", appel: acte("a.gestionnaire", un, `{"acte": "annuler"}`), statut: 409},
		{nom: "annuler", appel: acte("a.gestionnaire", "{2}", `{"acte": "annuler"}`), statut: 200, present: []string{`"statut":"annulee"`, `"prochainActeur":null`, `"echeance":null`}, journal: []string{"a.gestionnaire annuler {2} fait"}, change: agi},
		{nom: "nothing to audit", appel: acte("controleur", un, `{"acte": "ouvrir_controle", "motif": "Essai"}`), statut: 409},
	})
}

// avecCle is a call that may be repeated.
func avecCle(a appel) appel {
	a.entetes = map[string]string{"Idempotency-Key": "essai"}
	return a
}

// A refusal answers for its call as long as somebody may repeat it for want of
// an answer; ten minutes later the call is judged by what has changed.
func TestRefusalIsKeptForAWhile(t *testing.T) {
	t.Parallel()
	p := nouveauPortail(t)
	n := p.Amener(t, guichet.EnInstruction, 1)[0]
	appel := avecCle(post("decideur", "/demandes/"+string(n)+"/actes", `{"acte": "decider", "sens": "attribution"}`))
	refus := p.appeler(appel)
	p.Agir(t, "instructeur1", n, guichet.ActeDemande{Action: guichet.Valider, Tranche: "B", Verifications: guichettest.Verifications(&guichet.Demande{})})
	if encore := p.appeler(appel); refus.statut != 409 || encore.statut != 409 || encore.corps != refus.corps || encore.entetes.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %s, then %d %s", refus.statut, refus.corps, encore.statut, encore.corps)
	}
	p.Horloge.Avancer(10 * time.Minute)
	for range 2 { // done, and its first answer again
		if r := p.appeler(appel); r.statut != 200 {
			t.Errorf("%d %s", r.statut, r.corps)
		}
	}
}

func TestScenesDecisions(t *testing.T) {
	t.Parallel()
	p := nouveauPortail(t)
	for i, n := range append(p.Amener(t, guichet.Validee, 3), p.Amener(t, guichet.Deposee, 1)...) {
		p.nommer([]string{"1", "2", "3", "4"}[i], string(n))
	}
	p.Agir(t, "decideur", guichet.NumeroASP(p.vrai("{3}")), guichet.ActeDemande{Action: guichet.Renvoyer, Motif: "Essai"})
	p.Agir(t, "cumul", guichet.NumeroASP(p.vrai("{3}")), guichet.ActeDemande{Action: guichet.ProposerRefus, Motifs: []string{"doublon"}})
	p.entrees()
	selection := `{"sens": "attribution", "numerosASP": ["{4}", "{1}", "{1}", "ASP-99999999-6"]}`
	jouer(t, p, []scene{
		{nom: "nobody", appel: post("", "/decisions", selection), statut: 401},
		{nom: "not a decideur", appel: post("instructeur1", "/decisions", `{`), statut: 403, journal: []string{"instructeur1 decider  refuse"}},
		{nom: "a supplier", appel: post("a.gestionnaire", "/decisions", selection), statut: 403, journal: []string{"a.gestionnaire decider  refuse"}},
		{nom: "unreadable", appel: post("decideur", "/decisions", `[]`), statut: 400},
		{nom: "nothing to decide", appel: post("decideur", "/decisions", `{"sens": "attribution", "numerosASP": []}`), statut: 422},
		{nom: "no sense", appel: post("decideur", "/decisions", `{"sens": "oui", "numerosASP": ["{1}"]}`), statut: 422},
		{nom: "a refusal without reason", appel: post("decideur", "/decisions", `{"sens": "refus", "numerosASP": ["{1}"]}`), statut: 422},
		{nom: "preview", appel: post("decideur", "/decisions", strings.Replace(selection, "]", `], "apercu": true`, 1)), statut: 200, present: []string{`{"numeroASP":"{1}","decidee":true,"statut":"validee","motif":""}`, `{"numeroASP":"{4}","decidee":false,"statut":"deposee"`}},
		{nom: "decided", appel: avecCle(post("decideur", "/decisions", selection)), statut: 200, present: []string{`{"numeroASP":"{1}","decidee":true,"statut":"decidee","motif":""}`, `"numeroASP":"ASP-99999999-6","decidee":false,"statut":null`, `{"numeroASP":"{1}","decidee":false,"statut":"decidee","motif":"Cette demande est déjà dans la sélection."}`},
			journal: []string{"decideur decider {1} fait"}, change: "cle demande lettre passage"},
		{nom: "the same call again has its first answer", appel: avecCle(post("decideur", "/decisions", selection)), statut: 200, present: []string{`{"numeroASP":"{1}","decidee":true,"statut":"decidee","motif":""}`}},
		{nom: "the same key for another selection", appel: avecCle(post("decideur", "/decisions", `{"sens": "attribution", "numerosASP": ["{2}"]}`)), statut: 409},
		{nom: "one who took part does not decide it", appel: post("cumul", "/decisions", `{"sens": "refus", "motifs": ["doublon"], "numerosASP": ["{3}", "{2}"]}`), statut: 200, present: []string{`{"numeroASP":"{3}","decidee":false`, `{"numeroASP":"{2}","decidee":true,"statut":"refusee"`},
			journal: []string{"cumul decider {2} fait", "cumul decider {3} refuse"}, change: "demande lettre passage"},
	})
}

func TestScenesLots(t *testing.T) {
	t.Parallel()
	p := nouveauPortail(t)
	for i, n := range p.Amener(t, guichet.Decidee, 2) {
		p.nommer([]string{"1", "2"}[i], string(n))
	}
	p.nommer("3", string(p.Amener(t, guichet.Validee, 1)[0]))
	p.entrees()
	const lot, agi = "/lots-paiement/{l}/actes", "demande lot passage"
	deux := `{"numerosASP": ["{1}", "{2}"]}`
	jouer(t, p, []scene{
		{nom: "nobody", appel: post("", "/lots-paiement", deux), statut: 401},
		{nom: "not a comptable", appel: post("decideur", "/lots-paiement", `{`), statut: 403, journal: []string{"decideur preparer  refuse"}},
		{nom: "unreadable", appel: post("comptable1", "/lots-paiement", `{`), statut: 400},
		{nom: "empty", appel: post("comptable1", "/lots-paiement", `{"numerosASP": []}`), statut: 422},
		{nom: "said twice", appel: post("comptable1", "/lots-paiement", `{"numerosASP": ["{1}", "{1}"]}`), statut: 422},
		{nom: "one unknown", appel: post("comptable1", "/lots-paiement", `{"numerosASP": ["{1}", "ASP-99999999-6"]}`), statut: 404},
		{nom: "one not awarded", appel: post("comptable1", "/lots-paiement", `{"numerosASP": ["{1}", "{3}"]}`), statut: 409, present: []string{"{3}"}},
		{nom: "prepared", appel: post("comptable1", "/lots-paiement", deux), statut: 201, garder: map[string]string{"l": "id"}, present: []string{`"nombre":2`, `"total":"510.00"`, `"statut":"prepare"`, `"empreinte":"sha256:`},
			journal: []string{"comptable1 preparer {l} fait"}, change: "demande lot lot_ligne passage sequence"},
		{nom: "in no other batch", appel: post("comptable2", "/lots-paiement", deux), statut: 409},
		{nom: "no payment file yet", appel: appel{"comptable1", "GET", "/lots-paiement/{l}/virement", "", nil}, statut: 409},
		{nom: "not by who prepared it", appel: post("comptable1", lot, `{"acte": "approuver"}`), statut: 403, journal: []string{"comptable1 approuver {l} refuse"}},
		{nom: "not by a decideur", appel: post("decideur", lot, `{"acte": "approuver"}`), statut: 403, journal: []string{"decideur approuver {l} refuse"}},
		{nom: "not by a supplier", appel: post("a.gestionnaire", lot, `{"acte": "approuver"}`), statut: 403, journal: []string{"a.gestionnaire approuver {l} refuse"}},
		{nom: "unknown act", appel: post("comptable2", lot, `{"acte": "payer"}`), statut: 422},
		{nom: "unknown batch", appel: post("comptable2", "/lots-paiement/inconnu/actes", `{"acte": "approuver"}`), statut: 404},
		{nom: "not settled before it is approved", appel: post("comptable2", lot, `{"acte": "regler", "date": "hier"}`), statut: 409},
		{nom: "approuver", appel: post("comptable2", lot, `{"acte": "approuver"}`), statut: 200, present: []string{`"statut":"approuve"`}, journal: []string{"comptable2 approuver {l} fait"}, change: "demande lot lot_virement passage"},
		{nom: "twice", appel: post("comptable2", lot, `{"acte": "approuver"}`), statut: 409},
		{nom: "the payment file", appel: appel{"auditeur", "GET", "/lots-paiement/{l}/virement", "", nil}, statut: 200, present: []string{"{1};255.00", "{2};255.00"}, journal: []string{"auditeur virement:lire {l} fait"}},
		{nom: "not for a decideur", appel: appel{"decideur", "GET", "/lots-paiement/{l}/virement", "", nil}, statut: 403, absent: []string{"255.00"}, journal: []string{"decideur virement:lire {l} refuse"}},
		{nom: "not for a supplier", appel: appel{"a.gestionnaire", "GET", "/lots-paiement/{l}/virement", "", nil}, statut: 403, absent: []string{"255.00"}, journal: []string{"a.gestionnaire virement:lire {l} refuse"}},
		{nom: "a return of a stranger", appel: post("comptable1", lot, `{"acte": "retourner", "retours": [{"numeroASP": "{3}", "motif": "AC04"}]}`), statut: 422},
		{nom: "a return without reason", appel: post("comptable1", lot, `{"acte": "retourner", "retours": [{"numeroASP": "{2}", "motif": "rien"}]}`), statut: 422},
		{nom: "retourner", appel: post("comptable1", lot, `{"acte": "retourner", "retours": [{"numeroASP": "{2}", "motif": "AC04"}]}`), statut: 200, present: []string{`"rejet":"AC04"`}, journal: []string{"comptable1 retourner {l} fait"}, change: "demande lot_ligne passage"},
		{nom: "a date that is no day", appel: post("comptable1", lot, `{"acte": "regler", "date": "2023-02-30"}`), statut: 422},
		{nom: "a date to come", appel: post("comptable1", lot, `{"acte": "regler", "date": "2023-07-04"}`), statut: 422},
		{nom: "a date before its approval", appel: post("comptable1", lot, `{"acte": "regler", "date": "2023-07-02"}`), statut: 422, present: []string{"approuvé que depuis le 03/07/2023"}},
		{nom: "regler", appel: post("comptable1", lot, `{"acte": "regler", "date": "2023-07-03"}`), statut: 200, present: []string{`"statut":"regle"`}, journal: []string{"comptable1 regler {l} fait"}, change: agi},
		{nom: "twice settled", appel: post("comptable1", lot, `{"acte": "regler", "date": "2023-07-03"}`), statut: 409},
		{nom: "paid once", appel: post("comptable1", "/lots-paiement", `{"numerosASP": ["{1}"]}`), statut: 409},
		{nom: "what came back is paid again", appel: post("comptable2", "/lots-paiement", `{"numerosASP": ["{2}"]}`), statut: 201, garder: map[string]string{"m": "id"}, present: []string{`"total":"255.00"`},
			journal: []string{"comptable2 preparer {m} fait"}, change: "demande lot lot_ligne passage sequence"},
		{nom: "a batch is read", appel: appel{"controleur", "GET", "/lots-paiement/{l}", "", nil}, statut: 200, present: []string{`"nombre":2`}},
		{nom: "batches are read", appel: appel{"administrateur", "GET", "/lots-paiement", "", nil}, statut: 200, present: []string{"{l}", "{m}"}},
		{nom: "not by a supplier", appel: appel{"a.gestionnaire", "GET", "/lots-paiement/{l}", "", nil}, statut: 403, journal: []string{"a.gestionnaire lot:lire {l} refuse"}},
	})
}

// The a posteriori control, in its order and in no other.
func TestScenesControleAPosteriori(t *testing.T) {
	t.Parallel()
	p := nouveauPortail(t)
	p.nommer("1", string(p.Amener(t, guichet.Payee, 1)[0]))
	p.entrees()
	const un, agi = "{1}", "demande passage"
	ouvrir := `{"acte": "ouvrir_controle", "motif": "Tirage"}`
	jouer(t, p, []scene{
		{nom: "not by an auditeur", appel: acte("auditeur", un, ouvrir), statut: 403, journal: []string{"auditeur ouvrir_controle {1} refuse"}},
		{nom: "no finding before", appel: acte("controleur", un, `{"acte": "constater", "conforme": false}`), statut: 409},
		{nom: "no recovery before", appel: acte("controleur", un, `{"acte": "recouvrer", "montant": "10.00", "motif": "x"}`), statut: 409},
		{nom: "no reason", appel: acte("controleur", un, `{"acte": "ouvrir_controle"}`), statut: 422},
		{nom: "opened", appel: acte("controleur", un, ouvrir), statut: 200, present: []string{`"statut":"payee"`}, journal: []string{"controleur ouvrir_controle {1} fait"}, change: agi},
		{nom: "twice", appel: acte("controleur", un, ouvrir), statut: 409},
		{nom: "neither yes nor no", appel: acte("controleur", un, `{"acte": "constater", "conforme": "non"}`), statut: 422},
		{nom: "found", appel: acte("controleur", un, `{"acte": "constater", "conforme": false, "observations": "Facture absente"}`), statut: 200, journal: []string{"controleur constater {1} fait"}, change: "demande lettre passage"},
		{nom: "of nothing", appel: acte("controleur", un, `{"acte": "recouvrer", "montant": "0.00", "motif": "x"}`), statut: 422},
		{nom: "a number is no amount", appel: acte("controleur", un, `{"acte": "recouvrer", "montant": 10.00, "motif": "x"}`), statut: 422},
		{nom: "over what was paid", appel: acte("controleur", un, `{"acte": "recouvrer", "montant": "255.01", "motif": "x"}`), statut: 422},
		{nom: "all of it", appel: acte("controleur", un, `{"acte": "recouvrer", "montant": "255.00", "motif": "x"}`), statut: 200, journal: []string{"controleur recouvrer {1} fait"}, change: "creance demande lettre passage"},
		{nom: "twice recovered", appel: acte("controleur", un, `{"acte": "recouvrer", "montant": "1.00", "motif": "x"}`), statut: 409},
	})
}

func TestScenesLectures(t *testing.T) {
	t.Parallel()
	p := nouveauPortail(t)
	p.nommer("1", string(p.Amener(t, guichet.EnInstruction, 1)[0]))
	p.nommer("2", string(p.Deposer(t, "b.gestionnaire", 1).Demandes[0].NumeroASP))
	p.entrees()
	get := func(qui, chemin string) appel { return appel{qui, "GET", chemin, "", nil} }
	jouer(t, p, []scene{
		{nom: "retention before its first passage", appel: get("auditeur", "/conservation"), statut: 200, present: []string{`"dernierPassage":null,"prochainPassage":"2023-07-04T01:00:00.000Z"`}},
		{nom: "a supplier sees its own", appel: get("a.lecteur", "/demandes"), statut: 200, present: []string{"{1}", `"curseurSuivant":null`}, absent: []string{"{2}"}},
		{nom: "an agent sees all", appel: get("auditeur", "/demandes"), statut: 200, present: []string{"{1}", "{2}"}, journal: []string{"auditeur demande:lire demandes fait"}},
		{nom: "by status", appel: get("auditeur", "/demandes?statut=incomplete"), statut: 200, present: []string{"{2}", `"piecesManquantes":["PHA-`}, absent: []string{"{1}"}, journal: []string{"auditeur demande:lire demandes fait"}},
		{nom: "since, its plus sign not encoded", appel: get("auditeur", "/demandes?depuis=2023-07-04T00:00:00+02:00"), statut: 200, present: []string{`"demandes":[]`}},
		{nom: "since, and nothing is shown", appel: get("auditeur", "/demandes?depuis=2023-07-04T00:00:00%2B02:00"), statut: 200, present: []string{`"demandes":[]`}},
		{nom: "unknown status", appel: get("auditeur", "/demandes?statut=perdue"), statut: 400},
		{nom: "status twice", appel: get("auditeur", "/demandes?statut=payee&statut=payee"), statut: 400},
		{nom: "no instant", appel: get("auditeur", "/demandes?depuis=hier"), statut: 400},
		{nom: "no cursor of ours", appel: get("auditeur", "/demandes?curseur=ZA"), statut: 400},
		{nom: "its own request", appel: get("a.lecteur", "/demandes/{1}"), statut: 200, present: []string{`"acteur":"instructeur"`, `"statut":"en_instruction"`}, absent: []string{`"alertes"`, `"verifications"`, "instructeur1"}},
		{nom: "another's", appel: get("a.lecteur", "/demandes/{2}"), statut: 404, absent: []string{"incomplete"}},
		{nom: "an agent's reading is an entry", appel: get("auditeur", "/demandes/{1}"), statut: 200, present: []string{`"alertes":[`, `"verifications":[{`, "instructeur1"}, journal: []string{"auditeur demande:lire {1} fait"}},
		{nom: "unknown", appel: get("auditeur", "/demandes/ASP-99999999-6"), statut: 404},
		{nom: "reasons", appel: get("b.gestionnaire", "/motifs"), statut: 200, present: []string{`"code":"piece_illisible"`, `"actes":["demander_modification"`}},
		{nom: "reasons are for accounts", appel: get("", "/motifs"), statut: 401},
		{nom: "the journal is not a comptable's", appel: get("comptable1", "/journal"), statut: 403, journal: []string{"comptable1 journal:lire  refuse"}},
		{nom: "nor a supplier's", appel: get("a.gestionnaire", "/journal"), statut: 403, journal: []string{"a.gestionnaire journal:lire  refuse"}},
		{nom: "an auditeur's", appel: get("auditeur", "/journal"), statut: 200, present: []string{`"numero": 1,`, `"suivant": null`, `"resultat": "refuse"`}},
		{nom: "from an entry on", appel: get("administrateur", "/journal?depuis=1000000"), statut: 200, present: []string{`"entrees": []`}},
		{nom: "from no number", appel: get("auditeur", "/journal?depuis=un"), statut: 400},
		{nom: "the token is not read from the address", appel: get("", "/motifs?access_token="+p.jetons["auditeur"]), statut: 401},
		{nom: "no such address", appel: get("auditeur", "/inconnu"), statut: 404},
		{nom: "no such method", appel: appel{"auditeur", "DELETE", "/demandes/{1}", "", nil}, statut: 405},
		{nom: "a foreign origin", appel: appel{"", "OPTIONS", "/motifs", "", map[string]string{"Origin": "https://ailleurs.example"}}, statut: 405},
	})
}

// Every page of a long list is reached once, whatever is asked of each.
func TestPagesOfRequests(t *testing.T) {
	t.Parallel()
	p := nouveauPortail(t)
	p.Deposer(t, "a.gestionnaire", 200)
	p.Deposer(t, "a.gestionnaire", 5)
	vus := map[string]bool{}
	curseur := ""
	for range 4 {
		r := p.appeler(appel{"a.lecteur", "GET", "/demandes?curseur=" + curseur, "", nil})
		for x := range strings.SplitSeq(r.corps, `"numeroASP":"`) {
			if n, _, _ := strings.Cut(x, `"`); strings.HasPrefix(n, "ASP-") {
				if vus[n] {
					t.Errorf("%s twice", n)
				}
				vus[n] = true
			}
		}
		if curseur = valeur(r.corps, "curseurSuivant"); curseur == "" {
			break
		}
	}
	if len(vus) != 205 || curseur != "" {
		t.Errorf("%d requests on the pages, then %q", len(vus), curseur)
	}
}

// A balance through the API: refused until its advance is paid, then a request
// of its own, and in the returned file the number stays the advance's.
func TestScenesSolde(t *testing.T) {
	t.Parallel()
	p := nouveauPortail(t)
	a, b := guichettest.Fournisseurs()[0], guichettest.Fournisseurs()[1]
	n := p.Amener(t, guichet.Payee, 1)[0]
	p.nommer("1", string(n))
	m := p.Amener(t, guichet.MiseEnPaiement, 1)[0]
	payee, enCours := guichet.Demande{NumeroASP: n, NumeroEditeur: "00001"}, guichet.Demande{NumeroASP: m, NumeroEditeur: "00002"}
	autre := guichet.Demande{NumeroASP: n, NumeroEditeur: "00002"}
	p.entrees()
	solde := func(qui string, f guichettest.Fournisseur, ds ...guichet.Demande) appel {
		return depot(qui, p.NomFichier(f), string(guichettest.FichierSolde(f, ds...)), "solde", f.Ans, nil)
	}
	refusee := func(nom, cle string, x appel) scene {
		return scene{nom: nom, appel: x, statut: 201, present: []string{`"code":"30`, `"demandes":[]`}, garder: map[string]string{cle: "id"}, journal: []string{x.qui + " deposer {" + cle + "} fait"}, change: "depot depot_fichier rejet"}
	}
	jouer(t, p, []scene{
		refusee("advance not paid", "d1", solde("a.deposant", a, enCours)),
		refusee("another numeroEditeur", "d2", solde("a.deposant", a, autre)),
		refusee("another supplier's advance", "d3", solde("b.gestionnaire", b, payee)),
		{nom: "the balance, asked for twice in one file", appel: solde("a.deposant", a, payee, payee), statut: 201, present: []string{`"verdict":"partiel"`}, garder: map[string]string{"d": "id", "s": "demandes.0.numeroASP"}, journal: []string{"a.deposant deposer {d} fait"}, change: "demande depot depot_fichier rejet sequence"},
		refusee("one balance an advance", "d4", solde("a.gestionnaire", a, payee)),
		{nom: "a request of its own", appel: appel{"a.lecteur", "GET", "/demandes/{s}", "", nil}, statut: 200, present: []string{`"type":"solde"`, `"numeroASPAvance":"{1}"`, `"solde":"595.00"`, `"statut":"incomplete"`}},
		{nom: "the returned file", appel: appel{"a.lecteur", "GET", "/depots/{d}/retour", "", nil}, statut: 200, present: []string{`"numeroASP": "{1}"`}, absent: []string{"{s}"}},
	})
}
