package contrat

import (
	"slices"
	"strings"
	"sync"
	"testing"
)

// ligneActe is one row of the table of acts.
type ligneActe struct {
	nom    string
	role   string // "" is the supplier
	depuis []string
	vers   string // status after it
	corps  func(t testing.TB, d *demo, asp string) objet
}

// statutsDepart are the statuses from which each act is tried.
var statutsDepart = []string{"incomplete", "deposee", "en_instruction", "refus_propose", "validee", "a_modifier", "decidee", "mise_en_paiement", "payee", "paiement_rejete", "refusee", "annulee"}

func simple(o objet) func(testing.TB, *demo, string) objet {
	return func(testing.TB, *demo, string) objet { return o }
}

func actesDuContrat() []ligneActe {
	return []ligneActe{
		{"prendre", "instructeur", []string{"deposee"}, "en_instruction", simple(objet{"acte": "prendre"})},
		{"valider", "instructeur", []string{"en_instruction", "refus_propose?"}, "validee", func(t testing.TB, d *demo, asp string) objet { return d.validation(t, asp) }},
		{"demander_modification", "instructeur", []string{"en_instruction", "refus_propose?"}, "a_modifier", func(t testing.TB, d *demo, _ string) objet { return d.demandeModification(t) }},
		{"proposer_refus", "instructeur", []string{"en_instruction", "refus_propose?"}, "en_instruction", func(t testing.TB, d *demo, _ string) objet {
			return objet{"acte": "proposer_refus", "motifs": []string{d.motif(t, "proposer_refus")}}
		}},
		{"decider attribution", "decideur", []string{"validee", "refus_propose?"}, "decidee", simple(objet{"acte": "decider", "sens": "attribution"})},
		{"decider refus", "decideur", []string{"validee", "refus_propose"}, "refusee", func(t testing.TB, d *demo, _ string) objet {
			return objet{"acte": "decider", "sens": "refus", "motifs": []string{d.motif(t, "decider")}}
		}},
		{"renvoyer", "decideur", []string{"validee", "refus_propose"}, "en_instruction", simple(objet{"acte": "renvoyer", "motif": "La tranche est à revoir."})},
		{"corriger", "", []string{"a_modifier"}, "deposee", simple(objet{"acte": "corriger", "champs": objet{"beneficiaire.nomResponsable": "TITULAIRE CORRIGÉ"}})},
		{"annuler", "", []string{"incomplete", "deposee", "en_instruction", "refus_propose", "validee", "a_modifier"}, "annulee", simple(objet{"acte": "annuler"})},
		{"ouvrir_controle", "controleur", []string{"payee"}, "payee", simple(objet{"acte": "ouvrir_controle", "motif": "Tirage du mois."})},
		{"constater", "controleur", nil, "payee", simple(objet{"acte": "constater", "conforme": true, "observations": "Rien à signaler."})},
		{"recouvrer", "controleur", nil, "payee", simple(objet{"acte": "recouvrer", "montant": "10.00", "motif": "Trop versé."})},
	}
}

func (d *demo) pour(t testing.TB, role string) *client {
	if role == "" {
		return d.fournisseur(0)
	}
	return d.agent(t, role)
}

// TestEachActFromEachStatus tries the whole table: 200 from the statuses of
// its row, 409 from all others, and nothing changed then.
func TestEachActFromEachStatus(t *testing.T) {
	t.Parallel()
	d := partage(t, "actes")
	for _, a := range actesDuContrat() {
		for _, statut := range statutsDepart {
			t.Run(a.nom+"/"+statut, func(t *testing.T) {
				t.Parallel()
				asp := d.enEtat(t, statut)[0]
				avant := d.fournisseur(0).voir(t, asp)
				r := d.pour(t, a.role).agir(t, asp, a.corps(t, d, asp))
				switch {
				case slices.Contains(a.depuis, statut):
					r.exige(t, "du statut de sa ligne", 200)
				case slices.Contains(a.depuis, statut+"?"):
					r.exige(t, "le contrat laisse ouvert", 200, 409)
				default:
					r.exige(t, "pas depuis ce statut", 409)
				}
				apres := d.fournisseur(0).voir(t, asp)
				if r.statut == 409 {
					if apres.Statut != avant.Statut || len(apres.Historique) != len(avant.Historique) {
						t.Errorf("409, et pourtant %s → %s", avant.Statut, apres.Statut)
					}
					return
				}
				if v := lire[demande](t, r); v.NumeroASP != asp || v.Statut != a.vers || apres.Statut != a.vers {
					t.Errorf("après l’acte : %s (relu %s), attendu %s", v.Statut, apres.Statut, a.vers)
				}
				verifierHistorique(t, a, avant, apres)
			})
		}
	}
}

