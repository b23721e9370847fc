package suivi

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"strings"

	"guichet.example/internal/atelier/tableau"
	"guichet.example/segur"
)

// styleHTML keeps a contrast of 4.5 at least in both schemes.
const styleHTML = `
:root { color-scheme: light dark; --fond: #fff; --fond2: #f3f4f7; --texte: #1b1f27; --pale: #555d6b; --trait: #d3d8e0; --barre: #2f63b0; --lien: #0b4f9e; }
@media (prefers-color-scheme: dark) { :root { --fond: #14171c; --fond2: #1e232b; --texte: #e8eaee; --pale: #a9b1be; --trait: #3a424e; --barre: #7fb0f5; --lien: #8fc0ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--fond); color: var(--texte); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 80rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; } h2 { font-size: 1.3rem; margin: 2rem 0 .5rem; }
.intro { color: var(--pale); margin: 0 0 1.25rem; }
.comptes { display: flex; flex-wrap: wrap; gap: .75rem; margin: 0; padding: 0; list-style: none; }
.comptes li { background: var(--fond2); border-radius: .25rem; padding: .5rem .9rem; min-width: 9rem; }
.comptes b { display: block; font-size: 1.25rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.cadre { overflow-x: auto; } .cadre:focus-visible { outline: 3px solid var(--lien); outline-offset: 2px; }
svg { max-width: 100%; height: auto; } svg text { fill: var(--texte); font-size: 14px; } svg .pale { fill: var(--pale); } svg rect { fill: var(--barre); }
table { border-collapse: collapse; width: 100%; font-size: .925rem; } caption { text-align: left; color: var(--pale); padding: 0 0 .35rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-top: 1px solid var(--trait); }
thead th { border-top: 0; border-bottom: 2px solid var(--trait); }
.nombre { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
@media print { :root { color-scheme: light; --fond: #fff; --fond2: #f3f4f7; --texte: #000; --pale: #444; --trait: #999; --barre: #444; } body { font-size: 9pt; } main { max-width: none; padding: 0; } .cadre { overflow: visible; } tr { break-inside: avoid; } thead { display: table-header-group; } }
`

// EcrireHTML writes one page that needs nothing else: the sums, a chart of the
// money by status with its table, and the requests. au is the instant it
// stands for, as people read it.
func EcrireHTML(w io.Writer, au string, b *Bilan, t *tableau.Tableau) error {
	somme := sha256.Sum256([]byte(styleHTML))
	var p strings.Builder
	fmt.Fprintf(&p, "<!DOCTYPE html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"+
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'\">\n"+
		"<title>Suivi des demandes</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n<h1>Suivi des demandes</h1>\n<p class=\"intro\">Au %s.</p>\n",
		base64.StdEncoding.EncodeToString(somme[:]), styleHTML, html.EscapeString(au))
	p.WriteString("<ul class=\"comptes\">\n")
	for _, c := range b.Comptes() {
		fmt.Fprintf(&p, "<li><b>%s</b>%s</li>\n", html.EscapeString(c.Valeur), html.EscapeString(c.Libelle))
	}
	p.WriteString("</ul>\n")
	b.graphique(&p)
	tableHTML(&p, t)
	p.WriteString("</main>\n</body>\n</html>\n")
	_, err := io.WriteString(w, p.String())
	return err
}

// Compte is one figure of the summary, ready to be shown.
type Compte struct{ Libelle, Valeur string }

// Comptes are the figures of the summary, in the order to show them.
func (b *Bilan) Comptes() []Compte {
	return []Compte{
		{"demandé HT (" + demandes(b.Demandees.Nombre) + ")", b.Demandees.HT.Francais()},
		{"attendu (" + demandes(b.Attendues.Nombre) + ")", b.Attendues.Du().Francais()},
		{"accepté au dépôt (" + demandes(b.Acceptees.Nombre) + ")", b.Acceptees.Du().Francais()},
		{"payé (" + demandes(b.Payees.Nombre) + ")", b.Payees.Du().Francais()},
		{"refusé (" + demandes(b.Refusees.Nombre) + ")", b.Refusees.Du().Francais()},
		{"à faire de votre côté", demandes(b.AFaire.Nombre)},
	}
}

func demandes(n int) string {
	if n < 2 {
		return fmt.Sprintf("%d demande", n)
	}
	return fmt.Sprintf("%d demandes", n)
}

// Sizes of the chart, in its own units.
const (
	ligneGraphique = 30
	gaucheBarres   = 180
	largeurBarres  = 360
)

// graphique draws one bar a status, as long as its requests ask for much.
func (b *Bilan) graphique(p *strings.Builder) {
	if len(b.ParStatut) == 0 {
		return
	}
	var plus segur.Montant = 1
	for _, s := range b.ParStatut {
		plus = max(plus, s.Du())
	}
	hauteur := len(b.ParStatut)*ligneGraphique + 8
	fmt.Fprintf(p, "<h2>Montants par statut</h2>\n<svg role=\"img\" aria-labelledby=\"g-titre g-texte\" viewBox=\"0 0 800 %d\" width=\"800\" height=\"%d\">\n<title id=\"g-titre\">Montants par statut</title>\n<desc id=\"g-texte\">%s</desc>\n",
		hauteur, hauteur, html.EscapeString(b.phrase()))
	for i, s := range b.ParStatut {
		y := i*ligneGraphique + 4
		long := int(s.Du() * largeurBarres / plus)
		fmt.Fprintf(p, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", gaucheBarres-10, y+17, html.EscapeString(s.Libelle))
		fmt.Fprintf(p, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"22\"/>", gaucheBarres, y, max(long, 1))
		fmt.Fprintf(p, "<text class=\"pale\" x=\"%d\" y=\"%d\">%s · %s</text>\n", gaucheBarres+long+10, y+17, html.EscapeString(s.Du().Francais()), demandes(s.Nombre))
	}
	p.WriteString("</svg>\n")
}

// phrase says the chart in words.
func (b *Bilan) phrase() string {
	var mots []string
	for _, s := range b.ParStatut {
		mots = append(mots, fmt.Sprintf("%s : %s, %s", s.Libelle, s.Du().Francais(), demandes(s.Nombre)))
	}
	return strings.Join(mots, " ; ") + "."
}

// tableHTML writes a table, the columns of the text form.
func tableHTML(p *strings.Builder, t *tableau.Tableau) {
	fmt.Fprintf(p, "<h2>%s</h2>\n<div class=\"cadre\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">\n<table>\n<caption>%d lignes</caption>\n<thead><tr>", t.Feuille, t.Feuille, len(t.Lignes))
	for _, c := range t.Colonnes {
		if !c.Masse {
			fmt.Fprintf(p, "<th scope=\"col\"%s>%s</th>", classe(c), html.EscapeString(c.Titre))
		}
	}
	p.WriteString("</tr></thead>\n<tbody>\n")
	for _, l := range t.Lignes {
		p.WriteString("<tr>")
		for i, v := range l {
			if c := t.Colonnes[i]; !c.Masse {
				fmt.Fprintf(p, "<td%s>%s</td>", classe(c), html.EscapeString(t.Afficher(i, v)))
			}
		}
		p.WriteString("</tr>\n")
	}
	p.WriteString("</tbody>\n</table>\n</div>\n")
}

func classe(c tableau.Colonne) string {
	if c.Genre == tableau.Texte {
		return ""
	}
	return ` class="nombre"`
}
