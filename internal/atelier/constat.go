package atelier

import (
	"slices"
	"strings"

	"guichet.example/internal/atelier/catalogue"
	"guichet.example/segur"
)

// Constat is what was found about a row of the list: a fault of the rule set,
// of a piece or of the workshop, with its place in the list.
type Constat struct {
	segur.Constat        // Rang is the order's place among those given, from 1
	Feuille       string // sheet; "" for a CSV
	Rangee        int    // row as the spreadsheet numbers it; 0 = none
	Titre         string // heading of the column; "" = none
	Valeur        string // what the cell holds
	Propose       string // value offered instead; "" = none
}

// mots are what the words in braces of a sentence stand for.
type mots struct{ valeur, detail, piece, propose string }

// constat makes a finding of the workshop about an order.
func constat(c *Commande, rang int, code segur.Code, m mots) Constat {
	e, _ := catalogue.Entree(code)
	phrase := ""
	if m.propose != "" {
		phrase = " Proposition : " + segur.Visible(m.propose, 60) + "."
	}
	r := strings.NewReplacer("{valeur}", segur.Visible(m.valeur, 60), "{detail}", segur.Visible(m.detail, 400),
		"{piece}", m.piece, "{propose}", phrase)
	return Constat{
		Constat: segur.Constat{Code: code, Gravite: e.Gravite, Rang: rang, Balise: e.Balise, Message: r.Replace(e.Message), Attendu: e.Attendu,
			Recu: segur.Visible(m.valeur, 60), Remede: r.Replace(e.Remede), Reference: e.Reference},
		Feuille: c.Source.Feuille, Rangee: c.Source.Ligne, Valeur: m.valeur, Propose: m.propose,
	}
}

// Refuse tells whether a list of findings holds an error.
func Refuse(ks []Constat) bool {
	return slices.ContainsFunc(ks, func(k Constat) bool { return k.Gravite == segur.Erreur })
}

// Ecarter splits orders: those without an error, and for each of them its
// place before. Findings keep the old places.
func Ecarter(cs []Commande, ks []Constat) (bonnes []Commande, rangs []int) {
	fautives := make(map[int]bool, len(ks))
	for i := range ks {
		if ks[i].Gravite == segur.Erreur {
			fautives[ks[i].Rang] = true
		}
	}
	for i := range cs {
		if !fautives[i+1] {
			bonnes, rangs = append(bonnes, cs[i]), append(rangs, i+1)
		}
	}
	return bonnes, rangs
}
