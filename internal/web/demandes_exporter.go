package web

import (
	"bufio"
	"encoding/csv"
	"net/http"
	"strings"
	"unicode/utf8"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

func jourOuVide(j segur.Jour) string {
	if j.Nul() {
		return ""
	}
	return j.String()
}

// celluleCSV keeps a spreadsheet from running a text that begins as a formula.
func celluleCSV(t string) string {
	// The wide forms are the same to some spreadsheets.
	if r, _ := utf8.DecodeRuneInString(t); t != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", r) {
		return "'" + t
	}
	return t
}

// parcourir hands over every request of the filter, part by part: an export of
// any length holds one part in memory.
func (s *serveur) parcourir(v *visite, f guichet.Filtre, prendre func(*demandeVue) error) error {
	return s.g.ParcourirDemandes(v.r.Context(), v.a, f, func(ds []guichet.Demande, ps map[guichet.NumeroASP][]guichet.Piece) (bool, error) {
		for i := range ds {
			x := s.vue(&ds[i], ps[ds[i].NumeroASP])
			if err := prendre(&x); err != nil {
				return false, err
			}
		}
		return true, nil
	})
}

// titresDe are the headings of an export.
func titresDe(cols []colonne) []string {
	ts := make([]string, len(cols))
	for i, c := range cols {
		ts[i] = c.titre
	}
	return ts
}

// exporter sends the headers of an export and runs it: the columns that the
// address names, or all of them. A failure in the middle
// cuts the connection: half a list must not look like a whole one.
func (s *serveur) exporter(v *visite, extension, genre string, ecrire func(guichet.Filtre, []colonne) error) error {
	f, _, err := filtreDe(v.r.URL.Query())
	if err != nil {
		return err
	}
	cols := colonnes()
	if cles := v.r.URL.Query()[parametreChoisi]; len(cles) > 0 {
		cols = choisir(cles)
	}
	h := v.w.Header()
	h.Set("Content-Type", genre)
	nom := "demandes-"
	if s.g.BacASable() {
		nom = "TEST-demandes-"
	}
	h.Set("Content-Disposition", `attachment; filename="`+nom+s.g.Aujourdhui().ISO()+extension+`"`)
	if v.r.Method == http.MethodHead {
		return nil
	}
	if err := ecrire(f, cols); err != nil {
		if v.r.Context().Err() == nil {
			s.o.Signaler(v.r, err)
		}
		panic(http.ErrAbortHandler)
	}
	return nil
}

// exporterCSV streams the list as spreadsheets of this country read it:
// semicolons, decimal commas, a byte order mark.
func (s *serveur) exporterCSV(v *visite) error {
	return s.exporter(v, ".csv", "text/csv; charset=utf-8", func(f guichet.Filtre, cols []colonne) error {
		tampon := bufio.NewWriter(v.w)
		if _, err := tampon.WriteString("\ufeff"); err != nil {
			return err
		}
		w := csv.NewWriter(tampon)
		w.Comma, w.UseCRLF = ';', true
		rang := titresDe(cols)
		if err := w.Write(rang); err != nil {
			return err
		}
		if err := s.parcourir(v, f, func(d *demandeVue) error {
			for i, c := range cols {
				if c.montant != nil {
					rang[i] = strings.Replace(c.montant(d).String(), ".", ",", 1)
				} else {
					rang[i] = celluleCSV(c.texte(d))
				}
			}
			return w.Write(rang)
		}); err != nil {
			return err
		}
		if w.Flush(); w.Error() != nil {
			return w.Error()
		}
		return tampon.Flush()
	})
}

// exporterXLSX streams the list as a workbook.
func (s *serveur) exporterXLSX(v *visite) error {
	const genre = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	return s.exporter(v, ".xlsx", genre, func(f guichet.Filtre, cols []colonne) error {
		c, err := nouveauClasseur(v.w, titresDe(cols))
		if err != nil {
			return err
		}
		rang := make([]any, len(cols))
		if err := s.parcourir(v, f, func(d *demandeVue) error {
			for i, x := range cols {
				if x.montant != nil {
					rang[i] = x.montant(d)
				} else {
					rang[i] = x.texte(d)
				}
			}
			return c.rang(rang)
		}); err != nil {
			return err
		}
		return c.finir()
	})
}
