package segur

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// jeton is the kind of a JSON value; zero means that there is none.
type jeton uint8

const (
	jetonChaine jeton = iota + 1
	jetonNombre
	jetonVrai
	jetonFaux
	jetonNul
	jetonObjet
	jetonTableau
)

// valeur is a view of one value: where it stands in the bytes received, its
// quotes or brackets included. The zero valeur is an absent one. It is packed
// into one word, as thousands are kept: offsets of 24 bits hold TailleMax.
type valeur uint64

const (
	valeurEchappe = valeur(1) << 56 // a string with a backslash in it
	valeurLarge   = valeur(1) << 57 // a string with a byte above 0x7f
)

func vue(deb, fin int, j jeton) valeur { return valeur(deb) | valeur(fin)<<24 | valeur(j)<<48 }

func (v valeur) deb() uint32   { return uint32(v & 0xffffff) }
func (v valeur) fin() uint32   { return uint32(v >> 24 & 0xffffff) }
func (v valeur) jeton() jeton  { return jeton(v >> 48 & 0xff) }
func (v valeur) echappe() bool { return v&valeurEchappe != 0 }
func (v valeur) large() bool   { return v&valeurLarge != 0 }

// echec is where reading stopped: control 1 has no more to say after it.
type echec struct {
	code uint16
	pos  int
	mot  string // what was expected there, in French
}

const (
	octets01 = 0x0101010101010101
	octets80 = 0x8080808080808080
	espaces8 = 0x2020202020202020
)

// blancs skips JSON white space from p on.
func blancs(d []byte, p int) int {
	if p < len(d) && d[p] > ' ' {
		return p
	}
	return blancsLongs(d, p)
}

// blancsLongs is blancs where there is some: the usual run is a line end and
// its indentation.
func blancsLongs(d []byte, p int) int {
	for p+8 <= len(d) {
		w := binary.LittleEndian.Uint64(d[p:])
		if w == espaces8 {
			p += 8
			continue
		}
		// The lowest byte that is no space.
		x := w ^ espaces8
		p += bits.TrailingZeros64(x) >> 3
		if c := d[p]; c != '\n' && c != '\r' && c != '\t' {
			return p
		}
		p++
	}
	for p < len(d) && (d[p] == ' ' || d[p] == '\n' || d[p] == '\r' || d[p] == '\t') {
		p++
	}
	return p
}

// remarquables marks the bytes of w that end or qualify a string: a quote, a
// backslash, a control character. The lowest mark is exact, those above it may
// be carried over.
func remarquables(w uint64) uint64 {
	guil := w ^ (octets01 * '"')
	barre := w ^ (octets01 * '\\')
	return ((guil-octets01)&^guil | (barre-octets01)&^barre | (w-octets01*0x20)&^w) & octets80
}

// chaineSimple reads the string at p when it is one without escapes: its view,
// or 0 when there is anything else to say.
func chaineSimple(d []byte, p int) valeur {
	if p >= len(d) || d[p] != '"' {
		return 0
	}
	hauts := uint64(0)
	for i := p + 1; i+8 <= len(d); i += 8 {
		w := binary.LittleEndian.Uint64(d[i:])
		m := remarquables(w)
		if m == 0 {
			hauts |= w
			continue
		}
		hauts |= w & (m&-m - 1)
		if i += bits.TrailingZeros64(m) >> 3; d[i] != '"' {
			return 0
		}
		v := vue(p, i+1, jetonChaine)
		if hauts&octets80 != 0 {
			v |= valeurLarge
		}
		return v
	}
	return 0
}

