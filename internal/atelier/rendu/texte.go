package rendu

import (
	"bufio"
	"strings"

	"guichet.example/internal/atelier"
	"guichet.example/internal/atelier/tableur"
	"guichet.example/internal/rapport"
	"guichet.example/segur"
)

// texte is the form for a terminal.
type texte struct {
	w *bufio.Writer
	b *Bilan
}

const (
	gras  = "1"
	rouge = "1;31"
	vert  = "1;32"
	jaune = "1;33"
)

func (t *texte) style(s, texte string) string {
	if !t.b.Couleur {
		return texte
	}
	return "\x1b[" + s + "m" + texte + "\x1b[0m"
}

func (t *texte) ligne(parts ...string) {
	for _, p := range parts {
		t.w.WriteString(p)
	}
	t.w.WriteByte('\n')
}

// plier writes a text folded to the width, the lines after the first indented.
func (t *texte) plier(tete, suite, s string) {
	large := t.b.Largeur
	if large < 40 {
		large = 100
	}
	lignes := rapport.Replier(segur.Visible(s, 0), large-rapport.Largeur(tete))
	if len(lignes) > 1 {
		reste := strings.Join(lignes[1:], " ")
		lignes = append(lignes[:1], rapport.Replier(reste, large-rapport.Largeur(suite))...)
	}
	t.w.WriteString(tete)
	t.w.WriteString(strings.Join(lignes, "\n"+suite))
	t.w.WriteByte('\n')
}

func (t *texte) ecrire() {
	b := t.b
	t.entete()
	if b.Quiet {
		return
	}
	t.lecture()
	for _, q := range b.Lecture.Questions {
		t.ligne()
		t.plier("  ? ", "    ", q.Phrase)
		t.plier("    À faire : ", "    ", q.Remede)
	}
	famille := segur.Gravite("")
	for _, g := range b.grouper() {
		if g.Gravite != famille {
			famille = g.Gravite
			titre, style := "Erreurs", rouge
			if famille == segur.Avertissement {
				titre, style = "Avertissements", jaune
			}
			t.ligne()
			t.ligne("── ", t.style(style, titre))
		}
		t.groupe(g)
	}
	t.corrections()
	if b.Plan != nil {
		t.plan()
	}
	t.suite()
}

// entete is the verdict, one line.
func (t *texte) entete() {
	b, c := t.b, t.b.compter()
	prete := c.commandes - c.ecartees
	nom := segur.Visible(b.Lecture.Table.Nom, 0)
	var signe, phrase string
	switch {
	case len(b.Lecture.Questions) > 0:
		signe, phrase = t.style(jaune, "? À préciser"), rapport.Compte(len(b.Lecture.Questions), "question sur les colonnes", "questions sur les colonnes")
	case c.commandes == 0:
		signe, phrase = t.style(rouge, "✗ Liste vide"), "aucune commande sous les titres"
	case c.ecartees == 0:
		signe, phrase = t.style(vert, "✓ Prête"), rapport.Compte(c.commandes, "commande", "commandes")
	case b.Partiel && prete > 0:
		signe, phrase = t.style(jaune, "✓ Prête en partie"), rapport.Compte(prete, "commande prête", "commandes prêtes")+", "+rapport.Compte(c.ecartees, "écartée", "écartées")
	default:
		signe, phrase = t.style(rouge, "✗ À corriger"), rapport.Compte(c.ecartees, "commande en faute", "commandes en faute")+" sur "+rapport.Nombre(c.commandes)
	}
	if c.erreurs > 0 {
		phrase += " · " + rapport.Compte(c.erreurs, "erreur", "erreurs")
	}
	if c.avertissements > 0 {
		phrase += " · " + rapport.Compte(c.avertissements, "avertissement", "avertissements")
	}
	if b.Dossier != "" {
		phrase += " → " + segur.Visible(b.Dossier, 0)
	}
	t.ligne(t.style(gras, nom))
	t.ligne(signe, "\u00a0: ", phrase)
}

