package guichet

import (
	"context"
	"errors"
	"sync"
	"time"
)

// GenreTravail is a kind of work done outside of a transaction.
type GenreTravail string

// The kinds of work. A key names what it is about: two pieces of work of one
// kind and key never wait at the same time.
const (
	TravailLien         GenreTravail = "lien"         // key "USAGE:IDENTIFIANT": makes a link and mails it
	TravailSuivi        GenreTravail = "suivi"        // key of an enrolment: mails the address that completes it
	TravailMessage      GenreTravail = "message"      // key of its own, charge: a [Courrier] ready to go
	TravailAvis         GenreTravail = "avis"         // key of a supplier: mails what happened since the last time
	TravailAppel        GenreTravail = "appel"        // key of a webhook: posts what happened since the last time
	TravailAnalyse      GenreTravail = "analyse"      // key: the SHA-256 of a document to scan
	TravailOmbre        GenreTravail = "ombre"        // key of rules to come: goes through the open requests
	TravailSelection    GenreTravail = "selection"    // key of a [Selection]: decides it
	TravailVeille       GenreTravail = "veille"       // key: the day; reminders, expiry, tidying up
	TravailBulletin     GenreTravail = "bulletin"     // key: the day; tells operators what failed
	TravailConservation GenreTravail = "conservation" // key: the day; erases what is due
)

// EtatTravail is where a piece of work stands.
type EtatTravail string

// The states of work.
const (
	TravailAttend EtatTravail = "attente"
	TravailCours  EtatTravail = "en_cours"
	TravailFait   EtatTravail = "fait"
	TravailMort   EtatTravail = "mort" // given up; an operator may replay it
)

// Travail is a piece of work. It is added in the transaction of the act that
// calls for it, so that neither exists without the other; it may be done more
// than once when a worker dies in the middle, never not at all.
type Travail struct {
	ID       int64
	Genre    GenreTravail
	Cle      string
	Charge   []byte // JSON of the kind's own; nil = none
	Etat     EtatTravail
	Essais   int
	Prochain time.Time // not before; while it is under way: the end of its lease
	Erreur   string    // of the last attempt; shown to operators
	Cree     time.Time
	Fini     time.Time
}

// essaisTravail is how often work is tried: with the waits below, for two
// days.
const essaisTravail = 16

// bailTravail is how long a worker may be silent before another takes over.
const bailTravail = 10 * time.Minute

// attente before the next attempt: it grows fourfold from 10 seconds to 6 hours.
func attente(essais int) time.Duration {
	d := 10 * time.Second
	for range essais - 1 {
		if d *= 4; d >= 6*time.Hour {
			return 6 * time.Hour
		}
	}
	return d
}

// commander adds work to the transaction.
func (g *Guichet) commander(tx Tx, genre GenreTravail, cle string, charge []byte) error {
	return g.commanderPour(tx, genre, cle, charge, g.m.Horloge())
}

func (g *Guichet) commanderPour(tx Tx, genre GenreTravail, cle string, charge []byte, quand time.Time) error {
	return tx.AjouterTravail(&Travail{Genre: genre, Cle: cle, Charge: charge, Etat: TravailAttend, Prochain: quand, Cree: g.m.Horloge()})
}

// ErrAbandon is wrapped by the error of work that no further attempt can do.
var ErrAbandon = errors.New("abandon")

// Travailler does work whose hour has come, at most max pieces of it, all at
// the same time, and returns how many. Several processes may call it at the
// same time: each piece is taken by one, and of one kind and key one at a time
// is under way. The error is one of the store; that of a piece of work is kept
// with it.
func (g *Guichet) Travailler(ctx context.Context, max int) (int, error) {
	// Most of the time nothing is due: that is found out without writing.
	var dus []Travail
	if err := g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		dus, err = tx.TravauxDus(g.m.Horloge(), 1)
		return err
	}); err != nil || len(dus) == 0 {
		return 0, err
	}
	pris, err := g.prendreTravaux(ctx, max)
	if err != nil {
		return 0, err
	}
	errs := make([]error, len(pris))
	var groupe sync.WaitGroup
	for i := range pris {
		groupe.Go(func() { errs[i] = g.accomplir(ctx, &pris[i]) })
	}
	groupe.Wait()
	return len(pris), errors.Join(errs...)
}

