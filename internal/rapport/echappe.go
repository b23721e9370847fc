package rapport

import "unicode/utf8"

// courant counts the plain ASCII characters that s begins with, which need no
// escape.
func courant(s string) int {
	for i := range len(s) {
		switch c := s[i]; {
		case c < 0x20, c >= 0x7f, c == '&', c == '<', c == '>', c == '"', c == '\'':
			return i
		}
	}
	return len(s)
}

// appendEchappe writes text for HTML and for XML 1.0, as content or between
// double quotes. Characters that XML forbids are left out; line ends and tabs
// become references, so that attributes keep them.
func appendEchappe(b []byte, s string) []byte {
	for i := 0; i < len(s); {
		if n := courant(s[i:]); n > 0 {
			b = append(b, s[i:i+n]...)
			i += n
			continue
		}
		r, taille := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '&':
			b = append(b, "&amp;"...)
		case r == '<':
			b = append(b, "&lt;"...)
		case r == '>':
			b = append(b, "&gt;"...)
		case r == '"':
			b = append(b, "&#34;"...)
		case r == '\'':
			b = append(b, "&#39;"...)
		case r == '\n':
			b = append(b, "&#10;"...)
		case r == '\t':
			b = append(b, "&#9;"...)
		case r == '\r':
			b = append(b, "&#13;"...)
		case r == utf8.RuneError && taille == 1:
			b = append(b, "\uFFFD"...)
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0xFFFE || r == 0xFFFF:
			// No document may hold these, not even as references.
		default:
			b = append(b, s[i:i+taille]...)
		}
		i += taille
	}
	return b
}
