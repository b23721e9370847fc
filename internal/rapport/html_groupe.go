package rapport

import (
	"strconv"

	"guichet.example/segur"
)

// cadre opens a table inside a frame that scrolls when the page is narrow; the
// keyboard reaches it.
func (p *page) cadre(legende string) {
	p.ecrire("<div class=\"cadre\" role=\"group\" tabindex=\"0\" aria-label=\"")
	p.echapper(legende)
	p.ecrire("\">\n<table>\n<caption>")
	p.echapper(legende)
	p.ecrire("</caption>\n")
}

// refusees writes the requests that are refused, as the returned file tells.
func (p *page) refusees(r *Resultat, id string) {
	if r.Rapport == nil || r.Rapport.Bilan().Rejetees == 0 {
		return
	}
	p.ecrire("<h3>Demandes refusées</h3>\n")
	p.cadre("Code et libellé que porterait le fichier retour")
	p.ecrire("<thead><tr><th scope=\"col\">Demande</th><th scope=\"col\">numeroEditeur</th><th scope=\"col\">Code</th>",
		"<th scope=\"col\">Libellé</th><th scope=\"col\">Constats</th></tr></thead>\n<tbody>\n")
	for d := range r.Rapport.Demandes() {
		if d.Acceptee() {
			continue
		}
		p.ecrire("<tr><th scope=\"row\">", strconv.Itoa(d.Rang()), "</th><td>")
		p.echapper(segur.Visible(d.NumeroEditeur(), 40))
		code := d.CodeTraitement().String()
		p.ecrire("</td><td><a href=\"#", id, "-", code, "\">", code, "</a></td><td class=\"large\">")
		p.echapper(d.LibelleTraitement())
		p.ecrire("</td><td class=\"nombre\">", Nombre(d.NbConstats()), "</td></tr>\n")
	}
	p.ecrire("</tbody>\n</table>\n</div>\n")
}

// groupe writes one code: what it wants, then every place where it is found.
func (p *page) groupe(r *Resultat, g *groupe, id string) {
	code := g.code.String()
	ancre := id + "-" + code
	classe := "code"
	if g.gravite == segur.Avertissement {
		classe = "code avertissement"
	}
	p.ecrire(`<div class="`, classe, `" id="`, ancre, "\">\n<h4><span class=\"numero\">", code, "</span>")
	p.echapper(segur.Visible(g.titre, 0))
	if g.nombre > 1 {
		p.ecrire(" <span class=\"fois\">· ", Nombre(g.nombre), " fois</span>")
	}
	p.ecrire("</h4>\n<dl>\n")
	k := &g.premier
	attendu, remede := g.communs()
	for _, x := range [...]struct {
		nom, texte string
		commun     bool
	}{{"Attendu", k.Attendu, attendu}, {"À faire", k.Remede, remede}, {"Référence", k.Reference, true}} {
		if x.commun && x.texte != "" {
			p.ecrire("<dt>", x.nom, "</dt><dd>")
			p.echapper(segur.Visible(x.texte, 0))
			p.ecrire("</dd>\n")
		}
	}
	p.ecrire("</dl>\n")
	p.cadre("Où se trouve le constat " + code)
	p.ecrire("<thead><tr><th scope=\"col\">Demande</th><th scope=\"col\">Place</th><th scope=\"col\">Constat</th></tr></thead>\n<tbody>\n")
	for i := range g.tous {
		p.occurrence(r, &g.tous[i], attendu, remede)
	}
	p.ecrire("</tbody>\n</table>\n</div>\n</div>\n")
}

// communs tells which texts are the same in all constats of the group.
func (g *groupe) communs() (attendu, remede bool) {
	attendu, remede = true, true
	for i := range g.tous {
		attendu = attendu && g.tous[i].Attendu == g.premier.Attendu
		remede = remede && g.tous[i].Remede == g.premier.Remede
	}
	return attendu, remede
}

// extraitHTML is how much of a source line a page shows, in characters.
const extraitHTML = 76

// occurrence writes one place: whose, where, what, and the source line.
func (p *page) occurrence(r *Resultat, k *constat, attendu, remede bool) {
	p.ecrire("<tr><th scope=\"row\">")
	switch {
	case k.Rang > 0:
		p.echapper(nommerDemande(k.Rang, k.numero))
	case k.piece:
		p.ecrire("—")
	default:
		p.ecrire("fichier")
	}
	p.ecrire("</th><td class=\"nombre\">")
	if k.situe(r.Octets) {
		p.ecrire("ligne ", Nombre(k.Ligne), ", colonne ", Nombre(k.Colonne))
	} else {
		p.ecrire("—")
	}
	p.ecrire("</td><td class=\"large\">")
	p.echapper(segur.Visible(k.Message, 0))
	if !attendu && k.Attendu != "" {
		p.ecrire("<br>Attendu\u00a0: ")
		p.echapper(segur.Visible(k.Attendu, 0))
	}
	if k.Recu != "" {
		p.ecrire("<br>Reçu\u00a0: <code>")
		p.echapper(segur.Visible(k.Recu, 0))
		p.ecrire("</code>")
	}
	if !remede && k.Remede != "" {
		p.ecrire("<br>À faire\u00a0: ")
		p.echapper(segur.Visible(k.Remede, 0))
	}
	p.source(r, k)
	p.ecrire("</td></tr>\n")
}

// source writes the source line, the place at fault marked.
func (p *page) source(r *Resultat, k *constat) {
	e, ok := extraire(r.Octets, k, extraitHTML)
	if !ok {
		return
	}
	p.ecrire("<code class=\"source\">")
	p.echapper(e.avant)
	p.ecrire("<mark>")
	p.echapper(e.marque)
	p.ecrire("</mark>")
	p.echapper(e.apres)
	p.ecrire("</code>")
}
