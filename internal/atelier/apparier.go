package atelier

import (
	"fmt"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"

	"guichet.example/internal/atelier/catalogue"
	"guichet.example/segur"
)

// proposeMax is how many missing scans get a name proposed: comparing names is
// slow, and a folder that is the wrong one lacks them all.
const proposeMax = 50

// Apparier gives each order its scans: those that a column names, else those
// that a pattern of the mapping finds, else those whose name holds the FINESS
// number. Two that fit are never chosen between. What is not found is added to
// the constats of the list; the error tells a pattern that is none.
func (s *Scans) Apparier(jeu *segur.Jeu, l *Lecture, m *Correspondance) error {
	if m == nil {
		m = &Correspondance{}
	}
	a := &appariement{Scans: s, jeu: jeu, l: l, motifs: m.Scans, finess: rangChamp(jeu, baliseFiness), regime: rangChamp(jeu, baliseRegime)}
	for i := range l.Commandes {
		c := &l.Commandes[i]
		for t := range jeu.Pieces {
			if err := a.piece(c, i+1, t); err != nil {
				return err
			}
		}
	}
	return nil
}

type appariement struct {
	*Scans
	jeu            *segur.Jeu
	l              *Lecture
	motifs         map[string]string
	finess, regime int
	proposes       int
}

// piece finds one type of piece of one order.
func (a *appariement) piece(c *Commande, rang, t int) error {
	tp := &a.jeu.Pieces[t]
	nomme := ""
	if c.scans != nil {
		nomme = c.scans[t]
	}
	if tp.SousRegime != "" && tp.SousRegime != texteJSON(c.valeur(a.regime)) && nomme == "" {
		return nil
	}
	candidats, cherche, err := a.candidats(c, rang, t, nomme)
	if err != nil {
		return err
	}
	switch len(candidats) {
	case 1:
		a.prendre(c, rang, tp, candidats[0])
	case 0:
		a.noter(c, rang, tp, catalogue.ScanAbsent, mots{valeur: nomme, detail: cherche, propose: a.proposer(nomme)})
	default:
		a.noter(c, rang, tp, catalogue.ScanMultiple, mots{valeur: nomme, detail: a.nommer(candidats)})
	}
	return nil
}

// candidats lists the files that may be meant, and says how they were looked
// for.
func (a *appariement) candidats(c *Commande, rang, t int, nomme string) (is []int, cherche string, err error) {
	tp := &a.jeu.Pieces[t]
	if nomme != "" {
		return a.trouver(nomme), " : « " + segur.Visible(nomme, 60) + " » n’est pas dans le dossier", nil
	}
	if motif := a.motifs[tp.Valeur]; motif != "" {
		motif = a.remplir(motif, rang)
		is, err = a.correspondre(motif)
		return is, " : aucun nom ne suit « " + segur.Visible(motif, 60) + " »", err
	}
	finess := strings.ToLower(texteJSON(c.valeur(a.finess)))
	if len(finess) < 5 {
		return nil, ", faute de nom dans la liste et de FINESS à chercher", nil
	}
	for _, i := range a.parMot[finess] {
		if a.typeDe(i) == t {
			is = append(is, i)
		}
	}
	return is, " : aucun nom de fichier ne contient le FINESS " + segur.Visible(finess, 20), nil
}

// remplir puts the cells of a row into a pattern: {heading} is what the cell
// below it holds.
func (a *appariement) remplir(motif string, rang int) string {
	for k := range a.l.Colonnes {
		if nom := "{" + a.l.Colonnes[k].Titre + "}"; strings.Contains(motif, nom) {
			motif = strings.ReplaceAll(motif, nom, litteral(a.l.Table.Lignes[rang-1].Cellules[k]))
		}
	}
	return motif
}

// litteral keeps the signs of a cell from acting in a pattern.
func litteral(s string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(s)
}

// typeDe tells by the words of a file's name which type of piece it is; the
// first type of the rule set when no word tells.
func (a *appariement) typeDe(i int) int {
	nom := path.Base(nomPlie(a.fichiers[i].chemin))
	ms := motsDe(plierAccents(strings.TrimSuffix(nom, path.Ext(nom))))
	for t := range a.jeu.Pieces {
		for _, m := range motsDuType(a.jeu.Pieces[t].Valeur) {
			if slices.Contains(ms, m) {
				return t
			}
		}
	}
	return 0
}

