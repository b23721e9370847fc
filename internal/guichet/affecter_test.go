package guichet_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

func agentDe(t *testing.T, m *guichettest.Monde, n guichet.NumeroASP) guichet.CompteID {
	t.Helper()
	v, err := m.Guichet.Demande(t.Context(), m.Acteur("auditeur"), n)
	if err != nil {
		t.Fatal(err)
	}
	return v.Demande.AgentID
}

// A request is given one by one, never to somebody who had another duty on it;
// each request has its result, and each gift its journal entry.
func TestAssignmentKeepsDutiesApart(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		cumul := m.Acteur("cumul")
		ns := append(m.Amener(t, guichet.Deposee, 1), m.Amener(t, guichet.Validee, 1)...)
		ns = append(ns, m.Amener(t, guichet.Payee, 1)...)
		m.Agir(t, "cumul", ns[1], guichet.ActeDemande{Action: guichet.Renvoyer, Motif: "Essai"}) // as decideur
		rs, err := m.Guichet.Affecter(t.Context(), m.Acteur("instructeur1"), ns, cumul.ID)
		if err != nil || len(rs) != 3 {
			t.Fatal(rs, err)
		}
		if rs[0].Motif != "" || !strings.Contains(rs[1].Motif, "comme decideur") || !strings.Contains(rs[2].Motif, "n’est plus à instruire") {
			t.Errorf("results: %+v", rs)
		}
		if a, b := agentDe(t, m, ns[0]), agentDe(t, m, ns[1]); a != cumul.ID || b == cumul.ID {
			t.Errorf("given to %d and %d", a, b)
		}
		if es := entrees(t, m, string(ns[0]), "affecter"); !slices.Equal(es, []string{"instructeur1 fait à cumul"}) {
			t.Errorf("journal: %q", es)
		}
		_, err = m.Guichet.Affecter(t.Context(), m.Acteur("instructeur1"), ns[:1], m.Acteur("decideur").ID)
		exigerGenre(t, err, guichet.Invalide)
		_, err = m.Guichet.Affecter(t.Context(), m.Acteur("decideur"), ns[:1], cumul.ID)
		exigerGenre(t, err, guichet.Interdit)
		// Whoever takes a request up has it.
		m.Agir(t, "instructeur2", ns[0], guichet.ActeDemande{Action: guichet.Prendre})
		if a := agentDe(t, m, ns[0]); a != m.Acteur("instructeur2").ID {
			t.Errorf("taken up by %d", a)
		}
	})
}

// Rules give out what comes in and, asked to, what is there: by remainder, by
// load, by supplier; the preview changes nothing.
func TestRulesGiveRequestsOut(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		un, deux, admin := m.Acteur("instructeur1").ID, m.Acteur("instructeur2").ID, m.Acteur("administrateur")
		avant := m.Amener(t, guichet.Deposee, 4)
		regle := guichet.RegleAffectation{Nom: "Deux à deux", Active: true, Partage: guichet.ParReste, Agents: []guichet.CompteID{un, deux}}
		if err := m.Guichet.ReglerAffectation(t.Context(), admin, regle); err != nil {
			t.Fatal(err)
		}
		exigerGenre(t, m.Guichet.ReglerAffectation(t.Context(), admin, regle), guichet.Conflit) // the name is taken
		exigerGenre(t, m.Guichet.ReglerAffectation(t.Context(), m.Acteur("instructeur1"), regle), guichet.Interdit)
		faux := regle
		faux.Nom, faux.Agents = "Fausse", []guichet.CompteID{m.Acteur("decideur").ID}
		exigerGenre(t, m.Guichet.ReglerAffectation(t.Context(), admin, faux), guichet.Invalide)

		apres := m.Amener(t, guichet.Deposee, 4) // they come in under the rule
		compte := map[guichet.CompteID]int{}
		for _, n := range apres {
			compte[agentDe(t, m, n)]++
		}
		if compte[un] != 2 || compte[deux] != 2 {
			t.Errorf("arrivals by remainder: %v", compte)
		}
		rs, err := m.Guichet.AppliquerRegles(t.Context(), admin, true)
		if err != nil || len(rs) != 4 || rs[0].Agent == "" || agentDe(t, m, avant[0]) != 0 {
			t.Fatalf("preview: %+v, %v", rs, err)
		}
		// By load: instructeur1 already has more.
		if _, err := m.Guichet.Affecter(t.Context(), m.Acteur("instructeur1"), avant[:1], un); err != nil {
			t.Fatal(err)
		}
		liste, _, err := m.Guichet.ReglesAffectation(t.Context(), admin)
		if err != nil {
			t.Fatal(err)
		}
		regle.ID, regle.Partage = liste[0].ID, guichet.ParCharge
		if err := m.Guichet.ReglerAffectation(t.Context(), admin, regle); err != nil {
			t.Fatal(err)
		}
		if rs, err = m.Guichet.AppliquerRegles(t.Context(), admin, false); err != nil || len(rs) != 3 || rs[0].Agent != "instructeur2" {
			t.Fatalf("by load: %+v, %v", rs, err)
		}
		compte = map[guichet.CompteID]int{}
		for _, n := range append(avant, apres...) {
			compte[agentDe(t, m, n)]++
		}
		if compte[un] != 4 || compte[deux] != 4 {
			t.Errorf("by load: %v", compte)
		}
		exigerGenre(t, m.Guichet.RetirerRegle(t.Context(), admin, 99), guichet.Inconnu)
		if err := m.Guichet.RetirerRegle(t.Context(), admin, regle.ID); err != nil {
			t.Fatal(err)
		}
	})
}

