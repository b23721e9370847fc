package segur

import (
	"bytes"
	"unicode/utf8"
)

// passe is the state of one control: a single pass over the bytes received,
// without a tree. Values are views (offsets); a fault is a number and the
// place where it stands; sentences are made later, for faults only.
type passe struct {
	d      []byte // the bytes received
	pl     *plan
	opt    Options
	jour   Jour
	r      *Rapport
	arrete bool // reading has failed: arret says where

	arret  echec
	entete [4]valeur // values of the root's leaves, by slot
	cleVue uint32    // keys of the root seen

	cour     ligne    // the request being read
	vals     []valeur // its leaves, by slot
	vus      uint64   // its leaves seen
	blocsVus uint32   // its blocks seen
	lieu     lieu
	// cleCourante is the key whose value is being read, zero for an element of
	// an array; cleEtrangere the one whose foreign value is being skipped.
	cleCourante, cleEtrangere valeur
	avant                     int32    // errors of the request before the text being judged
	numero                    [5]byte  // its numeroEditeur, when numeroOK
	numeroOK                  bool     // well formed and not seen before
	numeros                   ensemble // numeroEditeur met so far, folded
	noms                      []valeur // right names of the request's pieces
	inconnues                 []uint32 // offsets of the unknown keys of the objects being read
	pile                      []uint64 // one bit an open bracket while a foreign value is skipped
	cadres                    [ProfondeurMax + 1]cadre
	texte, texteBis           []byte // scratch for strings with escapes
	raccourci                 raccourci
	// sansNettes makes the full rules judge every value; tests compare.
	sansNettes bool
}

// lieu is where a fault belongs: the request (0 = the file or its header), the
// block inside it and the piece inside that (-1 = none).
type lieu struct {
	rang  uint16
	bloc  uint8
	piece int32
}

// ligne is one request as read: facts for the rules, the report, the returned
// file and the portal.
type ligne struct {
	deb, fin uint32    // its braces included
	blocs    [8]uint32 // offset of each block, 0 = absent
	piece0   int32     // its pieces in Rapport.pieces
	nbPieces int32
	enTrop   int32 // pieces past PiecesDetaillees
	faute0   int32 // its faults in Rapport.fautes
	nbFautes int32
	erreurs  int32
	premier  uint16
}

// pieceLue is one declared piece: its leaves by their order in the table.
type pieceLue struct {
	deb uint32
	v   [3]valeur
}

// PiecesDetaillees is how many pieces of one request are examined one by one.
// A request needs two at most; what stands beyond is one fault of its own.
const PiecesDetaillees = 200

// StructureDetaillee is how many faults of control 1 are listed one by one; a
// last one says how many more there are.
const StructureDetaillee = 10_000

func (s *passe) echouer(code uint16, pos int, mot string) bool {
	if !s.arrete {
		s.arrete, s.arret = true, echec{code, pos, mot}
	}
	return false
}

// noterIsole notes a lone surrogate escape (D16), once a string: the string
// begins at deb, the escape at pos.
func (s *passe) noterIsole(deb, pos int) {
	if n := len(s.r.structure); n > 0 && s.r.structure[n-1].code == codeSurrogat && s.r.structure[n-1].deb == uint32(deb) {
		return
	}
	f := s.ici(codeSurrogat)
	k := s.cleCourante
	if s.cleEtrangere != 0 {
		k = s.cleEtrangere
	}
	f.deb, f.fin, f.cleDeb, f.cleFin = uint32(deb), uint32(pos+6), k.deb(), k.fin()
	f.mot = string(s.d[pos : pos+6])
	s.noter(f)
}

// ici begins a fault at the place being read.
func (s *passe) ici(code uint16) faute {
	return faute{code: code, rang: s.lieu.rang, bloc: s.lieu.bloc, piece: s.lieu.piece, champ: -1}
}

