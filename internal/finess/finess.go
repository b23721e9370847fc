// Package finess reads the public register of health establishments, so that
// the portal can tell whether a FINESS number is a pharmacy's.
//
// Start at [Lire]. It takes the extracts of the open data site as they are:
// cs1100502 and cs1100507 (semicolons, UTF-8 or Windows-1252, which is
// detected), and the newer JSON of structures. A register is read from
// end to end with flat memory. The package must never import the business or a
// store: who calls it keeps what it reads.
package finess

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Bounds of what is read: it comes from outside.
const (
	tailleMax = 4 << 30 // bytes of a register
	ligneMax  = 64 << 10
	fautesMax = 20
)

// Etablissement is one geographical entity: a place, not a company.
type Etablissement struct {
	Finess        string // 9 characters
	Categorie     int    // 620 = pharmacy
	RaisonSociale string // the long name when there is one
	CodePostal    string // "" when the extract has none
	Ferme         bool   // closed; only the JSON form says so
}

// Releve says what was read, for the operator and for the journal.
type Releve struct {
	Format   string   // "cs1100502", "cs1100507" or "structures" (JSON)
	Encodage string   // "UTF-8" or "Windows-1252"
	Extrait  string   // day of the extract, AAAA-MM-JJ; "" when not said
	Lus      int      // establishments given
	Ignores  int      // lines or objects that are no establishment or lack a number or a category
	Fautes   []string // why, for the first of them, with their place
}

// ErrVide says that nothing of what was read is an establishment: the register
// in use must then be kept.
var ErrVide = errors.New("aucun établissement dans ce fichier ; attendu l’extraction FINESS cs1100502, cs1100507 ou le flux JSON des structures")

// Lire reads a register and calls f for each establishment, in the order of the
// file; the same number may come twice. It stops at the first error of f, which
// it returns. An unreadable register is an error in French: what f was given
// before must then be thrown away, which a transaction does.
func Lire(r io.Reader, f func(Etablissement) error) (*Releve, error) {
	l := &lecteur{f: f}
	b := bufio.NewReaderSize(&borne{r: r, reste: tailleMax}, ligneMax)
	debut, err := b.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("registre FINESS : %w", err)
	}
	lire := l.lireCSV
	if t := bytes.TrimLeft(bytes.TrimPrefix(debut, []byte("\xef\xbb\xbf")), " \t\r\n"); len(t) > 0 && t[0] == '{' {
		lire = l.lireJSON
	}
	if err := lire(b); err != nil {
		return nil, fmt.Errorf("registre FINESS : %w", err)
	}
	if l.Lus == 0 {
		return nil, fmt.Errorf("registre FINESS : %w", l.vide())
	}
	return &l.Releve, nil
}

// lecteur is a register being read.
type lecteur struct {
	Releve
	f func(Etablissement) error
}

func (l *lecteur) vide() error {
	if len(l.Fautes) == 0 {
		return ErrVide
	}
	return fmt.Errorf("%w (%s)", ErrVide, strings.Join(l.Fautes[:min(3, len(l.Fautes))], " ; "))
}

// donner gives an establishment if it is one.
func (l *lecteur) donner(ou, finess, categorie, nom, postal string, ferme bool) error {
	c := nombre(categorie)
	switch {
	case !numero(finess):
		l.ignorer("%s : le numéro « %.20q » n’est pas un FINESS de 9 caractères", ou, finess)
		return nil
	case c == 0:
		l.ignorer("%s : la catégorie « %.20q » de l’établissement %s n’est pas un nombre", ou, categorie, finess)
		return nil
	}
	l.Lus++
	return l.f(Etablissement{finess, c, couper(nom, 200), postal, ferme})
}

func (l *lecteur) ignorer(format string, a ...any) {
	if l.Ignores++; len(l.Fautes) < fautesMax {
		l.Fautes = append(l.Fautes, fmt.Sprintf(format, a...))
	}
}

// numero tells whether s has the form of a FINESS number.
func numero(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (i != 1 || c < 'A' || c > 'Z') {
			return false
		}
	}
	return len(s) == 9
}

// nombre reads a category: one to four digits; 0 = it is none.
func nombre(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' || i == 4 {
			return 0
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// postal gives the five digits that a line of address begins with.
func postal(ligne string) string {
	if len(ligne) >= 5 && strings.Trim(ligne[:5], "0123456789") == "" && (len(ligne) == 5 || ligne[5] == ' ') {
		return ligne[:5]
	}
	return ""
}

// jour gives s when it begins like AAAA-MM-JJ.
func jour(s string) string {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' || strings.Trim(s[:4]+s[5:7]+s[8:10], "0123456789") != "" {
		return ""
	}
	return s[:10]
}

func couper(s string, n int) string {
	s = strings.TrimSpace(s)
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// borne ends a reading that would never end by itself.
type borne struct {
	r     io.Reader
	reste int64
}

func (b *borne) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.reste -= int64(n); b.reste < 0 {
		return 0, errors.New("le fichier dépasse 4 Gio")
	}
	return n, err
}
