package lettre

import (
	"io"
	"strconv"

	"codeberg.org/go-pdf/fpdf"
)

// Measures of the page, in millimetres: A4, the address where a French window
// envelope shows it.
const (
	marge       = 20.0
	largeur     = 210 - 2*marge
	bas         = 22.0
	hautAdresse = 45.0
	gaucheAdr   = 110.0
	interligne  = 4.8
	corps       = 10.0
)

// pages stands for the number of pages until it is known: a text that no
// letter can hold, because cp1252 drops control characters.
const pages = "\x7f\x7f"

// PDF writes the letter for paper and archives: the same bytes for the same
// letter. It uses the core fonts, so that the file stays small; the HTML is
// the accessible version.
func (d *Document) PDF(w io.Writer) error {
	p := &papier{Fpdf: fpdf.New("P", "mm", "A4", ""), d: d}
	p.SetCatalogSort(true)
	p.SetCreationDate(d.cadre.CreeLe.UTC())
	p.SetModificationDate(d.cadre.CreeLe.UTC())
	p.SetProducer("guichet", true)
	p.SetLang("fr")
	p.SetTitle(d.objet, true)
	p.SetSubject("Référence "+d.cadre.Reference, true)
	p.SetAuthor(d.cadre.Emetteur.Nom, true)
	p.SetMargins(marge, marge, marge)
	p.SetAutoPageBreak(true, bas)
	p.SetCellMargin(0)
	p.AliasNbPages(pages)
	p.SetHeaderFunc(p.tete)
	p.SetFooterFunc(p.pied)
	p.AddPage()
	p.parties()
	p.police("B", 12)
	p.MultiCell(largeur, 5.6, cp1252(d.objet), "", "L", false)
	p.police("", corps)
	p.Ln(1.5)
	p.MultiCell(largeur, interligne, cp1252("Référence\u00a0: "+d.cadre.Reference), "", "L", false)
	p.Ln(3)
	p.blocs(d.blocs)
	if d.cadre.Signataire != "" {
		p.placer(25)
		p.Ln(6)
		p.MultiCell(largeur, interligne, cp1252(d.cadre.Signataire), "", "R", false)
		p.Ln(6)
	}
	p.blocs(d.apres)
	return p.Output(w)
}

// papier is the PDF under way.
type papier struct {
	*fpdf.Fpdf
	d *Document
}

func (p *papier) police(style string, taille float64) { p.SetFont("Helvetica", style, taille) }

// tete marks the pages of a sandbox, and says on each page but the first which
// letter it belongs to.
func (p *papier) tete() {
	if p.d.cadre.BacASable {
		p.SetY(7)
		p.police("B", 9)
		p.SetTextColor(161, 21, 0)
		p.CellFormat(largeur, 5, cp1252(essai), "1", 0, "C", false, 0, "")
		p.SetTextColor(0, 0, 0)
	}
	if p.PageNo() > 1 {
		p.SetY(13)
		p.police("", 8)
		p.CellFormat(largeur, 4, cp1252(p.couper(p.d.objet, largeur)), "", 0, "L", false, 0, "")
	}
	p.SetXY(marge, marge)
	p.police("", corps)
}

// pied numbers the pages.
func (p *papier) pied() {
	p.SetY(-15)
	p.police("", 8)
	gauche := p.couper(p.d.cadre.Emetteur.Nom+" – référence "+p.d.cadre.Reference+" – modèle "+p.d.modele, largeur-25)
	p.CellFormat(largeur-25, 4, cp1252(gauche), "T", 0, "L", false, 0, "")
	p.CellFormat(25, 4, cp1252("Page "+strconv.Itoa(p.PageNo())+" sur ")+pages, "T", 0, "R", false, 0, "")
}

// couper shortens a text to one line.
func (p *papier) couper(s string, l float64) string {
	r := []rune(s)
	for len(r) > 1 && p.GetStringWidth(cp1252(string(r))) > l {
		r = append(r[:len(r)-2], '…')
	}
	return string(r)
}

// parties writes sender, addressee, place and day.
func (p *papier) parties() {
	debut := marge
	p.SetXY(marge, debut)
	p.partie(p.d.cadre.Emetteur, marge, 85)
	gauche := p.GetY()
	p.SetXY(gaucheAdr, hautAdresse)
	p.partie(p.d.cadre.Destinataire, gaucheAdr, largeur+marge-gaucheAdr)
	p.SetXY(gaucheAdr, max(p.GetY(), gauche, hautAdresse+25)+6)
	p.MultiCell(largeur+marge-gaucheAdr, interligne, cp1252(p.d.lieuDate()), "", "L", false)
	p.Ln(9)
}

func (p *papier) partie(x Partie, gauche, l float64) {
	ligne := func(style, s string) {
		if s == "" {
			return
		}
		p.SetX(gauche)
		p.police(style, corps)
		p.MultiCell(l, interligne, cp1252(s), "", "L", false)
	}
	ligne("B", x.Nom)
	ligne("", x.Service)
	for _, a := range x.Adresse {
		ligne("", a)
	}
	if x.SIRET != "" {
		ligne("", "SIRET\u00a0: "+x.SIRET)
	}
	ligne("", x.Courriel)
}

// placer begins a new page when less than h is left on this one.
func (p *papier) placer(h float64) {
	_, hauteur := p.GetPageSize()
	if p.GetY()+h > hauteur-bas {
		p.AddPage()
	}
}

func (p *papier) blocs(bs []bloc) {
	for _, b := range bs {
		if b.Titre != "" {
			p.placer(20)
			p.Ln(2)
			p.police("B", 11)
			p.MultiCell(largeur, 5.4, cp1252(b.Titre), "", "L", false)
			p.Ln(1)
		}
		p.police("", corps)
		switch {
		case b.Texte != "":
			p.MultiCell(largeur, interligne, cp1252(b.Texte), "", "L", false)
		case b.Tableau != nil:
			p.tableau(b.Tableau)
		}
		p.liste(b.Liste)
		p.fiche(b.Fiche)
		p.Ln(3)
	}
}

func (p *papier) liste(es []element) {
	const retrait = 5.0
	for _, e := range es {
		p.placer(2 * interligne)
		p.SetX(marge)
		p.CellFormat(retrait, interligne, cp1252("•"), "", 0, "L", false, 0, "")
		p.police("B", corps)
		fort := e.Fort
		if e.Suite != "" {
			fort += " (" + e.Suite + ")"
		}
		p.MultiCell(largeur-retrait, interligne, cp1252(fort), "", "L", false)
		p.police("", corps)
		if e.Texte != "" {
			p.SetX(marge + retrait)
			p.MultiCell(largeur-retrait, interligne, cp1252(e.Texte), "", "L", false)
		}
		p.Ln(1)
	}
}

func (p *papier) fiche(ls []ligne) {
	const cle = 45.0
	for _, l := range ls {
		p.placer(2 * interligne)
		p.police("B", corps)
		p.SetX(marge)
		p.CellFormat(cle, interligne, cp1252(l.Cle), "", 0, "L", false, 0, "")
		p.police("", corps)
		p.MultiCell(largeur-cle, interligne, cp1252(l.Valeur), "", "L", false)
	}
}
