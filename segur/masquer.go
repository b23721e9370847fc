package segur

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Errors of [Jeu.Masquer], French as they are shown.
var (
	errMasqueIllisible = errors.New("le fichier n’est pas du JSON lisible : corrigez d’abord ce que dit « segur controler »")
	errMasqueFautes    = errors.New("les fautes changeraient avec le masquage : rien n’est écrit")
)

// Masquer replaces what tells persons, pharmacies and the supplier apart by
// fictitious values of the same shape: names, e-mail addresses, telephones,
// cards, FINESS, SIRET and ANS numbers, and every text or number that the
// format does not know. The result has the same faults at the same lines and
// columns; that is verified before it is returned. Equal values stay equal,
// and nothing of a value but its shape goes into its mask.
//
// It fails for a file that is no readable JSON.
func (j *Jeu) Masquer(fichier []byte, jour Jour) ([]byte, error) {
	avant := j.Controler(fichier, jour, Options{})
	for k := range avant.Structure() {
		switch k.Code {
		case codeVide, codeTaille, codeUTF8, codeUTF16, codeSyntaxe, codeSuite:
			return nil, fmt.Errorf("%w (ligne %d, colonne %d : %s)", errMasqueIllisible, k.Ligne, k.Colonne, k.Message)
		}
	}
	m := masque{jeu: j, src: fichier, rangs: map[string]int{}}
	m.parcourir()
	apres := j.Controler(m.dst, jour, Options{})
	if !slices.Equal(avant.empreinteFautes(), apres.empreinteFautes()) {
		return nil, errMasqueFautes
	}
	return m.dst, nil
}

// empreinteFautes lists what a masked file must have in common with its
// original: every code and where it stands.
func (r *Rapport) empreinteFautes() []string {
	var s []string
	noter := func(k Constat) {
		s = append(s, fmt.Sprint(k.Code, k.Rang, k.Ligne, k.Colonne))
	}
	for k := range r.Structure() {
		noter(k)
	}
	for d := range r.Demandes() {
		for k := range d.Constats() {
			noter(k)
		}
	}
	return s
}

// masque is one run over the tokens of a file that is known to be JSON.
type masque struct {
	jeu      *Jeu
	src, dst []byte
	cle      string         // the last key met
	rangs    map[string]int // order of first meeting, by kind and value
}

func (m *masque) parcourir() {
	for i := 0; i < len(m.src); {
		c := m.src[i]
		switch {
		case c == '"':
			s := passe{d: m.src}
			fin := int(s.cleEn(uint32(i)).fin())
			m.chaine(m.src[i:fin], bytes.HasPrefix(bytes.TrimLeft(m.src[fin:], " \t\r\n"), []byte(":")))
			i = fin
		case c == '-' || c >= '0' && c <= '9':
			fin := i + 1
			for fin < len(m.src) && strings.IndexByte("0123456789+-.eE", m.src[fin]) >= 0 {
				fin++
			}
			m.nombre(m.src[i:fin])
			i = fin
		default:
			m.dst = append(m.dst, c)
			i++
		}
	}
}

// chaine masks one string token, or keeps it: a key, or a value that the
// format itself prescribes.
func (m *masque) chaine(brut []byte, estCle bool) {
	texte := string(decoder(nil, brut))
	if estCle {
		m.cle = texte
		if m.cleDuFormat(texte) {
			m.dst = append(m.dst, brut...)
			return
		}
		// A stranger's key may hold anything, a name or a number.
		m.dst = append(m.dst, '"')
		m.forme(brut[1:len(brut)-1], m.rang(""))
		m.dst = append(m.dst, '"')
		return
	}
	c := m.champ()
	switch {
	case estMot([]byte(texte)), c != nil && m.prescrite(c, texte):
		m.dst = append(m.dst, brut...)
	case c != nil && c.Genre == GenreFiness && m.finess(brut, texte):
	case c != nil && c.Genre == GenreNomPiece && strings.HasPrefix(texte, m.jeu.PrefixePiece()):
		m.nomPiece(brut)
	default:
		m.dst = append(m.dst, '"')
		m.forme(brut[1:len(brut)-1], m.rang(texte))
		m.dst = append(m.dst, '"')
	}
}

// cleDuFormat tells a key that the format has, letter case aside: how it is
// miswritten is a fault to keep.
func (m *masque) cleDuFormat(cle string) bool {
	connue := strings.EqualFold(cle, cleLignesImport)
	for _, champs := range [][]Champ{m.jeu.Entete, m.jeu.Champs} {
		for i := range champs {
			connue = connue || strings.EqualFold(cle, champs[i].Cle)
		}
	}
	for i := range m.jeu.Blocs {
		connue = connue || i > 0 && strings.EqualFold(cle, m.jeu.Blocs[i].Cle)
	}
	return connue
}

// champ is the field of the last key, whatever object it stands in; nil when
// the format has none of that name.
func (m *masque) champ() *Champ {
	for i := range m.jeu.Champs {
		if m.jeu.Champs[i].Cle == m.cle {
			return &m.jeu.Champs[i]
		}
	}
	return nil
}