// An officer's own requests come first, then those that nobody has, never those
// of a colleague; of many who ask at once each gets another one.
func TestTakeTheNextNeverGivesOneTwice(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		ns := m.Amener(t, guichet.Deposee, 8)
		if _, err := m.Guichet.Affecter(t.Context(), m.Acteur("instructeur1"), ns[6:7], m.Acteur("instructeur1").ID); err != nil {
			t.Fatal(err)
		}
		if _, err := m.Guichet.Affecter(t.Context(), m.Acteur("instructeur1"), ns[:1], m.Acteur("instructeur2").ID); err != nil {
			t.Fatal(err)
		}
		if n, err := m.Guichet.PrendreSuivante(t.Context(), m.Acteur("instructeur1")); err != nil || n != ns[6] {
			t.Fatalf("%s, %v; want the officer's own, %s", n, err, ns[6])
		}
		pris, groupe := make([]guichet.NumeroASP, 6), sync.WaitGroup{}
		for i := range pris {
			groupe.Go(func() {
				var err error
				if pris[i], err = m.Guichet.PrendreSuivante(t.Context(), m.Acteur([]string{"instructeur1", "cumul"}[i%2])); err != nil {
					t.Error(err)
				}
			})
		}
		groupe.Wait()
		slices.Sort(pris)
		if pris = slices.Compact(pris); len(pris) != 6 || slices.Contains(pris, ns[0]) {
			t.Errorf("taken: %v", pris)
		}
		_, err := m.Guichet.PrendreSuivante(t.Context(), m.Acteur("cumul"))
		exigerGenre(t, err, guichet.Inconnu)
		if n, err := m.Guichet.PrendreSuivante(t.Context(), m.Acteur("instructeur2")); err != nil || n != ns[0] {
			t.Errorf("%s, %v", n, err)
		}
	})
}

// A view is its maker's own until he shares it; each officer has his own to
// begin with.
func TestViewsAreOwnOrShared(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	un, deux := m.Acteur("instructeur1"), m.Acteur("instructeur2")
	noms := func(a *guichet.Acteur) (ns []string) {
		vs, err := m.Guichet.Vues(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range vs {
			if v.Defaut {
				v.Nom += " (défaut)"
			}
			ns = append(ns, v.Nom)
		}
		return ns
	}
	for _, v := range []guichet.Vue{{Nom: "En retard", Requete: "retard=1", Partagee: true}, {Nom: "À moi", Requete: "agent=moi"}} {
		if err := m.Guichet.EnregistrerVue(t.Context(), un, v); err != nil {
			t.Fatal(err)
		}
	}
	vs, err := m.Guichet.Vues(t.Context(), deux)
	if err != nil || len(vs) != 1 || vs[0].Nom != "En retard" || vs[0].Auteur != "instructeur1" {
		t.Fatalf("%+v, %v", vs, err)
	}
	if err := m.Guichet.ChoisirVue(t.Context(), deux, vs[0].ID); err != nil {
		t.Fatal(err)
	}
	if a, b := noms(un), noms(deux); !slices.Equal(a, []string{"En retard", "À moi"}) || !slices.Equal(b, []string{"En retard (défaut)"}) {
		t.Errorf("%q, %q", a, b)
	}
	exigerGenre(t, m.Guichet.RetirerVue(t.Context(), deux, vs[0].ID), guichet.Interdit)
	exigerGenre(t, m.Guichet.EnregistrerVue(t.Context(), un, guichet.Vue{Nom: " "}), guichet.Invalide)
	exigerGenre(t, m.Guichet.EnregistrerVue(t.Context(), m.Acteur("a.gestionnaire"), guichet.Vue{Nom: "Essai"}), guichet.Interdit)
	exigerGenre(t, m.Guichet.ChoisirVue(t.Context(), deux, 12345), guichet.Inconnu)
	if err := m.Guichet.RetirerVue(t.Context(), un, vs[0].ID); err != nil || len(noms(deux)) != 0 {
		t.Errorf("%v, %q", err, noms(deux))
	}
}
