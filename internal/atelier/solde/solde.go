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
	"unicode"

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

// Modele is the list of the balances that can be claimed, and of those whose
// payment nobody has told yet: all that the ledger knows is filled in, the
// invoice and the verification of aptitude are left to fill. n counts the rows.
func Modele(r *registre.Registre, jeu *segur.Jeu, ss []suivi.Soldable) (octets []byte, n int, err error) {
	var ls []liste.Ligne
	for i := range ss {
		s := &ss[i]
		payee := "oui"
		if s.Inconnue {
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
	Code   segur.Code // that the portal would give
	Raison string     // French
}

// Constat is the row as reports show it.
func (e *Ecart) Constat() atelier.Constat {
	k := atelier.Constat{Constat: segur.Constat{Code: e.Code, Gravite: segur.Erreur, Rang: e.Rang, Balise: baliseASP, Ligne: 1, Colonne: 1, Message: phrase(e.Raison), Reference: "D13"},
		Feuille: e.Source.Feuille, Rangee: e.Source.Ligne}
	for _, x := range segur.CataloguePortail() {
		if x.Code == e.Code {
			k.Remede, k.Attendu = x.Lisible().Remede, x.Lisible().Attendu
		}
	}
	return k
}

// phrase makes a reason a sentence.
func phrase(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return s
	}
	r[0] = unicode.ToUpper(r[0])
	return string(r) + "."
}

// Entete is the header of the claimed advances: one number of the ANS and one
// SIRET, or an error, in French.
func Entete(l *atelier.Lecture, es []Ecart, ss []suivi.Soldable) (atelier.Entete, error) {
	parNumero := map[string]*registre.Depot{}
	for i := range ss {
		parNumero[ss[i].NumeroEditeur] = ss[i].Depot
	}
	var e atelier.Entete
	for _, c := range Garder(l.Commandes, es) {
		d := parNumero[c.Numero]
		la := atelier.Entete{NumeroAns: d.NumeroAns, SIRET: d.SIRET}
		if e == (atelier.Entete{}) {
			e = la
		} else if e != la {
			return e, fmt.Errorf("ligne %d : cette avance est du numéro ANS %s, SIRET %s ; les précédentes de %s, %s. Préparez une liste pour chacun", c.Source.Ligne, la.NumeroAns, la.SIRET, e.NumeroAns, e.SIRET)
		}
	}
	return e, nil
}

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
		code, raison := refus(parASP[asp], asp, liste.Extra(c.Extras, ColonnePayee))
		if avant := vus[asp]; avant > 0 && raison == "" {
			code, raison = segur.CodeSoldeDemande, fmt.Sprintf("l’avance %s est déjà à la ligne %d : un seul solde par avance", segur.Visible(asp, 40), avant)
		}
		vus[asp] = c.Source.Ligne
		if raison != "" {
			es = append(es, Ecart{i + 1, c.Source, code, raison})
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

func refus(s *suivi.Soldable, asp, payee string) (segur.Code, string) {
	switch {
	case asp == "" || asp == "null":
		return segur.CodeAvanceInconnue, "la colonne numeroASP est vide ; elle porte le numéro ASP de l’avance, celui du fichier retour"
	case s == nil:
		return segur.CodeAvanceInconnue, fmt.Sprintf("le registre ne connaît pas d’avance %s ; importez son fichier retour (segur registre importer RETOUR)", segur.Visible(asp, 40))
	case s.Oui:
		return 0, ""
	case s.Inconnue && strings.EqualFold(strings.TrimSpace(payee), "oui"):
		return 0, ""
	case s.Inconnue:
		return segur.CodeAvanceImpayee, fmt.Sprintf("on ne sait pas si l’avance %s est payée : lancez « segur suivre --portail », ou écrivez oui dans %s si vous avez l’avis de paiement", asp, ColonnePayee)
	case s.Statut() == "payee":
		return segur.CodeSoldeDemande, s.Raison
	}
	return segur.CodeAvanceImpayee, s.Raison
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
