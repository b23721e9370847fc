package rapport

import (
	"strconv"
	"strings"

	"guichet.example/segur"
)

// Indents of a group: its body, and the texts after their labels.
const (
	retraitCorps = 8
	retraitTexte = retraitCorps + 11
)

// titreFamille opens errors, pieces or warnings.
func (t *texte) titreFamille(f int) {
	style := rouge
	if f == familleAvertissements {
		style = jaune
	}
	titre := titresFamilles[f]
	trait := max(0, t.o.Largeur-Largeur(titre)-3)
	t.ecrire("\n", t.style(pale, "──"), " ", t.style(style, titre), " ", t.style(pale, strings.Repeat("─", trait-1)), "\n")
}

// groupe shows one code: its title, whom it concerns, its first occurrence.
func (t *texte) groupe(r *Resultat, g *groupe, demandes int) {
	style := rouge
	if g.gravite == segur.Avertissement {
		style = jaune
	}
	titre := segur.Visible(g.titre, 0)
	if g.nombre > 1 {
		titre += " · " + Nombre(g.nombre) + " fois"
	}
	t.ecrire("\n")
	t.pendre("  "+t.style(style, g.code.String())+"  "+t.debutGras(), retraitCorps, retraitCorps, titre)
	t.finGras()
	if lieux := g.lieux(demandes, "liste complète\u00a0: --sortie csv"); lieux != "" {
		t.paragraphe(majuscule(lieux))
	}
	t.ecrire("\n")
	t.source(r, g)
	k := &g.premier
	if k.Message != g.titre {
		t.champ("Constat", k.Message)
	}
	t.autres(g)
	t.champ("Attendu", k.Attendu)
	t.champ("Reçu", k.Recu)
	t.champ("À faire", k.Remede)
	t.champ("Référence", k.Reference)
}

// autres says where else the code is found; what is left out is counted.
func (t *texte) autres(g *groupe) {
	nom := "Aussi"
	for _, s := range g.autres {
		t.champ(nom, s)
		nom = ""
	}
	if reste := g.nombre - 1 - len(g.autres); reste > 0 {
		t.champ(nom, "et "+Compte(reste, "autre", "autres")+" (liste complète\u00a0: --sortie csv)")
	}
}

// debutGras and finGras set a text that folds over several lines in bold.
func (t *texte) debutGras() string {
	if t.o.Couleur {
		return "\x1b[" + gras + "m"
	}
	return ""
}

func (t *texte) finGras() {
	if t.o.Couleur {
		t.ecrire("\x1b[0m")
	}
}

func (t *texte) paragraphe(s string) {
	t.pendre(strings.Repeat(" ", retraitCorps), retraitCorps, retraitCorps, s)
}

// champ shows a labelled text; nothing when it is empty.
func (t *texte) champ(nom, s string) {
	if s == "" {
		return
	}
	blanc := strings.Repeat(" ", max(1, retraitTexte-retraitCorps-Largeur(nom)))
	t.pendre(strings.Repeat(" ", retraitCorps)+t.style(pale, nom)+blanc, retraitTexte, retraitTexte, segur.Visible(s, 0))
}

// source shows the line of the first occurrence, its place underlined.
func (t *texte) source(r *Resultat, g *groupe) {
	k := &g.premier
	if !k.situe(r.Octets) {
		return
	}
	lieu := "Ligne " + Nombre(k.Ligne) + ", colonne " + Nombre(k.Colonne)
	if g.nombre > 1 {
		lieu = "Première fois\u00a0: ligne " + Nombre(k.Ligne) + ", colonne " + Nombre(k.Colonne)
		if k.Rang > 0 {
			lieu += ", demande " + strconv.Itoa(k.Rang)
		}
	}
	t.paragraphe(lieu)
	numero := strconv.Itoa(k.Ligne)
	marge := strings.Repeat(" ", retraitCorps) + t.style(pale, numero+" │") + " "
	e, ok := extraire(r.Octets, k, t.o.Largeur-retraitCorps-len(numero)-3)
	if !ok {
		return
	}
	style := rouge
	if g.gravite == segur.Avertissement {
		style = jaune
	}
	t.ecrire(marge, e.avant, t.style(style, e.marque), e.apres, "\n")
	t.ecrire(strings.Repeat(" ", retraitCorps+len(numero)), t.style(pale, " │"), " ", strings.Repeat(" ", Largeur(e.avant)),
		t.style(style, strings.Repeat("^", max(1, Largeur(e.marque)))), "\n")
}
