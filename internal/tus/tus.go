// Package tus is the wire of uploads that survive a cut line, for pages and
// API alike: tus 1.0.0 with its extensions creation, checksum, expiration and
// termination, over [guichet.Televersement].
//
// Start at [Nouveau]. Callers identify who asks and answer errors in their own
// way; here headers are read and set. The package must never import the pages
// nor the API.
package tus

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

const (
	// Version is the protocol's; callers may leave it out.
	Version = "1.0.0"
	// TypeTranche is the media type of a slice.
	TypeTranche = "application/offset+octet-stream"
	// StatutAltere answers a slice that is not what its checksum says.
	StatutAltere = 460

	extensions = "creation,checksum,expiration,termination"

	// A slice under way takes guichet.MorceauMax bytes of memory.
	tranchesMax    = 32
	tranchesParUn  = 4
	patience       = 2 * time.Minute // for the next bytes of a slice
	cleMax, nomMax = 200, 400
)

// Protocole answers the calls of the protocol. Safe for concurrent use.
type Protocole struct {
	g    *guichet.Guichet
	temp string

	mu    sync.Mutex
	cours map[guichet.FournisseurID]int // slices under way
	total int
}

// Nouveau makes a protocol; archives are put together in the folder temp.
func Nouveau(g *guichet.Guichet, temp string) *Protocole {
	return &Protocole{g: g, temp: temp, cours: map[guichet.FournisseurID]int{}}
}

func refus(g guichet.Genre, format string, args ...any) error {
	return &guichet.Error{Genre: g, Message: fmt.Sprintf(format, args...)}
}

// version sets what every answer has, and refuses another version.
func version(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Tus-Resumable", Version)
	h.Set("Tus-Version", Version)
	h.Set("Tus-Extension", extensions)
	h.Set("Tus-Max-Size", strconv.Itoa(segur.ZipMax))
	h.Set("Tus-Checksum-Algorithm", "sha256")
	if v := r.Header.Get("Tus-Resumable"); v != "" && v != Version {
		return refus(guichet.Prealable, "Le protocole d’envoi est tus %s ; « %s » n’est pas connu ici.", Version, segur.Visible(v, 20))
	}
	return nil
}

// dire sets the headers that tell where an archive stands.
func dire(w http.ResponseWriter, v *guichet.Televersement) {
	h := w.Header()
	h.Set("Upload-Offset", strconv.FormatInt(v.Recu, 10))
	h.Set("Upload-Length", strconv.FormatInt(v.Taille, 10))
	h.Set("Upload-Expires", v.Expire.UTC().Format(http.TimeFormat))
}

// entier reads a header that holds one whole number.
func entier(r *http.Request, nom string) (int64, error) {
	vs := r.Header.Values(nom)
	if len(vs) == 1 && len(vs[0]) <= 18 && strings.Trim(vs[0], "0123456789") == "" {
		if n, err := strconv.ParseInt(vs[0], 10, 64); err == nil {
			return n, nil
		}
	}
	return 0, refus(guichet.Illisible, "L’en-tête %s donne un nombre entier d’octets, une seule fois.", nom)
}

// metadonnees reads "name base64, name base64"; what is not known is passed
// over.
func metadonnees(r *http.Request) (n guichet.NouveauTeleversement, err error) {
	mal := refus(guichet.Illisible, "L’en-tête Upload-Metadata est une liste « nom valeur », chaque valeur en base64 ; filename et cle y sont lus.")
	vs := r.Header.Values("Upload-Metadata")
	if len(vs) == 0 || vs[0] == "" {
		return n, nil
	}
	vus := map[string]bool{}
	for _, paire := range strings.Split(strings.Join(vs, ","), ",") {
		nom, code, _ := strings.Cut(strings.TrimSpace(paire), " ")
		b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(code))
		if nom == "" || err != nil || vus[nom] {
			return n, mal
		}
		vus[nom] = true
		switch {
		case nom == "filename" && len(b) <= nomMax:
			n.Nom = strings.ToValidUTF8(string(b), "\ufffd")
		case nom == "cle" && len(b) <= cleMax:
			n.Cle = strings.ToValidUTF8(string(b), "\ufffd")
		case nom == "filename" || nom == "cle":
			return n, mal
		}
	}
	return n, nil
}

// Commencer announces an archive for a deposit. The caller answers 201 with
// its Location, or 200 when part of it is there already.
func (p *Protocole) Commencer(w http.ResponseWriter, r *http.Request, a *guichet.Acteur, id guichet.DepotID) (*guichet.Televersement, error) {
	if err := version(w, r); err != nil {
		return nil, err
	}
	n, err := metadonnees(r)
	if err != nil {
		return nil, err
	}
	if n.Taille, err = entier(r, "Upload-Length"); err != nil {
		return nil, err
	}
	v, err := p.g.CommencerTeleversement(r.Context(), a, id, n)
	if err != nil {
		return nil, err
	}
	dire(w, v)
	return v, nil
}

