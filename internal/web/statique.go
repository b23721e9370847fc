package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// fichiersStatiques are what browsers load. static/tiers holds Bootstrap and
// htmx when "make build" brought them; the pages do without.
//
//go:embed static
var fichiersStatiques embed.FS

// racineStatique is where they are served, each under its own hash.
const racineStatique = "/statique/"

// statiques are the files by the address that holds their hash: a file that
// changes gets another address, and so may be kept for ever.
type statiques struct {
	parAdresse map[string]statique
	adresses   map[string]string // by name
}

type statique struct {
	genre  string
	octets []byte
}

// genresStatiques are the content types served, by extension; a file of any
// other kind is a mistake of ours.
func genreStatique(nom string) string {
	switch path.Ext(nom) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return mime.TypeByExtension(path.Ext(nom))
}

func lireStatiques() (*statiques, error) {
	s := &statiques{parAdresse: map[string]statique{}, adresses: map[string]string{}}
	err := fs.WalkDir(fichiersStatiques, "static", func(chemin string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := fichiersStatiques.ReadFile(chemin)
		if err != nil {
			return err
		}
		nom := strings.TrimPrefix(chemin, "static/")
		somme := sha256.Sum256(b)
		adresse := racineStatique + hex.EncodeToString(somme[:8]) + "/" + nom
		s.parAdresse[adresse], s.adresses[nom] = statique{genreStatique(nom), b}, adresse
		return nil
	})
	return s, err
}

// ServeHTTP serves one file. A wrong hash is an address that does not exist.
func (s *statiques) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := s.parAdresse[r.URL.Path]
	h := w.Header()
	if !ok {
		h.Set("Cache-Control", "no-store")
		http.Error(w, "Ce fichier n’existe pas.", http.StatusNotFound)
		return
	}
	h.Set("Content-Type", f.genre)
	h.Set("Content-Length", strconv.Itoa(len(f.octets)))
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	if r.Method != http.MethodHead {
		_, _ = w.Write(f.octets) // nobody is left to tell
	}
}

// icone answers browsers that ask for an icon at its old address.
func (s *serveur) icone(v *visite) error {
	http.Redirect(v.w, v.r, s.statiques.adresses["guichet.svg"], http.StatusFound)
	return nil
}
