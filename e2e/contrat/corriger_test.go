package contrat

import (
	"testing"
)

func TestCorrectionMeetsTheRulesOfTheDay(t *testing.T) {
	t.Parallel()
	d := partage(t, "actes")
	f := d.fournisseur(0)
	asp := d.enEtat(t, "a_modifier")[0]
	corriger := func(champs any) reponse { return f.agir(t, asp, objet{"acte": "corriger", "champs": champs}) }
	for _, champs := range []any{
		objet{"beneficiaire.nomResponsable": "minuscules"}, objet{"commande.dateCommande": "31/02/2023"}, objet{"commande.dateCommande": nil},
		objet{"commande.montantSegurHT": "700.00"}, objet{"commande.montantSegurHT": 0}, objet{"commande.regimeTVA": "ttc"}, objet{"beneficiaire.FINESSGeo": "12"},
		objet{"numeroEditeur": "Z9999"}, objet{"numeroASP": "ASP-1"}, objet{"numLigne": 2}, objet{"typeAction": "S"}, objet{"SIRET": "00000000000000"}, objet{"numeroAns": "DEMO000002"}, objet{"impId": "x"},
		objet{"codeTraitement": "0000"}, objet{"inconnue": 1}, objet{"commande.inconnue": 1}, objet{"": 1},
		[]string{}, "texte", 12, nil,
	} {
		if !corriger(champs).veut(t, "correction refusée au contrôle 2, ou qui touche un numéro", 400, 422) {
			t.Logf("champs : %v", champs)
		}
	}
	for _, brut := range []string{
		`{"acte":"corriger","champs":{"commande.montantSegurHT":700}}`, `{"acte":"corriger","champs":{"commande.montantSegurHT":7e2}}`,
		`{"acte":"corriger","champs":{"beneficiaire.nomResponsable":"A","beneficiaire.nomResponsable":"B"}}`, `{"acte":"corriger"}`,
		`{"acte":"corriger","champs":{"commande.montantSegurHT":99999.99}}`,
	} {
		if !f.agir(t, asp, brut).veut(t, "correction mauvaise", 400, 422) {
			t.Logf("corps : %s", brut)
		}
	}
	if v := f.voir(t, asp); v.Statut != "a_modifier" || texte(v.Montants.HT) != "708.33" {
		t.Fatalf("une correction refusée a changé la demande : %s %s", v.Statut, texte(v.Montants.HT))
	}
	r := f.agir(t, asp, `{"acte":"corriger","champs":{"commande.montantSegurHT":700.05,"beneficiaire.nomResponsable":"TITULAIRE CORRIGÉ","beneficiaire.emailResponsable":null}}`).exige(t, "bonne correction", 200)
	v := lire[demande](t, r)
	if v.Statut != "deposee" || texte(v.Montants.HT) != "700.05" || texte(v.Montants.Base) != "840.06" || texte(v.Montants.Avance) != "252.02" {
		t.Errorf("après correction : %s, montants %s %s %s", v.Statut, texte(v.Montants.HT), texte(v.Montants.Base), texte(v.Montants.Avance))
	}
	f.agir(t, asp, objet{"acte": "corriger", "champs": objet{}}).veut(t, "corriger deux fois", 409, 200)
	d.agent(t, "instructeur").faire(t, asp, objet{"acte": "prendre"})
}

// A correction that declares one more piece leaves the request incomplete
// until that piece is there.
func TestCorrectionThatNeedsAPieceIsIncomplete(t *testing.T) {
	t.Parallel()
	d := partage(t, "actes")
	f := d.fournisseur(0)
	asp := d.enEtat(t, "a_modifier")[0]
	ed := f.voir(t, asp).NumeroEditeur
	f.agir(t, asp, objet{"acte": "corriger", "champs": objet{"commande.regimeTVA": "HT"}}).veut(t, "HT sans PREUVE_HT", 400, 422)
	l := ligne{editeur: ed, avecHT: true}
	r := f.agir(t, asp, `{"acte":"corriger","champs":{"commande.regimeTVA":"HT","piecesJustificatives":`+l.jsonPieces()+`}}`)
	if !r.veut(t, "corriger le régime et ses pièces, si le bloc se corrige", 200, 400, 422) || r.statut != 200 {
		return
	}
	v := lire[demande](t, r)
	if v.Statut != "incomplete" || len(v.PiecesManquantes) != 1 || v.PiecesManquantes[0] != l.pieces()[1] {
		t.Errorf("pièce déclarée et pas reçue : %s, manquent %v", v.Statut, v.PiecesManquantes)
	}
	f.mettrePiece(t, asp, l.pieces()[1], pieceDe(l.pieces()[1])).exige(t, "la pièce ajoutée", 200)
	if v := f.voir(t, asp); v.Statut != "deposee" || texte(v.Montants.Base) != "708.33" {
		t.Errorf("complétée : %s, base %s", v.Statut, texte(v.Montants.Base))
	}
}

