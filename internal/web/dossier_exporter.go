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
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
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
	Demande  string             `json:"demande"`
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
	n := guichet.NumeroASP(v.r.PathValue("numeroASP"))
	x, err := s.g.Dossier(v.r.Context(), v.a, n)
	if err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "dossier-" + string(n) + ".zip"}))
	if v.r.Method == http.MethodHead {
		return nil
	}
	maintenant := s.g.Maintenant()
	a := &archive{z: zip.NewWriter(v.w), date: maintenant, m: manifeste{Demande: string(n), Fait: guichet.Instant(maintenant), Par: v.a.Identifiant}}
	err = s.remplirDossier(v, a, x)
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

func (s *serveur) remplirDossier(v *visite, a *archive, x *guichet.Dossier) error {
	if err := a.ajouterJSON("demande.json", formeDossier(x)); err != nil {
		return err
	}
	var journal []byte
	for i := range x.Entrees {
		journal = append(x.Entrees[i].AppendJSON(journal), '\n')
	}
	if err := a.ajouter("journal.jsonl", bytes.NewReader(journal)); err != nil {
		return err
	}
	if c := x.Controle; c != nil {
		if err := a.ajouterJSON("controle.json", formeControle(c)); err != nil {
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

// The JSON of a case file: what a reader needs who has no portal.
type (
	dossierJSON struct {
		NumeroASP     string                    `json:"numeroASP"`
		NumeroEditeur string                    `json:"numeroEditeur"`
		Type          segur.TypeDemande         `json:"type"`
		Fournisseur   string                    `json:"fournisseur"`
		Siret         string                    `json:"siret"`
		Statut        guichet.Statut            `json:"statut"`
		Depot         guichet.DepotID           `json:"depot"`
		Lot           guichet.LotID             `json:"lot,omitzero"`
		Champs        map[string]jsontext.Value `json:"champs"`
		Verse         string                    `json:"verse"`
		Verifications map[string]string         `json:"verifications"`
		Historique    []passageJSON             `json:"historique"`
		Controle      *auditJSON                `json:"controle"`
	}
	passageJSON struct {
		Date   string         `json:"date"`
		Acte   guichet.Action `json:"acte"`
		Acteur string         `json:"acteur"`
		Metier string         `json:"metier"`
		Statut guichet.Statut `json:"statut,omitzero"`
		Detail string         `json:"detail,omitzero"`
	}
	auditJSON struct {
		Controle     guichet.ControleID `json:"controle,omitzero"`
		Motif        string             `json:"motif"`
		Conforme     *bool              `json:"conforme"`
		Observations string             `json:"observations"`
		ReponseAvant string             `json:"reponseAvant,omitzero"`
		Reponse      string             `json:"reponse"`
		Classe       string             `json:"classe"`
		Recouvrement string             `json:"recouvrement"`
	}
	controleJSON struct {
		ID         guichet.ControleID `json:"id"`
		Libelle    string             `json:"libelle"`
		Methode    string             `json:"methode"`
		Fige       string             `json:"fige"`
		FigePar    string             `json:"figePar"`
		Nombre     int                `json:"nombre"`
		Empreinte  string             `json:"empreinte"`
		Graine     string             `json:"graine"`
		Source     string             `json:"source"`
		Tire       string             `json:"tire"`
		TirePar    string             `json:"tirePar"`
		Tires      []string           `json:"tires"`
		Population []string           `json:"population"`
	}
)

func formeDossier(x *guichet.Dossier) dossierJSON {
	d := x.Demande
	f := dossierJSON{NumeroASP: string(d.NumeroASP), NumeroEditeur: d.NumeroEditeur, Type: d.Type, Fournisseur: x.Fournisseur.RaisonSociale, Siret: d.Siret, Statut: d.Statut,
		Depot: d.DepotID, Lot: d.LotID, Champs: map[string]jsontext.Value{}, Verse: d.Montants.Verse.String(), Verifications: d.Verifications}
	for k, t := range d.Champs {
		f.Champs[k] = jsontext.Value(t)
	}
	for _, p := range x.Historique {
		f.Historique = append(f.Historique, passageJSON{guichet.Instant(p.Date), p.Acte, p.Acteur, p.Metier, p.Statut, p.Detail})
	}
	if u := d.Audit; u != nil {
		f.Controle = &auditJSON{Controle: u.Controle, Motif: u.Motif, Conforme: u.Conforme, Observations: u.Observations, Reponse: u.Reponse, Classe: u.Classe, Recouvrement: u.Recouvrement.String()}
		if !u.Avant.Nul() {
			f.Controle.ReponseAvant = u.Avant.ISO()
		}
	}
	return f
}

func formeControle(c *guichet.Controle) controleJSON {
	f := controleJSON{ID: c.ID, Libelle: c.Libelle, Methode: c.Methode, Fige: guichet.Instant(c.Fige), FigePar: c.FigePar, Nombre: c.Nombre, Empreinte: c.Empreinte, Graine: c.Graine, Source: c.Source, TirePar: c.TirePar}
	if !c.Tire.IsZero() {
		f.Tire = guichet.Instant(c.Tire)
	}
	for _, l := range c.Tires() {
		f.Tires = append(f.Tires, string(l.NumeroASP))
	}
	for _, l := range c.Lignes {
		f.Population = append(f.Population, string(l.NumeroASP))
	}
	return f
}
