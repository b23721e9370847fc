package guichet

import "context"

// preferenceMax bounds what is remembered of one choice, in bytes.
const preferenceMax = 2000

// Preference is what a person chose on a subject of the pages; "" when nothing
// was. Any account reads its own.
func (g *Guichet) Preference(ctx context.Context, a *Acteur, sujet string) (valeur string, err error) {
	err = g.m.Base.Lire(ctx, func(tx Tx) error {
		valeur, err = tx.Preference(a.ID, sujet)
		return err
	})
	return valeur, err
}

// Preferer remembers a choice of the actor's own; "" forgets it. It changes how
// pages look and nothing else, so that it leaves no entry in the journal.
func (g *Guichet) Preferer(ctx context.Context, a *Acteur, sujet, valeur string) error {
	if len(valeur) > preferenceMax {
		return erreur(Invalide, "Ce choix est trop long pour être retenu.")
	}
	return g.m.Base.Ecrire(ctx, func(tx Tx) error { return tx.PoserPreference(a.ID, sujet, valeur) })
}
