package piece

import (
	"bytes"
	"context"
	"errors"
	"unicode/utf8"
)

// teteMax is how much of a file tells what it is. Readers of PDF accept the
// signature anywhere in it: some scanners write something before.
const teteMax = 1024

// natures are what the first bytes of a file give away. The PDF is not among
// them: its signature need not come first.
var natures = []struct {
	debut  string
	format string // value of formatFichier, for those that are accepted
	nom    string
}{
	{"\x89PNG\r\n\x1a\n", "PNG", "une image PNG"},
	{"\xff\xd8\xff", "JPG", "une image JPEG"},
	{"GIF8", "", "une image GIF"},
	{"II*\x00", "", "une image TIFF"},
	{"MM\x00*", "", "une image TIFF"},
	{"BM", "", "une image BMP"},
	{"RIFF", "", "une image WebP ou un fichier multimédia"},
	{"PK\x03\x04", "", "une archive zip ou un document bureautique (docx, xlsx, odt…)"},
	{"PK\x05\x06", "", "une archive zip vide"},
	{"Rar!", "", "une archive rar"},
	{"7z\xbc\xaf\x27\x1c", "", "une archive 7z"},
	{"\x1f\x8b", "", "une archive gzip"},
	{"\xd0\xcf\x11\xe0", "", "un document Office ancien (doc, xls) ou un message Outlook"},
	{"{\\rtf", "", "un document RTF"},
	{"%!PS", "", "un document PostScript"},
	{"MZ", "", "un programme Windows"},
	{"\x7fELF", "", "un programme Linux"},
}

// formats are the accepted formats, as sentences name them.
var formats = map[string]string{"PDF": "un document PDF", "PNG": "une image PNG", "JPG": "une image JPEG"}

// reconnaitre tells what content is: the value of formatFichier, "" when it is
// none of them, and its name in a sentence.
func reconnaitre(contenu []byte) (format, nom string) {
	tete := contenu[:min(len(contenu), teteMax)]
	if len(tete) >= 12 && string(tete[4:8]) == "ftyp" {
		return "", "une image HEIC ou une vidéo"
	}
	for _, n := range natures {
		if bytes.HasPrefix(tete, []byte(n.debut)) {
			return n.format, n.nom
		}
	}
	debut := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(tete, []byte("\xef\xbb\xbf"))))
	switch {
	case bytes.Contains(tete, []byte("%PDF-")):
		return "PDF", formats["PDF"]
	case bytes.HasPrefix(debut, []byte("<!doctype html")), bytes.HasPrefix(debut, []byte("<html")):
		return "", "une page HTML, peut-être le message d’erreur d’un site"
	case bytes.HasPrefix(debut, []byte("<?xml")), bytes.HasPrefix(debut, []byte("<svg")):
		return "", "un document XML ou une image SVG"
	case texte(tete):
		return "", "du texte"
	}
	return "", "d’un format inconnu"
}

// nature is the name of what the first bytes of a file are.
func nature(tete []byte) string {
	_, nom := reconnaitre(tete)
	return nom
}

// texte tells whether bytes are readable text, the last character cut or not.
func texte(b []byte) bool {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 && utf8.FullRune(b) || r < ' ' && r != '\n' && r != '\r' && r != '\t' {
			return false
		}
		b = b[n:]
	}
	return true
}

// jugerContenu judges content against the format that the name asks for.
func (c *Controleur) jugerContenu(ctx context.Context, p *Piece, contenu []byte) {
	format, nom := reconnaitre(contenu)
	switch {
	case format != p.Format:
		p.noter(CodeContenu, "{attendu}", formats[p.Format], "{trouve}", nom)
	case format == "PDF":
		c.jugerPDF(ctx, p, contenu)
	case format == "PNG":
		p.jugerImage(controlerPNG(contenu))
	case format == "JPG":
		p.jugerImage(controlerJPEG(contenu))
	}
}

func (p *Piece) jugerImage(err error) {
	switch {
	case errors.Is(err, errCoupee):
		p.noter(CodeImageCoupee)
	case err != nil:
		p.noter(CodeImageIllisible, "{cause}", err.Error())
	}
}

func (c *Controleur) jugerPDF(ctx context.Context, p *Piece, contenu []byte) {
	if c.PDF == nil {
		p.Erreur = ErrSansLecteurPDF
		return
	}
	pages, err := c.PDF.Lire(ctx, contenu)
	switch {
	case errors.Is(err, ErrPDFChiffre):
		p.noter(CodePDFChiffre)
	case errors.Is(err, ErrPDFIllisible):
		p.noter(CodePDFIllisible)
	case errors.Is(err, ErrPDFLimites):
		p.noter(CodePDFLimites)
	case err != nil:
		p.Erreur = err
	case pages < 1:
		p.noter(CodePDFSansPage)
	default:
		p.Pages = pages
	}
}
