package guichet

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"guichet.example/segur"
)

// Flux is an act that engages, pays or calls back money.
type Flux struct {
	Acte          Action // what engages; ReglerLot, Recouvrer, and Rembourser for what came back in any way
	Statut        Statut // entered by it; "" = none
	FournisseurID FournisseurID
	Date          time.Time
	Detail        string        // of the line of history of a decision
	Montant       segur.Montant // what awarding the request is worth, or what was paid, ordered back, paid back or set off
}

// Statistiques are the figures of a period.
type Statistiques struct {
	Du, Au  segur.Jour
	Delais  []Delai
	Refus   []RefusCompte // decisions that refuse, by reason
	Rejets  []RefusCompte // lines refused at deposit, by code
	Mois    []Argent      // by month, then by supplier
	Total   Argent
	Sources []Fournisseur // all suppliers
}

// Delai is how long requests stayed in a status, of those that left it in the
// period.
type Delai struct {
	Statut        Statut
	Nombre        int
	Mediane, Neuf time.Duration // half of them, and nine out of ten, took no longer
	plus          map[int]int   // by hours
}

// RefusCompte counts refusals by a code.
type RefusCompte struct {
	Code   string
	Nombre int
}

// Fenetre is a period as the store asks for it.
type Fenetre struct {
	Debut, Fin time.Time  // [Debut, Fin[
	Du, Au     segur.Jour // the same in days of Paris, both included
}

// Argent is the money of a month and a supplier: awarded less awards reversed,
// paid (what is set off included), ordered back, and recovered: paid back or
// set off against a settled payment.
type Argent struct {
	Mois          string // AAAA-MM, of Paris
	FournisseurID FournisseurID
	Engage        segur.Montant
	Paye          segur.Montant
	Ordonne       segur.Montant
	Recouvre      segur.Montant
}

// Periode bounds statistics; the zero supplier is all.
type Periode struct {
	Du, Au        segur.Jour // both included
	FournisseurID FournisseurID
}

// Statistiques counts delays, refusals and money of a period. Every agent may
// read them: they name suppliers, nobody else.
func (g *Guichet) Statistiques(ctx context.Context, a *Acteur, p Periode) (*Statistiques, error) {
	if err := g.Autoriser(ctx, a, LireStatistiques, ""); err != nil {
		return nil, err
	}
	if p.Du.Nul() || p.Au.Nul() || p.Du.Apres(p.Au) {
		return nil, erreur(Invalide, "La période commence un jour et finit le même jour ou après.")
	}
	m := mesure{g: g, p: p, s: &Statistiques{Du: p.Du, Au: p.Au}, debut: g.minuit(p.Du), fin: g.minuit(ajouterJours(p.Au, 1)),
		argent: map[Argent]*Argent{}, refus: map[string]int{}, delais: map[Statut]*Delai{}}
	err := g.m.Base.Lire(ctx, m.mesurer)
	return m.s, err
}

// minuit is the first instant of a day in Paris.
func (g *Guichet) minuit(j segur.Jour) time.Time {
	return time.Date(j.Annee, time.Month(j.Mois), j.Jour, 0, 0, 0, 0, g.m.Zone)
}

// mesure is statistics on their way.
type mesure struct {
	g          *Guichet
	p          Periode
	s          *Statistiques
	debut, fin time.Time
	argent     map[Argent]*Argent // by month and supplier
	refus      map[string]int
	delais     map[Statut]*Delai
}

