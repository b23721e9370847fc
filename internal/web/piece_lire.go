package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"

	"guichet.example/internal/guichet"
)

// genresPieces are the only content types that a document is served under,
// whatever it holds.
var genresPieces = map[string]string{"PDF": "application/pdf", "PNG": "image/png", "JPG": "image/jpeg"}

// piece serves a received document for the viewer of the page beside it, or to
// keep. It is a stranger's file: its type is ours, nothing in it runs, and only
// our own pages may frame it.
func (s *serveur) piece(v *visite) (err error) {
	p, lecteur, err := s.g.OuvrirPiece(v.r.Context(), v.a, guichet.NumeroASP(v.r.PathValue("numeroASP")), v.r.PathValue("nom"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lecteur.Close()) }()
	genre, ok := genresPieces[p.Format]
	if !ok {
		genre = "application/octet-stream"
	}
	place := "inline"
	if !ok || v.r.URL.Query().Get("telecharger") != "" {
		place = "attachment"
	}
	h := v.w.Header()
	h.Set("Content-Type", genre)
	h.Set("Content-Length", strconv.FormatInt(p.Taille, 10))
	h.Set("Content-Disposition", mime.FormatMediaType(place, map[string]string{"filename": p.Nom}))
	h.Set("Content-Security-Policy", politiquePiece(p.Format))
	if v.r.Method == http.MethodHead {
		return nil
	}
	if _, err := io.Copy(v.w, lecteur); err != nil {
		// Half a document must not look like a whole one.
		panic(http.ErrAbortHandler)
	}
	return nil
}

// politiquePiece shuts a document in. A browser shows no PDF inside a CSP
// sandbox; its viewer is a process of its own, and the rest of the policy
// holds.
func politiquePiece(format string) string {
	const fermee = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
	if format == "PDF" {
		return fermee + "; object-src 'self'"
	}
	return fermee + "; sandbox"
}
