package store

import (
	"strconv"
	"strings"
)

// formeRangs is how rows of one table are spelled and bound: a value that all
// rows share is bound once, and one that is empty in all is a literal. Binding
// a value costs SQLite about as much as writing it.
type formeRangs struct {
	mots     []string // of each column: a literal, "?3" of a shared value, "?" of one of its own
	communes []int    // columns whose value is bound once
	propres  []int    // columns bound for each row
}

func (d *dialecte) formeRangs(rangs [][]any, n int) formeRangs {
	f := formeRangs{mots: make([]string, n)}
	for c := range n {
		m, commune := "?", partagee(rangs, c)
		if commune {
			m = litteral(rangs[0][c])
		}
		switch {
		case m != "?":
		case commune && len(rangs) > 1 && !d.numerote: // a number beside the sign is SQLite's alone
			f.communes = append(f.communes, c)
			m += strconv.Itoa(len(f.communes))
		default:
			f.propres = append(f.propres, c)
		}
		f.mots[c] = m
	}
	return f
}

// texte spells k rows. In the first one every placeholder has its number: a
// bare "?" is the one behind the highest so far.
func (f *formeRangs) texte(k int) string {
	var b strings.Builder
	propres := len(f.communes)
	for i := range k {
		if i > 0 {
			b.WriteByte(',')
		}
		for c, m := range f.mots {
			b.WriteByte("(,"[min(c, 1)])
			b.WriteString(m)
			if m == "?" && i == 0 && f.communes != nil {
				propres++
				b.WriteString(strconv.Itoa(propres))
			}
		}
		b.WriteByte(')')
	}
	return b.String()
}

// arguments gives the values that texte of as many rows binds, in its order.
func (f *formeRangs) arguments(rangs [][]any) []any {
	args := make([]any, 0, len(f.communes)+len(rangs)*len(f.propres))
	for _, c := range f.communes {
		args = append(args, rangs[0][c])
	}
	for _, r := range rangs {
		for _, c := range f.propres {
			args = append(args, r[c])
		}
	}
	return args
}

// partagee tells whether all rows have one value in a column. What cannot be
// compared is never shared.
func partagee(rangs [][]any, c int) bool {
	if len(rangs) == 0 {
		return false
	}
	switch rangs[0][c].(type) {
	case string, int64, int, bool:
	default:
		return false
	}
	for _, r := range rangs[1:] {
		if r[c] != rangs[0][c] {
			return false
		}
	}
	return true
}

// litteral spells the commonest empty values; of any other it is "?".
func litteral(v any) string {
	switch v {
	case "":
		return "''"
	case "{}":
		return "'{}'"
	case int64(0):
		return "0"
	}
	return "?"
}
