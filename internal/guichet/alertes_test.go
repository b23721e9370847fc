package guichet_test

import (
	"slices"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// alertesDe lists the codes of the alerts on a request.
func alertesDe(t *testing.T, m *guichettest.Monde, compte string, n guichet.NumeroASP) (cs []string) {
	t.Helper()
	v, err := m.Guichet.Demande(t.Context(), m.Acteur(compte), n)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range v.Alertes {
		cs = append(cs, a.Code)
	}
	return cs
}

// deposerAvec deposits one advance whose file is changed, as supplier "a" or "b".
func deposerAvec(t *testing.T, m *guichettest.Monde, compte string, paires ...string) guichet.NumeroASP {
	t.Helper()
	f := guichettest.DeLui(compte)
	contenu := strings.NewReplacer(paires...).Replace(string(guichettest.FichierAvance(f, m.Numeros(1)...)))
	v, err := m.Guichet.Deposer(t.Context(), m.Acteur(compte), guichet.NouveauDepot{Type: "avance", NumeroAns: f.Ans, NomFichier: m.NomFichier(f), Contenu: []byte(contenu)}, guichet.Appel{})
	if err != nil || len(v.Demandes) != 1 {
		t.Fatalf("%v, %+v", err, v)
	}
	return v.Demandes[0].NumeroASP
}

// envoyerPiece sends one document of a request with a content of its own.
func envoyerPiece(t *testing.T, m *guichettest.Monde, compte string, n guichet.NumeroASP, contenu string) {
	t.Helper()
	v, err := m.Guichet.Demande(t.Context(), m.Acteur(compte), n)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := m.Guichet.DeposerPiece(t.Context(), m.Acteur(compte), n, v.Pieces[0].Nom, strings.NewReader(contenu), int64(len(contenu))); err != nil || len(c.Refusees) > 0 {
		t.Fatal(c, err)
	}
}

// Each alert is shown to agents on a request like it and on no other, refuses
// nothing by itself, and is never shown to a supplier.
func TestEachAlertIsShownToAgentsAlone(t *testing.T) {
	t.Parallel()
	const finess = "990000010" // of the example
	categorie := 620
	type portail struct {
		*guichettest.Monde
		n guichet.NumeroASP
	}
	deposer := func(paires ...string) func(*testing.T, portail) guichet.NumeroASP {
		return func(t *testing.T, p portail) guichet.NumeroASP {
			return deposerAvec(t, p.Monde, "a.gestionnaire", paires...)
		}
	}
	for _, x := range []struct {
		code  string
		faire func(*testing.T, portail) guichet.NumeroASP
		bon   func(*testing.T, portail) guichet.NumeroASP // beside the limit: no alert
	}{
		{"finess_double", deposer(), deposer(finess, "990000028")},
		{"finess_inconnu", deposer(finess, "990000036"), deposer()},
		{"finess_categorie", func(t *testing.T, p portail) guichet.NumeroASP {
			n := deposer()(t, p)
			categorie = 355 // the register says so only now
			return n
		},
			func(t *testing.T, p portail) guichet.NumeroASP { categorie = 629; return deposer()(t, p) }},
		{"montant_inhabituel", deposer("708.33", "708.34"), deposer()},
		{"montant_tranche", func(t *testing.T, p portail) guichet.NumeroASP {
			n := deposer("708.33", "708.34")(t, p)
			p.Completer(t, "a.gestionnaire", n)
			p.Agir(t, "instructeur1", n, guichet.ActeDemande{Action: guichet.Prendre})
			p.Agir(t, "instructeur1", n, guichet.ActeDemande{Action: guichet.Valider, Tranche: "B", Verifications: guichettest.Verifications(&guichet.Demande{})})
			return n
		}, func(t *testing.T, p portail) guichet.NumeroASP { return p.Amener(t, guichet.Validee, 1)[0] }},
		// The window of the test's campaign, and orders up to two years before it.
		{"date_hors_fenetre", deposer("03/02/2023", "30/06/2020"), deposer("03/02/2023", "03/07/2020")},
		{"carte_multiple", deposer(finess, "990000028"), deposer(finess, "990000028", `"P"`, `"E"`)},
		{"piece_double", func(t *testing.T, p portail) guichet.NumeroASP {
			n := deposer()(t, p)
			envoyerPiece(t, p.Monde, "a.gestionnaire", n, "%PDF-1.7\nle même\n%%EOF\n")
			envoyerPiece(t, p.Monde, "b.gestionnaire", p.n, "%PDF-1.7\nle même\n%%EOF\n")
			return n
		}, deposer()},
	} {
		t.Run(x.code, func(t *testing.T) {
			categorie = 620
			m := guichettest.Nouveau(t, guichettest.SQLite(t))
			m.Equiper(t, func(w *guichet.Monde) {
				w.Finess = func() guichet.Registre { return func(n string) (int, bool) { return categorie, n != "990000036" } }
			})
			p := portail{m, m.Deposer(t, "b.gestionnaire", 1).Demandes[0].NumeroASP}
			n := x.faire(t, p)
			if got := alertesDe(t, m, "auditeur", n); !slices.Contains(got, x.code) {
				t.Errorf("alerts: %v", got)
			}
			if got := alertesDe(t, m, "a.gestionnaire", n); got != nil {
				t.Errorf("a supplier is shown %v", got)
			}
			if bon := x.bon(t, p); slices.Contains(alertesDe(t, m, "auditeur", bon), x.code) {
				t.Error("the alert is shown beside its limit")
			}
		})
	}
}

// An alert that is about more requests than it names says so: a list that stops
// without a word would be taken for the whole.
func TestAlertSaysThatThereAreMore(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	for i, n := range []int{guichet.SemblablesMax + 1, 2} { // one card: as many other pharmacies as it names, then one more
		ds := m.Deposer(t, "a.gestionnaire", n).Demandes
		v, err := m.Guichet.Demande(t.Context(), m.Acteur("auditeur"), ds[i].NumeroASP)
		if err != nil {
			t.Fatal(err)
		}
		k := slices.IndexFunc(v.Alertes, func(a guichet.Alerte) bool { return a.Code == "carte_multiple" })
		if k < 0 || len(v.Alertes[k].Demandes) != guichet.SemblablesMax || strings.Contains(v.Alertes[k].Message, "plus de 20") != (i == 1) {
			t.Errorf("%+v", v.Alertes)
		}
	}
}
