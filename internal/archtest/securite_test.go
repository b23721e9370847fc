package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	rangeeASVS = regexp.MustCompile(`^\| V\d+\.\d+\.\d+`)
	numeroASVS = regexp.MustCompile(`V\d+\.\d+\.\d+`)
	testCite   = regexp.MustCompile("`((?:Test|Fuzz)[A-Z][A-Za-z0-9_]*)`")
)

// The pages of docs/securite cite tests as proof: each exists, and each row
// has one, or says why it has none.
func TestSecurityTablesCiteTestsThatExist(t *testing.T) {
	existent := map[string]bool{}
	for _, s := range files(t) {
		if s.test() {
			for _, m := range regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`).FindAllStringSubmatch(s.text, -1) {
				existent[m[1]] = true
			}
		}
	}
	pages, err := filepath.Glob(filepath.Join(root, "docs", "securite", "*.md"))
	if err != nil || len(pages) == 0 {
		t.Fatal(pages, err)
	}
	rangees := 0
	for _, p := range pages {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		for l := range strings.SplitSeq(string(b), "\n") {
			cites := testCite.FindAllStringSubmatch(l, -1)
			for _, m := range cites {
				if !existent[m[1]] {
					t.Errorf("%s cites %s, which is no test", filepath.Base(p), m[1])
				}
			}
			if !rangeeASVS.MatchString(l) {
				continue
			}
			rangees++
			if bas := strings.ToLower(l); len(cites) == 0 && !strings.Contains(bas, "sans objet") && !strings.Contains(bas, "revue") && !strings.Contains(bas, "écart") {
				t.Errorf("%s: neither a test nor a reason: %.80s", filepath.Base(p), l)
			}
		}
	}
	if rangees < 100 {
		t.Errorf("only %d rows found", rangees)
	}
}

// The tables hold each requirement of level 1 and 2 once, and no number that
// the standard does not have: some were once written from memory.
func TestSecurityTablesHoldEveryRequirement(t *testing.T) {
	liste, err := os.ReadFile(filepath.Join("testdata", "asvs-5.0.0.txt"))
	if err != nil {
		t.Fatal(err)
	}
	niveaux, dues := map[string]string{}, 0
	for l := range strings.Lines(string(liste)) {
		if numero, niveau, ok := strings.Cut(strings.TrimSpace(l), " "); ok && strings.HasPrefix(numero, "V") {
			niveaux[numero] = niveau
			if niveau != "3" {
				dues++
			}
		}
	}
	if len(niveaux) != 345 || dues != 253 {
		t.Fatalf("%d requirements, %d of level 1 and 2: version 5.0.0 has 345 and 253", len(niveaux), dues)
	}
	vues := map[string]int{}
	for _, p := range []string{"asvs.md", "asvs-comptes.md"} {
		b, err := os.ReadFile(filepath.Join(root, "docs", "securite", p))
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range numeroASVS.FindAllString(string(b), -1) {
			if niveaux[n] == "" {
				t.Errorf("%s: the standard has no %s", p, n)
			}
		}
		for l := range strings.Lines(string(b)) {
			if rangeeASVS.MatchString(l) {
				exigence, _, _ := strings.Cut(l[2:], " |")
				for _, n := range numerosDe(exigence) {
					vues[n]++
				}
			}
		}
	}
	for n, niveau := range niveaux {
		if niveau != "3" && vues[n] != 1 {
			t.Errorf("%s, level %s, stands in %d rows", n, niveau, vues[n])
		}
	}
}

// numerosDe are the requirements that a row begins with: "V1.2.3", "V1.2.3 et
// V1.2.4", or "V1.2.3 à V1.2.6".
func numerosDe(exigence string) (ns []string) {
	ns = numeroASVS.FindAllString(exigence, -1)
	if len(ns) != 2 || !strings.HasPrefix(exigence, ns[0]+" à "+ns[1]) {
		return ns
	}
	section, dernier := ns[0][:strings.LastIndex(ns[0], ".")+1], ns[1]
	for i := 1; len(ns) < 100; i++ {
		if n := section + strconv.Itoa(i); i == 1 {
			ns = []string{n}
		} else if ns = append(ns, n); n == dernier {
			break
		}
	}
	return ns
}
