package guichet_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// A withdrawn number takes no advance and still takes the balances of those
// that it has; the supplier is told by mail when it goes and when it is back.
func TestWithdrawnNumberTakesBalancesAndIsTold(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	f, admin, ctx := guichettest.Fournisseurs()[0], m.Acteur("administrateur"), t.Context()
	id := m.Acteur("a.gestionnaire").FournisseurID
	payee, err := m.Guichet.Demande(ctx, m.Acteur("a.gestionnaire"), m.Amener(t, guichet.Payee, 1)[0])
	if err != nil {
		t.Fatal(err)
	}
	d := equiper(t, m)
	dit := func(objet, motif string) {
		t.Helper()
		travailler(t, m)
		cs := d.relever()
		if !slices.ContainsFunc(cs, func(c guichet.Courrier) bool {
			return c.Objet == objet && strings.Contains(strings.Join(c.Paragraphes, " "), motif)
		}) {
			t.Errorf("no mail %q for %q: %+v", objet, motif, cs)
		}
	}
	if err := m.Guichet.RetirerNumeroAns(ctx, admin, id, f.Ans, "Référencement échu"); err != nil {
		t.Fatal(err)
	}
	dit("Numéro ANS "+f.Ans+" retiré de votre compte", "Référencement échu")
	_, err = m.Guichet.Deposer(ctx, m.Acteur("a.deposant"), guichet.NouveauDepot{Type: "avance", NumeroAns: f.Ans, NomFichier: m.NomFichier(f), Contenu: guichettest.FichierAvance(f, m.Numeros(1)...)}, guichet.Appel{})
	var refus *guichet.ErreurControle
	if !errors.As(err, &refus) {
		t.Errorf("an advance under a withdrawn number: %v", err)
	}
	m.DeposerSoldes(t, "a.deposant", *payee.Demande)
	if err := m.Guichet.AjouterNumeroAns(ctx, admin, id, guichet.NumeroAns{Numero: f.Ans, Couloir: "PHA", Logiciel: "LGO"}, "Référencé de nouveau"); err != nil {
		t.Fatal(err)
	}
	dit("Numéro ANS "+f.Ans+" ajouté à votre compte", "Référencé de nouveau")
	m.Deposer(t, "a.deposant", 1)
}
