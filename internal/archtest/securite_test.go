package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	rangeeASVS = regexp.MustCompile(`^\| V\d+\.\d+\.\d+`)
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
