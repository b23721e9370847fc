package guichet

import (
	"cmp"
	"context"
	"slices"
)

// Dossier is the case file of one request: all that explains it, but for the
// bytes of its documents, which [Guichet.OuvrirPiece] gives.
type Dossier struct {
	DemandeVue
	Lettres  []Lettre // oldest first
	Entrees  []Entree // of the journal, about the request, its deposit, its batch and its control
	Controle *Controle
}

// extraitMax bounds the journal entries of one object in a case file.
const extraitMax = 10_000

// Dossier gathers the case file of a request; its export is journalled.
func (g *Guichet) Dossier(ctx context.Context, a *Acteur, n NumeroASP) (*Dossier, error) {
	if err := g.Autoriser(ctx, a, ExporterDossier, string(n)); err != nil {
		return nil, err
	}
	o := operation{acteur: a, action: ExporterDossier, objet: string(n)}
	if err := g.m.Base.Ecrire(ctx, func(tx Tx) error {
		if _, err := g.demandeDe(tx, a, n); err != nil {
			return err
		}
		return g.journaliser(tx, &o, "fait", "")
	}); err != nil {
		return nil, err
	}
	x := &Dossier{}
	return x, g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		*x = Dossier{}
		if err := g.voir(tx, a, n, &x.DemandeVue); err != nil {
			return err
		}
		if x.Lettres, err = tx.Lettres(n); err != nil {
			return err
		}
		d := x.Demande
		objets := []string{string(n), string(d.DepotID), string(d.LotID)}
		if u := d.Audit; u != nil && u.Controle != "" {
			if x.Controle, err = tx.Controle(u.Controle); err != nil {
				return err
			}
			objets = append(objets, string(u.Controle))
		}
		for _, objet := range objets {
			if objet == "" {
				continue
			}
			es, err := tx.EntreesDe(objet, extraitMax)
			if err != nil {
				return err
			}
			x.Entrees = append(x.Entrees, es...)
		}
		slices.SortFunc(x.Entrees, func(a, b Entree) int { return cmp.Compare(a.Numero, b.Numero) })
		return nil
	})
}

// DossierControle is the case file of a whole campaign: what is needed to draw
// again elsewhere, and what became of each drawn request.
type DossierControle struct {
	Controle      *Controle
	RaisonSociale string    // of the supplier that its rule names; "" = none
	Tires         []Demande // in the order of the draw
	Entrees       []Entree  // of the journal, about the campaign
}

// DossierControle gathers the case file of a campaign; its export is journalled.
func (g *Guichet) DossierControle(ctx context.Context, a *Acteur, id ControleID) (*DossierControle, error) {
	if err := g.Autoriser(ctx, a, LireControle, string(id)); err != nil {
		return nil, err
	}
	o := operation{acteur: a, action: ExporterDossier, objet: string(id)}
	x := &DossierControle{}
	if err := g.m.Base.Ecrire(ctx, func(tx Tx) error {
		if _, err := tx.Controle(id); err != nil {
			return absent(err, "Ce contrôle n’existe pas.")
		}
		return g.journaliser(tx, &o, "fait", "")
	}); err != nil {
		return nil, err
	}
	return x, g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		*x = DossierControle{}
		if x.Controle, err = tx.Controle(id); err != nil {
			return err
		}
		if f := x.Controle.Regle.FournisseurID; f != 0 {
			y, err := tx.Fournisseur(f)
			if err != nil {
				return err
			}
			x.RaisonSociale = y.RaisonSociale
		}
		if x.Tires, err = tirees(tx, x.Controle); err != nil {
			return err
		}
		x.Entrees, err = tx.EntreesDe(string(id), extraitMax)
		return err
	})
}

// Tirees lists the drawn requests of a campaign as they stand, in the order of
// the draw.
func (g *Guichet) Tirees(ctx context.Context, a *Acteur, id ControleID) (ds []Demande, err error) {
	if err := g.Autoriser(ctx, a, LireControle, string(id)); err != nil {
		return nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) error {
		c, err := tx.Controle(id)
		if err != nil {
			return absent(err, "Ce contrôle n’existe pas.")
		}
		ds, err = tirees(tx, c)
		return err
	})
	return ds, err
}

func tirees(tx Tx, c *Controle) (ds []Demande, err error) {
	for _, l := range c.Tires() {
		d, err := tx.Demande(l.NumeroASP)
		if err != nil {
			return nil, err
		}
		ds = append(ds, *d)
	}
	return ds, nil
}
