package guichet_test

import (
	"slices"
	"testing"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// An agent who must have a second factor and has none does nothing but enrol
// one: no act, no token. Suppliers are concerned only when all are.
func TestSecondFacteurImpose(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		equiper(t, m)
		ctx := t.Context()
		c := m.Acteur("auditeur").Compte
		if err := m.Guichet.Installer(ctx, &c, phrase); err != nil {
			t.Fatal(err)
		}
		jeton, _, err := m.Guichet.CreerJeton(ctx, m.Acteur("auditeur"), guichet.NouveauJeton{Nom: "essai"})
		if err != nil {
			t.Fatal(err)
		}
		sien, _, err := m.Guichet.CreerJeton(ctx, m.Acteur("a.gestionnaire"), guichet.NouveauJeton{Nom: "essai"})
		if err != nil {
			t.Fatal(err)
		}
		m.Equiper(t, func(w *guichet.Monde) { w.Second = guichet.SecondAgents })
		entrer := func() (*guichet.Acteur, string) {
			t.Helper()
			s, _, err := m.Guichet.Connecter(ctx, c.Identifiant, phrase, guichet.Origine{Adresse: adresse})
			if err != nil {
				t.Fatal(err)
			}
			a, err := m.Guichet.ActeurDeSession(ctx, s, adresse)
			if err != nil {
				t.Fatal(err)
			}
			return a, s
		}
		a, session := entrer()
		if !a.SansSecond || a.Peut(guichet.LireJournal) || a.Peut(guichet.GererJetons) || !a.Peut(guichet.GererSecondFacteur) {
			t.Errorf("%+v may %v", a, guichet.Droits())
		}
		exigerGenre(t, m.Guichet.Autoriser(ctx, a, guichet.LireJournal, ""), guichet.Interdit)
		_, _, err = m.Guichet.CreerJeton(ctx, a, guichet.NouveauJeton{Nom: "autre"})
		exigerGenre(t, err, guichet.Interdit)
		_, err = m.Guichet.Identifier(ctx, jeton, adresse)
		exigerGenre(t, err, guichet.Interdit)
		if _, err := m.Guichet.Identifier(ctx, sien, adresse); err != nil {
			t.Errorf("a supplier: %v", err)
		}
		if _, err := m.Guichet.ActiverSecondFacteur(ctx, a, preparer(t, m, a)(), session); err != nil {
			t.Fatal(err)
		}
		if a, err = m.Guichet.ActeurDeSession(ctx, session, adresse); err != nil || a.SansSecond || !a.Peut(guichet.LireJournal) {
			t.Errorf("%+v, %v", a, err)
		}
		if _, err := m.Guichet.Identifier(ctx, jeton, adresse); err != nil {
			t.Error(err)
		}
		// Who has lost everything is led to enrol again, and nothing of before serves.
		if err := m.Guichet.OterSecond(ctx, &c); err != nil {
			t.Fatal(err)
		}
		_, err = m.Guichet.ActeurDeSession(ctx, session, adresse)
		exigerGenre(t, err, guichet.NonIdentifie)
		_, err = m.Guichet.Identifier(ctx, jeton, adresse)
		exigerGenre(t, err, guichet.NonIdentifie)
		if a, _ = entrer(); !a.SansSecond {
			t.Error("no second factor, and none is asked for")
		}
		if es := entrees(t, m, c.Identifiant, string(guichet.GererSecondFacteur)); es[len(es)-1] != "operateur fait ôter tout" {
			t.Errorf("%q", es)
		}
		m.Equiper(t, func(w *guichet.Monde) { w.Second = guichet.SecondTous })
		_, err = m.Guichet.Identifier(ctx, sien, adresse)
		exigerGenre(t, err, guichet.Interdit)
	})
}

// Who came in, and who left, stands in the journal.
func TestWaysInAndOutAreJournalled(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	equiper(t, m)
	a, secours, _ := avecSecond(t, m)
	session, _, err := m.Guichet.ConnecterSecondFacteur(t.Context(), defi(t, m, a), secours[0], guichet.Origine{Adresse: adresse})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time there is nothing to leave
		if err := m.Guichet.Deconnecter(t.Context(), session, adresse); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := m.Guichet.Connecter(t.Context(), a.Identifiant, "un autre mot de passe", guichet.Origine{Adresse: adresse}); err == nil {
		t.Fatal("signed in")
	}
	var vus []string
	es, err := m.Guichet.Journal(t.Context(), m.Acteur("auditeur"), 1, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range es {
		if e.Objet == a.Identifiant && e.AdresseLisible() != "" { // what the operator did has none
			vus = append(vus, e.Acte+" "+e.DetailLisible()+" "+e.AdresseLisible())
		}
	}
	ici := " " + adresse.String()
	if want := []string{"connexion mot de passe" + ici, "connexion mot de passe" + ici, "second_facteur:gerer activer" + ici, "connexion mot de passe et code" + ici, "deconnexion mot de passe et code" + ici}; !slices.Equal(vus, want) {
		t.Errorf("%q\nwant %q", vus, want)
	}
}
