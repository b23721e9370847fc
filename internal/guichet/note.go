package guichet

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Note is what an agent writes on a request for other agents. It never leaves
// the agency: no page, answer, export or letter of a supplier reads it. Its
// text is not in the journal, which keeps personal data for ever; its number
// is.
type Note struct {
	ID        int64
	NumeroASP NumeroASP
	Date      time.Time
	Auteur    string // account
	Texte     string
	Barree    time.Time // zero = it stands
	BarreePar string
	Motif     string // why it was struck
}

// notesMax bounds the notes on one request.
const notesMax = 500

// Noter writes a note on a request. It is no act on it: whoever writes one
// keeps every duty that he could have.
func (g *Guichet) Noter(ctx context.Context, a *Acteur, n NumeroASP, texte string) error {
	return g.surNotes(ctx, a, n, func(tx Tx, ns []Note) (string, error) {
		if err := exigerTexte("note", texte); err != nil {
			return "", err
		}
		if len(ns) >= notesMax {
			return "", erreur(Conflit, "La demande %s a déjà %d notes : c’est le plus qu’elle puisse avoir.", n, notesMax)
		}
		x := &Note{NumeroASP: n, Date: g.m.Horloge(), Auteur: a.Identifiant, Texte: texte}
		err := tx.AjouterNote(x)
		return fmt.Sprintf("note %d", x.ID), err
	})
}

// BarrerNote strikes a note: it stays to be read, with why it is wrong. A note
// is never changed.
func (g *Guichet) BarrerNote(ctx context.Context, a *Acteur, n NumeroASP, id int64, motif string) error {
	return g.surNotes(ctx, a, n, func(tx Tx, ns []Note) (string, error) {
		i := slices.IndexFunc(ns, func(x Note) bool { return x.ID == id })
		if i < 0 {
			return "", erreur(Inconnu, "Cette note n’existe pas.")
		}
		x := &ns[i]
		if !x.Barree.IsZero() {
			return "", erreur(Conflit, "Cette note est déjà barrée.")
		}
		if err := exigerTexte("motif", motif); err != nil {
			return "", err
		}
		x.Barree, x.BarreePar, x.Motif = g.m.Horloge(), a.Identifiant, motif
		return fmt.Sprintf("note %d barrée", id), tx.MajNote(x)
	})
}

func (g *Guichet) surNotes(ctx context.Context, a *Acteur, n NumeroASP, f func(Tx, []Note) (string, error)) error {
	return g.faire(ctx, operation{acteur: a, action: EcrireNote, objet: string(n)}, func(tx Tx, _ *operation) (any, string, error) {
		if _, err := g.demandeDe(tx, a, n); err != nil {
			return nil, "", err
		}
		if err := exiger(a, EcrireNote); err != nil {
			return nil, "", err
		}
		ns, err := tx.Notes(n)
		if err != nil {
			return nil, "", err
		}
		detail, err := f(tx, ns)
		return nil, detail, err
	})
}
