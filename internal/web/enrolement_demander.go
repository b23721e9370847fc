package web

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"guichet.example/internal/guichet"
)

const (
	documentMax = 3 << 20
	dossierMax  = 6*documentMax + surplusMax // of a form with all its documents
)

// corpsEnrolement is the form of a company that wants to deposit.
type corpsEnrolement struct {
	Champs   url.Values
	Types    []guichet.TypeDocument
	Couloirs []string
	Fautes   []guichet.FauteChamp
	Erreur   string
	Demande  *guichet.Enrolement // once it is made
	Suivi    string              // address of its page
}

func (s *serveur) enrolement(v *visite) error {
	return s.pageEnrolement(v, http.StatusOK, corpsEnrolement{})
}

func (s *serveur) pageEnrolement(v *visite, statut int, c corpsEnrolement) error {
	c.Types, c.Couloirs = guichet.TypesDocuments(), guichet.Couloirs()
	return s.rendre(v, statut, "enrolement", "Demander un compte fournisseur", c)
}

// lireDossier reads a form with its documents; each is bounded, and so is the
// whole.
func (v *visite) lireDossier() (url.Values, []guichet.DocumentRecu, error) {
	genre, params, err := mime.ParseMediaType(v.r.Header.Get("Content-Type"))
	if err != nil || genre != "multipart/form-data" || params["boundary"] == "" {
		return nil, nil, refus(guichet.MauvaisType, "Envoyez les documents par le formulaire de la page.")
	}
	champs, docs := url.Values{}, []guichet.DocumentRecu(nil)
	lecteur := multipart.NewReader(http.MaxBytesReader(v.w, v.r.Body, dossierMax), params["boundary"])
	for n := 0; ; n++ {
		p, err := lecteur.NextPart()
		var gros *http.MaxBytesError
		switch {
		case errors.Is(err, io.EOF):
			return champs, docs, nil
		case errors.As(err, &gros):
			return nil, nil, tropGros(dossierMax)
		case err != nil || n >= 4*champsMax:
			return nil, nil, &guichet.Error{Genre: guichet.Illisible, Message: "L’envoi s’est interrompu : tout n’est pas arrivé. Recommencez.", Cause: err}
		}
		max := int64(champMax)
		fichier := p.FileName() != "" || strings.HasPrefix(p.FormName(), "doc_")
		if fichier {
			max = documentMax
		}
		b, err := io.ReadAll(io.LimitReader(p, max+1))
		switch {
		case int64(len(b)) > max:
			return nil, nil, tropGros(max)
		case err != nil:
			return nil, nil, &guichet.Error{Genre: guichet.Illisible, Message: "L’envoi s’est interrompu : tout n’est pas arrivé. Recommencez.", Cause: err}
		case fichier && p.FileName() != "":
			docs = append(docs, guichet.DocumentRecu{Type: strings.TrimPrefix(p.FormName(), "doc_"), Nom: strings.ToValidUTF8(p.FileName(), "\ufffd"), Contenu: b})
		case !fichier:
			champs.Add(p.FormName(), string(b))
		}
	}
}

func (s *serveur) demanderEnrolement(v *visite) error {
	champs, docs, err := v.lireDossier()
	if err != nil {
		return err
	}
	e := guichet.Enrolement{RaisonSociale: champs.Get("raisonSociale"), Siret: champs.Get("siret"), RegimeTVA: champs.Get("regimeTVA"), IBAN: champs.Get("iban"), BIC: champs.Get("bic"),
		Nom: champs.Get("nom"), Courriel: champs.Get("courriel"), Telephone: champs.Get("telephone"), Salarie: champs.Get("deposant") == "salarie", Tiers: champs.Get("deposant") == "tiers"}
	for i, n := range champs["numeroAns"] {
		if n = strings.TrimSpace(n); n == "" || i >= len(champs["couloir"]) || i >= len(champs["logiciel"]) {
			continue
		}
		e.Numeros = append(e.Numeros, guichet.NumeroAns{Numero: n, Couloir: champs["couloir"][i], Logiciel: strings.ToUpper(strings.TrimSpace(champs["logiciel"][i]))})
	}
	id, suivi, err := s.g.DemanderEnrolement(v.r.Context(), e, docs, s.o.Adresse(v.r))
	if refuse, phrase, fautes := refusFormulaire(err); refuse {
		return s.pageEnrolement(v, statutDe(guichet.GenreDe(err)), corpsEnrolement{Champs: champs, Erreur: phrase, Fautes: fautes})
	}
	if err != nil {
		return err
	}
	return v.aller("/enrolement/" + string(id) + "/" + suivi + "?fait=enrolement")
}

// refusFormulaire tells whether an error is a refusal that the form itself
// shows, with all its faults.
func refusFormulaire(err error) (bool, string, []guichet.FauteChamp) {
	switch guichet.GenreDe(err) {
	case guichet.Invalide, guichet.Conflit, guichet.TropSouvent:
	default:
		return false, "", nil
	}
	phrase, _, _ := phraseDe(err)
	var champs *guichet.ErreurChamps
	if errors.As(err, &champs) {
		return true, "Des points sont à corriger :", champs.Fautes
	}
	return true, phrase, nil
}

// suivreEnrolement shows a request to whoever has its address.
func (s *serveur) suivreEnrolement(v *visite) error {
	return s.pageSuivi(v, http.StatusOK, "", nil)
}

func (s *serveur) pageSuivi(v *visite, statut int, erreur string, fautes []guichet.FauteChamp) error {
	id, suivi := v.r.PathValue("id"), v.r.PathValue("suivi")
	e, err := s.g.EnrolementSuivi(v.r.Context(), guichet.EnrolementID(id), suivi)
	if err != nil {
		return err
	}
	return s.rendre(v, statut, "enrolement_suivi", "Demande de compte fournisseur",
		corpsEnrolement{Demande: e, Types: guichet.TypesDocuments(), Suivi: "/enrolement/" + id + "/" + suivi, Erreur: erreur, Fautes: fautes})
}

func (s *serveur) completerEnrolement(v *visite) error {
	_, docs, err := v.lireDossier()
	if err != nil {
		return err
	}
	id, suivi := v.r.PathValue("id"), v.r.PathValue("suivi")
	err = s.g.CompleterEnrolement(v.r.Context(), guichet.EnrolementID(id), suivi, docs, s.o.Adresse(v.r))
	if refuse, phrase, fautes := refusFormulaire(err); refuse {
		return s.pageSuivi(v, statutDe(guichet.GenreDe(err)), phrase, fautes)
	}
	if err != nil {
		return err
	}
	return v.aller("/enrolement/" + id + "/" + suivi + "?fait=complement")
}
