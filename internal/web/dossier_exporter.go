package web

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"guichet.example/internal/guichet"
)

// fichierManifeste is one file of a case file.
type fichierManifeste struct {
	Nom    string `json:"nom"`
	Taille int64  `json:"taille"`
	SHA256 string `json:"sha256"`
}

// absentManifeste is a document that a case file cannot hold, and why.
type absentManifeste struct {
	Nom    string `json:"nom"`
	Raison string `json:"raison"`
}

// manifeste lists a case file; it is its last file.
type manifeste struct {
	Demande  string             `json:"demande,omitempty"`
	Controle string             `json:"controle,omitempty"`
	Fait     string             `json:"fait"` // instant
	Par      string             `json:"par"`
	Fichiers []fichierManifeste `json:"fichiers"`
	Absents  []absentManifeste  `json:"absents"`
}

// archive writes a case file as it goes: one document at a time is in memory.
type archive struct {
	z    *zip.Writer
	date time.Time
	m    manifeste
}

// ajouter writes one file and notes its hash.
func (a *archive) ajouter(nom string, r io.Reader) error {
	w, err := a.z.CreateHeader(&zip.FileHeader{Name: nom, Method: zip.Deflate, Modified: a.date})
	if err != nil {
		return err
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, h), r)
	a.m.Fichiers = append(a.m.Fichiers, fichierManifeste{nom, n, hex.EncodeToString(h.Sum(nil))})
	return err
}

func (a *archive) ajouterJSON(nom string, v any) error {
	b, err := json.Marshal(v, jsontext.WithIndent("  "), json.FormatNilSliceAsNull(false), json.Deterministic(true))
	if err != nil {
		return err
	}
	return a.ajouter(nom, bytes.NewReader(append(b, '\n')))
}

// dossier is the case file of a request as one zip.
func (s *serveur) dossier(v *visite) error {
	n := v.r.PathValue("numeroASP")
	x, err := s.g.Dossier(v.r.Context(), v.a, guichet.NumeroASP(n))
	if err != nil {
		return err
	}
	return s.archiver(v, "dossier-"+n, manifeste{Demande: n}, func(a *archive) error { return s.remplirDossier(v, a, x) })
}

// archiver answers with a zip that ends on its manifest.
func (s *serveur) archiver(v *visite, nom string, m manifeste, remplir func(*archive) error) error {
	h := v.w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": nom + ".zip"}))
	if v.r.Method == http.MethodHead {
		return nil
	}
	maintenant := s.g.Maintenant()
	m.Fait, m.Par = guichet.Instant(maintenant), v.a.Identifiant
	a := &archive{z: zip.NewWriter(v.w), date: maintenant, m: m}
	err := remplir(a)
	if err == nil {
		err = a.ajouterJSON("manifeste.json", a.m)
	}
	if err = errors.Join(err, a.z.Close()); err != nil {
		// Half a case file must not look like a whole one.
		s.o.Signaler(v.r, err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// ajouterJournal writes entries one a line, as the chain has them, and beside
// them the texts of their seals.
func (a *archive) ajouterJournal(es []guichet.Entree) error {
	var journal []byte
	clairs := map[string]guichet.Clair{}
	for i := range es {
		journal = append(es[i].AppendJSON(journal), '\n')
		clairs[strconv.FormatInt(es[i].Numero, 10)] = es[i].Clair
	}
	return errors.Join(a.ajouter("journal.jsonl", bytes.NewReader(journal)), a.ajouterJSON("journal-clair.json", clairs))
}

func (s *serveur) remplirDossier(v *visite, a *archive, x *guichet.Dossier) error {
	if err := a.ajouterJSON("demande.json", formeDossier(x)); err != nil {
		return err
	}
	if err := a.ajouterJournal(x.Entrees); err != nil {
		return err
	}
	if c := x.Controle; c != nil {
		if err := a.ajouterJSON("controle.json", formeControle(c, x.Fournisseur.RaisonSociale)); err != nil {
			return err
		}
	}
	vues := &guichet.LettresVues{Demande: x.Demande, Fournisseur: x.Fournisseur}
	for i := range x.Lettres {
		l := &x.Lettres[i]
		d, err := s.lettreDe(vues, l)
		if err != nil {
			return err
		}
		var page, papier bytes.Buffer
		if err := errors.Join(d.HTML(&page, ""), d.PDF(&papier)); err != nil {
			return err
		}
		nom := "courriers/" + nomDocument(l.Reference())
		if err := errors.Join(a.ajouter(nom+".html", &page), a.ajouter(nom+".pdf", &papier)); err != nil {
			return err
		}
	}
	return s.ajouterPieces(v, a, x)
}

// ajouterPieces copies the documents. One that may not be opened is named with
// the reason: it does not stop the others.
func (s *serveur) ajouterPieces(v *visite, a *archive, x *guichet.Dossier) error {
	for _, p := range x.Pieces {
		if p.SHA256 == "" {
			a.m.Absents = append(a.m.Absents, absentManifeste{p.Nom, "pièce non reçue"})
			continue
		}
		_, r, err := s.g.OuvrirPiece(v.r.Context(), v.a, x.Demande.NumeroASP, p.Nom)
		if phrase, _, ok := phraseDe(err); err != nil && ok {
			a.m.Absents = append(a.m.Absents, absentManifeste{p.Nom, phrase})
			continue
		}
		if err != nil {
			return err
		}
		if err := errors.Join(a.ajouter("pieces/"+p.Nom, r), r.Close()); err != nil {
			return err
		}
	}
	return nil
}
