// Package reference writes the reference of the format for people and for
// programs: Markdown, a standalone HTML page and JSON, all from the rule set's
// own table. It must never know a rule that the table does not hold.
//
// Start at [Markdown]; docs/reference is written by `make generate`.
package reference

//go:generate go run ../../docs/reference/generer.go ../../docs/reference

import (
	"fmt"
	"html"
	"strings"

	"guichet.example/segur"
)

// colonne is one column of a table: its heading and its cell.
type colonne[T any] struct {
	titre string
	texte func(T) string
}

var colonnesChamp = []colonne[*segur.Champ]{
	{"Balise", func(c *segur.Champ) string { return c.Balise() }},
	{"Titre", func(c *segur.Champ) string { return c.Titre }},
	{"Obligatoire", func(c *segur.Champ) string {
		if c.Facultatif {
			return "non (null)"
		}
		return "oui"
	}},
	{"Format", func(c *segur.Champ) string { return c.Format }},
	{"Attendu", func(c *segur.Champ) string { return c.Attendu }},
	{"Exemple", func(c *segur.Champ) string { return c.Exemple }},
	{"Aide", func(c *segur.Champ) string { return c.Aide }},
	{"Référence", func(c *segur.Champ) string { return c.Reference }},
}

var colonnesCode = []colonne[segur.Entree]{
	{"Code", func(e segur.Entree) string { return e.Code.String() }},
	{"Gravité", func(e segur.Entree) string { return string(e.Gravite) }},
	{"Libellé", func(e segur.Entree) string { return e.Titre }},
	{"Constat", func(e segur.Entree) string { return e.Message }},
	{"Attendu", func(e segur.Entree) string { return e.Attendu }},
	{"Remède", func(e segur.Entree) string { return e.Remede }},
	{"Référence", func(e segur.Entree) string { return e.Reference }},
}

// section is one table of the reference.
type section struct {
	titre, chapeau string
	entetes        []string
	lignes         [][]string
}

func table[T any](titre, chapeau string, cols []colonne[T], valeurs []T) section {
	s := section{titre: titre, chapeau: chapeau}
	for _, c := range cols {
		s.entetes = append(s.entetes, c.titre)
	}
	for _, v := range valeurs {
		var l []string
		for _, c := range cols {
			l = append(l, c.texte(v))
		}
		s.lignes = append(s.lignes, l)
	}
	return s
}

// sections lays the reference out: the header, each block, the codes.
func sections(j *segur.Jeu, entrees []segur.Entree) []section {
	var tous []section
	var entete []*segur.Champ
	for i := range j.Entete {
		entete = append(entete, &j.Entete[i])
	}
	tous = append(tous, table("En-tête du fichier", "Une faute ici refuse le fichier entier.", colonnesChamp, entete))
	for _, b := range j.Blocs {
		var champs []*segur.Champ
		for i := range j.Champs {
			if j.Champs[i].Bloc == b.Cle {
				champs = append(champs, &j.Champs[i])
			}
		}
		titre := b.Titre
		if b.Cle != "" {
			titre += " (" + b.Cle + ")"
		}
		tous = append(tous, table(titre, b.Aide, colonnesChamp, champs))
	}
	var lisibles []segur.Entree
	for _, e := range entrees {
		lisibles = append(lisibles, e.Lisible())
	}
	return append(tous, table("Codes de contrôle", "Un code garde son sens pour toujours. Les codes 9xxx sont des avertissements : ils ne refusent rien.", colonnesCode, lisibles))
}

func chapeau(j *segur.Jeu) string {
	return fmt.Sprintf("Jeu de règles %s, version %s, %s. Un fichier compte 1 à %d demandes et pèse au plus 10 Mio ; une pièce au plus 3 Mo, un zip au plus 200 Mo.",
		j.ID, j.Version, j.Empreinte(), segur.DemandesMax)
}

