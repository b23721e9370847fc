package api

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// octets spells a limit for people.
func octets(n int64) string { return fmt.Sprintf("%d Mio (%d octets)", n>>20, n) }

// attenteControle is how long a simulation waits for its turn.
const attenteControle = 10 * time.Second

// controler is the simulator.
func (s *serveur) controler(w http.ResponseWriter, r *http.Request, _ *guichet.Acteur) error {
	q := r.URL.Query()
	t := segur.Avance
	if v, ok := q["type"]; ok {
		t = segur.TypeDemande(v[0])
	}
	if len(q["type"]) > 1 || len(q["nom"]) > 1 || t != segur.Avance && t != segur.Solde {
		return erreur(guichet.Illisible, "« type » vaut avance ou solde, et chaque paramètre ne se donne qu’une fois.")
	}
	tour := time.NewTimer(attenteControle)
	defer tour.Stop()
	select {
	case s.controles <- struct{}{}:
		defer func() { <-s.controles }()
	case <-tour.C:
		return erreur(guichet.Indisponible, "Trop de contrôles sont en cours. Réessayez dans quelques secondes.")
	}
	// One byte over the limit is enough for control to refuse the file.
	b, err := lireTout(r, segur.TailleMax)
	if err != nil {
		return err
	}
	rapport, f, err := s.g.Controler(r.Context(), t, q.Get("nom"), b)
	if err != nil {
		return err
	}
	repondreOctets(w, http.StatusOK, "application/json", rapport.AppendJSON(nil, s.g.Outil(), f, false, nil))
	return nil
}

// regles tells whoever controls files elsewhere what the portal judges by.
func (s *serveur) regles(w http.ResponseWriter, r *http.Request, _ *guichet.Acteur) error {
	type jeu struct {
		Type      string `json:"type"`
		ID        string `json:"id"`
		Version   string `json:"version"`
		Empreinte string `json:"empreinte"`
	}
	var x struct {
		Jeux   []jeu           `json:"jeux"`
		Durcis []guichet.Durci `json:"durcis"`
	}
	for _, t := range []segur.TypeDemande{segur.Avance, segur.Solde} {
		j, err := s.g.JeuDuJour(t)
		if err != nil {
			return err
		}
		x.Jeux = append(x.Jeux, jeu{string(t), j.ID, j.Version, j.Empreinte()})
	}
	var err error
	if x.Durcis, err = s.g.DurcisAnnonces(r.Context()); err != nil {
		return err
	}
	return s.repondre(w, r, http.StatusOK, x)
}

// deposer takes a deposit.
func (s *serveur) deposer(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	if err := s.g.Autoriser(r.Context(), a, guichet.DeposerFichier, ""); err != nil {
		return err
	}
	if err := s.g.PlaceDepot(a); err != nil {
		return err
	}
	q, err := formulaire(r)
	if err != nil {
		return err
	}
	forme := func(v any) any { return formeDepot(v.(*guichet.DepotVu)) }
	appel, err := s.appelDe(r, http.StatusCreated, forme, []byte(q.Type), []byte(q.NumeroAns), []byte(q.NomFichier), q.Contenu, q.Certificat)
	if err != nil {
		return err
	}
	v, err := s.g.Deposer(r.Context(), a, q, appel)
	if err != nil {
		return err
	}
	w.Header().Set("Location", racine+"/depots/"+string(v.Depot.ID))
	return s.repondre(w, r, http.StatusCreated, forme(v))
}

// champMax bounds a text field of a form.
const champMax = 1 << 10

// formulaire reads the form of a deposit: each field once.
func formulaire(r *http.Request) (q guichet.NouveauDepot, err error) {
	genre, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || genre != "multipart/form-data" || params["boundary"] == "" {
		return q, erreur(guichet.MauvaisType, "Envoyez un formulaire multipart/form-data avec les champs fichier, type et numeroAns.")
	}
	const surplus = 64 << 10 // what a form holds beside the file
	const corpsMax = segur.TailleMax + guichet.CertificatMax + surplus
	if r.ContentLength > corpsMax {
		return q, tropGros(segur.TailleMax)
	}
	vus := map[string]bool{}
	lecteur := multipart.NewReader(io.LimitReader(r.Body, corpsMax), params["boundary"])
	for {
		p, err := lecteur.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return q, &guichet.Error{Genre: guichet.Illisible, Message: "Le formulaire est illisible ou coupé.", Cause: err}
		}
		nom := p.FormName()
		if vus[nom] {
			return q, erreur(guichet.Illisible, "Le champ « "+segur.Visible(nom, 40)+" » est donné deux fois.")
		}
		vus[nom] = true
		if err := partie(p, nom, max(r.ContentLength, 0), &q); err != nil {
			return q, err
		}
	}
	for _, nom := range []string{"fichier", "type", "numeroAns"} {
		if !vus[nom] {
			return q, erreur(guichet.Invalide, "Il manque le champ « "+nom+" ».")
		}
	}
	if q.NomFichier == "" {
		return q, erreur(guichet.Invalide, "Le champ « fichier » n’a pas de nom de fichier : JSON-<numeroAns>-<AAAAMMJJ>-<NNN>.json.")
	}
	if q.Type != segur.Avance && q.Type != segur.Solde {
		return q, erreur(guichet.Invalide, "« type » vaut « "+segur.Visible(string(q.Type), 40)+" » ; valeurs admises : avance, solde.")
	}
	return q, nil
}

// reserve bounds what is set aside for a part that has not come yet: a file of
// 200 requests in full, whatever length a caller promises.
const reserve = 512 << 10

