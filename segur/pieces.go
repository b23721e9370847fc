package segur

import "bytes"

// controlerPieces judges the declared pieces of the request: one after the
// other, each in the order nomFichier, formatFichier, typeFichier, then how
// many there are of each type (D21).
func (s *passe) controlerPieces() {
	pl := s.pl
	champs := pl.champs[pl.premierPiece:]
	s.lieu.bloc = pl.blocPieces
	var nombre [8]int
	typeFautif := false
	s.noms = s.noms[:0]
	lues := s.r.pieces[s.cour.piece0 : s.cour.piece0+s.cour.nbPieces]
	for n := range lues {
		s.lieu.piece = int32(n)
		p := &lues[n]
		format, typ := s.indice(&champs[1], p.v[1]), s.indice(&champs[2], p.v[2])
		if s.nomNet(p.v[0], typ, format) {
			s.nomUnique(&champs[0], p.v[0], true)
		} else {
			s.controlerNomPiece(&champs[0], p, format, typ)
		}
		if format < 0 {
			s.controlerFeuille(&champs[1], pl.premierPiece+1, p.v[1], p.deb)
		}
		if typ < 0 {
			s.controlerFeuille(&champs[2], pl.premierPiece+2, p.v[2], p.deb)
		}
		if typ < 0 {
			typeFautif = true
		} else {
			nombre[typ]++
		}
	}
	s.lieu.piece = -1
	if s.cour.enTrop > 0 {
		s.compte(codePiecesTrop, uint32(s.cour.enTrop))
		return
	}
	regime := ""
	if i := s.indice(&pl.champs[pl.regimeTVA], s.vals[pl.regimeTVA]); i >= 0 {
		regime = pl.champs[pl.regimeTVA].Valeurs[i]
	}
	for i := range pl.typePieces {
		t := &pl.typePieces[i]
		s.compterType(t, nombre[i], regime, typeFautif)
	}
}

// compterType judges how many pieces of one type there are. A bad type is
// reported alone, without the lack that may follow from it (D26); a regime
// that is at fault leaves what depends on it unjudged.
func (s *passe) compterType(t *TypePiece, n int, regime string, typeFautif bool) {
	switch requis := t.SousRegime == "" || t.SousRegime == regime; {
	case requis && n == 0 && !typeFautif:
		s.compte(uint16(t.CodeManque), 0)
	case requis && n > 1:
		s.compte(uint16(t.CodeTrop), uint32(n))
	case !requis && n > 0 && regime != "":
		s.compte(uint16(t.CodeHorsCas), uint32(n))
	}
}

// compte records a fault of the list of pieces as a whole.
func (s *passe) compte(code uint16, autre uint32) {
	f := s.ici(code)
	f.deb, f.autre = s.cour.blocs[s.pl.blocPieces], autre
	f.fin = f.deb + 1
	s.noter(f)
	if code < 9000 {
		s.cour.erreurs++
	}
}

// indice is the place of a leaf's value among those allowed; -1 = none.
func (s *passe) indice(c *Champ, v valeur) int {
	if v.jeton() != jetonChaine {
		return -1
	}
	t := s.texteDe(v)
	for i, x := range c.Valeurs {
		if x == string(t) {
			return i
		}
	}
	return -1
}

// controlerNomPiece judges nomFichier against its form and what stands beside
// it; format and typ are the places of valid neighbours, -1 = at fault (D26).
func (s *passe) controlerNomPiece(c *Champ, p *pieceLue, format, typ int) {
	v, slot := p.v[0], s.pl.premierPiece
	avant := len(s.r.fautes)
	s.controlerFeuille(c, slot, v, p.deb)
	if len(s.r.fautes) != avant && s.r.fautes[len(s.r.fautes)-1].code != uint16(c.Base+finEspaces) || v.jeton() != jetonChaine {
		return
	}
	t := bytes.TrimSpace(s.texteDe(v))
	if n := longueur(t); n > c.Longueur {
		s.fauteAutre(c, slot, v, finLongueur, uint32(n))
		return
	}
	nom, ok := s.decouper(t, format >= 0, typ >= 0)
	switch {
	case !ok:
		s.fauteDe(c, slot, v, finForme)
		return
	case s.numeroOK && !bytes.Equal(nom.numero, s.numero[:]):
		s.fauteDe(c, slot, v, finPropre)
	}
	if nom.typ >= 0 && typ >= 0 && nom.typ != typ || nom.format >= 0 && format >= 0 && nom.format != format {
		s.fauteDe(c, slot, v, finInterdit)
	}
	s.nomUnique(c, v, len(s.r.fautes) == avant)
}

