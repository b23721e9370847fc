package piece

import (
	"strings"
	"testing"
)

// A reader of PDFs that a document has taken over says what it likes: it is
// heard as pages, as a verdict, or as no answer at all.
func FuzzReponseDuLecteur(f *testing.F) {
	for _, s := range []string{ReponseOK + " 3", ReponseOK + " -1", ReponseOK, ReponseChiffre, ReponseIllisible, "", " ", ReponseOK + " 99999999999999999999", "\x00\x1b[2J"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		pages, err := LireReponsePDF(s)
		if pages < 0 || err != nil && pages != 0 || err == nil && !strings.HasPrefix(s, ReponseOK+" ") {
			t.Errorf("%q: %d pages, %v", s, pages, err)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\x1b\x00\n") {
			t.Errorf("%q goes into a message as it is", s)
		}
	})
}
