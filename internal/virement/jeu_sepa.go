package virement

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Translitterer writes s in the SEPA Latin set, as at most max characters: a
// letter loses its accent, a ligature becomes two letters, & becomes +, any
// other sign a full stop; blanks and control characters become one space.
// What is already in the set stays as it is.
func Translitterer(s string, max int) string {
	var b strings.Builder
	espace := false
	for _, r := range norm.NFKD.String(borner(s)) {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			espace = b.Len() > 0
			continue
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
			continue
		}
		if espace {
			b.WriteByte(' ')
			espace = false
		}
		if t, ok := signes[r]; ok {
			b.WriteString(t)
		} else if horsJeu(r) {
			b.WriteByte('.')
		} else {
			b.WriteRune(r)
		}
	}
	t := b.String() // ASCII: bytes are characters
	if len(t) > max {
		t = strings.TrimRight(t[:max], " ")
	}
	return t
}

// borner keeps hostile lengths away from the normalisation: one character of
// the result comes from at most a few of the source.
func borner(s string) string {
	const assez = 4096
	if len(s) > assez {
		s = strings.ToValidUTF8(s[:assez], "")
	}
	return s
}

// horsJeu tells what is not in the SEPA Latin set (EPC217).
func horsJeu(r rune) bool { return !lettreOuChiffre(r) && !strings.ContainsRune("/-?:().,'+ ", r) }

// signes are the letters that have no accent to lose, and the signs that have
// a better stand-in than a full stop.
var signes = map[rune]string{
	'œ': "oe", 'Œ': "OE", 'æ': "ae", 'Æ': "AE", 'ß': "ss", 'ẞ': "SS", 'ø': "o", 'Ø': "O", 'ł': "l", 'Ł': "L",
	'đ': "d", 'Đ': "D", 'ð': "d", 'Ð': "D", 'þ': "th", 'Þ': "TH", 'ħ': "h", 'Ħ': "H", 'ı': "i", 'ŋ': "n", 'Ŋ': "N",
	'&': "+", '’': "'", '‘': "'", 'ʼ': "'", '`': "'", '´': "'", '«': "'", '»': "'", '“': "'", '”': "'", '"': "'",
	'–': "-", '—': "-", '‐': "-", '‑': "-", '−': "-", '_': "-", '€': "E", '\\': "/", '[': "(", ']': ")", '{': "(", '}': ")",
	'⁄': "/", ';': ",", '!': ".", '°': "o",
}
