package guichet_test

import (
	"slices"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

func reviser(sens string, motifs ...string) guichet.ActeDemande {
	return guichet.ActeDemande{Action: guichet.Reviser, Sens: sens, Motifs: motifs, Motif: "Pièce produite après coup."}
}

// An award that is reversed before its payment leaves no payment; the new
// decision and its letter name the one they replace.
func TestAReversalNamesTheDecisionItReplaces(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		n := m.Amener(t, guichet.Decidee, 1)[0]
		v := m.Agir(t, "decideur", n, reviser("refus", "doublon"))
		r := v.Demande.Decision.Remplace
		if v.Demande.Statut != guichet.Refusee || r == nil || r.Sens != "attribution" || r.Reference != string(n)+"/ATT1" {
			t.Fatalf("%s, %+v", v.Demande.Statut, r)
		}
		if _, err := m.Guichet.PreparerLot(t.Context(), m.Acteur("comptable1"), []guichet.NumeroASP{n}, guichet.Appel{}); guichet.GenreDe(err) != guichet.Conflit {
			t.Errorf("a refused request is paid: %v", err)
		}
		_, l, err := m.Guichet.Lettre(t.Context(), m.Acteur("a.lecteur"), n, guichet.LettreRefus, 0)
		if err != nil || l.Charge.Remplace == nil || l.Charge.Remplace.Reference != string(n)+"/ATT1" {
			t.Errorf("letter: %v, %+v", err, l)
		}
		// Back again: it was validated, so it is awarded.
		v = m.Agir(t, "decideur", n, reviser("attribution"))
		if d := v.Demande; d.Statut != guichet.Decidee || d.Decision.Remplace.Reference != string(n)+"/REF1" {
			t.Errorf("%s, %+v", d.Statut, d.Decision.Remplace)
		}
		if es := entrees(t, m, string(n), "reviser"); len(es) != 2 || es[0] != "decideur fait decidee → refusee ; doublon ; remplace l’attribution "+string(n)+"/ATT1" {
			t.Errorf("journal: %q", es)
		}
		m.Lot(t, guichet.LotRegle, n)
		_, err = m.Guichet.Agir(t.Context(), m.Acteur("decideur"), n, reviser("refus", "doublon"), guichet.Appel{})
		exigerGenre(t, err, guichet.Conflit)
	})
}

// What stands in a batch is paid or sent back by the bank first; a refusal of
// what was never validated is withdrawn, and the next decision names it.
func TestReversalsKeepMoneyRight(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	refuse := func(compte string, n guichet.NumeroASP, q guichet.ActeDemande, g guichet.Genre, mot string) {
		t.Helper()
		_, err := m.Guichet.Agir(t.Context(), m.Acteur(compte), n, q, guichet.Appel{})
		if exigerGenre(t, err, g); err != nil && !strings.Contains(err.Error(), mot) {
			t.Errorf("%v does not say %q", err, mot)
		}
	}
	lot := m.Amener(t, guichet.Decidee, 1)[0]
	refuse("decideur", lot, reviser("attribution"), guichet.Conflit, "déjà de ce sens")
	refuse("decideur", lot, reviser("refus"), guichet.Invalide, "motifs")
	refuse("decideur", lot, reviser("rien"), guichet.Invalide, "retrait")
	refuse("instructeur2", lot, reviser("retrait"), guichet.Interdit, "droit")
	sans := reviser("retrait")
	sans.Motif = ""
	refuse("decideur", lot, sans, guichet.Invalide, "motif")
	m.Lot(t, guichet.LotPrepare, lot)
	refuse("decideur", lot, reviser("refus", "doublon"), guichet.Conflit, "lot de paiement")
	rejete := m.Amener(t, guichet.PaiementRejete, 1)[0]
	if v := m.Agir(t, "decideur", rejete, reviser("refus", "doublon")); v.Demande.Statut != guichet.Refusee || v.Demande.Montants.Verse != 0 {
		t.Errorf("%s, paid %s", v.Demande.Statut, v.Demande.Montants.Verse)
	}

	n := m.Amener(t, guichet.EnInstruction, 1)[0]
	m.Agir(t, "instructeur1", n, guichet.ActeDemande{Action: guichet.ProposerRefus, Motifs: []string{"ineligible"}})
	m.Agir(t, "decideur", n, guichet.ActeDemande{Action: guichet.Decider, Sens: "refus", Motifs: []string{"ineligible"}})
	refuse("decideur", n, reviser("attribution"), guichet.Conflit, "retirez le refus")
	v := m.Agir(t, "decideur", n, reviser("retrait"))
	if d := v.Demande; d.Statut != guichet.EnInstruction || d.Decision != nil || d.Retiree.Reference != string(n)+"/REF1" {
		t.Fatalf("%s, %+v, %+v", d.Statut, d.Decision, d.Retiree)
	}
	m.Agir(t, "instructeur1", n, guichet.ActeDemande{Action: guichet.Valider, Tranche: "B", Verifications: guichettest.Verifications(v.Demande)})
	v = m.Agir(t, "decideur", n, guichet.ActeDemande{Action: guichet.Decider, Sens: "attribution"})
	if r := v.Demande.Decision.Remplace; r == nil || r.Reference != string(n)+"/REF1" || v.Demande.Retiree != nil {
		t.Errorf("the new decision replaces %+v", r)
	}
	if got := genres(t, m, "a.lecteur", n); !slices.Equal(got, []string{"REF1", "RET1", "ATT1"}) {
		t.Errorf("letters: %v", got)
	}
}