// lecture says how the list was read.
func (t *texte) lecture() {
	l := t.b.Lecture
	x := l.Table
	s := "Lue en " + x.Encodage + ", séparateur " + tableur.NomSeparateur(x.Separateur)
	if x.Encodage == "" {
		s = "Feuille « " + x.Feuille + " »"
		if len(x.Autres) > 0 {
			s += " (non lues : " + strings.Join(x.Autres, ", ") + ")"
		}
	}
	t.plier("  ", "  ", s+", titres en ligne "+rapport.Nombre(x.RangEntetes)+".")
	for _, phrase := range t.b.lignesAPart() {
		t.plier("  ", "  ", phrase)
	}
	for i := range l.Colonnes {
		c := &l.Colonnes[i]
		usage := c.Balise + c.Entete + c.Extra
		if c.Scan != "" {
			usage = "scan " + c.Scan
		}
		switch {
		case !c.Utile() && c.Titre == "":
		case !c.Utile():
			t.plier("    ", "      ", "« "+segur.Visible(c.Titre, 40)+" » : "+c.Note)
		case c.Lire == atelier.LireTTC:
			t.plier("    ", "      ", "« "+segur.Visible(c.Titre, 40)+" » → "+usage+" (TTC converti en HT)")
		case c.Note != "":
			t.plier("    ", "      ", "« "+segur.Visible(c.Titre, 40)+" » → "+usage+" ("+c.Note+")")
		default:
			t.plier("    ", "      ", "« "+segur.Visible(c.Titre, 40)+" » → "+usage)
		}
	}
}

func (t *texte) groupe(g *groupe) {
	titre := g.titre
	if len(g.liste) > 1 {
		titre += " · " + rapport.Nombre(len(g.liste)) + " fois"
	}
	style := rouge
	if g.Gravite == segur.Avertissement {
		style = jaune
	}
	t.ligne()
	t.ligne("  ", t.style(style, g.Code.String()), "  ", t.style(gras, segur.Visible(titre, 0)))
	lieu := rangees(g.liste, 12)
	if g.Feuille != "" {
		lieu = "feuille « " + g.Feuille + " », " + lieu
	}
	if g.Titre != "" {
		lieu += ", colonne « " + g.Titre + " »"
	}
	t.plier("        Où        ", "                  ", lieu)
	if r := t.b.reperes(g); r != "" {
		t.plier("        Repères   ", "                  ", r)
	}
	if g.Valeur != "" {
		t.plier("        Reçu      ", "                  ", segur.Visible(g.Valeur, 80))
	}
	t.plier("        Constat   ", "                  ", g.Message)
	if g.Attendu != "" {
		t.plier("        Attendu   ", "                  ", g.Attendu)
	}
	if g.Remede != "" {
		t.plier("        À faire   ", "                  ", g.Remede)
	}
}

// montrees is how many corrections are shown.
const montrees = 5

// corrections shows what was changed, or could be, as a diff; equal ones once.
func (t *texte) corrections() {
	type cle struct{ titre, avant, apres string }
	for _, faite := range []bool{true, false} {
		fois := map[cle]int{}
		var ordre []atelier.Correction
		for _, c := range t.b.Lecture.Corrections {
			if k := (cle{c.Titre, c.Avant, c.Apres}); c.Faite == faite {
				if fois[k]++; fois[k] == 1 {
					ordre = append(ordre, c)
				}
			}
		}
		if len(ordre) == 0 {
			continue
		}
		titre := "Corrections faites"
		if !faite {
			titre = "Corrections proposées (--corriger les accepte)"
		}
		t.ligne()
		t.ligne("── ", titre)
		for _, c := range ordre[:min(len(ordre), montrees)] {
			lieu := "ligne " + rapport.Nombre(c.Rangee) + ", « " + segur.Visible(c.Titre, 40) + " »"
			if n := fois[cle{c.Titre, c.Avant, c.Apres}]; n > 1 {
				lieu += " et " + rapport.Compte(n-1, "autre ligne", "autres lignes")
			}
			t.plier("  ", "  ", lieu)
			t.ligne("    ", t.style("31", "- "+segur.Visible(c.Avant, 60)))
			t.ligne("    ", t.style("32", "+ "+segur.Visible(c.Apres, 60)))
		}
		if n := len(ordre) - montrees; n > 0 {
			t.ligne("  et ", rapport.Compte(n, "autre", "autres"), " (liste complète : --sortie json)")
		}
	}
}

