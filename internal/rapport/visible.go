package rapport

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// visible makes a text safe to show on one line: blanks become spaces, and
// control, format, bidirectional and invalid characters are spelt out. Beyond
// max characters it is cut, with an ellipsis; 0 = never.
func visible(s string, max int) string {
	if sage(s) && (max <= 0 || len(s) <= max) {
		return s
	}
	var b strings.Builder
	n := 0
	for i := 0; i < len(s); {
		r, taille := utf8.DecodeRuneInString(s[i:])
		if n == max && max > 0 {
			b.WriteString("…")
			break
		}
		b.WriteString(signe(r, s[i:i+taille]))
		i += taille
		n++
	}
	return b.String()
}

// sage tells whether a text is printable ASCII.
func sage(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// signe is one character made safe to show; brut are its bytes.
func signe(r rune, brut string) string {
	switch {
	case r >= 0x20 && r < 0x7f:
		return brut
	case r == utf8.RuneError && len(brut) <= 1:
		return fmt.Sprintf(`\x%02x`, brut)
	case r == '\n' || r == '\r' || r == '\t':
		return " "
	case invisible(r):
		return fmt.Sprintf(`\u%04x`, r)
	}
	return brut
}

// invisible tells whether a character acts on a display instead of showing.
func invisible(r rune) bool {
	return r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || unicode.Is(unicode.Cf, r)
}

// largeurRune is how many cells a character takes on a terminal.
func largeurRune(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// largeur is how many cells a text takes on a terminal.
func largeur(s string) int {
	n := 0
	for _, r := range s {
		n += largeurRune(r)
	}
	return n
}

// replier cuts a text into lines of at most large cells, at its plain spaces;
// a word that is longer is cut where it must.
func replier(s string, large int) []string {
	large = max(large, 20)
	var lignes []string
	ligne, n := "", 0
	for mot := range strings.SplitSeq(s, " ") {
		l := largeur(mot)
		if n > 0 && n+1+l > large {
			lignes = append(lignes, ligne)
			ligne, n = "", 0
		}
		for l > large {
			tete := debut(mot, large)
			lignes = append(lignes, tete)
			mot = mot[len(tete):]
			l = largeur(mot)
		}
		if n > 0 {
			ligne, n = ligne+" ", n+1
		}
		ligne, n = ligne+mot, n+l
	}
	return append(lignes, ligne)
}

// debut is the longest beginning of s that takes at most n cells.
func debut(s string, n int) string {
	for i, r := range s {
		if n -= largeurRune(r); n < 0 {
			return s[:i]
		}
	}
	return s
}

// nombre writes a number the French way, thousands apart.
func nombre(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

// compte is a number and its noun; zero is singular in French.
func compte(n int, un, plusieurs string) string {
	if n < 2 {
		return nombre(n) + " " + un
	}
	return nombre(n) + " " + plusieurs
}
