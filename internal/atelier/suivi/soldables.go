package suivi

import (
	"fmt"

	"guichet.example/internal/atelier/registre"
	"guichet.example/segur"
)

// Soldable says of one advance whether its balance can be claimed.
type Soldable struct {
	Ligne
	Oui           bool
	Raison        string // why not, or what to do
	Inconnue      bool   // nobody has told the ledger whether the advance is paid; nothing else is in the way
	Bloque        string // who must act before: "fournisseur", "agence"; "" = nobody
	JoursRestants int    // days left before the limit; meaningful when a limit is given
	refait        bool   // a balance was claimed and rejected
}

// RemplaceSolde is the number of the rejected balance that the next claim
// stands for; false when there is none.
func (s *Soldable) RemplaceSolde() (string, bool) { return s.NumeroEditeur, s.refait }

// Soldables judges every advance of a ledger, as of a day. limite is the last
// day for claims that the agency has announced; the zero Jour = none known.
func Soldables(r *registre.Registre, jour, limite segur.Jour) []Soldable {
	var ss []Soldable
	for _, d := range r.Demandes() {
		if d.Type != segur.Avance || d.Statut() == registre.StatutReprise {
			continue
		}
		s := Soldable{Ligne: ligneDe(d)}
		s.Oui, s.Raison, s.Bloque = juger(r, d)
		avant, demande := r.Demande(segur.Solde, d.NumeroEditeur)
		s.refait = demande && soldeARefaire(avant)
		s.Inconnue = d.Statut() == registre.StatutAcceptee && d.Portail == nil && (!demande || s.refait)
		if !limite.Nul() {
			s.JoursRestants = joursEntre(jour, limite)
			if s.Oui && s.JoursRestants < 0 {
				s.Oui, s.Bloque = false, ""
				s.Raison = fmt.Sprintf("la date limite du %s est passée", limite)
			}
		}
		ss = append(ss, s)
	}
	return ss
}

// juger is the rule: an advance decided and paid, known by its numeroASP, with
// something left to pay, and no balance claimed yet (D13).
func juger(r *registre.Registre, d *registre.Demande) (oui bool, raison, bloque string) {
	solde, demande := r.Demande(segur.Solde, d.NumeroEditeur)
	switch statut := d.Statut(); {
	case demande && solde.Statut() == registre.StatutPreparee:
		return false, "le solde est préparé dans " + solde.Depot.Fichier.Nom + " : déposez-le (segur deposer)", "fournisseur"
	case demande && !soldeARefaire(solde):
		return false, "le solde est déjà demandé (" + EtatDe(solde.Statut()).Libelle + ")", ""
	case statut == registre.StatutRejetee:
		return false, "l’avance a été rejetée au dépôt : reprenez-la (segur reprendre)", "fournisseur"
	case statut == "refusee" || statut == "annulee":
		return false, "l’avance est " + EtatDe(statut).Libelle + " : il n’y aura pas de solde", ""
	case d.NumeroASP == "":
		return false, "l’avance n’a pas encore de numéro ASP : déposez-la et lisez son fichier retour", "fournisseur"
	case d.Portail == nil:
		return false, "on ne sait pas si l’avance est payée : lancez segur suivre --portail", "fournisseur"
	case statut == "incomplete" || statut == "a_modifier":
		return false, "l’avance est « " + EtatDe(statut).Libelle + " » : complétez-la d’abord", "fournisseur"
	case statut != "payee":
		return false, "l’avance n’est pas encore payée : elle est « " + EtatDe(statut).Libelle + " »", "agence"
	case d.Montants.Solde <= 0:
		return false, "il ne reste rien à payer", ""
	}
	return true, "facture et vérification d’aptitude signée à joindre (segur solder)", ""
}

// soldeARefaire tells a balance that was rejected at deposit or cancelled: it
// can be claimed again.
func soldeARefaire(d *registre.Demande) bool {
	s := d.Statut()
	return s == registre.StatutRejetee || s == "annulee"
}

// joursEntre counts the days from a to b, below zero when b is before.
func joursEntre(a, b segur.Jour) int { return numeroJour(b) - numeroJour(a) }

// numeroJour counts days from a fixed one of the Gregorian calendar, years
// beginning in March.
func numeroJour(j segur.Jour) int {
	a, m := j.Annee, j.Mois
	if m < 3 {
		a, m = a-1, m+12
	}
	return 365*a + a/4 - a/100 + a/400 + (153*(m-3)+2)/5 + j.Jour
}
