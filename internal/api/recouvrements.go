package api

import (
	"net/http"
	"strconv"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

type (
	retenue struct {
		Lot     string `json:"lot"`
		Montant string `json:"montant"`
		Statut  string `json:"statut"`
		Annulee bool   `json:"annulee"` // the bank returned the payment: it is owed again
	}
	remboursement struct {
		Date      string `json:"date"`
		Reference string `json:"reference"`
		Montant   string `json:"montant"`
	}
	recouvrement struct {
		ID             int64           `json:"id"`
		Reference      string          `json:"reference"`
		NumeroASP      string          `json:"numeroASP"`
		Fournisseur    string          `json:"fournisseur"`
		Montant        string          `json:"montant"`
		Retenu         string          `json:"retenu"`
		Rembourse      string          `json:"rembourse"`
		Reste          string          `json:"reste"`
		Mode           string          `json:"mode"`
		Echeance       *string         `json:"echeance"`
		Retenues       []retenue       `json:"retenues,omitzero"` // of one claim; a list goes without
		Remboursements []remboursement `json:"remboursements,omitzero"`
	}
)

func formeRecouvrement(v *guichet.CreanceVue) recouvrement {
	f := recouvrement{ID: int64(v.ID), Reference: v.Reference(), NumeroASP: string(v.NumeroASP), Fournisseur: v.RaisonSociale, Montant: v.Montant.String(), Retenu: v.Impute.String(),
		Rembourse: v.Rembourse.String(), Reste: v.Reste().String(), Mode: string(v.Mode), Echeance: jourOuNul(v.Echeance), Retenues: []retenue{}, Remboursements: []remboursement{}}
	for _, x := range v.Retenues {
		f.Retenues = append(f.Retenues, retenue{string(x.Lot), x.Montant.String(), string(x.Statut), x.Annulee})
	}
	for _, x := range v.Remboursements {
		f.Remboursements = append(f.Remboursements, remboursement{x.Date.ISO(), x.Reference, x.Montant.String()})
	}
	return f
}

// recouvrementsMax is how many claims a list shows.
const recouvrementsMax = 1000

func (s *serveur) recouvrements(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	f := guichet.FiltreCreance{Max: recouvrementsMax}
	switch q := r.URL.Query()["ouverts"]; {
	case len(q) == 1 && q[0] == "oui":
		f.Ouvertes = true
	case len(q) > 0:
		return erreur(guichet.Illisible, "« ouverts » vaut oui, ou n’est pas là.")
	}
	cs, err := s.g.Creances(r.Context(), a, f)
	if err != nil {
		return err
	}
	reponse := struct {
		Recouvrements []recouvrement `json:"recouvrements"`
	}{[]recouvrement{}}
	for i := range cs {
		f := formeRecouvrement(&cs[i])
		f.Retenues, f.Remboursements = nil, nil // not read for a list: none would be a lie
		reponse.Recouvrements = append(reponse.Recouvrements, f)
	}
	return s.repondre(w, r, http.StatusOK, reponse)
}

// creanceDe reads the number of a claim; what is none is a claim that does not
// exist.
func creanceDe(r *http.Request) guichet.CreanceID {
	n, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0
	}
	return guichet.CreanceID(n)
}

func (s *serveur) recouvrement(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	v, err := s.g.Creance(r.Context(), a, creanceDe(r))
	if err != nil {
		return err
	}
	return s.repondre(w, r, http.StatusOK, formeRecouvrement(v))
}

func (s *serveur) agirRecouvrement(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	m, brut, errCorps := objet(r)
	var q guichet.ActeCreance
	var date string
	x := membres{m: m, err: errCorps}
	x.lire("acte", "rembourser ou compenser", &q.Action)
	x.lire("montant", "un texte comme \"10.00\"", &q.Montant)
	x.lire("reference", "un texte", &q.Reference)
	x.lire("motif", "un texte", &q.Motif)
	if x.lire("date", "un jour AAAA-MM-JJ", &date); date != "" {
		j, ok := jourLu(date)
		if !ok && x.err == nil {
			x.err = erreur(guichet.Invalide, "« date » vaut « "+segur.Visible(date, 40)+" » ; attendu : un jour AAAA-MM-JJ.")
		}
		q.Date = j
	}
	q.Defaut = x.err
	forme := func(v any) any { return formeRecouvrement(v.(*guichet.CreanceVue)) }
	appel, err := s.appelDe(r, http.StatusOK, forme, brut)
	if err != nil {
		return err
	}
	v, err := s.g.AgirCreance(r.Context(), a, creanceDe(r), q, appel)
	if err != nil {
		return err
	}
	return s.repondre(w, r, http.StatusOK, forme(v))
}
