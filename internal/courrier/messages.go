package courrier

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"guichet.example/segur"
)

// Activation invites a person to open the account that was made for her. The
// link works once, until expire (in Europe/Paris).
func Activation(c Cadre, a, identifiant, url string, expire time.Time) (Message, error) {
	return c.message(a, contenu{
		Objet:       "Activez votre compte",
		Paragraphes: []string{"Un compte vous attend sur le portail. Choisissez votre mot de passe pour l’ouvrir."},
		Faits:       []Fait{{"Identifiant", identifiant}, {"Lien valable jusqu’au", instant(expire)}},
		Lien:        lien{"Activer mon compte", url},
		Fin: []string{
			"Ce lien ne sert qu’une fois, et ne concerne que vous : ne transférez pas ce message.",
			"Vous n’attendiez pas ce compte ? Ne faites rien : sans activation, il restera fermé.",
		},
	})
}

// Reinitialisation lets a person choose another password. The link works
// once, until expire.
func Reinitialisation(c Cadre, a, url string, expire time.Time) (Message, error) {
	return c.message(a, contenu{
		Objet:       "Choisissez un nouveau mot de passe",
		Paragraphes: []string{"Vous avez demandé à changer le mot de passe de votre compte. Ce lien vous permet d’en choisir un autre."},
		Faits:       []Fait{{"Lien valable jusqu’au", instant(expire)}},
		Lien:        lien{"Choisir un mot de passe", url},
		Fin:         []string{"Cette demande ne vient pas de vous ? Ne faites rien : votre mot de passe reste le même. Prévenez-nous si cela se répète."},
	})
}

// Depot is the answer to a deposit.
type Depot struct {
	ID                  string
	Type                segur.TypeDemande
	NomFichier          string
	RecuLe              time.Time // in Europe/Paris
	Acceptees, Refusees int
	PiecesManquantes    int
	URL                 string // of the deposit
}

// DepotRecu tells what became of a file that passed control 1.
func DepotRecu(c Cadre, a string, d Depot) (Message, error) {
	x := contenu{
		Objet: "Dépôt " + d.ID + " : " + accord(d.Acceptees, "demande acceptée", "demandes acceptées") + ", " + accord(d.Refusees, "refusée", "refusées"),
		Faits: []Fait{{"Dépôt", d.ID + " (" + string(d.Type) + ")"}, {"Fichier", d.NomFichier}, {"Reçu le", instant(d.RecuLe)},
			{"Acceptées", strconv.Itoa(d.Acceptees)}, {"Refusées", strconv.Itoa(d.Refusees)}},
		Lien: lien{"Voir le dépôt et télécharger le fichier retour", d.URL},
	}
	switch {
	case d.Acceptees == 0:
		x.Paragraphes = []string{"Votre fichier est reçu, mais aucune demande n’est acceptée. Chaque erreur est expliquée dans le dépôt, avec ce qu’il faut écrire à la place."}
	case d.Refusees == 0:
		x.Paragraphes = []string{"Votre fichier est reçu, et toutes vos demandes sont acceptées."}
	default:
		x.Paragraphes = []string{"Votre fichier est reçu. Certaines demandes sont refusées : chaque erreur est expliquée dans le dépôt, avec ce qu’il faut écrire à la place."}
	}
	if d.Refusees > 0 {
		x.Fin = append(x.Fin, "Une demande refusée se dépose de nouveau sous un autre numéro éditeur : « segur reprendre » la prépare pour vous.")
	}
	if d.PiecesManquantes > 0 {
		x.Fin = append(x.Fin, "C’est à vous : il manque "+accord(d.PiecesManquantes, "pièce justificative", "pièces justificatives")+". L’instruction commence quand elles sont toutes là.")
	}
	return c.message(a, x)
}

// Correction asks for a change of one request.
type Correction struct {
	NumeroASP, NumeroEditeur string
	Motifs                   []string // "libellé : remède", one a line
	Echeance                 segur.Jour
	URL                      string
}

