package api

import (
	"net/http"
	"strconv"
	"time"

	"guichet.example/internal/guichet"
)

func (s *serveur) conservation(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	ds, err := s.g.AEffacerMaintenant(r.Context(), a)
	if err != nil {
		return err
	}
	type regle struct {
		Code     string   `json:"code"`
		Donnees  string   `json:"donnees"`
		Duree    string   `json:"duree"`
		Depuis   string   `json:"depuis"`
		Ensuite  string   `json:"ensuite"`
		Reste    string   `json:"reste"`
		Motif    string   `json:"motif"`
		AEffacer int      `json:"aEffacer"`
		Exemples []string `json:"exemples"`
		Retenues []string `json:"retenues"`
	}
	rythme, err := s.g.RythmeConservation(r.Context(), a)
	if err != nil {
		return err
	}
	reponse := struct {
		Regles   []regle   `json:"regles"`
		Dernier  *effacees `json:"dernierPassage"`  // null = never yet
		Prochain *string   `json:"prochainPassage"` // null = when a person asks
	}{Regles: []regle{}, Prochain: instantOuNul(rythme.Prochain)}
	if d := rythme.Dernier; !d.Quand.IsZero() {
		reponse.Dernier = &effacees{guichet.Instant(d.Quand), d.Par, effacement{d.Faits, d.Resume()}}
	}
	for _, d := range ds {
		reponse.Regles = append(reponse.Regles, regle{d.Code, d.Donnees, d.Duree(), d.Depuis, d.Ensuite, d.Reste, d.Motif, d.Nombre, textes(d.Exemples), textes(d.Retenues)})
	}
	return s.repondre(w, r, http.StatusOK, reponse)
}

// effacees is a passage of retention.
type effacees struct {
	Date string `json:"date"`
	Par  string `json:"par"`
	effacement
}

type effacement struct {
	Efface map[string]int `json:"efface"`
	Resume string         `json:"resume"`
}

func (s *serveur) effacerDu(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	faits, err := s.g.EffacerDu(r.Context(), a)
	if err != nil {
		return err
	}
	return s.repondre(w, r, http.StatusOK, effacement{faits, guichet.ResumeEffacement(faits)})
}

func (s *serveur) effacerDemande(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	n := guichet.NumeroASP(r.PathValue("numeroASP"))
	if err := s.g.DemandeConnue(r.Context(), a, n); err != nil {
		return err
	}
	if err := s.g.Autoriser(r.Context(), a, guichet.EffacerDonnees, string(n)); err != nil {
		return err
	}
	m, _, err := objet(r)
	if err != nil {
		return err
	}
	var motif string
	x := membres{m: m}
	if x.lire("motif", "un texte", &motif); x.err != nil {
		return x.err
	}
	if err := s.g.EffacerDemande(r.Context(), a, n, motif); err != nil {
		return err
	}
	return s.repondre(w, r, http.StatusOK, effacement{map[string]int{"demande": 1}, "Les données personnelles de la demande " + string(n) + " sont effacées."})
}

// pageLectures is how many readings a page has.
const pageLectures = 500

func (s *serveur) lectures(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	if err := s.g.Autoriser(r.Context(), a, guichet.LireJournal, ""); err != nil {
		return err
	}
	q := r.URL.Query()
	f := guichet.FiltreLecture{Acteur: q.Get("acteur"), Objet: q.Get("numeroASP"), Max: pageLectures + 1}
	if t := q.Get("depuis"); t != "" {
		i, err := time.Parse(time.RFC3339, t)
		if err != nil {
			return erreur(guichet.Illisible, "« depuis » est un instant RFC 3339, par exemple 2026-01-01T00:00:00Z.")
		}
		f.Depuis = guichet.Instant(i)
	}
	if t := q.Get("avant"); t != "" {
		n, err := strconv.ParseInt(t, 10, 64)
		if err != nil || n < 1 {
			return erreur(guichet.Illisible, "« avant » est le numéro d’une entrée du journal, un entier à partir de 1.")
		}
		f.Avant = n
	}
	es, err := s.g.Lectures(r.Context(), a, f)
	if err != nil {
		return err
	}
	type lecture struct {
		Numero int64  `json:"numero"`
		Date   string `json:"date"`
		Acteur string `json:"acteur"`
		Acte   string `json:"acte"`
		Objet  string `json:"objet"`
		Detail string `json:"detail"`
	}
	reponse := struct {
		Lectures []lecture `json:"lectures"`
		Suivant  *int64    `json:"suivant"`
	}{Lectures: []lecture{}}
	for i := range es {
		if i == pageLectures {
			reponse.Suivant = &es[i-1].Numero
			break
		}
		reponse.Lectures = append(reponse.Lectures, lecture{es[i].Numero, es[i].Date, es[i].Acteur, es[i].Acte, es[i].Objet, es[i].DetailLisible()})
	}
	return s.repondre(w, r, http.StatusOK, reponse)
}
