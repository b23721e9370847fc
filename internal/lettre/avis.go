package lettre

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"guichet.example/segur"
)

// Paiement is what one supplier was paid in one batch.
type Paiement struct {
	Lot      string
	Date     segur.Jour // of the settlement
	IBAN     string     // where to; written with all but its end hidden
	Lignes   []LignePayee
	Retenues []Retenue // set off against recoveries; nil = none
	Partiel  bool      // an extract, for a third party under mandate
}

// Retenue is what a payment keeps back for one recovery.
type Retenue struct {
	Reference string // of the order to give it back; "" = the reader's mandate does not cover it
	NumeroASP string // request that it was paid for
	Montant   segur.Montant
}

// LignePayee is one request that was paid.
type LignePayee struct {
	Demande
	Montant segur.Montant
	Etapes  []segur.Etape // the way to Montant
}

// phrase says why it is kept back.
func (r Retenue) phrase() string {
	if r.Reference == "" {
		return "Somme à rendre pour une demande hors du mandat, déduite de ce paiement"
	}
	return "Somme à rendre pour cette demande, déduite de ce paiement (ordre " + r.Reference + ")"
}

// Brut is what was due for the requests.
func (p Paiement) Brut() (t segur.Montant) {
	for _, l := range p.Lignes {
		t += l.Montant
	}
	return t
}

// Retenue is all that is kept back.
func (p Paiement) Retenue() (t segur.Montant) {
	for _, r := range p.Retenues {
		t += r.Montant
	}
	return t
}

// Total is what reached the account.
func (p Paiement) Total() segur.Montant { return p.Brut() - p.Retenue() }

// Avis is the payment notice: every request with its computation. The sums
// are whole cents, and their total is [Paiement.Total].
func Avis(c Cadre, p Paiement) (*Document, error) {
	if len(p.Lignes) == 0 {
		return nil, errVide
	}
	if p.Retenue() < 0 || p.Total() < 0 {
		return nil, fmt.Errorf("lettre : la retenue de %s dépasse ce qui est dû", p.Retenue().Francais())
	}
	t := &tableau{
		Legende: "Détail du paiement, demande par demande",
		Colonnes: []colonne{
			{Titre: "N° ASP", Part: .2, Fixe: true}, {Titre: "N° éditeur", Part: .11, Fixe: true}, {Titre: "Nature", Part: .1},
			{Titre: "Calcul", Part: .44}, {Titre: "Versé", Part: .15, Droite: true, Fixe: true},
		},
		Total: []string{"Total", "", "", demandes(len(p.Lignes)), p.Total().Francais()},
	}
	for _, l := range p.Lignes {
		t.Lignes = append(t.Lignes, []string{l.NumeroASP, l.NumeroEditeur, nature(l.Type), calcul(l.Etapes), l.Montant.Francais()})
	}
	f := fiche("Paiement", ligne{"Lot", p.Lot}, ligne{"Réglé le", jour(p.Date)}, ligne{"Compte", masquer(p.IBAN)})
	if p.Partiel {
		f.Fiche = append(f.Fiche, ligne{"Étendue", "extrait : les seules demandes du mandat"})
	}
	for _, r := range p.Retenues {
		t.Lignes = append(t.Lignes, []string{r.NumeroASP, "", "Retenue", r.phrase(), (-r.Montant).Francais()})
	}
	if p.Retenue() > 0 {
		f.Fiche = append(f.Fiche, ligne{"Dû pour les demandes", p.Brut().Francais()}, ligne{"Retenu", p.Retenue().Francais()}, ligne{"Viré", p.Total().Francais()})
	}
	return nouveau(c, GenreAvis, map[string]string{
		"lot": p.Lot, "date": jour(p.Date), "demandes": demandes(len(p.Lignes)), "total": p.Total().Francais(),
	}, f, bloc{Tableau: t})
}

// masquer leaves the country and the last four characters of an IBAN: enough
// to recognise one's own account.
func masquer(iban string) string {
	if len(iban) < 8 {
		return ""
	}
	return iban[:4] + " … " + iban[len(iban)-4:]
}

// AvisCSV writes the lines of a notice for a spreadsheet: UTF-8 with its mark,
// semicolons, amounts with a comma, and no cell that a spreadsheet would take
// for a formula.
func AvisCSV(w io.Writer, p Paiement) error {
	b := bufio.NewWriter(w)
	if _, err := b.WriteString("\ufeff"); err != nil {
		return err
	}
	c := csv.NewWriter(b)
	c.Comma, c.UseCRLF = ';', true
	lignes := [][]string{{"lot", "date", "numeroASP", "numeroEditeur", "type", "FINESS", "calcul", "montant"}}
	for _, l := range p.Lignes {
		lignes = append(lignes, []string{p.Lot, p.Date.ISO(), l.NumeroASP, l.NumeroEditeur, string(l.Type), l.Beneficiaire, strings.ReplaceAll(calcul(l.Etapes), "\n", "\u00a0; "), virgule(l.Montant)})
	}
	for _, r := range p.Retenues {
		lignes = append(lignes, []string{p.Lot, p.Date.ISO(), r.NumeroASP, "", "retenue", "", r.phrase(), virgule(-r.Montant)})
	}
	for i, l := range lignes {
		for k := range l[:len(l)-1] { // the last is a number of ours, and may be negative
			lignes[i][k] = SansFormule(l[k])
		}
	}
	if err := c.WriteAll(lignes); err != nil {
		return err
	}
	return b.Flush()
}

// virgule is an amount as a French spreadsheet reads it.
func virgule(m segur.Montant) string {
	s := m.String()
	return s[:len(s)-3] + "," + s[len(s)-2:]
}

// SansFormule puts an apostrophe before what a spreadsheet would execute: every
// text of somebody else goes through it on its way into a CSV.
func SansFormule(s string) string {
	if s != "" {
		switch s[0] {
		case '=', '+', '-', '@', '\t', '\r':
			return "'" + s
		}
	}
	return s
}
