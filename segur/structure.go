package segur

// This file walks the known objects of a file by the careful path, which
// takes any order of keys and any white space. See raccourci.go for the short
// one.

// lireRacine reads the root, whose brace is at p.
func (s *passe) lireRacine(p int) (int, bool) {
	o := &s.pl.racine
	s.lieu = lieu{piece: -1}
	p++
	suivant, garde := 0, len(s.inconnues)
	for premier := true; ; premier = false {
		k, q, fini, ok := s.cleSuivante(p, premier)
		if !ok {
			return q, false
		}
		if fini {
			s.doublonsInconnus(garde, 0, 0)
			return q, true
		}
		i := s.rangCle(o, k, suivant)
		if i >= 0 && o.cles[i].sorte == cleLignes && s.cleVue&(1<<i) == 0 {
			s.cleVue |= 1 << i
			suivant = i + 1
			if p, ok = s.lireLignes(k, q); !ok {
				return p, false
			}
			s.lieu = lieu{piece: -1}
			continue
		}
		s.cleCourante = k
		v, fin, ok := s.valeurSimple(q, 2)
		if !ok {
			return fin, false
		}
		p = fin
		switch {
		case i < 0:
			s.inconnue(k, o)
		case s.cleVue&(1<<i) != 0:
			s.doublon(k, v)
		default:
			s.cleVue |= 1 << i
			s.entete[i] = v
			suivant = i + 1
		}
	}
}

// lireLignes reads lignesImport, whose value is at p.
func (s *passe) lireLignes(k valeur, p int) (int, bool) {
	d := s.d
	if p >= len(d) || d[p] != '[' {
		s.cleCourante = k
		v, fin, ok := s.valeurSimple(p, 2)
		if ok {
			s.noter(faute{code: codeLignesType, champ: -1, piece: -1, deb: v.deb(), fin: v.fin()})
		}
		return fin, ok
	}
	debut := p
	p++
	n := 0
	for premier := true; ; premier = false {
		q, fini, ok := s.elementSuivant(p, premier)
		if !ok {
			return q, false
		}
		if fini {
			p = q
			break
		}
		n++
		// Ranks past 65,535 all read as that: the file is refused for its
		// number of requests, and each of these faults has its line.
		s.lieu = lieu{rang: uint16(min(n, 0xffff)), piece: -1}
		if p, ok = s.lireElement(q, n); !ok {
			return p, false
		}
	}
	switch {
	case n == 0:
		s.noter(faute{code: codeLignesVide, champ: -1, piece: -1, deb: uint32(debut), fin: uint32(p)})
	case n > DemandesMax:
		s.noter(faute{code: codeLignesTrop, champ: -1, piece: -1, deb: uint32(debut), fin: uint32(p), autre: uint32(n)})
	}
	return p, true
}

// lireElement reads the n-th element of lignesImport and, when it is a
// request, applies control 2 to it.
func (s *passe) lireElement(p, n int) (int, bool) {
	if p >= len(s.d) || s.d[p] != '{' {
		s.cleCourante = 0
		v, fin, ok := s.valeurSimple(p, 3)
		if ok {
			f := s.ici(codeLigneType)
			f.deb, f.fin = v.deb(), v.fin()
			s.noter(f)
		}
		return fin, ok
	}
	if fin, ok := s.raccourci.lire(s, p, n); ok {
		s.finirLigne(n)
		return fin, true
	}
	s.commencerLigne(p, n)
	fin, ok := s.lireLigne(p)
	if ok {
		s.finirLigne(n)
	}
	return fin, ok
}

// commencerLigne clears what the last request left.
func (s *passe) commencerLigne(p, n int) {
	nb := len(s.pl.champs)
	if n <= DemandesMax {
		k := (n - 1) * nb
		if cap(s.r.vals) < k+nb {
			s.r.agrandir(k+nb, nb)
		}
		s.r.vals = s.r.vals[:k+nb]
		s.vals = s.r.vals[k : k+nb]
	}
	clear(s.vals)
	s.cour = ligne{deb: uint32(p), piece0: int32(len(s.r.pieces)), faute0: int32(len(s.r.fautes))}
	s.vus, s.blocsVus = 0, 0
}

// lireLigne reads the request whose brace is at p.
func (s *passe) lireLigne(p int) (int, bool) {
	s.raccourci.debut(p + 1)
	fin, ok := s.lireMembres(p, &s.pl.ligne, 4)
	if ok {
		s.cour.fin = uint32(fin)
		s.raccourci.finLigne(s, fin)
	}
	return fin, ok
}

// lireMembres reads a known object of a request, whose brace is at p; its
// values stand at the nesting level profondeur.
func (s *passe) lireMembres(p int, o *objet, profondeur int) (int, bool) {
	p++
	suivant, garde := 0, len(s.inconnues)
	for premier := true; ; premier = false {
		i, debutCle, q := s.cleUsuelle(p, premier, o, suivant)
		var k valeur
		if i >= 0 {
			c := &o.cles[i]
			if v := chaineSimple(s.d, q); v != 0 && c.sorte == cleFeuille && s.vus>>c.indice&1 == 0 {
				s.poser(c.indice, v)
				p, suivant = int(v.fin()), i+1
				continue
			}
			k = vue(debutCle, debutCle+len(c.motif), jetonChaine)
		} else {
			var fini, ok bool
			if k, q, fini, ok = s.cleSuivante(p, premier); !ok {
				return q, false
			}
			if fini {
				s.doublonsInconnus(garde, 0, 0)
				return q, true
			}
			i = s.rangCle(o, k, suivant)
		}
		if i >= 0 {
			suivant = i + 1
		}
		var ok bool
		if i >= 0 && o.cles[i].sorte != cleFeuille {
			p, ok = s.lireBloc(k, q, &o.cles[i])
		} else {
			p, ok = s.lireFeuille(k, q, o, i, profondeur)
		}
		if !ok {
			return p, false
		}
	}
}

