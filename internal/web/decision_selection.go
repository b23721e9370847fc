package web

import (
	"net/http"
	"strings"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// corpsDecisions is the selection of a decider, then its preview, then its
// result.
type corpsDecisions struct {
	Demandes  []demandeVue
	Reste     bool // more wait than the page shows
	Motifs    []choix
	Sens      string
	Erreur    string
	Resultats []guichet.ResultatDecision // nil = nothing previewed nor decided
	Masques   int                        // results that the page leaves out
	Oui, Non  int
	Montant   segur.Montant // that the award of those would pay
	Apercu    bool
	Liste     string   // numbers that a confirmation decides
	Retenus   []string // reasons chosen
}

const (
	pageDecisions   = 100
	decisionsMax    = 20_000 // requests of one decision, as the service has it
	resultatsMontre = 500    // results that a page lists
)

// enAttente selects what waits for a decider.
func enAttente(max int) guichet.Filtre {
	return guichet.Filtre{Acteur: string(guichet.Decideur), Max: max}
}

func (s *serveur) decisions(v *visite) error {
	return s.pageDecisions(v, http.StatusOK, corpsDecisions{})
}

func (s *serveur) pageDecisions(v *visite, statut int, c corpsDecisions) (err error) {
	if c.Resultats == nil {
		if c.Demandes, err = s.lister(v, enAttente(pageDecisions+1)); err != nil {
			return err
		}
		if c.Reste = len(c.Demandes) > pageDecisions; c.Reste {
			c.Demandes = c.Demandes[:pageDecisions]
		}
	}
	c.Motifs = choixMotifs(guichet.Decider, c.Retenus)
	return s.rendre(v, statut, "decisions", "Décisions", c)
}

// decider previews a selection, or decides the one that was previewed.
func (s *serveur) decider(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	c := corpsDecisions{Sens: v.champ("sens"), Retenus: v.r.PostForm["motifs"], Apercu: v.champ("etape") != "decider"}
	ns, err := s.selection(v, enAttente(decisionsMax))
	if err != nil {
		return err
	}
	q := guichet.SelectionDecision{Sens: c.Sens, Numeros: ns, Motifs: c.Retenus, Apercu: c.Apercu}
	if q.Sens == "attribution" {
		q.Motifs, c.Retenus = nil, nil
	}
	if !c.Apercu && len(ns) > fondMin {
		id, err := s.g.CommanderSelection(v.r.Context(), v.a, q)
		if err != nil {
			return err
		}
		return v.aller("/decisions/selections/" + id)
	}
	rs, err := s.g.DeciderSelection(v.r.Context(), v.a, q, guichet.Appel{})
	if guichet.GenreDe(err) == guichet.Invalide {
		c.Erreur, _, _ = phraseDe(err)
		if len(ns) == 0 {
			c.Erreur = "Cochez au moins une demande, ou choisissez toutes celles qui attendent."
		}
		return s.pageDecisions(v, http.StatusUnprocessableEntity, c)
	}
	if err != nil {
		return err
	}
	c.resumer(rs)
	return s.pageDecisions(v, http.StatusOK, c)
}

// selection reads which requests a form is about: those ticked, those listed,
// or all that a filter finds.
func (s *serveur) selection(v *visite, f guichet.Filtre) ([]guichet.NumeroASP, error) {
	var ns []guichet.NumeroASP
	if v.champ("portee") == "toutes" {
		return s.numeros(v, f, func(d *guichet.Demande) bool { return d.LotID == "" })
	}
	for _, n := range v.r.PostForm["numeros"] {
		ns = append(ns, guichet.NumeroASP(n))
	}
	for n := range strings.FieldsSeq(v.champ("liste")) {
		ns = append(ns, guichet.NumeroASP(n))
	}
	return ns, nil
}

// resumer counts the results; those that are not decided come first, so that
// none of them is left out of sight.
func (c *corpsDecisions) resumer(rs []guichet.ResultatDecision) {
	var oui, non []guichet.ResultatDecision
	var liste []string
	for _, r := range rs {
		if r.Decidee {
			oui = append(oui, r)
			c.Montant += r.Montant
			liste = append(liste, string(r.NumeroASP))
		} else {
			non = append(non, r)
		}
	}
	c.Oui, c.Non, c.Liste = len(oui), len(non), strings.Join(liste, " ")
	c.Resultats = append(non, oui...)
	if n := max(resultatsMontre, len(non)); len(c.Resultats) > n {
		c.Masques = len(c.Resultats) - n
		c.Resultats = c.Resultats[:n]
	}
}
