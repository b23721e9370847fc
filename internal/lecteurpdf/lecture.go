package lecteurpdf

import (
	"bytes"
	"errors"
	"fmt"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/validate"

	"guichet.example/segur"
	"guichet.example/segur/piece"
)

// sansReglages turns pdfcpu's folder of settings off. It writes a variable of
// the library's that reading looks at, so it happens once, before all reading.
var sansReglages = sync.OnceFunc(func() { model.ConfigPath = "disable" })

// configuration is what pdfcpu may do: read with the tolerance that scanners
// need, without its folder of settings, without network, within limits that
// three megabytes of a real document are far from.
func configuration() *model.Configuration {
	sansReglages()
	c := model.NewDefaultConfiguration()
	c.ValidationMode = model.ValidationRelaxed
	c.Offline = true
	c.ValidateLinks = false
	c.Optimize = false
	c.Limits.MaxStreamBytes = segur.PieceMax
	c.Limits.MaxDecodeBytes = 64 << 20
	c.Limits.MaxObjectCount = 500_000
	c.Limits.MaxXRefEntries = 500_000
	c.Limits.MaxObjectStreamCount = 100_000
	// As merge does, refuse a document for being encrypted instead of trying
	// the empty password.
	c.Cmd = model.MERGECREATE
	return c
}

// lire opens a document and counts its pages. Its error wraps
// [piece.ErrPDFChiffre] or [piece.ErrPDFIllisible].
func lire(contenu []byte) (pages int, err error) {
	defer func() {
		if r := recover(); r != nil {
			pages, err = 0, fmt.Errorf("%w: panic: %v", piece.ErrPDFIllisible, r)
		}
	}()
	c := configuration()
	ctx, err := pdfcpu.Read(bytes.NewReader(contenu), c)
	switch {
	case errors.Is(err, pdfcpu.ErrEncrypted), chiffreEnPlace(contenu):
		return 0, piece.ErrPDFChiffre
	case err != nil:
		return 0, fmt.Errorf("%w: %w", piece.ErrPDFIllisible, err)
	case ctx.Encrypt != nil:
		return 0, piece.ErrPDFChiffre
	}
	entieres := extremes(ctx)
	c.Cmd = model.VALIDATE
	if err := errors.Join(validate.XRefTable(ctx), entieres); err != nil {
		return 0, fmt.Errorf("%w: %w", piece.ErrPDFIllisible, err)
	}
	return ctx.PageCount, nil
}

// extremes looks for the first and the last page: validation, when tolerant,
// puts a blank page for one that is lost, as in a document that is cut. It must
// run before.
func extremes(ctx *model.Context) error {
	defer func() { ctx.PageCount = 0 }() // validation counts anew
	if err := ctx.EnsurePageCount(); err != nil || ctx.PageCount < 1 {
		return err
	}
	for _, n := range []int{1, ctx.PageCount} {
		if _, err := ctx.PageDictIndRef(n); err != nil {
			return fmt.Errorf("page %d: %w", n, err)
		}
	}
	return nil
}

// chiffreEnPlace finds an encryption dictionary written inside the trailer,
// which pdfcpu looks for behind a reference only.
func chiffreEnPlace(contenu []byte) bool {
	for {
		_, reste, ok := bytes.Cut(contenu, []byte("/Encrypt"))
		if !ok {
			return false
		}
		if bytes.HasPrefix(bytes.TrimLeft(reste, "\x00\t\n\f\r "), []byte("<<")) {
			return true
		}
		contenu = reste
	}
}
