package tableur

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Limits of a table. They keep a stranger's file from costing more than a real
// order list can.
const (
	TailleMax   = 64 << 20 // bytes of the file
	LignesMax   = 200_000  // rows
	ColonnesMax = 300      // columns
	cellulesMax = 5 << 20  // cells in all, empty ones included
	enTetesMax  = 15       // rows among which headings are looked for
)

// Table is what one sheet holds.
type Table struct {
	Nom    string // of the file, without folders
	Taille int64
	SHA256 string // hexadecimal, of the file

	Feuille     string   // sheet that was read; "" for a CSV
	Autres      []string // other visible sheets that hold something
	Encodage    string   // of a CSV, as people name it; "" for a workbook
	Separateur  rune     // of a CSV
	Jours1904   bool     // the workbook counts days from 1904
	Entetes     []string // headings, trimmed
	RangEntetes int      // number of the heading row, from 1
	Lignes      []Ligne  // rows below it that hold something
	Masquees    []int    // numbers of those of Lignes that the workbook hides, as filters do
}

// Ligne is one row.
type Ligne struct {
	Numero   int      // as the spreadsheet numbers it, from 1
	Cellules []string // one a heading, trimmed of outer white space; missing ones are ""
}

// Options override what would be guessed.
type Options struct {
	Encodage   string // "utf-8", "windows-1252", "iso-8859-1", "utf-16"; "" = guess
	Separateur string // ";", ",", "tab", "|"; "" = guess
	Feuille    string // sheet of a workbook; "" = the first that holds something

	// Noter tells how many cells of a row are known headings; the best of the
	// first rows is the heading row. nil takes the first row with two cells.
	Noter func(cellules []string) int
}

// Lire reads a table from a file. Errors are French sentences for the person.
func Lire(chemin string, o Options) (*Table, error) {
	octets, err := lireFichier(chemin)
	if err != nil {
		return nil, err
	}
	somme := sha256.Sum256(octets)
	t := &Table{Nom: filepath.Base(chemin), Taille: int64(len(octets)), SHA256: hex.EncodeToString(somme[:])}
	var brutes []Ligne
	switch {
	case strings.HasPrefix(t.Nom, "~$") || strings.HasPrefix(t.Nom, ".~lock."):
		return nil, errors.New("c’est la marque que le tableur pose à côté d’un classeur ouvert, pas le classeur : donnez le fichier du même nom sans ce préfixe")
	case bytes.HasPrefix(octets, []byte("PK\x03\x04")) && bytes.Contains(octets[:min(len(octets), 200)], []byte("opendocument.spreadsheet")):
		return nil, errors.New("c’est un classeur LibreOffice (.ods) ; attendu : .xlsx ou .csv. Enregistrez-le sous « Classeur Excel 2007-365 (.xlsx) »")
	case bytes.HasPrefix(octets, []byte("PK\x03\x04")):
		brutes, err = t.lireClasseur(octets, o)
	case estPage(octets):
		return nil, errors.New("c’est une page HTML ou XML, même si son nom finit en .xls ou .csv ; attendu : .xlsx ou .csv. Ouvrez-la dans le tableur et enregistrez-la en .xlsx")
	case bytes.HasPrefix(octets, []byte("\xd0\xcf\x11\xe0")):
		return nil, errors.New("ce classeur est protégé par un mot de passe, ou d’un ancien format (.xls) : enregistrez-le en .xlsx sans mot de passe, ou exportez-le en CSV")
	default:
		brutes, err = t.lireCSV(octets, o)
	}
	if err != nil {
		return nil, err
	}
	return t, t.poserEntetes(brutes, o.Noter)
}

// estPage tells a table written as a page, which sales software likes to call
// ".xls".
func estPage(octets []byte) bool {
	debut := strings.ToLower(string(bytes.TrimSpace(bytes.TrimPrefix(octets[:min(len(octets), 512)], []byte(bom)))))
	for _, marque := range []string{"<!doctype", "<html", "<table", "<?xml", "<meta"} {
		if strings.HasPrefix(debut, marque) {
			return true
		}
	}
	return false
}