// noter records a fault. Control 1 keeps at most StructureDetaillee of them,
// and counts the rest.
func (s *passe) noter(f faute) {
	switch {
	case f.code >= 2000 && f.rang > 0:
		s.r.fautes = append(s.r.fautes, f)
		return
	case f.code < 9000:
		s.r.erreursStructure++
	}
	if len(s.r.structure) >= StructureDetaillee {
		s.r.structureTue++ // conclure says how many
		return
	}
	s.r.structure = append(s.r.structure, f)
}

// lireFichier is control 1 and 2 of a whole file.
func (s *passe) lireFichier() {
	d := s.d
	p := 0
	if bytes.HasPrefix(d, []byte("\xef\xbb\xbf")) {
		p = 3
		s.noter(faute{code: codeBOM, champ: -1, piece: -1, fin: 3})
	}
	s.controlerOctets(p)
	if s.r.illisible {
		return
	}
	p = blancs(d, p)
	debut := p
	switch {
	case p >= len(d):
		s.noter(faute{code: codeVide, champ: -1, piece: -1, deb: uint32(p), fin: uint32(p)})
		return
	case d[p] != '{':
		if _, p, ok := s.sauter(p, 1); ok {
			s.noter(faute{code: codeRacine, champ: -1, piece: -1, deb: uint32(debut), fin: uint32(p)})
			s.finDuTexte(p)
		}
	default:
		s.r.racine.deb = uint32(p)
		p, ok := s.lireRacine(p)
		s.controlerEntete(ok)
		if ok {
			s.r.racine.fin = uint32(p)
			s.finDuTexte(p)
		}
	}
	if s.arrete {
		pos := uint32(min(s.arret.pos, len(d)))
		s.r.erreursStructure++
		s.r.structure = append(s.r.structure, faute{code: s.arret.code, rang: s.lieu.rang, champ: -1, piece: -1,
			deb: pos, fin: min(pos+1, uint32(len(d))), mot: s.arret.mot})
	}
}

// controlerOctets judges the file before it is read as JSON: its encoding.
func (s *passe) controlerOctets(p int) {
	d := s.d
	if len(d) >= 2 && (d[0] == 0xff && d[1] == 0xfe || d[0] == 0xfe && d[1] == 0xff) {
		s.noter(faute{code: codeUTF16, champ: -1, piece: -1, fin: 2})
		s.r.illisible = true
		return
	}
	if utf8.Valid(d[p:]) {
		return
	}
	for i := p; i < len(d); {
		r, n := utf8.DecodeRune(d[i:])
		if r == utf8.RuneError && n <= 1 {
			s.noter(faute{code: codeUTF8, champ: -1, piece: -1, deb: uint32(i), fin: uint32(i + 1)})
			return
		}
		i += n
	}
}

func (s *passe) finDuTexte(p int) {
	if p = blancs(s.d, p); p < len(s.d) && !s.arrete {
		s.noter(faute{code: codeSuite, champ: -1, piece: -1, deb: uint32(p), fin: uint32(p + 1)})
	}
}

// cleSuivante reads the next key of an object: p is past the opening brace
// (premier) or past a value. It returns the key and the offset of its value,
// or fini with the offset past the closing brace.
func (s *passe) cleSuivante(p int, premier bool) (k valeur, q int, fini, ok bool) {
	d := s.d
	p = blancs(d, p)
	if p < len(d) && d[p] == '}' {
		return k, p + 1, true, true
	}
	if !premier {
		if p >= len(d) || d[p] != ',' {
			return k, p, false, s.echouer(codeSyntaxe, p, indice(d, p, "une virgule ou une accolade fermante"))
		}
		p = blancs(d, p+1)
	}
	if p >= len(d) || d[p] != '"' {
		mot := indice(d, p, "une balise entre guillemets doubles")
		switch {
		case !premier && p < len(d) && d[p] == '}':
			mot = "une balise : la virgule qui précède est de trop"
		case !premier && p < len(d) && d[p] >= '0' && d[p] <= '9':
			mot = "une balise ; si c’est la suite d’un montant, les décimales s’écrivent avec un point : 708.33"
		}
		return k, p, false, s.echouer(codeSyntaxe, p, mot)
	}
	s.cleCourante = 0
	if k, ok = s.chaine(p); !ok {
		return k, p, false, false
	}
	p = blancs(d, int(k.fin()))
	if p >= len(d) || d[p] != ':' {
		return k, p, false, s.echouer(codeSyntaxe, p, "deux-points après la balise")
	}
	return k, blancs(d, p+1), false, true
}