func TestAuditActsComeInTheirOrder(t *testing.T) {
	t.Parallel()
	d := partage(t, "actes")
	c := d.agent(t, "controleur")
	ouvrir, constater := objet{"acte": "ouvrir_controle", "motif": "Tirage."}, objet{"acte": "constater", "conforme": false, "observations": "Facture illisible."}
	recouvrer := func(m any) objet { return objet{"acte": "recouvrer", "montant": m, "motif": "Trop versé."} }
	asp := d.enEtat(t, "payee")[0]
	c.agir(t, asp, constater).veut(t, "constater avant d’ouvrir", 409)
	c.agir(t, asp, recouvrer("10.00")).veut(t, "recouvrer avant d’ouvrir", 409)
	c.agir(t, asp, objet{"acte": "ouvrir_controle"}).veut(t, "ouvrir sans motif", 400, 422)
	if v := c.faire(t, asp, ouvrir); v.Statut != "payee" {
		t.Errorf("contrôle ouvert : %s", v.Statut)
	}
	c.agir(t, asp, recouvrer("10.00")).veut(t, "recouvrer avant de constater", 409)
	c.agir(t, asp, ouvrir).veut(t, "ouvrir deux fois", 409, 200)
	for _, x := range []objet{avec(constater, "conforme", nil), avec(constater, "conforme", "non")} {
		if !c.agir(t, asp, x).veut(t, "constat mal formé", 400, 422) {
			t.Logf("corps : %v", x)
		}
	}
	c.faire(t, asp, constater)
	for _, m := range []any{"255.01", "0.00", "0", "-1.00", "", "abc", "10,00", "10.001", "1e1", " 10.00", 10, 10.00, nil, "99999999999999999999.00", "NaN"} {
		if !c.agir(t, asp, recouvrer(m)).veut(t, "montant à recouvrer mauvais", 400, 409, 422) {
			t.Logf("montant : %v", m)
		}
	}
	c.agir(t, asp, objet{"acte": "recouvrer", "montant": "10.00"}).veut(t, "recouvrer sans motif", 400, 422)
	if v := c.faire(t, asp, recouvrer("255.00")); v.Statut != "payee" {
		t.Errorf("recouvrée : %s", v.Statut)
	}
	c.agir(t, asp, recouvrer("0.01")).veut(t, "au-delà de ce qui fut payé", 400, 409, 422)
}

// TestNoTwoDutiesOnOneRequest follows the agent who has every duty.
func TestNoTwoDutiesOnOneRequest(t *testing.T) {
	t.Parallel()
	d := partage(t, "actes")
	cumul := d.agent(t, "cumul")
	attribuer := objet{"acte": "decider", "sens": "attribution"}
	prise := d.enEtat(t, "deposee")[0]
	cumul.faire(t, prise, objet{"acte": "prendre"})
	cumul.faire(t, prise, d.validation(t, prise))
	cumul.agir(t, prise, attribuer).veut(t, "qui a instruit ne décide pas", 403)
	cumul.agir(t, prise, objet{"acte": "renvoyer", "motif": "x"}).veut(t, "qui a instruit ne renvoie pas", 403)
	d.agent(t, "decideur").faire(t, prise, attribuer)
	cumul.appeler(t, "POST", "/api/v1/lots-paiement", objet{"numerosASP": []string{prise}}).veut(t, "qui a instruit ne paie pas", 403, 409, 422)
	id := d.preparerLot(t, []string{prise}).ID
	d.agirLot(t, cumul, id, objet{"acte": "approuver"}).veut(t, "qui a instruit n’approuve pas", 403)
	d.agirLot(t, d.agent(t, "comptable", 1), id, objet{"acte": "approuver"}).exige(t, "approuver", 200)
	d.agirLot(t, d.agent(t, "comptable"), id, objet{"acte": "regler", "date": aujourdhui().ISO()}).exige(t, "régler, tout comptable", 200)
	cumul.agir(t, prise, objet{"acte": "ouvrir_controle", "motif": "x"}).veut(t, "qui a instruit ne contrôle pas", 403)

	decidee := d.enEtat(t, "validee")[0]
	cumul.faire(t, decidee, attribuer)
	cumul.appeler(t, "POST", "/api/v1/lots-paiement", objet{"numerosASP": []string{decidee}}).veut(t, "qui a décidé ne paie pas", 403, 409, 422)

	renvoyee := d.enEtat(t, "validee")[0]
	cumul.faire(t, renvoyee, objet{"acte": "renvoyer", "motif": "x"})
	cumul.agir(t, renvoyee, d.validation(t, renvoyee)).veut(t, "qui a renvoyé n’instruit pas", 403)

	payee := d.enEtat(t, "payee")[0]
	cumul.faire(t, payee, objet{"acte": "ouvrir_controle", "motif": "x"})
}