// lirePartie reads at most max bytes; attendus is how many are likely.
func lirePartie(p io.Reader, max, attendus int64) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(int(min(attendus, reserve)) + bytes.MinRead)
	_, err := b.ReadFrom(io.LimitReader(p, max))
	return b.Bytes(), err
}

// partie reads one field; corps is the length of the whole form, as far as it
// is known.
func partie(p *multipart.Part, nom string, corps int64, q *guichet.NouveauDepot) error {
	max := int64(champMax)
	switch nom {
	case "fichier":
		max = segur.TailleMax
	case "certificat":
		max = guichet.CertificatMax
	}
	b, err := lirePartie(p, max+1, min(corps, max))
	switch {
	case int64(len(b)) > max && nom == "fichier":
		return tropGros(max)
	case int64(len(b)) > max && nom == "certificat":
		// A remark, never a refusal: one byte too many says so to the service.
		if _, err := io.Copy(io.Discard, p); err != nil {
			return &guichet.Error{Genre: guichet.Illisible, Message: "Le formulaire est illisible ou coupé.", Cause: err}
		}
	case int64(len(b)) > max:
		return erreur(guichet.Invalide, "Le champ « "+segur.Visible(nom, 40)+" » est trop long.")
	case err != nil:
		return &guichet.Error{Genre: guichet.Illisible, Message: "Le formulaire est illisible ou coupé.", Cause: err}
	}
	switch nom {
	case "fichier":
		q.Contenu, q.NomFichier = b, nomFichier(p)
	case "certificat":
		q.Certificat = b
	case "type":
		q.Type = segur.TypeDemande(b)
	case "numeroAns":
		q.NumeroAns = string(b)
	}
	return nil
}

// nomFichier is the name as sent: (*multipart.Part).FileName would cut its
// folders off, and a name with a folder is a name to refuse.
func nomFichier(p *multipart.Part) string {
	_, params, err := mime.ParseMediaType(p.Header.Get("Content-Disposition"))
	if err != nil {
		return ""
	}
	return strings.ToValidUTF8(params["filename"], "\ufffd")
}

func (s *serveur) depot(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	v, err := s.g.Depot(r.Context(), a, guichet.DepotID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return s.repondre(w, r, http.StatusOK, formeDepot(v))
}

func (s *serveur) retour(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	nom, b, err := s.g.Retour(r.Context(), a, guichet.DepotID(r.PathValue("id")))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": nom}))
	repondreOctets(w, http.StatusOK, "application/json", b)
	return nil
}

// deposerZip keeps the archive in a file of its own while it is controlled: no
// size that a caller sends is ever held in memory.
func (s *serveur) deposerZip(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	id := guichet.DepotID(r.PathValue("id"))
	if err := s.g.DepotConnu(r.Context(), a, id); err != nil {
		return err
	}
	if err := s.g.Autoriser(r.Context(), a, guichet.DeposerPieces, string(id)); err != nil {
		return err
	}
	if err := s.g.PlaceEnvoi(a); err != nil {
		return err
	}
	attente, err := s.g.AttendreZip(r.Context(), a, id)
	if err != nil {
		return err
	}
	f, taille, err := s.recevoir(r, segur.ZipMax)
	if err != nil {
		return err
	}
	defer s.jeter(r, f)
	if err := attente.Juger(f, taille); err != nil {
		return err
	}
	c, err := s.g.DeposerZip(r.Context(), a, id, f, taille)
	if err != nil {
		return err
	}
	return s.repondre(w, r, http.StatusOK, formeCouverture(c))
}

func (s *serveur) recevoir(r *http.Request, max int64) (*os.File, int64, error) {
	if r.ContentLength > max {
		return nil, 0, tropGros(max)
	}
	f, err := os.CreateTemp(s.o.DossierTemp, "envoi-*")
	if err != nil {
		return nil, 0, guichet.Panne(err)
	}
	n, err := io.Copy(f, io.LimitReader(r.Body, max+1))
	var ecriture *fs.PathError
	switch {
	case n > max:
		err = tropGros(max)
	case errors.As(err, &ecriture): // no room left: not the caller's fault
		err = guichet.Panne(err)
	case err != nil:
		err = &guichet.Error{Genre: guichet.Illisible, Message: "L’envoi s’est interrompu : tout n’est pas arrivé.", Cause: err}
	default:
		return f, n, nil
	}
	s.jeter(r, f)
	return nil, 0, err
}

// jeter ends a file that waited. To give its room back takes the system a while
// for an archive, for which its sender does not wait: its name goes at once
// where a file may lose it while it is open.
func (s *serveur) jeter(r *http.Request, f *os.File) {
	fermer := func() {
		if err := f.Close(); err != nil {
			s.o.Signaler(r, err)
		}
	}
	if os.Remove(f.Name()) == nil {
		go fermer()
		return
	}
	fermer()
	if err := os.Remove(f.Name()); err != nil {
		s.o.Signaler(r, err)
	}
}

func (s *serveur) deposerPiece(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	n, nom := guichet.NumeroASP(r.PathValue("numeroASP")), r.PathValue("nomFichier")
	if err := s.g.DemandeConnue(r.Context(), a, n); err != nil {
		return err
	}
	if err := s.g.Autoriser(r.Context(), a, guichet.DeposerPieces, string(n)); err != nil {
		return err
	}
	if err := s.g.PlaceEnvoi(a); err != nil {
		return err
	}
	b, err := lireTout(r, segur.PieceMax)
	if err != nil {
		return err
	}
	c, err := s.g.DeposerPiece(r.Context(), a, n, nom, strings.NewReader(string(b)), int64(len(b)))
	if err != nil {
		return err
	}
	return s.repondre(w, r, http.StatusOK, formeCouverture(c))
}
