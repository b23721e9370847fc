package rapport

import (
	"testing"

	"guichet.example/segur"
)

// Each value's own suggestion is told, what all occurrences share is not.
func TestRemedePropre(t *testing.T) {
	t.Parallel()
	const commun = "Écrivez par exemple 850.00 et non 850. "
	for _, c := range []struct{ premier, autre, want string }{
		{commun + "Proposition : 708.30.", commun + "Proposition : 708.30.", ""},
		{commun + "Proposition : 708.30.", commun + "Proposition : 850.00.", " → Proposition : 850.00."},
		{commun + "Proposition : 708.30.", "Écrivez par exemple 850.00 et non 850.", ""},
		{"Vouliez-vous dire « numLigne » ?", "Vouliez-vous dire « nomFichier » ?", " → Vouliez-vous dire « nomFichier » ?"},
		{"Retirez cette clé.", "", ""},
		{"", "Vouliez-vous dire « SIRET » ?", " → Vouliez-vous dire « SIRET » ?"},
	} {
		a, b := constat{Constat: segur.Constat{Remede: c.premier}}, constat{Constat: segur.Constat{Remede: c.autre}}
		if got := b.remedePropre(&a); got != c.want {
			t.Errorf("%q after %q: %q", c.autre, c.premier, got)
		}
	}
}
