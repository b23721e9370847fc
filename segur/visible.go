package segur

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Visible makes a stranger's text safe to show on one line, on a terminal as
// on a page: line ends and tabs become spaces; control, format, bidirectional
// and invalid characters are spelt out. Beyond max characters it is cut, with
// an ellipsis; 0 = never.
func Visible(s string, max int) string {
	if (max <= 0 || len(s) <= max) && visibleTelQuel(s) {
		return s
	}
	var b strings.Builder
	for n := 0; s != ""; n++ {
		if n == max && max > 0 {
			b.WriteString("…")
			break
		}
		r, taille := utf8.DecodeRuneInString(s)
		b.WriteString(SigneVisible(r, s[:taille]))
		s = s[taille:]
	}
	return b.String()
}

// SigneVisible is [Visible] of one character; brut are its bytes.
func SigneVisible(r rune, brut string) string {
	switch {
	case r == utf8.RuneError && len(brut) <= 1:
		return fmt.Sprintf(`\x%02x`, brut)
	case r == '\n' || r == '\r' || r == '\t':
		return " "
	case Invisible(r):
		return fmt.Sprintf(`\u%04x`, r)
	}
	return brut
}

// Invisible tells a character that acts on a display instead of showing:
// those of D19.
func Invisible(r rune) bool {
	return r < 0x20 || r >= 0x7f && r < 0xa0 || unicode.Is(unicode.Cf, r) || r == 0x2028 || r == 0x2029
}

// simpleEnJSON tells a text that JSON writes as it is.
func simpleEnJSON(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

func visibleTelQuel(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// AppendTexteJSON writes s as a JSON string behind dst. A byte that is no
// UTF-8, as in the name of a file, becomes U+FFFD.
func AppendTexteJSON(dst []byte, s string) []byte {
	if simpleEnJSON(s) { // nearly every value of a list: twenty times faster
		return append(append(append(dst, '"'), s...), '"')
	}
	// Invalid UTF-8 is the only error, and the text is written all the same.
	dst, _ = jsontext.AppendQuote(dst, s)
	return dst
}

// AppendTextesJSON writes a list of texts behind dst.
func AppendTextesJSON(dst []byte, ts []string) []byte {
	dst = append(dst, '[')
	for i, t := range ts {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = AppendTexteJSON(dst, t)
	}
	return append(dst, ']')
}