func plierAccents(s string) string {
	return strings.NewReplacer("é", "e", "è", "e", "ê", "e", "à", "a").Replace(s)
}

func motsDuType(valeur string) []string {
	switch valeur {
	case "BON_COMMANDE":
		return []string{"bdc", "bc", "commande", "boncommande", "boncde"}
	case "PREUVE_HT":
		return []string{"ht", "preuve", "preuveht", "attestation"}
	case "FACTURE":
		return []string{"fac", "facture"}
	case "VERIFICATION_APTITUDE":
		return []string{"va", "verification", "aptitude"}
	}
	return nil
}

// prendre gives a file to an order. A proof that is the supplier's own may
// serve many orders; a document that an order is made of may not.
func (a *appariement) prendre(c *Commande, rang int, tp *segur.TypePiece, i int) {
	f := &a.fichiers[i]
	autre, pris := a.pris[i]
	format := formatScan(f.chemin)
	switch {
	case pris && tp.SousRegime == "":
		a.noter(c, rang, tp, catalogue.ScanPartage, mots{valeur: f.chemin, detail: rangEnTexte(&a.l.Commandes[autre-1], autre)})
		return
	case format == "":
		a.pris[i] = rang // of no use to another order
		a.noter(c, rang, tp, catalogue.ScanFormat, mots{valeur: f.chemin})
		return
	case f.taille > segur.PieceProduiteMax:
		a.noter(c, rang, tp, catalogue.ScanLourd, mots{valeur: f.chemin, detail: strconv.FormatInt(f.taille, 10)})
	}
	a.pris[i] = rang
	c.Pieces = append(c.Pieces, Piece{Type: tp.Valeur, Format: format, Source: a.chemin(i), Taille: f.taille, modifie: f.info.ModTime()})
}

func (a *appariement) noter(c *Commande, rang int, tp *segur.TypePiece, code segur.Code, m mots) {
	m.piece = tp.Titre
	k := constat(c, rang, code, m)
	k.Balise = balisePieces
	for i := range a.l.Colonnes {
		if a.l.Colonnes[i].Scan == tp.Valeur {
			k.Titre = a.l.Colonnes[i].Titre
		}
	}
	a.l.Constats = append(a.l.Constats, k)
}

// balisePieces is where the control reports pieces that are not declared.
const balisePieces = "piecesJustificatives"

func (a *appariement) nommer(is []int) string {
	var noms []string
	for _, i := range is[:min(len(is), 4)] {
		noms = append(noms, a.fichiers[i].chemin)
	}
	s := strings.Join(noms, ", ")
	if n := len(is) - len(noms); n > 0 {
		s += fmt.Sprintf(" et %d autres", n)
	}
	return s
}

// proposer is the file whose name is nearest to one that is not there.
func (a *appariement) proposer(nom string) string {
	if a.proposes++; nom == "" || a.proposes > proposeMax {
		return ""
	}
	proche := segur.PlusProche(path.Base(strings.ReplaceAll(nom, `\`, "/")), a.noms)
	if k := sort.SearchStrings(a.noms, proche); proche != "" && k < len(a.noms) {
		if _, pris := a.pris[a.ordre[k]]; pris {
			return "" // another order's already
		}
		return path.Base(a.fichiers[a.ordre[k]].chemin)
	}
	return ""
}

// DeclarerPieces declares the pieces of orders whose scans are not at hand:
// one of each type that the rule set asks for, of the format that the list
// names, PDF by default. Their files must be added under the names that the
// plan shows.
func DeclarerPieces(jeu *segur.Jeu, cs []Commande) {
	regime := rangChamp(jeu, baliseRegime)
	for i := range cs {
		c := &cs[i]
		for t := range jeu.Pieces {
			tp := &jeu.Pieces[t]
			if tp.SousRegime != "" && tp.SousRegime != texteJSON(c.valeur(regime)) {
				continue
			}
			format := ""
			if c.scans != nil {
				format = formatScan(c.scans[t])
			}
			c.Pieces = append(c.Pieces, Piece{Type: tp.Valeur, Format: premier(format, "PDF")})
		}
	}
}
