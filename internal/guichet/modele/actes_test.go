package modele

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// situation is where a request can stand: a status, with a refusal proposed or
// not, with an audit or not.
type situation struct {
	titre  string
	statut guichet.Statut
	avant  []fait // acts that lead on from the status
}

type fait struct {
	qui string
	q   guichet.ActeDemande
}

func situations() (ss []situation) {
	ouvert := fait{"controleur", guichet.ActeDemande{Action: guichet.OuvrirControle, Motif: "Essai"}}
	oui, non := true, false
	constate := func(c *bool) fait {
		return fait{"controleur", guichet.ActeDemande{Action: guichet.Constater, Conforme: c, Observations: "Essai"}}
	}
	for _, e := range guichet.Etats() {
		ss = append(ss, situation{e.Libelle, e.Statut, nil})
		switch e.Statut {
		case guichet.EnInstruction:
			ss = append(ss, situation{"En instruction, refus proposé", e.Statut, []fait{{"instructeur1", guichet.ActeDemande{Action: guichet.ProposerRefus, Motifs: []string{"ineligible"}}}}})
		case guichet.Payee:
			ss = append(ss, situation{"Payée, contrôle ouvert", e.Statut, []fait{ouvert}},
				situation{"Payée, constat conforme", e.Statut, []fait{ouvert, constate(&oui)}},
				situation{"Payée, constat non conforme", e.Statut, []fait{ouvert, constate(&non)}},
				situation{"Payée, recouvrement ordonné", e.Statut, []fait{ouvert, constate(&non), {"controleur", guichet.ActeDemande{Action: guichet.Recouvrer, Montant: "10.00", Motif: "Essai"}}}})
		}
	}
	return ss
}

// gestes are the acts with bodies that pass, each by an account that has the
// right and no other duty on the request.
func gestes(m *guichettest.Monde) []fait {
	f := false
	return []fait{
		{"instructeur2", guichet.ActeDemande{Action: guichet.Prendre}},
		{"instructeur2", guichet.ActeDemande{Action: guichet.Valider, Tranche: "B", Verifications: guichettest.Verifications(&guichet.Demande{})}},
		{"instructeur2", m.Modification()},
		{"instructeur2", guichet.ActeDemande{Action: guichet.ProposerRefus, Motifs: []string{"ineligible"}}},
		{"decideur", guichet.ActeDemande{Action: guichet.Decider, Sens: "attribution"}},
		{"decideur", guichet.ActeDemande{Action: guichet.Decider, Sens: "refus", Motifs: []string{"ineligible"}}},
		{"decideur", guichet.ActeDemande{Action: guichet.Renvoyer, Motif: "Essai"}},
		{"decideur", guichet.ActeDemande{Action: guichet.Reviser, Sens: "attribution", Motif: "Essai"}},
		{"decideur", guichet.ActeDemande{Action: guichet.Reviser, Sens: "refus", Motifs: []string{"ineligible"}, Motif: "Essai"}},
		{"decideur", guichet.ActeDemande{Action: guichet.Reviser, Sens: "retrait", Motif: "Essai"}},
		{"a.deposant", guichet.ActeDemande{Action: guichet.Corriger, Champs: guichet.Champs{}}},
		{"a.deposant", guichet.ActeDemande{Action: guichet.Annuler}},
		{"controleur", guichet.ActeDemande{Action: guichet.OuvrirControle, Motif: "Essai"}},
		{"controleur", guichet.ActeDemande{Action: guichet.Constater, Conforme: &f}},
		{"controleur", guichet.ActeDemande{Action: guichet.Recouvrer, Montant: "10.00", Motif: "Essai"}},
	}
}

// From each situation every act is tried: those that pass are printed with
// where they lead, all others must be a conflict that changes nothing.
func TestActesGolden(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	tous := gestes(m)
	var b strings.Builder
	b.WriteString("La vie d’une demande : depuis chaque situation, les actes possibles, par qui, et où ils mènent.\n" +
		"Tout acte qui n’est pas écrit ici est refusé (409) et ne change rien.\n")
	for _, s := range situations() {
		ns := m.Amener(t, s.statut, len(tous)+1)
		for i, n := range ns {
			for _, x := range s.avant {
				m.Agir(t, x.qui, n, x.q)
			}
			if i < len(tous) {
				continue
			}
			fmt.Fprintf(&b, "\n%s (%s) : %s\n", s.titre, s.statut, suite(t, m, n))
		}
		for i, x := range tous {
			essayer(t, m, &b, s, ns[i], x)
		}
	}
	comparer(t, "actes.txt", b.String())
}

var reecrire = flag.Bool("update", false, "rewrite the goldens of testdata")

