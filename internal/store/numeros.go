package store

import (
	"strings"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// A supplier's numbers follow one another: those with the same first three
// characters stand in one row, so that a file of 200 writes one or two.
const (
	longueurNumero = 5
	longueurTete   = 3
	longueurSuite  = longueurNumero - longueurTete
)

// couper splits a number that a row can hold; no other is ever used up.
func couper(numero string) (tete, suite string, ok bool) {
	if len(numero) != longueurNumero || strings.IndexFunc(numero, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) >= 0 {
		return "", "", false
	}
	numero = strings.ToUpper(numero)
	return numero[:longueurTete], numero[longueurTete:], true
}

// suites tells which numbers of one row are used up, by the place of their end
// among all ends.
type suites [36 * 36]bool

func place(suite string) int { return rangBase36(suite[0])*36 + rangBase36(suite[1]) }

func rangBase36(c byte) int {
	if c <= '9' {
		return int(c - '0')
	}
	return int(c-'A') + 10
}

func (s *suites) poser(texte string) {
	for ; len(texte) >= longueurSuite; texte = texte[longueurSuite:] {
		s[place(texte)] = true
	}
}

// numerosPris reads the rows that these numbers would stand in.
func (t *transaction) numerosPris(f guichet.FournisseurID, ty segur.TypeDemande, numeros []string) (map[string]*suites, error) {
	p := map[string]*suites{}
	var tetes []string
	for _, x := range numeros {
		if tete, _, ok := couper(x); ok {
			if p[tete] == nil {
				p[tete] = &suites{}
				tetes = append(tetes, tete)
			}
		}
	}
	for len(tetes) > 0 {
		n := min(len(tetes), parLecture)
		q, args := parmi(tetes[:n])
		err := t.tous("SELECT tete, suites FROM numero_brule WHERE fournisseur_id = ? AND type = ? AND tete "+q, append([]any{int64(f), string(ty)}, args...), func(scan func(...any) error) error {
			var tete, texte string
			if err := scan(&tete, &texte); err != nil {
				return err
			}
			p[tete].poser(texte)
			return nil
		})
		if err != nil {
			return nil, err
		}
		tetes = tetes[n:]
	}
	return p, nil
}

func (t *transaction) Brules(f guichet.FournisseurID, ty segur.TypeDemande, numeros []string) (map[string]bool, error) {
	p, err := t.numerosPris(f, ty, numeros)
	if err != nil {
		return nil, err
	}
	brules := map[string]bool{}
	for _, x := range numeros {
		if tete, suite, ok := couper(x); ok && p[tete][place(suite)] {
			brules[tete+suite] = true
		}
	}
	return brules, nil
}

func (t *transaction) Bruler(f guichet.FournisseurID, ty segur.TypeDemande, numeros []string) error {
	p, err := t.numerosPris(f, ty, numeros)
	if err != nil {
		return err
	}
	nouvelles := map[string]string{}
	var tetes []string // in the order of the file
	for _, x := range numeros {
		tete, suite, ok := couper(x)
		if !ok || p[tete][place(suite)] {
			continue
		}
		p[tete][place(suite)] = true
		if nouvelles[tete] == "" {
			tetes = append(tetes, tete)
		}
		nouvelles[tete] += suite
	}
	rangs := make([][]any, len(tetes))
	for i, tete := range tetes {
		rangs[i] = []any{int64(f), string(ty), tete, nouvelles[tete]}
	}
	return t.inserer("numero_brule", "fournisseur_id, type, tete, suites", " ON CONFLICT (fournisseur_id, type, tete) DO UPDATE SET suites = numero_brule.suites || excluded.suites", rangs)
}
