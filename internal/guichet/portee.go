package guichet

import "slices"

// Portee is what an API token may be used for: never more than its account
// may, and less when its maker chose so.
type Portee string

// The scopes of tokens.
const (
	PorteeTout      Portee = "tout" // all that the account may
	PorteeLire      Portee = "lire"
	PorteeDeposer   Portee = "deposer"
	PorteeInstruire Portee = "instruire"
	PorteeDecider   Portee = "decider"
	PorteePayer     Portee = "payer"
	PorteeControler Portee = "controler"
	PorteeJournal   Portee = "journal"
	PorteeWebhooks  Portee = "webhooks"
)

// LignePortee is one scope with its actions. An action that stands in no row
// is done by people, or by tokens of PorteeTout.
type LignePortee struct {
	Portee  Portee
	Libelle string // French
	Actions []Action
}

// Portees is the scope × action table. A scope that acts reads what its own
// answers show.
func Portees() []LignePortee {
	return []LignePortee{
		{PorteeLire, "Lire les demandes, les dépôts, les pièces, les courriers et les avis", []Action{LireDemande, LireDepot, LirePiece, LireLettre, LireAvis, LireLot}},
		{PorteeDeposer, "Déposer, compléter, corriger, annuler, répondre", []Action{DeposerFichier, DeposerPieces, Corriger, Annuler, Repondre, LireDepot, LireDemande}},
		{PorteeInstruire, "Instruire les demandes", []Action{Prendre, Valider, DemanderModification, ProposerRefus, LireDemande, LirePiece}},
		{PorteeDecider, "Décider", []Action{Decider, Renvoyer, Reviser, LireDemande}},
		{PorteePayer, "Préparer, approuver et régler les lots de paiement", []Action{PreparerLot, ApprouverLot, RetournerLot, ReglerLot, LireVirement, LireLot, LireDemande, RecevoirReleve, AppliquerReleve, Rembourser, Compenser}},
		{PorteeControler, "Contrôler a posteriori", []Action{OuvrirControle, Constater, Recouvrer, Classer, FigerControle, TirerControle, LireControle, ExporterDossier, LireDemande}},
		{PorteeWebhooks, "Gérer les webhooks", []Action{GererWebhooks}},
		{PorteeJournal, "Lire le journal", []Action{LireJournal}},
	}
}

// PorteesDe lists the scopes that have a meaning for an account: those whose
// first action its roles may do.
func PorteesDe(c *Compte) (ls []LignePortee) {
	for _, l := range Portees() {
		if Peut(c.Roles, l.Actions[0]) {
			ls = append(ls, l)
		}
	}
	return ls
}

// dansPortees tells whether scopes let an action through.
func dansPortees(ps []Portee, a Action) bool {
	if ps == nil || slices.Contains(ps, PorteeTout) {
		return true
	}
	return slices.ContainsFunc(Portees(), func(l LignePortee) bool { return slices.Contains(ps, l.Portee) && slices.Contains(l.Actions, a) })
}

// Peut tells whether the actor has the right of an action: by his roles, within
// the scopes of his token, and once he has the second factor that he must have.
func (a *Acteur) Peut(x Action) bool {
	return Peut(a.Roles, x) && dansPortees(a.Portees, x) && (!a.SansSecond || ouvreSansSecond(x))
}
