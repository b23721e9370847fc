package lettre

import (
	"bufio"
	_ "embed" // the template of the page
	"html/template"
	"io"
)

//go:embed lettre.tmpl
var source string

// page is parsed once and never changed; a mistake in it stops the tests.
var page = template.Must(template.New("lettre").Funcs(template.FuncMap{"classe": classe}).Parse(source))

// essai marks what a sandbox writes.
const essai = "TEST – Bac à sable : ce document est un essai, il n’a aucune valeur."

// HTML writes the letter as one page that stands alone: French, no script,
// nothing from elsewhere, readable on a phone, by a screen reader and on paper.
// nonce goes on its style element for pages under a Content-Security-Policy;
// "" for a copy to keep.
func (d *Document) HTML(w io.Writer, nonce string) error {
	b := bufio.NewWriter(w)
	err := page.Execute(b, struct {
		Objet, Nonce, Essai, LieuDate, Modele string
		Cadre                                 Cadre
		Blocs, Apres                          []bloc
	}{d.objet, nonce, essai, d.lieuDate(), d.modele, d.cadre, d.blocs, d.apres})
	if err != nil {
		return err
	}
	return b.Flush()
}

// lieuDate is the line above the subject.
func (d *Document) lieuDate() string {
	if d.cadre.Lieu == "" {
		return "Le " + jour(d.cadre.Date)
	}
	return d.cadre.Lieu + ", le " + jour(d.cadre.Date)
}

// classe gives the style classes of the cells of a column.
func classe(c colonne) string {
	switch {
	case c.Droite && c.Fixe:
		return "d f"
	case c.Droite:
		return "d"
	case c.Fixe:
		return "f"
	}
	return ""
}
