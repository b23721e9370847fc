package segur

import (
	"bytes"
	"slices"
	"strconv"
)

// A foreign value is one whose inside the format does not know: below an
// unknown key, or an object or array where a leaf belongs (D17). Its syntax,
// its depth (D16) and the uniqueness of its keys (D27) are controlled all the
// same, without building anything and without recursion.

// cadre is one open bracket of a foreign value.
type cadre struct {
	garde int    // how many keys the objects around it hold in passe.inconnues
	rang  int    // element being read, of an array
	cle   valeur // key being read, of an object
}

// sauter reads the value at p, which stands at the given nesting level, and
// returns its outline and the offset past it.
func (s *passe) sauter(p, niveau int) (v valeur, fin int, ok bool) {
	v, ok = s.debutValeur(p)
	if !ok || v.jeton() < jetonObjet {
		return v, int(v.fin()), ok
	}
	base := niveau
	s.cleEtrangere = s.cleCourante
	defer func() { s.cleEtrangere = 0 }()
	s.pile = s.pile[:0]
	profond := 0 // open brackets
	tropProfond := false
	q := p
	for {
		// q is at an opening bracket.
		tableau := s.d[q] == '['
		profond++
		niv := base + profond - 1
		s.empiler(profond, tableau)
		if niv <= ProfondeurMax {
			s.cadres[niv] = cadre{garde: len(s.inconnues), rang: -1}
		} else if !tropProfond {
			tropProfond = true
			f := s.ici(codeProfond)
			f.deb, f.fin, f.mot = uint32(q), uint32(q+1), s.chemin(base, ProfondeurMax+1)
			s.noter(f)
		}
		q++
		premier := true
		for {
			tableau = s.dessus(profond)
			niv = base + profond - 1
			var fini bool
			if q, fini, ok = s.membreEtranger(q, premier, tableau, niv); !ok {
				return v, q, false
			}
			if fini {
				if niv <= ProfondeurMax && !tableau {
					s.doublonsInconnus(s.cadres[niv].garde, base, niv)
				}
				if profond--; profond == 0 {
					return v | valeur(q)<<24, q, true
				}
				premier = false
				continue
			}
			w, ok := s.debutValeur(q)
			if !ok {
				return v, q, false
			}
			if w.jeton() >= jetonObjet {
				break
			}
			q, premier = int(w.fin()), false
		}
	}
}

// debutValeur reads the scalar at p, or says which bracket opens there.
func (s *passe) debutValeur(p int) (valeur, bool) {
	if p < len(s.d) {
		switch s.d[p] {
		case '{':
			return vue(p, 0, jetonObjet), true
		case '[':
			return vue(p, 0, jetonTableau), true
		}
	}
	return s.scalaire(p)
}

// membreEtranger reads up to the next value of an open foreign bracket, noting
// the key in its frame.
func (s *passe) membreEtranger(p int, premier, tableau bool, niv int) (q int, fini, ok bool) {
	if tableau {
		q, fini, ok = s.elementSuivant(p, premier)
		if niv <= ProfondeurMax {
			s.cadres[niv].rang++
		}
		return q, fini, ok
	}
	k, q, fini, ok := s.cleSuivante(p, premier)
	if ok && !fini && niv <= ProfondeurMax {
		s.cadres[niv].cle = k
		s.inconnues = append(s.inconnues, k.deb())
	}
	return q, fini, ok
}

func (s *passe) empiler(profond int, tableau bool) {
	i, bit := (profond-1)/64, uint64(1)<<((profond-1)%64)
	if i == len(s.pile) {
		s.pile = append(s.pile, 0)
	}
	s.pile[i] &^= bit
	if tableau {
		s.pile[i] |= bit
	}
}

// dessus says whether the innermost open bracket is an array's.
func (s *passe) dessus(profond int) bool {
	return s.pile[(profond-1)/64]&(1<<((profond-1)%64)) != 0
}

// cheminMax bounds what is kept of a path inside a foreign value.
const cheminMax = 256

// chemin is the JSON pointer, from the object that holds a foreign value which
// begins at level base, of what stands at level niv. A path longer than
// cheminMax is given up: the fault then points at the whole value, its line
// and column stay exact.
func (s *passe) chemin(base, niv int) string {
	var b []byte
	if k := s.cleEtrangere; k.jeton() == jetonChaine {
		if k.fin()-k.deb() > cheminMax {
			return ""
		}
		b = s.jetonPointeur(b, k)
	}
	entier := len(b)
	for n := base; n < niv; n++ {
		c := &s.cadres[n]
		switch {
		case c.cle.jeton() != jetonChaine:
			b = strconv.AppendInt(append(b, '/'), int64(c.rang), 10)
		case c.cle.fin()-c.cle.deb() > cheminMax:
			return string(b[:entier])
		default:
			b = s.jetonPointeur(b, c.cle)
		}
		if len(b) > cheminMax {
			return string(b[:entier])
		}
	}
	return string(b)
}

func (s *passe) jetonPointeur(b []byte, k valeur) []byte {
	return appendEchappePointeur(append(b, '/'), decoder(nil, s.d[k.deb():k.fin()]))
}

// appendEchappePointeur writes one token of a JSON pointer (RFC 6901).
func appendEchappePointeur(dst, cle []byte) []byte {
	for _, c := range cle {
		switch c {
		case '~':
			dst = append(dst, "~0"...)
		case '/':
			dst = append(dst, "~1"...)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// doublonsInconnus notes the keys that stand twice among the unknown ones of
// the object just closed, at level niv of a foreign value that begins at level
// base; they begin at garde in passe.inconnues. Sorting keeps it from being
// quadratic on a hostile file, and so does asking for the path only once. In an
// object of the format both levels are 0: there is no path to tell.
func (s *passe) doublonsInconnus(garde, base, niv int) {
	cles := s.inconnues[garde:]
	s.inconnues = s.inconnues[:garde]
	if len(cles) < 2 {
		return
	}
	slices.SortFunc(cles, func(a, b uint32) int {
		if c := s.comparerCles(a, b); c != 0 {
			return c
		}
		return int(a) - int(b)
	})
	chemin, connu := "", false
	for i := 1; i < len(cles); i++ {
		if s.comparerCles(cles[i-1], cles[i]) != 0 {
			continue
		}
		if !connu {
			chemin, connu = s.chemin(base, niv), true
		}
		f := s.ici(codeDoublon)
		k := s.cleEn(cles[i])
		f.deb, f.fin, f.cleDeb, f.cleFin = k.deb(), k.fin(), k.deb(), k.fin()
		f.mot = chemin
		s.noter(f)
	}
}

// cleEn reads again the key that begins at off: it was read before, so it is
// well formed.
func (s *passe) cleEn(off uint32) valeur {
	fin := int(off) + 1
	for ; s.d[fin] != '"'; fin++ {
		if s.d[fin] == '\\' {
			fin++
		}
	}
	return vue(int(off), fin+1, jetonChaine)
}

func (s *passe) comparerCles(a, b uint32) int {
	ka, kb := s.cleEn(a), s.cleEn(b)
	ta, tb := s.d[ka.deb()+1:ka.fin()-1], s.d[kb.deb()+1:kb.fin()-1]
	if bytes.IndexByte(ta, '\\') < 0 && bytes.IndexByte(tb, '\\') < 0 {
		return bytes.Compare(ta, tb)
	}
	s.texte = decoder(s.texte[:0], s.d[ka.deb():ka.fin()])
	s.texteBis = decoder(s.texteBis[:0], s.d[kb.deb():kb.fin()])
	return bytes.Compare(s.texte, s.texteBis)
}
