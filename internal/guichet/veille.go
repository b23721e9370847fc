package guichet

import (
	"context"
	"errors"
	"time"

	"guichet.example/segur"
)

// Rappels lists how many days before a due date the supplier is reminded.
func Rappels() []int { return []int{7, 2} }

const (
	veilleParPage = 500
	gardeTravaux  = 7 * 24 * time.Hour
	gardeEvens    = 90 * 24 * time.Hour
)

// Cadencer forgets uploads that nobody finishes and asks for the work of this
// day, once; callers call it as often as they like.
func (g *Guichet) Cadencer(ctx context.Context) error {
	if err := g.purgerTeleversements(ctx); err != nil {
		return err
	}
	jour := g.Aujourdhui().ISO()
	deja := false
	if err := g.m.Base.Lire(ctx, func(tx Tx) error {
		derniere, err := tx.DernierTravail(TravailVeille)
		deja = derniere >= jour
		return err
	}); err != nil || deja {
		return err
	}
	return g.m.Base.Ecrire(ctx, func(tx Tx) error {
		derniere, err := tx.DernierTravail(TravailVeille)
		if err != nil || derniere >= jour {
			return err
		}
		// The day before is carried along: days on which the portal did not run
		// are made up for.
		return errors.Join(g.commander(tx, TravailVeille, jour, []byte(derniere)), g.commanderBulletin(tx, jour), g.commanderConservation(tx, jour))
	})
}

// veiller does what a new day brings: reminders, requests whose deadline is
// over, tidying up.
func (g *Guichet) veiller(ctx context.Context, t *Travail) (suiteTravail, error) {
	jour, err := segur.LireJour(t.Cle)
	if err != nil {
		return nil, ErrAbandon
	}
	hier := ajouterJours(jour, -1)
	if h, err := segur.LireJour(string(t.Charge)); err == nil {
		hier = h
	}
	var aRappeler []NumeroASP
	for _, s := range []Statut{AModifier, Incomplete} {
		for _, n := range Rappels() {
			ns, err := g.echues(ctx, s, ajouterJours(hier, n), ajouterJours(jour, n))
			if err != nil {
				return nil, err
			}
			aRappeler = append(aRappeler, ns...)
		}
	}
	if err := g.expirer(ctx, ajouterJours(jour, -1)); err != nil {
		return nil, err
	}
	if err := g.rattraperAnalyses(ctx); err != nil {
		return nil, err
	}
	maintenant := g.m.Horloge()
	// The reminders are written with the end of this work, so that another
	// attempt does not remind twice.
	return func(tx Tx) error {
		return errors.Join(g.rappeler(tx, aRappeler), tx.Purger(maintenant, maintenant.Add(-gardeTravaux), maintenant.Add(-gardeEvens)))
	}, nil
}

// echues reads the requests of a status whose due date lies in ]apres, jusqua].
func (g *Guichet) echues(ctx context.Context, s Statut, apres, jusqua segur.Jour) (ns []NumeroASP, err error) {
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		debut := ""
		if !apres.Nul() {
			debut = apres.ISO()
		}
		ns, err = tx.Echues(s, debut, jusqua.ISO(), 1_000_000)
		return err
	})
	return ns, err
}

// parPages runs f on requests as they stand, a page of them in one transaction.
func (g *Guichet) parPages(ctx context.Context, ns []NumeroASP, f func(tx Tx, d *Demande) error) error {
	for len(ns) > 0 {
		page := ns[:min(len(ns), veilleParPage)]
		if err := g.m.Base.Ecrire(ctx, func(tx Tx) error {
			for _, n := range page {
				d, err := tx.Demande(n)
				if err == nil {
					err = f(tx, d)
				}
				if err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
		ns = ns[len(page):]
	}
	return nil
}

// rappeler tells suppliers what will soon be due.
func (g *Guichet) rappeler(tx Tx, ns []NumeroASP) error {
	for _, n := range ns {
		d, err := tx.Demande(n)
		if err != nil {
			return err
		}
		if d.Statut != AModifier && d.Statut != Incomplete {
			continue
		}
		if err := g.annoncer(tx, d.FournisseurID, EvenementRappel, string(n), chargeDe(d, "")); err != nil {
			return err
		}
	}
	return nil
}

// expirer takes up requests that the supplier did not correct in time: the
// portal proposes their refusal, and a person decides.
func (g *Guichet) expirer(ctx context.Context, jusqua segur.Jour) error {
	ns, err := g.echues(ctx, AModifier, segur.Jour{}, jusqua)
	if err != nil {
		return err
	}
	return g.parPages(ctx, ns, func(tx Tx, d *Demande) error {
		if d.Statut != AModifier || d.Echeance.Nul() || d.Echeance.Apres(jusqua) {
			return nil
		}
		d.Statut, d.RefusPropose = EnInstruction, []string{"sans_reponse"}
		p := Passage{Acte: ExpirerDemande, Metier: metierSysteme, Statut: EnInstruction, Detail: "sans_reponse"}
		if err := g.entrer(tx, systeme(), d, p); err != nil {
			return err
		}
		return g.journaliser(tx, &operation{acteur: systeme(), action: ExpirerDemande, objet: string(d.NumeroASP)}, "fait", string(AModifier)+" → "+string(EnInstruction)+" ; sans_reponse")
	})
}

// rattraperAnalyses asks for the scan of documents that were received while no
// scanner was set, or whose scan was given up.
func (g *Guichet) rattraperAnalyses(ctx context.Context) error {
	if g.m.Analyseur == nil {
		return nil
	}
	var hs []string
	if err := g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		hs, err = tx.AAnalyser(aAnalyserParJour)
		return err
	}); err != nil {
		return err
	}
	for len(hs) > 0 {
		page := hs[:min(len(hs), veilleParPage)]
		if err := g.m.Base.Ecrire(ctx, func(tx Tx) error {
			for _, h := range page {
				if err := g.commander(tx, TravailAnalyse, h, nil); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
		hs = hs[len(page):]
	}
	return nil
}

// Releve is what metrics show: numbers only, nobody's data.
type Releve struct {
	Demandes map[Statut]int
	Travaux  map[EtatTravail]int
}

// Releve counts requests and work. No right is asked: nothing of anybody is in
// it.
func (g *Guichet) Releve(ctx context.Context) (r Releve, err error) {
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		if r.Demandes, err = tx.CompterStatuts(); err == nil {
			r.Travaux, err = tx.CompterTravaux()
		}
		return err
	})
	return r, err
}