// ModificationDemandee tells that a request waits for its supplier. The
// officer's own message stays on the portal.
func ModificationDemandee(c Cadre, a string, x Correction) (Message, error) {
	return c.message(a, contenu{
		Objet:       "Demande " + x.NumeroASP + " à modifier avant le " + x.Echeance.String(),
		Paragraphes: []string{fmt.Sprintf("L’instruction de votre demande %s (n° éditeur %s) attend une correction de votre part :", x.NumeroASP, x.NumeroEditeur)},
		Liste:       x.Motifs,
		Lien:        lien{"Corriger la demande", x.URL},
		Fin:         []string{"Corrigez-la au plus tard le " + x.Echeance.String() + ". Sans correction à cette date, elle pourra être refusée."},
	})
}

// Rappel reminds of what waits for a supplier.
type Rappel struct {
	Demandes []string // "ASP-… : à modifier avant le 31/08/2023", the first ones
	Total    int      // how many wait in all
	Echeance segur.Jour
	URL      string
}

// Relance reminds a supplier of requests that wait for it.
func Relance(c Cadre, a string, r Rappel) (Message, error) {
	x := contenu{
		Objet:       accord(r.Total, "demande attend", "demandes attendent") + " une action de votre part",
		Paragraphes: []string{"La première échéance est le " + r.Echeance.String() + ". Voici ce qui vous attend :"},
		Liste:       slices.Clone(r.Demandes),
		Lien:        lien{"Voir ce qui m’attend", r.URL},
	}
	if reste := r.Total - len(r.Demandes); reste > 0 {
		x.Liste = append(x.Liste, "et "+accord(reste, "autre", "autres"))
	}
	return c.message(a, x)
}

// Notification tells that decisions are there to read.
type Notification struct {
	Attribuees, Refusees int
	Reference            string // of the letter
	URL                  string
}

// DecisionRendue notifies decisions; the letter itself, with its reasons and
// the ways of appeal, is on the portal, where its reading is noted.
func DecisionRendue(c Cadre, a string, n Notification) (Message, error) {
	return c.message(a, contenu{
		Objet:       "Décision " + n.Reference + " sur vos demandes",
		Paragraphes: []string{"Une décision a été prise sur vos demandes de financement. La lettre est sur le portail, avec le détail, les motifs et les voies de recours."},
		Faits:       []Fait{{"Attributions", strconv.Itoa(n.Attribuees)}, {"Refus", strconv.Itoa(n.Refusees)}, {"Référence", n.Reference}},
		Lien:        lien{"Lire la décision", n.URL},
		Fin:         []string{"Les délais de recours courent à partir de la notification : lisez cette lettre sans tarder."},
	})
}

// Paiement is what a payment notice announces.
type Paiement struct {
	Lot      string
	Demandes int
	Total    segur.Montant
	Date     segur.Jour
	URL      string
}

// AvisPaiement announces a payment; the computation of each amount is on the
// portal.
func AvisPaiement(c Cadre, a string, p Paiement) (Message, error) {
	return c.message(a, contenu{
		Objet:       "Avis de paiement : " + p.Total.Francais(),
		Paragraphes: []string{"Nous vous avons versé " + p.Total.Francais() + " le " + p.Date.String() + ", pour " + accord(p.Demandes, "demande", "demandes") + "."},
		Faits:       []Fait{{"Lot", p.Lot}, {"Réglé le", p.Date.String()}, {"Total", p.Total.Francais()}},
		Lien:        lien{"Voir le calcul, demande par demande", p.URL},
	})
}

// accord writes a number with its words: in French the plural begins at two.
func accord(n int, un, plusieurs string) string {
	if n >= 2 {
		un = plusieurs
	}
	return strconv.Itoa(n) + "\u00a0" + un
}

// instant writes a time in its own location.
func instant(t time.Time) string { return t.Format("02/01/2006 à 15:04") }
