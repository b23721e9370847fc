package rapport

import (
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"

	"guichet.example/segur"
)

// page writes one HTML page that needs nothing else: no script, no font, no
// picture, no network. Every constat is in it.
type page struct {
	*tampon
	o      Options
	ouvert bool
	total  bilan
	lignes []ligneBilan
	jeu    *segur.Jeu
}

// ligneBilan is what the last table says of one file.
type ligneBilan struct {
	nom string
	e   etat
	b   bilan
}

func nouveauHTML(t *tampon, o Options) *page { return &page{tampon: t, o: o} }

// classes are the style of each state.
var classes = [nbEtats]string{"accepte", "partiel", "partiel", "partiel", "rejete", "rejete", "rejete", "nonlu"}

// ouvrir writes all that comes before the first file.
func (p *page) ouvrir() {
	if p.ouvert {
		return
	}
	p.ouvert = true
	p.ecrire("<!DOCTYPE html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n",
		`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '`, EmpreinteStyle(),
		"'; base-uri 'none'; form-action 'none'\">\n",
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>")
	p.echapper(p.titre())
	p.ecrire("</title>\n<style>", styleHTML, "</style>\n</head>\n<body>\n<a class=\"saut\" href=\"#contenu\">Aller au contenu</a>\n<div class=\"page\">\n")
	p.ecrire("<header>\n<h1>Rapport de contrôle</h1>\n<p class=\"intro\">Demandes de financement Ségur")
	if p.o.Date != "" {
		p.ecrire(" · contrôle au ")
		p.echapper(p.o.Date)
	}
	p.ecrire("</p>\n")
	if p.o.Plusieurs {
		p.ecrire("<p><a href=\"#bilan\">Bilan de tous les fichiers</a></p>\n")
	}
	p.ecrire("</header>\n<main id=\"contenu\" tabindex=\"-1\">\n")
}

// EmpreinteStyle names the style sheet of the HTML form in a policy (CSP), as
// the page itself does: that one may be used, and no other, even if a text
// slipped into the page. Who shows the page in a frame must allow it too.
func EmpreinteStyle() string {
	somme := sha256.Sum256([]byte(styleHTML))
	return "sha256-" + base64.StdEncoding.EncodeToString(somme[:])
}

func (p *page) titre() string {
	if p.o.Date == "" {
		return "Rapport de contrôle"
	}
	return "Rapport de contrôle au " + p.o.Date
}

func (p *page) Resultat(r Resultat) error {
	p.ouvrir()
	b := compter(&r, &p.o)
	e, _ := etatDe(&r)
	p.total.ajouter(&b)
	n := p.total.fichiers
	p.lignes = append(p.lignes, ligneBilan{nomAffiche(&r.Fichier), e, b})
	if r.Rapport != nil {
		p.jeu = r.Rapport.Jeu()
	}
	id := "f" + strconv.Itoa(n)
	p.ecrire(`<section class="fichier" id="`, id, `" aria-labelledby="`, id, "-nom\">\n<h2 id=\"", id, "-nom\">")
	p.echapper(nomAffiche(&r.Fichier))
	p.ecrire("</h2>\n")
	p.verdict(&r, &b, e)
	p.refusees(&r, id)
	famille := -1
	for _, g := range grouper(&r, &p.o, true) {
		if f := g.famille(); f != famille {
			famille = f
			p.ecrire("<h3>", titresFamilles[f], "</h3>\n")
		}
		p.groupe(&r, g, id)
	}
	p.ecrire("</section>\n")
	return p.vider()
}

// verdict writes the verdict of a file, its counts and what to do.
func (p *page) verdict(r *Resultat, b *bilan, e etat) {
	p.ecrire(`<p class="verdict `, classes[e], `"><strong>`, signes[e].signe, " ", e.verdict(), "</strong>\u00a0: ")
	p.echapper(finir(b.phrase(e, r.Erreur)))
	p.ecrire("</p>\n")
	if r.Note != "" {
		p.ecrire("<p>")
		p.echapper(segur.Visible(r.Note, 0))
		p.ecrire("</p>\n")
	}
	if r.Erreur != "" && r.Rapport != nil {
		p.ecrire(`<p class="verdict nonlu"><strong>? Non contrôlé</strong> : `)
		p.echapper(finir(segur.Visible(r.Erreur, 0)))
		p.ecrire(" Ce n’est pas un refus.</p>\n")
	}
	if r.Rapport != nil {
		p.comptes(b)
	}
	p.suite(b)
	if r.Fichier.SHA256 != "" {
		p.ecrire(`<p class="empreinte">`, Compte(int(r.Fichier.Taille), "octet", "octets"), ` · SHA-256 <code>`)
		p.echapper(r.Fichier.SHA256)
		p.ecrire("</code></p>\n")
	}
}

func (p *page) comptes(b *bilan) {
	p.ecrire("<ul class=\"comptes\">\n")
	for _, x := range []struct {
		n             int
		un, plusieurs string
		montrer       bool
	}{
		{b.somme.Demandes, "demande", "demandes", b.somme.Demandes > 0},
		{b.somme.Acceptees, "acceptée", "acceptées", b.somme.Demandes > 0},
		{b.somme.Rejetees, "refusée", "refusées", b.somme.Demandes > 0},
		{b.somme.Erreurs, "erreur", "erreurs", true},
		{b.somme.Avertissements, "avertissement", "avertissements", true},
		{b.piecesErreurs, "erreur de pièce", "erreurs de pièces", b.piecesErreurs > 0},
		{b.piecesAvert, "avertissement de pièce", "avertissements de pièces", b.piecesAvert > 0},
	} {
		if x.montrer {
			p.ecrire("<li><b>", Nombre(x.n), "</b> ", accord(x.n, x.un, x.plusieurs), "</li>\n")
		}
	}
	p.ecrire("</ul>\n")
}

// suite writes what to do now.
func (p *page) suite(b *bilan) {
	p.ecrire("<h3 class=\"apres\">Et maintenant</h3>\n<ul class=\"suite\">\n")
	etapes := b.suite()
	if b.masques > 0 {
		etapes = append(etapes, b.phraseMasques())
	}
	for _, s := range etapes {
		p.ecrire("<li>")
		p.echapper(s)
		p.ecrire("</li>\n")
	}
	p.ecrire("</ul>\n")
}

// Fin writes the totals and closes the page.
func (p *page) Fin() error {
	p.ouvrir()
	if p.o.Plusieurs || len(p.lignes) != 1 {
		p.bilan()
	}
	var pied []string
	if p.jeu != nil {
		pied = append(pied, "Règles "+p.jeu.ID+" du "+p.jeu.Version, "empreinte "+p.jeu.Empreinte())
	}
	if p.o.Outil.Nom != "" {
		pied = append(pied, strings.TrimSpace(p.o.Outil.Nom+" "+p.o.Outil.Version))
	}
	p.ecrire("</main>\n<footer>\n<p class=\"empreinte\">")
	p.echapper(strings.Join(pied, " · "))
	p.ecrire("</p>\n</footer>\n</div>\n</body>\n</html>\n")
	return p.vider()
}

// bilan writes the table of all files.
func (p *page) bilan() {
	b := &p.total
	p.ecrire("<section class=\"bilan\" id=\"bilan\" aria-labelledby=\"bilan-titre\">\n<h2 id=\"bilan-titre\">Bilan</h2>\n")
	if b.fichiers == 0 {
		p.ecrire("<p>Aucun fichier n’a été contrôlé.</p>\n</section>\n")
		return
	}
	p.ecrire("<p>")
	p.echapper(Compte(b.fichiers, "fichier", "fichiers") + "\u00a0: " + strings.Join(b.comptesFichiers(), ", ") + ".")
	p.ecrire("</p>\n")
	p.comptes(b)
	p.cadre("Fichiers contrôlés")
	p.ecrire("<thead><tr><th scope=\"col\">Fichier</th><th scope=\"col\">Verdict</th><th scope=\"col\">Acceptées</th><th scope=\"col\">Refusées</th>",
		"<th scope=\"col\">Erreurs</th><th scope=\"col\">Avertissements</th></tr></thead>\n<tbody>\n")
	for i := range p.lignes {
		l := &p.lignes[i]
		p.ecrire("<tr><th scope=\"row\"><a href=\"#f", strconv.Itoa(i+1), "\">")
		p.echapper(l.nom)
		p.ecrire("</a></th><td>", signes[l.e].signe, " ", l.e.verdict(), "</td>")
		for _, n := range [...]int{l.b.somme.Acceptees, l.b.somme.Rejetees, l.b.somme.Erreurs + l.b.piecesErreurs, l.b.somme.Avertissements + l.b.piecesAvert} {
			s := Nombre(n)
			if l.e == etatNonLu {
				s = "—"
			}
			p.ecrire("<td class=\"nombre\">", s, "</td>")
		}
		p.ecrire("</tr>\n")
	}
	p.ecrire("</tbody>\n</table>\n</div>\n")
	p.suite(b)
	p.ecrire("</section>\n")
}
