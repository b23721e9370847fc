package guichet_test

import (
	"encoding/json"
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// lireEssai reads a file of returns as JSON: the bank's own formats are held in
// package virement.
func lireEssai(r io.Reader) (*guichet.ReleveBanque, error) {
	b := &guichet.ReleveBanque{}
	if err := json.NewDecoder(r).Decode(b); err != nil {
		return nil, errors.New("ce n’est pas un relevé")
	}
	return b, nil
}

func avecReleves(t *testing.T, m *guichettest.Monde) {
	m.Equiper(t, func(x *guichet.Monde) { x.Releves = lireEssai })
}

func lireReleve(t *testing.T, m *guichettest.Monde, b guichet.ReleveBanque) *guichet.ReleveVu {
	t.Helper()
	contenu, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	v, err := m.Guichet.RecevoirReleve(t.Context(), m.Acteur("comptable1"), contenu)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func etats(v *guichet.ReleveVu) (es []guichet.EtatRetour) {
	for _, l := range v.Lignes {
		es = append(es, l.Etat)
	}
	return es
}

// Each line of a bank's file is told for what it is before anything changes;
// noting it twice changes nothing more.
func TestReturnsAreToldThenNotedOnce(t *testing.T) {
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		avecReleves(t, m)
		ns := m.Amener(t, guichet.Decidee, 5)
		lot := m.Lot(t, guichet.LotApprouve, ns[:3]...)
		prepare := m.Lot(t, guichet.LotPrepare, ns[3])
		m.Lot(t, guichet.LotRegle, ns[4])
		v := lireReleve(t, m, guichet.ReleveBanque{Format: "camt.054.001.08", Retours: []guichet.RetourReleve{
			{EndToEndID: string(ns[0]), Motif: "AC04", Montant: 255_00, Ordre: lot.ID.Ordre()},
			{EndToEndID: string(ns[1]), Motif: "AC01", Montant: 254_99},
			{EndToEndID: string(ns[2]), Motif: "AC01", Ordre: prepare.ID.Ordre()},
			{EndToEndID: string(ns[3]), Motif: "AC04"}, {EndToEndID: string(ns[4]), Motif: "AC04"}, {EndToEndID: "AILLEURS", Motif: "AC04"},
		}})
		want := []guichet.EtatRetour{guichet.RetourANoter, guichet.RetourMontant, guichet.RetourAutreOrdre, guichet.RetourNonEnvoye, guichet.RetourRegle, guichet.RetourInconnu}
		if diff := cmp.Diff(want, etats(v)); diff != "" || v.ANoter() != 1 {
			t.Fatal(diff)
		}
		if _, err := m.Guichet.AppliquerReleve(t.Context(), m.Acteur("decideur"), v.SHA256, guichet.Appel{}); guichet.GenreDe(err) != guichet.Interdit {
			t.Errorf("a decideur notes returns: %v", err)
		}
		apres, err := m.Guichet.AppliquerReleve(t.Context(), m.Acteur("comptable2"), v.SHA256, guichet.Appel{})
		if err != nil || apres.Lignes[0].Etat != guichet.RetourDejaNote {
			t.Fatalf("%v, %+v", err, apres)
		}
		l, err := m.Guichet.Lot(t.Context(), m.Acteur("auditeur"), lot.ID)
		if err != nil || l.Lignes[0].Rejet != "AC04" || l.Lignes[1].Rejet != "" {
			t.Errorf("%v, %+v", err, l.Lignes)
		}
		if _, err := m.Guichet.AppliquerReleve(t.Context(), m.Acteur("comptable2"), v.SHA256, guichet.Appel{}); guichet.GenreDe(err) != guichet.Conflit {
			t.Errorf("noted twice: %v", err)
		}
		// Paid again in another batch, the old file says nothing of the new payment.
		encore := m.Lot(t, guichet.LotApprouve, ns[0])
		if v, err = m.Guichet.ReleveDe(t.Context(), m.Acteur("auditeur"), v.SHA256); err != nil || v.Lignes[0].Etat != guichet.RetourDejaNote || v.Lignes[0].Lot != lot.ID {
			t.Errorf("after its re-issue: %v, %+v", err, v.Lignes[0])
		}
		m.AgirLot(t, "comptable1", encore.ID, guichet.ActeLot{Action: guichet.ReglerLot, Date: m.Guichet.Aujourdhui()})
		if _, err := m.Guichet.PreparerLot(t.Context(), m.Acteur("comptable1"), ns[:1], guichet.Appel{}); guichet.GenreDe(err) != guichet.Conflit {
			t.Errorf("paid twice: %v", err)
		}
		verifierSommes(t, m)
	})
}

func TestWholeOrderRefusedByTheBank(t *testing.T) {
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		avecReleves(t, m)
		ns := m.Amener(t, guichet.Decidee, 2)
		lot := m.Lot(t, guichet.LotApprouve, ns...)
		if v := lireReleve(t, m, guichet.ReleveBanque{Format: "pain.002.001.10", Rejet: "FF01", Ordre: "LOT-AUTRE"}); len(v.Lignes) > 0 || v.Explication == "" {
			t.Errorf("an order of nobody: %+v", v)
		}
		v := lireReleve(t, m, guichet.ReleveBanque{Format: "pain.002.001.10", Rejet: "FF01", Ordre: lot.ID.Ordre()})
		if v.ANoter() != 2 {
			t.Fatalf("%+v", v)
		}
		if _, err := m.Guichet.AppliquerReleve(t.Context(), m.Acteur("comptable1"), v.SHA256, guichet.Appel{}); err != nil {
			t.Fatal(err)
		}
		m.AgirLot(t, "comptable1", lot.ID, guichet.ActeLot{Action: guichet.ReglerLot, Date: m.Guichet.Aujourdhui()})
		m.Lot(t, guichet.LotRegle, ns...)
		verifierSommes(t, m)
	})
}

func TestUnreadableReturnsKeepNothing(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	if _, err := m.Guichet.RecevoirReleve(t.Context(), m.Acteur("comptable1"), []byte("{}")); guichet.GenreDe(err) != guichet.Conflit {
		t.Errorf("without a reader: %v", err)
	}
	avecReleves(t, m)
	if _, err := m.Guichet.RecevoirReleve(t.Context(), m.Acteur("comptable1"), []byte("<html>")); guichet.GenreDe(err) != guichet.Invalide {
		t.Errorf("unreadable: %v", err)
	}
	if _, err := m.Guichet.RecevoirReleve(t.Context(), m.Acteur("auditeur"), []byte("{}")); guichet.GenreDe(err) != guichet.Interdit {
		t.Errorf("of an auditeur: %v", err)
	}
	rs, err := m.Guichet.RelevesRecus(t.Context(), m.Acteur("auditeur"), 10)
	if err != nil || len(rs) != 0 {
		t.Errorf("%v, %v", rs, err)
	}
}

func verifierSommes(t *testing.T, m *guichettest.Monde) {
	t.Helper()
	v, err := m.Base.VerifierJournal(t.Context())
	if err != nil || len(v.Ruptures) > 0 {
		t.Errorf("journal: %v, %v", v.Ruptures, err)
	}
}
