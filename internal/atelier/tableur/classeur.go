package tableur

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Limits of what a workbook inflates to: all of it, and one part kept in
// memory (a larger one goes through a temporary file).
const (
	gonfleMax = 512 << 20
	partieMax = 32 << 20
)

// lireClasseur reads one sheet of an XLSX file.
func (t *Table) lireClasseur(octets []byte, o Options) ([]Ligne, error) {
	x, err := excelize.OpenReader(bytes.NewReader(octets), excelize.Options{RawCellValue: true, UnzipSizeLimit: gonfleMax, UnzipXMLSizeLimit: partieMax})
	if err != nil {
		return nil, fmt.Errorf("ce fichier n’est pas un classeur XLSX lisible (%w) : ouvrez-le dans le tableur et enregistrez-le de nouveau en .xlsx", err)
	}
	defer func() { _ = x.Close() }() // only read
	if p, err := x.GetWorkbookProps(); err == nil && p.Date1904 != nil {
		t.Jours1904 = *p.Date1904
	}
	var visibles []string
	for _, nom := range x.GetSheetList() {
		if v, err := x.GetSheetVisible(nom); err == nil && v {
			visibles = append(visibles, nom)
		}
	}
	if o.Feuille != "" {
		if i, err := x.GetSheetIndex(o.Feuille); err != nil || i < 0 {
			return nil, fmt.Errorf("le classeur n’a pas de feuille « %s » ; il a : %s", tronquer(o.Feuille), strings.Join(x.GetSheetList(), ", "))
		}
		visibles = []string{o.Feuille}
	}
	var choix []Ligne
	for _, nom := range visibles {
		lignes, masquees, err := lireFeuille(x, nom, choix == nil)
		if err != nil {
			return nil, fmt.Errorf("feuille « %s » : %w", nom, err)
		}
		switch {
		case len(lignes) == 0:
		case choix == nil:
			choix, t.Feuille, t.Masquees = lignes, nom, masquees
		default:
			t.Autres = append(t.Autres, nom)
		}
	}
	return choix, nil
}

// lireFeuille reads the rows of a sheet as a stream, and tells those that are
// hidden; without tout, only whether it holds something.
func lireFeuille(x *excelize.File, nom string, tout bool) (lignes []Ligne, masquees []int, err error) {
	r, err := x.Rows(nom)
	if err != nil {
		return nil, nil, err
	}
	vues := 0
	for numero := 1; r.Next(); numero++ {
		brutes, err := r.Columns()
		if err != nil {
			return nil, nil, errors.Join(err, r.Close())
		}
		brutes = sansQueue(brutes)
		if vues += len(brutes); len(lignes) > LignesMax || vues > cellulesMax {
			return nil, nil, errors.Join(fmt.Errorf("plus de %d lignes ou de %d cellules : découpez la liste", LignesMax, cellulesMax), r.Close())
		}
		if len(brutes) > ColonnesMax*4 {
			return nil, nil, errors.Join(fmt.Errorf("ligne %d : plus de %d cellules", numero, ColonnesMax*4), r.Close())
		}
		cellules := make([]string, len(brutes))
		for i, b := range brutes {
			cellules[i] = nombreExact(compose(strings.TrimSpace(b)))
		}
		if pleines(cellules) > 0 {
			lignes = append(lignes, Ligne{numero, cellules})
			if r.GetRowOpts().Hidden {
				masquees = append(masquees, numero)
			}
			if !tout {
				break
			}
		}
	}
	return lignes, masquees, errors.Join(r.Error(), r.Close())
}

// nombreExact undoes how a workbook writes numbers: 708.33 is kept there as
// "708.33000000000004", 99000001 at times as "9.9000001E7", 2100000000 as
// "2.1E9" (programs in Java do). The shortest text
// that names the same binary number is what the person typed; no digit is
// rounded away. Texts that only look like numbers do not change, since they
// have neither an exponent nor more than 15 digits behind a point.
func nombreExact(s string) string {
	point := strings.IndexByte(s, '.')
	if len(s) < 5 || point < 0 || len(s) > 32 || strings.Trim(s, "0123456789.eE+-") != "" {
		return s
	}
	if !strings.ContainsAny(s, "eE") && len(s) < 17 {
		return s
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}