func (m *mesure) mesurer(tx Tx) error {
	clear(m.argent)
	clear(m.refus)
	clear(m.delais)
	var err error
	if m.s.Sources, err = tx.Fournisseurs(); err != nil {
		return err
	}
	if err := tx.ParcourirFlux(Fenetre{m.debut, m.fin, m.p.Du, m.p.Au}, m.compter); err != nil {
		return err
	}
	if err := m.durees(tx); err != nil {
		return err
	}
	rs, err := tx.Rejets(m.debut, m.fin, m.p.FournisseurID)
	m.s.Rejets, m.s.Refus = compte(rs), compte(m.refus)
	m.s.Total = Argent{}
	m.s.Mois = nil
	for _, x := range m.argent {
		m.s.Mois = append(m.s.Mois, *x)
		m.s.Total.Engage += x.Engage
		m.s.Total.Paye += x.Paye
		m.s.Total.Ordonne += x.Ordonne
		m.s.Total.Recouvre += x.Recouvre
	}
	slices.SortFunc(m.s.Mois, func(a, b Argent) int {
		return cmp.Or(cmp.Compare(a.Mois, b.Mois), cmp.Compare(a.FournisseurID, b.FournisseurID))
	})
	return err
}

// compte lists counts, the greatest first.
func compte(ns map[string]int) (cs []RefusCompte) {
	for _, c := range slices.Sorted(maps.Keys(ns)) {
		cs = append(cs, RefusCompte{c, ns[c]})
	}
	slices.SortStableFunc(cs, func(a, b RefusCompte) int { return cmp.Compare(b.Nombre, a.Nombre) })
	return cs
}

// compter adds one act up.
func (m *mesure) compter(f Flux) error {
	if m.p.FournisseurID != 0 && m.p.FournisseurID != f.FournisseurID {
		return nil
	}
	cle := Argent{Mois: f.Date.In(m.g.m.Zone).Format("2006-01"), FournisseurID: f.FournisseurID}
	x := m.argent[cle]
	if x == nil {
		x = &cle
		m.argent[cle] = x
	}
	annulee := f.Acte == Reviser && f.Statut != Decidee && strings.Contains(f.Detail, nomAttribution)
	switch {
	case f.Acte == ReglerLot:
		x.Paye += f.Montant
	case f.Acte == Recouvrer:
		x.Ordonne += f.Montant
	case f.Acte == Rembourser:
		x.Recouvre += f.Montant
	case f.Statut == Decidee:
		x.Engage += f.Montant
	case annulee:
		x.Engage -= f.Montant
	}
	if f.Statut == Refusee {
		codes, _, _ := strings.Cut(f.Detail, " ; ")
		for c := range strings.SplitSeq(codes, ", ") {
			m.refus[c]++
		}
	}
	return nil
}

// mesurees are the statuses whose delays are shown: somebody has to act in each.
var mesurees = []Statut{Incomplete, Deposee, EnInstruction, AModifier, Validee, Decidee, MiseEnPaiement, PaiementRejete}

// durees measures how long requests stayed in each status, in whole hours: the
// counts by hour take little room whatever their number.
func (m *mesure) durees(tx Tx) error {
	var derniere NumeroASP
	var statut Statut
	var depuis time.Time
	err := tx.ParcourirStatuts(m.p.FournisseurID, func(n NumeroASP, s Statut, quand time.Time) error {
		if n == derniere && !quand.Before(m.debut) && quand.Before(m.fin) {
			d := m.delais[statut]
			if d == nil {
				d = &Delai{Statut: statut, plus: map[int]int{}}
				m.delais[statut] = d
			}
			d.Nombre++
			d.plus[int(quand.Sub(depuis)/time.Hour)]++
		}
		derniere, statut, depuis = n, s, quand
		return nil
	})
	m.s.Delais = nil
	for _, s := range mesurees {
		if d := m.delais[s]; d != nil {
			d.Mediane, d.Neuf = d.centile(50), d.centile(90)
			m.s.Delais = append(m.s.Delais, *d)
		}
	}
	return err
}

// centile is the least number of hours that p of a hundred did not exceed.
func (d *Delai) centile(p int) time.Duration {
	rang, vus := (d.Nombre*p+99)/100, 0
	for _, h := range slices.Sorted(maps.Keys(d.plus)) {
		if vus += d.plus[h]; vus >= rang {
			return time.Duration(h) * time.Hour
		}
	}
	return 0
}
