package registre

import (
	"strings"

	"guichet.example/segur"
)

// AppendExtras writes the supplier's own values behind dst, as one object with
// a member a column.
func AppendExtras(dst []byte, xs []Extra) []byte {
	dst = append(dst, '{')
	for i, x := range xs {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = segur.AppendMembreJSON(dst, x.Colonne, x.Valeur)
	}
	return append(dst, '}')
}

// DireExtras names the supplier's own values in a sentence; "" when there are
// none. It is safe for a terminal.
func DireExtras(xs []Extra) string {
	var mots []string
	for _, x := range xs {
		mots = append(mots, segur.Visible(x.Colonne, 30)+" "+segur.Visible(x.Valeur, 40))
	}
	return strings.Join(mots, ", ")
}
