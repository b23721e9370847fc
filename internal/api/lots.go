package api

import (
	"mime"
	"net/http"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

func (s *serveur) preparerLot(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	if err := s.g.Autoriser(r.Context(), a, guichet.PreparerLot, ""); err != nil {
		return err
	}
	m, brut, err := objet(r)
	if err != nil {
		return err
	}
	var ns []guichet.NumeroASP
	x := membres{m: m}
	if x.lire("numerosASP", "une liste de numéros ASP", &ns); x.err != nil {
		return x.err
	}
	forme := func(v any) any { return formeLot(v.(*guichet.Lot)) }
	appel, err := s.appelDe(r, http.StatusCreated, forme, brut)
	if err != nil {
		return err
	}
	l, err := s.g.PreparerLot(r.Context(), a, ns, appel)
	if err != nil {
		return err
	}
	w.Header().Set("Location", racine+"/lots-paiement/"+string(l.ID))
	return s.repondre(w, r, http.StatusCreated, forme(l))
}

func (s *serveur) agirLot(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	m, brut, errCorps := objet(r)
	q := acteLotDe(m)
	if errCorps != nil {
		q.Defaut = errCorps
	}
	forme := func(v any) any { return formeLot(v.(*guichet.Lot)) }
	appel, err := s.appelDe(r, http.StatusOK, forme, brut)
	if err != nil {
		return err
	}
	l, err := s.g.AgirLot(r.Context(), a, guichet.LotID(r.PathValue("id")), q, appel)
	if err != nil {
		return err
	}
	return s.repondre(w, r, http.StatusOK, forme(l))
}

func acteLotDe(m map[string]jsontext.Value) guichet.ActeLot {
	var q guichet.ActeLot
	var retours []struct {
		NumeroASP guichet.NumeroASP `json:"numeroASP"`
		Motif     string            `json:"motif"`
	}
	var date string
	x := membres{m: m}
	x.lire("acte", "approuver, retourner ou regler", &q.Action)
	x.lire("retours", "une liste de { numeroASP, motif }", &retours)
	x.lire("date", "un jour AAAA-MM-JJ", &date)
	for _, r := range retours {
		q.Retours = append(q.Retours, guichet.RetourBanque(r))
	}
	if date != "" {
		j, ok := jourLu(date)
		if !ok && x.err == nil {
			x.err = erreur(guichet.Invalide, "« date » vaut « "+segur.Visible(date, 40)+" » ; attendu : un jour AAAA-MM-JJ.")
		}
		q.Date = j
	}
	q.Defaut = x.err
	return q
}

func (s *serveur) lot(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	l, err := s.g.Lot(r.Context(), a, guichet.LotID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return s.repondre(w, r, http.StatusOK, formeLot(l))
}

// lotsMax is how many batches a list shows.
const lotsMax = 200

func (s *serveur) lots(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	ls, err := s.g.Lots(r.Context(), a, lotsMax)
	if err != nil {
		return err
	}
	type resume struct {
		ID     string `json:"id"`
		Statut string `json:"statut"`
		Total  string `json:"total"`
		Cree   string `json:"cree"`
	}
	reponse := struct {
		Lots []resume `json:"lots"`
	}{[]resume{}}
	for i := range ls {
		reponse.Lots = append(reponse.Lots, resume{string(ls[i].ID), string(ls[i].Statut), ls[i].Total.String(), guichet.Instant(ls[i].Cree)})
	}
	return s.repondre(w, r, http.StatusOK, reponse)
}

func (s *serveur) virement(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	id := r.PathValue("id")
	b, err := s.g.Virement(r.Context(), a, guichet.LotID(id))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "pain001-" + id + ".xml"}))
	repondreOctets(w, http.StatusOK, "application/xml", b)
	return nil
}

// pageJournal is how many entries a page has.
const pageJournal = 500

func (s *serveur) journal(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	depuis := int64(1)
	if v, ok := r.URL.Query()["depuis"]; ok {
		n, err := strconv.ParseInt(v[0], 10, 64)
		if err != nil || n < 0 || len(v) > 1 {
			if err := s.g.Autoriser(r.Context(), a, guichet.LireJournal, ""); err != nil {
				return err
			}
			return erreur(guichet.Illisible, "« depuis » est le numéro d’une entrée, un entier à partir de 1.")
		}
		depuis = n
	}
	es, err := s.g.Journal(r.Context(), a, depuis, pageJournal+1)
	if err != nil {
		return err
	}
	b := []byte(`{"entrees": [`)
	suivant, clairs := "null", map[string]guichet.Clair{}
	for i := range es {
		if i == pageJournal {
			suivant = strconv.FormatInt(es[i].Numero, 10)
			break
		}
		if i > 0 {
			b = append(b, ",\n"...)
		}
		b = es[i].AppendJSON(b)
		clairs[strconv.FormatInt(es[i].Numero, 10)] = es[i].Clair
	}
	textes, err := rendre(clairs)
	if err != nil {
		return err
	}
	b = append(append(append(b, `], "suivant": `...), suivant...), `, "clairs": `...)
	b = append(append(b, textes...), '}')
	repondreOctets(w, http.StatusOK, "application/json", b)
	return nil
}
