package atelier

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// plat is a text as headings and labels are compared: letters and digits only,
// without accents, in lower case. "N° FINESS (géo)" is "nfinessgeo".
func plat(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		if r = unicode.ToLower(r); unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// platTitre is [plat] of a heading without its small words, numbers and the
// like spelt one way: "N° de la carte CPS" is "numerocartecps".
func platTitre(s string) string {
	s = strings.NewReplacer("n°", "numero ", "N°", "numero ", "nº", "numero ", "Nº", "numero ", "e-mail", "email", "E-mail", "email", "E-Mail", "email").Replace(s)
	var b strings.Builder
	for m := range strings.FieldsFuncSeq(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		switch p := plat(m); p {
		case "de", "du", "des", "la", "le", "les", "l", "d":
		case "no", "num", "nr":
			b.WriteString("numero")
		default:
			b.WriteString(p)
		}
	}
	return b.String()
}
