package segur

import (
	"bytes"
	"unicode/utf8"
)

// curseur turns offsets into lines and columns. It remembers where it stands,
// so that a list of faults costs one walk over the file, and a good file none.
// Lines end with a line feed; columns count code points, the BOM not among
// them (D30).
type curseur struct {
	d       []byte
	off     int
	ligne   int // line feeds before off
	colonne int // code points between the start of the line and off
}

// a moves to off and returns its line and column, both from 1.
func (c *curseur) a(off int) (ligne, colonne int) {
	switch {
	case off >= c.off:
		c.avancer(off)
	case bytes.IndexByte(c.d[off:c.off], '\n') < 0:
		c.colonne -= c.points(off, c.off)
		c.off = off
	default:
		c.ligne -= bytes.Count(c.d[off:c.off], []byte{'\n'})
		debut := bytes.LastIndexByte(c.d[:off], '\n') + 1
		c.colonne, c.off = c.points(debut, off), off
	}
	return c.ligne + 1, c.colonne + 1
}

func (c *curseur) avancer(off int) {
	entre := c.d[c.off:off]
	if n := bytes.Count(entre, []byte{'\n'}); n > 0 {
		c.ligne += n
		debut := c.off + bytes.LastIndexByte(entre, '\n') + 1
		c.colonne = c.points(debut, off)
	} else {
		c.colonne += c.points(c.off, off)
	}
	c.off = off
}

// points counts the code points of d[deb:fin], a leading BOM left out.
func (c *curseur) points(deb, fin int) int {
	n := utf8.RuneCount(c.d[deb:fin])
	if deb == 0 && fin >= 3 && bytes.HasPrefix(c.d, []byte("\xef\xbb\xbf")) {
		n--
	}
	return n
}
