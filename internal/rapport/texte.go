package rapport

import (
	"strings"

	"guichet.example/segur"
)

// texte is the terminal report.
type texte struct {
	*tampon
	o     Options
	total bilan
	jeu   *segur.Jeu
}

func nouveauTexte(t *tampon, o Options) *texte {
	if o.Largeur <= 0 {
		o.Largeur = 100
	}
	o.Largeur = max(o.Largeur, 40)
	return &texte{tampon: t, o: o}
}

// Styles of the terminal, as SGR parameters.
const (
	gras  = "1"
	pale  = "2"
	rouge = "1;31"
	vert  = "1;32"
	jaune = "1;33"
	bleu  = "36"
)

// style dresses a text when colours are wanted.
func (t *texte) style(style, s string) string {
	if !t.o.Couleur || s == "" {
		return s
	}
	return "\x1b[" + style + "m" + s + "\x1b[0m"
}

// signes are the mark and the style of each state.
var signes = [nbEtats]struct{ signe, style string }{
	{"✓", vert}, {"✗", jaune}, {"?", jaune}, {"✗", jaune}, {"✗", rouge}, {"✗", rouge}, {"✗", rouge}, {"?", jaune},
}

func (t *texte) Resultat(r Resultat) error {
	b := compter(&r, &t.o)
	e, _ := etatDe(&r)
	if t.o.Quiet {
		t.ligneBreve(&r, &b, e)
		return t.vider()
	}
	if t.total.fichiers > 0 {
		t.ecrire("\n")
	}
	t.total.ajouter(&b)
	if r.Rapport != nil {
		t.jeu = r.Rapport.Jeu()
	}
	t.entete(&r, &b, e)
	famille := -1
	for _, g := range grouper(&r, &t.o, false) {
		if f := g.famille(); f != famille {
			famille = f
			t.titreFamille(f)
		}
		t.groupe(&r, g, b.somme.Demandes)
	}
	return t.vider()
}

// ligneBreve is all that --quiet shows of a file.
func (t *texte) ligneBreve(r *Resultat, b *bilan, e etat) {
	t.ecrire(t.style(signes[e].style, signes[e].signe), " ", nomAffiche(&r.Fichier), "\u00a0: ", minuscule(e.verdict()))
	if e == etatNonLu {
		t.ecrire("\u00a0: ", segur.Visible(r.Erreur, 0), "\n")
		return
	}
	if r.Rapport.StructureValide() {
		t.ecrire(", ", Compte(b.somme.Acceptees, "demande acceptée", "demandes acceptées"), " sur ", Nombre(b.somme.Demandes))
	}
	for _, c := range b.comptes() {
		t.ecrire(", ", c)
	}
	if r.Erreur != "" {
		t.ecrire("\u202f; non contrôlé\u00a0: ", segur.Visible(r.Erreur, 0))
	}
	t.ecrire("\n")
}

// entete opens a file: its name, its verdict, its counts.
func (t *texte) entete(r *Resultat, b *bilan, e etat) {
	t.ecrire(t.style(gras, nomAffiche(&r.Fichier)), "\n")
	phrase := b.phrase(e, r.Erreur)
	if cs := b.comptes(); e != etatNonLu && len(cs) > 0 {
		phrase += " · " + strings.Join(cs, ", ")
	}
	titre := signes[e].signe + " " + e.verdict()
	t.pendre(t.style(signes[e].style, titre)+"\u00a0: ", Largeur(titre)+3, 2, phrase)
	if r.Note != "" {
		t.pendre("  ", 2, 2, segur.Visible(r.Note, 0))
	}
	if r.Erreur != "" && r.Rapport != nil {
		t.pendre(t.style(jaune, "? Non contrôlé")+"\u00a0: ", 17, 2, finir(segur.Visible(r.Erreur, 0))+" Ce n’est pas un refus.")
	}
}

// pendre writes a text folded after a head of n cells; the lines that follow
// are indented.
func (t *texte) pendre(tete string, n, retrait int, s string) {
	t.ecrire(tete)
	lignes := Replier(s, t.o.Largeur-n)
	if len(lignes) > 1 && n != retrait {
		// The lines after the first are longer: fold what is left again.
		reste := strings.TrimPrefix(s[len(lignes[0]):], " ")
		lignes = append(lignes[:1], Replier(reste, t.o.Largeur-retrait)...)
	}
	for i, l := range lignes {
		if i > 0 {
			t.ecrire(strings.Repeat(" ", retrait))
		}
		t.ecrire(l, "\n")
	}
}

// Fin writes the totals and what to do now.
func (t *texte) Fin() error {
	if t.o.Quiet || t.total.fichiers == 0 {
		return t.vider()
	}
	b := &t.total
	t.ecrire("\n", t.style(pale, strings.Repeat("─", t.o.Largeur)), "\n")
	if b.fichiers > 1 {
		t.ecrire(t.style(gras, "Bilan"), "\n")
		t.pendre("  ", 2, 4, Nombre(b.fichiers)+" fichiers\u00a0: "+strings.Join(b.comptesFichiers(), ", "))
		if b.somme.Demandes > 0 {
			t.pendre("  ", 2, 4, Compte(b.somme.Demandes, "demande examinée", "demandes examinées")+"\u00a0: "+
				Compte(b.somme.Acceptees, "acceptée", "acceptées")+", "+Compte(b.somme.Rejetees, "refusée", "refusées"))
		}
		if cs := b.comptes(); len(cs) > 0 {
			t.pendre("  ", 2, 4, strings.Join(cs, ", "))
		}
		t.ecrire("\n")
	}
	t.ecrire(t.style(gras, "Et maintenant"), "\n")
	for _, s := range b.suite() {
		t.pendre("  "+t.style(bleu, "→")+" ", 4, 4, s)
	}
	if b.masques > 0 {
		t.pendre("  "+t.style(bleu, "→")+" ", 4, 4, b.phraseMasques())
	}
	t.colophon()
	return t.vider()
}

// colophon says under which rules and for which day the run stands.
func (t *texte) colophon() {
	var p []string
	if t.o.Date != "" {
		p = append(p, "contrôle au "+t.o.Date)
	}
	if t.jeu != nil {
		p = append(p, "règles "+t.jeu.ID+" du "+t.jeu.Version)
	}
	if t.o.Outil.Nom != "" {
		p = append(p, strings.TrimSpace(t.o.Outil.Nom+" "+t.o.Outil.Version))
	}
	if len(p) == 0 {
		return
	}
	t.ecrire("\n")
	for _, l := range Replier(strings.Join(p, " · "), t.o.Largeur) {
		t.ecrire(t.style(pale, l), "\n")
	}
}
