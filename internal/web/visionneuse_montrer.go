package web

import (
	"bytes"
	"html/template"
	"net/http"
	"slices"
	"strconv"
)

// PDF documents are drawn by pdf.js in a frame that nothing else of the portal
// is in (docs/decisions/0023). A portal built without npm leaves them to the
// reader of the browser.
const (
	modulePDF  = "tiers/pdf.min.mjs.gz"
	ouvrierPDF = "tiers/pdf.worker.min.mjs.gz"
	jbig2PDF   = "tiers/jbig2.wasm.gz"    // JBIG2 and fax, as copiers write scans
	jpxPDF     = "tiers/openjpeg.wasm.gz" // JPEG 2000
	scriptPDF  = "visionneuse/cadre.js"
	stylePDF   = "visionneuse/cadre.css"
)

// dansVisionneuse tells the files that the frame loads. It has no origin, so
// that they must be open to all: they are the same for everybody.
func dansVisionneuse(nom string) bool {
	return slices.Contains([]string{modulePDF, ouvrierPDF, jbig2PDF, jpxPDF, scriptPDF, stylePDF}, nom)
}

// visionneusePDF tells whether the portal was built with pdf.js.
func (s *statiques) visionneusePDF() bool {
	return s.adresses[modulePDF] != "" && s.adresses[ouvrierPDF] != ""
}

// politiqueVisionneuse shuts a hostile document in: its reader runs without our
// origin, so that it sees no session, no page and no other document, and loads
// nothing but the files above. The worker is made of a text of ours, for a frame
// without origin may name no address for one; the decoders of scans are compiled.
const politiqueVisionneuse = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; worker-src blob:; connect-src 'self'; img-src blob: data:; font-src data:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts"

// pageVisionneuse is the frame, empty: the page around it brings the document.
var pageVisionneuse = template.Must(template.New("visionneuse").Parse(`<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Visionneuse</title>
<link rel="stylesheet" href="{{.Style}}">
<script type="module" src="{{.Script}}"></script>
</head>
<body data-module="{{.Module}}" data-ouvrier="{{.Ouvrier}}" data-jbig2="{{.Jbig2}}" data-openjpeg="{{.Jpx}}">
<main id="feuille" tabindex="0" aria-label="Document"></main>
</body>
</html>
`))

func (s *serveur) visionneuse(v *visite) error {
	if !s.statiques.visionneusePDF() {
		return inconnu("Ce portail n’a pas de visionneuse de PDF.")
	}
	a := s.statiques.adresses
	var b bytes.Buffer
	if err := pageVisionneuse.Execute(&b, struct{ Style, Script, Module, Ouvrier, Jbig2, Jpx string }{a[stylePDF], a[scriptPDF], a[modulePDF], a[ouvrierPDF], a[jbig2PDF], a[jpxPDF]}); err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", politiqueVisionneuse)
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	if v.r.Method != http.MethodHead {
		_, _ = v.w.Write(b.Bytes()) // nobody is left to tell
	}
	return nil
}
