package lettre

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// cp1252 writes s as the core fonts of PDF know it: Windows-1252. French,
// the euro sign and the usual typography pass; another letter loses its
// accent, and what then remains unknown becomes a question mark. Control and
// format characters, which could change what a reader sees, disappear.
func cp1252(s string) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(s) {
		switch {
		case r == '\n':
			b.WriteByte('\n')
		case unicode.Is(unicode.Zs, r) && r != ' ':
			b.WriteByte(0xa0) // no-break spaces of every width
		case r == '\t':
			b.WriteByte(' ')
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
		default:
			b.WriteString(lettre1252(r))
		}
	}
	return b.String()
}

func lettre1252(r rune) string {
	if c, ok := charmap.Windows1252.EncodeRune(r); ok {
		return string([]byte{c})
	}
	switch r {
	case '−', '‑', '‐':
		return string([]byte{0x96})
	case 'ł':
		return "l"
	case 'Ł':
		return "L"
	case '≤':
		return "<="
	case '≥':
		return ">="
	}
	// The letter without its accent comes first.
	base, _ := utf8.DecodeRuneInString(norm.NFKD.String(string(r)))
	if c, ok := charmap.Windows1252.EncodeRune(base); ok && base != r {
		return string([]byte{c})
	}
	return "?"
}
