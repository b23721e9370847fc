package web

import (
	"bufio"
	"encoding/csv"
	"errors"
	"net/http"
	"regexp"

	"guichet.example/segur"
)

// montantEcrit is an amount as spreadsheets of this country read it: the one
// kind of cell that may begin with a minus.
var montantEcrit = regexp.MustCompile(`^-?[0-9]+,[0-9]{2}$`)

func montantCSV(m segur.Montant) string { return virgule(m.String()) }

// rendreCSV streams a table as spreadsheets of this country read it. A failure
// in the middle cuts the connection: half a list must not look like a whole one.
func (s *serveur) rendreCSV(v *visite, nom string, ecrire func(ligne func(...string) error) error) error {
	h := v.w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+nom+`.csv"`)
	if v.r.Method == http.MethodHead {
		return nil
	}
	tampon := bufio.NewWriter(v.w)
	w := csv.NewWriter(tampon)
	w.Comma, w.UseCRLF = ';', true
	_, err := tampon.WriteString("\ufeff")
	if err == nil {
		err = ecrire(func(cellules ...string) error {
			for i, c := range cellules {
				if !montantEcrit.MatchString(c) {
					cellules[i] = celluleCSV(c)
				}
			}
			return w.Write(cellules)
		})
	}
	w.Flush()
	if err := errors.Join(err, w.Error(), tampon.Flush()); err != nil {
		if v.r.Context().Err() == nil {
			s.o.Signaler(v.r, err)
		}
		panic(http.ErrAbortHandler)
	}
	return nil
}
