package web

import (
	"errors"
	"net/http"

	"guichet.example/internal/guichet"
)

// route is one page or one form: who may call stands on its line, and again in
// the service that it calls.
type route struct {
	patron string
	action guichet.Action
	faire  func(*serveur, *visite) error
}

// Rights that are no action of the table.
const (
	libre      guichet.Action = ""       // no account is needed
	toutCompte guichet.Action = "compte" // any account; the service judges the act
)

func routes() []route {
	return []route{
		{"GET /{$}", libre, (*serveur).accueil},
		{"GET /connexion", libre, (*serveur).connexion},
		{"POST /connexion", libre, (*serveur).ouvrirSession},
		{"POST /deconnexion", libre, (*serveur).fermerSession},
		{"POST /connexion/code", libre, (*serveur).donnerCode},
		{"POST /connexion/cle/debut", libre, (*serveur).debuterEntreeCle}, // answers the script
		{"POST /connexion/cle", libre, (*serveur).entrerParCle},
		{"GET /connexion/identite", libre, (*serveur).partirIdentite},
		{"GET /connexion/identite/retour", libre, (*serveur).revenirIdentite},
		{"GET /recuperation", libre, (*serveur).recuperation},
		{"POST /recuperation", libre, (*serveur).recuperer},
		{"GET /activation/{secret}", libre, (*serveur).lien},
		{"POST /activation/{secret}", libre, (*serveur).suivreLien},
		{"GET /enrolement", libre, (*serveur).enrolement},
		{"POST /enrolement", libre, (*serveur).demanderEnrolement},
		{"GET /enrolement/{id}/{suivi}", libre, (*serveur).suivreEnrolement},
		{"POST /enrolement/{id}/{suivi}", libre, (*serveur).completerEnrolement},
		{"GET /simulateur", libre, (*serveur).simulateur},
		{"POST /simulateur", libre, (*serveur).simuler},
		{"GET /simulateur/hors-ligne.js", libre, (*serveur).horsLigne},
		{"GET /reference", libre, (*serveur).reference},
		{"GET /codes", libre, (*serveur).codes},
		{"GET /codes/{code}", libre, (*serveur).code},
		{"GET /operateurs", libre, (*serveur).operateurs},
		{"GET /accessibilite", libre, page("accessibilite", "Accessibilité")},
		{"GET /mentions", libre, page("mentions", "Mentions légales et données personnelles")},
		{"GET /visionneuse", libre, (*serveur).visionneuse}, // a frame without origin; its documents come from the page around
		{"GET /favicon.ico", libre, (*serveur).icone},

		{"GET /tableau-de-bord", guichet.LireDemande, (*serveur).tableau},
		{"GET /demandes", guichet.LireDemande, (*serveur).demandes},
		{"POST /demandes/colonnes", guichet.LireDemande, (*serveur).choisirColonnes},
		{"GET /demandes.csv", guichet.LireDemande, (*serveur).exporterCSV},
		{"GET /demandes.xlsx", guichet.LireDemande, (*serveur).exporterXLSX},
		{"GET /demandes/{numeroASP}", guichet.LireDemande, (*serveur).demande},
		{"POST /demandes/{numeroASP}/actes", toutCompte, (*serveur).agir},
		{"GET /demandes/{numeroASP}/correction", guichet.Corriger, (*serveur).correction},
		{"POST /demandes/{numeroASP}/correction", guichet.Corriger, (*serveur).corriger},
		{"POST /demandes/{numeroASP}/pieces", guichet.DeposerPieces, (*serveur).deposerPiece},
		{"GET /demandes/{numeroASP}/pieces/{nom}", guichet.LirePiece, (*serveur).piece},

		{"GET /demandes/{numeroASP}/courriers", guichet.LireLettre, (*serveur).lettres},
		{"GET /demandes/{numeroASP}/courrier/{genre}", guichet.LireLettre, (*serveur).lettre}, // .pdf: the same on paper
		{"GET /paiements", guichet.LireAvis, (*serveur).paiements},
		{"GET /paiements/{lot}", guichet.LireAvis, (*serveur).paiement}, // .pdf, .csv: the same to keep

		{"GET /depots", guichet.LireDepot, (*serveur).depots},
		{"GET /depots/nouveau", guichet.DeposerFichier, (*serveur).nouveauDepot},
		{"POST /depots", guichet.DeposerFichier, (*serveur).deposer},
		{"GET /depots/{id}", guichet.LireDepot, (*serveur).depot},
		{"GET /depots/{id}/retour", guichet.LireDepot, (*serveur).retour},
		{"GET /depots/{id}/rapport", guichet.LireDepot, (*serveur).rapportDepot},
		{"GET /depots/{id}/recepisse", guichet.LireDepot, (*serveur).recepisse},
		{"GET /depots/{id}/recepisse.pdf", guichet.LireDepot, (*serveur).recepisse},
		{"POST /depots/{id}/pieces", guichet.DeposerPieces, (*serveur).deposerZip},

		{"POST /depots/{id}/envois", guichet.DeposerPieces, (*serveur).commencerEnvoi}, // big archives, in slices
		{"GET /envois/{id}", guichet.DeposerPieces, (*serveur).etatEnvoi},
		{"PATCH /envois/{id}", guichet.DeposerPieces, (*serveur).tranche},
		{"POST /envois/{id}/fin", guichet.DeposerPieces, (*serveur).finirEnvoi},
		{"POST /envois/{id}/abandon", guichet.DeposerPieces, (*serveur).abandonnerEnvoi},

		{"GET /instruction", guichet.Prendre, (*serveur).file},
		{"POST /instruction/suivante", guichet.Prendre, (*serveur).prendreSuivante},
		{"POST /instruction/affecter", guichet.Affecter, (*serveur).affecter},
		{"POST /instruction/vues", guichet.GererVues, (*serveur).agirVue},
		{"GET /affectation", guichet.Affecter, (*serveur).affectation},
		{"POST /affectation", guichet.GererAffectation, (*serveur).reglerAffectation},
		{"POST /demandes/{numeroASP}/notes", guichet.EcrireNote, (*serveur).noter},
		{"POST /demandes/{numeroASP}/notes/{id}", guichet.EcrireNote, (*serveur).barrerNote},
		{"GET /decisions", guichet.Decider, (*serveur).decisions},
		{"POST /decisions", guichet.Decider, (*serveur).decider},
		{"GET /decisions/selections/{id}", guichet.Decider, (*serveur).suivreSelection},
		{"GET /statistiques", guichet.LireStatistiques, (*serveur).statistiques},
		{"GET /statistiques.csv", guichet.LireStatistiques, (*serveur).statistiquesCSV},
		{"GET /lots", guichet.LireLot, (*serveur).lots},
		{"POST /lots", guichet.PreparerLot, (*serveur).preparerLot},
		{"GET /lots/{id}", guichet.LireLot, (*serveur).lot},
		{"POST /lots/{id}/actes", toutCompte, (*serveur).agirLot},
		{"GET /lots/{id}/virement", guichet.LireVirement, (*serveur).virement},
		{"GET /releves", guichet.LireLot, (*serveur).releves},
		{"POST /releves", guichet.RecevoirReleve, (*serveur).recevoirReleve},
		{"GET /releves/{id}", guichet.LireLot, (*serveur).releve},
		{"POST /releves/{id}", guichet.AppliquerReleve, (*serveur).appliquerReleve},
		{"GET /recouvrements", guichet.LireCreance, (*serveur).recouvrements},
		{"GET /recouvrements/{id}", guichet.LireCreance, (*serveur).recouvrement},
		{"POST /recouvrements/{id}", toutCompte, (*serveur).agirRecouvrement},
		{"GET /tirages", libre, (*serveur).tirages}, // what anybody may check of the audits
		{"GET /conservation", guichet.LireConservation, (*serveur).conservation},
		{"POST /conservation", guichet.EffacerDonnees, (*serveur).effacerDu},
		{"POST /demandes/{numeroASP}/effacement", guichet.EffacerDonnees, (*serveur).effacerDemande},
		{"GET /lectures", guichet.LireJournal, (*serveur).lectures},
		{"GET /lectures.csv", guichet.LireJournal, (*serveur).lecturesCSV},
		{"GET /controles/{id}/dossier.zip", guichet.LireControle, (*serveur).dossierControle},
		{"GET /controles", guichet.LireControle, (*serveur).listeControles},
		{"POST /controles", guichet.FigerControle, (*serveur).figerControle},
		{"GET /controles/{id}", guichet.LireControle, (*serveur).controle},
		{"GET /controles/{id}/population.csv", guichet.LireControle, (*serveur).population},
		{"POST /controles/{id}/tirage", guichet.TirerControle, (*serveur).tirerControle},
		{"POST /demandes/{numeroASP}/reponse", guichet.Repondre, (*serveur).repondreControle},
		{"POST /demandes/{numeroASP}/classement", guichet.Classer, (*serveur).classerControle},
		{"POST /demandes/{numeroASP}/statut", guichet.ForcerStatut, (*serveur).forcerStatut}, // sandbox
		{"GET /demandes/{numeroASP}/dossier.zip", guichet.ExporterDossier, (*serveur).dossier},
		{"GET /journal", guichet.LireJournal, (*serveur).journal},
		{"GET /travaux", guichet.GererTravaux, (*serveur).travaux},
		{"POST /travaux", guichet.GererTravaux, (*serveur).rejouerTravaux},
		{"GET /campagnes", guichet.GererCampagne, (*serveur).campagnes},
		{"POST /campagnes", guichet.GererCampagne, (*serveur).reglerCampagne},
		{"GET /annonces", guichet.GererAnnonces, (*serveur).annonces},
		{"POST /annonces", guichet.GererAnnonces, (*serveur).agirAnnonce},
		{"GET /regles", guichet.GererRegles, (*serveur).regles},
		{"POST /regles", guichet.GererRegles, (*serveur).essayerRegles},
		{"GET /regles/{id}", guichet.GererRegles, (*serveur).touchees},
		{"GET /regles/{id}/touchees.csv", guichet.GererRegles, (*serveur).toucheesCSV},

		{"GET /enrolements", guichet.LireEnrolement, (*serveur).enrolements},
		{"GET /enrolements/{id}", guichet.LireEnrolement, (*serveur).examen},
		{"POST /enrolements/{id}", guichet.ExaminerEnrolement, (*serveur).examiner},
		{"GET /enrolements/{id}/documents/{type}", guichet.LireEnrolement, (*serveur).documentEnrolement},
		{"GET /utilisateurs", toutCompte, (*serveur).utilisateurs}, // gestionnaires their own, administrateurs the agents
		{"POST /utilisateurs", toutCompte, (*serveur).inviterUtilisateur},
		{"POST /utilisateurs/{id}", toutCompte, (*serveur).modifierUtilisateur},
		{"POST /utilisateurs/transmission", guichet.GererUtilisateurs, (*serveur).transmettreGestion},
		{"GET /fournisseurs", guichet.LireFournisseur, (*serveur).fournisseurs},
		{"POST /fournisseurs/{id}/gestionnaire", guichet.NommerGestionnaire, (*serveur).nommerGestionnaire},
		{"POST /fournisseurs/{id}/numeros", guichet.GererNumerosAns, (*serveur).reglerNumeroAns},
		{"GET /webhooks", guichet.GererWebhooks, (*serveur).webhooks},
		{"POST /webhooks", guichet.GererWebhooks, (*serveur).creerWebhook},
		{"POST /webhooks/{id}", guichet.GererWebhooks, (*serveur).agirWebhook},
		{"GET /compte", toutCompte, (*serveur).compte},
		{"GET /compte/securite", toutCompte, (*serveur).securite},
		{"POST /compte/mot-de-passe", guichet.ChoisirMotDePasse, changerSecurite((*serveur).changerMotDePasse)},
		{"POST /compte/second-facteur", guichet.GererSecondFacteur, changerSecurite((*serveur).preparerSecond)},
		{"POST /compte/second-facteur/activer", guichet.GererSecondFacteur, changerSecurite((*serveur).activerSecond)},
		{"POST /compte/second-facteur/codes", guichet.GererSecondFacteur, changerSecurite((*serveur).renouvelerCodes)},
		{"POST /compte/second-facteur/retirer", guichet.GererSecondFacteur, changerSecurite((*serveur).retirerSecond)},
		{"POST /compte/cles/debut", guichet.GererCles, (*serveur).debuterAjoutCle}, // answers the script
		{"POST /compte/cles", guichet.GererCles, changerSecurite((*serveur).ajouterCle)},
		{"POST /compte/cles/retirer", guichet.GererCles, changerSecurite((*serveur).retirerCle)},
		{"POST /compte/identites/delier", guichet.LierIdentite, changerSecurite((*serveur).delierIdentites)},
		{"POST /compte/sessions", guichet.GererSessions, (*serveur).fermerAutres},
		{"POST /compte/sessions/{nom}/fermer", guichet.GererSessions, (*serveur).fermerUne},
		{"POST /compte/jetons", guichet.GererJetons, (*serveur).creerJeton},
		{"POST /compte/jetons/{id}/revoquer", guichet.GererJetons, (*serveur).revoquerJeton},
	}
}

