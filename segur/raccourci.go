package segur

import "encoding/binary"

// Machine-written files repeat: what stands between two values (commas, blanks,
// keys, braces) is the same on every request. This file learns those
// separators on the requests that the careful path reads, then compares bytes.
// It decides nothing: on the first surprise the request is read again from its
// brace by the careful path, and when surprises keep coming it gives up.
//
// Why it is sound. The state is the leaf last read, which alone fixes the
// brackets that are open (each leaf has one place in the format). A separator
// is learned only from a request whose structure is right, between two
// consecutive leaves, so the same bytes in the same state mean the same
// structure. What a state does not know (a leaf seen twice, a block opened
// twice or never) is checked by masks on every request. FuzzRaccourci holds
// both paths to the same report.

const (
	etatDepart = 62 // before the first leaf of a request
	etatFin    = 63 // past its closing brace

	voiesMax  = 3 // separators known from one state
	etapesMax = 96
	// missesMax misses more than hits and the shortcut is given up: keys in a
	// new order on every line cost one wasted start each until then.
	missesMax = 8
)

// etape is one separator: the bytes between two consecutive leaves.
type etape struct {
	deb, fin  uint32 // where it stood when it was learned
	decBloc   uint32 // offset in it of the block's bracket
	decPiece  uint32 // offset in it of the piece's brace
	de, vers  uint8
	bloc      uint8 // block that it opens, 0 = none
	piece     bool  // it opens a piece
	plusieurs bool  // it opens several of either: not learned
}

type raccourci struct {
	coupe  bool // given up, or switched off by a test
	appris bool // at least one request is known
	ratees int

	voies [64][voiesMax]etape
	nb    [64]uint8

	// The request being learned.
	note    [etapesMax]etape
	nbNotes int
	perdu   bool // this request teaches nothing
	etat    uint8
	pos     int // where the separator being read begins
	cours   etape
}

// vider forgets what the last file taught.
func (r *raccourci) vider() {
	r.coupe, r.appris, r.ratees, r.nb = false, false, 0, [64]uint8{}
}

// debut begins to learn a request whose opening brace ends at p.
func (r *raccourci) debut(p int) {
	r.nbNotes, r.perdu, r.etat, r.pos, r.cours = 0, r.coupe, etatDepart, p, etape{}
}

// abandonner: the request holds something that is no rule to learn from.
func (r *raccourci) abandonner() { r.perdu = true }

// bloc notes that block n opens at p.
func (r *raccourci) bloc(n uint8, p int) {
	r.cours.plusieurs = r.cours.plusieurs || r.cours.bloc != 0
	r.cours.bloc, r.cours.decBloc = n, uint32(p-r.pos)
}

// piece notes that a piece opens at p.
func (r *raccourci) piece(p int) {
	r.cours.plusieurs = r.cours.plusieurs || r.cours.piece
	r.cours.piece, r.cours.decPiece = true, uint32(p-r.pos)
}

// valeur notes the leaf just read, of a request that is worth learning from.
func (r *raccourci) valeur(slot uint8, v valeur) {
	r.noter(slot, v.deb())
	r.pos = int(v.fin())
	if v.jeton() >= jetonObjet {
		r.perdu = true
	}
}

func (r *raccourci) noter(vers uint8, fin uint32) {
	if r.cours.plusieurs || r.nbNotes == etapesMax {
		r.perdu = true
		return
	}
	e := r.cours
	e.deb, e.fin, e.de, e.vers = uint32(r.pos), fin, r.etat, vers
	r.note[r.nbNotes] = e
	r.nbNotes++
	r.etat, r.cours = vers, etape{}
}

// finLigne keeps what the request taught; p is past its closing brace.
func (r *raccourci) finLigne(s *passe, p int) {
	if r.perdu {
		return
	}
	if r.noter(etatFin, uint32(p)); r.perdu || s.r.erreursStructure > 0 || s.blocsVus != s.pl.tousBlocs {
		return
	}
	for i := range r.note[:r.nbNotes] {
		r.apprendre(s.d, &r.note[i])
	}
	r.appris = true
}

