package guichet

import "context"

// File is what the page of an officer's queue chooses from.
type File struct {
	Vues         []Vue
	Instructeurs []Compte
	Fournisseurs []Fournisseur
	Miennes      int // deposited requests that are the officer's, counted up to [FileMax]
	Libres       int // deposited requests that nobody has, counted up to [FileMax]
}

// FileMax is where the counts of a queue stop: its page costs the same however
// many wait.
const FileMax = 1000

// File gathers them. Officers call it.
func (g *Guichet) File(ctx context.Context, a *Acteur) (*File, error) {
	if err := exiger(a, Prendre); err != nil {
		return nil, err
	}
	f := &File{}
	err := g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		if f.Vues, err = vuesDe(tx, a); err != nil {
			return err
		}
		if f.Instructeurs, err = instructeurs(tx); err != nil {
			return err
		}
		if f.Fournisseurs, err = tx.Fournisseurs(); err != nil {
			return err
		}
		if f.Miennes, err = tx.CompterJusqua(Filtre{Statut: Deposee, AgentID: a.ID}, FileMax); err != nil {
			return err
		}
		f.Libres, err = tx.CompterJusqua(Filtre{Statut: Deposee, Libre: true}, FileMax)
		return err
	})
	return f, err
}

// Voisines are the requests before and behind one in the queue of whoever is to
// act next; "" = there is none.
func (g *Guichet) Voisines(ctx context.Context, a *Acteur, d *Demande, acteur string) (avant, apres NumeroASP, err error) {
	if !a.Agent() || acteur == "" {
		return "", "", nil
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) error {
		for _, f := range []Filtre{{Acteur: acteur, Apres: d.Serie, Max: 1, Decroissant: true}, {Acteur: acteur, Apres: d.Serie, Max: 1}} {
			ds, err := tx.Demandes(f)
			if err != nil {
				return err
			}
			if len(ds) == 0 {
				continue
			}
			if f.Decroissant {
				avant = ds[0].NumeroASP
			} else {
				apres = ds[0].NumeroASP
			}
		}
		return nil
	})
	return avant, apres, err
}

// AuMoins tells that a count of the queue stopped at its bound: there are that
// many at least.
func (*File) AuMoins(n int) bool { return n >= FileMax }