// indice adds to what is expected at p what the sender probably did.
func indice(d []byte, p int, mot string) string {
	reste := d[min(p, len(d)):]
	switch {
	case len(reste) == 0:
		return mot + " ; le fichier s’arrête ici, il a sans doute été coupé"
	case reste[0] == '\'':
		return mot + " ; JSON veut des guillemets doubles, pas des apostrophes"
	case bytes.HasPrefix(reste, []byte("“")), bytes.HasPrefix(reste, []byte("”")), bytes.HasPrefix(reste, []byte("«")):
		return mot + " ; JSON veut des guillemets droits, pas ceux d’un traitement de texte"
	case bytes.HasPrefix(reste, []byte("//")), bytes.HasPrefix(reste, []byte("/*")), reste[0] == '#':
		return mot + " ; JSON n’a pas de commentaires"
	case bytes.HasPrefix(reste, []byte("None")), bytes.HasPrefix(reste, []byte("NULL")), bytes.HasPrefix(reste, []byte("Null")), bytes.HasPrefix(reste, []byte("undefined")):
		return mot + " ; l’absence de valeur s’écrit null"
	case bytes.HasPrefix(reste, []byte("True")), bytes.HasPrefix(reste, []byte("False")), bytes.HasPrefix(reste, []byte("TRUE")), bytes.HasPrefix(reste, []byte("FALSE")):
		return mot + " ; les booléens s’écrivent true et false, en minuscules"
	}
	return mot
}

// elementSuivant reads up to the next element of an array, as cleSuivante does.
func (s *passe) elementSuivant(p int, premier bool) (q int, fini, ok bool) {
	d := s.d
	p = blancs(d, p)
	if p < len(d) && d[p] == ']' {
		return p + 1, true, true
	}
	if !premier {
		if p >= len(d) || d[p] != ',' {
			return p, false, s.echouer(codeSyntaxe, p, indice(d, p, "une virgule ou un crochet fermant"))
		}
		p = blancs(d, p+1)
		if p < len(d) && d[p] == ']' {
			return p, false, s.echouer(codeSyntaxe, p, "une valeur : la virgule qui précède est de trop")
		}
	}
	return p, false, true
}

// rangCle finds a key among those of o; -1 = unknown.
func (s *passe) rangCle(o *objet, k valeur, suivant int) int {
	brut := s.d[k.deb():k.fin()]
	if k.echappe() {
		s.texte = append(decoder(append(s.texte[:0], '"'), brut), '"')
		brut = s.texte
	}
	return o.chercher(brut, suivant)
}

// valeurSimple reads the value of a leaf; an object or an array there is
// skipped and kept as its outline (D17).
func (s *passe) valeurSimple(p, profondeur int) (valeur, int, bool) {
	if p < len(s.d) && (s.d[p] == '{' || s.d[p] == '[') {
		return s.sauter(p, profondeur)
	}
	v, ok := s.scalaire(p)
	return v, int(v.fin()), ok
}

// doublon notes that a known key stands twice in its object.
func (s *passe) doublon(k, v valeur) {
	f := s.ici(codeDoublon)
	f.deb, f.fin, f.cleDeb, f.cleFin = v.deb(), v.fin(), k.deb(), k.fin()
	s.noter(f)
}

// inconnue notes a key that the format does not have.
func (s *passe) inconnue(k valeur, o *objet) {
	f := s.ici(codeInconnue)
	f.deb, f.fin, f.cleDeb, f.cleFin = k.deb(), k.fin(), k.deb(), k.fin()
	brut := s.d[k.deb():k.fin()]
	for i := range o.cles {
		if len(brut) == len(o.cles[i].motif) && bytes.EqualFold(brut, []byte(o.cles[i].motif)) {
			f.code = codeCasse
		}
	}
	s.noter(f)
	s.inconnues = append(s.inconnues, k.deb())
}
