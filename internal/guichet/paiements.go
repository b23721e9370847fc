package guichet

import (
	"context"
	"fmt"
	"slices"

	"guichet.example/segur"
)

// Paiement is what one supplier was paid in one settled batch.
type Paiement struct {
	Lot      LotID
	Date     segur.Jour
	Brut     segur.Montant // due for the requests
	Retenue  segur.Montant // kept back of it
	Total    segur.Montant // transferred: Brut less Retenue
	Lignes   []LignePayee
	Retenues []RetenuePayee
	Partiel  bool // only what the reader's mandate covers
}

// RetenuePayee is what a payment keeps back for one claim.
type RetenuePayee struct {
	Reference string    // of the letter that ordered the recovery
	NumeroASP NumeroASP // "" = a claim that the reader's mandate does not cover
	Montant   segur.Montant
}

// LignePayee is one paid request with the way to its amount.
type LignePayee struct {
	Demande Demande
	Montant segur.Montant // due, before anything is kept back
	Etapes  []segur.Etape
}

// Paiements lists what the actor's supplier was paid, newest first: the
// payment notices. An agent names the supplier, and his reading is journalled.
func (g *Guichet) Paiements(ctx context.Context, a *Acteur, f FournisseurID) (ps []Paiement, err error) {
	if ps, err = g.paiementsDe(ctx, a, f); err == nil && len(ps) > 0 {
		err = g.noterLecture(ctx, a, LireAvis, objetPaiements, fmt.Sprintf("liste : fournisseur %d ; avis lus : %d", f, len(ps)))
	}
	return ps, err
}

func (g *Guichet) paiementsDe(ctx context.Context, a *Acteur, f FournisseurID) (ps []Paiement, err error) {
	if err := g.Autoriser(ctx, a, LireAvis, ""); err != nil {
		return nil, err
	}
	if !a.Agent() {
		f = a.FournisseurID
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) error {
		ps = nil
		ls, err := tx.LotsRegles(f)
		if err != nil {
			return err
		}
		for i := range ls {
			p, err := g.paiementDuLot(tx, a, &ls[i], f)
			if err != nil {
				return err
			}
			if len(p.Lignes) > 0 { // of a mandate none may be left
				ps = append(ps, *p)
			}
		}
		return nil
	})
	return ps, err
}

// paiementDuLot gathers a notice from the frozen lines of a batch, so that
// nothing that becomes of a request later changes what its notice says. A third
// party's is an extract: the lines that its mandate covers.
func (g *Guichet) paiementDuLot(tx Tx, a *Acteur, l *Lot, f FournisseurID) (*Paiement, error) {
	lignes, err := tx.LignesReglees(l.ID, f)
	if err != nil {
		return nil, err
	}
	p := &Paiement{Lot: l.ID, Date: l.Regle}
	for _, x := range lignes {
		d, err := tx.Demande(x.NumeroASP)
		if err != nil {
			return nil, err
		}
		if !a.couvre(d.NumeroAns) {
			p.Partiel = true
			continue
		}
		y, err := g.lignePayee(tx, d)
		if err != nil {
			return nil, err
		}
		y.Montant = x.Montant
		p.Lignes = append(p.Lignes, y)
		p.Brut, p.Retenue, p.Total = p.Brut+x.Montant, p.Retenue+x.Retenue, p.Total+x.Net()
	}
	return p, retenuesDuPaiement(tx, a, p, f)
}

// retenuesDuPaiement adds up what was kept back of the lines by claim.
func retenuesDuPaiement(tx Tx, a *Acteur, p *Paiement, f FournisseurID) error {
	if p.Retenue == 0 {
		return nil
	}
	rs, err := tx.RetenuesDuLot(p.Lot)
	if err != nil {
		return err
	}
	if p.Partiel {
		l, err := tx.Lot(p.Lot)
		if err != nil {
			return err
		}
		montrees := map[NumeroASP]bool{}
		for i := range p.Lignes {
			montrees[p.Lignes[i].Demande.NumeroASP] = true
		}
		rs = slices.DeleteFunc(rs, func(r Retenue) bool { return !montrees[l.Lignes[r.Rang-1].NumeroASP] })
	}
	cs, err := tx.Creances(FiltreCreance{FournisseurID: f, Lot: p.Lot})
	if err != nil {
		return err
	}
	for _, c := range cs {
		y := RetenuePayee{Reference: c.Reference(), NumeroASP: c.NumeroASP}
		for _, r := range rs {
			if r.CreanceID == c.ID && !r.Annulee {
				y.Montant += r.Montant
			}
		}
		if y.Montant == 0 {
			continue
		}
		d, err := tx.Demande(c.NumeroASP)
		if err != nil {
			return err
		}
		if !a.couvre(d.NumeroAns) {
			y.Reference, y.NumeroASP = "", ""
		}
		p.Retenues = append(p.Retenues, y)
	}
	return nil
}

// lignePayee computes the amount of a request again, step by step.
func (g *Guichet) lignePayee(tx Tx, d *Demande) (LignePayee, error) {
	l := LignePayee{Demande: *d, Montant: d.APayer()}
	bareme := segur.BaremePHA
	if c, err := g.campagneDe(tx, d); err != nil {
		return l, err
	} else if c != nil {
		bareme = c.Bareme
	}
	k, err := bareme.Calculer(d.Montants.HT, d.Abrege.Regime)
	if err != nil {
		return l, err
	}
	l.Etapes = k.Etapes[:len(k.Etapes)-1] // the last is the balance, which an advance does not pay
	if d.Type == segur.Solde {
		l.Etapes = []segur.Etape{{Libelle: "Base accordée", Formule: d.Montants.HT.Francais() + " HT, régime " + d.Abrege.Regime, Resultat: d.Montants.Avance + d.Montants.Solde},
			{Libelle: "Solde", Formule: (d.Montants.Avance + d.Montants.Solde).Francais() + " − " + d.Montants.Avance.Francais() + " déjà versés", Resultat: d.Montants.Solde}}
	}
	return l, nil
}
