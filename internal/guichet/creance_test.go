package guichet_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
	"guichet.example/segur"
)

// indu orders a recovery on a paid request, in one way or the other.
func indu(t *testing.T, m *guichettest.Monde, n guichet.NumeroASP, montant string, mode guichet.ModeCreance) {
	t.Helper()
	non := false
	m.Agir(t, "controleur", n, guichet.ActeDemande{Action: guichet.OuvrirControle, Motif: "Essai"})
	m.Agir(t, "controleur", n, guichet.ActeDemande{Action: guichet.Constater, Conforme: &non})
	m.Agir(t, "controleur", n, guichet.ActeDemande{Action: guichet.Recouvrer, Montant: montant, Motif: "Trop versé", Mode: mode})
}

func seule(t *testing.T, m *guichettest.Monde) guichet.CreanceVue {
	t.Helper()
	cs, err := m.Guichet.Creances(t.Context(), m.Acteur("a.lecteur"), guichet.FiltreCreance{})
	if err != nil || len(cs) != 1 {
		t.Fatalf("%v, %+v", err, cs)
	}
	v, err := m.Guichet.Creance(t.Context(), m.Acteur("auditeur"), cs[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return *v
}

// A claim is kept back of later payments, oldest line first, never below 0; the
// remainder waits, and every sum agrees. The balance counts what was due, not
// what was transferred.
func TestOffsetIsNettedAndCarried(t *testing.T) {
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		n := m.Amener(t, guichet.Payee, 2)
		indu(t, m, n[0], "255.00", guichet.ModeCompensation)
		indu(t, m, n[1], "155.50", guichet.ModeCompensation)
		suite := m.Amener(t, guichet.Decidee, 2)
		premier := m.Lot(t, guichet.LotApprouve, suite[0])
		if l := premier.Lignes[0]; l.Montant != 255_00 || l.Retenue != 255_00 || premier.Total != 0 {
			t.Errorf("first batch: %+v", premier)
		}
		if _, err := m.Guichet.Virement(t.Context(), m.Acteur("comptable1"), premier.ID); guichet.GenreDe(err) != guichet.Conflit {
			t.Errorf("a batch without transfer has a file: %v", err)
		}
		q := guichet.ActeLot{Action: guichet.RetournerLot, Retours: []guichet.RetourBanque{{NumeroASP: suite[0], Motif: "AC04"}}}
		if _, err := m.Guichet.AgirLot(t.Context(), m.Acteur("comptable1"), premier.ID, q, guichet.Appel{}); guichet.GenreDe(err) != guichet.Conflit {
			t.Errorf("the bank returns what was not sent: %v", err)
		}
		verifierSommes(t, m)
		m.AgirLot(t, "comptable1", premier.ID, guichet.ActeLot{Action: guichet.ReglerLot, Date: m.Guichet.Aujourdhui()})
		second := m.Lot(t, guichet.LotRegle, suite[1])
		if l := second.Lignes[0]; l.Retenue != 155_50 || second.Total != 99_50 {
			t.Errorf("second batch: %+v", second)
		}
		ps, err := m.Guichet.Paiements(t.Context(), m.Acteur("a.lecteur"), 0)
		if err != nil || len(ps) != 3 {
			t.Fatal(err, ps)
		}
		want := guichet.Paiement{Lot: second.ID, Date: second.Regle, Brut: 255_00, Retenue: 155_50, Total: 99_50, Retenues: []guichet.RetenuePayee{{Reference: string(n[1]) + "/REC1", NumeroASP: n[1], Montant: 155_50}}}
		ps[0].Lignes = nil
		if diff := cmp.Diff(want, ps[0]); diff != "" {
			t.Error(diff)
		}
		d, err := m.Guichet.Demande(t.Context(), m.Acteur("a.lecteur"), suite[1])
		if err != nil || d.Demande.Montants.Verse != 255_00 {
			t.Errorf("%v, %+v", err, d.Demande.Montants)
		}
		s := m.DeposerSoldes(t, "a.deposant", *d.Demande)
		if s.Demandes[0].Montants.Solde != 595_00 {
			t.Errorf("balance after an offset: %+v", s.Demandes[0].Montants)
		}
		verifierSommes(t, m)
	})
}

// What a returned payment kept back is owed again, and its re-issue keeps back
// what is owed then.
func TestReturnedPaymentFreesItsOffset(t *testing.T) {
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		n := m.Amener(t, guichet.Payee, 1)
		indu(t, m, n[0], "100.00", guichet.ModeCompensation)
		suite := m.Amener(t, guichet.Decidee, 1)
		lot := m.Lot(t, guichet.LotApprouve, suite[0])
		if c := seule(t, m); c.Reste() != 0 || c.Impute != 100_00 {
			t.Errorf("%+v", c)
		}
		m.AgirLot(t, "comptable1", lot.ID, guichet.ActeLot{Action: guichet.RetournerLot, Retours: []guichet.RetourBanque{{NumeroASP: suite[0], Motif: "AC04"}}})
		if c := seule(t, m); c.Reste() != 100_00 || !c.Retenues[0].Annulee {
			t.Errorf("%+v", c)
		}
		m.AgirLot(t, "comptable1", lot.ID, guichet.ActeLot{Action: guichet.ReglerLot, Date: m.Guichet.Aujourdhui()})
		if l := m.Lot(t, guichet.LotRegle, suite[0]); l.Total != 155_00 {
			t.Errorf("re-issued: %+v", l)
		}
		verifierSommes(t, m)
	})
}

