package rendu

import (
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"io"
	"strings"

	"guichet.example/internal/atelier"
	"guichet.example/internal/atelier/registre"
	"guichet.example/internal/rapport"
	"guichet.example/segur"
)

// styleHTML keeps a contrast of 4.5 at least in both schemes.
const styleHTML = `
:root{color-scheme:light dark;--fond:#fff;--texte:#1b1b1b;--tete:#f2f2f2;--trait:#ccc;--erreur:#a00000;--avis:#6b4700;--avant:#fde8e8;--avant-texte:#7a0000;--apres:#e3f5e6;--apres-texte:#00501a}
@media (prefers-color-scheme:dark){:root{--fond:#14171c;--texte:#e8eaee;--tete:#1e232b;--trait:#3a424e;--erreur:#ff9a9a;--avis:#f0c36a;--avant:#4a1d1d;--avant-texte:#ffc9c9;--apres:#12381f;--apres-texte:#b6f0c4}}
body{font:16px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem;color:var(--texte);background:var(--fond)}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0}th,td{text-align:left;vertical-align:top;padding:.35rem .5rem;border-bottom:1px solid var(--trait)}
th{background:var(--tete)}td.n{white-space:nowrap}.erreur{color:var(--erreur);font-weight:600}.avertissement{color:var(--avis);font-weight:600}
del{background:var(--avant);color:var(--avant-texte)}ins{background:var(--apres);color:var(--apres-texte);text-decoration:none}.defile{overflow-x:auto}
@media print{:root{color-scheme:light;--fond:#fff;--texte:#000;--tete:#eee;--trait:#999;--erreur:#800000;--avis:#553800;--avant:#fff;--avant-texte:#600;--apres:#fff;--apres-texte:#030}body{max-width:none;margin:0}.defile{overflow:visible}tr{break-inside:avoid}}
`

// pageHTML is the page that can be sent to a colleague: one file, no script,
// nothing from elsewhere.
const pageHTML = `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '{{.Empreinte}}'; base-uri 'none'; form-action 'none'">
<title>Préparation de {{.Nom}}</title>
<style>{{.Style}}</style>
</head>
<body>
<main>
<h1>Préparation de {{.Nom}}</h1>
<p><strong>{{.Resume}}</strong></p>
<ul>{{range .Suite}}<li>{{.}}</li>{{end}}</ul>
{{range .APart}}<p>{{.}}</p>
{{end}}{{with .Questions}}<h2>Questions</h2><ul>{{range .}}<li>{{.Phrase}} {{.Remede}}</li>{{end}}</ul>{{end}}
{{with .Constats}}<h2>À corriger, ligne par ligne</h2><div class="defile" tabindex="0" role="region" aria-label="Constats"><table>
<thead><tr><th scope="col">Ligne</th><th scope="col">Colonne</th><th scope="col">Valeur</th><th scope="col">Constat</th><th scope="col">À faire</th></tr></thead><tbody>
{{range .}}<tr><td class="n">{{with .Feuille}}{{.}}, {{end}}{{.Rangee}}{{with $.Extras .}}<br><small>{{.}}</small>{{end}}</td><td>{{.Titre}}</td><td>{{.Valeur}}{{with .Propose}} → <ins>{{.}}</ins>{{end}}</td><td><span class="{{.Gravite}}">{{.Code}} · {{.Gravite}}</span><br>{{.Message}}</td><td>{{with .Attendu}}Attendu : {{.}}.<br>{{end}}{{.Remede}}</td></tr>
{{end}}</tbody></table></div>{{end}}
{{with .Corrections}}<h2>Corrections</h2><table><thead><tr><th scope="col">Ligne</th><th scope="col">Colonne</th><th scope="col">Avant</th><th scope="col">Après</th><th scope="col">État</th></tr></thead><tbody>
{{range .}}<tr><td>{{.Rangee}}</td><td>{{.Titre}}</td><td><del>{{.Avant}}</del></td><td><ins>{{.Apres}}</ins></td><td>{{if .Faite}}faite{{else}}proposée{{end}}</td></tr>
{{end}}</tbody></table>{{end}}
{{with .Plan}}<h2>Dépôts</h2><table><thead><tr><th scope="col">Fichier</th><th scope="col">Demandes</th><th scope="col">{{$.Attendu}}</th><th scope="col">Zips</th></tr></thead><tbody>
{{range .Depots}}<tr><td>{{.Fichier}}</td><td>{{len .Commandes}}</td><td class="n">{{($.Montant .Montants).Francais}}</td><td>{{range .Zips}}{{.Nom}} ({{len .Entrees}} pièces)<br>{{end}}</td></tr>
{{end}}</tbody></table>{{end}}
<p><small>Contrôle au {{.Jour}} · règles {{.Regles}} · {{.Outil}}</small></p>
</main>
</body>
</html>
`

// donneesHTML is what the page shows.
type donneesHTML struct {
	Nom, Resume, Jour, Regles, Outil string
	Style                            template.CSS
	Empreinte                        string // of the style, for the page's own policy
	Suite, APart                     []string
	Questions                        []atelier.Question
	Constats                         []atelier.Constat
	Corrections                      []atelier.Correction
	Plan                             *atelier.Plan
	Attendu                          string // "Solde attendu"
	bilan                            *Bilan
}

// Montant is the money that the plan asks for.
func (d donneesHTML) Montant(m atelier.Montants) segur.Montant { return d.bilan.montant(m) }

// Extras names the supplier's own values of the row of a finding.
func (d donneesHTML) Extras(k atelier.Constat) string { return registre.DireExtras(d.bilan.extras(&k)) }

func ecrireHTML(w io.Writer, b *Bilan) error {
	page, err := template.New("preparation").Parse(pageHTML)
	if err != nil {
		return err
	}
	c := b.compter()
	somme := sha256.Sum256([]byte(styleHTML))
	d := donneesHTML{Style: styleHTML, Empreinte: "sha256-" + base64.StdEncoding.EncodeToString(somme[:]), Nom: segur.Visible(b.Lecture.Table.Nom, 0), Jour: b.Jour.String(), Regles: b.Jeu.ID + " du " + b.Jeu.Version, Outil: b.Outil.Nom + " " + b.Outil.Version,
		Suite: b.Suite(), APart: b.lignesAPart(), Questions: b.Lecture.Questions, Plan: b.Plan, Attendu: strings.ToUpper(b.attendu()[:1]) + b.attendu()[1:], bilan: b}
	d.Resume = rapport.Compte(c.commandes, "commande lue", "commandes lues") + ", " + rapport.Compte(c.ecartees, "en faute", "en faute") + ", " +
		rapport.Compte(c.erreurs, "erreur", "erreurs") + ", " + rapport.Compte(c.avertissements, "avertissement", "avertissements")
	for _, k := range b.Constats {
		for _, s := range []*string{&k.Feuille, &k.Titre, &k.Valeur, &k.Propose} {
			*s = segur.Visible(*s, 0)
		}
		d.Constats = append(d.Constats, k)
	}
	for _, c := range b.Lecture.Corrections {
		c.Titre, c.Avant, c.Apres = segur.Visible(c.Titre, 0), segur.Visible(c.Avant, 0), segur.Visible(c.Apres, 0)
		d.Corrections = append(d.Corrections, c)
	}
	return page.Execute(w, d)
}
