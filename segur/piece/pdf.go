package piece

import (
	"context"
	"errors"
)

// LecteurPDF opens PDF documents. [ProcessusPDF] is the one that programs use.
type LecteurPDF interface {
	// Lire opens a document of at most segur.PieceMax bytes and counts its
	// pages, 0 being a number. An error that wraps [ErrPDFChiffre],
	// [ErrPDFIllisible] or [ErrPDFLimites] is a verdict on the document; any
	// other is a failure of the reader, in French. contenu is only lent. Safe
	// for concurrent use.
	Lire(ctx context.Context, contenu []byte) (pages int, err error)
}

// Verdicts of a [LecteurPDF] on a document.
var (
	ErrPDFChiffre   = errors.New("encrypted PDF")
	ErrPDFIllisible = errors.New("unreadable PDF")
	ErrPDFLimites   = errors.New("PDF not opened within time and memory")
)

// Protocol between [ProcessusPDF] and internal/lecteurpdf. The reader first writes the
// line SalutPDF. Then, for each document, it reads a length of four bytes, most
// significant first, and as many bytes, and writes one line: ReponseOK, a blank
// and the number of pages, or the word of a verdict. End of input ends it.
// A document that does not fit its time or memory ends it too, without a line.
const (
	SalutPDF         = "lecteur-pdf 1"
	ReponseOK        = "ok"
	ReponseChiffre   = "chiffre"
	ReponseIllisible = "illisible"
	// ReponseLimites is the word of who ended the reader over a document; the
	// reader itself does not live to say it.
	ReponseLimites = "limites"
)
