package guichet

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"
)

// Selection is a decision on many requests that is done in the background, so
// that its decider sees how far it is and nobody else waits.
type Selection struct {
	ID       string
	CompteID CompteID
	Cree     time.Time
	Etat     EtatSelection
}

// EtatSelection is what of a selection no query looks at.
type EtatSelection struct {
	Sens     string
	Motifs   []string
	Adresse  netip.Addr // where it was asked from
	Total    int
	Faites   int // lines that have their result
	Decidees int
	Fin      time.Time // zero = under way
	Arret    string    // why it ended early; "" = it did not
}

// CommanderSelection asks for a decision on many requests, judged like
// [Guichet.DeciderSelection] but for the requests themselves, and returns its
// number.
func (g *Guichet) CommanderSelection(ctx context.Context, a *Acteur, q SelectionDecision) (string, error) {
	if err := g.Autoriser(ctx, a, Decider, ""); err != nil {
		return "", err
	}
	if err := q.controler(); err != nil {
		return "", err
	}
	id, err := g.identifiant()
	if err != nil {
		return "", err
	}
	s := &Selection{ID: id, CompteID: a.ID, Cree: g.m.Horloge(), Etat: EtatSelection{Sens: q.Sens, Motifs: q.Motifs, Adresse: a.Adresse, Total: len(q.Numeros)}}
	return id, g.m.Base.Ecrire(ctx, func(tx Tx) error {
		return errors.Join(tx.AjouterSelection(s, q.Numeros), g.commander(tx, TravailSelection, id, nil))
	})
}

// SelectionVue shows a selection to who asked for it, with its results from
// the first line on, at most max of them.
func (g *Guichet) SelectionVue(ctx context.Context, a *Acteur, id string, max int) (s *Selection, rs []ResultatDecision, err error) {
	if err := g.Autoriser(ctx, a, Decider, ""); err != nil {
		return nil, nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		if s, err = tx.Selection(id); err == nil && s.CompteID != a.ID {
			err = ErrAbsent
		}
		if err != nil {
			return absent(err, "Cette sélection n’existe pas.")
		}
		rs, err = tx.LignesSelection(id, 0, min(max, s.Etat.Faites))
		return err
	})
	return s, rs, err
}

// deciderEnFond decides a selection part by part. The results of a part are
// kept in its own transaction: another attempt goes on behind them.
func (g *Guichet) deciderEnFond(ctx context.Context, t *Travail) (suiteTravail, error) {
	for {
		reste := false
		err := g.m.Base.Ecrire(ctx, func(tx Tx) error {
			s, err := tx.Selection(t.Cle)
			if err != nil {
				return err
			}
			reste, err = g.deciderSuite(tx, s)
			return err
		})
		switch {
		case errors.Is(err, ErrAbsent):
			return nil, fmt.Errorf("%w: %w", ErrAbandon, err)
		case err != nil:
			return nil, err
		case !reste:
			return nil, nil
		}
	}
}

// deciderSuite decides the next part, and tells whether more is left.
func (g *Guichet) deciderSuite(tx Tx, s *Selection) (reste bool, err error) {
	e := &s.Etat
	if !e.Fin.IsZero() {
		return false, nil
	}
	c, err := tx.Compte(s.CompteID)
	if err != nil {
		return false, err
	}
	a := &Acteur{Compte: *c, Adresse: e.Adresse}
	if !c.Actif || exiger(a, Decider) != nil {
		e.Fin, e.Arret = g.m.Horloge(), "Le compte qui l’a demandée n’a plus le droit de décider."
		return false, tx.MajSelection(s)
	}
	lignes, err := tx.LignesSelection(s.ID, e.Faites, trancheDecision)
	if err != nil {
		return false, err
	}
	q := SelectionDecision{Sens: e.Sens, Motifs: e.Motifs}
	ns := make([]NumeroASP, len(lignes))
	for i := range lignes {
		ns[i] = lignes[i].NumeroASP
	}
	lues, err := lireADecider(tx, a, ns)
	if err != nil {
		return false, err
	}
	rs := make([]ResultatDecision, len(lignes))
	for i := range lignes {
		r, err := g.deciderUn(tx, a, q, lignes[i].NumeroASP, lues)
		if GenreDe(err) == Interdit {
			err = g.journaliser(tx, &operation{acteur: a, action: Decider, objet: string(r.NumeroASP)}, "refuse", r.Motif)
		}
		if err != nil {
			return false, err
		}
		if rs[i] = r; r.Decidee {
			e.Decidees++
		}
	}
	depuis := e.Faites
	if e.Faites += len(rs); e.Faites >= e.Total || len(rs) == 0 {
		e.Fin = g.m.Horloge()
	}
	return e.Fin.IsZero(), errors.Join(tx.PoserResultats(s.ID, depuis, rs), tx.MajSelection(s))
}
