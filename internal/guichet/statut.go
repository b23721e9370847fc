package guichet

import (
	"slices"

	"guichet.example/segur"
)

// Statut is where a request stands.
type Statut string

// The statuses of a request, as outsiders read them.
const (
	Incomplete     Statut = "incomplete"
	Deposee        Statut = "deposee"
	EnInstruction  Statut = "en_instruction"
	Validee        Statut = "validee"
	Decidee        Statut = "decidee"
	MiseEnPaiement Statut = "mise_en_paiement"
	Payee          Statut = "payee"
	AModifier      Statut = "a_modifier"
	Refusee        Statut = "refusee"
	Annulee        Statut = "annulee"
	PaiementRejete Statut = "paiement_rejete"
)

// Etat is one row of the life of a request: what a status is called, who acts
// next, and within how many days.
type Etat struct {
	Statut  Statut
	Libelle string
	Acteur  Role // Deposant stands for the supplier; "" = nobody
	Delai   int  // days to act; 0 = no due date of its own
	Pieces  bool // supporting documents may be added and replaced
}

// Etats lists the statuses in the order of a request's life.
func Etats() []Etat {
	return []Etat{
		{Incomplete, "Incomplète", Deposant, 30, true},
		{Deposee, "Déposée", Instructeur, 15, true},
		{EnInstruction, "En instruction", Instructeur, 30, false},
		{AModifier, "À modifier", Deposant, 0, true},
		{Validee, "Validée", Decideur, 10, false},
		{Decidee, "Décidée", Comptable, 15, false},
		{MiseEnPaiement, "Mise en paiement", Comptable, 10, false},
		{PaiementRejete, "Paiement rejeté", Comptable, 15, false},
		{Payee, "Décidée et payée", "", 0, false},
		{Refusee, "Refusée", "", 0, false},
		{Annulee, "Annulée", "", 0, false},
	}
}

// Attend tells whether a request of this status can wait for somebody, by the
// name that [Demande.ProchainActeur] gives.
func (e Etat) Attend(acteur string) bool {
	d := Demande{Statut: e.Statut}
	if d.ProchainActeur() == acteur {
		return true
	}
	d.RefusPropose = []string{""}
	return d.ProchainActeur() == acteur
}

// EtatDe finds a status; false when there is none of that name.
func EtatDe(s Statut) (Etat, bool) {
	for _, e := range Etats() {
		if e.Statut == s {
			return e, true
		}
	}
	return Etat{}, false
}

// Libelle is the French name of a status.
func (s Statut) Libelle() string {
	e, _ := EtatDe(s)
	return e.Libelle
}

// Acte is one row of what may be done to a request.
type Acte struct {
	Action  Action
	Libelle string
	Depuis  []Statut
	// Refus tells what a proposed refusal changes: the act needs one (1),
	// must not meet one (-1), or does not care (0).
	Refus int
}

// Actes lists the acts on one request, with the statuses they start from.
func Actes() []Acte {
	return []Acte{
		{Prendre, "Prendre en instruction", []Statut{Deposee}, 0},
		{Valider, "Valider", []Statut{EnInstruction}, -1},
		{DemanderModification, "Demander une modification", []Statut{EnInstruction}, -1},
		{ProposerRefus, "Proposer un refus", []Statut{EnInstruction}, -1},
		{Decider, "Décider", []Statut{Validee, EnInstruction}, 0},
		{Renvoyer, "Renvoyer à l’instruction", []Statut{Validee, EnInstruction}, 0},
		{Reviser, "Remplacer la décision", []Statut{Decidee, PaiementRejete, Refusee}, 0},
		{Corriger, "Corriger", []Statut{AModifier}, 0},
		{Annuler, "Annuler", []Statut{Incomplete, Deposee, EnInstruction, Validee, AModifier}, 0},
		{OuvrirControle, "Ouvrir un contrôle", []Statut{Payee}, 0},
		{Constater, "Constater", []Statut{Payee}, 0},
		{Recouvrer, "Ordonner un recouvrement", []Statut{Payee}, 0},
	}
}

// ActeDe finds an act on a request by its name.
func ActeDe(a Action) (Acte, bool) {
	for _, x := range Actes() {
		if x.Action == a {
			return x, true
		}
	}
	return Acte{}, false
}

// permis tells whether the act starts from the state of a request.
func (a Acte) permis(d *Demande) bool {
	if !slices.Contains(a.Depuis, d.Statut) {
		return false
	}
	propose := len(d.RefusPropose) > 0
	if d.Statut == EnInstruction && (a.Action == Decider || a.Action == Renvoyer) {
		return propose
	}
	return a.Refus >= 0 || !propose
}

// ProchainActeur is who must act on a request; "" = nobody. The supplier is
// "fournisseur".
func (d *Demande) ProchainActeur() string {
	if d.Statut == EnInstruction && len(d.RefusPropose) > 0 {
		return string(Decideur)
	}
	e, _ := EtatDe(d.Statut)
	if e.Acteur == Deposant {
		return "fournisseur"
	}
	return string(e.Acteur)
}

// ajouterJours is the day n days after j.
func ajouterJours(j segur.Jour, n int) segur.Jour {
	return segur.JourDe(heure(j).AddDate(0, 0, n))
}
