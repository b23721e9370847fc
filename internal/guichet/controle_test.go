package guichet_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
	"guichet.example/internal/tirage"
	"guichet.example/segur"
)

const graine = "essai : 4 8 15 16 23 42"

// fige freezes a campaign that must be taken.
func fige(t *testing.T, m *guichettest.Monde, n int, r guichet.ReglePopulation) *guichet.Controle {
	t.Helper()
	c, err := m.Guichet.FigerControle(t.Context(), m.Acteur("controleur"), guichet.NouveauControle{Libelle: "Premier trimestre", Regle: r, ATirer: n})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// tire draws as an account, and reads the campaign again.
func tire(t *testing.T, m *guichettest.Monde, compte string, id guichet.ControleID) *guichet.Controle {
	t.Helper()
	if _, err := m.Guichet.TirerControle(t.Context(), m.Acteur(compte), id, graine, "Bulletin fictif n° 1"); err != nil {
		t.Fatal(err)
	}
	c, err := m.Guichet.Controle(t.Context(), m.Acteur("auditeur"), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func audit(t *testing.T, m *guichettest.Monde, n guichet.NumeroASP) *guichet.Audit {
	t.Helper()
	v, err := m.Guichet.Demande(t.Context(), m.Acteur("auditeur"), n)
	if err != nil {
		t.Fatal(err)
	}
	return v.Demande.Audit
}

func TestDrawIsDoneAgainFromWhatWasFrozen(t *testing.T) {
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		ns := m.Amener(t, guichet.Payee, 5)
		m.Amener(t, guichet.Decidee, 1)
		c := fige(t, m, 2, guichet.ReglePopulation{})
		tardif := m.Amener(t, guichet.Payee, 1)[0] // paid after the freezing
		if c.ID != "CTL-2023-0001" || c.Nombre != len(ns) || c.Rejouer() == nil {
			t.Fatalf("frozen: %+v", c)
		}
		for _, compte := range []string{"auditeur", "administrateur", "instructeur1", "a.gestionnaire"} {
			if _, err := m.Guichet.TirerControle(t.Context(), m.Acteur(compte), c.ID, graine, "x"); guichet.GenreDe(err) != guichet.Interdit {
				t.Errorf("%s draws: %v", compte, err)
			}
		}
		c = tire(t, m, "controleur", c.ID)
		tires := c.Tires()
		if len(tires) != 2 || slices.ContainsFunc(c.Lignes, func(l guichet.LigneControle) bool { return l.NumeroASP == tardif }) {
			t.Fatalf("drawn: %+v", c.Lignes)
		}
		// What an outsider computes from the published list and seed.
		p, err := tirage.Figer([]string{string(ns[4]), string(ns[0]), string(ns[3]), string(ns[1]), string(ns[2])})
		if err != nil || p.Empreinte() != c.Empreinte {
			t.Fatalf("%v, %s, published %s", err, p.Empreinte(), c.Empreinte)
		}
		ailleurs, err := p.Tirer(graine, 2)
		for i, l := range tires {
			if err != nil || ailleurs.Tires[i] != string(l.NumeroASP) {
				t.Errorf("place %d: %s here, %v elsewhere", i+1, l.NumeroASP, ailleurs)
			}
			if a := audit(t, m, l.NumeroASP); a == nil || a.Controle != c.ID || l.Ecart != "" {
				t.Errorf("%s: control %+v, %q", l.NumeroASP, a, l.Ecart)
			}
			if got := entrees(t, m, string(l.NumeroASP), "ouvrir_controle"); len(got) != 1 || !strings.Contains(got[0], "Tirage CTL-2023-0001") {
				t.Errorf("journal: %q", got)
			}
		}
		if err := c.Rejouer(); err != nil {
			t.Errorf("the same draw: %v", err)
		}
		if _, err := m.Guichet.TirerControle(t.Context(), m.Acteur("controleur"), c.ID, "autre", "x"); guichet.GenreDe(err) != guichet.Conflit {
			t.Errorf("a second draw: %v", err)
		}
		for nom, changer := range map[string]func(*guichet.Controle){
			"another seed":       func(c *guichet.Controle) { c.Graine += "x" },
			"one taken out":      func(c *guichet.Controle) { c.Lignes = c.Lignes[1:] },
			"another hash":       func(c *guichet.Controle) { c.Empreinte = "sha256:00" },
			"a place taken away": func(c *guichet.Controle) { c.Lignes[0].Tirage, c.Lignes[1].Tirage = 0, 0; c.Lignes[2].Tirage = 0 },
		} {
			faux := *c
			faux.Lignes = slices.Clone(c.Lignes)
			changer(&faux)
			if err := faux.Rejouer(); !errors.Is(err, tirage.ErrAutre) {
				t.Errorf("%s: %v", nom, err)
			}
		}
		if got := entrees(t, m, string(c.ID), "tirer"); got[len(got)-1] != "controleur fait graine « "+graine+" », 2 tirées de "+c.Empreinte {
			t.Errorf("journal: %q", got)
		}
	})
}

func TestPopulationIsWhatTheRuleSays(t *testing.T) {
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	avant := m.Amener(t, guichet.Payee, 2)
	m.Horloge.Avancer(48 * time.Hour)
	apres := m.Amener(t, guichet.Payee, 3)
	jour := m.Guichet.Aujourdhui()
	a := m.Acteur("a.lecteur").FournisseurID
	for nom, x := range map[string]struct {
		r    guichet.ReglePopulation
		want int
	}{
		"all":              {guichet.ReglePopulation{}, 5},
		"from today":       {guichet.ReglePopulation{Du: jour}, 3},
		"until yesterday":  {guichet.ReglePopulation{Au: m.Guichet.JourA(m.Horloge.Maintenant().Add(-24 * time.Hour))}, 2},
		"today":            {guichet.ReglePopulation{Du: jour, Au: jour}, 3},
		"supplier a":       {guichet.ReglePopulation{FournisseurID: a, Type: segur.Avance}, 5},
		"exactly 255":      {guichet.ReglePopulation{Min: 255_00, Max: 255_00}, 5},
		"a cent too many":  {guichet.ReglePopulation{Min: 255_01}, 0},
		"a cent too few":   {guichet.ReglePopulation{Max: 254_99}, 0},
		"balances":         {guichet.ReglePopulation{Type: segur.Solde}, 0},
		"another supplier": {guichet.ReglePopulation{FournisseurID: a + 1}, 0},
	} {
		c, err := m.Guichet.FigerControle(t.Context(), m.Acteur("controleur"), guichet.NouveauControle{Libelle: nom, Regle: x.r, ATirer: 1})
		switch {
		case x.want == 0 && guichet.GenreDe(err) != guichet.Invalide:
			t.Errorf("%s: %v, want too few", nom, err)
		case x.want > 0 && (err != nil || c.Nombre != x.want):
			t.Errorf("%s: %v, %+v, want %d", nom, err, c, x.want)
		}
	}
	for nom, q := range map[string]guichet.NouveauControle{
		"no name": {ATirer: 1}, "none to draw": {Libelle: "x"}, "too many": {Libelle: "x", ATirer: 2001}, "backwards": {Libelle: "x", ATirer: 1, Regle: guichet.ReglePopulation{Du: jour, Au: segur.Jour{Annee: 2000, Mois: 1, Jour: 1}}},
		"amounts backwards": {Libelle: "x", ATirer: 1, Regle: guichet.ReglePopulation{Min: 2, Max: 1}}, "type": {Libelle: "x", ATirer: 1, Regle: guichet.ReglePopulation{Type: "autre"}},
		"more than there are": {Libelle: "x", ATirer: len(avant) + len(apres) + 1},
	} {
		if _, err := m.Guichet.FigerControle(t.Context(), m.Acteur("controleur"), q); guichet.GenreDe(err) != guichet.Invalide {
			t.Errorf("%s: %v", nom, err)
		}
	}
	if got := (guichet.ReglePopulation{Type: segur.Avance, FournisseurID: a, Du: jour, Min: 100_00}).Texte("Essai"); got != "Avances payées de Essai, réglées à partir du 05/07/2023, de 100,00\u00a0€ au moins." {
		t.Errorf("in words: %q", got)
	}
}

// Who paid a request does not audit it, not even by drawing it: it stays
// drawn, and another opens its control.
func TestDrawDoesNotJoinTwoDuties(t *testing.T) {
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	n := m.Amener(t, guichet.Deposee, 1)[0]
	m.Agir(t, "cumul", n, guichet.ActeDemande{Action: guichet.Prendre})
	m.Agir(t, "cumul", n, guichet.ActeDemande{Action: guichet.Valider, Tranche: "B", Verifications: guichettest.Verifications(&guichet.Demande{})})
	m.Agir(t, "decideur", n, guichet.ActeDemande{Action: guichet.Decider, Sens: "attribution"})
	m.Lot(t, guichet.LotRegle, n)
	c := tire(t, m, "cumul", fige(t, m, 1, guichet.ReglePopulation{}).ID)
	if l := c.Tires()[0]; !strings.Contains(l.Ecart, "un autre agent") || audit(t, m, n) != nil {
		t.Fatalf("%+v, %+v", l, audit(t, m, n))
	}
	m.Agir(t, "controleur", n, guichet.ActeDemande{Action: guichet.OuvrirControle, Motif: "Tirage " + string(c.ID)})
	if err := c.Rejouer(); err != nil {
		t.Errorf("the draw: %v", err)
	}
}

// A supplier is heard before anything is asked back: until it answers, or its
// time is over, a drawn request has no outcome.
func TestSupplierIsHeardBeforeTheOutcome(t *testing.T) {
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		m.Amener(t, guichet.Payee, 3)
		c := tire(t, m, "controleur", fige(t, m, 3, guichet.ReglePopulation{}).ID)
		non := false
		constat := guichet.ActeDemande{Action: guichet.Constater, Conforme: &non, Observations: "Le bon de commande n’est pas celui de l’officine."}
		recouvrer := guichet.ActeDemande{Action: guichet.Recouvrer, Montant: "100.00", Motif: "Trop versé"}
		refuse := func(quoi string, err error, want guichet.Genre) {
			t.Helper()
			if guichet.GenreDe(err) != want {
				t.Errorf("%s: %v, want %s", quoi, err, want)
			}
		}
		agir := func(n guichet.NumeroASP, q guichet.ActeDemande) error {
			_, err := m.Guichet.Agir(t.Context(), m.Acteur("controleur"), n, q, guichet.Appel{})
			return err
		}
		repondre := func(compte string, n guichet.NumeroASP, texte string) error {
			return m.Guichet.Repondre(t.Context(), m.Acteur(compte), n, texte)
		}
		un, deux, trois := c.Tires()[0].NumeroASP, c.Tires()[1].NumeroASP, c.Tires()[2].NumeroASP
		refuse("an answer before the finding", repondre("a.deposant", un, "Voici"), guichet.Conflit)
		for _, n := range []guichet.NumeroASP{un, deux, trois} {
			m.Agir(t, "controleur", n, constat)
		}
		refuse("recovery before the answer", agir(un, recouvrer), guichet.Conflit)
		refuse("closing before the answer", m.Guichet.Classer(t.Context(), m.Acteur("controleur"), un, "Erreur"), guichet.Conflit)
		refuse("a reader answers", repondre("a.lecteur", un, "Voici"), guichet.Interdit)
		refuse("another supplier answers", repondre("b.gestionnaire", un, "Voici"), guichet.Inconnu)
		refuse("an empty answer", repondre("a.deposant", un, " "), guichet.Invalide)
		if err := repondre("a.deposant", un, "Le bon est joint, page 2."); err != nil {
			t.Fatal(err)
		}
		refuse("a second answer", repondre("a.gestionnaire", un, "Encore"), guichet.Conflit)
		if u := audit(t, m, un); u.Reponse != "Le bon est joint, page 2." || u.RepondeLe != m.Guichet.Aujourdhui() {
			t.Errorf("answer kept: %+v", u)
		}
		m.Agir(t, "controleur", un, recouvrer)
		_, l, err := m.Guichet.Lettre(t.Context(), m.Acteur("a.lecteur"), un, guichet.LettreRecouvrement, 0)
		if err != nil || l.Charge.Montant != 100_00 || l.Charge.Reste != 255_00 || l.Charge.Controle != c.ID {
			t.Errorf("letter: %v, %+v", err, l)
		}
		if err := repondre("a.deposant", deux, "Nous contestons."); err != nil {
			t.Fatal(err)
		}
		refuse("closing without a reason", m.Guichet.Classer(t.Context(), m.Acteur("controleur"), deux, ""), guichet.Invalide)
		refuse("an auditeur closes", m.Guichet.Classer(t.Context(), m.Acteur("auditeur"), deux, "x"), guichet.Interdit)
		if err := m.Guichet.Classer(t.Context(), m.Acteur("controleur"), deux, "La réponse convainc."); err != nil {
			t.Fatal(err)
		}
		refuse("recovery once closed", agir(deux, recouvrer), guichet.Conflit)
		// The third says nothing: on the last day it still may, on the next not.
		m.Horloge.Avancer(30 * 24 * time.Hour)
		refuse("recovery on the last day", agir(trois, recouvrer), guichet.Conflit)
		m.Horloge.Avancer(24 * time.Hour)
		refuse("an answer too late", repondre("a.deposant", trois, "Trop tard"), guichet.Conflit)
		m.Agir(t, "controleur", trois, recouvrer)
	})
}

// A control that a controleur opens by hand keeps the contract's order of acts:
// the outcome may follow the finding at once.
func TestControlByHandKeepsItsOrder(t *testing.T) {
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	n := m.Amener(t, guichet.Payee, 1)[0]
	non := false
	for _, q := range []guichet.ActeDemande{{Action: guichet.OuvrirControle, Motif: "Signalement"}, {Action: guichet.Constater, Conforme: &non}, {Action: guichet.Recouvrer, Montant: "10.00", Motif: "Trop versé"}} {
		m.Agir(t, "controleur", n, q)
	}
	if u := audit(t, m, n); u.Recouvrement != 10_00 || u.Controle != "" {
		t.Errorf("%+v", u)
	}
}
