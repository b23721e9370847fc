package lettre

import "maps"

// Document is a letter ready to be written, in any form and any number of
// times: the same words, the same bytes. It is not changed by being written.
type Document struct {
	genre  Genre
	modele string
	objet  string
	cadre  Cadre
	blocs  []bloc
	apres  []bloc // behind the signature
}

// Genre tells which kind of letter it is.
func (d *Document) Genre() Genre { return d.genre }

// Objet is the subject line, which is also the title of the page and the PDF.
func (d *Document) Objet() string { return d.objet }

// Modele is the ID of the template that gave the sentences.
func (d *Document) Modele() string { return d.modele }

// bloc is one piece of a letter: exactly one of its fields is filled, but for
// Titre, which may stand above any of them.
type bloc struct {
	Titre   string
	Texte   string
	Liste   []element
	Fiche   []ligne
	Tableau *tableau
}

// element is one item of a list: what, and why or how.
type element struct{ Fort, Texte, Suite string }

// ligne is one line of a form: key and value.
type ligne struct{ Cle, Valeur string }

// tableau has a caption that says what it shows, and a sum when it has one.
// Its first column names each row.
type tableau struct {
	Legende  string
	Colonnes []colonne
	Lignes   [][]string
	Total    []string // one a column; nil = none
}

type colonne struct {
	Titre  string
	Part   float64 // of the width of the page, all together 1
	Droite bool    // figures stand right
	Fixe   bool    // identifiers and figures, not broken in the middle
}

// nouveau begins a letter: it checks the frame, finds the template and fills
// it. milieu is what stands between the opening and the closing sentences.
func nouveau(c Cadre, g Genre, valeurs map[string]string, milieu ...bloc) (*Document, error) {
	if err := c.controler(); err != nil {
		return nil, err
	}
	ms := c.Modeles
	if ms == nil {
		ms = ModelesFournis()
	}
	m, err := ms.Pour(g, c.Date)
	if err != nil {
		return nil, err
	}
	tous := map[string]string{"agence": c.Emetteur.Nom, "reference": c.Reference, "fournisseur": c.Destinataire.Nom}
	maps.Copy(tous, valeurs)
	if m, err = m.remplir(tous); err != nil {
		return nil, err
	}
	d := &Document{genre: g, modele: m.ID, objet: m.Objet, cadre: c}
	d.blocs = append(d.blocs, paragraphes("", m.Ouverture)...)
	d.blocs = append(d.blocs, milieu...)
	d.blocs = append(d.blocs, paragraphes("", m.Cloture)...)
	d.apres = paragraphes("Voies et délais de recours", m.Recours)
	return d, nil
}

// paragraphes gives sentences as blocks, the title above the first.
func paragraphes(titre string, textes []string) []bloc {
	var bs []bloc
	for _, t := range textes {
		bs = append(bs, bloc{Titre: titre, Texte: t})
		titre = ""
	}
	return bs
}

// fiche gives a form without its empty lines.
func fiche(titre string, lignes ...ligne) bloc {
	b := bloc{Titre: titre}
	for _, l := range lignes {
		if l.Valeur != "" {
			b.Fiche = append(b.Fiche, l)
		}
	}
	return b
}

// motifs gives reasons as a list.
func motifs(titre string, ms []Motif) bloc {
	b := bloc{Titre: titre}
	for _, m := range ms {
		e := element{Fort: m.Code + " – " + m.Libelle}
		if m.Reference != "" {
			e.Fort += " (" + m.Reference + ")"
		}
		if m.Remede != "" {
			e.Texte = "Ce que vous pouvez faire\u00a0: " + m.Remede
		}
		b.Liste = append(b.Liste, e)
	}
	return b
}
