// Package rendu shows what a preparation found and made, in the forms of the
// command "segur preparer": texte, json, html and csv.
//
// Start at [Ecrire]. What comes from lists and file names is hostile until
// shown otherwise: each form escapes it in its own way. The package must never
// read files or ask for the time.
package rendu

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"guichet.example/internal/atelier"
	"guichet.example/internal/atelier/catalogue"
	"guichet.example/internal/atelier/registre"
	"guichet.example/internal/rapport"
	"guichet.example/segur"
)

// Bilan is what a preparation found and made.
type Bilan struct {
	Outil    segur.Outil
	Jeu      *segur.Jeu
	Jour     segur.Jour
	Lecture  *atelier.Lecture
	Constats []atelier.Constat // of all steps, row by row
	Plan     *atelier.Plan     // nil when nothing can be prepared
	Dossier  string            // that was written; "" = nothing was
	Partiel  bool              // faulty rows are left out
	SansScan bool              // pieces are only declared
	Inutiles []string          // scans that no order has
	Avis     []string          // of the ledger
	Couleur  bool
	Largeur  int
	Quiet    bool
}

// Formes are the names of the forms, the usual one first.
func Formes() []string { return []string{"texte", "json", "html", "csv"} }

// Ecrire writes one form. The error is the writer's, or tells an unknown form.
func Ecrire(forme string, w io.Writer, b *Bilan) error {
	tampon := bufio.NewWriter(w)
	var err error
	switch forme {
	case "texte":
		(&texte{w: tampon, b: b}).ecrire()
	case "json":
		err = ecrireJSON(tampon, b)
	case "html":
		err = ecrireHTML(tampon, b)
	case "csv":
		ecrireCSV(tampon, b)
	default:
		err = fmt.Errorf("la forme « %s » n’existe pas ; formes admises : %s", forme, strings.Join(Formes(), ", "))
	}
	if err != nil {
		return err
	}
	return tampon.Flush()
}

// comptes are the counts of a Bilan.
type comptes struct{ commandes, ecartees, erreurs, avertissements int }

func (b *Bilan) compter() comptes {
	c := comptes{commandes: len(b.Lecture.Commandes)}
	dernier := 0
	for i := range b.Constats {
		k := &b.Constats[i]
		if k.Gravite != segur.Erreur {
			c.avertissements++
			continue
		}
		c.erreurs++
		if k.Rang != dernier {
			dernier = k.Rang
			c.ecartees++
		}
	}
	return c
}

// Verdict sums a preparation up, in the words of control reports.
func (b *Bilan) Verdict() segur.Verdict {
	c := b.compter()
	switch {
	case len(b.Lecture.Questions) > 0 || c.commandes == 0 || c.ecartees == c.commandes:
		return segur.Rejete
	case c.ecartees > 0:
		return segur.Partiel
	}
	return segur.Accepte
}

// groupe gathers the findings of one code and column.
type groupe struct {
	atelier.Constat
	titre string
	liste []*atelier.Constat
}

// extras are the supplier's own values of the row that a finding is about.
func (b *Bilan) extras(k *atelier.Constat) []registre.Extra {
	if k.Rang < 1 || k.Rang > len(b.Lecture.Commandes) {
		return nil
	}
	return b.Lecture.Commandes[k.Rang-1].Extras
}

// reperes names the supplier's own values of the first rows of a group.
func (b *Bilan) reperes(g *groupe) string {
	const montres = 3
	var phrases []string
	dernier := 0
	for _, k := range g.liste {
		x := registre.DireExtras(b.extras(k))
		if x == "" || k.Rangee == dernier {
			continue
		}
		if dernier = k.Rangee; len(phrases) == montres {
			phrases = append(phrases, "…")
			break
		}
		phrases = append(phrases, x)
	}
	return strings.Join(phrases, " ; ")
}

// colonnesExtras are the supplier's own columns, in the order of the list.
func (b *Bilan) colonnesExtras() []string {
	var noms []string
	for i := range b.Lecture.Colonnes {
		if x := b.Lecture.Colonnes[i].Extra; x != "" {
			noms = append(noms, x)
		}
	}
	return noms
}