// prendreTravaux leases work that is due.
func (g *Guichet) prendreTravaux(ctx context.Context, max int) (pris []Travail, err error) {
	err = g.m.Base.Ecrire(ctx, func(tx Tx) error {
		pris = nil
		maintenant := g.m.Horloge()
		dus, err := tx.TravauxDus(maintenant, max)
		if err != nil {
			return err
		}
		type nom struct {
			genre GenreTravail
			cle   string
		}
		vus := map[nom]bool{}
		for _, t := range dus {
			// A piece whose worker died and its like that waits: one after the other.
			if n := (nom{t.Genre, t.Cle}); vus[n] {
				continue
			} else {
				vus[n] = true
			}
			t.Etat, t.Prochain = TravailCours, maintenant.Add(bailTravail)
			t.Essais++
			if err := tx.MajTravail(&t); err != nil {
				return err
			}
			pris = append(pris, t)
		}
		return nil
	})
	return pris, err
}

// accomplir does a piece of work. What follows from it is written in the same
// transaction that notes it done.
func (g *Guichet) accomplir(ctx context.Context, t *Travail) error {
	finir := func(error) {}
	if g.m.Suivre != nil {
		ctx, finir = g.m.Suivre(ctx, t)
	}
	suite, errTravail := g.executerTravail(ctx, t)
	err := g.noter(ctx, t, suite, errTravail)
	finir(errors.Join(errTravail, err))
	return err
}

// noter writes what became of a piece of work.
func (g *Guichet) noter(ctx context.Context, t *Travail, suite suiteTravail, errTravail error) error {
	return g.m.Base.Ecrire(context.WithoutCancel(ctx), func(tx Tx) error {
		a, err := tx.Travail(t.ID)
		if err != nil {
			return presence(err)
		}
		if a.Essais != t.Essais || a.Etat != TravailCours {
			return nil // the lease ended, and another worker has it
		}
		maintenant := g.m.Horloge()
		if errTravail == nil && suite != nil {
			if err := suite(tx); err != nil {
				return err
			}
		}
		if errTravail == nil {
			a.Etat, a.Fini, a.Erreur, a.Charge = TravailFait, maintenant, "", nil
			return tx.MajTravail(a)
		}
		return g.reporter(tx, a, errTravail)
	})
}

// reporter puts work that failed back in the line, or gives it up.
func (g *Guichet) reporter(tx Tx, t *Travail, cause error) error {
	maintenant := g.m.Horloge()
	t.Erreur = visibleErreur(cause)
	if t.Essais >= essaisTravail || errors.Is(cause, ErrAbandon) {
		t.Etat, t.Fini = TravailMort, maintenant
		g.m.Signaler("work given up: "+string(t.Genre), cause)
		return tx.MajTravail(t)
	}
	t.Prochain = maintenant.Add(attente(t.Essais))
	double, err := tx.TravailEnAttente(t.Genre, t.Cle)
	if errors.Is(err, ErrAbsent) {
		t.Etat = TravailAttend
		return tx.MajTravail(t)
	}
	if err != nil {
		return err
	}
	// The same was asked for again meanwhile: that one goes on, as late and as
	// patient as this one.
	double.Essais, double.Erreur, double.Prochain = t.Essais, t.Erreur, t.Prochain
	t.Etat, t.Fini = TravailFait, maintenant
	return errors.Join(tx.MajTravail(t), tx.MajTravail(double))
}

// visibleErreur bounds what is kept of an error.
func visibleErreur(err error) string {
	s := []rune(err.Error())
	return string(s[:min(len(s), 500)])
}

// suiteTravail is what follows from work done.
type suiteTravail func(tx Tx) error

func (g *Guichet) executerTravail(ctx context.Context, t *Travail) (suiteTravail, error) {
	ctx, annuler := context.WithTimeout(ctx, bailTravail/2)
	defer annuler()
	switch t.Genre {
	case TravailLien:
		return g.envoyerLien(ctx, t)
	case TravailSuivi:
		return nil, g.envoyerSuivi(ctx, t)
	case TravailMessage:
		return nil, g.envoyerMessage(ctx, t)
	case TravailAvis:
		return g.aviser(ctx, t)
	case TravailAppel:
		return g.appeler(ctx, t)
	case TravailAnalyse:
		return g.analyser(ctx, t)
	case TravailOmbre:
		return g.ombrer(ctx, t)
	case TravailSelection:
		return g.deciderEnFond(ctx, t)
	case TravailVeille:
		return g.veiller(ctx, t)
	case TravailBulletin:
		return g.envoyerBulletin(ctx, t)
	case TravailConservation:
		return g.conserver(ctx)
	}
	return nil, ErrAbandon
}

// TravauxVus lists work in a state ("" = any), newest first, for operators.
func (g *Guichet) TravauxVus(ctx context.Context, e EtatTravail, max int) (ts []Travail, err error) {
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		ts, err = tx.Travaux(e, max)
		return err
	})
	return ts, err
}
