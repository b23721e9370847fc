package web

import "testing"

// A line of a page never begins with « ; » or « : », on a phone either; what
// acts and addresses say is left alone.
func TestPunctuationStaysWithItsWord(t *testing.T) {
	t.Parallel()
	for texte, want := range map[string]string{
		"Lu : rien ; vraiment ?":                       "Lu\u00a0: rien\u00a0; vraiment\u00a0?",
		"ou « demandes » pour 30 %.":                   "ou «\u00a0demandes\u00a0» pour 30\u00a0%.",
		"séparés par « ; »</label>":                    "séparés par «\u00a0;\u00a0»</label>",
		"<b>Lu</b> : {{if eq .X \" : \"}}a : b{{end}}": "<b>Lu</b>\u00a0: {{if eq .X \" : \"}}a\u00a0: b{{end}}",
		"<a title=\"a : b\">x :y</a>":                  "<a title=\"a : b\">x :y</a>",
	} {
		if got := horsBalises.ReplaceAllStringFunc(texte, lierPonctuation); got != want {
			t.Errorf("%q: %q, want %q", texte, got, want)
		}
	}
}
