package piece

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const visibleMax = 120

// visible shows a name that a stranger wrote: bytes that are no UTF-8, control,
// format and bidirectional characters are escaped; a long one is cut.
func visible(s string) string { return montrer(s, visibleMax) }

// montrer is visible with a limit in characters.
func montrer(s string, limite int) string {
	if len(s) <= limite && ordinaire(s) {
		return s
	}
	var b strings.Builder
	for n := 0; s != ""; n++ {
		if n == limite {
			b.WriteString("…")
			break
		}
		r, taille := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && taille == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case invisible(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
		s = s[taille:]
	}
	return b.String()
}

// ordinaire tells whether s is printable ASCII.
func ordinaire(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

func invisible(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
}
