// Package solde builds balance files (D13) from the ledger: of an advance that
// is decided and paid, the order as it was, its invoice and the signed
// verification of aptitude.
//
// Start at [Modele], the list to fill in, then [Reunir], which turns the
// filled list into orders that the workshop prepares like any other. What can
// be claimed is [suivi.Soldables]' business. The package must never print, ask
// for the time or reach a network.
package solde

import (
	"fmt"
	"strings"

	"guichet.example/internal/atelier"
	"guichet.example/internal/atelier/liste"
	"guichet.example/internal/atelier/registre"
	"guichet.example/internal/atelier/suivi"
	"guichet.example/segur"
)

// Columns of ours in the list.
const (
	ColonneNumero = "x_numero"       // numeroEditeur of the advance, for the eye
	ColonnePayee  = "x_avance_payee" // "oui": the supplier has the payment notice, no portal has told
)

const baliseASP = "numeroASP"

// inconnue tells an advance that nobody has told the ledger is paid.
func inconnue(s *suivi.Soldable) bool {
	return !s.Oui && s.NumeroASP != "" && s.Portail == nil && s.Statut() == registre.StatutAcceptee
}

// Modele is the list of the balances that can be claimed, and of those whose
// payment nobody has told yet: all that the ledger knows is filled in, the
// invoice and the verification of aptitude are left to fill. n counts the rows.
func Modele(r *registre.Registre, jeu *segur.Jeu, ss []suivi.Soldable) (octets []byte, n int, err error) {
	var ls []liste.Ligne
	for i := range ss {
		s := &ss[i]
		payee := "oui"
		if inconnue(s) {
			payee = "à confirmer"
		} else if !s.Oui {
			continue
		}
		c, err := commandeDe(r, jeu, s.Demande)
		if err != nil {
			return nil, 0, err
		}
		ls = append(ls, liste.Ligne{Devant: []string{s.NumeroEditeur, payee}, Commande: c})
	}
	return liste.CSV(jeu, []string{ColonneNumero, ColonnePayee}, ls), len(ls), nil
}

// commandeDe makes the beginning of a balance of what the ledger has of its
// advance; the scans of the advance are not those of the balance.
func commandeDe(r *registre.Registre, jeu *segur.Jeu, d *registre.Demande) (*atelier.Commande, error) {
	depot, err := r.Relire(d.Depot)
	if err != nil {
		return nil, err
	}
	c := atelier.DepuisRegistre(jeu, &depot.Demandes[d.Rang-1], r.Chemin)
	c.Pieces, c.Numero = nil, d.NumeroEditeur
	c.Poser(jeu, baliseASP, string(segur.AppendTexteJSON(nil, d.NumeroASP)))
	return &c, nil
}

// Ecart is a row that cannot be claimed, and why.
type Ecart struct {
	Rang   int // in the list, from 1
	Source registre.Source
	Raison string
}

// Phrase is the row for a terminal.
func (e *Ecart) Phrase() string { return fmt.Sprintf("ligne %d : %s", e.Source.Ligne, e.Raison) }

// Reunir puts the rows of a filled list beside the advances that they name by
// numeroASP: each gets its advance's numeroEditeur. Rows whose balance cannot
// be claimed come back as ecarts; the list keeps them all.
func Reunir(l *atelier.Lecture, jeu *segur.Jeu, ss []suivi.Soldable) []Ecart {
	parASP := map[string]*suivi.Soldable{}
	for i := range ss {
		if ss[i].NumeroASP != "" {
			parASP[ss[i].NumeroASP] = &ss[i]
		}
	}
	vus := map[string]int{}
	var es []Ecart
	for i := range l.Commandes {
		c := &l.Commandes[i]
		asp := strings.Trim(c.Valeur(jeu, baliseASP), `"`)
		raison := refus(parASP[asp], asp, liste.Extra(c.Extras, ColonnePayee))
		if avant := vus[asp]; avant > 0 && raison == "" {
			raison = fmt.Sprintf("l’avance %s est déjà à la ligne %d : un seul solde par avance", segur.Visible(asp, 40), avant)
		}
		vus[asp] = c.Source.Ligne
		if raison != "" {
			es = append(es, Ecart{i + 1, c.Source, raison})
			continue
		}
		c.Numero = parASP[asp].NumeroEditeur
		c.Extras = liste.Sans(c.Extras, ColonneNumero, ColonnePayee)
		if d, ok := parASP[asp].RemplaceSolde(); ok {
			c.Remplace = d
		}
	}
	return es
}

func refus(s *suivi.Soldable, asp, payee string) string {
	switch {
	case asp == "" || asp == "null":
		return "la colonne numeroASP est vide ; elle porte le numéro ASP de l’avance, celui du fichier retour"
	case s == nil:
		return fmt.Sprintf("le registre ne connaît pas d’avance %s ; importez son fichier retour (segur registre importer RETOUR)", segur.Visible(asp, 40))
	case s.Oui:
		return ""
	case inconnue(s) && strings.EqualFold(strings.TrimSpace(payee), "oui"):
		return ""
	case inconnue(s):
		return fmt.Sprintf("on ne sait pas si l’avance %s est payée : lancez « segur suivre --portail », ou écrivez oui dans %s si vous avez l’avis de paiement", asp, ColonnePayee)
	}
	return s.Raison
}

// Garder leaves out the rows that cannot be claimed.
func Garder(cs []atelier.Commande, es []Ecart) []atelier.Commande {
	ecartes := map[int]bool{}
	for _, e := range es {
		ecartes[e.Rang] = true
	}
	var bonnes []atelier.Commande
	for i := range cs {
		if !ecartes[i+1] {
			bonnes = append(bonnes, cs[i])
		}
	}
	return bonnes
}