// chaine reads the string whose opening quote is at p. It returns the offset
// past its closing quote, or ok false with the failure noted.
func (s *passe) chaine(p int) (v valeur, ok bool) {
	d := s.d
	v = vue(p, 0, jetonChaine)
	i := p + 1
	for {
		for i+8 <= len(d) {
			w := binary.LittleEndian.Uint64(d[i:])
			if m := remarquables(w) | w&octets80; m != 0 {
				i += bits.TrailingZeros64(m) >> 3
				break
			}
			i += 8
		}
		if i >= len(d) {
			return v, s.echouer(codeSyntaxe, p, "un guillemet fermant")
		}
		switch c := d[i]; {
		case c == '"':
			return v | valeur(i+1)<<24, true
		case c == '\\':
			v |= valeurEchappe
			if i = s.echappement(p, i); i < 0 {
				return v, false
			}
		case c == '\n' || c == '\r':
			return v, s.echouer(codeSyntaxe, i, "un guillemet fermant avant la fin de la ligne (dans un texte, un retour à la ligne s’écrit \\n)")
		case c < 0x20:
			return v, s.echouer(codeSyntaxe, i, "un caractère imprimable ; une tabulation s’écrit \\t dans un texte")
		case c >= utf8.RuneSelf:
			v |= valeurLarge
			i++
		default:
			i++
		}
	}
}

// echappement reads the escape whose backslash is at i, in the string that
// begins at deb, and returns the offset past it, or -1 with the failure noted (D16: a lone surrogate is no text).
func (s *passe) echappement(deb, i int) int {
	d := s.d
	if i+1 >= len(d) {
		s.echouer(codeSyntaxe, i, "un caractère après la barre oblique inverse")
		return -1
	}
	switch d[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2
	case 'u':
		r, ok := hexa4(d, i+2)
		if !ok {
			s.echouer(codeSyntaxe, i, "quatre chiffres hexadécimaux après \\u")
			return -1
		}
		switch {
		case r >= 0xDC00 && r <= 0xDFFF:
			s.noterIsole(deb, i)
		case r >= 0xD800 && r <= 0xDBFF:
			if i+7 < len(d) && d[i+6] == '\\' && d[i+7] == 'u' {
				if bas, ok := hexa4(d, i+8); ok && bas >= 0xDC00 && bas <= 0xDFFF {
					return i + 12
				}
			}
			s.noterIsole(deb, i)
		}
		return i + 6
	}
	s.echouer(codeSyntaxe, i, "un échappement JSON (\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX)")
	return -1
}

func hexa4(d []byte, p int) (r rune, ok bool) {
	if p+4 > len(d) {
		return 0, false
	}
	for _, c := range d[p : p+4] {
		r <<= 4
		switch {
		case c >= '0' && c <= '9':
			r |= rune(c - '0')
		case c >= 'a' && c <= 'f':
			r |= rune(c-'a') + 10
		case c >= 'A' && c <= 'F':
			r |= rune(c-'A') + 10
		default:
			return 0, false
		}
	}
	return r, true
}

// nombre reads the number at p, by the grammar of RFC 8259.
func (s *passe) nombre(p int) (v valeur, ok bool) {
	d := s.d
	i := p
	if d[i] == '-' {
		i++
	}
	switch {
	case i < len(d) && d[i] == '0':
		i++
	case i < len(d) && d[i] >= '1' && d[i] <= '9':
		i = chiffres(d, i)
	default:
		return v, s.echouer(codeSyntaxe, p, "une valeur JSON")
	}
	if i < len(d) && d[i] == '.' {
		j := chiffres(d, i+1)
		if j == i+1 {
			return v, s.echouer(codeSyntaxe, p, "un chiffre après le point")
		}
		i = j
	}
	if i < len(d) && d[i]|0x20 == 'e' {
		i++
		if i < len(d) && (d[i] == '+' || d[i] == '-') {
			i++
		}
		j := chiffres(d, i)
		if j == i {
			return v, s.echouer(codeSyntaxe, p, "un chiffre après l’exposant")
		}
		i = j
	}
	// A digit, a letter or a comma glued to the number (007, 708,33 is caught
	// by the caller as a missing key) reads better here than one token later.
	if i < len(d) && (d[i] >= '0' && d[i] <= '9' || d[i]|0x20 >= 'a' && d[i]|0x20 <= 'z' || d[i] == '.') {
		return v, s.echouer(codeSyntaxe, p, "un nombre JSON : sans zéro devant, sans espace ni lettre")
	}
	return vue(p, i, jetonNombre), true
}