// nomUnique holds a name against those of the request's other pieces. Right
// names of two requests differ by their numbers; a name that is at fault
// itself (juste false) does not condemn the right one that it equals.
func (s *passe) nomUnique(c *Champ, v valeur, juste bool) {
	for _, autre := range s.noms {
		if s.memeTexte(autre, v) {
			s.fauteDe(c, s.pl.premierPiece, v, finPropreBis)
			return
		}
	}
	if juste {
		s.noms = append(s.noms, v)
	}
}

// memeTexte tells whether two strings are the same, letter case aside: file
// names collide on Windows (D20).
func (s *passe) memeTexte(a, b valeur) bool {
	ta, tb := s.d[a.deb()+1:a.fin()-1], s.d[b.deb()+1:b.fin()-1]
	if a.echappe() || b.echappe() {
		ta, tb = decoder(nil, s.d[a.deb():a.fin()]), decoder(nil, s.d[b.deb():b.fin()])
	}
	return bytes.EqualFold(ta, tb)
}

// nomDecoupe is a name of a piece in its parts; typ and format are places in
// the rule set's tables, -1 = not among them.
type nomDecoupe struct {
	typ, format int
	numero      []byte
}

// decouper reads PHA-LGO-Va1-<type>-<number>.<extension>. A part whose
// declared neighbour is at fault may be any word (D21, D26), and so may the
// number when numeroEditeur is.
func (s *passe) decouper(t []byte, formatOK, typeOK bool) (nom nomDecoupe, ok bool) {
	nom = nomDecoupe{typ: -1, format: -1}
	reste, ok := bytes.CutPrefix(t, s.pl.prefixe)
	if !ok {
		return nom, false
	}
	code, reste, ok := bytes.Cut(reste, []byte("-"))
	if !ok || !mot(code) {
		return nom, false
	}
	point := bytes.LastIndexByte(reste, '.')
	if point < 0 {
		return nom, false
	}
	var ext []byte
	if nom.numero, ext = reste[:point], reste[point+1:]; !mot(ext) || !mot(nom.numero) && !s.numeroEcrit(nom.numero) {
		return nom, false
	}
	for i := range s.pl.typePieces {
		if s.pl.typePieces[i].Abrege == string(code) {
			nom.typ = i
		}
	}
	for i, e := range s.pl.extensions {
		if e == string(ext) {
			nom.format = i
		}
	}
	return nom, (nom.typ >= 0 || !typeOK) && (nom.format >= 0 || !formatOK) &&
		(!s.numeroOK || len(nom.numero) == 5 && tousAlnum(nom.numero))
}

// numeroEcrit tells whether t repeats a malformed numeroEditeur as it is
// written: the fault is the number's, and not told again as a bad name (D26).
func (s *passe) numeroEcrit(t []byte) bool {
	if s.numeroOK {
		return false
	}
	v := s.vals[s.pl.numeroEditeur]
	return v.jeton() == jetonChaine && len(t) > 0 && bytes.Equal(decoder(nil, s.d[v.deb():v.fin()]), t)
}

// mot tells a non-empty word of ASCII letters, digits and underscores.
func mot(t []byte) bool {
	for _, c := range t {
		if alnum[c] == 0 && c != '_' {
			return false
		}
	}
	return len(t) > 0
}
