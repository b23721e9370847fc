package modele

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
	"guichet.example/segur"
)

// modeleDu is what a supplier owes, as the model knows it.
type modeleDu struct {
	d            *modeleDemande
	reste        segur.Montant
	compensation bool
	echeance     segur.Jour // last day to pay it back
	virements    int
}

// modelePart is what a line of a batch keeps back for one claim.
type modelePart struct {
	du      *modeleDu
	montant segur.Montant
}

// reclamer keeps the claim that a recovery has ordered.
func (x *marche) reclamer(d *modeleDemande, q *guichet.ActeDemande) {
	if q.Action != "recouvrer" {
		return
	}
	m, _ := segur.LireMontant(q.Montant)
	x.dus = append(x.dus, &modeleDu{d: d, reste: m, compensation: q.Mode == "compensation", echeance: x.m.Guichet.JourA(x.m.Horloge.Maintenant().AddDate(0, 0, 60))})
}

// retenir keeps back of a line what its supplier owes by setting off.
func (x *marche) retenir(l *modeleLigne) *modeleLigne {
	for _, u := range x.dus {
		m := min(u.reste, l.montant-l.retenue)
		if !u.compensation || u.d.fournisseur != l.d.fournisseur || m == 0 {
			continue
		}
		u.reste -= m
		l.retenue += m
		l.parts = append(l.parts, modelePart{u, m})
	}
	return l
}

// rembourser notes that a supplier paid something back.
func (x *marche) rembourser() {
	k := x.r.IntN(len(x.dus))
	for i := range x.dus { // most often one of which something is owed
		if x.dus[k].reste == 0 && x.r.IntN(4) > 0 {
			k = i
		}
	}
	u := x.dus[k]
	qui, montant := x.compte("rembourser", u.d), segur.Montant(5_00)
	if x.r.IntN(3) == 0 { // claims are few: let those who may not try as well
		qui = x.m.Acteur([]string{"controleur", "auditeur", u.d.fournisseur + ".gestionnaire"}[x.r.IntN(3)])
	}
	if x.r.IntN(3) == 0 {
		x.compenser(k, qui)
		return
	}
	q := guichet.ActeCreance{Action: "rembourser", Montant: montant.String(), Date: x.m.Guichet.Aujourdhui(), Reference: fmt.Sprintf("VIR-%d-%d", k, u.virements)}
	want := bon
	switch {
	case etranger(qui, u.d.fournisseur):
		want = guichet.Inconnu
	case !a(qui, "rembourser"), u.d.ailleurs(qui, "rembourser"):
		want = guichet.Interdit
	case u.reste == 0:
		want = guichet.Conflit
	case montant > u.reste:
		want = guichet.Invalide
	case x.r.IntN(5) == 0 && u.virements > 0: // the same transfer once more
		q.Reference = fmt.Sprintf("VIR-%d-%d", k, u.virements-1)
		want = guichet.Conflit
	}
	id := guichet.CreanceID(k + 1)
	v, err := x.m.Guichet.AgirCreance(x.t.Context(), qui, id, q, guichet.Appel{})
	objet := fmt.Sprint(id)
	if err == nil {
		objet = string(u.d.numero)
	}
	if x.noter("rembourser", qui, "rembourser", objet, want, err) {
		u.reste -= montant
		u.virements++
		u.d.marquer(qui, "rembourser")
		if v.Reste() != u.reste {
			x.t.Errorf("claim %d: %s is owed, want %s", id, v.Reste(), u.reste)
		}
	}
}

