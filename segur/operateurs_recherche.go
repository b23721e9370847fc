package segur

import (
	"math/bits"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// requeteMax bounds what is looked for: the longest label has 87 bytes.
const requeteMax = 256

// ChercherOperateurs returns the operators that a person may mean by q, the
// nearest first, at most max of them: by code, by words of the label, letter
// case, accents and spaces aside; by words nearly right when nothing holds them
// as they are. A query of more than 256 bytes finds nothing.
func ChercherOperateurs(q string, max int) []Operateur {
	if len(q) > requeteMax {
		return nil
	}
	pq, mots := plat(q), motsDe(q)
	if pq == "" {
		return nil
	}
	var notes []note
	texte := operateursTexte()
	if strings.Contains(texte, pq) || len(mots) > 0 && !slices.ContainsFunc(mots, func(m string) bool { return !strings.Contains(texte, m) }) {
		notes = noterOperateurs(func(o *operateurPlat) int { return o.score(pq, mots) })
	}
	// Mistypings are looked for when nothing holds the words themselves.
	if len(notes) == 0 {
		notes = noterOperateurs(func(o *operateurPlat) int { return o.voisinage(pq) })
	}
	if len(notes) == 0 {
		notes = noterOperateurs(motsMalEcrits(mots))
	}
	slices.SortStableFunc(notes, func(a, b note) int { return b.score - a.score })
	var ops []Operateur
	for _, n := range notes[:min(max, len(notes))] {
		ops = append(ops, n.op)
	}
	return ops
}

// note is how well an operator answers a query.
type note struct {
	op    Operateur
	score int
}

// noterOperateurs lists the operators that get a grade; a nil score gives none.
func noterOperateurs(score func(*operateurPlat) int) []note {
	if score == nil {
		return nil
	}
	var notes []note
	plats := operateursPlats()
	for i := range plats {
		if s := score(&plats[i]); s > 0 {
			notes = append(notes, note{operateurs[i], s})
		}
	}
	return notes
}

// motsDe are the words of a text as searches compare them, single letters left out.
func motsDe(s string) []string {
	var mots []string
	for _, m := range strings.FieldsFunc(s, separateur) {
		if pm := plat(m); len(pm) >= 2 {
			mots = append(mots, pm)
		}
	}
	return mots
}

func separateur(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// operateurPlat is an operator as searches compare it.
type operateurPlat struct {
	code, libelle string
	mots          []string // of the label
}

var operateursPlats = sync.OnceValue(func() []operateurPlat {
	plats := make([]operateurPlat, len(operateurs))
	for i, o := range operateurs {
		plats[i] = operateurPlat{plat(o.Code), plat(o.Libelle), motsDe(o.Libelle)}
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

// motPlat is a word of labels, and which letters it has.
type motPlat struct {
	mot     string
	lettres uint32
}

// operateursMots is every word of the labels, once.
var operateursMots = sync.OnceValue(func() []motPlat {
	var mots []motPlat
	vus := map[string]bool{}
	for _, o := range operateursPlats() {
		for _, m := range o.mots {
			if !vus[m] {
				vus[m] = true
				mots = append(mots, motPlat{m, lettresDe(m)})
			}
		}
	}
	return mots
})

// lettresDe has a bit for each letter of a word; digits and others share theirs.
func lettresDe(mot string) uint32 {
	var n uint32
	for i := range len(mot) {
		n |= 1 << (mot[i] % 32)
	}
	return n
}

// motsMalEcrits grades operators whose label holds every word of a query, some
// of them mistyped: "chu angres". Nil when a word is near none of any label.
func motsMalEcrits(mots []string) func(*operateurPlat) int {
	const motsMax = 8
	if len(mots) == 0 || len(mots) > motsMax || slices.ContainsFunc(mots, introuvable) {
		return nil
	}
	proches := make([]map[string]int, len(mots)) // for each word, how far the near ones of labels are
	for i, m := range mots {
		if proches[i] = motsProches(m); len(proches[i]) == 0 {
			return nil
		}
	}
	return func(o *operateurPlat) int {
		total := 0
		for i := range mots {
			ecart := -1
			for _, l := range o.mots {
				if d, ok := proches[i][l]; ok && (ecart < 0 || d < ecart) {
					ecart = d
				}
			}
			if ecart < 0 {
				return 0
			}
			total += ecart
		}
		return max(1, 35-total)
	}
}

const longueurMin, longueurMax = 4, 32 // of a word that may be mistyped

// introuvable tells a word that no label holds and that cannot be a mistyped one.
func introuvable(m string) bool {
	return (len(m) < longueurMin || len(m) > longueurMax) && !strings.Contains(operateursTexte(), m)
}

// motsProches are the words of labels that a word may stand for, and how many
// edits away they are: 0 when they hold it.
func motsProches(m string) map[string]int {
	proches := map[string]int{}
	entier := strings.Contains(operateursTexte(), m)
	lettres := lettresDe(m)
	for _, l := range operateursMots() {
		long := max(len(m), len(l.mot))
		switch {
		case entier && strings.Contains(l.mot, m):
			proches[l.mot] = 0
		case min(len(m), len(l.mot)) < longueurMin, abs(len(m)-len(l.mot))*4 > long:
		// An edit changes two letters at most: most words need no closer look.
		case bits.OnesCount32(lettres^l.lettres) > max(2*(long/4), 2):
		default:
			if d := distance(m, l.mot); d*4 <= long || d == 2 && echange(m, l.mot) {
				proches[l.mot] = d
			}
		}
	}
	return proches
}

// echange tells whether two neighbouring letters of a stand the other way
// round in b, and nothing else differs.
func echange(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
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
