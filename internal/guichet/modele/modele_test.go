// Package modele holds the agency's business against a small model of what
// contracts.md and api.md promise: random walks on both stores, alone and
// several at once, and the acts of each situation as a golden. It is tests
// only, imports nothing above the stores and is imported by nobody.
//
// Start at modele_test.go, the model; marche_test.go walks, invariants_test.go
// says what must be true of any world. GUICHET_MODELE_PAS makes walks longer.
package modele

import (
	"slices"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// The model is what contracts.md and api.md promise, written once more and
// from them alone: it shares no table with the product.

// droitsModele says who may do what.
var droitsModele = map[guichet.Action][]guichet.Role{
	"prendre": {"instructeur"}, "valider": {"instructeur"}, "demander_modification": {"instructeur"}, "proposer_refus": {"instructeur"},
	"decider": {"decideur"}, "renvoyer": {"decideur"}, "reviser": {"decideur"},
	"preparer": {"comptable"}, "approuver": {"comptable"}, "retourner": {"comptable"}, "regler": {"comptable"}, "rembourser": {"comptable"}, "compenser": {"comptable"},
	"ouvrir_controle": {"controleur"}, "constater": {"controleur"}, "recouvrer": {"controleur"},
	"corriger": {"gestionnaire", "deposant"}, "annuler": {"gestionnaire", "deposant"},
	"deposer": {"gestionnaire", "deposant"}, "deposer_pieces": {"gestionnaire", "deposant"},
}

// fonctions are the duties that one person may not join on one request.
var fonctions = map[guichet.Action]string{
	"prendre": "instructeur", "valider": "instructeur", "demander_modification": "instructeur", "proposer_refus": "instructeur",
	"decider": "decideur", "renvoyer": "decideur", "reviser": "decideur",
	"preparer": "comptable", "approuver": "comptable", "retourner": "comptable", "regler": "comptable", "rembourser": "comptable", "compenser": "comptable",
	"ouvrir_controle": "controleur", "constater": "controleur", "recouvrer": "controleur",
}

// depuis lists the statuses that an act on a request starts from; refus stands
// for en_instruction with a refusal proposed.
const refus = "refus"

var depuis = map[guichet.Action][]string{
	"prendre": {"deposee"}, "valider": {"en_instruction"}, "demander_modification": {"en_instruction"}, "proposer_refus": {"en_instruction"},
	"decider": {"validee", refus}, "renvoyer": {"validee", refus}, "corriger": {"a_modifier"},
	"reviser":         {"decidee", "paiement_rejete", "refusee"},
	"annuler":         {"incomplete", "deposee", "en_instruction", refus, "validee", "a_modifier"},
	"ouvrir_controle": {"payee"}, "constater": {"payee"}, "recouvrer": {"payee"}, "rembourser": {"payee"}, "compenser": {"payee"},
}

// modeleDemande is a request as the model knows it.
type modeleDemande struct {
	numero      guichet.NumeroASP
	fournisseur string
	editeur     string
	avance      *modeleDemande // of a balance
	solde       *modeleDemande // of an advance: the balance that stands
	statut      string
	refus       bool
	montant     segur.Montant // what awarding it is worth
	base, verse segur.Montant
	recouvre    segur.Montant
	audit       string // "", "ouvert", "conforme", "ecart", "clos"
	pieces      map[string]bool
	lot         *modeleLot
	fonctions   map[string]string // duty by account
	validee     bool              // its check-list is answered
}

type modeleLot struct {
	id      guichet.LotID
	statut  string
	prepare string
	lignes  []*modeleLigne
}

type modeleLigne struct {
	d       *modeleDemande
	montant segur.Montant // due
	retenue segur.Montant // kept back of it
	parts   []modelePart
	rejet   bool
}

func (d *modeleDemande) etat() string {
	if d.refus {
		return refus
	}
	return d.statut
}

func (d *modeleDemande) complete() bool {
	for _, recue := range d.pieces {
		if !recue {
			return false
		}
	}
	return true
}

// a tells whether an account has the right of an act.
func a(compte *guichet.Acteur, acte guichet.Action) bool {
	return slices.ContainsFunc(compte.Roles, func(r guichet.Role) bool { return slices.Contains(droitsModele[acte], r) })
}

// ailleurs tells whether an account has another duty on the request.
func (d *modeleDemande) ailleurs(compte *guichet.Acteur, acte guichet.Action) bool {
	f, autre := fonctions[acte], d.fonctions[compte.Identifiant]
	return f != "" && autre != "" && autre != f
}

// marquer notes under which duty an account has acted.
func (d *modeleDemande) marquer(compte *guichet.Acteur, acte guichet.Action) {
	if f := fonctions[acte]; f != "" {
		d.fonctions[compte.Identifiant] = f
	}
}

// bon is the kind of an error that is none.
const bon guichet.Genre = ""

// attendu judges an act on a request before its content.
func (d *modeleDemande) attendu(compte *guichet.Acteur, acte guichet.Action) guichet.Genre {
	switch {
	case etranger(compte, d.fournisseur):
		return guichet.Inconnu
	case !a(compte, acte), d.ailleurs(compte, acte):
		return guichet.Interdit
	case !slices.Contains(depuis[acte], d.etat()):
		return guichet.Conflit
	case acte == "reviser" && d.lot != nil:
		return guichet.Conflit
	case acte == "ouvrir_controle" && (d.audit == "ouvert" || d.audit == "ecart"),
		acte == "constater" && d.audit != "ouvert",
		acte == "recouvrer" && d.audit != "ecart":
		return guichet.Conflit
	}
	return bon
}

// etranger tells a supplier's user who must not know of another's objects.
func etranger(compte *guichet.Acteur, fournisseur string) bool {
	return !compte.Agent() && compte.Identifiant[:1] != fournisseur
}

// agir does an allowed act on the model.
func (d *modeleDemande) agir(compte *guichet.Acteur, q *guichet.ActeDemande) {
	d.marquer(compte, q.Action)
	switch q.Action {
	case "prendre":
		d.statut = "en_instruction"
	case "valider":
		d.statut, d.validee = "validee", true
	case "demander_modification":
		d.statut = "a_modifier"
	case "proposer_refus":
		d.refus = true
	case "decider":
		d.refus, d.statut = false, "decidee"
		if q.Sens == "refus" {
			d.clore("refusee")
		}
	case "reviser":
		d.reviser(q.Sens)
	case "renvoyer":
		d.refus, d.statut = false, "en_instruction"
	case "annuler":
		d.refus = false
		d.clore("annulee")
	case "corriger":
		d.corriger(q)
	case "ouvrir_controle":
		d.audit = "ouvert"
	case "constater":
		d.audit = "ecart"
		if *q.Conforme {
			d.audit = "conforme"
		}
	case "recouvrer":
		m, _ := segur.LireMontant(q.Montant)
		d.audit, d.recouvre = "clos", d.recouvre+m
	}
}

// reviser puts another decision in the place of the one that stands.
func (d *modeleDemande) reviser(sens string) {
	if d.statut == "refusee" && d.avance != nil {
		d.avance.solde = d
	}
	switch sens {
	case "attribution":
		d.statut = "decidee"
	case "refus":
		d.clore("refusee")
	default:
		d.statut = "en_instruction"
	}
}

// jugerRevision judges a decision that would replace another by its content.
func (d *modeleDemande) jugerRevision(sens string) guichet.Genre {
	attribuee := d.statut != "refusee"
	switch {
	case sens == "attribution" && (attribuee || !d.validee), sens == "refus" && !attribuee:
		return guichet.Conflit
	case !attribuee && d.avance != nil && d.avance.solde != nil:
		return guichet.Conflit
	}
	return bon
}

func (d *modeleDemande) clore(statut string) {
	if d.statut = statut; d.avance != nil {
		d.avance.solde = nil
	}
}

// corriger applies the corrections that the walk knows: another amount, or the
// regime HT with its proof, which is one more document.
func (d *modeleDemande) corriger(q *guichet.ActeDemande) {
	if _, ok := q.Champs["commande.montantSegurHT"]; ok {
		d.base, d.montant = 840_00, 252_00
	}
	if _, ok := q.Champs["commande.regimeTVA"]; ok {
		d.base, d.montant = 708_33, 212_50
		if _, ok := d.pieces[preuve(d)]; !ok {
			d.pieces[preuve(d)] = false
		}
	}
	if d.statut = "deposee"; !d.complete() {
		d.statut = "incomplete"
	}
}

func preuve(d *modeleDemande) string { return "PHA-LGO-Va1-HT-" + d.editeur + ".pdf" }

// attenduLot judges the preparation of a batch.
func attenduLot(compte *guichet.Acteur, ds []*modeleDemande) guichet.Genre {
	if !a(compte, "preparer") {
		return guichet.Interdit
	}
	for i, d := range ds {
		if slices.Contains(ds[:i], d) {
			return guichet.Invalide
		}
	}
	for _, d := range ds {
		if d.ailleurs(compte, "preparer") {
			return guichet.Interdit
		}
	}
	for _, d := range ds {
		if d.statut != "decidee" && d.statut != "paiement_rejete" || d.lot != nil {
			return guichet.Conflit
		}
	}
	return bon
}

// attendu judges an act on a batch before its content.
func (l *modeleLot) attendu(compte *guichet.Acteur, acte guichet.Action) guichet.Genre {
	if !a(compte, acte) || acte == "approuver" && l.prepare == compte.Identifiant {
		return guichet.Interdit
	}
	for _, x := range l.lignes {
		if x.d.ailleurs(compte, acte) {
			return guichet.Interdit
		}
	}
	if acte == "approuver" && l.statut != "prepare" || acte != "approuver" && l.statut != "approuve" {
		return guichet.Conflit
	}
	return bon
}

// agir does an allowed act on a batch; rendus are the payments sent back.
func (l *modeleLot) agir(compte *guichet.Acteur, acte guichet.Action, rendus []*modeleLigne) {
	switch acte {
	case "approuver":
		l.statut = "approuve"
		for _, x := range l.lignes {
			x.d.statut = "mise_en_paiement"
			x.d.marquer(compte, acte)
		}
	case "retourner":
		for _, x := range rendus {
			x.rejet, x.d.lot, x.d.statut = true, nil, "paiement_rejete"
			for _, p := range x.parts {
				p.du.reste += p.montant
			}
			x.d.marquer(compte, acte)
		}
	case "regler":
		l.statut = "regle"
		for _, x := range l.lignes {
			if !x.rejet {
				x.d.statut, x.d.verse = "payee", x.d.verse+x.montant
				x.d.marquer(compte, acte)
			}
		}
	}
}
