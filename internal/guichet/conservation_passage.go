package guichet

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"guichet.example/segur"
)

// heureConservation is when the clock erases what is due, in Europe/Paris: when
// nobody works, and after the backups of the evening.
const heureConservation = 3

// objetConservation is what a passage of the erasure is about in the journal;
// each object that it took out has an entry of its own beside.
const objetConservation = "conservation"

// PassageConservation is the last time that retention was carried out; its zero
// stands for a day that began too late for a first one.
type PassageConservation struct {
	Quand time.Time      // zero = never yet
	Par   string         // account; "systeme" = the clock
	Faits map[string]int // objects taken out, by rule
}

// Resume is what the passage did, in French.
func (p PassageConservation) Resume() string { return ResumeEffacement(p.Faits) }

// Automatique tells a passage that the clock made.
func (p PassageConservation) Automatique() bool { return p.Par == metierSysteme }

// RythmeConservation tells when retention was carried out, and when it will be.
type RythmeConservation struct {
	Dernier  PassageConservation
	Prochain time.Time // zero = nobody but a person will
}

// RythmeConservation is shown beside what is due: when the rules were carried
// out last, and when the clock does it next.
func (g *Guichet) RythmeConservation(ctx context.Context, a *Acteur) (r RythmeConservation, err error) {
	if err := g.Autoriser(ctx, a, LireConservation, ""); err != nil {
		return r, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		r.Dernier, _, err = dernierPassage(tx)
		return err
	})
	if !g.m.ConservationManuelle {
		maintenant := g.m.Horloge()
		if r.Prochain = g.heureEffacement(g.Aujourdhui()); !r.Prochain.After(maintenant) {
			r.Prochain = g.heureEffacement(ajouterJours(g.Aujourdhui(), 1))
		}
	}
	return r, err
}

func (g *Guichet) heureEffacement(j segur.Jour) time.Time {
	return time.Date(j.Annee, time.Month(j.Mois), j.Jour, heureConservation, 0, 0, 0, g.m.Zone)
}

// dernierPassage reads the last passage and the number of its row, 0 when there
// is none yet.
func dernierPassage(tx Tx) (p PassageConservation, id int64, err error) {
	ps, err := lireReglages(tx, reglageConservation, func(_ *PassageConservation, n int64) { id = n })
	if err == nil && len(ps) > 0 {
		p = ps[len(ps)-1]
	}
	return p, id, err
}

// noterPassage keeps that retention was carried out, in the journal too: a day
// on which nothing was due leaves its proof as well.
func (g *Guichet) noterPassage(tx Tx, a *Acteur, faits map[string]int) error {
	_, id, err := dernierPassage(tx)
	if err != nil {
		return err
	}
	var ts []string
	for _, c := range Conservations() {
		if c.Code != "" {
			ts = append(ts, fmt.Sprintf("%s %d", c.Code, faits[c.Code]))
		}
	}
	_, err = poserReglage(tx, reglageConservation, id, PassageConservation{Quand: g.m.Horloge(), Par: a.Identifiant, Faits: faits})
	o := operation{acteur: a, action: EffacerDonnees, objet: objetConservation}
	return errors.Join(err, g.journaliser(tx, &o, "fait", strings.Join(ts, ", ")))
}

// commanderConservation asks for the erasure of a day, at its hour. The very
// first waits for a night: whoever has just upgraded can look at what is due,
// and leave it to people.
func (g *Guichet) commanderConservation(tx Tx, jour string) error {
	if g.m.ConservationManuelle {
		return nil
	}
	j, err := segur.LireJour(jour)
	if err != nil {
		return err
	}
	_, id, err := dernierPassage(tx)
	if err != nil {
		return err
	}
	if id == 0 && g.heureEffacement(j).Before(g.m.Horloge()) {
		_, err = poserReglage(tx, reglageConservation, 0, PassageConservation{}) // from tomorrow on
		return err
	}
	return g.commanderPour(tx, TravailConservation, jour, nil, g.heureEffacement(j))
}

// conserver carries the rules of retention out. A setting that was changed
// since the work was asked for counts.
func (g *Guichet) conserver(ctx context.Context) (suiteTravail, error) {
	if g.m.ConservationManuelle {
		return nil, nil
	}
	_, err := g.effacerDu(ctx, systeme())
	return nil, err
}
