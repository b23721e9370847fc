package tableur

import (
	"errors"
	"fmt"
	"strings"
)

// separateurs are those that a file is tried with, the usual one first.
var separateurs = []rune{';', ',', '\t', '|'}

// lireCSV reads text. Rows are counted as a spreadsheet shows them: a cell
// over several lines is one row, an empty line is a row.
func (t *Table) lireCSV(octets []byte, o Options) ([]Ligne, error) {
	texte, nom, err := decoder(octets, o.Encodage)
	if err != nil {
		return nil, err
	}
	t.Encodage, texte = nom, compose(texte)
	if strings.IndexByte(texte, 0) >= 0 {
		return nil, errors.New("ce fichier n’est pas du texte : donnez un CSV ou un XLSX")
	}
	debut := 1
	if ligne, reste, ok := strings.Cut(texte, "\n"); ok && strings.HasPrefix(strings.ToLower(ligne), "sep=") {
		// A line of Excel's own, which it does not show.
		if o.Separateur == "" && len(strings.TrimRight(ligne, "\r")) == 5 {
			o.Separateur = ligne[4:5]
		}
		texte, debut = reste, 2
	}
	if t.Separateur, err = separateurDe(texte, o.Separateur); err != nil {
		return nil, err
	}
	return decouper(texte, byte(t.Separateur), debut)
}

// debutMax is how much of a text its separator is looked for in.
const debutMax = 64 << 10

// separateurDe is the separator asked for, or the one that cuts the first
// lines into the most columns.
func separateurDe(texte, voulu string) (rune, error) {
	switch strings.ToLower(voulu) {
	case "":
	case "tab", "tabulation", "\\t", "\t":
		return '\t', nil
	default:
		for _, s := range separateurs {
			if voulu == string(s) || strings.EqualFold(voulu, NomSeparateur(s)) {
				return s, nil
			}
		}
		return 0, fmt.Errorf("le séparateur « %s » n’est pas admis ; attendu : « ; », « , », « | » ou tab", tronquer(voulu))
	}
	meilleur, score := ';', 0
	for _, s := range separateurs {
		if n := noterSeparateur(texte, byte(s)); n > score {
			meilleur, score = s, n
		}
	}
	return meilleur, nil
}

// noterSeparateur grades a separator on the first lines: how often it stands
// outside quotes on the line that has the fewest, if any, else on the first.
func noterSeparateur(texte string, sep byte) int {
	texte = texte[:min(len(texte), debutMax)]
	moins, plus, lignes, n := 1<<30, 0, 0, 0
	guillemets := false
	for i := 0; i < len(texte) && lignes < 20; i++ {
		switch c := texte[i]; {
		case c == '"':
			guillemets = !guillemets
		case guillemets:
		case c == sep:
			n++
		case c == '\n':
			if n > 0 || lignes > 0 {
				moins, plus, lignes = min(moins, n), max(plus, n), lignes+1
			}
			n = 0
		}
	}
	if n > 0 {
		moins, plus = min(moins, n), max(plus, n)
	}
	if moins == 1<<30 {
		return plus
	}
	return moins*1000 + plus
}

// decouper cuts text into rows (RFC 4180, lone CR and LF being line ends; a
// quote inside a cell without quotes is a character). Cells without quotes are
// views of the text.
func decouper(texte string, sep byte, debut int) ([]Ligne, error) {
	lignes := make([]Ligne, 0, min(strings.Count(texte, "\n")+1, LignesMax))
	var cellules []string
	largeur, total := 16, 0
	for i, numero := 0, debut; i < len(texte); numero++ {
		if len(lignes) > LignesMax {
			return nil, fmt.Errorf("cette liste dépasse %d lignes : découpez-la", LignesMax)
		}
		cellules = make([]string, 0, largeur)
		for fin := false; !fin; {
			var c string
			var err error
			if c, i, err = cellule(texte, i, sep); err != nil {
				return nil, fmt.Errorf("ligne %d : %w", numero, err)
			}
			if len(cellules) > ColonnesMax*4 {
				return nil, fmt.Errorf("ligne %d : plus de %d cellules", numero, ColonnesMax*4)
			}
			cellules = append(cellules, strings.TrimSpace(c))
			switch {
			case i >= len(texte):
				fin = true
			case texte[i] == sep:
				i++
				if i == len(texte) {
					cellules, fin = append(cellules, ""), true
				}
			default:
				if texte[i] == '\r' && i+1 < len(texte) && texte[i+1] == '\n' {
					i++
				}
				i++
				fin = true
			}
		}
		largeur = len(cellules)
		if total += largeur; total > cellulesMax {
			return nil, fmt.Errorf("ligne %d : cette liste compte plus de %d cellules : découpez-la", numero, cellulesMax)
		}
		lignes = append(lignes, Ligne{numero, cellules})
	}
	return lignes, nil
}

// cellule reads the cell that begins at i and returns where it ends: at a
// separator, a line end, or the end of the text.
func cellule(texte string, i int, sep byte) (string, int, error) {
	if i >= len(texte) || texte[i] != '"' {
		deb := i
		for i < len(texte) && texte[i] != sep && texte[i] != '\n' && texte[i] != '\r' {
			i++
		}
		return texte[deb:i], i, nil
	}
	deb := i + 1
	double := false
	for i = deb; i < len(texte); i++ {
		if texte[i] != '"' {
			continue
		}
		if i+1 < len(texte) && texte[i+1] == '"' {
			double = true
			i++
			continue
		}
		c := texte[deb:i]
		if double {
			c = strings.ReplaceAll(c, `""`, `"`)
		}
		if i++; i < len(texte) && texte[i] != sep && texte[i] != '\n' && texte[i] != '\r' {
			return "", i, fmt.Errorf("un guillemet fermant est suivi de « %s » ; dans une cellule entre guillemets, un guillemet s’écrit deux fois", tronquer(texte[i:min(len(texte), i+12)]))
		}
		return c, i, nil
	}
	return "", i, errors.New("un guillemet ouvert n’est jamais refermé")
}