// lireFichier reads a whole file, within TailleMax.
func lireFichier(chemin string) ([]byte, error) {
	f, err := os.Open(chemin)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errors.New("c’est un dossier ; donnez le fichier CSV ou XLSX des commandes")
	case info.Size() > TailleMax:
		return nil, fmt.Errorf("ce fichier compte %d Mo, plus que les %d Mo admis pour une liste de commandes : découpez-le", info.Size()>>20, TailleMax>>20)
	}
	b := bytes.NewBuffer(make([]byte, 0, min(info.Size(), TailleMax)+bytes.MinRead))
	if _, err := b.ReadFrom(io.LimitReader(f, TailleMax+1)); err != nil {
		return nil, err
	}
	if b.Len() > TailleMax {
		return nil, fmt.Errorf("ce fichier dépasse les %d Mo admis pour une liste de commandes : découpez-le", TailleMax>>20)
	}
	return b.Bytes(), nil
}

// poserEntetes finds the heading row and sets rows beside its headings.
func (t *Table) poserEntetes(brutes []Ligne, noter func([]string) int) error {
	choix, meilleur := -1, 0
	for i := range brutes[:min(len(brutes), enTetesMax)] {
		n := 0
		if noter != nil {
			n = noter(brutes[i].Cellules)
		} else if pleines(brutes[i].Cellules) >= 2 {
			n = 1
		}
		if n > meilleur {
			choix, meilleur = i, n
		}
	}
	if choix < 0 {
		for i := range brutes {
			if pleines(brutes[i].Cellules) > 0 {
				choix = i
				break
			}
		}
	}
	if choix < 0 {
		return errors.New("cette liste est vide : la première ligne doit porter les titres des colonnes ; « segur preparer --modele » en écrit une prête à remplir")
	}
	t.Entetes, t.RangEntetes = sansQueue(brutes[choix].Cellules), brutes[choix].Numero
	if len(t.Entetes) > ColonnesMax {
		return fmt.Errorf("ligne %d : %d colonnes, plus que les %d admises", t.RangEntetes, len(t.Entetes), ColonnesMax)
	}
	t.Masquees = slices.DeleteFunc(t.Masquees, func(n int) bool { return n <= t.RangEntetes })
	t.Lignes = brutes[choix+1:][:0] // in place: never behind the row being read
	for _, l := range brutes[choix+1:] {
		if pleines(l.Cellules) == 0 {
			continue
		}
		if err := t.ranger(&l); err != nil {
			return err
		}
		t.Lignes = append(t.Lignes, l)
	}
	return nil
}

// ranger gives a row as many cells as there are headings. A value without a
// heading is refused: it would be lost, or belong to a column that a stray
// separator has shifted.
func (t *Table) ranger(l *Ligne) error {
	n := len(t.Entetes)
	for i := n; i < len(l.Cellules); i++ {
		if l.Cellules[i] != "" {
			return fmt.Errorf("%sligne %d : la valeur « %s » n’est sous aucun titre (%d colonnes ont un titre, celle-ci est la %dᵉ) ; un séparateur en trop décale peut-être la ligne : mettez la cellule entre guillemets, ou donnez un titre à la colonne",
				t.lieu(), l.Numero, tronquer(l.Cellules[i]), n, i+1)
		}
	}
	if len(l.Cellules) >= n {
		l.Cellules = l.Cellules[:n]
		return nil
	}
	c := make([]string, n)
	copy(c, l.Cellules)
	l.Cellules = c
	return nil
}

func (t *Table) lieu() string {
	if t.Feuille == "" {
		return ""
	}
	return "feuille « " + t.Feuille + " », "
}

// sansQueue leaves the empty cells at the end of a row out.
func sansQueue(cellules []string) []string {
	for len(cellules) > 0 && cellules[len(cellules)-1] == "" {
		cellules = cellules[:len(cellules)-1]
	}
	return cellules
}

func pleines(cellules []string) int {
	n := 0
	for _, c := range cellules {
		if c != "" {
			n++
		}
	}
	return n
}

func tronquer(s string) string {
	if r := []rune(s); len(r) > 40 {
		s = string(r[:40]) + "…"
	}
	return strings.Join(strings.Fields(s), " ")
}

// NomSeparateur is how people call a separator.
func NomSeparateur(r rune) string {
	switch r {
	case ';':
		return "point-virgule"
	case ',':
		return "virgule"
	case '\t':
		return "tabulation"
	case '|':
		return "barre verticale"
	}
	return string(r)
}
