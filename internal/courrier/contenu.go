package courrier

import (
	_ "embed" // the template of the HTML part
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Cadre is what all messages of a portal share.
type Cadre struct {
	Portail   string // its name, at the head and foot of each message
	Adresse   string // where it is: https://…
	Contact   string // where to write for help; may be empty
	BacASable bool   // marks each message as a test
}

// contenu is what one message says, before it has a form.
type contenu struct {
	Objet       string
	Paragraphes []string
	Faits       []Fait
	Liste       []string
	Lien        lien
	Fin         []string
}

// Fait is one line of facts: what, and its value.
type Fait struct{ Cle, Valeur string }

type lien struct{ Libelle, URL string }

//go:embed courrier.tmpl
var source string

// page is parsed once and never changed.
var page = template.Must(template.New("courrier").Parse(source))

const bacASable = "TEST – Essai : ce message vient d’un bac à sable, il n’engage à rien."

// message gives the content its two forms.
func (c Cadre) message(a string, x contenu) (Message, error) {
	if err := c.nettoyer(&x); err != nil {
		return Message{}, err
	}
	m := Message{A: a, Objet: x.Objet, Texte: c.texte(x)}
	var b strings.Builder
	essai := ""
	if c.BacASable {
		essai = bacASable
	}
	if err := page.Execute(&b, struct {
		Cadre
		contenu
		Essai string
	}{c, x, essai}); err != nil {
		return Message{}, err
	}
	m.HTML = b.String()
	return m, m.controler()
}

// nettoyer makes single lines of all that comes from outside, and refuses a
// link that is not one.
func (c Cadre) nettoyer(x *contenu) error {
	if x.Lien.URL != "" {
		u, err := url.Parse(x.Lien.URL)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.ContainsAny(x.Lien.URL, " \"<>") {
			return fmt.Errorf("courrier : « %.80s » n’est pas une adresse https://", x.Lien.URL)
		}
	}
	if c.BacASable {
		x.Objet = "[TEST] " + x.Objet
	}
	x.Objet = ligne(x.Objet, objetMax)
	const long = 2000
	for _, l := range []*[]string{&x.Paragraphes, &x.Liste, &x.Fin} {
		*l = slices.Clone(*l) // the caller's list stays as it is
		for i, s := range *l {
			(*l)[i] = ligne(s, long)
		}
	}
	x.Faits = slices.Clone(x.Faits)
	for i, f := range x.Faits {
		x.Faits[i] = Fait{ligne(f.Cle, long), ligne(f.Valeur, long)}
	}
	return nil
}

// texte is the plain form: lines of at most 72 characters, but for links.
func (c Cadre) texte(x contenu) string {
	var b strings.Builder
	paragraphe := func(s string) { b.WriteString(plier(s, "") + "\n\n") }
	if c.BacASable {
		paragraphe("*** " + bacASable + " ***")
	}
	paragraphe("Bonjour,")
	for _, p := range x.Paragraphes {
		paragraphe(p)
	}
	for _, f := range x.Faits {
		b.WriteString(plier("- "+f.Cle+"\u00a0: "+f.Valeur, "  ") + "\n")
	}
	for _, l := range x.Liste {
		b.WriteString(plier("- "+l, "  ") + "\n")
	}
	if len(x.Faits)+len(x.Liste) > 0 {
		b.WriteString("\n")
	}
	if x.Lien.URL != "" {
		b.WriteString(x.Lien.Libelle + "\u00a0:\n" + x.Lien.URL + "\n\n")
	}
	for _, p := range x.Fin {
		paragraphe(p)
	}
	b.WriteString("-- \n" + c.Portail + "\n" + c.Adresse + "\n")
	if c.Contact != "" {
		b.WriteString("Une question ? " + c.Contact + "\n")
	}
	return b.String()
}

// plier breaks a text between words; lines after the first begin with retrait.
func plier(s, retrait string) string {
	const large = 72
	var b strings.Builder
	n := 0
	for i, mot := range strings.Split(s, " ") {
		l := utf8.RuneCountInString(mot)
		switch {
		case i == 0:
		case n+1+l > large:
			b.WriteString("\n" + retrait)
			n = len(retrait)
		default:
			b.WriteByte(' ')
			n++
		}
		b.WriteString(mot)
		n += l
	}
	return b.String()
}