func (r *raccourci) apprendre(d []byte, e *etape) {
	n := r.nb[e.de]
	for i := range r.voies[e.de][:n] {
		if v := &r.voies[e.de][i]; v.vers == e.vers && string(d[v.deb:v.fin]) == string(d[e.deb:e.fin]) {
			return
		}
	}
	if n < voiesMax {
		r.voies[e.de][n] = *e
		r.nb[e.de]++
	}
}

// suivre finds the known separator that stands at p in the state etat.
func (r *raccourci) suivre(d []byte, etat uint8, p int) *etape {
	voies := &r.voies[etat]
	for i := range voies[:r.nb[etat]] {
		e := &voies[i]
		if n := int(e.fin - e.deb); p+n <= len(d) && string(d[p:p+n]) == string(d[e.deb:e.fin]) {
			return e
		}
	}
	return nil
}

// lire reads the n-th request, whose brace is at p, by known separators. It
// returns false, with nothing changed, when the careful path must read it.
func (r *raccourci) lire(s *passe, p, n int) (int, bool) {
	if r.coupe || !r.appris || n > DemandesMax {
		return p, false
	}
	structure, erreurs, tues, pieces := len(s.r.structure), s.r.erreursStructure, s.r.structureTue, len(s.r.pieces)
	s.commencerLigne(p, n)
	fin, ok := r.derouler(s, p+1)
	if ok && erreurs == s.r.erreursStructure {
		s.cour.fin = uint32(fin)
		r.ratees = max(r.ratees-1, 0)
		return fin, true
	}
	s.arrete, s.r.erreursStructure, s.r.structureTue = false, erreurs, tues
	s.r.structure, s.r.pieces = s.r.structure[:structure], s.r.pieces[:pieces]
	if r.ratees += 2; r.ratees > 2*missesMax {
		r.coupe = true
	}
	return p, false
}

// derouler follows separators and values to the end of the request. This loop
// is most of the cost of a control: its state lives in local variables, and
// the usual string, one without escapes, is read in place.
func (r *raccourci) derouler(s *passe, p int) (int, bool) {
	d, pl, vals := s.d, s.pl, s.vals
	masquePiece := uint64(1<<pl.nbPiece-1) << pl.premierPiece
	etat, dansPiece := uint8(etatDepart), false
	debutPiece := 0
	vus, blocs := uint64(0), uint32(0)
	for {
		e := r.suivre(d, etat, p)
		if e == nil {
			return p, false
		}
		if e.bloc != 0 {
			if blocs&(1<<e.bloc) != 0 {
				return p, false
			}
			blocs |= 1 << e.bloc
			s.cour.blocs[e.bloc] = uint32(p) + e.decBloc
		}
		if dansPiece && (e.piece || masquePiece>>e.vers&1 == 0) {
			s.rangerPiece(debutPiece)
			dansPiece = false
		}
		if e.piece {
			dansPiece, debutPiece = true, p+int(e.decPiece)
			vus &^= masquePiece
			clear(vals[pl.premierPiece : pl.premierPiece+pl.nbPiece])
		}
		p += int(e.fin - e.deb)
		etat = e.vers
		if etat == etatFin {
			s.blocsVus = blocs
			return p, blocs == pl.tousBlocs
		}
		if vus>>etat&1 != 0 || int(etat) >= len(vals) {
			return p, false
		}
		vus |= 1 << etat
		v := chaineSimple(d, p)
		if v == 0 && p+5 < len(d) {
			v = motSimple(d, p)
		}
		if v == 0 {
			var ok bool
			if v, ok = s.scalaire(p); !ok {
				return p, false
			}
		}
		vals[etat] = v
		p = int(v.fin())
	}
}

// motSimple reads null, true or false at p; 0 = something else. What follows
// it is the separator's business.
func motSimple(d []byte, p int) valeur {
	switch binary.LittleEndian.Uint32(d[p:]) {
	case 'n' | 'u'<<8 | 'l'<<16 | 'l'<<24:
		return vue(p, p+4, jetonNul)
	case 't' | 'r'<<8 | 'u'<<16 | 'e'<<24:
		return vue(p, p+4, jetonVrai)
	case 'f' | 'a'<<8 | 'l'<<16 | 's'<<24:
		if d[p+4] == 'e' {
			return vue(p, p+5, jetonFaux)
		}
	}
	return 0
}
