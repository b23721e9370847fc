package piece

import (
	"strings"
	"unicode/utf8"

	"guichet.example/segur"
)

// sorte is what an entry of an archive or folder is.
type sorte uint8

const (
	sorteFichier sorte = iota
	sorteDossier
	sorteLien // or device, pipe, socket
)

// nommer judges names: which are no plain file names, which are there more than
// once, which nobody declares. It fills Piece.Format of the others. Each entry
// gets its first fault only.
func (c *Controleur) nommer(pieces []Piece, sortes []sorte) {
	fois := make(map[string]int, len(pieces))
	for i := range pieces {
		if sortes[i] != sorteDossier {
			fois[strings.ToLower(pieces[i].Nom)]++
		}
	}
	x := indexer(c.Attendues)
	for i := range pieces {
		p := &pieces[i]
		switch {
		case sortes[i] == sorteDossier && !remonte(p.Nom):
			p.noter(CodeDossier)
		case chemin(p.Nom):
			p.noter(CodeChemin)
		case sortes[i] == sorteLien:
			p.noter(CodeLien)
		case fois[strings.ToLower(p.Nom)] > 1:
			p.noter(CodeDoublon, "{lieux}", lieu(p.Source))
		default:
			c.attendre(p, x)
		}
	}
}

// attendre finds the format that the name of a piece asks for.
func (c *Controleur) attendre(p *Piece, x index) {
	if c.SansDemandes {
		p.Format = formatDe(p.Nom)
	} else if a, ok := x.parNom[p.Nom]; ok {
		p.Format = a.Format
	}
	if p.Format == "" {
		p.noter(CodeInattendue, "{proche}", x.proche(p.Nom))
	}
}

// formatDe is the format of an extension, written as the format wants it.
func formatDe(nom string) string {
	i := strings.LastIndexByte(nom, '.')
	switch nom[i+1:] {
	case "pdf":
		return "PDF"
	case "png":
		return "PNG"
	case "jpg":
		return "JPG"
	}
	return ""
}

// chemin tells whether a name is anything but a plain file name on some system:
// a path, a drive letter, a device stream, "..", nothing at all, or characters
// that no name should hold.
func chemin(nom string) bool {
	if nom == "" || nom == "." || nom == ".." || strings.ContainsAny(nom, `/\:`) || !utf8.ValidString(nom) {
		return true
	}
	return strings.ContainsFunc(nom, segur.Invisible)
}

// remonte tells whether the name of a folder leads out of the archive or is
// no name; then it is worse than a folder.
func remonte(nom string) bool {
	if strings.HasPrefix(nom, "/") || strings.ContainsAny(nom, `\:`) {
		return true
	}
	for part := range strings.SplitSeq(strings.TrimSuffix(nom, "/"), "/") {
		if part == "" || part == ".." {
			return true
		}
	}
	return false
}

// lieu names a place in a sentence.
func lieu(source string) string {
	if source == "" {
		return "donné seul"
	}
	return "dans « " + visible(source) + " »"
}

// peser judges a size before anything is read; what remains is worth reading.
func peser(p *Piece) {
	switch {
	case p.Refusee():
	case p.Taille == 0:
		p.noter(CodeVide)
	case p.Taille > segur.PieceMax:
		p.noter(CodeTropGrosse, "{taille}", entier(p.Taille))
	case p.Taille > segur.PieceProduiteMax:
		p.noter(AvertPieceLourde, "{taille}", entier(p.Taille))
	}
}