// comparer holds a text against its golden.
func comparer(t *testing.T, nom, got string) {
	t.Helper()
	chemin := filepath.Join("testdata", nom)
	if *reecrire {
		if err := os.WriteFile(chemin, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is not what happens; -update rewrites it, to be read before it is committed:\n%s", chemin, diff)
	}
}

// suite says who acts next and by when.
func suite(t *testing.T, m *guichettest.Monde, n guichet.NumeroASP) string {
	t.Helper()
	d := lue(t, m, n)
	s := "personne n’agit ensuite"
	if a := d.ProchainActeur(); a != "" {
		s = "agit ensuite " + a
	}
	if !d.Echeance.Nul() {
		s += ", avant le " + d.Echeance.String()
	}
	if e, _ := guichet.EtatDe(d.Statut); e.Pieces {
		s += " ; pièces admises"
	}
	return s
}

func lue(t *testing.T, m *guichettest.Monde, n guichet.NumeroASP) *guichet.Demande {
	t.Helper()
	v, err := m.Guichet.Demande(t.Context(), m.Acteur("a.lecteur"), n)
	if err != nil {
		t.Fatal(err)
	}
	return v.Demande
}

func essayer(t *testing.T, m *guichettest.Monde, b *strings.Builder, s situation, n guichet.NumeroASP, x fait) {
	t.Helper()
	avant := lue(t, m, n)
	v, err := m.Guichet.Agir(t.Context(), m.Acteur(x.qui), n, x.q, guichet.Appel{})
	if err != nil {
		apres := lue(t, m, n)
		if guichet.GenreDe(err) != guichet.Conflit || apres.Statut != avant.Statut || !apres.Modifie.Equal(avant.Modifie) {
			t.Errorf("%s, %s: %v, then %s", s.titre, x.q.Action, err, apres.Statut)
		}
		return
	}
	nom := string(x.q.Action)
	if x.q.Sens != "" {
		nom += " (" + x.q.Sens + ")"
	}
	var roles []string
	for _, d := range guichet.Droits() {
		if d.Action == x.q.Action {
			for _, r := range d.Roles {
				roles = append(roles, string(r))
			}
		}
	}
	vers := string(v.Demande.Statut)
	if a := v.Demande.ProchainActeur(); a != "" {
		vers += ", agit ensuite " + a
	}
	fmt.Fprintf(b, "  %-22s %-24s → %s\n", nom, strings.Join(roles, ", "), vers)
}

// A batch is prepared from what is awarded or came back, and from nothing else;
// its own acts follow one another in one way.
func TestLotsStartFromAwardedRequests(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	essais := 0
	for _, e := range guichet.Etats() {
		ns := m.Amener(t, e.Statut, 2)
		l, err := m.Guichet.PreparerLot(t.Context(), m.Acteur("comptable1"), ns, guichet.Appel{})
		if want := slices.Contains([]guichet.Statut{guichet.Decidee, guichet.PaiementRejete}, e.Statut); (err == nil) != want {
			t.Errorf("batch of %s: %v", e.Statut, err)
		}
		if err != nil {
			if guichet.GenreDe(err) != guichet.Conflit {
				t.Errorf("batch of %s: %v", e.Statut, err)
			}
			continue
		}
		essais++
		suivreLot(t, m, l)
	}
	if essais != 2 {
		t.Errorf("%d batches walked", essais)
	}
}

// suivreLot tries every act at every stage of a batch.
func suivreLot(t *testing.T, m *guichettest.Monde, l *guichet.Lot) {
	t.Helper()
	retour := guichet.ActeLot{Action: guichet.RetournerLot, Retours: []guichet.RetourBanque{{NumeroASP: l.Lignes[0].NumeroASP, Motif: "AC04"}}}
	approuver, regler := guichet.ActeLot{Action: guichet.ApprouverLot}, guichet.ActeLot{Action: guichet.ReglerLot, Date: m.Guichet.Aujourdhui()}
	for _, e := range []struct {
		refuses []guichet.ActeLot
		suivant guichet.ActeLot
		mene    [2]guichet.Statut
	}{
		{[]guichet.ActeLot{retour, regler}, approuver, [2]guichet.Statut{guichet.MiseEnPaiement, guichet.MiseEnPaiement}},
		{[]guichet.ActeLot{approuver}, retour, [2]guichet.Statut{guichet.PaiementRejete, guichet.MiseEnPaiement}},
		{[]guichet.ActeLot{approuver, retour}, regler, [2]guichet.Statut{guichet.PaiementRejete, guichet.Payee}},
	} {
		for _, q := range e.refuses {
			if _, err := m.Guichet.AgirLot(t.Context(), m.Acteur("comptable2"), l.ID, q, guichet.Appel{}); guichet.GenreDe(err) != guichet.Conflit {
				t.Errorf("%s before %s: %v", q.Action, e.suivant.Action, err)
			}
		}
		m.AgirLot(t, "comptable2", l.ID, e.suivant)
		for i, want := range e.mene {
			if got := lue(t, m, l.Lignes[i].NumeroASP).Statut; got != want {
				t.Errorf("line %d after %s: %s", i, e.suivant.Action, got)
			}
		}
	}
	for _, q := range []guichet.ActeLot{approuver, retour, regler} {
		if _, err := m.Guichet.AgirLot(t.Context(), m.Acteur("comptable2"), l.ID, q, guichet.Appel{}); guichet.GenreDe(err) != guichet.Conflit {
			t.Errorf("%s of a settled batch: %v", q.Action, err)
		}
	}
	var e *guichet.Error
	if _, err := m.Guichet.AgirLot(t.Context(), m.Acteur("comptable2"), l.ID, guichet.ActeLot{Action: "payer"}, guichet.Appel{}); !errors.As(err, &e) || e.Genre != guichet.Invalide {
		t.Errorf("unknown act: %v", err)
	}
}
