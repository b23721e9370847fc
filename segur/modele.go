package segur

import (
	"bytes"
	"fmt"
	"strings"
)

// Modele is the blank model of the agency: one request with every key and no
// value. It passes control 1; control 2 says what to fill in.
func (j *Jeu) Modele() []byte {
	return j.ecrire(1, func(c *Champ, _ int) string {
		if c.Genre == GenreRang {
			return "1"
		}
		return "null"
	}, 1)
}

// Exemple is a file of n requests (1 to 200) that control accepts without a
// single remark, plainly fictitious, under the day of [JourExemple] or later.
func (j *Jeu) Exemple(n int) []byte {
	return j.ecrire(n, j.valeurExemple, j.nbPiecesExemple())
}

// JourExemple is the day that the examples and the kit are controlled as of.
var JourExemple = Jour{2023, 7, 1}

// NomExemple is the name of an example as a deposit of JourExemple.
func NomExemple(numero int) string {
	return NomFichier{NumeroAns: "9999999999", Jour: JourExemple, Numero: numero}.String()
}

// nbPiecesExemple is how many types of pieces every request must declare.
func (j *Jeu) nbPiecesExemple() int {
	n := 0
	for i := range j.Pieces {
		if j.Pieces[i].SousRegime == "" {
			n++
		}
	}
	return n
}

// valeurExemple is an accepted value of a leaf, as JSON text; k is the rank of
// the request, from 1, or of the piece inside it for the leaves of a piece.
func (j *Jeu) valeurExemple(c *Champ, k int) string {
	switch c.Genre {
	case GenreRang:
		return fmt.Sprint(k)
	case GenreNumero:
		return fmt.Sprintf("%q", fmt.Sprintf("%05d", k))
	case GenreReference:
		return fmt.Sprintf("%q", fmt.Sprintf("ASP-%06d", k))
	case GenreFiness:
		return fmt.Sprintf("%q", finessExemple(k))
	}
	return c.Exemple
}

// finessExemple makes a FINESS number with a right key, in a department that
// does not exist.
func finessExemple(k int) string {
	corps := fmt.Sprintf("99%06d", k)
	for cle := byte('0'); cle <= '9'; cle++ {
		if n := corps + string(cle); luhn([]byte(n)) {
			return n
		}
	}
	return corps + "0"
}

// ecrire writes a document of n requests in the order of the table, each leaf
// as val gives it.
func (j *Jeu) ecrire(n int, val func(c *Champ, k int) string, pieces int) []byte {
	var b bytes.Buffer
	b.WriteString("{\n")
	for i := range j.Entete {
		fmt.Fprintf(&b, "  \"%s\": %s,\n", j.Entete[i].Cle, val(&j.Entete[i], 1))
	}
	fmt.Fprintf(&b, "  \"%s\": [\n", cleLignesImport)
	for k := 1; k <= n; k++ {
		j.ecrireDemande(&b, k, val, pieces)
		b.WriteString(virgule(k < n))
	}
	b.WriteString("  ]\n}\n")
	return b.Bytes()
}

func (j *Jeu) ecrireDemande(b *bytes.Buffer, k int, val func(c *Champ, k int) string, pieces int) {
	b.WriteString("    {\n")
	cles := j.plan.ligne.cles
	for i, c := range cles {
		fmt.Fprintf(b, "      %s: ", c.motif)
		switch c.sorte {
		case cleFeuille:
			b.WriteString(val(&j.Champs[c.indice], k))
		case clePieces:
			b.WriteString("[\n")
			for p := range pieces {
				fmt.Fprintf(b, "        { %s }%s", j.membresPiece(k, p, val), virgule(p < pieces-1))
			}
			b.WriteString("      ]")
		default:
			b.WriteString("{\n")
			feuilles := j.plan.blocs[c.indice].cles
			for f, l := range feuilles {
				fmt.Fprintf(b, "        %s: %s%s", l.motif, val(&j.Champs[l.indice], k), virgule(f < len(feuilles)-1))
			}
			b.WriteString("      }")
		}
		b.WriteString(virgule(i < len(cles)-1))
	}
	b.WriteString("    }")
}

// membresPiece writes the leaves of the p-th piece of the k-th request: the
// p-th type of the rule set, unless val leaves them blank.
func (j *Jeu) membresPiece(k, p int, val func(c *Champ, k int) string) string {
	var ms []string
	numero := strings.Trim(val(&j.Champs[j.plan.numeroEditeur], k), `"`)
	for _, l := range j.plan.piece.cles {
		c := &j.Champs[l.indice]
		v := val(c, k)
		if v != "null" {
			switch c.Genre {
			case GenreNomPiece:
				v = `"` + j.PrefixePiece() + j.Pieces[p].Abrege + "-" + numero + `.pdf"`
			case GenreTypePiece:
				v = `"` + j.Pieces[p].Valeur + `"`
			}
		}
		ms = append(ms, l.motif+": "+v)
	}
	return strings.Join(ms, ", ")
}

func virgule(oui bool) string {
	if oui {
		return ",\n"
	}
	return "\n"
}
