package certificat

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"strings"

	"guichet.example/segur"
)

const styleHTML = `
:root { color-scheme: light dark; --fond: #fff; --texte: #1b1f27; --pale: #555d6b; --trait: #d3d8e0; --bon: #17633a; --mauvais: #a3122a; }
@media (prefers-color-scheme: dark) { :root { --fond: #14171c; --texte: #e8eaee; --pale: #a9b1be; --trait: #3a424e; --bon: #7fd7a3; --mauvais: #ff9aa8; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--fond); color: var(--texte); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; overflow-wrap: anywhere; }
.bon { color: var(--bon); } .mauvais { color: var(--mauvais); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0; } dt { color: var(--pale); } dd { margin: 0; overflow-wrap: anywhere; }
code { font: .9em ui-monospace, "DejaVu Sans Mono", Consolas, monospace; }
.cadre { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .9rem; } caption { text-align: left; color: var(--pale); }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-top: 1px solid var(--trait); overflow-wrap: anywhere; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
@media print { :root { color-scheme: light; --fond: #fff; --texte: #000; --pale: #444; --trait: #999; --bon: #000; --mauvais: #000; } body { font-size: 9pt; } main { max-width: none; padding: 0; } tr { break-inside: avoid; } }
`

// EcrireHTML writes the certificate as a page for people. The JSON form is the
// one that is verified; JSON must have been called before, for the hash.
func (c *Certificat) EcrireHTML(w io.Writer) error {
	somme := sha256.Sum256([]byte(styleHTML))
	var p strings.Builder
	fmt.Fprintf(&p, "<!DOCTYPE html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"+
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'\">\n"+
		"<title>Certificat de contrôle</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n<h1>Certificat de contrôle</h1>\n",
		base64.StdEncoding.EncodeToString(somme[:]), styleHTML)
	if c.Bon() {
		p.WriteString("<p class=\"bon\"><strong>Tout est accepté, toutes les pièces sont là.</strong></p>\n")
	} else {
		p.WriteString("<p class=\"mauvais\"><strong>Tout n’est pas accepté : voyez chaque fichier.</strong></p>\n")
	}
	liste(&p, [][2]string{{"Contrôlé au", c.Jour}, {"Établi le", c.Date}, {"Par", c.Outil.Nom + " " + c.Outil.Version}, {"Demandes acceptées", fmt.Sprint(c.Totaux.Demandes)},
		{"Montant HT", francais(c.Totaux.HT)}, {"Avances", francais(c.Totaux.Avance)}, {"Soldes", francais(c.Totaux.Solde)}, {"Pièces acceptées", fmt.Sprint(c.Totaux.Pieces)}, {"Empreinte", c.Empreinte}})
	for i := range c.Fichiers {
		f := &c.Fichiers[i]
		fmt.Fprintf(&p, "<h2>%s</h2>\n", html.EscapeString(segur.Visible(f.Nom, 120)))
		liste(&p, [][2]string{{"Verdict", string(f.Verdict)}, {"Demandes", fmt.Sprintf("%d acceptées, %d rejetées", f.Bilan.Acceptees, f.Bilan.Rejetees)},
			{"Pièces", fmt.Sprintf("%d attendues, %d reçues, %d manquantes, %d refusées", f.Pieces.Attendues, f.Pieces.Recues, f.Pieces.Manquantes, f.Pieces.Refusees)},
			{"SHA-256", f.SHA256}, {"Règles", f.Regles.ID + " du " + f.Regles.Version}, {"Empreinte des règles", f.Regles.Empreinte}})
	}
	if len(c.Pieces) > 0 {
		fmt.Fprintf(&p, "<h2>Pièces</h2>\n<div class=\"cadre\" tabindex=\"0\" role=\"region\" aria-label=\"Pièces\"><table>\n<caption>%d pièces acceptées</caption>\n<thead><tr><th scope=\"col\">Nom</th><th scope=\"col\">Archive</th><th scope=\"col\">SHA-256</th></tr></thead>\n<tbody>\n", len(c.Pieces))
		for _, x := range c.Pieces {
			fmt.Fprintf(&p, "<tr><td>%s</td><td>%s</td><td><code>%s</code></td></tr>\n", html.EscapeString(segur.Visible(x.Nom, 120)), html.EscapeString(segur.Visible(x.Archive, 120)), html.EscapeString(x.SHA256))
		}
		p.WriteString("</tbody>\n</table></div>\n")
	}
	p.WriteString("<p>La forme JSON de ce certificat se vérifie avec les fichiers : <code>segur certifier --verifier certificat.json DOSSIER</code>.</p>\n</main>\n</body>\n</html>\n")
	_, err := io.WriteString(w, p.String())
	return err
}

func liste(p *strings.Builder, paires [][2]string) {
	p.WriteString("<dl>\n")
	for _, x := range paires {
		fmt.Fprintf(p, "<dt>%s</dt><dd>%s</dd>\n", x[0], html.EscapeString(segur.Visible(x[1], 0)))
	}
	p.WriteString("</dl>\n")
}

func francais(montant string) string {
	m, err := segur.LireMontant(montant)
	if err != nil {
		return montant
	}
	return m.Francais()
}
