//go:build !race

// Every cell looks at the whole store before and after: under the race detector
// that takes minutes. "make test" runs this without it.

package api_test

import (
	"fmt"
	"strings"
	"testing"
)

// Every cell of role × route is tried over HTTP, on an object that the row's
// right-holder could act on. The journal holds an entry of each 403, and of
// nothing else that was refused.
func TestMatriceGolden(t *testing.T) {
	t.Parallel()
	p := nouveauPortail(t, avecWebhooks)
	p.inviterTiers()
	var b strings.Builder
	b.WriteString("Chaque appel de l’API, par chaque rôle, sur un objet du fournisseur des trois premières colonnes : le statut HTTP de la réponse.\n" +
		"« autre fournisseur » est le gestionnaire d’un fournisseur à qui l’objet n’appartient pas ; le tiers dépose pour le fournisseur des trois premières, sous un autre numéro ANS.\n\n")
	for i, c := range colonnes() {
		fmt.Fprintf(&b, "%2d = %s\n", i+1, c.titre)
	}
	fmt.Fprintf(&b, "\n%-56s", "appel")
	for i := range colonnes() {
		fmt.Fprintf(&b, " %3d", i+1)
	}
	b.WriteString("\n")
	essayees := map[string]bool{}
	for _, l := range lignes() {
		fmt.Fprintf(&b, "%-56s", l.nom())
		for _, statut := range l.essayer(t, p, porteurs(colonnes())) {
			fmt.Fprintf(&b, " %3d", statut)
		}
		b.WriteString("\n")
		essayees[l.methode+" "+modele(l.chemin)] = true
	}
	comparer(t, "matrice.txt", b.String())
	for _, r := range routesDecrites(t, p) {
		if !essayees[r] {
			t.Errorf("%s has no row in the matrix", r)
		}
	}
}