// cleUsuelle reads the next key of o when it is one that o has, spelt without
// escapes, with the comma right behind the value before it. It returns its
// place, its offset and that of its value; -1 leaves it to cleSuivante.
func (s *passe) cleUsuelle(p int, premier bool, o *objet, suivant int) (i, cle, valeur int) {
	d := s.d
	if !premier {
		if p >= len(d) || d[p] != ',' {
			return -1, 0, 0
		}
		p++
	}
	p = blancs(d, p)
	if i = o.chercherEn(d, p, suivant); i < 0 {
		return -1, 0, 0
	}
	fin := p + len(o.cles[i].motif)
	if fin+1 >= len(d) || d[fin] != ':' {
		return -1, 0, 0
	}
	if fin++; d[fin] == ' ' {
		fin++ // one blank behind the colon is how nearly everybody writes
	}
	return i, p, blancs(d, fin)
}

// poser keeps the value of a leaf of the request.
func (s *passe) poser(slot uint8, v valeur) {
	s.vus |= 1 << slot
	s.vals[slot] = v
	if !s.raccourci.perdu {
		s.raccourci.valeur(slot, v)
	}
}

// lireFeuille reads the value of the key k; i is its place in o, -1 when o has
// no such key.
func (s *passe) lireFeuille(k valeur, p int, o *objet, i, profondeur int) (int, bool) {
	s.cleCourante = k
	v, fin, ok := s.valeurSimple(p, profondeur)
	if !ok {
		return fin, false
	}
	if i < 0 {
		s.inconnue(k, o)
		s.raccourci.abandonner()
		return fin, true
	}
	slot := o.cles[i].indice
	if s.vus&(1<<slot) != 0 {
		s.doublon(k, v)
		s.raccourci.abandonner()
		return fin, true
	}
	s.poser(slot, v)
	return fin, true
}

// lireBloc reads the block of the key k, whose value is at p.
func (s *passe) lireBloc(k valeur, p int, c *cle) (int, bool) {
	n := c.indice
	attendu := byte('{')
	if c.sorte == clePieces {
		attendu = '['
	}
	if s.blocsVus&(1<<n) != 0 || p >= len(s.d) || s.d[p] != attendu {
		s.raccourci.abandonner()
		deja := s.blocsVus&(1<<n) != 0
		s.blocsVus |= 1 << n
		s.cleCourante = k
		v, fin, ok := s.valeurSimple(p, 4)
		switch {
		case !ok:
		case deja:
			s.doublon(k, v)
		default:
			f := s.ici(s.pl.bases[n] + blocType)
			f.bloc, f.deb, f.fin = n, v.deb(), v.fin()
			s.noter(f)
		}
		return fin, ok
	}
	s.blocsVus |= 1 << n
	s.cour.blocs[n] = uint32(p)
	s.lieu.bloc = n
	s.raccourci.bloc(n, p)
	var ok bool
	if c.sorte == clePieces {
		p, ok = s.lirePieces(p)
	} else {
		p, ok = s.lireMembres(p, &s.pl.blocs[n], 5)
	}
	s.lieu.bloc = 0
	return p, ok
}

// lirePieces reads the list of pieces, whose bracket is at p. Each piece is
// read into the slots of the table and moved to Rapport.pieces.
func (s *passe) lirePieces(p int) (int, bool) {
	p++
	pl := s.pl
	masque := uint64(1<<pl.nbPiece-1) << pl.premierPiece
	defer func() { s.lieu.piece = -1 }()
	n := int32(0)
	for premier := true; ; premier = false {
		q, fini, ok := s.elementSuivant(p, premier)
		if !ok {
			return q, false
		}
		if fini {
			return q, true
		}
		s.lieu.piece = n
		n++
		if q >= len(s.d) || s.d[q] != '{' {
			s.raccourci.abandonner()
			s.cleCourante = 0
			v, fin, ok := s.valeurSimple(q, 5)
			if !ok {
				return fin, false
			}
			f := s.ici(pl.bases[pl.blocPieces] + blocElement)
			f.deb, f.fin = v.deb(), v.fin()
			s.noter(f)
			p = fin
			continue
		}
		s.vus &^= masque
		clear(s.vals[pl.premierPiece : pl.premierPiece+pl.nbPiece])
		s.raccourci.piece(q)
		if p, ok = s.lireMembres(q, &pl.piece, 6); !ok {
			return p, false
		}
		s.rangerPiece(q)
	}
}

// rangerPiece keeps the piece just read, whose brace is at p.
func (s *passe) rangerPiece(p int) {
	if s.lieu.rang > DemandesMax {
		return // the file is refused for its number of requests: nothing looks at this one's pieces
	}
	if s.cour.nbPieces >= PiecesDetaillees {
		s.cour.enTrop++
		return
	}
	lue := pieceLue{deb: uint32(p)}
	copy(lue.v[:], s.vals[s.pl.premierPiece:s.pl.premierPiece+s.pl.nbPiece])
	s.r.pieces = append(s.r.pieces, lue)
	s.cour.nbPieces++
}