// Etat tells how much of an archive is there.
func (p *Protocole) Etat(w http.ResponseWriter, r *http.Request, a *guichet.Acteur, id guichet.TeleversementID) (*guichet.Televersement, error) {
	if err := version(w, r); err != nil {
		return nil, err
	}
	v, err := p.g.Televersement(r.Context(), a, id)
	if err != nil {
		return nil, err
	}
	dire(w, v)
	return v, nil
}

// Tranche takes the next bytes of an archive and answers 204. After an error
// Upload-Offset still tells where to go on.
func (p *Protocole) Tranche(w http.ResponseWriter, r *http.Request, a *guichet.Acteur, id guichet.TeleversementID) error {
	v, err := p.Etat(w, r, a, id)
	if err != nil {
		return err
	}
	if genre, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || genre != TypeTranche {
		return refus(guichet.MauvaisType, "Une tranche s’envoie avec le type %s.", TypeTranche)
	}
	debut, err := entier(r, "Upload-Offset")
	if err != nil {
		return err
	}
	somme, err := sommeDe(r)
	if err != nil {
		return err
	}
	rendre, err := p.prendreTour(a.FournisseurID)
	if err != nil {
		return err
	}
	defer rendre()
	recu, err := p.g.RecevoirTranche(r.Context(), a, id, debut, &patient{http.NewResponseController(w), r.Body}, somme)
	if recu > 0 {
		v.Recu = recu
		dire(w, v)
	}
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// sommeDe reads Upload-Checksum; nil = none.
func sommeDe(r *http.Request) ([]byte, error) {
	vs := r.Header.Values("Upload-Checksum")
	if len(vs) == 0 {
		return nil, nil
	}
	algorithme, code, _ := strings.Cut(vs[0], " ")
	b, err := base64.StdEncoding.DecodeString(code)
	if len(vs) != 1 || algorithme != "sha256" || err != nil || len(b) != 32 {
		return nil, refus(guichet.Illisible, "L’en-tête Upload-Checksum s’écrit « sha256 » puis la somme en base64.")
	}
	return b, nil
}

// prendreTour bounds the slices under way, in all and for one supplier: none
// keeps the others out.
func (p *Protocole) prendreTour(f guichet.FournisseurID) (rendre func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.cours[f] >= tranchesParUn:
		return nil, refus(guichet.TropSouvent, "%d envois de votre compte arrivent déjà en même temps. Laissez-en finir un.", tranchesParUn)
	case p.total >= tranchesMax:
		return nil, refus(guichet.Indisponible, "Beaucoup d’envois arrivent en même temps. Réessayez dans quelques secondes : ce qui est arrivé est gardé.")
	}
	p.cours[f]++
	p.total++
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.total--
		if p.cours[f]--; p.cours[f] == 0 {
			delete(p.cours, f)
		}
	}, nil
}

// patient gives up on a sender that has fallen silent, not on a slow one.
type patient struct {
	c *http.ResponseController
	r io.Reader
}

func (x *patient) Read(b []byte) (int, error) {
	// A connection that knows no deadline has that of the server.
	_ = x.c.SetReadDeadline(time.Now().Add(patience))
	return x.r.Read(b)
}

// Finir takes an archive that is whole to its deposit, as one that was sent in
// one go. It can be repeated: the answer may be lost on the way.
func (p *Protocole) Finir(w http.ResponseWriter, r *http.Request, a *guichet.Acteur, id guichet.TeleversementID) (v *guichet.Televersement, c *guichet.Couverture, err error) {
	if v, err = p.Etat(w, r, a, id); err != nil {
		return nil, nil, err
	}
	f, err := os.CreateTemp(p.temp, "envoi-*")
	if err != nil {
		return v, nil, err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	if v, err = p.g.AssemblerTeleversement(r.Context(), a, id, f); err != nil {
		return v, nil, err
	}
	c, err = p.g.FinirTeleversement(r.Context(), a, v, f)
	return v, c, err
}

// Abandonner forgets an archive and answers 204.
func (p *Protocole) Abandonner(w http.ResponseWriter, r *http.Request, a *guichet.Acteur, id guichet.TeleversementID) error {
	if err := version(w, r); err != nil {
		return err
	}
	if err := p.g.AbandonnerTeleversement(r.Context(), a, id); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
