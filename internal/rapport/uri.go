package rapport

import (
	"path/filepath"
	"strings"

	"guichet.example/segur"
)

// uriDe is the URI of a file: relative to the folder of the run, or a file URI
// when the person gave an absolute path.
func uriDe(f *segur.Fichier) string {
	chemin := f.Chemin
	if chemin == "" {
		chemin = f.Nom
	}
	if chemin == "-" {
		return "entree-standard"
	}
	absolu := filepath.IsAbs(chemin)
	chemin = filepath.ToSlash(chemin)
	for strings.HasPrefix(chemin, "./") {
		chemin = strings.TrimLeft(chemin[2:], "/")
	}
	uri := encoderURI(chemin)
	if !absolu {
		return uri
	}
	if !strings.HasPrefix(uri, "/") {
		uri = "/" + uri
	}
	return "file://" + uri
}

// encoderURI percent-encodes all but the unreserved characters and slashes.
func encoderURI(s string) string {
	const hexa = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-._~/", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hexa[c>>4])
			b.WriteByte(hexa[c&15])
		}
	}
	return b.String()
}
