package guichet_test

import (
	"strings"
	"testing"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// genres lists the letters on a request with their references.
func genres(t *testing.T, m *guichettest.Monde, compte string, n guichet.NumeroASP) (rs []string) {
	t.Helper()
	v, err := m.Guichet.Lettres(t.Context(), m.Acteur(compte), n)
	if err != nil {
		t.Fatal(err)
	}
	for i := range v.Lettres {
		rs = append(rs, strings.TrimPrefix(v.Lettres[i].Reference(), string(n)+"/"))
	}
	return rs
}

// entrees lists what the journal says of an object, as "acteur acte détail".
func entrees(t *testing.T, m *guichettest.Monde, objet, acte string) (es []string) {
	t.Helper()
	toutes, err := m.Guichet.Journal(t.Context(), m.Acteur("auditeur"), 1, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range toutes {
		if e.Objet == objet && e.Acte == acte {
			es = append(es, e.Acteur+" "+e.Resultat+" "+e.DetailLisible())
		}
	}
	return es
}

func TestEachDecisionLeavesALetterThatDoesNotChange(t *testing.T) {
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		n := m.Amener(t, guichet.AModifier, 1)[0]
		m.Agir(t, "a.gestionnaire", n, guichet.ActeDemande{Action: guichet.Corriger, Champs: guichet.Champs{}})
		m.Agir(t, "instructeur1", n, guichet.ActeDemande{Action: guichet.Prendre})
		q := m.Modification()
		q.Message = "Le cachet manque."
		m.Agir(t, "instructeur1", n, q)
		if got := strings.Join(genres(t, m, "a.lecteur", n), " "); got != "MOD1 MOD2" {
			t.Fatalf("letters: %s", got)
		}
		m.Agir(t, "a.gestionnaire", n, guichet.ActeDemande{Action: guichet.Corriger, Champs: guichet.Champs{}})
		m.Agir(t, "instructeur1", n, guichet.ActeDemande{Action: guichet.Prendre})
		d := m.Agir(t, "instructeur1", n, guichet.ActeDemande{Action: guichet.Valider, Tranche: "B", Verifications: guichettest.Verifications(&guichet.Demande{})}).Demande
		m.Agir(t, "decideur", n, guichet.ActeDemande{Action: guichet.Decider, Sens: "attribution"})
		for rang, message := range map[int]string{1: "La signature est coupée.", 2: "Le cachet manque.", 0: "Le cachet manque."} {
			_, l, err := m.Guichet.Lettre(t.Context(), m.Acteur("instructeur1"), n, guichet.LettreModification, rang)
			if err != nil || l.Charge.Message != message || l.Charge.Echeance.Nul() {
				t.Errorf("modification %d: %v, %+v", rang, err, l)
			}
		}
		_, l, err := m.Guichet.Lettre(t.Context(), m.Acteur("decideur"), n, guichet.LettreAttribution, 0)
		if err != nil {
			t.Fatal(err)
		}
		if e := l.Charge.Etapes; l.Charge.Montant != d.APayer() || len(e) == 0 || e[len(e)-1].Resultat != d.APayer() {
			t.Errorf("award: %+v, due %s", l.Charge, d.APayer())
		}
	})
}

func TestFirstReadingByTheSupplierIsNotedOnce(t *testing.T) {
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		n := m.Amener(t, guichet.Refusee, 1)[0]
		ouvrir := func(compte string) (*guichet.Lettre, error) {
			_, l, err := m.Guichet.Lettre(t.Context(), m.Acteur(compte), n, guichet.LettreRefus, 0)
			return l, err
		}
		if l, err := ouvrir("decideur"); err != nil || !l.Lue.IsZero() {
			t.Fatalf("an agent's reading counted: %v, %+v", err, l)
		}
		for _, compte := range []string{"a.lecteur", "a.gestionnaire"} {
			if l, err := ouvrir(compte); err != nil || l.LuePar != "a.lecteur" {
				t.Fatalf("%s: %v, %+v", compte, err, l)
			}
		}
		want := []string{"decideur fait " + string(n) + "/REF1", "a.lecteur fait " + string(n) + "/REF1, première lecture par le fournisseur"}
		if got := entrees(t, m, string(n), string(guichet.LireLettre)); strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("journal: %q", got)
		}
		if _, err := ouvrir("b.gestionnaire"); guichet.GenreDe(err) != guichet.Inconnu {
			t.Errorf("another supplier: %v", err)
		}
		if _, err := ouvrir("administrateur"); guichet.GenreDe(err) != guichet.Interdit {
			t.Errorf("no right: %v", err)
		}
	})
}

func TestReceiptNamesTheJournalEntryOfItsDeposit(t *testing.T) {
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		d := m.Deposer(t, "a.deposant", 2)
		m.Deposer(t, "a.gestionnaire", 1)
		r, err := m.Guichet.Recepisse(t.Context(), m.Acteur("a.lecteur"), d.Depot.ID)
		if err != nil {
			t.Fatal(err)
		}
		es, err := m.Guichet.Journal(t.Context(), m.Acteur("auditeur"), r.Entree.Numero, 1)
		if err != nil || len(es) != 1 || es[0].Empreinte != r.Entree.Empreinte || es[0].Objet != string(d.Depot.ID) || !r.Entree.Intacte() {
			t.Errorf("%v, %+v, receipt says %+v", err, es, r.Entree)
		}
		if r.Deposant != "a.deposant" || len(r.Demandes) != 2 {
			t.Errorf("%+v", r)
		}
		if _, err := m.Guichet.Recepisse(t.Context(), m.Acteur("b.gestionnaire"), d.Depot.ID); guichet.GenreDe(err) != guichet.Inconnu {
			t.Errorf("another supplier: %v", err)
		}
	})
}

func TestPaymentNoticeIsOfOneSupplierAlone(t *testing.T) {
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		ns := m.Amener(t, guichet.Payee, 2)
		ps, err := m.Guichet.Paiements(t.Context(), m.Acteur("a.lecteur"), 0)
		if err != nil || len(ps) != 1 || len(ps[0].Lignes) != len(ns) {
			t.Fatalf("%v, %+v", err, ps)
		}
		f, p, err := m.Guichet.PaiementDe(t.Context(), m.Acteur("comptable1"), m.Acteur("a.lecteur").FournisseurID, ps[0].Lot)
		if err != nil || f.ID != m.Acteur("a.lecteur").FournisseurID || p.Total != ps[0].Total || p.Total <= 0 {
			t.Errorf("an accountant: %v, %+v, %+v", err, f, p)
		}
		// The number that another supplier gives counts for nothing.
		if _, _, err := m.Guichet.PaiementDe(t.Context(), m.Acteur("b.gestionnaire"), m.Acteur("a.lecteur").FournisseurID, ps[0].Lot); guichet.GenreDe(err) != guichet.Inconnu {
			t.Errorf("another supplier: %v", err)
		}
		if _, err := m.Guichet.Payes(t.Context(), m.Acteur("a.lecteur")); guichet.GenreDe(err) != guichet.Interdit {
			t.Errorf("a supplier asks who else is paid: %v", err)
		}
		if _, err := m.Guichet.Paiements(t.Context(), m.Acteur("instructeur1"), 1); guichet.GenreDe(err) != guichet.Interdit {
			t.Errorf("no right: %v", err)
		}
	})
}
