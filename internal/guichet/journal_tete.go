package guichet

import "context"

// DerniereEntree is the number of the journal's last entry, 0 when it is empty.
func (g *Guichet) DerniereEntree(ctx context.Context, a *Acteur) (numero int64, err error) {
	if err := exiger(a, LireJournal); err != nil {
		return 0, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		numero, _, err = tx.TeteJournal()
		return err
	})
	return numero, err
}
