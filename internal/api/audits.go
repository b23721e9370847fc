package api

import (
	"net/http"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

type (
	ligneAudit struct {
		NumeroASP string  `json:"numeroASP"`
		Montant   string  `json:"montant"`
		Tirage    int     `json:"tirage"` // place in the draw; 0 = not drawn
		Ecart     *string `json:"ecart"`  // why its control could not be opened
	}
	audit struct {
		ID         string       `json:"id"`
		Statut     string       `json:"statut"`
		Libelle    string       `json:"libelle"`
		Regle      string       `json:"regle"`
		Nombre     int          `json:"nombre"`
		Empreinte  string       `json:"empreinte"`
		ATirer     int          `json:"aTirer"`
		Fige       string       `json:"fige"`
		FigePar    string       `json:"figePar"`
		Methode    string       `json:"methode"`
		Graine     *string      `json:"graine"`
		Source     *string      `json:"source"`
		Tire       *string      `json:"tire"`
		TirePar    *string      `json:"tirePar"`
		Population []ligneAudit `json:"population,omitempty"`
	}
)

func formeAudit(c *guichet.Controle, raison string) audit {
	f := audit{ID: string(c.ID), Statut: string(c.Statut), Libelle: c.Libelle, Regle: c.Regle.Texte(raison), Nombre: c.Nombre, Empreinte: c.Empreinte, ATirer: c.ATirer,
		Fige: guichet.Instant(c.Fige), FigePar: c.FigePar, Methode: c.Methode, Graine: texteOuNul(c.Graine), Source: texteOuNul(c.Source), Tire: instantOuNul(c.Tire), TirePar: texteOuNul(c.TirePar)}
	for _, l := range c.Lignes {
		f.Population = append(f.Population, ligneAudit{string(l.NumeroASP), l.Montant.String(), l.Tirage, texteOuNul(l.Ecart)})
	}
	return f
}

// raisonDe names the supplier that a rule is about.
func raisonDe(fs []guichet.Fournisseur, id guichet.FournisseurID) string {
	for i := range fs {
		if fs[i].ID == id {
			return fs[i].RaisonSociale
		}
	}
	return ""
}

// auditsMax is how many campaigns a list shows.
const auditsMax = 200

func (s *serveur) audits(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	cs, fs, err := s.g.Controles(r.Context(), a, auditsMax)
	if err != nil {
		return err
	}
	reponse := struct {
		Audits []audit `json:"audits"`
	}{[]audit{}}
	for i := range cs {
		reponse.Audits = append(reponse.Audits, formeAudit(&cs[i], raisonDe(fs, cs[i].Regle.FournisseurID)))
	}
	return s.repondre(w, r, http.StatusOK, reponse)
}

// rendreAudit answers with a campaign and its population, its rule in words.
func (s *serveur) rendreAudit(w http.ResponseWriter, r *http.Request, a *guichet.Acteur, statut int, id guichet.ControleID) error {
	c, err := s.g.Controle(r.Context(), a, id)
	if err != nil {
		return err
	}
	_, fs, err := s.g.Controles(r.Context(), a, 1)
	if err != nil {
		return err
	}
	return s.repondre(w, r, statut, formeAudit(c, raisonDe(fs, c.Regle.FournisseurID)))
}

func (s *serveur) audit(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	return s.rendreAudit(w, r, a, http.StatusOK, guichet.ControleID(r.PathValue("id")))
}

func (s *serveur) figerAudit(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	if err := s.g.Autoriser(r.Context(), a, guichet.FigerControle, ""); err != nil {
		return err
	}
	m, _, err := objet(r)
	if err != nil {
		return err
	}
	var q guichet.NouveauControle
	x := membres{m: m}
	x.lire("libelle", "un texte", &q.Libelle)
	x.lire("aTirer", "un nombre entier", &q.ATirer)
	x.lire("type", "avance ou solde", &q.Regle.Type)
	x.lire("fournisseur", "le numéro d’un fournisseur", &q.Regle.FournisseurID)
	x.jour("du", &q.Regle.Du)
	x.jour("au", &q.Regle.Au)
	x.montant("min", &q.Regle.Min)
	x.montant("max", &q.Regle.Max)
	if x.err != nil {
		return x.err
	}
	c, err := s.g.FigerControle(r.Context(), a, q)
	if err != nil {
		return err
	}
	w.Header().Set("Location", racine+"/audits/"+string(c.ID))
	return s.rendreAudit(w, r, a, http.StatusCreated, c.ID)
}

func (s *serveur) tirerAudit(w http.ResponseWriter, r *http.Request, a *guichet.Acteur) error {
	id := guichet.ControleID(r.PathValue("id"))
	if err := s.g.Autoriser(r.Context(), a, guichet.TirerControle, string(id)); err != nil {
		return err
	}
	m, _, err := objet(r)
	if err != nil {
		return err
	}
	var graine, source string
	x := membres{m: m}
	x.lire("graine", "une ligne de texte", &graine)
	if x.lire("source", "un texte", &source); x.err != nil {
		return x.err
	}
	if _, err := s.g.TirerControle(r.Context(), a, id, graine, source); err != nil {
		return err
	}
	return s.rendreAudit(w, r, a, http.StatusOK, id)
}

// jour reads a day; absent, it stays as it is.
func (x *membres) jour(nom string, j *segur.Jour) {
	var t string
	x.lire(nom, "un jour AAAA-MM-JJ", &t)
	if t == "" {
		return
	}
	lu, ok := jourLu(t)
	if !ok && x.err == nil {
		x.err = erreur(guichet.Invalide, "« "+nom+" » vaut « "+segur.Visible(t, 40)+" » ; attendu : un jour AAAA-MM-JJ.")
	}
	*j = lu
}

// montant reads an amount; absent, it stays as it is.
func (x *membres) montant(nom string, m *segur.Montant) {
	var t string
	x.lire(nom, "un texte comme \"10.00\"", &t)
	if t == "" {
		return
	}
	lu, err := segur.LireMontant(t)
	if err != nil && x.err == nil {
		x.err = erreur(guichet.Invalide, "« "+nom+" » vaut « "+segur.Visible(t, 40)+" » ; attendu : un montant comme \"10.00\".")
	}
	*m = lu
}
