package segur

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

//go:generate go run generer_operateurs.go

// Operateur is one operator of secure health messaging, a row of section 4.
type Operateur struct {
	Code    string // what the file must carry, byte for byte: "CH _20" has a space, "HÔP_302" an accent
	Libelle string
}

// Operateurs lists the 355 operators in the order of section 4.
func Operateurs() []Operateur { return slices.Clone(operateurs[:]) }

// OperateurDe returns the operator of a code, byte for byte; false when
// section 4 has none.
func OperateurDe(code string) (Operateur, bool) {
	if n := rangOperateur([]byte(code)); n > 0 {
		return operateurs[n-1], true
	}
	return Operateur{}, false
}

func estOperateur(t []byte) bool { return rangOperateur(t) > 0 }

// rangOperateur finds a code by the number after its underscore, which runs
// from 1 to 355 without a hole; 0 = not a code.
func rangOperateur(t []byte) int {
	i := len(t) - 1
	n, poids := 0, 1
	for ; i >= 0 && t[i] != '_'; i-- {
		if t[i] < '0' || t[i] > '9' || poids > 100 {
			return 0
		}
		n += int(t[i]-'0') * poids
		poids *= 10
	}
	if n < 1 || n > len(operateurs) || operateurs[n-1].Code != string(t) {
		return 0
	}
	return n
}

// ChercherOperateurs returns the operators that a person may mean by q, the
// nearest first, at most max of them: by code, by words of the label, letter
// case, accents and spaces aside.
func ChercherOperateurs(q string, max int) []Operateur {
	type note struct {
		op    Operateur
		score int
	}
	var notes []note
	pq := plat(q)
	if pq == "" {
		return nil
	}
	var mots []string
	for _, m := range strings.FieldsFunc(q, separateur) {
		if pm := plat(m); len(pm) >= 2 {
			mots = append(mots, pm)
		}
	}
	texte := operateursTexte()
	absent := !strings.Contains(texte, pq) && (len(mots) == 0 || slices.ContainsFunc(mots, func(m string) bool { return !strings.Contains(texte, m) }))
	for _, score := range []func(*operateurPlat) int{
		func(o *operateurPlat) int {
			if absent {
				return 0
			}
			return o.score(pq, mots)
		},
		// Mistypings are looked for when nothing holds the words themselves.
		func(o *operateurPlat) int { return o.voisinage(pq) },
	} {
		plats := operateursPlats()
		for i := range plats {
			if s := score(&plats[i]); s > 0 {
				notes = append(notes, note{operateurs[i], s})
			}
		}
		if len(notes) > 0 {
			break
		}
	}
	slices.SortStableFunc(notes, func(a, b note) int { return b.score - a.score })
	var ops []Operateur
	for _, n := range notes[:min(max, len(notes))] {
		ops = append(ops, n.op)
	}
	return ops
}

func separateur(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// operateurPlat is an operator as searches compare it.
type operateurPlat struct{ code, libelle string }

var operateursPlats = sync.OnceValue(func() []operateurPlat {
	plats := make([]operateurPlat, len(operateurs))
	for i, o := range operateurs {
		plats[i] = operateurPlat{plat(o.Code), plat(o.Libelle)}
	}
	return plats
})

// operateursTexte is all codes and labels in one text: what it does not hold,
// no operator does.
var operateursTexte = sync.OnceValue(func() string {
	var b strings.Builder
	for _, p := range operateursPlats() {
		b.WriteString(p.code + "\n" + p.libelle + "\n")
	}
	return b.String()
})

// score grades how well an operator holds a query, given whole and by its
// words; 0 = not at all.
func (o *operateurPlat) score(pq string, mots []string) int {
	switch {
	case o.code == pq || o.libelle == pq:
		return 100
	case len(pq) >= 3 && strings.HasPrefix(o.libelle, pq):
		return 80
	case len(pq) >= 3 && strings.Contains(o.libelle, pq):
		return 70
	}
	trouves := 0
	for _, m := range mots {
		if strings.Contains(o.libelle, m) || o.code == m {
			trouves++
		}
	}
	if len(mots) > 0 && trouves == len(mots) {
		return 60
	}
	return 0
}

// voisinage grades how few edits lead from a query to an operator.
func (o *operateurPlat) voisinage(pq string) int {
	// A distance is at least the difference of the lengths.
	if ecart, long := abs(len(pq)-len(o.libelle)), max(len(pq), len(o.libelle)); len(pq) <= 64 && ecart*4 <= long {
		if d := distance(pq, o.libelle); d*4 <= long {
			return 50 - d
		}
	}
	if len(pq) >= 4 && aUnSignePres(pq, o.code) {
		return 39
	}
	return 0
}

// aUnSignePres tells whether one insertion, deletion or replacement at most
// makes a into b.
func aUnSignePres(a, b string) bool {
	for a != "" && b != "" && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return len(a) <= 1 && len(b) <= 1
}

func abs(n int) int { return max(n, -n) }

// operateursProches proposes operators for a value that is none, as the end of
// a remedy.
func operateursProches(texte string) string {
	ops := ChercherOperateurs(texte, 3)
	if len(ops) == 0 {
		return " Cherchez le code avec « segur operateurs »."
	}
	s := " Vouliez-vous dire "
	for i, o := range ops {
		if i > 0 {
			s += ", "
		}
		s += "\"" + o.Code + "\" (" + o.Libelle + ")"
	}
	return s + " ?"
}

// plat reduces a text to what people mean by it: lower case, no accents, no
// spaces or punctuation.
func plat(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		switch {
		case r == 'œ' || r == 'Œ':
			b.WriteString("oe")
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}
