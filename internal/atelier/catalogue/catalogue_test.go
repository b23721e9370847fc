package catalogue

import (
	"strings"
	"testing"

	"guichet.example/segur"
)

// Codes ascend, stand in the workshop's families, and each says what to do.
func TestCodesRangesEtExpliques(t *testing.T) {
	avant := segur.Code(0)
	for _, e := range Entrees() {
		famille := map[bool]bool{true: e.Code >= 9800 && e.Code < 9900, false: e.Code >= 4000 && e.Code < 4200}[e.Gravite == segur.Avertissement]
		if e.Code <= avant || !famille || e.Titre == "" || e.Message == "" || e.Remede == "" || e.Gravite == segur.Erreur && e.Attendu == "" {
			t.Errorf("%+v", e)
		}
		if l := e.Lisible(); strings.ContainsAny(l.Message+l.Remede, "{}") {
			t.Errorf("%s: %s %s", e.Code, l.Message, l.Remede)
		}
		avant = e.Code
		if lu, ok := Entree(e.Code); !ok || lu != e {
			t.Errorf("Entree(%s) = %+v", e.Code, lu)
		}
	}
	if e, ok := Entree(2444); !ok || e.Code != 2444 {
		t.Errorf("a code of the pieces: %+v", e)
	}
	if _, ok := Entree(1); ok {
		t.Error("a code that nobody has")
	}
}
