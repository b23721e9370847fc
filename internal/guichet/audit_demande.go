package guichet

import (
	"cmp"
	"errors"

	"guichet.example/segur"
)

// ouvrirControle, constater and recouvrer are the a posteriori control of a
// paid request, in this order.
func (x *execution) ouvrirControle() error {
	if a := x.d.Audit; a != nil && !a.clos() {
		return erreur(Conflit, "Un contrôle est déjà ouvert sur la demande %s.", x.d.NumeroASP)
	}
	if err := exigerTexte("motif", x.q.Motif); err != nil {
		return err
	}
	nouveau := &Audit{Motif: x.q.Motif, Controle: x.q.controle}
	if x.d.Audit != nil {
		nouveau.Recouvrement = x.d.Audit.Recouvrement
	}
	x.d.Audit = nouveau
	return x.passer("", x.q.Motif)
}

// clos tells an audit that has nothing left to do.
func (a *Audit) clos() bool { return a.Recouvre || a.Classe != "" || a.Conforme != nil && *a.Conforme }

func (x *execution) constater() error {
	a := x.d.Audit
	if a == nil || a.Conforme != nil {
		return erreur(Conflit, "Aucun contrôle n’attend de constat sur la demande %s.", x.d.NumeroASP)
	}
	if x.q.Conforme == nil {
		return erreur(Invalide, "Il manque « conforme » : true ou false.")
	}
	if err := exigerLisible("observations", x.q.Observations); err != nil {
		return err
	}
	a.Conforme, a.Observations = x.q.Conforme, x.q.Observations
	if !*a.Conforme {
		a.Avant = ajouterJours(x.g.Aujourdhui(), delaiReponse)
	}
	if *a.Conforme {
		return x.passer("", x.q.Observations)
	}
	l := ChargeLettre{Montant: x.d.Montants.Verse, Message: x.q.Observations, Controle: a.Controle, Echeance: a.Avant}
	return errors.Join(x.passer("", x.q.Observations), x.ecrire(LettreConstat, l))
}

func (x *execution) recouvrer() error {
	a := x.d.Audit
	if a == nil || a.Conforme == nil || a.clos() {
		return erreur(Conflit, "Aucun constat de non-conformité n’attend de recouvrement sur la demande %s.", x.d.NumeroASP)
	}
	if !a.Tranche(x.g.Aujourdhui()) {
		return phaseOuverte(x.d)
	}
	m, err := segur.LireMontant(x.q.Montant)
	reste := x.d.Montants.Verse - a.Recouvrement
	switch {
	case err != nil || m <= 0:
		return erreur(Invalide, "« montant » vaut « %s » ; attendu : un montant supérieur à 0 avec deux décimales, par exemple \"10.00\".", visible(x.q.Montant))
	case m > reste:
		return erreur(Invalide, "Le montant %s dépasse ce qui reste de la somme versée, %s.", m.Francais(), reste.Francais())
	}
	mode := cmp.Or(x.q.Mode, ModeRemboursement)
	if mode != ModeRemboursement && mode != ModeCompensation {
		return erreur(Invalide, "« mode » vaut « %s » ; valeurs admises : remboursement, compensation.", visible(string(mode)))
	}
	if err := exigerTexte("motif", x.q.Motif); err != nil {
		return err
	}
	a.Recouvre, a.Recouvrement = true, a.Recouvrement+m
	l := ChargeLettre{Montant: m, Reste: reste, Motif: x.q.Motif, Controle: a.Controle, Mode: mode, Echeance: ajouterJours(x.g.Aujourdhui(), delaiRemboursement)}
	err = errors.Join(x.passer("", m.String()+" : "+x.q.Motif), x.ecrire(LettreRecouvrement, l), x.reclamer(l))
	x.detail = m.String() + " par " + string(mode) // the reason stands in the letter: it may name people
	return err
}

// reclamer keeps the claim that a letter has just ordered.
func (x *execution) reclamer(l ChargeLettre) error {
	anciennes, err := x.tx.Creances(FiltreCreance{NumeroASP: x.d.NumeroASP})
	if err != nil {
		return err
	}
	c := &Creance{NumeroASP: x.d.NumeroASP, Rang: len(anciennes) + 1, FournisseurID: x.d.FournisseurID, Montant: l.Montant, Mode: l.Mode, Cree: x.g.m.Horloge()}
	if c.Mode == ModeRemboursement {
		c.Echeance = l.Echeance
	}
	return x.tx.AjouterCreance(c)
}
