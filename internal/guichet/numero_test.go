package guichet

import (
	"strings"
	"testing"
)

func (n NumeroASP) valide() bool { _, ok := n.Serie(); return ok }

func TestNumeroASPIsSpelt(t *testing.T) {
	t.Parallel()
	for serie, want := range map[int64]NumeroASP{1: "ASP-00000001-2", 99_999_999: "ASP-99999999-6", 100_000_000: "ASP-100000000-E"} {
		if got := NumeroDeSerie(serie); got != want || !got.valide() {
			t.Errorf("%d: %s, want %s", serie, got, want)
		}
	}
}

// The standard's own example: ISO 7064 MOD 37,36 of A12425GABC1234002 is M.
func TestCleIsThatOfTheStandard(t *testing.T) {
	t.Parallel()
	if got := cle3736("A12425GABC1234002"); got != 'M' {
		t.Errorf("check character %c", got)
	}
}

// A person who mistypes one character must never reach somebody else's
// request.
func TestEverySubstitutionIsFoundOut(t *testing.T) {
	t.Parallel()
	essais := 0
	for _, serie := range []int64{1, 9, 10, 4_711, 12_345_678, 90_909_090, 99_999_999, 123_456_789_012} {
		n := string(NumeroDeSerie(serie))
		for i := range n {
			for _, c := range alphabet36 + "-" {
				if byte(c) == n[i] {
					continue
				}
				essais++
				if faux := NumeroASP(n[:i] + string(c) + n[i+1:]); faux.valide() {
					t.Errorf("%s passes for %s", faux, n)
				}
			}
		}
	}
	if essais < 1000 {
		t.Errorf("only %d substitutions tried", essais)
	}
}

// No two numbers differ by one character only: those of serials that differ by
// one digit differ by the check character as well.
func TestTwoNumbersDifferTwice(t *testing.T) {
	t.Parallel()
	for _, serie := range []int64{0, 1, 5_005, 20_000_000, 98_765_432} {
		n := string(NumeroDeSerie(serie))
		voisins := 0
		for p := int64(1); p <= 10_000_000; p *= 10 {
			chiffre := serie / p % 10
			for autre := range int64(10) {
				if autre == chiffre {
					continue
				}
				voisins++
				m := string(NumeroDeSerie(serie + (autre-chiffre)*p))
				differences := 0
				for i := range n {
					if n[i] != m[i] {
						differences++
					}
				}
				if len(m) != len(n) || differences < 2 {
					t.Errorf("%s and %s differ by %d characters", n, m, differences)
				}
			}
		}
		if voisins != 72 {
			t.Errorf("%d neighbours tried", voisins)
		}
	}
}

func TestNumeroASPFitsThePaymentFile(t *testing.T) {
	t.Parallel()
	n := string(NumeroDeSerie(1<<63 - 1))
	if len(n) > 35 || strings.Trim(n, alphabet36+"-") != "" || !NumeroASP(n).valide() {
		t.Errorf("%s is no EndToEndId", n)
	}
}

func TestStrangeNumbersAreRefused(t *testing.T) {
	t.Parallel()
	for _, n := range []NumeroASP{"", "ASP", "ASP-00000001", "ASP--2", "ASP-1-2", "asp-00000001-2", "ASP-00000001-2-", "ASP-0000000é-2", "ASQ-00000001-2", " ASP-00000001-2", "ASP-00000001-2\n", "ASP-00000001-é"} {
		if n.valide() {
			t.Errorf("%q passes", n)
		}
	}
}