// verifierHistorique wants one more entry for the act, its status filled only
// when another one was entered.
func verifierHistorique(t *testing.T, a ligneActe, avant, apres demande) {
	t.Helper()
	if len(apres.Historique) <= len(avant.Historique) {
		t.Errorf("l’acte n’est pas dans l’historique : %+v", apres.Historique)
		return
	}
	acte := strings.Fields(a.nom)[0]
	neuves := apres.Historique[len(avant.Historique):]
	if neuves[0].Acte != acte || neuves[0].Acteur == "" {
		t.Errorf("historique : %+v, attendu l’acte %s et son acteur", neuves[0], acte)
	}
	entre := ""
	for _, h := range neuves {
		if h.Statut != nil {
			entre += *h.Statut
		}
	}
	if veut := map[bool]string{true: apres.Statut}[avant.Statut != apres.Statut]; entre != veut {
		t.Errorf("statuts entrés d’après l’historique : %q, attendu %q : %+v", entre, veut, neuves)
	}
}

func TestActsBelongToTheirRole(t *testing.T) {
	t.Parallel()
	d := partage(t, "actes")
	depart := map[string]string{"prendre": "deposee", "corriger": "a_modifier", "annuler": "deposee", "ouvrir_controle": "payee", "decider attribution": "validee", "decider refus": "validee", "renvoyer": "validee"}
	for _, a := range actesDuContrat() {
		if a.depuis == nil {
			continue
		}
		t.Run(a.nom, func(t *testing.T) {
			t.Parallel()
			statut := depart[a.nom]
			if statut == "" {
				statut = "en_instruction"
			}
			asp := d.enEtat(t, statut)[0]
			corps := a.corps(t, d, asp)
			for _, c := range d.comptes() {
				permis := slices.Contains(c.Roles, a.role) || a.role == "" && c.Role == ""
				if permis {
					continue
				}
				veut := []int{403}
				if c.Role == "" && c.Utilisateur != d.Fournisseurs[0].Utilisateur {
					veut = append(veut, 404)
				}
				d.client(c).agir(t, asp, corps).veut(t, "pas son droit", veut...)
			}
			d.anonyme().agir(t, asp, corps).veut(t, "sans jeton", 401)
			d.pour(t, a.role).agir(t, asp, corps).veut(t, "à qui de droit", 200)
		})
	}
}

func TestNextActorOfEachStatus(t *testing.T) {
	t.Parallel()
	d := partage(t, "actes")
	for statut, acteur := range map[string]string{
		"incomplete": "fournisseur", "deposee": "instructeur", "en_instruction": "instructeur", "refus_propose": "decideur", "validee": "decideur", "a_modifier": "fournisseur",
		"decidee": "comptable", "mise_en_paiement": "comptable", "paiement_rejete": "comptable", "payee": "null", "refusee": "null", "annulee": "null",
	} {
		v := d.fournisseur(0).voir(t, d.enEtat(t, statut)[0])
		if vu := texte(v.ProchainActeur); vu != acteur {
			t.Errorf("%s : prochainActeur %s, attendu %s", statut, vu, acteur)
		}
		if v.Echeance != nil && !formeJour.MatchString(*v.Echeance) {
			t.Errorf("%s : echeance %q", statut, *v.Echeance)
		}
		if statut == "a_modifier" && texte(v.Echeance) != jourDans(15) {
			t.Errorf("a_modifier : échéance %s, attendu celle demandée %s", texte(v.Echeance), jourDans(15))
		}
		if sens := map[string]string{"decidee": "attribution", "refusee": "refus"}[statut]; sens != "" && (v.Decision == nil || v.Decision.Sens != sens || sens == "refus" && len(v.Decision.Motifs) != 1) {
			t.Errorf("%s : décision %+v", statut, v.Decision)
		}
	}
}

