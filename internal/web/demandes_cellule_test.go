package web

import "testing"

// No cell of an export begins as a formula, whoever wrote it.
func TestNoCellIsAFormula(t *testing.T) {
	t.Parallel()
	for t0, want := range map[string]string{"=1+1": "'=1+1", "+33": "'+33", "-1": "'-1", "@x": "'@x", "\tx": "'\tx", "\rx": "'\rx", "＝1": "'＝1", "é": "é", "": "", "a=1": "a=1"} {
		if got := celluleCSV(t0); got != want {
			t.Errorf("%q: %q, want %q", t0, got, want)
		}
	}
}
