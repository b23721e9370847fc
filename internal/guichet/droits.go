package guichet

import "slices"

// Role is a duty of an account. One account may have several.
type Role string

// The duties: of agents, then of a supplier's users.
const (
	Instructeur    Role = "instructeur"
	Decideur       Role = "decideur"
	Comptable      Role = "comptable"
	Controleur     Role = "controleur"
	Auditeur       Role = "auditeur"
	Administrateur Role = "administrateur"

	Gestionnaire Role = "gestionnaire" // of the supplier: everything, its users included
	Deposant     Role = "deposant"     // deposits and corrects; also a third-party filer under mandate
	Lecteur      Role = "lecteur"      // sees
)

// RolesAgents lists the duties of the agency, in the order of a request's life.
func RolesAgents() []Role {
	return []Role{Instructeur, Decideur, Comptable, Controleur, Auditeur, Administrateur}
}

// Action is something that a right is needed for. The same words stand on
// the route lines, in the journal and in the table below.
type Action string

// The actions.
const (
	DeposerFichier       Action = "deposer"
	LireDepot            Action = "depot:lire"
	DeposerPieces        Action = "deposer_pieces"
	LireDemande          Action = "demande:lire"
	Prendre              Action = "prendre"
	Valider              Action = "valider"
	DemanderModification Action = "demander_modification"
	ProposerRefus        Action = "proposer_refus"
	Decider              Action = "decider"
	Renvoyer             Action = "renvoyer"
	Corriger             Action = "corriger"
	Annuler              Action = "annuler"
	OuvrirControle       Action = "ouvrir_controle"
	Constater            Action = "constater"
	Recouvrer            Action = "recouvrer"
	PreparerLot          Action = "preparer"
	ApprouverLot         Action = "approuver"
	RetournerLot         Action = "retourner"
	ReglerLot            Action = "regler"
	LireLot              Action = "lot:lire"
	LireVirement         Action = "virement:lire"
	RecevoirReleve       Action = "releve:recevoir" // a file of returns of the bank
	AppliquerReleve      Action = "releve:appliquer"
	LireCreance          Action = "creance:lire"
	Rembourser           Action = "rembourser" // notes that a claim was paid back
	Compenser            Action = "compenser"  // sets a claim off against later payments
	LireJournal          Action = "journal:lire"
	LirePiece            Action = "piece:lire"
	GererJetons          Action = "jeton:gerer"
	GererComptes         Action = "compte:gerer"
	GererCampagne        Action = "campagne:gerer"
	DemanderEnrolement   Action = "enrolement:demander" // of anybody
	ExaminerEnrolement   Action = "enrolement:examiner"
	LireEnrolement       Action = "enrolement:lire"
	LireFournisseur      Action = "fournisseur:lire"
	GererNumerosAns      Action = "numero_ans:gerer" // of an enrolled supplier
	GererUtilisateurs    Action = "utilisateur:gerer"
	ChoisirMotDePasse    Action = "mot_de_passe:choisir" // one's own
	GererSecondFacteur   Action = "second_facteur:gerer" // one's own
	GererCles            Action = "cle:gerer"            // one's own passkeys
	GererSessions        Action = "session:gerer"        // one's own
	LierIdentite         Action = "identite:lier"        // one's own
	NommerGestionnaire   Action = "gestionnaire:nommer"  // of a supplier that has none left
	GererWebhooks        Action = "webhook:gerer"
	GererTravaux         Action = "travail:gerer"     // of administrators and the operator's command
	ImporterRegistre     Action = "finess:importer"   // of the operator's command
	RenouvelerCle        Action = "coffre:renouveler" // of the operator's command
	LireLettre           Action = "lettre:lire"
	LireAvis             Action = "avis:lire" // payment notices
	FigerControle        Action = "figer"
	TirerControle        Action = "tirer"
	LireControle         Action = "controle:lire"
	Repondre             Action = "repondre" // to the finding of a control
	Classer              Action = "classer"
	ExporterDossier      Action = "dossier:exporter"
	ForcerStatut         Action = "forcer"  // in a sandbox
	Reviser              Action = "reviser" // a decision, by another
	Affecter             Action = "affecter"
	GererAffectation     Action = "affectation:gerer" // the rules
	GererVues            Action = "vue:gerer"
	LireNotes            Action = "note:lire"
	EcrireNote           Action = "note:ecrire"
	GererAnnonces        Action = "annonce:gerer"
	GererRegles          Action = "regles:gerer" // rules to come
	LireStatistiques     Action = "statistiques:lire"
	LireConservation     Action = "conservation:lire"
	EffacerDonnees       Action = "effacer" // personal data of a request
	EffacerAdresses      Action = "effacer_adresses"

	// Ways in and out, of whoever has proved who he is; they need no right.
	Connexion   Action = "connexion"
	Deconnexion Action = "deconnexion"

	// What nobody does: the clock and the scanner.
	ExpirerDemande Action = "expirer"
	EcarterPiece   Action = "ecarter_piece"
)

