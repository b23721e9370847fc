package guichet_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
	"guichet.example/segur"
)

// In a sandbox an administrator reaches every status from every other, and the
// sums of money still agree; elsewhere nobody does.
func TestSandboxAloneForcesStatuses(t *testing.T) {
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		n := m.Amener(t, guichet.Payee, 1)[0]
		forcer := func(compte string, n guichet.NumeroASP, s guichet.Statut, motif string) guichet.Genre {
			err := m.Guichet.ForcerStatut(t.Context(), m.Acteur(compte), n, s, motif)
			if err == nil {
				return ""
			}
			return guichet.GenreDe(err)
		}
		if g := forcer("administrateur", n, guichet.Deposee, "Essai"); g != guichet.Interdit {
			t.Fatalf("outside of a sandbox: %q", g)
		}
		m.Equiper(t, func(w *guichet.Monde) { w.BacASable = true })
		lot := m.Amener(t, guichet.MiseEnPaiement, 1)[0]
		for _, x := range []struct {
			compte, motif string
			n             guichet.NumeroASP
			s             guichet.Statut
			want          guichet.Genre
		}{
			{"instructeur1", "Essai", n, guichet.Deposee, guichet.Interdit}, {"a.gestionnaire", "Essai", n, guichet.Deposee, guichet.Interdit},
			{"administrateur", "Essai", n, "inconnu", guichet.Invalide}, {"administrateur", " ", n, guichet.Deposee, guichet.Invalide},
			{"administrateur", "Essai", "ASP-99999999-X", guichet.Deposee, guichet.Inconnu}, {"administrateur", "Essai", lot, guichet.Deposee, guichet.Conflit},
		} {
			if g := forcer(x.compte, x.n, x.s, x.motif); g != x.want {
				t.Errorf("%+v: %q", x, g)
			}
		}
		for range 2 {
			for _, e := range guichet.Etats() {
				if g := forcer("administrateur", n, e.Statut, "Essai"); g != "" {
					t.Fatalf("%s: %q", e.Statut, g)
				}
				v, err := m.Guichet.Demande(t.Context(), m.Acteur("a.lecteur"), n)
				if err != nil || v.Demande.Statut != e.Statut || v.Demande.Statut == guichet.AModifier && v.Demande.Modification == nil {
					t.Errorf("%s: %v, %+v", e.Statut, err, v.Demande)
				}
			}
		}
		if got := entrees(t, m, string(n), "forcer"); len(got) != 3+2*len(guichet.Etats()) {
			t.Errorf("journal: %d entries: %q", len(got), got)
		}
		// A forced request goes on by the acts of the procedure.
		forcer("administrateur", n, guichet.Decidee, "Essai")
		m.Lot(t, guichet.LotRegle, n)
		v, err := m.Base.VerifierJournal(t.Context())
		if err != nil || len(v.Ruptures) > 0 {
			t.Errorf("journal and sums: %v, %v", err, v.Ruptures)
		}
	})
}

// A sandbox gives numbers that say so, and answers any code of the portal to
// who asks for it; a real portal takes the same file for what it is.
func TestSandboxGivesTestNumbersAndAnyCode(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	f, qui := guichettest.Fournisseurs()[0], m.Acteur("a.gestionnaire")
	deposer := func(code segur.Code) (string, error) {
		t.Helper()
		b := strings.ReplaceAll(string(guichettest.FichierAvance(f, m.Numeros(2)...)), `"EXEMPLE"`, `"CODE-`+strconv.Itoa(int(code))+`"`)
		v, err := m.Guichet.Deposer(t.Context(), qui, guichet.NouveauDepot{Type: segur.Avance, NumeroAns: f.Ans, NomFichier: m.NomFichier(f), Contenu: []byte(b)}, guichet.Appel{})
		if err != nil {
			return "", err
		}
		return string(v.Depot.Rapport), nil
	}
	if r, err := deposer(segur.CodeNumeroBrule); err != nil || strings.Contains(r, `"3030"`) {
		t.Fatalf("a real portal: %v\n%s", err, r)
	}
	vrai := m.Deposer(t, "a.gestionnaire", 1).Demandes[0].NumeroASP
	m.Equiper(t, func(w *guichet.Monde) { w.BacASable = true })
	d := m.Deposer(t, "a.gestionnaire", 1).Demandes[0].NumeroASP
	if !strings.HasPrefix(string(d), "TEST-") || !strings.HasPrefix(string(vrai), "ASP-") {
		t.Errorf("numbers %s and %s", d, vrai)
	}
	if v, err := m.Guichet.Demande(t.Context(), qui, d); err != nil || v.Demande.NumeroASP != d {
		t.Errorf("%v", err)
	}
	serie, _ := d.Serie()
	_, err := m.Guichet.Demande(t.Context(), qui, guichet.NumeroDeSerie(serie))
	exigerGenre(t, err, guichet.Inconnu)
	for _, k := range segur.CataloguePortail() {
		if k.Code == segur.CodePieceFigee {
			continue
		}
		r, err := deposer(k.Code)
		var controle *guichet.ErreurControle
		switch code := `"code":"` + k.Code.String() + `"`; {
		case k.Gravite == segur.Erreur && k.Code < segur.CodeNumeroBrule:
			if !errors.As(err, &controle) || !slices.ContainsFunc(slices.Collect(controle.Rapport.Structure()), func(x segur.Constat) bool { return x.Code == k.Code }) {
				t.Errorf("%s: %v", k.Code, err)
			}
		case err != nil || !strings.Contains(strings.ReplaceAll(r, " ", ""), code):
			t.Errorf("%s: %v\n%.400s", k.Code, err, r)
		}
	}
}