// servir finds out who calls, judges the right of the route and runs it.
func (s *serveur) servir(x route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visite{w: w, r: r}
		err := s.reconnaitre(v)
		if err == nil {
			err = s.admettre(v, x)
		}
		if err == nil {
			err = x.faire(s, v)
		}
		if errors.Is(err, errMenerSecond) {
			err = v.aller(pageSecond)
		}
		if err != nil {
			s.refuser(v, err)
		}
	})
}

// admettre holds the right that stands on the route line. A refused form is
// journalled, a refused page is not: nothing was about to change.
func (s *serveur) admettre(v *visite, x route) error {
	switch {
	case x.action == libre:
		return nil
	case v.a == nil:
		return nonIdentifie("Connectez-vous pour ouvrir cette page.")
	case v.a.SansSecond && x.action == toutCompte:
		return s.exigerSecond(v, x)
	case x.action == toutCompte || v.a.Peut(x.action):
		return nil
	case v.r.Method != http.MethodGet && v.r.Method != http.MethodHead:
		return s.g.Autoriser(v.r.Context(), v.a, x.action, v.r.PathValue("numeroASP")+v.r.PathValue("id"))
	}
	if v.a.SansSecond {
		return s.exigerSecond(v, x)
	}
	return interdit("Votre compte n’ouvre pas cette page.")
}

// pageSecond is where a second factor is enrolled.
const pageSecond = "/compte/securite"

// errMenerSecond leads who must first enrol a second factor to where he does.
var errMenerSecond = errors.New("a second factor comes first")

// exigerSecond opens nothing but the page of one's own security to an account
// that must have a second factor and has none.
func (s *serveur) exigerSecond(v *visite, x route) error {
	switch {
	case x.patron == "GET "+pageSecond:
		return nil
	case v.r.Method == http.MethodGet || v.r.Method == http.MethodHead:
		return errMenerSecond
	}
	return interdit("Votre compte doit d’abord avoir un second facteur : ajoutez-le sur la page « Mot de passe et accès », puis recommencez.")
}
