package guichettest

import (
	"net/netip"
	"testing"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// Mandater adds an account of a third party that files for supplier "a" under
// one ANS number only, which becomes one of the supplier's; its name begins with
// "a.", as those of the supplier's own people do.
func (m *Monde) Mandater(t testing.TB, nom, ans string) *guichet.Acteur {
	t.Helper()
	c := guichet.Compte{Identifiant: nom, Nom: nom, Roles: []guichet.Role{guichet.Deposant}, FournisseurID: m.Acteur("a.gestionnaire").FournisseurID, Actif: true,
		Mandat: &guichet.Mandat{Entreprise: "Dépôts fictifs", Siret: "99999998000009", Fin: m.Guichet.JourA(m.Horloge.Maintenant().AddDate(1, 0, 0)).ISO(), Numeros: []string{ans}}}
	n := guichet.NumeroAns{Numero: ans, Couloir: "PHA", Logiciel: "LGO"}
	if err := m.Guichet.AjouterNumeroAns(t.Context(), m.Acteur("administrateur"), c.FournisseurID, n, "Référencé ce jour"); err != nil {
		t.Fatal(err)
	}
	if err := m.Guichet.Installer(t.Context(), &c, ""); err != nil {
		t.Fatal(err)
	}
	m.acteurs[nom] = &guichet.Acteur{Compte: c, Adresse: netip.MustParseAddr("192.0.2.1")}
	return m.acteurs[nom]
}

// DeposerSous deposits n new advances under another ANS number of the supplier.
func (m *Monde) DeposerSous(t testing.TB, compte, ans string, n int) *guichet.DepotVu {
	t.Helper()
	f := DeLui(compte)
	f.Ans = ans
	return m.deposer(t, compte, f, segur.Avance, FichierAvance(f, m.Numeros(n)...), n)
}
