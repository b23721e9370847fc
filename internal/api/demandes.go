package api

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// pageDemandes is how many requests a page has.
const pageDemandes = 100

func (s *serveur) demandes(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	f, err := filtreDe(r.URL.Query())
	if err != nil {
		return err
	}
	f.Max = pageDemandes + 1
	ds, ps, err := s.g.Demandes(r.Context(), a, f)
	if err != nil {
		return err
	}
	page := struct {
		Demandes       []demande `json:"demandes"`
		CurseurSuivant *string   `json:"curseurSuivant"`
	}{Demandes: []demande{}}
	for i := range ds {
		if i == pageDemandes {
			page.CurseurSuivant = texteOuNul(curseur(ds[i-1].Serie))
			break
		}
		page.Demandes = append(page.Demandes, formeDemande(&ds[i], ps[ds[i].NumeroASP]))
	}
	return s.repondre(w, r, http.StatusOK, page)
}

func curseur(serie int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte("d" + strconv.FormatInt(serie, 10)))
}

// filtreDe reads the parameters of a list: an empty one is as if it were not
// there, a value that means nothing is refused, never ignored.
func filtreDe(q url.Values) (f guichet.Filtre, err error) {
	for _, nom := range []string{"statut", "depuis", "curseur", "type"} {
		vs, ok := q[nom]
		if !ok {
			continue
		}
		if len(vs) > 1 {
			return f, erreur(guichet.Illisible, "« "+nom+" » ne se donne qu’une fois.")
		}
		if vs[0] != "" && !filtrer(&f, nom, vs[0]) {
			return f, erreur(guichet.Illisible, "« "+nom+" » vaut « "+segur.Visible(vs[0], 60)+" », qui ne se lit pas : statut est un statut connu, type avance ou solde, depuis un instant RFC 3339, curseur celui de la page précédente.")
		}
	}
	return f, nil
}

func filtrer(f *guichet.Filtre, nom, v string) (ok bool) {
	switch nom {
	case "statut":
		f.Statut = guichet.Statut(v)
		_, ok = guichet.EtatDe(f.Statut)
	case "type":
		f.Type = segur.TypeDemande(v)
		ok = f.Type == segur.Avance || f.Type == segur.Solde
	case "depuis":
		var err error
		// A "+" that was not encoded in the address arrives as a space.
		f.Depuis, err = time.Parse(time.RFC3339, strings.Replace(v, " ", "+", 1))
		ok = err == nil
	case "curseur":
		b, err := base64.RawURLEncoding.DecodeString(v)
		if err != nil || len(b) < 2 || b[0] != 'd' {
			return false
		}
		f.Apres, err = strconv.ParseInt(string(b[1:]), 10, 64)
		ok = err == nil && f.Apres > 0
	}
	return ok
}

func (s *serveur) demande(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	v, err := s.g.Demande(r.Context(), a, guichet.NumeroASP(r.PathValue("numeroASP")))
	if err != nil {
		return err
	}
	return s.repondre(w, r, http.StatusOK, formeEntiere(v, a.Agent()))
}

// agir does an act. The body is read first, and judged last.
func (s *serveur) agir(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	n := guichet.NumeroASP(r.PathValue("numeroASP"))
	m, brut, errCorps := objet(r)
	q := acteDe(m)
	if errCorps != nil {
		q.Defaut = errCorps
	}
	forme := func(v any) any { return formeEntiere(v.(*guichet.DemandeVue), a.Agent()) }
	appel, err := s.appelDe(r, http.StatusOK, forme, brut)
	if err != nil {
		return err
	}
	v, err := s.g.Agir(r.Context(), a, n, q, appel)
	if err != nil {
		return err
	}
	return s.repondre(w, r, http.StatusOK, forme(v))
}

func acteDe(m map[string]jsontext.Value) guichet.ActeDemande {
	var q guichet.ActeDemande
	x := membres{m: m}
	var echeance string
	var champs map[string]jsontext.Value
	x.lire("acte", "un texte", &q.Action)
	x.lire("tranche", "un texte", &q.Tranche)
	x.lire("verifications", "un objet de textes", &q.Verifications)
	x.lire("motifs", "une liste de codes", &q.Motifs)
	x.lire("cibles", "une liste de balises", &q.Cibles)
	x.lire("echeance", "un jour AAAA-MM-JJ", &echeance)
	x.lire("message", "un texte", &q.Message)
	x.lire("sens", "attribution ou refus", &q.Sens)
	x.lire("motif", "un texte", &q.Motif)
	x.lire("champs", "un objet de valeurs par balise", &champs)
	x.lire("conforme", "true ou false", &q.Conforme)
	x.lire("observations", "un texte", &q.Observations)
	x.lire("montant", "un texte comme \"10.00\"", &q.Montant)
	x.lire("mode", "remboursement ou compensation", &q.Mode)
	x.lire("reponse", "un texte", &q.Reponse)
	if echeance != "" {
		j, ok := jourLu(echeance)
		if !ok && x.err == nil {
			x.err = erreur(guichet.Invalide, "« echeance » vaut « "+segur.Visible(echeance, 40)+" » ; attendu : un jour AAAA-MM-JJ.")
		}
		q.Echeance = j
	}
	if champs != nil {
		q.Champs = guichet.Champs{}
		for k, v := range champs {
			q.Champs[k] = string(v)
		}
	}
	q.Defaut = x.err
	return q
}

func (s *serveur) decider(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	if err := s.g.Autoriser(r.Context(), a, guichet.Decider, ""); err != nil {
		return err
	}
	m, brut, err := objet(r)
	if err != nil {
		return err
	}
	var q guichet.SelectionDecision
	x := membres{m: m}
	x.lire("sens", "attribution ou refus", &q.Sens)
	x.lire("numerosASP", "une liste de numéros ASP", &q.Numeros)
	x.lire("motifs", "une liste de codes", &q.Motifs)
	x.lire("apercu", "true ou false", &q.Apercu)
	if x.err != nil {
		return x.err
	}
	forme := func(v any) any { return formeResultats(v.([]guichet.ResultatDecision)) }
	appel, err := s.appelDe(r, http.StatusOK, forme, brut)
	if err != nil {
		return err
	}
	rs, err := s.g.DeciderSelection(r.Context(), a, q, appel)
	if err != nil {
		return err
	}
	return s.repondre(w, r, http.StatusOK, forme(rs))
}

// formeResultats is what became of a selection, one result a number.
func formeResultats(rs []guichet.ResultatDecision) any {
	type resultat struct {
		NumeroASP string  `json:"numeroASP"`
		Decidee   bool    `json:"decidee"`
		Statut    *string `json:"statut"`
		Motif     string  `json:"motif"`
	}
	reponse := struct {
		Resultats []resultat `json:"resultats"`
	}{[]resultat{}}
	for _, x := range rs {
		reponse.Resultats = append(reponse.Resultats, resultat{string(x.NumeroASP), x.Decidee, texteOuNul(string(x.Statut)), x.Motif})
	}
	return reponse
}

func (s *serveur) motifs(w http.ResponseWriter, r *http.Request, _ *guichet.Acteur) error {
	type motif struct {
		Code    string   `json:"code"`
		Libelle string   `json:"libelle"`
		Remede  string   `json:"remede"`
		Actes   []string `json:"actes"`
	}
	reponse := struct {
		Motifs []motif `json:"motifs"`
	}{}
	for _, m := range guichet.Motifs() {
		reponse.Motifs = append(reponse.Motifs, motif{m.Code, m.Libelle, m.Remede, textes(m.Actes)})
	}
	return s.repondre(w, r, http.StatusOK, reponse)
}
