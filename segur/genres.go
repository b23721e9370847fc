package segur

import (
	"bytes"
	"strconv"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// controlerFeuille judges one leaf by the rule of its kind. objet is where the
// object that should hold it begins: a missing leaf points there.
func (s *passe) controlerFeuille(c *Champ, slot int, v valeur, objet uint32) {
	switch {
	case v.jeton() == 0:
		s.absente(c, slot, objet)
	case v.jeton() == jetonNul:
		if c.Genre != GenreNul && !c.Facultatif {
			s.fauteDe(c, slot, v, finAbsent)
		}
	case c.Genre == GenreNul:
		s.attenduNul(c, slot, v)
	case c.Genre == GenreRang, c.Genre == GenreMontant:
		s.controlerNombre(c, slot, v)
	case c.Genre == GenreBooleen:
		if v.jeton() != jetonVrai && v.jeton() != jetonFaux {
			s.mauvaisType(c, slot, v)
		}
	case v.jeton() != jetonChaine:
		s.fauteDe(c, slot, v, finType)
	default:
		s.controlerTexte(c, slot, v)
	}
}

// fauteDe records the fault fin of the leaf c.
func (s *passe) fauteDe(c *Champ, slot int, v valeur, fin int) {
	s.fauteAutre(c, slot, v, fin, 0)
}

// fauteAutre is fauteDe with the number that the sentence needs.
func (s *passe) fauteAutre(c *Champ, slot int, v valeur, fin int, autre uint32) {
	f := s.ici(uint16(c.Base + fin))
	f.champ, f.deb, f.fin, f.autre = int8(slot), v.deb(), v.fin(), autre
	s.noter(f)
	s.cour.erreurs++
}

func (s *passe) avertir(c *Champ, slot int, v valeur, fin int) {
	f := s.ici(codeAvert(c.Base, fin))
	f.champ, f.deb, f.fin, f.absent = int8(slot), v.deb(), v.fin(), v.jeton() == 0
	s.noter(f)
}

// absente judges a leaf whose key is not there: as if null (D4), with a
// warning where null is right (D8, D14).
func (s *passe) absente(c *Champ, slot int, objet uint32) {
	v := vue(int(objet), int(objet)+1, 0)
	if c.Facultatif || c.Genre == GenreNul && s.lieu.rang > 0 {
		s.avertir(c, slot, v, avertAbsent)
		return
	}
	f := s.ici(uint16(c.Base + finAbsent))
	f.champ, f.deb, f.fin, f.absent = int8(slot), v.deb(), v.fin(), true
	s.noter(f)
	s.cour.erreurs++
}

// mauvaisType tells a word between quotes (D9) from another wrong JSON type.
func (s *passe) mauvaisType(c *Champ, slot int, v valeur) {
	if v.jeton() == jetonChaine && estMot(s.texteDe(v)) {
		s.fauteDe(c, slot, v, finMot)
		return
	}
	s.fauteDe(c, slot, v, finType)
}

// attenduNul judges a leaf that the agency fills.
func (s *passe) attenduNul(c *Champ, slot int, v valeur) {
	if v.jeton() == jetonChaine && estMot(s.texteDe(v)) {
		s.fauteDe(c, slot, v, finMot)
		return
	}
	s.fauteDe(c, slot, v, finForme)
}

// estMot tells D9's words, exactly so (D22).
func estMot(t []byte) bool {
	return string(t) == "null" || string(t) == "true" || string(t) == "false"
}

// texteDe returns the text of a string value, escapes undone. It is valid
// until the next call.
func (s *passe) texteDe(v valeur) []byte {
	if !v.echappe() {
		return s.d[v.deb()+1 : v.fin()-1]
	}
	s.texte = decoder(s.texte[:0], s.d[v.deb():v.fin()])
	return s.texte
}

func (s *passe) controlerNombre(c *Champ, slot int, v valeur) {
	if v.jeton() != jetonNombre {
		s.mauvaisType(c, slot, v)
		return
	}
	t := s.d[v.deb():v.fin()]
	if c.Genre == GenreRang {
		n, ok := entier(t)
		switch {
		case !entierSimple(t):
			s.fauteDe(c, slot, v, finForme)
		case !ok || n != int64(s.lieu.rang):
			s.fauteAutre(c, slot, v, finPropre, uint32(s.lieu.rang))
		}
		return
	}
	n := t
	negatif := n[0] == '-'
	if negatif {
		n = n[1:]
	}
	point := bytes.IndexByte(n, '.')
	switch {
	case point < 0 || point != len(n)-3 || !tousChiffres(n[point+1:]):
		s.fauteDe(c, slot, v, finForme)
	case negatif || tousZeros(n[:point]) && n[point+1] == '0' && n[point+2] == '0':
		s.fauteDe(c, slot, v, finPropre)
	case point > 9:
		s.fauteDe(c, slot, v, finPropreBis)
	}
}

// entier reads a plain JSON integer that fits 64 bits (D15).
func entier(t []byte) (n int64, ok bool) {
	if len(t) > 18 || t[0] == '-' {
		n, err := strconv.ParseInt(string(t), 10, 64)
		return n, err == nil && entierSimple(t)
	}
	for _, c := range t {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

func entierSimple(t []byte) bool {
	if t[0] == '-' {
		t = t[1:]
	}
	return tousChiffres(t)
}

func tousChiffres(t []byte) bool {
	for _, c := range t {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

func tousZeros(t []byte) bool {
	for _, c := range t {
		if c != '0' {
			return false
		}
	}
	return true
}

// controlerTexte judges a string: first what all strings obey (D8, D22), then
// the rule of the kind on the text without its outer white space.
func (s *passe) controlerTexte(c *Champ, slot int, v valeur) {
	s.avant = s.cour.erreurs
	t := s.texteDe(v)
	if len(t) == 0 {
		s.fauteDe(c, slot, v, finVide)
		return
	}
	if n := len(t); n >= 4 && n <= 5 && estMot(t) {
		s.fauteDe(c, slot, v, finMot)
		return
	}
	if t[0] <= ' ' || t[len(t)-1] <= ' ' || v.large() || v.echappe() {
		net := bytes.TrimFunc(t, unicode.IsSpace)
		if len(net) == 0 {
			s.fauteDe(c, slot, v, finVide)
			return
		}
		if len(net) != len(t) {
			s.fauteDe(c, slot, v, finEspaces)
			t = net
		}
	}
	switch c.Genre {
	case GenreListe, GenreFormatPiece, GenreTypePiece:
		if !contient(c.Valeurs, t) {
			s.fauteDe(c, slot, v, finForme)
		}
	case GenreIdentifiant, GenreNumero, GenreCarte:
		s.controlerIdentifiant(c, slot, v, t)
	case GenreSiret:
		s.controlerLongueur(c, slot, v, t)
		if !tousChiffres(t) {
			s.fauteDe(c, slot, v, finForme)
		}
	case GenreReference:
		if len(t) > c.Longueur {
			s.fauteAutre(c, slot, v, finLongueur, uint32(longueur(t)))
		}
		if !tousReference(t) {
			s.fauteDe(c, slot, v, finForme)
		}
	case GenreDate:
		s.controlerDate(c, slot, v, t)
	case GenreTexte, GenreMajuscules:
		s.controlerLibre(c, slot, v, t)
	case GenreCourriel:
		if n := longueur(t); n > c.Longueur {
			s.fauteAutre(c, slot, v, finLongueur, uint32(n))
		}
		if !Courriel(t) {
			s.fauteDe(c, slot, v, finForme)
		}
	case GenreFiness:
		s.controlerFiness(c, slot, v, t)
	case GenreOperateur:
		if !estOperateur(t) {
			s.fauteDe(c, slot, v, finForme)
		}
	}
}

func contient(valeurs []string, t []byte) bool {
	for _, x := range valeurs {
		if x == string(t) {
			return true
		}
	}
	return false
}

// longueur counts Unicode characters after NFC (D8).
func longueur(t []byte) int {
	for _, c := range t {
		if c >= utf8.RuneSelf {
			if norm.NFC.IsNormal(t) {
				return utf8.RuneCount(t)
			}
			// After 30 combining marks in a row the library puts in a joiner,
			// which is none of the text's characters.
			net := norm.NFC.Bytes(t)
			return utf8.RuneCount(net) - bytes.Count(net, joint) + bytes.Count(t, joint)
		}
	}
	return len(t)
}

var joint = []byte("\u034f")

func (s *passe) controlerLongueur(c *Champ, slot int, v valeur, t []byte) {
	if len(t) == c.Longueur {
		return
	}
	if n := longueur(t); n != c.Longueur {
		s.fauteAutre(c, slot, v, finLongueur, uint32(n))
	}
}

// alnum folds ASCII letters and digits to lower case; 0 = neither.
var alnum = func() (t [256]byte) {
	for c := '0'; c <= '9'; c++ {
		t[c] = byte(c)
	}
	for c := 'a'; c <= 'z'; c++ {
		t[c], t[c-'a'+'A'] = byte(c), byte(c)
	}
	return t
}()

func tousAlnum(t []byte) bool {
	for _, c := range t {
		if alnum[c] == 0 {
			return false
		}
	}
	return true
}

// tousReference tells the characters of a numeroASP (api.md, D13).
func tousReference(t []byte) bool {
	for _, c := range t {
		if c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

// controlerIdentifiant judges numeroAns, numeroEditeur and numeroCarteCPX.
func (s *passe) controlerIdentifiant(c *Champ, slot int, v valeur, t []byte) {
	n := len(t)
	if n != c.Longueur {
		n = longueur(t)
	}
	switch {
	case n == c.Longueur:
	case c.Genre == GenreCarte && n == 11 && tousAlnum(t):
		s.fauteAutre(c, slot, v, finPropre, 11)
	case c.Genre == GenreCarte && n == 12 && tousAlnum(t):
		s.fauteAutre(c, slot, v, finPropreBis, 12)
	default:
		s.fauteAutre(c, slot, v, finLongueur, uint32(n))
	}
	if !tousAlnum(t) {
		s.fauteDe(c, slot, v, finForme)
	}
	if c.Genre != GenreNumero || s.cour.erreurs != s.avant {
		return
	}
	if premier, deja := s.numeros.ajouter(plier(t), s.lieu.rang); deja {
		s.fauteAutre(c, slot, v, finPropre, uint32(premier))
		return
	}
	s.numeroOK = true
	copy(s.numero[:], t)
}

// plier packs a short ASCII identifier, letter case folded (D20).
func plier(t []byte) uint64 {
	var k uint64
	for _, c := range t {
		k = k<<8 | uint64(alnum[c])
	}
	return k
}

// controlerDate judges JJ/MM/AAAA (D6, D23).
func (s *passe) controlerDate(c *Champ, slot int, v valeur, t []byte) {
	if len(t) != 10 || t[2] != '/' || t[5] != '/' || !tousChiffres(t[0:2]) || !tousChiffres(t[3:5]) || !tousChiffres(t[6:]) {
		s.fauteDe(c, slot, v, finForme)
		return
	}
	j := Jour{Annee: deuxChiffres(t[6:])*100 + deuxChiffres(t[8:]), Mois: deuxChiffres(t[3:]), Jour: deuxChiffres(t)}
	switch {
	case !j.Valide():
		s.fauteDe(c, slot, v, finPropre)
	case j.Annee < 1900:
		s.fauteDe(c, slot, v, finInterdit)
	case j.Apres(s.jour):
		s.fauteDe(c, slot, v, finPropreBis)
	}
}

func deuxChiffres(t []byte) int { return int(t[0]-'0')*10 + int(t[1]-'0') }

// controlerLibre judges a free text: length, characters, letter case.
func (s *passe) controlerLibre(c *Champ, slot int, v valeur, t []byte) {
	if n := longueur(t); n > c.Longueur {
		s.fauteAutre(c, slot, v, finLongueur, uint32(n))
	}
	if r, ok := interdit(t); ok {
		s.fauteAutre(c, slot, v, finInterdit, uint32(r))
	}
	if c.Genre == GenreMajuscules && minuscule(t) {
		s.fauteDe(c, slot, v, finPropre)
	}
}

// interdit finds the first control, format or bidirectional character or line
// separator of a text (D19); private-use and unassigned ones pass (D28).
func interdit(t []byte) (rune, bool) {
	for i := 0; i < len(t); {
		if c := t[i]; c < utf8.RuneSelf {
			if c < ' ' || c == 0x7f {
				return rune(c), true
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(t[i:])
		if Invisible(r) {
			return r, true
		}
		i += n
	}
	return 0, false
}

// minuscule finds a lower-case or title-case letter (D24); ª, º and modifier
// letters are neither (D28).
func minuscule(t []byte) bool {
	for i := 0; i < len(t); {
		if c := t[i]; c < utf8.RuneSelf {
			if c >= 'a' && c <= 'z' {
				return true
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(t[i:])
		if unicode.Is(unicode.Ll, r) || unicode.Is(unicode.Lt, r) {
			return true
		}
		i += n
	}
	return false
}

// controlerFiness judges FINESSGeo (D7).
func (s *passe) controlerFiness(c *Champ, slot int, v valeur, t []byte) {
	if n := longueur(t); n != 9 {
		s.fauteAutre(c, slot, v, finLongueur, uint32(n))
		return
	}
	if len(t) != 9 || !tousChiffres(t[:1]) || !tousChiffres(t[2:]) || !(t[1] >= '0' && t[1] <= '9' || t[1] >= 'A' && t[1] <= 'Z') {
		s.fauteDe(c, slot, v, finForme)
		return
	}
	if t[1] <= '9' && !luhn(t) {
		s.avertir(c, slot, v, avertLuhn)
	}
	if s.opt.Finess == nil {
		return
	}
	switch categorie, connu := s.opt.Finess(string(t)); {
	case !connu:
		s.avertir(c, slot, v, avertRegistre)
	case categorie != 620 && categorie != 627 && categorie != 628 && categorie != 629:
		s.fauteAutre(c, slot, v, finPropre, uint32(categorie))
	}
}

// luhn holds when the last digit is the key of those before it.
func luhn(t []byte) bool {
	somme := 0
	for i := range t {
		n := int(t[len(t)-1-i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		somme += n
	}
	return somme%10 == 0
}
