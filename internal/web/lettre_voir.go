package web

import (
	"net/http"
	"strconv"
	"strings"

	"guichet.example/internal/guichet"
)

// nomsLettres are the kinds of letters as people call them.
var nomsLettres = map[guichet.GenreLettre]string{
	guichet.LettreAttribution: "Décision d’attribution", guichet.LettreRefus: "Décision de refus",
	guichet.LettreModification: "Demande de modification", guichet.LettreRecouvrement: "Ordre de recouvrement",
	guichet.LettreRetrait: "Retrait d’une décision", guichet.LettreConstat: "Constat de contrôle",
}

// lettreVue is one letter in a list.
type lettreVue struct {
	guichet.Lettre
	Titre  string
	Chemin string // without ".pdf"
	Suite  string // behind it: which of several
}

// corpsLettres is the letters on one request.
type corpsLettres struct {
	Demande *guichet.Demande
	Agent   bool
	Lettres []lettreVue // newest first
}

func (s *serveur) lettres(v *visite) error {
	x, err := s.g.Lettres(v.r.Context(), v.a, guichet.NumeroASP(v.r.PathValue("numeroASP")))
	if err != nil {
		return err
	}
	c := corpsLettres{Demande: x.Demande, Agent: v.a.Agent()}
	for i := len(x.Lettres) - 1; i >= 0; i-- {
		l := lettreVue{Lettre: x.Lettres[i], Titre: nomsLettres[x.Lettres[i].Genre]}
		l.Chemin = "/demandes/" + string(x.Demande.NumeroASP) + "/courrier/" + string(l.Genre)
		if l.Suite = ""; l.Rang > 1 || derniere(x.Lettres, l.Genre) > l.Rang {
			l.Suite = "?rang=" + strconv.Itoa(l.Rang)
		}
		c.Lettres = append(c.Lettres, l)
	}
	return s.rendre(v, http.StatusOK, "lettres", "Courriers de la demande "+string(x.Demande.NumeroASP), c)
}

// derniere is the rang of the last letter of a kind.
func derniere(ls []guichet.Lettre, g guichet.GenreLettre) (rang int) {
	for i := range ls {
		if ls[i].Genre == g {
			rang = ls[i].Rang
		}
	}
	return rang
}

// lettre is one letter, as a page or, with ".pdf" behind its kind, as PDF.
func (s *serveur) lettre(v *visite) error {
	genre, pdf := strings.CutSuffix(v.r.PathValue("genre"), ".pdf")
	rang, err := 0, error(nil)
	if q := v.r.URL.Query().Get("rang"); q != "" {
		if rang, err = strconv.Atoi(q); err != nil || rang < 1 {
			return inconnu("Ce courrier n’existe pas.")
		}
	}
	x, l, err := s.g.Lettre(v.r.Context(), v.a, guichet.NumeroASP(v.r.PathValue("numeroASP")), guichet.GenreLettre(genre), rang)
	if err != nil {
		return err
	}
	d, err := s.lettreDe(x, l)
	if err != nil {
		return err
	}
	return s.rendreLettre(v, d, nomDocument(l.Reference()), pdf)
}
