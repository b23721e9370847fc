package web

import (
	"bufio"
	"encoding/csv"
	"net/http"
	"strings"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// partExport is how many requests an export reads at once.
const partExport = 1000

// colonneExport is one column of an export: a text or an amount.
type colonneExport struct {
	titre   string
	texte   func(*demandeVue) string
	montant func(*demandeVue) segur.Montant
}

// colonnesExport are the columns, in order.
func colonnesExport() []colonneExport {
	texte := func(titre string, f func(*demandeVue) string) colonneExport { return colonneExport{titre, f, nil} }
	montant := func(titre string, f func(*guichet.Montants) segur.Montant) colonneExport {
		return colonneExport{titre, nil, func(d *demandeVue) segur.Montant { return f(&d.Montants) }}
	}
	return []colonneExport{
		texte("numeroASP", func(d *demandeVue) string { return string(d.NumeroASP) }),
		texte("numeroEditeur", func(d *demandeVue) string { return d.NumeroEditeur }),
		texte("type", func(d *demandeVue) string { return string(d.Type) }),
		texte("statut", func(d *demandeVue) string { return d.Statut.Libelle() }),
		texte("prochain acteur", func(d *demandeVue) string { return d.Acteur }),
		texte("échéance", func(d *demandeVue) string { return jourOuVide(d.Echeance) }),
		texte("FINESS", func(d *demandeVue) string { return d.Finess }),
		texte("date de commande", func(d *demandeVue) string { return jourOuVide(d.DateCommande) }),
		montant("montant HT", func(m *guichet.Montants) segur.Montant { return m.HT }),
		montant("base", func(m *guichet.Montants) segur.Montant { return m.Base }),
		montant("avance", func(m *guichet.Montants) segur.Montant { return m.Avance }),
		montant("solde", func(m *guichet.Montants) segur.Montant { return m.Solde }),
		montant("versé", func(m *guichet.Montants) segur.Montant { return m.Verse }),
		texte("avance liée", func(d *demandeVue) string { return string(d.Avance) }),
		texte("pièces manquantes", func(d *demandeVue) string { return strings.Join(d.Manquantes, " ") }),
	}
}

func titresExport() []string {
	var ts []string
	for _, c := range colonnesExport() {
		ts = append(ts, c.titre)
	}
	return ts
}

func jourOuVide(j segur.Jour) string {
	if j.Nul() {
		return ""
	}
	return j.String()
}

// celluleCSV keeps a spreadsheet from running a text that begins as a formula.
func celluleCSV(t string) string {
	if t != "" && strings.ContainsRune("=+-@\t\r\n", rune(t[0])) {
		return "'" + t
	}
	return t
}

// parcourir hands over every request of the filter, part by part: an export of
// any length holds one part in memory.
func (s *serveur) parcourir(v *visite, f guichet.Filtre, prendre func(*demandeVue) error) error {
	f.Max = partExport
	for {
		ds, err := s.lister(v, f)
		if err != nil {
			return err
		}
		for i := range ds {
			if err := prendre(&ds[i]); err != nil {
				return err
			}
		}
		if len(ds) < partExport {
			return nil
		}
		f.Apres = ds[len(ds)-1].Serie
	}
}

// exporter sends the headers of an export and runs it. A failure in the middle
// cuts the connection: half a list must not look like a whole one.
func (s *serveur) exporter(v *visite, extension, genre string, ecrire func(guichet.Filtre) error) error {
	f, _, err := filtreDe(v.r.URL.Query())
	if err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", genre)
	h.Set("Content-Disposition", `attachment; filename="demandes-`+s.g.Aujourdhui().ISO()+extension+`"`)
	if v.r.Method == http.MethodHead {
		return nil
	}
	if err := ecrire(f); err != nil {
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
	return s.exporter(v, ".csv", "text/csv; charset=utf-8", func(f guichet.Filtre) error {
		tampon := bufio.NewWriter(v.w)
		if _, err := tampon.WriteString("\ufeff"); err != nil {
			return err
		}
		w := csv.NewWriter(tampon)
		w.Comma, w.UseCRLF = ';', true
		rang := titresExport()
		if err := w.Write(rang); err != nil {
			return err
		}
		cols := colonnesExport()
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
	return s.exporter(v, ".xlsx", genre, func(f guichet.Filtre) error {
		c, err := nouveauClasseur(v.w, titresExport())
		if err != nil {
			return err
		}
		cols := colonnesExport()
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
