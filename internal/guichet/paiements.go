package guichet

import (
	"context"

	"guichet.example/segur"
)

// Paiement is what one supplier was paid in one settled batch.
type Paiement struct {
	Lot    LotID
	Date   segur.Jour
	Total  segur.Montant
	Lignes []LignePayee
}

// LignePayee is one paid request with the way to its amount.
type LignePayee struct {
	Demande Demande
	Montant segur.Montant
	Etapes  []segur.Etape
}

// Paiements lists what the actor's supplier was paid, newest first: the
// payment notices. An agent names the supplier.
func (g *Guichet) Paiements(ctx context.Context, a *Acteur, f FournisseurID) (ps []Paiement, err error) {
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
		for _, l := range ls {
			p := Paiement{Lot: l.ID, Date: l.Regle}
			ds, err := tx.Demandes(Filtre{LotID: l.ID, FournisseurID: f})
			if err != nil {
				return err
			}
			for i := range ds {
				x, err := g.lignePayee(tx, &ds[i])
				if err != nil {
					return err
				}
				p.Lignes = append(p.Lignes, x)
				p.Total += x.Montant
			}
			ps = append(ps, p)
		}
		return nil
	})
	return ps, err
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