// Droit is one row of the table of rights.
type Droit struct {
	Action Action
	Roles  []Role
}

// Droits is the role × action table. A supplier's role only ever reaches that
// supplier's objects.
func Droits() []Droit {
	fournisseur := []Role{Gestionnaire, Deposant}
	tous := append([]Role{Gestionnaire, Deposant, Lecteur}, RolesAgents()...)
	return []Droit{
		{DeposerFichier, fournisseur},
		{LireDepot, tous},
		{DeposerPieces, fournisseur},
		{LireDemande, tous},
		{LirePiece, []Role{Gestionnaire, Deposant, Lecteur, Instructeur, Decideur, Controleur, Auditeur}},
		{Corriger, fournisseur},
		{Annuler, fournisseur},
		{Prendre, []Role{Instructeur}},
		{Valider, []Role{Instructeur}},
		{DemanderModification, []Role{Instructeur}},
		{ProposerRefus, []Role{Instructeur}},
		{Decider, []Role{Decideur}},
		{Renvoyer, []Role{Decideur}},
		{Reviser, []Role{Decideur}},
		{PreparerLot, []Role{Comptable}},
		{ApprouverLot, []Role{Comptable}},
		{RetournerLot, []Role{Comptable}},
		{ReglerLot, []Role{Comptable}},
		{RecevoirReleve, []Role{Comptable}},
		{AppliquerReleve, []Role{Comptable}},
		{Rembourser, []Role{Comptable}},
		{Compenser, []Role{Comptable}},
		{LireCreance, []Role{Gestionnaire, Deposant, Lecteur, Comptable, Controleur, Auditeur, Administrateur}},
		{LireLot, []Role{Comptable, Controleur, Auditeur, Administrateur}},
		{LireVirement, []Role{Comptable, Controleur, Auditeur, Administrateur}},
		{LireLettre, []Role{Gestionnaire, Deposant, Lecteur, Instructeur, Decideur, Comptable, Controleur, Auditeur}},
		{LireAvis, []Role{Gestionnaire, Deposant, Lecteur, Comptable, Controleur, Auditeur, Administrateur}},
		{OuvrirControle, []Role{Controleur}},
		{Constater, []Role{Controleur}},
		{Recouvrer, []Role{Controleur}},
		{FigerControle, []Role{Controleur}},
		{TirerControle, []Role{Controleur}},
		{LireControle, []Role{Controleur, Auditeur, Administrateur}},
		{Repondre, fournisseur},
		{Classer, []Role{Controleur}},
		{ExporterDossier, []Role{Controleur, Auditeur}},
		{ForcerStatut, []Role{Administrateur}},
		{Affecter, []Role{Instructeur, Administrateur}},
		{GererAffectation, []Role{Administrateur}},
		{GererVues, []Role{Instructeur}},
		{LireNotes, []Role{Instructeur, Decideur, Comptable, Controleur, Auditeur}},
		{EcrireNote, []Role{Instructeur, Decideur, Comptable, Controleur}},
		{GererAnnonces, []Role{Administrateur}},
		{GererRegles, []Role{Administrateur}},
		{LireStatistiques, RolesAgents()},
		{LireConservation, []Role{Auditeur, Administrateur}},
		{EffacerDonnees, []Role{Administrateur}},
		{EffacerAdresses, []Role{Administrateur}},
		{LireJournal, []Role{Auditeur, Administrateur}},
		{GererJetons, tous},
		{GererComptes, []Role{Administrateur}},
		{GererCampagne, []Role{Administrateur}},
		{ExaminerEnrolement, []Role{Administrateur}},
		{LireEnrolement, []Role{Administrateur}},
		{LireFournisseur, []Role{Administrateur}},
		{GererNumerosAns, []Role{Administrateur}},
		{GererUtilisateurs, []Role{Gestionnaire}}, // agents: see GererComptes
		{ChoisirMotDePasse, tous},
		{GererSecondFacteur, tous},
		{GererCles, tous},
		{GererSessions, tous},
		{LierIdentite, tous},
		{NommerGestionnaire, []Role{Administrateur}},
		{GererWebhooks, []Role{Gestionnaire}},
		{GererTravaux, []Role{Administrateur}},
	}
}

// Peut tells whether one of the roles has the right of an action.
func Peut(roles []Role, a Action) bool {
	for _, d := range Droits() {
		if d.Action == a {
			return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(d.Roles, r) })
		}
	}
	return false
}

// metier is the duty that an act on a request belongs to: who has acted in one
// may not act in another on the same request, whatever his roles.
func metier(a Action) Role {
	switch a {
	case Prendre, Valider, DemanderModification, ProposerRefus:
		return Instructeur
	case Decider, Renvoyer, Reviser:
		return Decideur
	case PreparerLot, ApprouverLot, RetournerLot, ReglerLot, Rembourser, Compenser:
		return Comptable
	case OuvrirControle, Constater, Recouvrer, Classer:
		return Controleur
	}
	return ""
}