// A balance that was refused does not come back beside another of the same
// advance.
func TestRefusedBalanceStaysRefusedBesideAnother(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	n := m.Amener(t, guichet.Payee, 1)[0]
	v, err := m.Guichet.Demande(t.Context(), m.Acteur("a.lecteur"), n)
	if err != nil {
		t.Fatal(err)
	}
	solde := func() guichet.NumeroASP {
		s := m.DeposerSoldes(t, "a.gestionnaire", *v.Demande).Demandes[0]
		m.Completer(t, "a.gestionnaire", s.NumeroASP)
		m.Agir(t, "instructeur1", s.NumeroASP, guichet.ActeDemande{Action: guichet.Prendre})
		m.Agir(t, "instructeur1", s.NumeroASP, guichet.ActeDemande{Action: guichet.Valider, Tranche: "B", Verifications: guichettest.Verifications(&s)})
		return s.NumeroASP
	}
	un := solde()
	m.Agir(t, "decideur", un, guichet.ActeDemande{Action: guichet.Decider, Sens: "refus", Motifs: []string{"ineligible"}})
	deux := solde()
	_, err = m.Guichet.Agir(t.Context(), m.Acteur("decideur"), un, reviser("attribution"), guichet.Appel{})
	exigerGenre(t, err, guichet.Conflit)
	m.Agir(t, "a.gestionnaire", deux, guichet.ActeDemande{Action: guichet.Annuler})
	m.Agir(t, "decideur", un, reviser("attribution"))
}

// A finding against a request is written to its supplier, with the time that he
// has to answer.
func TestFindingIsWrittenToTheSupplier(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	ns, oui, non := m.Amener(t, guichet.Payee, 2), true, false
	for i, c := range []*bool{&non, &oui} {
		m.Agir(t, "controleur", ns[i], guichet.ActeDemande{Action: guichet.OuvrirControle, Motif: "Tirage"})
		m.Agir(t, "controleur", ns[i], guichet.ActeDemande{Action: guichet.Constater, Conforme: c, Observations: "Logiciel absent."})
	}
	_, l, err := m.Guichet.Lettre(t.Context(), m.Acteur("a.lecteur"), ns[0], guichet.LettreConstat, 0)
	if err != nil || l.Charge.Message != "Logiciel absent." || l.Charge.Echeance != guichetJour(m, 30) || l.Charge.Montant != 255_00 {
		t.Fatalf("%v, %+v", err, l)
	}
	if _, _, err := m.Guichet.Lettre(t.Context(), m.Acteur("a.lecteur"), ns[1], guichet.LettreConstat, 0); guichet.GenreDe(err) != guichet.Inconnu {
		t.Errorf("a right request has a finding: %v", err)
	}
}
