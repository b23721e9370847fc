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
