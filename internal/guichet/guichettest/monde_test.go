package guichettest

import (
	"testing"

	"guichet.example/internal/guichet"
)

// Every status can be reached, and a balance follows a paid advance.
func TestAmener(t *testing.T) {
	t.Parallel()
	m := Nouveau(t, SQLite(t))
	for _, e := range guichet.Etats() {
		for _, n := range m.Amener(t, e.Statut, 2) {
			v, err := m.Guichet.Demande(t.Context(), m.Acteur("auditeur"), n)
			if err != nil || v.Demande.Statut != e.Statut {
				t.Errorf("%s: %v, %v", e.Statut, v.Demande, err)
			}
		}
	}
	payees, _, err := m.Guichet.Demandes(t.Context(), m.Acteur("a.lecteur"), guichet.Filtre{Statut: guichet.Payee})
	if err != nil || len(payees) != 2 {
		t.Fatal(payees, err)
	}
	soldes := m.Autre(t).DeposerSoldes(t, "a.deposant", payees...)
	if got := soldes.Demandes[1]; got.Avance != payees[1].NumeroASP || got.Montants.Solde != 595_00 {
		t.Errorf("%+v", got)
	}
}
