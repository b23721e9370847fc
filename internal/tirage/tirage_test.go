package tirage

import (
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func ids(n int) []string {
	l := make([]string, n)
	for i := range l {
		l[i] = fmt.Sprintf("ASP-%04d", i+1)
	}
	return l
}

func figer(t testing.TB, l []string) *Population {
	t.Helper()
	p, err := Figer(l)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// These values are published promises, computed first by a program in another
// language; they must never change.
func TestFixedVectors(t *testing.T) {
	p := figer(t, ids(10))
	const empreinte = "sha256:38b9761f82604d30a3ea1373e024b8b7b90403ea57fced4f0348848311a43cb7"
	if p.Empreinte() != empreinte {
		t.Errorf("population: %s", p.Empreinte())
	}
	for graine, attendu := range map[string][]string{
		"loto du 3 juillet 2023 : 4 8 15 16 23": {"ASP-0010", "ASP-0006", "ASP-0004", "ASP-0003"},
		"1":                                     {"ASP-0002", "ASP-0008", "ASP-0006", "ASP-0004"},
	} {
		d, err := p.Tirer(graine, 4)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&Tirage{Methode, 10, empreinte, graine, attendu}, d); diff != "" {
			t.Errorf("%s: %s", graine, diff)
		}
	}
}

// Another program, written from the package's comment alone, draws the same.
func TestShellDrawsTheSame(t *testing.T) {
	for _, outil := range []string{"sh", "sha256sum", "sort", "head", "cut"} {
		if _, err := exec.LookPath(outil); err != nil {
			t.Skipf("%s is not installed", outil)
		}
	}
	const script = `e=$(printf '%s\n' $IDS | LC_ALL=C sort | sha256sum | cut -c1-64)
		for i in $IDS; do printf '%s ' $(printf '%s\n%s\n%s' "$GRAINE" "$e" "$i" | sha256sum | cut -c1-64); echo $i; done | LC_ALL=C sort | head -n 4 | cut -d' ' -f2`
	for _, graine := range []string{"loto du 3 juillet 2023 : 4 8 15 16 23", "1", "é"} {
		cmd := exec.Command("sh", "-c", script)
		cmd.Env = append(cmd.Environ(), "GRAINE="+graine, "IDS="+strings.Join(ids(10), " "))
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		d, err := figer(t, ids(10)).Tirer(graine, 4)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Fields(string(out)), d.Tires); diff != "" {
			t.Errorf("%s: %s", graine, diff)
		}
	}
}

func TestDrawDependsOnPopulationAndSeedOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Z0-9-]{1,12}`), 1, 60, rapid.ID).Draw(t, "ids")
		graine := rapid.StringMatching(`[a-z0-9]{1,20}`).Draw(t, "seed")
		n := rapid.IntRange(1, len(l)).Draw(t, "n")
		avant := slices.Clone(l)
		p, err := Figer(l)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(l, avant) {
			t.Fatal("the caller's list was changed")
		}
		d, err := p.Tirer(graine, n)
		if err != nil {
			t.Fatal(err)
		}
		tout, err := p.Tirer(graine, len(l))
		if err != nil || !slices.Equal(tout.Tires[:n], d.Tires) {
			t.Fatalf("a longer draw does not begin with the shorter: %v", err)
		}
		if u := slices.Sorted(slices.Values(tout.Tires)); !slices.Equal(u, p.Identifiants()) {
			t.Fatal("the whole draw is not the population")
		}
		if err := Rejouer(rapid.Permutation(l).Draw(t, "order"), *d); err != nil {
			t.Fatal(err)
		}
	})
}

// Each of 20 is drawn about as often as the others over many seeds.
func TestDrawIsFair(t *testing.T) {
	p := figer(t, ids(20))
	fois := map[string]int{}
	const tirages = 4000
	for i := range tirages {
		d, err := p.Tirer(fmt.Sprint("graine ", i), 5)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range d.Tires {
			fois[id]++
		}
	}
	for _, id := range ids(20) {
		if n := fois[id]; n < 850 || n > 1150 { // 1000 expected, standard deviation 27
			t.Errorf("%s drawn %d times of %d", id, n, tirages)
		}
	}
}

func TestTamperedDrawIsFound(t *testing.T) {
	d, err := figer(t, ids(50)).Tirer("graine", 5)
	if err != nil {
		t.Fatal(err)
	}
	for nom, gater := range map[string]func(l []string, d *Tirage) []string{
		"one request less":  func(l []string, _ *Tirage) []string { return l[1:] },
		"one request more":  func(l []string, _ *Tirage) []string { return append(l, "ASP-9999") },
		"another seed":      func(l []string, d *Tirage) []string { d.Graine = "autre"; return l },
		"another one drawn": func(l []string, d *Tirage) []string { d.Tires[4] = "ASP-0001-X"; return l },
		"another order":     func(l []string, d *Tirage) []string { slices.Reverse(d.Tires); return l },
		"another hash":      func(l []string, d *Tirage) []string { d.Empreinte = "sha256:0"; return l },
		"another size":      func(l []string, d *Tirage) []string { d.Nombre++; return l },
	} {
		x := *d
		x.Tires = slices.Clone(d.Tires)
		if err := Rejouer(gater(ids(50), &x), x); !errors.Is(err, ErrAutre) {
			t.Errorf("%s: %v", nom, err)
		}
	}
	x := *d
	x.Methode = "autre"
	if err := Rejouer(ids(50), x); err == nil || !strings.Contains(err.Error(), "méthode") {
		t.Errorf("%v", err)
	}
	x = *d
	x.Tires = nil
	if err := Rejouer(ids(50), x); err == nil {
		t.Error("a draw of nothing passes")
	}
}

func TestBadInputIsRefused(t *testing.T) {
	for _, l := range [][]string{nil, {""}, {"a", "a"}, {"a\nb"}, {"a\x00"}, {strings.Repeat("x", 201)}} {
		if _, err := Figer(l); err == nil {
			t.Errorf("%.20q passes", l)
		}
	}
	p := figer(t, ids(3))
	for _, x := range []struct {
		graine string
		n      int
	}{{"", 1}, {"  ", 1}, {"a\nb", 1}, {strings.Repeat("x", 1001), 1}, {"a", 0}, {"a", 4}, {"a", -1}} {
		if _, err := p.Tirer(x.graine, x.n); err == nil {
			t.Errorf("%.20q, %d passes", x.graine, x.n)
		}
	}
}

func BenchmarkTirer100000(b *testing.B) {
	p := figer(b, func() []string {
		l := make([]string, 100_000)
		for i := range l {
			l[i] = fmt.Sprintf("ASP-%07d", i)
		}
		return l
	}())
	for b.Loop() {
		if _, err := p.Tirer("graine", 300); err != nil {
			b.Fatal(err)
		}
	}
}