type resultats struct {
	Resultats []struct {
		NumeroASP string
		Decidee   bool
		Statut    string
		Motif     *string
	}
}

func TestDecisionsOfAWholeSelection(t *testing.T) {
	t.Parallel()
	d := partage(t, "actes")
	decideur, cumul := d.agent(t, "decideur"), d.agent(t, "cumul")
	bonnes := d.enEtat(t, "validee", ligne{}, ligne{}, ligne{})
	deposee, proposee, instruite := d.enEtat(t, "deposee")[0], d.enEtat(t, "refus_propose")[0], d.enEtat(t, "deposee")[0]
	cumul.faire(t, instruite, objet{"acte": "prendre"})
	cumul.faire(t, instruite, d.validation(t, instruite))
	ordre := []string{bonnes[2], deposee, bonnes[0], "ASP-INCONNU", bonnes[1]}
	decider := func(c *client, corps objet, veut ...bool) {
		t.Helper()
		r := c.appeler(t, "POST", "/api/v1/decisions", corps).exige(t, "décider une sélection", 200)
		res := lire[resultats](t, r).Resultats
		asps := corps["numerosASP"].([]string)
		if len(res) != len(asps) {
			t.Fatalf("%d résultats pour %d numéros : %s", len(res), len(asps), r.extrait())
		}
		for i, x := range res {
			if x.NumeroASP != asps[i] || x.Decidee != veut[i] || !x.Decidee && texte(x.Motif) == "null" {
				t.Errorf("résultat %d : %+v ; attendu %s, decidee %v", i, x, asps[i], veut[i])
			}
		}
	}
	attribution := objet{"sens": "attribution", "numerosASP": ordre}
	decider(decideur, avec(attribution, "apercu", true), true, false, true, false, true)
	for _, asp := range bonnes {
		if v := decideur.voir(t, asp); v.Statut != "validee" {
			t.Fatalf("l’aperçu a décidé %s : %s", asp, v.Statut)
		}
	}
	decider(decideur, avec(attribution, "apercu", false), true, false, true, false, true)
	for _, asp := range bonnes {
		if v := decideur.voir(t, asp); v.Statut != "decidee" || v.Decision == nil || v.Decision.Sens != "attribution" {
			t.Errorf("%s après la sélection : %s %+v", asp, v.Statut, v.Decision)
		}
	}
	decider(decideur, attribution, false, false, false, false, false)
	decider(cumul, objet{"sens": "attribution", "numerosASP": []string{instruite}}, false)
	decider(decideur, objet{"sens": "refus", "numerosASP": []string{proposee, instruite}, "motifs": []string{d.motif(t, "decider")}}, true, true)
	for _, corps := range []any{objet{}, "{", objet{"sens": "oui", "numerosASP": bonnes}, objet{"sens": "refus", "numerosASP": bonnes}, objet{"sens": "attribution"}, objet{"sens": "attribution", "numerosASP": "x"},
		objet{"sens": "refus", "numerosASP": bonnes, "motifs": []string{"CODE-INCONNU"}}, `{"sens":"attribution","sens":"refus","numerosASP":[]}`} {
		if !decideur.appeler(t, "POST", "/api/v1/decisions", corps).veut(t, "sélection mal formée", 400, 422) {
			t.Logf("corps : %v", corps)
		}
	}
	for _, c := range d.comptes() {
		if c.Role != "decideur" && c.Role != "cumul" {
			d.client(c).appeler(t, "POST", "/api/v1/decisions", attribution).veut(t, "403 pour tous sauf le décideur", 403)
		}
	}
}