// Markdown is the reference of a rule set with the given codes.
func Markdown(j *segur.Jeu, entrees []segur.Entree) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "<!-- Engendré par « make generate » : ne pas modifier à la main. -->\n\n# %s\n\n%s Source : %s.\n", j.Titre, chapeau(j), j.Source)
	for _, s := range sections(j, entrees) {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| %s |\n|%s\n", s.titre, s.chapeau, strings.Join(s.entetes, " | "), strings.Repeat("---|", len(s.entetes)))
		for _, l := range s.lignes {
			for _, c := range l {
				b.WriteString("| " + celluleMarkdown(c) + " ")
			}
			b.WriteString("|\n")
		}
	}
	return []byte(b.String())
}

func celluleMarkdown(s string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "\n", " ", "*", `\*`, "_", `\_`).Replace(s)
}

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:80rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;font-size:.875rem}caption{text-align:left;padding:.5rem 0}th,td{border:1px solid #8888;padding:.35rem .5rem;text-align:left;vertical-align:top;overflow-wrap:break-word}
thead th,tbody th{white-space:nowrap}thead th{background:#8882}.defile{overflow-x:auto}@media print{body{max-width:none;font-size:9pt}.defile{overflow:visible}tr{break-inside:avoid}}`

// HTML is the same as a standalone page, which opens offline.
func HTML(j *segur.Jeu, entrees []segur.Entree) []byte {
	var b strings.Builder
	t := html.EscapeString(j.Titre)
	fmt.Fprintf(&b, "<!DOCTYPE html>\n<html lang=\"fr\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>%s</title><style>%s</style></head><body>\n<main><h1>%s</h1>\n<p>%s</p>\n", t, style, t, html.EscapeString(chapeau(j)))
	for i, s := range sections(j, entrees) {
		fmt.Fprintf(&b, "<h2 id=\"s%d\">%s</h2>\n<div class=\"defile\" tabindex=\"0\" role=\"region\" aria-labelledby=\"s%d\"><table><caption>%s</caption><thead><tr>", i, html.EscapeString(s.titre), i, html.EscapeString(s.chapeau))
		for _, e := range s.entetes {
			fmt.Fprintf(&b, "<th scope=\"col\">%s</th>", html.EscapeString(e))
		}
		b.WriteString("</tr></thead><tbody>\n")
		for _, l := range s.lignes {
			fmt.Fprintf(&b, "<tr><th scope=\"row\">%s</th>", html.EscapeString(l[0]))
			for _, c := range l[1:] {
				fmt.Fprintf(&b, "<td>%s</td>", html.EscapeString(c))
			}
			b.WriteString("</tr>\n")
		}
		b.WriteString("</tbody></table></div>\n")
	}
	b.WriteString("</main></body></html>\n")
	return []byte(b.String())
}

// JSON is the fault catalogue for programs: one object a code.
func JSON(j *segur.Jeu, entrees []segur.Entree) []byte {
	b := []byte(`{"regles": {"id": `)
	b = segur.AppendTexteJSON(b, j.ID)
	b = segur.AppendTexteJSON(append(b, `, "version": `...), j.Version)
	b = segur.AppendTexteJSON(append(b, `, "empreinte": `...), j.Empreinte())
	b = append(b, "},\n \"codes\": ["...)
	for i, e := range entrees {
		if i > 0 {
			b = append(b, ',')
		}
		e = e.Lisible()
		b = append(b, "\n  {"...)
		for k, m := range [][2]string{{"code", e.Code.String()}, {"gravite", string(e.Gravite)}, {"balise", e.Balise}, {"libelle", e.Titre},
			{"message", e.Message}, {"attendu", e.Attendu}, {"remede", e.Remede}, {"reference", e.Reference}} {
			if k > 0 {
				b = append(b, ", "...)
			}
			b = segur.AppendTexteJSON(append(segur.AppendTexteJSON(b, m[0]), ": "...), m[1])
		}
		b = append(b, '}')
	}
	return append(b, "\n]}\n"...)
}
