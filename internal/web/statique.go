package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io"
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
	genre     string
	octets    []byte
	serre     bool   // octets are gzip, as nearly every browser takes it
	politique string // what it may do when it is a worker; "" = what pages may
	ouvert    bool   // a frame without origin loads it
}

// politiqueOuvrier is for the worker that reads files of who uses the
// simulator: two scripts of ours, and no connection to anywhere.
const politiqueOuvrier = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'"

// genresStatiques are the content types served, by extension; a file of any
// other kind is a mistake of ours.
func genreStatique(nom string) string {
	switch path.Ext(nom) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".txt":
		return "text/plain; charset=utf-8"
	case ".wasm":
		return "application/wasm"
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
		f := statique{octets: b, serre: path.Ext(nom) == ".gz"}
		f.genre = genreStatique(strings.TrimSuffix(nom, ".gz"))
		if nom == ouvrierControle {
			f.politique = politiqueOuvrier
		}
		f.ouvert = dansVisionneuse(nom)
		s.parAdresse[adresse], s.adresses[nom] = f, adresse
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
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	if f.politique != "" {
		h.Set("Content-Security-Policy", f.politique)
	}
	if f.ouvert {
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
	if f.serre {
		h.Set("Vary", "Accept-Encoding")
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			desserrer(w, r, f.octets)
			return
		}
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(f.octets)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(f.octets) // nobody is left to tell
	}
}

// desserrer sends what is kept as gzip to who does not take it so.
func desserrer(w http.ResponseWriter, r *http.Request, octets []byte) {
	if r.Method == http.MethodHead {
		return
	}
	z, err := gzip.NewReader(bytes.NewReader(octets))
	if err == nil {
		_, err = io.Copy(w, z)
	}
	if err != nil {
		panic(http.ErrAbortHandler) // a length was never said: only a cut tells that it is short
	}
}

// icone answers browsers that ask for an icon at its old address.
func (s *serveur) icone(v *visite) error {
	http.Redirect(v.w, v.r, s.statiques.adresses["guichet.svg"], http.StatusFound)
	return nil
}
