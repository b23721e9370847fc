package web

import (
	"net/http"
	"strconv"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// corpsRecouvrements is what is to be given back.
type corpsRecouvrements struct {
	Agent    bool
	Creances []guichet.CreanceVue
	Reste    segur.Montant // of those shown
}

// recouvrementsMax is how many claims the list shows.
const recouvrementsMax = 500

func (s *serveur) recouvrements(v *visite) (err error) {
	c := corpsRecouvrements{Agent: v.a.Agent()}
	if c.Creances, err = s.g.Creances(v.r.Context(), v.a, guichet.FiltreCreance{Max: recouvrementsMax}); err != nil {
		return err
	}
	for i := range c.Creances {
		c.Reste += c.Creances[i].Reste()
	}
	return s.rendre(v, http.StatusOK, "recouvrements", "Recouvrements", c)
}

// corpsRecouvrement is one claim with its story.
type corpsRecouvrement struct {
	Creance    *guichet.CreanceVue
	Agent      bool
	Rembourser bool
	Compenser  bool
	Jour       segur.Jour
	Lettre     string // address of the letter
	Saisie     map[string]string
	Erreur     string
}

func (s *serveur) recouvrement(v *visite) error { return s.pageRecouvrement(v, http.StatusOK, "") }

// creanceVisee reads the number of a claim; what is none is one that does not
// exist.
func creanceVisee(v *visite) guichet.CreanceID {
	n, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
	if err != nil {
		return 0
	}
	return guichet.CreanceID(n)
}

func (s *serveur) pageRecouvrement(v *visite, statut int, erreur string) error {
	x, err := s.g.Creance(v.r.Context(), v.a, creanceVisee(v))
	if err != nil {
		return err
	}
	c := corpsRecouvrement{Creance: x, Agent: v.a.Agent(), Jour: s.g.Aujourdhui(), Saisie: map[string]string{}, Erreur: erreur}
	c.Rembourser = x.Reste() > 0 && v.peut(guichet.Rembourser)
	c.Compenser = c.Rembourser && x.Mode == guichet.ModeRemboursement && c.Jour.Apres(x.Echeance)
	if v.peut(guichet.LireLettre) {
		c.Lettre = "/demandes/" + string(x.NumeroASP) + "/courrier/recouvrement?rang=" + strconv.Itoa(x.Rang)
	}
	for k := range v.r.PostForm {
		c.Saisie[k] = v.champ(k)
	}
	return s.rendre(v, statut, "recouvrement", "Recouvrement "+x.Reference(), c)
}

// agirRecouvrement notes a reimbursement, or sets the claim off.
func (s *serveur) agirRecouvrement(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	q := guichet.ActeCreance{Action: guichet.Action(v.champ("acte")), Montant: montantSaisi(v.champ("montant")), Reference: v.champ("reference"), Motif: v.champ("motif")}
	q.Date, q.Defaut = jourLu(v.champ("date"))
	x, err := s.g.AgirCreance(v.r.Context(), v.a, creanceVisee(v), q, guichet.Appel{})
	switch guichet.GenreDe(err) {
	case guichet.Invalide, guichet.Conflit:
		phrase, _, _ := phraseDe(err)
		return s.pageRecouvrement(v, statutDe(guichet.GenreDe(err)), phrase)
	}
	if err != nil {
		return err
	}
	return v.aller("/recouvrements/" + strconv.FormatInt(int64(x.ID), 10) + "?fait=acte")
}