// A claim is paid back in parts, each of which counts once; only when its day is
// over is what is left set off.
func TestReimbursementIsNotedOnce(t *testing.T) {
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		n := m.Amener(t, guichet.Payee, 1)
		indu(t, m, n[0], "100.00", "")
		c, jour := seule(t, m), m.Guichet.Aujourdhui()
		demain := m.Guichet.JourA(m.Horloge.Maintenant().AddDate(0, 0, 1))
		bon := guichet.ActeCreance{Action: guichet.Rembourser, Montant: "40.00", Date: jour, Reference: "VIR-77"}
		agir := func(compte string, q guichet.ActeCreance) guichet.Genre {
			_, err := m.Guichet.AgirCreance(t.Context(), m.Acteur(compte), c.ID, q, guichet.Appel{})
			if err == nil {
				return ""
			}
			return guichet.GenreDe(err)
		}
		for _, x := range []struct {
			nom, compte string
			q           guichet.ActeCreance
			want        guichet.Genre
		}{
			{"by the controleur", "controleur", bon, guichet.Interdit},
			{"by another supplier", "b.gestionnaire", bon, guichet.Inconnu},
			{"more than is owed", "comptable1", guichet.ActeCreance{Action: guichet.Rembourser, Montant: "100.01", Date: jour, Reference: "A"}, guichet.Invalide},
			{"nothing", "comptable1", guichet.ActeCreance{Action: guichet.Rembourser, Montant: "0.00", Date: jour, Reference: "A"}, guichet.Invalide},
			{"tomorrow", "comptable1", guichet.ActeCreance{Action: guichet.Rembourser, Montant: "1.00", Date: demain, Reference: "A"}, guichet.Invalide},
			{"before it was paid", "comptable1", guichet.ActeCreance{Action: guichet.Rembourser, Montant: "1.00", Date: segur.Jour{Annee: 2020, Mois: 1, Jour: 1}, Reference: "A"}, guichet.Invalide},
			{"without reference", "comptable1", guichet.ActeCreance{Action: guichet.Rembourser, Montant: "1.00", Date: jour}, guichet.Invalide},
			{"unknown act", "comptable1", guichet.ActeCreance{Action: "oublier"}, guichet.Invalide},
			{"set off before the day is over", "comptable1", guichet.ActeCreance{Action: guichet.Compenser, Motif: "Retard"}, guichet.Conflit},
			{"good", "comptable1", bon, ""},
			{"said twice", "comptable2", bon, guichet.Conflit},
		} {
			if got := agir(x.compte, x.q); got != x.want {
				t.Errorf("%s: %q, want %q", x.nom, got, x.want)
			}
		}
		if c := seule(t, m); c.Reste() != 60_00 || c.Mode != guichet.ModeRemboursement || c.Echeance != m.Guichet.JourA(m.Horloge.Maintenant().AddDate(0, 0, 60)) {
			t.Errorf("%+v", c)
		}
		m.Horloge.Avancer(61 * 24 * time.Hour)
		if got := agir("comptable1", guichet.ActeCreance{Action: guichet.Compenser, Motif: "Délai passé"}); got != "" {
			t.Errorf("set off: %q", got)
		}
		if l := m.Lot(t, guichet.LotRegle, m.Amener(t, guichet.Decidee, 1)[0]); l.Total != 195_00 {
			t.Errorf("%+v", l)
		}
		if got := agir("comptable1", guichet.ActeCreance{Action: guichet.Rembourser, Montant: "1.00", Date: m.Guichet.Aujourdhui(), Reference: "VIR-78"}); got != guichet.Conflit {
			t.Errorf("paid back though nothing is owed: %q", got)
		}
		verifierSommes(t, m)
	})
}

// The sum of the notices is the sum of the batches, which the verification
// holds to be that of the journal; the balance is what the base leaves of the
// advance, to the cent.
func TestNoticesAddUpToBatches(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	n := m.Amener(t, guichet.Payee, 3)
	indu(t, m, n[0], "12.34", guichet.ModeCompensation)
	m.Lot(t, guichet.LotRegle, m.Amener(t, guichet.Decidee, 2)...)
	var lots, avis segur.Montant
	ls, err := m.Guichet.Lots(t.Context(), m.Acteur("auditeur"), 100)
	if err != nil || len(ls) != 2 {
		t.Fatal(err, ls)
	}
	for _, l := range ls {
		lots += l.Total
	}
	for _, f := range []guichet.FournisseurID{1, 2} {
		ps, err := m.Guichet.Paiements(t.Context(), m.Acteur("comptable1"), f)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range ps {
			avis += p.Total
			if p.Brut-p.Retenue != p.Total {
				t.Errorf("%+v", p)
			}
		}
	}
	if lots != avis || lots != 5*255_00-12_34 {
		t.Errorf("batches %s, notices %s", lots, avis)
	}
	verifierSommes(t, m)
}
