package lettre

// Measures of a table, in millimetres and points.
const (
	corpsTableau = 8.5
	interTableau = 3.9
	ecart        = 1.0 // around the text of a cell
)

// tableau writes a table over as many pages as it takes, its head again on
// each; a row is never cut in two.
func (p *papier) tableau(t *tableau) {
	p.placer(25)
	p.police("B", corps)
	p.MultiCell(largeur, interligne, cp1252(t.Legende), "", "L", false)
	p.Ln(1)
	titres := make([]string, len(t.Colonnes))
	for i, c := range t.Colonnes {
		titres[i] = c.Titre
	}
	tete := p.rangee(t, titres, "B")
	tete.dessiner(p, true)
	for _, l := range t.Lignes {
		r := p.rangee(t, l, "")
		p.suivante(r, tete)
		r.dessiner(p, false)
	}
	if t.Total != nil {
		r := p.rangee(t, t.Total, "B")
		p.suivante(r, tete)
		r.dessiner(p, true)
	}
	p.police("", corps)
}

// suivante makes room for a row, on a new page with the head if need be.
func (p *papier) suivante(r, tete rangee) {
	_, hauteur := p.GetPageSize()
	if p.GetY()+r.hauteur > hauteur-bas {
		p.AddPage()
		tete.dessiner(p, true)
	}
}

// rangee is one row with its texts cut into lines.
type rangee struct {
	colonnes []colonne
	style    string
	cellules [][][]byte
	hauteur  float64
}

// lignesMax bounds the height of a row: a cell that does not fit on a page
// could not be placed at all.
const lignesMax = 40

func (p *papier) rangee(t *tableau, textes []string, style string) rangee {
	p.police(style, corpsTableau)
	r := rangee{colonnes: t.Colonnes, style: style}
	n := 1
	for i, c := range t.Colonnes {
		lignes := p.SplitLines([]byte(cp1252(textes[i])), c.Part*largeur-2*ecart)
		if len(lignes) > lignesMax {
			lignes = append(lignes[:lignesMax-1], []byte(cp1252("…")))
		}
		r.cellules = append(r.cellules, lignes)
		n = max(n, len(lignes))
	}
	r.hauteur = float64(n)*interTableau + 2*ecart
	return r
}

func (r rangee) dessiner(p *papier, fond bool) {
	p.police(r.style, corpsTableau)
	y := p.GetY()
	if fond {
		p.SetFillColor(235, 238, 242)
		p.Rect(marge, y, largeur, r.hauteur, "F")
	}
	x := marge
	for i, lignes := range r.cellules {
		l := r.colonnes[i].Part * largeur
		aligne := "L"
		if r.colonnes[i].Droite {
			aligne = "R"
		}
		for k, texte := range lignes {
			p.SetXY(x+ecart, y+ecart+float64(k)*interTableau)
			p.CellFormat(l-2*ecart, interTableau, string(texte), "", 0, aligne, false, 0, "")
		}
		x += l
	}
	p.SetDrawColor(118, 118, 118)
	p.SetLineWidth(.15)
	p.Line(marge, y+r.hauteur, marge+largeur, y+r.hauteur)
	p.SetXY(marge, y+r.hauteur)
}