// grouper gathers findings: errors first, by code.
func (b *Bilan) grouper() []*groupe {
	type cle struct {
		code  segur.Code
		titre string
	}
	parCle := map[cle]*groupe{}
	var gs []*groupe
	for i := range b.Constats {
		k := &b.Constats[i]
		c := cle{k.Code, k.Titre}
		g := parCle[c]
		if g == nil {
			g = &groupe{Constat: *k, titre: b.titre(k)}
			parCle[c] = g
			gs = append(gs, g)
		}
		g.liste = append(g.liste, k)
	}
	slices.SortStableFunc(gs, func(x, y *groupe) int {
		if (x.Gravite == segur.Erreur) != (y.Gravite == segur.Erreur) {
			if x.Gravite == segur.Erreur {
				return -1
			}
			return 1
		}
		return int(x.Code) - int(y.Code)
	})
	return gs
}

// titre is the label of a code, without words that only a fault can fill.
func (b *Bilan) titre(k *atelier.Constat) string {
	if e, ok := b.Jeu.Entree(k.Code); ok {
		return e.Titre
	}
	if e, ok := catalogue.Entree(k.Code); ok {
		return e.Lisible().Titre
	}
	return k.Message
}

// attendu names the money that a plan asks for, and montant is that money.
func (b *Bilan) attendu() string {
	if b.Jeu.Type == segur.Solde {
		return "solde attendu"
	}
	return "avance attendue"
}

func (b *Bilan) montant(m atelier.Montants) segur.Montant {
	if b.Jeu.Type == segur.Solde {
		return m.Solde
	}
	return m.Avance
}

// rangees names rows, the first ones.
func rangees(ks []*atelier.Constat, max int) string {
	var ns []string
	dernier := 0
	reste := 0
	for _, k := range ks {
		switch {
		case k.Rangee == dernier:
		case len(ns) == max:
			reste++
		default:
			ns = append(ns, strconv.Itoa(k.Rangee))
		}
		dernier = k.Rangee
	}
	switch {
	case reste > 0:
		return "lignes " + strings.Join(ns, ", ") + " et " + rapport.Nombre(reste) + " autres"
	case len(ns) > 1:
		return "lignes " + strings.Join(ns[:len(ns)-1], ", ") + " et " + ns[len(ns)-1]
	}
	return "ligne " + strings.Join(ns, "")
}

// octets writes a size for people, in the decimal units of the agency.
func octets(n int64) string {
	switch {
	case n >= 1_000_000:
		return fmt.Sprintf("%d,%d Mo", n/1_000_000, n%1_000_000/100_000)
	case n >= 1000:
		return fmt.Sprintf("%d ko", n/1000)
	}
	return fmt.Sprintf("%d octets", n)
}

// lignesAPart says which rows were not read as orders, and which were although
// the spreadsheet hides them.
func (b *Bilan) lignesAPart() []string {
	parMotif := map[string][]int{}
	var ordre, phrases []string
	for _, x := range b.Lecture.Laissees {
		if parMotif[x.Motif] == nil {
			ordre = append(ordre, x.Motif)
		}
		parMotif[x.Motif] = append(parMotif[x.Motif], x.Rangee)
	}
	for _, m := range ordre {
		phrases = append(phrases, "Laissées de côté, car ce sont "+m+" : "+numerosDe(parMotif[m])+".")
	}
	if n := b.Lecture.Table.Masquees; len(n) > 0 {
		phrases = append(phrases, "Masquées dans le tableur (un filtre ?) et lues comme les autres : "+numerosDe(n)+".")
	}
	return phrases
}

// numerosDe names rows, the first of them when there are many.
func numerosDe(rangees []int) string {
	const montrees = 12
	var s []string
	for _, n := range rangees[:min(len(rangees), montrees)] {
		s = append(s, strconv.Itoa(n))
	}
	mot := "ligne "
	if len(rangees) > 1 {
		mot = "lignes "
	}
	suite := ""
	if n := len(rangees) - montrees; n > 0 {
		suite = fmt.Sprintf(" et %d de plus", n)
	}
	return mot + strings.Join(s, ", ") + suite
}
