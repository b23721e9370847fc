package segur

// ensemble is a set of non-zero 64-bit keys with the number first stored for
// each. It grows by doubling; the zero value is ready.
type ensemble struct {
	cles  []uint64
	rangs []uint16
	n     int
}

// ajouter stores cle with rang. When cle is there already it returns the
// first one's rang and true, and stores nothing.
func (e *ensemble) ajouter(cle uint64, rang uint16) (premier uint16, deja bool) {
	if e.n*2 >= len(e.cles) {
		e.agrandir()
	}
	i := e.place(cle)
	if e.cles[i] == cle {
		return e.rangs[i], true
	}
	e.cles[i], e.rangs[i] = cle, rang
	e.n++
	return rang, false
}

// vider takes everything out and keeps the memory.
func (e *ensemble) vider() {
	clear(e.cles)
	e.n = 0
}

func (e *ensemble) place(cle uint64) int {
	masque := uint64(len(e.cles) - 1)
	i := (cle * 0x9e3779b97f4a7c15) >> 32 & masque
	for e.cles[i] != 0 && e.cles[i] != cle {
		i = (i + 1) & masque
	}
	return int(i)
}

func (e *ensemble) agrandir() {
	avant := *e
	taille := max(512, 2*len(avant.cles))
	e.cles, e.rangs = make([]uint64, taille), make([]uint16, taille)
	for k, c := range avant.cles {
		if c != 0 {
			i := e.place(c)
			e.cles[i], e.rangs[i] = c, avant.rangs[k]
		}
	}
}
