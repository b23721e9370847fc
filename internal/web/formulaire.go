package web

import (
	"errors"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"strings"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

const (
	formulaireMax = 2 << 20                        // bytes of a form without file: a selection of 20,000 numbers fits
	surplusMax    = guichet.CertificatMax + 64<<10 // bytes of a form beside its file
	champMax      = 4 << 10                        // bytes of one text field beside a file
	champsMax     = 20                             // fields beside a file
)

// saisie reads a form without file into r.PostForm.
func (v *visite) saisie() error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, formulaireMax)
	err := v.r.ParseForm()
	var gros *http.MaxBytesError
	switch {
	case errors.As(err, &gros):
		return refus(guichet.TropGros, "Ce formulaire est trop gros.")
	case err != nil:
		return &guichet.Error{Genre: guichet.Illisible, Message: "Ce formulaire est illisible. Revenez à la page et recommencez.", Cause: err}
	case v.r.Method == http.MethodPost && v.r.PostForm == nil:
		return illisible("Ce formulaire est illisible. Revenez à la page et recommencez.")
	}
	return nil
}

// champ is a text field of the form, without the spaces around it.
func (v *visite) champ(nom string) string { return strings.TrimSpace(v.r.PostForm.Get(nom)) }

// fichierRecu is a file sent with a form, kept in a file of its own while it
// is looked at: no size that a caller sends is ever held in memory.
type fichierRecu struct {
	nom        string
	taille     int64
	f          *os.File
	champs     url.Values
	certificat []byte // of the control made before; empty = none
}

// contenu reads the whole of a small file.
func (x *fichierRecu) contenu() ([]byte, error) {
	b := make([]byte, x.taille)
	_, err := x.f.ReadAt(b, 0)
	if err == io.EOF {
		err = nil
	}
	return b, err
}

// recevoir reads a form with one file of at most max bytes. The caller calls
// jeter once it is done, unless there is an error. An absent file is an error
// that names the field.
func (s *serveur) recevoir(v *visite, max int64) (*fichierRecu, error) {
	genre, params, err := mime.ParseMediaType(v.r.Header.Get("Content-Type"))
	if err != nil || genre != "multipart/form-data" || params["boundary"] == "" {
		return nil, refus(guichet.MauvaisType, "Envoyez le fichier par le formulaire de la page.")
	}
	if v.r.ContentLength > max+surplusMax {
		return nil, tropGros(max)
	}
	x := &fichierRecu{champs: url.Values{}}
	err = s.lireParties(multipart.NewReader(io.LimitReader(v.r.Body, max+surplusMax), params["boundary"]), x, max)
	if err == nil && x.f == nil {
		err = invalide("Choisissez un fichier avant d’envoyer le formulaire.")
	}
	if err != nil {
		s.jeter(v, x)
		return nil, err
	}
	return x, nil
}

func (s *serveur) lireParties(lecteur *multipart.Reader, x *fichierRecu, max int64) error {
	for n := 0; ; n++ {
		p, err := lecteur.NextRawPart()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return &guichet.Error{Genre: guichet.Illisible, Message: "L’envoi s’est interrompu : tout n’est pas arrivé. Recommencez.", Cause: err}
		case n >= champsMax:
			return illisible("Ce formulaire a trop de champs.")
		}
		switch p.FormName() {
		case "fichier":
			err = s.lireFichier(p, x, max)
		case "certificat":
			x.certificat, err = lireCertificat(p)
		default:
			err = lireChamp(p, x)
		}
		if err != nil {
			return err
		}
	}
}

// lireCertificat keeps a certificate up to one byte too many, which the service
// remarks on; a deposit is never refused for it.
func lireCertificat(p *multipart.Part) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(p, guichet.CertificatMax+1))
	if err == nil {
		_, err = io.Copy(io.Discard, p)
	}
	if err != nil {
		return nil, &guichet.Error{Genre: guichet.Illisible, Message: "L’envoi s’est interrompu : tout n’est pas arrivé. Recommencez.", Cause: err}
	}
	return b, nil
}

func lireChamp(p *multipart.Part, x *fichierRecu) error {
	b, err := io.ReadAll(io.LimitReader(p, champMax+1))
	if err != nil || len(b) > champMax {
		return &guichet.Error{Genre: guichet.Illisible, Message: "Un champ du formulaire est illisible ou trop long.", Cause: err}
	}
	x.champs.Add(p.FormName(), string(b))
	return nil
}

func (s *serveur) lireFichier(p *multipart.Part, x *fichierRecu, max int64) error {
	if x.f != nil {
		return illisible("Envoyez un seul fichier à la fois.")
	}
	// (*multipart.Part).FileName would cut folders off, and a name with a
	// folder is a name to refuse.
	_, params, err := mime.ParseMediaType(p.Header.Get("Content-Disposition"))
	if err != nil || params["filename"] == "" {
		return invalide("Choisissez un fichier avant d’envoyer le formulaire.")
	}
	x.nom = strings.ToValidUTF8(params["filename"], "\ufffd")
	if x.f, err = os.CreateTemp(s.o.DossierTemp, "envoi-*"); err != nil {
		return guichet.Panne(err)
	}
	x.taille, err = io.Copy(x.f, io.LimitReader(p, max+1))
	if x.taille > max {
		return tropGros(max)
	}
	var ecriture *fs.PathError
	if errors.As(err, &ecriture) { // no room left: not the visitor's fault
		return guichet.Panne(err)
	}
	if err != nil {
		return &guichet.Error{Genre: guichet.Illisible, Message: "L’envoi s’est interrompu : tout n’est pas arrivé. Recommencez.", Cause: err}
	}
	return nil
}

func tropGros(max int64) error {
	return refus(guichet.TropGros, "Ce fichier est trop gros : la limite est de "+nombre(int(max>>20))+"\u00a0Mio ("+accord(int(max), "octet", "octets")+"). Rien n’a été enregistré.")
}

// jeter removes what recevoir kept.
func (s *serveur) jeter(v *visite, x *fichierRecu) {
	if x.f == nil {
		return
	}
	if err := errors.Join(x.f.Close(), os.Remove(x.f.Name())); err != nil {
		s.o.Signaler(v.r, err)
	}
}

// typeLu reads a type of request; "" is an advance.
func typeLu(t string) (segur.TypeDemande, error) {
	switch segur.TypeDemande(t) {
	case "", segur.Avance:
		return segur.Avance, nil
	case segur.Solde:
		return segur.Solde, nil
	}
	return "", invalide("Le type vaut avance ou solde.")
}

// jourLu reads a day as date fields send it; the zero day is none.
func jourLu(t string) (segur.Jour, error) {
	if t == "" {
		return segur.Jour{}, nil
	}
	j, err := segur.LireJour(t)
	if err != nil || !j.Valide() {
		return segur.Jour{}, invalide("Le jour « " + segur.Visible(t, 40) + " » ne se lit pas ; attendu : JJ/MM/AAAA ou AAAA-MM-JJ.")
	}
	return j, nil
}