// prescrite tells a value that says nothing about anybody.
func (m *masque) prescrite(c *Champ, texte string) bool {
	switch c.Genre {
	case GenreListe, GenreFormatPiece, GenreTypePiece:
		return slices.ContainsFunc(c.Valeurs, func(v string) bool { return strings.EqualFold(strings.TrimSpace(texte), v) })
	case GenreOperateur:
		return estOperateur([]byte(strings.TrimSpace(texte)))
	case GenreDate, GenreRang, GenreMontant:
		return strings.Trim(texte, "0123456789/-., ") == ""
	case GenreNumero:
		return len(texte) == 5 && tousAlnum([]byte(texte))
	case GenreNomPiece:
		_, err := m.jeu.LireNomPiece(texte)
		return err == nil
	}
	return false
}

// rang numbers the distinct values of a key as they come.
func (m *masque) rang(texte string) int {
	k := m.cle + "\x00" + texte
	n, ok := m.rangs[k]
	if !ok {
		n = len(m.rangs) + 1
		m.rangs[k] = n
	}
	return n
}

// finess masks a well-formed FINESS number by another whose key holds or
// fails as the original's does; false for any other text.
func (m *masque) finess(brut []byte, texte string) bool {
	t := []byte(texte)
	if len(brut) != 11 || len(t) != 9 || !tousChiffres(t) {
		return false
	}
	n := []byte(finessExemple(m.rang(texte)))
	if !luhn(t) {
		n[8] = '0' + (n[8]-'0'+1)%10
	}
	m.dst = append(append(append(m.dst, '"'), n...), '"')
	return true
}

// nomPiece masks what follows the prescribed beginning of a name, up to its
// extension.
func (m *masque) nomPiece(brut []byte) {
	debut := len(m.jeu.PrefixePiece()) + 1
	if i := bytes.IndexByte(brut[debut:], '-'); i >= 0 {
		debut += i + 1
	}
	fin := len(brut) - 1
	if i := bytes.LastIndexByte(brut, '.'); i >= debut {
		fin = i
	}
	numero := brut[debut:fin]
	m.dst = append(m.dst, brut[:debut]...)
	if len(numero) == 5 && tousAlnum(numero) {
		m.dst = append(m.dst, numero...)
	} else {
		m.forme(numero, m.rang(string(numero)))
	}
	m.dst = append(m.dst, brut[fin:]...)
}

// consonnes cannot spell null, true or false.
const consonnes = "bcdfghjkmnpqrstvwxz"

// forme writes raw string content with every letter and digit replaced by one
// of its class; what else there is stays, for faults hang on it. The rank is
// spelt backwards from the end, so that distinct values stay distinct.
func (m *masque) forme(brut []byte, rang int) {
	type piece struct {
		octets []byte
		classe rune
	}
	var pieces []piece
	for len(brut) > 0 {
		n, r := prochain(brut)
		pieces = append(pieces, piece{brut[:n], classe(r)})
		brut = brut[n:]
	}
	masques := make([][]byte, len(pieces))
	for i := len(pieces) - 1; i >= 0; i-- {
		masques[i] = pieces[i].octets
		echappe := len(pieces[i].octets) == 6 && pieces[i].octets[0] == '\\'
		switch cl := pieces[i].classe; cl {
		case 0:
		case 'É', 'é':
			masques[i] = utf8.AppendRune(nil, cl)
			if echappe {
				masques[i] = fmt.Appendf(nil, `\u%04x`, cl)
			}
		default:
			base := map[rune]string{'0': "0123456789", 'a': consonnes, 'A': strings.ToUpper(consonnes)}[cl]
			masques[i] = []byte{base[rang%len(base)]}
			if echappe {
				masques[i] = fmt.Appendf(nil, `\u%04x`, base[rang%len(base)])
			}
			rang /= len(base)
		}
	}
	m.dst = append(m.dst, bytes.Join(masques, nil)...)
}

// prochain reads one character of raw string content: its length there, and
// itself when it is not a short escape or half a pair, which stay as they are.
func prochain(brut []byte) (n int, r rune) {
	if brut[0] != '\\' {
		r, n = utf8.DecodeRune(brut)
		return n, r
	}
	if brut[1] != 'u' {
		return 2, 0
	}
	r, _ = hexa4(brut, 2)
	return 6, r
}

// classe is what a character is replaced by: 'A', 'a', '0', 'É', 'é'; 0 = itself.
func classe(r rune) rune {
	switch {
	case r >= 'A' && r <= 'Z':
		return 'A'
	case r >= 'a' && r <= 'z':
		return 'a'
	case r >= '0' && r <= '9':
		return '0'
	case r < utf8.RuneSelf:
		return 0
	case unicode.Is(unicode.Ll, r) || unicode.Is(unicode.Lt, r):
		return 'é'
	case unicode.IsLetter(r):
		return 'É'
	}
	return 0
}

// nombre masks a number, but for those that the format prescribes.
func (m *masque) nombre(brut []byte) {
	// A telephone typed into numLigne is longer than any rank.
	if c := m.champ(); c != nil && (c.Genre == GenreMontant || c.Genre == GenreRang && len(brut) <= 4) {
		m.dst = append(m.dst, brut...)
		return
	}
	for i, b := range brut {
		// The first digit stays above zero: 0612 would be no number.
		if b >= '0' && b <= '9' && len(brut) > 1 {
			b = map[bool]byte{true: '1', false: '0'}[i == 0 || brut[0] == '-' && i == 1]
		}
		m.dst = append(m.dst, b)
	}
}
