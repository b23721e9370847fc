package web

import (
	"strings"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// lien is one entry of a menu, or a group of them, which has no address.
type lien struct {
	Texte, Chemin string
	Ici           bool // the page shown is this one, below it, or in this group
	Sous          []lien
	groupe        string
}

// entree is a menu entry that stands only for those who may open it.
type entree struct {
	texte, chemin string
	action        guichet.Action
	groupe        string // that it goes into when the menu is long; "" = none
}

// Groups of a long menu, in their order.
const (
	dossiers = "Dossiers"
	finances = "Finances"
	comptes  = "Comptes"
	suivi    = "Suivi"
	regler   = "Réglages"
)

// menuPlat is how many entries stand side by side: they fit on one row of a
// wide screen. Longer menus are folded into groups.
const menuPlat = 9

// menu lists what the visitor can do, in the order of a request's life.
func menu(v *visite) []lien {
	if v.a == nil {
		return liens(v, []entree{{"Accueil", "/", libre, ""}, {"Simulateur", "/simulateur", libre, ""}, {"Format", "/reference", libre, ""}, {"Codes", "/codes", libre, ""}, {"Opérateurs", "/operateurs", libre, ""}})
	}
	return grouper(liens(v, []entree{
		{"Tableau de bord", "/tableau-de-bord", guichet.LireDemande, ""},
		{"Déposer", "/depots/nouveau", guichet.DeposerFichier, ""},
		{"Instruction", "/instruction", guichet.Prendre, ""},
		{"Décisions", "/decisions", guichet.Decider, ""},
		{"Paiements", "/lots", guichet.LireLot, finances},
		{"Demandes", "/demandes", guichet.LireDemande, dossiers},
		{"Dépôts", "/depots", guichet.LireDepot, dossiers},
		{"Avis de paiement", "/paiements", guichet.LireAvis, finances},
		{"Recouvrements", "/recouvrements", guichet.LireCreance, finances},
		{"Contrôles", "/controles", guichet.LireControle, dossiers},
		{"Comptes demandés", "/enrolements", guichet.LireEnrolement, comptes},
		{"Utilisateurs", "/utilisateurs", guichet.GererUtilisateurs, comptes},
		{"Webhooks", "/webhooks", guichet.GererWebhooks, comptes},
		{"Agents", "/utilisateurs", guichet.GererComptes, comptes},
		{"Fournisseurs", "/fournisseurs", guichet.LireFournisseur, comptes},
		{"Campagnes", "/campagnes", guichet.GererCampagne, regler},
		{"Règles à venir", "/regles", guichet.GererRegles, regler},
		{"Affectation", "/affectation", guichet.GererAffectation, regler},
		{"Annonces", "/annonces", guichet.GererAnnonces, regler},
		{"Statistiques", "/statistiques", guichet.LireStatistiques, suivi},
		{"Travaux", "/travaux", guichet.GererTravaux, suivi},
		{"Journal", "/journal", guichet.LireJournal, suivi},
		{"Lectures", "/lectures", guichet.LireJournal, suivi},
		{"Conservation", "/conservation", guichet.LireConservation, suivi},
	}))
}

// menuAide lists the public pages for those whose menu is about their work.
func menuAide(v *visite) []lien {
	es := []entree{{"Tirages publics", "/tirages", libre, ""}, {"Accessibilité", "/accessibilite", libre, ""}, {"Mentions légales", "/mentions", libre, ""}}
	if v.a != nil {
		es = append([]entree{{"Simulateur", "/simulateur", libre, ""}, {"Format", "/reference", libre, ""}, {"Codes", "/codes", libre, ""}, {"Opérateurs", "/operateurs", libre, ""}}, es...)
	}
	return liens(v, es)
}

// liens keeps the entries that the visitor may open and marks the nearest one
// above the page shown.
func liens(v *visite, es []entree) []lien {
	var ls []lien
	proche, ici := -1, v.r.URL.Path
	for _, e := range es {
		if e.action != libre && !v.peut(e.action) {
			continue
		}
		ls = append(ls, lien{Texte: e.texte, Chemin: e.chemin, groupe: e.groupe})
		dessous := ici == e.chemin || e.chemin != "/" && strings.HasPrefix(ici, e.chemin+"/")
		if dessous && (proche < 0 || len(e.chemin) > len(ls[proche].Chemin)) {
			proche = len(ls) - 1
		}
	}
	if proche >= 0 {
		ls[proche].Ici = true
	}
	return ls
}

// grouper folds a long menu: what belongs to no group first, then the groups.
// A group of one entry is that entry.
func grouper(ls []lien) []lien {
	if len(ls) <= menuPlat {
		return ls
	}
	var rs []lien
	for _, titre := range []string{"", dossiers, finances, comptes, regler, suivi} {
		g := lien{Texte: titre}
		for _, l := range ls {
			if l.groupe == titre {
				g.Sous, g.Ici = append(g.Sous, l), g.Ici || l.Ici
			}
		}
		if titre == "" || len(g.Sous) == 1 {
			rs = append(rs, g.Sous...)
		} else if len(g.Sous) > 1 {
			rs = append(rs, g)
		}
	}
	return rs
}

// nomsRoles are the duties as people call them.
var nomsRoles = map[string]string{
	string(guichet.Instructeur): "Instructeur", string(guichet.Decideur): "Décideur", string(guichet.Comptable): "Comptable",
	string(guichet.Controleur): "Contrôleur", string(guichet.Auditeur): "Auditeur", string(guichet.Administrateur): "Administrateur",
	string(guichet.Gestionnaire): "Gestionnaire", string(guichet.Deposant): "Déposant", string(guichet.Lecteur): "Lecteur",
	"fournisseur": "Fournisseur",
}

func nomRole(r any) string {
	var nom string
	switch r := r.(type) {
	case guichet.Role:
		nom = string(r)
	case string:
		nom = r
	}
	if n, ok := nomsRoles[nom]; ok {
		return n
	}
	return nom
}

// nomPortee is a scope in few words.
func nomPortee(p guichet.Portee) string {
	if n, ok := nomsPortees[p]; ok {
		return n
	}
	return string(p)
}

var nomsPortees = map[guichet.Portee]string{
	guichet.PorteeTout: "tout", guichet.PorteeLire: "lire", guichet.PorteeDeposer: "déposer", guichet.PorteeInstruire: "instruire", guichet.PorteeDecider: "décider",
	guichet.PorteePayer: "payer", guichet.PorteeControler: "contrôler", guichet.PorteeJournal: "journal", guichet.PorteeWebhooks: "webhooks",
}

// nomMotif is the label of a coded reason, or the code itself.
func nomMotif(code string) string {
	if m, ok := guichet.MotifDe(code); ok {
		return m.Libelle
	}
	return code
}

// nomDetail is what a line of history adds, coded reasons spelt out.
func nomDetail(t string) string {
	codes := strings.Split(t, ", ")
	for i, c := range codes {
		codes[i] = nomMotif(c)
	}
	return segur.Visible(strings.Join(codes, ", "), 0)
}

// actesHorsTable names the acts that stand in histories beside those of
// [guichet.Actes].
var actesHorsTable = map[guichet.Action]string{
	guichet.DeposerFichier: "Dépôt du fichier", "completer": "Pièces au complet", guichet.DeposerPieces: "Dépôt de pièces",
	guichet.PreparerLot: "Mise en lot de paiement", guichet.ApprouverLot: "Lot de paiement approuvé",
	guichet.ForcerStatut: "Statut forcé (bac à sable)", guichet.Repondre: "Réponse au constat", guichet.Classer: "Contrôle classé",
	guichet.RetournerLot: "Paiement retourné par la banque", guichet.ReglerLot: "Paiement réglé",
	guichet.Rembourser: "Remboursement reçu", guichet.Compenser: "Retenue sur les paiements à venir",
}

func nomActe(a guichet.Action) string {
	if x, ok := guichet.ActeDe(a); ok {
		return x.Libelle
	}
	if n, ok := actesHorsTable[a]; ok {
		return n
	}
	return string(a)
}

// nomLecture says what was read, for the register of readings.
func nomLecture(acte string) string {
	switch guichet.Action(acte) {
	case guichet.LireDemande:
		return "Demande"
	case guichet.LirePiece:
		return "Pièce"
	case guichet.LireLettre:
		return "Courrier"
	case guichet.ExporterDossier:
		return "Dossier exporté"
	case guichet.LireVirement:
		return "Fichier de virement"
	case guichet.LireDepot:
		return "Dépôt"
	case guichet.LireAvis:
		return "Avis de paiement"
	case guichet.LireControle:
		return "Population d’un contrôle"
	case guichet.LireEnrolement:
		return "Enrôlement"
	case guichet.LireFournisseur:
		return "Fournisseurs"
	}
	return acte
}