// compenser sets a claim off, before or after the day to pay it back: most
// often one that can be.
func (x *marche) compenser(k int, qui *guichet.Acteur) {
	for i, u := range x.dus {
		if u.reste > 0 && !u.compensation && x.r.IntN(4) > 0 {
			k, qui = i, x.compte("compenser", u.d)
		}
	}
	u := x.dus[k]
	if x.r.IntN(2) == 0 {
		x.m.Horloge.Avancer(61 * 24 * time.Hour)
	}
	want := bon
	switch {
	case etranger(qui, u.d.fournisseur):
		want = guichet.Inconnu
	case !a(qui, "compenser"), u.d.ailleurs(qui, "compenser"):
		want = guichet.Interdit
	case u.reste == 0, u.compensation, !x.m.Guichet.Aujourdhui().Apres(u.echeance):
		want = guichet.Conflit
	}
	_, err := x.m.Guichet.AgirCreance(x.t.Context(), qui, guichet.CreanceID(k+1), guichet.ActeCreance{Action: "compenser", Motif: "Essai"}, guichet.Appel{})
	objet := fmt.Sprint(k + 1)
	if err == nil {
		objet = string(u.d.numero)
	}
	if x.noter("compenser", qui, "compenser", objet, want, err) {
		u.compensation = true
		u.d.marquer(qui, "compenser")
	}
}

// Two processes prepare, approve, send back and settle at once what a supplier
// is owed, while it owes something itself: no cent is kept back twice, no
// request paid twice, and every sum agrees at the end.
func TestClaimsAreKeptBackOnce(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, adresse func() string) {
		m := guichettest.Nouveau(t, adresse())
		mondes := [2]*guichettest.Monde{m, m.Autre(t)}
		non := false
		for _, n := range m.Amener(t, guichet.Payee, 3) {
			m.Agir(t, "controleur", n, guichet.ActeDemande{Action: guichet.OuvrirControle, Motif: "Essai"})
			m.Agir(t, "controleur", n, guichet.ActeDemande{Action: guichet.Constater, Conforme: &non})
			m.Agir(t, "controleur", n, guichet.ActeDemande{Action: guichet.Recouvrer, Montant: "255.00", Motif: "Essai", Mode: guichet.ModeCompensation})
		}
		ns := m.Amener(t, guichet.Decidee, 8)
		var groupe sync.WaitGroup
		for i := range 16 { // each request by both processes, twice over
			groupe.Go(func() { payer(t, mondes[i%2], ns[i/2], i) })
		}
		groupe.Wait()
		v, err := m.Base.VerifierJournal(t.Context())
		if err != nil || len(v.Ruptures) > 0 {
			t.Fatalf("%v, %v", v.Ruptures, err)
		}
		if v.Sommes.Lots != segur.Montant(3+len(ns))*255_00 || v.Sommes.Retenues != 3*255_00 {
			t.Errorf("paid %s, kept back %s", v.Sommes.Lots, v.Sommes.Retenues)
		}
	})
}

// payer does what two comptables do, each act clicked twice; the first payment
// of every other request comes back and is issued again.
func payer(t *testing.T, m *guichettest.Monde, n guichet.NumeroASP, i int) {
	for essai := range 2 {
		l, err := m.Guichet.PreparerLot(t.Context(), m.Acteur("comptable1"), []guichet.NumeroASP{n}, guichet.Appel{})
		if err != nil {
			if guichet.GenreDe(err) != guichet.Conflit {
				t.Error(err)
			}
			return
		}
		actes := []guichet.ActeLot{{Action: guichet.ApprouverLot}, {Action: guichet.ApprouverLot}}
		if essai == 0 && i%4 < 2 && l.Total > 0 {
			r := guichet.ActeLot{Action: guichet.RetournerLot, Retours: []guichet.RetourBanque{{NumeroASP: n, Motif: "AC04"}}}
			actes = append(actes, r, r)
		}
		regler := guichet.ActeLot{Action: guichet.ReglerLot, Date: m.Guichet.Aujourdhui()}
		for _, q := range append(actes, regler, regler) {
			if _, err := m.Guichet.AgirLot(t.Context(), m.Acteur("comptable2"), l.ID, q, guichet.Appel{}); err != nil && guichet.GenreDe(err) != guichet.Conflit {
				t.Errorf("%s: %v", q.Action, err)
			}
		}
	}
}
