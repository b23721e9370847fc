//go:build !race

// Every cell looks at the whole store before and after: under the race detector
// that takes minutes. "make test" runs these without it.

package api_test

import (
	"fmt"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
)

// A token opens what its scopes say and no more, whatever its account may:
// every call is tried by tokens of one scope each, of a gestionnaire and of an
// agent who has every duty. What a scope refuses changes nothing and is
// journalled, as any refusal.
func TestTokenScopesOnEveryRoute(t *testing.T) {
	t.Parallel()
	p := nouveauPortail(t, avecWebhooks)
	var ps []porteur
	for _, x := range []struct {
		compte string
		portee guichet.Portee
	}{
		{"a.gestionnaire", guichet.PorteeLire}, {"a.gestionnaire", guichet.PorteeDeposer},
		{"cumul", guichet.PorteeLire}, {"cumul", guichet.PorteeInstruire}, {"cumul", guichet.PorteeDecider}, {"cumul", guichet.PorteePayer}, {"cumul", guichet.PorteeControler},
	} {
		secret, _, err := p.Guichet.CreerJeton(t.Context(), p.Acteur(x.compte), guichet.NouveauJeton{Nom: "essai", Portees: []guichet.Portee{x.portee}})
		if err != nil {
			t.Fatal(err)
		}
		nom := x.compte + ", " + string(x.portee)
		p.jetons[nom] = secret
		p.appeler(appel{qui: nom, methode: "GET", chemin: "/motifs"}) // its first use is noted
		ps = append(ps, porteur{colonne{nom, x.compte}, nom})
	}
	var b strings.Builder
	b.WriteString("Chaque appel de l’API, par des jetons d’une seule portée : le statut HTTP de la réponse.\n\n")
	for i, c := range ps {
		fmt.Fprintf(&b, "%2d = %s\n", i+1, c.titre)
	}
	fmt.Fprintf(&b, "\n%-56s", "appel")
	for i := range ps {
		fmt.Fprintf(&b, " %3d", i+1)
	}
	b.WriteString("\n")
	for _, l := range lignes() {
		fmt.Fprintf(&b, "%-56s", l.nom())
		for _, statut := range l.essayer(t, p, ps) {
			fmt.Fprintf(&b, " %3d", statut)
		}
		b.WriteString("\n")
	}
	comparer(t, "portees.txt", b.String())
}
