package segur

import "bytes"

// nette tells a value that is plainly right: one that controlerFeuille would
// let pass without a word. It knows the usual spelling only, and says no to
// all the rest; what it says no to, the full rules judge. FuzzRaccourci holds
// both to the same report.
func (s *passe) nette(r *regle, v valeur) bool {
	if s.sansNettes {
		return false
	}
	switch v.jeton() {
	case jetonChaine:
		return !v.echappe() && s.chaineNette(r, v)
	case jetonNul:
		return r.nul
	case jetonVrai, jetonFaux:
		return r.genre == GenreBooleen
	case jetonNombre:
		t := s.d[v.deb():v.fin()]
		switch r.genre {
		case GenreMontant:
			m, ok := lireMontant(t)
			return ok && m > 0
		case GenreRang:
			n, ok := entier(t)
			return ok && n == int64(s.lieu.rang)
		}
	}
	return false
}

func (s *passe) chaineNette(r *regle, v valeur) bool {
	t := s.d[v.deb()+1 : v.fin()-1]
	if v.large() {
		return (r.genre == GenreTexte && latinNet(t, r.longueur, 0xbf)) || (r.genre == GenreMajuscules && latinNet(t, r.longueur, 0x9e) && !minusculeASCII(t))
	}
	switch r.genre {
	case GenreListe, GenreFormatPiece, GenreTypePiece:
		return contient(r.valeurs, t)
	case GenreIdentifiant, GenreCarte:
		return len(t) == r.longueur && tousAlnum(t)
	case GenreDate:
		j, ok := dateNette(t)
		return ok && !j.Apres(s.jour)
	case GenreTexte:
		return texteNet(t, r.longueur)
	case GenreMajuscules:
		return texteNet(t, r.longueur) && !minusculeASCII(t)
	case GenreCourriel:
		return len(t) <= r.longueur && Courriel(t)
	case GenreFiness:
		return s.opt.Finess == nil && len(t) == 9 && tousChiffres(t) && luhn(t)
	case GenreOperateur:
		return estOperateur(t)
	}
	return false
}

// latinNet tells a text of ASCII and of the letters À to ÿ, each spelt as one
// character of two bytes, C3 and at most dernier: always in NFC, never white
// space or control. Up to C3 9E (Þ) they are capitals (or ×).
func latinNet(t []byte, longueur int, dernier byte) bool {
	n := 0
	for i := 0; i < len(t); i++ {
		switch c := t[i]; {
		case c >= ' ' && c < 0x7f:
		case c == 0xc3 && i+1 < len(t) && t[i+1] >= 0x80 && t[i+1] <= dernier:
			i++
		default:
			return false
		}
		n++
	}
	return n > 0 && n <= longueur && t[0] > ' ' && t[len(t)-1] > ' '
}

func minusculeASCII(t []byte) bool {
	for _, c := range t {
		if c >= 'a' && c <= 'z' {
			return true
		}
	}
	return false
}

// texteNet tells an ASCII text without escapes, so without control characters
// but DEL, that is no word of D9 and has no white space at its ends.
func texteNet(t []byte, longueur int) bool {
	n := len(t)
	return n > 0 && n <= longueur && t[0] > ' ' && t[n-1] > ' ' && bytes.IndexByte(t, 0x7f) < 0 && (n > 5 || !estMot(t))
}

// dateNette reads JJ/MM/AAAA from 1900 on.
func dateNette(t []byte) (j Jour, ok bool) {
	if len(t) != 10 || t[2] != '/' || t[5] != '/' {
		return j, false
	}
	for _, i := range [...]int{0, 1, 3, 4, 6, 7, 8, 9} {
		if t[i]-'0' > 9 {
			return j, false
		}
	}
	j = Jour{Annee: deuxChiffres(t[6:])*100 + deuxChiffres(t[8:]), Mois: deuxChiffres(t[3:]), Jour: deuxChiffres(t)}
	return j, j.Annee >= 1900 && j.Valide()
}

// nomNet tells the name that a piece must have: its type, the number of its
// request, its format.
func (s *passe) nomNet(v valeur, typ, format int) bool {
	if !s.numeroOK || typ < 0 || format < 0 || v.jeton() != jetonChaine || v.echappe() || s.sansNettes {
		return false
	}
	t, debut, ext := s.d[v.deb()+1:v.fin()-1], s.pl.noms[typ], s.pl.extensions[format]
	n := len(debut)
	return len(t) == n+6+len(ext) && string(t[:n]) == string(debut) && string(t[n:n+5]) == string(s.numero[:]) && t[n+5] == '.' && string(t[n+6:]) == ext
}