// Status first, then the body; and a body that is refused changes nothing.
func TestBodiesOfActsAreJudgedLast(t *testing.T) {
	t.Parallel()
	d := partage(t, "actes")
	i := d.agent(t, "instructeur")
	deposee, instruite := d.enEtat(t, "deposee")[0], d.enEtat(t, "en_instruction")[0]
	i.agir(t, deposee, objet{"acte": "valider", "tranche": "inconnue"}).veut(t, "le statut avant le corps", 409)
	i.agir(t, deposee, objet{"acte": "demander_modification"}).veut(t, "le statut avant le corps", 409)
	i.agir(t, instruite, objet{"acte": "decider"}).veut(t, "le droit avant le corps", 403)
	bonne, modif := d.validation(t, instruite), d.demandeModification(t)
	codes := bonne["verifications"].(objet)
	var un string
	for un = range codes {
		break
	}
	verif := func(cle string, v any) objet {
		o := objet{}
		for c, x := range codes {
			o[c] = x
		}
		if v == nil {
			delete(o, cle)
		} else {
			o[cle] = v
		}
		return avec(bonne, "verifications", o)
	}
	mauvais := []any{
		"", "{", "[]", "null", `"prendre"`, "12", `{"acte":"prendre"} {}`, `{"acte":"prendre","acte":"prendre"}`, "\"\xff\"", strings.Repeat("[", 100000), `{"acte":null}`, `{"acte":3}`, `{}`,
		`{"acte":"valider","tranche":"B","tranche":"B"}`,
		objet{"acte": "inconnu"}, objet{"acte": "PRENDRE"}, objet{"acte": ""},
		avec(bonne, "tranche", "inconnue"), avec(bonne, "tranche", nil), avec(bonne, "tranche", 3), avec(bonne, "verifications", nil), avec(bonne, "verifications", []string{"oui"}),
		verif(un, nil), verif(un, "peut-être"), verif(un, true), verif("CODE-INCONNU", "oui"),
		avec(modif, "motifs", []string{}), avec(modif, "motifs", []string{"CODE-INCONNU"}), avec(modif, "motifs", "x"), avec(modif, "motifs", nil), avec(modif, "cibles", []string{"pas.une.balise"}), avec(modif, "cibles", "commande"),
		avec(modif, "echeance", "demain"), avec(modif, "echeance", jourDans(-1)), avec(modif, "echeance", "2027-02-30"), avec(modif, "echeance", nil),
		objet{"acte": "proposer_refus"}, objet{"acte": "proposer_refus", "motifs": []string{}}, objet{"acte": "proposer_refus", "motifs": []string{"CODE-INCONNU"}},
	}
	for _, corps := range mauvais {
		r := i.agir(t, instruite, corps)
		if !r.veut(t, "corps d’acte mauvais", 400, 422) {
			t.Logf("corps : %.300v", corps)
		}
	}
	if v := i.voir(t, instruite); v.Statut != "en_instruction" || texte(v.ProchainActeur) != "instructeur" {
		t.Errorf("un corps refusé a changé la demande : %s", v.Statut)
	}
	decideur, validee := d.agent(t, "decideur"), d.enEtat(t, "validee")[0]
	for _, corps := range []any{objet{"acte": "decider"}, objet{"acte": "decider", "sens": "oui"}, objet{"acte": "decider", "sens": "refus"}, objet{"acte": "decider", "sens": "refus", "motifs": []string{}}, objet{"acte": "decider", "sens": "refus", "motifs": []string{"CODE-INCONNU"}}, objet{"acte": "renvoyer"}, objet{"acte": "renvoyer", "motif": ""}} {
		if !decideur.agir(t, validee, corps).veut(t, "corps de décision mauvais", 400, 422) {
			t.Logf("corps : %v", corps)
		}
	}
	if v := decideur.voir(t, validee); v.Statut != "validee" {
		t.Errorf("un corps refusé a changé la demande : %s", v.Statut)
	}
}

// avec is an object with one key changed, or taken out by nil.
func avec(o objet, cle string, v any) objet {
	n := objet{}
	for c, x := range o {
		n[c] = x
	}
	if n[cle] = v; v == nil {
		delete(n, cle)
	}
	return n
}

func TestTargetsTakeBalisesBlocksAndPieces(t *testing.T) {
	t.Parallel()
	d := partage(t, "actes")
	for _, cible := range []string{"commande.montantSegurHT", "beneficiaire", "certificatsServeur", "piecesJustificatives", "scenarioInstallation.operateurMessagerie"} {
		asp := d.enEtat(t, "en_instruction")[0]
		d.agent(t, "instructeur").agir(t, asp, avec(d.demandeModification(t), "cibles", []string{cible})).veut(t, "cible "+cible, 200)
	}
}

func TestActTwiceHasOneEffect(t *testing.T) {
	t.Parallel()
	d := partage(t, "actes")
	i := d.agent(t, "instructeur")
	asp := d.enEtat(t, "deposee")[0]
	i.faire(t, asp, objet{"acte": "prendre"})
	i.agir(t, asp, objet{"acte": "prendre"}).veut(t, "un acte fait deux fois", 200, 409)
	ensemble := d.enEtat(t, "deposee")[0]
	var g sync.WaitGroup
	for n := range 8 {
		g.Go(func() {
			d.agent(t, "instructeur", n%2).agir(t, ensemble, objet{"acte": "prendre"}).veut(t, "huit clics à la fois", 200, 409)
		})
	}
	g.Wait()
	for _, x := range []string{asp, ensemble} {
		n := 0
		for _, h := range i.voir(t, x).Historique {
			if texte(h.Statut) == "en_instruction" {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s est entrée %d fois en instruction", x, n)
		}
	}
}

func TestProposalIsAnsweredByTheDecider(t *testing.T) {
	t.Parallel()
	d := partage(t, "actes")
	asp := d.enEtat(t, "refus_propose")[0]
	v := d.agent(t, "decideur").faire(t, asp, objet{"acte": "renvoyer", "motif": "À revoir."})
	if v.Statut != "en_instruction" || texte(v.ProchainActeur) != "instructeur" {
		t.Errorf("renvoyée : %s, prochain %s", v.Statut, texte(v.ProchainActeur))
	}
	d.agent(t, "decideur").agir(t, asp, objet{"acte": "decider", "sens": "refus", "motifs": []string{d.motif(t, "decider")}}).veut(t, "plus de refus proposé", 409)
	d.agent(t, "decideur").agir(t, d.enEtat(t, "en_instruction")[0], objet{"acte": "renvoyer", "motif": "x"}).veut(t, "rien à renvoyer", 409)
}
