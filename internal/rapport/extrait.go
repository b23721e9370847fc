package rapport

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"guichet.example/segur"
)

// extrait is a piece of one source line, safe to show, with the place at fault.
type extrait struct{ avant, marque, apres string }

// extraire shows the line of a constat, shortened around it to large cells.
// False when there is nothing to show. However long the line, the work is
// bounded by large.
func extraire(octets []byte, k *constat, large int) (extrait, bool) {
	if !k.situe(octets) {
		return extrait{}, false
	}
	// A cell takes 4 bytes at most, but for combining characters, which are
	// cut when they pile up.
	portee := 4 * large
	d, f := k.Deb, k.Fin
	debutLigne, coupeAvant := max(0, d-portee), true
	if i := bytes.LastIndexByte(octets[debutLigne:d], '\n'); i >= 0 {
		debutLigne, coupeAvant = debutLigne+i+1, false
	} else if debutLigne == 0 {
		coupeAvant = false
	}
	finLigne, coupeApres := min(len(octets), d+portee), true
	if i := bytes.IndexByte(octets[d:finLigne], '\n'); i >= 0 {
		finLigne, coupeApres = d+i, false
	} else if finLigne == len(octets) {
		coupeApres = false
	}
	f = min(f, finLigne)
	avant := cellules(bytes.TrimLeft(octets[min(auDebut(octets, debutLigne), d):d], " \t\r"), true)
	apres := cellules(bytes.TrimRight(octets[f:max(auDebut(octets, finLigne), f)], " \t\r"), false)
	e := ajuster(avant, cellules(octets[d:f], false), apres, large, coupeAvant, coupeApres)
	return e, e != extrait{}
}

// auDebut moves forward to the start of a character.
func auDebut(octets []byte, i int) int {
	for n := 0; n < utf8.UTFMax && i < len(octets) && !utf8.RuneStart(octets[i]); n++ {
		i++
	}
	return i
}

// cellule is one character made visible, and its width.
type cellule struct {
	s     string
	large int
}

// cellules makes bytes visible, character by character. Tabs reach the next
// stop of 4 when the text starts at the margin, else they are one space.
func cellules(b []byte, marge bool) []cellule {
	var cs []cellule
	colonne := 0
	for len(b) > 0 {
		r, taille := utf8.DecodeRune(b)
		c := cellule{s: segur.SigneVisible(r, string(b[:taille]))}
		if r == '\t' && marge {
			c.s = "    "[:4-colonne%4]
		}
		c.large = Largeur(c.s)
		colonne += c.large
		cs = append(cs, c)
		b = b[taille:]
	}
	return cs
}

// voisinage is what is kept at least on either side of a long value.
const voisinage = 16

// ajuster keeps at most large cells: the value first, then what stands on both
// sides, with an ellipsis wherever something was left out.
func ajuster(avant, marque, apres []cellule, large int, coupeAvant, coupeApres bool) extrait {
	marque, coupeMarque := garder(marque, max(large-2*voisinage, 8))
	if coupeMarque {
		apres, coupeApres = nil, true
	}
	reste := large - somme(marque) - 2
	gauche, droite := somme(avant), somme(apres)
	if gauche+droite > reste {
		gauche = min(gauche, max(reste/2, reste-droite))
		droite = min(droite, reste-gauche)
	}
	slices.Reverse(avant)
	avant, coupe := garder(avant, gauche)
	slices.Reverse(avant)
	coupeAvant = coupeAvant || coupe
	apres, coupe = garder(apres, droite)
	coupeApres = coupeApres || coupe
	e := extrait{joindre(avant), joindre(marque), joindre(apres)}
	if e == (extrait{}) {
		return e
	}
	if coupeAvant {
		e.avant = "…" + e.avant
	}
	if coupeApres {
		e.apres += "…"
	}
	return e
}

// garder keeps the first cells, n of them, and no more characters than twice
// that; it tells whether some are left out.
func garder(cs []cellule, n int) ([]cellule, bool) {
	total := 0
	for i, c := range cs {
		if total += c.large; total > n || i >= 2*n+8 {
			return cs[:i], true
		}
	}
	return cs, false
}

func somme(cs []cellule) int {
	n := 0
	for _, c := range cs {
		n += c.large
	}
	return n
}

func joindre(cs []cellule) string {
	var b []byte
	for _, c := range cs {
		b = append(b, c.s...)
	}
	return string(b)
}