// plan shows files and zips.
func (t *texte) plan() {
	p := t.b.Plan
	t.ligne()
	m := p.Montants()
	t.plier("── ", "   ", rapport.Compte(len(p.Depots), "dépôt", "dépôts")+", "+rapport.Compte(p.Demandes(), "demande", "demandes")+", "+t.b.attendu()+" "+t.b.montant(m).Francais()+" sur une base de "+m.Base.Francais())
	for _, d := range p.Depots {
		t.plier("  ", "    ", d.Fichier+" · "+rapport.Compte(len(d.Commandes), "demande", "demandes")+" "+etendue(d.Numeros)+" · "+string(t.b.Jeu.Type)+" "+t.b.montant(d.Montants).Francais())
		for _, z := range d.Zips {
			t.plier("    ", "      ", z.Nom+" · "+rapport.Compte(len(z.Entrees), "pièce", "pièces")+" · "+octets(z.Taille))
		}
	}
	if n := len(t.b.Inutiles); n > 0 {
		t.plier("  ", "  ", rapport.Compte(n, "scan du dossier n’est demandé par aucune commande", "scans du dossier ne sont demandés par aucune commande")+" : "+strings.Join(t.b.Inutiles[:min(n, 3)], ", ")+map[bool]string{true: "…"}[n > 3])
	}
}

// etendue is the first and the last of the numbers of a file.
func etendue(numeros []string) string {
	if len(numeros) == 1 {
		return numeros[0]
	}
	return numeros[0] + " à " + numeros[len(numeros)-1]
}

// suite says what to do now.
func (t *texte) suite() {
	t.ligne()
	for _, s := range t.b.Suite() {
		t.plier("→ ", "  ", s)
	}
}

// Suite says what to do now, in sentences.
func (b *Bilan) Suite() []string {
	s := append([]string(nil), b.Avis...)
	c := b.compter()
	offertes := false
	for i := range b.Lecture.Corrections {
		offertes = offertes || !b.Lecture.Corrections[i].Faite
	}
	switch {
	case len(b.Lecture.Questions) > 0:
		return append(s, "Répondez aux questions avec --assistant : il montre un aperçu et enregistre la correspondance.")
	case b.Dossier != "" && c.ecartees > 0:
		s = append(s, "Corrigez "+atelier.NomACorriger+" dans "+b.Dossier+", puis préparez cette liste à son tour.")
	case b.Plan != nil && c.ecartees > 0:
		s = append(s, "Les lignes en faute seront écrites dans "+atelier.NomACorriger+", à corriger et à préparer à leur tour.")
	case c.ecartees > 0 && c.ecartees < c.commandes:
		s = append(s, "Corrigez la liste, ou relancez avec --partiel pour préparer sans attendre "+rapport.Compte(c.commandes-c.ecartees, "bonne commande", "bonnes commandes")+".")
	case c.ecartees > 0:
		s = append(s, "Corrigez la liste et relancez la commande ; rien n’a été écrit, aucun numéro n’a été pris.")
	}
	if offertes && c.ecartees > 0 {
		s = append(s, "Les corrections proposées s’acceptent toutes par --corriger.")
	}
	switch {
	case b.Dossier != "" && b.SansScan:
		s = append(s, "Sans --scans, les pièces sont déclarées et restent à joindre sous les noms du fichier JSON.")
	case b.Dossier != "":
		s = append(s, "Vérifiez : segur controler "+b.Dossier, "Déposez : segur deposer "+b.Dossier)
	case b.Plan != nil:
		s = append(s, "Rien n’est écrit : retirez --plan pour préparer le dépôt.")
	}
	return s
}