func chiffres(d []byte, i int) int {
	for i < len(d) && d[i] >= '0' && d[i] <= '9' {
		i++
	}
	return i
}

// scalaire reads the value at p when it is neither an object nor an array.
func (s *passe) scalaire(p int) (v valeur, ok bool) {
	d := s.d
	if p >= len(d) {
		return v, s.echouer(codeSyntaxe, p, "une valeur ; le fichier s’arrête ici")
	}
	switch c := d[p]; {
	case c == '"':
		return s.chaine(p)
	case c == '-' || c >= '0' && c <= '9':
		return s.nombre(p)
	case c == 'n' && p+4 <= len(d) && string(d[p:p+4]) == "null":
		return s.motEntier(p, 4, jetonNul)
	case c == 't' && p+4 <= len(d) && string(d[p:p+4]) == "true":
		return s.motEntier(p, 4, jetonVrai)
	case c == 'f' && p+5 <= len(d) && string(d[p:p+5]) == "false":
		return s.motEntier(p, 5, jetonFaux)
	}
	return v, s.echouer(codeSyntaxe, p, indice(d, p, "une valeur JSON : un texte entre guillemets, un nombre, true, false ou null"))
}

func (s *passe) motEntier(p, n int, j jeton) (valeur, bool) {
	if i := p + n; i < len(s.d) && (s.d[i]|0x20 >= 'a' && s.d[i]|0x20 <= 'z' || s.d[i] >= '0' && s.d[i] <= '9') {
		return 0, s.echouer(codeSyntaxe, p, "une valeur JSON : un texte entre guillemets, un nombre, true, false ou null")
	}
	return vue(p, p+n, j), true
}

// debutMax is how much of a text is looked at to tell people about it, in
// bytes as the file spells them: recuMax characters take at most 12 each.
const debutMax = 12 * (recuMax + 1)

// decoderDebut is the text of a JSON string, or its beginning when it is longer
// than any that a sentence quotes.
func decoderDebut(brut []byte) []byte {
	fin := 1
	for fin < len(brut)-1 && fin < debutMax {
		switch {
		case brut[fin] != '\\':
			fin++
		case brut[fin+1] == 'u':
			fin += 6
		default:
			fin += 2
		}
	}
	return decoder(nil, brut[:fin+1]) // its last byte stands for the quote
}

// decoder writes the text of a JSON string, quotes and escapes undone, behind
// dst. The string was read by [passe.chaine]; a lone surrogate, already noted
// as a fault, becomes U+FFFD.
func decoder(dst, brut []byte) []byte {
	brut = brut[1 : len(brut)-1]
	for i := 0; i < len(brut); {
		if brut[i] != '\\' {
			dst = append(dst, brut[i])
			i++
			continue
		}
		c := brut[i+1]
		i += 2
		switch c {
		case 'b':
			c = '\b'
		case 'f':
			c = '\f'
		case 'n':
			c = '\n'
		case 'r':
			c = '\r'
		case 't':
			c = '\t'
		case 'u':
			r, _ := hexa4(brut, i)
			i += 4
			if r >= 0xD800 && r <= 0xDBFF && i+6 <= len(brut) && brut[i] == '\\' && brut[i+1] == 'u' {
				if bas, ok := hexa4(brut, i+2); ok && bas >= 0xDC00 && bas <= 0xDFFF {
					r = (r-0xD800)<<10 + (bas - 0xDC00) + 0x10000
					i += 6
				}
			}
			dst = utf8.AppendRune(dst, r)
			continue
		}
		dst = append(dst, c)
	}
	return dst
}
