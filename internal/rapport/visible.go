package rapport

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

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

// Largeur is how many cells a text takes on a terminal.
func Largeur(s string) int {
	n := 0
	for _, r := range s {
		n += largeurRune(r)
	}
	return n
}

// Replier cuts a text into lines of at most large cells, at its plain spaces;
// a word that is longer is cut where it must.
func Replier(s string, large int) []string {
	large = max(large, 20)
	var lignes []string
	ligne, n := "", 0
	for mot := range strings.SplitSeq(s, " ") {
		l := Largeur(mot)
		if n > 0 && n+1+l > large {
			lignes = append(lignes, ligne)
			ligne, n = "", 0
		}
		for l > large {
			tete := debut(mot, large)
			lignes = append(lignes, tete)
			mot = mot[len(tete):]
			l = Largeur(mot)
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

// Nombre writes a number the French way, thousands apart.
func Nombre(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

// Compte is a number and its noun; zero is singular in French.
func Compte(n int, un, plusieurs string) string {
	if n < 2 {
		return Nombre(n) + " " + un
	}
	return Nombre(n) + " " + plusieurs
}
