package web

import (
	"context"
	"net/http"
	"strconv"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// listeControlesMax is how many campaigns the list shows.
const listeControlesMax = 200

// corpsControles is the list of audit campaigns and the form of a new one.
type corpsControles struct {
	Controles    []guichet.Controle
	Fournisseurs []guichet.Fournisseur
	Figer        bool
	Saisie       map[string]string
	Erreur       string
}

func (s *serveur) listeControles(v *visite) error { return s.pageControles(v, http.StatusOK, "") }

func (s *serveur) pageControles(v *visite, statut int, erreur string) (err error) {
	c := corpsControles{Figer: v.peut(guichet.FigerControle), Erreur: erreur, Saisie: map[string]string{}}
	if c.Controles, c.Fournisseurs, err = s.g.Controles(v.r.Context(), v.a, listeControlesMax); err != nil {
		return err
	}
	for k := range v.r.PostForm {
		c.Saisie[k] = v.champ(k)
	}
	return s.rendre(v, statut, "controles", "Contrôles a posteriori", c)
}

// figerControle freezes the population of a new campaign.
func (s *serveur) figerControle(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	q, err := nouveauControle(v)
	var c *guichet.Controle
	if err == nil {
		c, err = s.g.FigerControle(v.r.Context(), v.a, q)
	}
	if guichet.GenreDe(err) == guichet.Invalide {
		phrase, _, _ := phraseDe(err)
		return s.pageControles(v, http.StatusUnprocessableEntity, phrase)
	}
	if err != nil {
		return err
	}
	return v.aller("/controles/" + string(c.ID) + "?fait=fige")
}

// nouveauControle reads the form of a campaign.
func nouveauControle(v *visite) (q guichet.NouveauControle, err error) {
	q.Libelle, q.Regle.Type = v.champ("libelle"), segur.TypeDemande(v.champ("type"))
	if q.Regle.Du, err = jourLu(v.champ("du")); err != nil {
		return q, err
	}
	if q.Regle.Au, err = jourLu(v.champ("au")); err != nil {
		return q, err
	}
	if q.Regle.Min, err = montantLu(v.champ("min")); err != nil {
		return q, err
	}
	if q.Regle.Max, err = montantLu(v.champ("max")); err != nil {
		return q, err
	}
	if t := v.champ("fournisseur"); t != "" {
		n, err := strconv.ParseInt(t, 10, 64)
		if err != nil || n < 1 {
			return q, invalide("Ce fournisseur n’existe pas : choisissez-le dans la liste.")
		}
		q.Regle.FournisseurID = guichet.FournisseurID(n)
	}
	if q.ATirer, err = strconv.Atoi(v.champ("tirer")); err != nil {
		return q, invalide("Donnez en chiffres combien de demandes sont à tirer.")
	}
	return q, nil
}

// montantLu reads an amount that a person typed; "" is 0.
func montantLu(t string) (segur.Montant, error) {
	if t == "" {
		return 0, nil
	}
	m, err := segur.LireMontant(montantSaisi(t))
	if err != nil {
		return 0, invalide("Le montant « " + segur.Visible(t, 40) + " » ne se lit pas ; attendu : des euros, par exemple 255,00.")
	}
	return m, nil
}

// corpsControle is one campaign.
type corpsControle struct {
	Controle *guichet.Controle
	Regle    string
	Tires    []guichet.LigneControle
	Tirer    bool
	Dossier  bool // case files can be exported
	Etats    map[guichet.NumeroASP]string
	Graine   string
	Source   string
	Erreur   string
}

func (s *serveur) controle(v *visite) error { return s.pageControle(v, http.StatusOK, "") }

func (s *serveur) pageControle(v *visite, statut int, erreur string) error {
	x, err := s.g.Controle(v.r.Context(), v.a, guichet.ControleID(v.r.PathValue("id")))
	if err != nil {
		return err
	}
	c := corpsControle{Controle: x, Tires: x.Tires(), Tirer: x.Statut == guichet.ControleFige && v.peut(guichet.TirerControle), Dossier: v.peut(guichet.ExporterDossier), Erreur: erreur}
	if v.r.PostForm != nil {
		c.Graine, c.Source = v.champ("graine"), v.champ("source")
	}
	raison := ""
	if x.Regle.FournisseurID != 0 {
		_, fs, err := s.g.Controles(v.r.Context(), v.a, 1)
		if err != nil {
			return err
		}
		for i := range fs {
			if fs[i].ID == x.Regle.FournisseurID {
				raison = fs[i].RaisonSociale
			}
		}
	}
	c.Regle = x.Regle.Texte(raison)
	if c.Etats, err = s.etatsTires(v, x.ID); err != nil {
		return err
	}
	return s.rendre(v, statut, "controle", "Contrôle "+string(x.ID), c)
}

// etatsTires says where the control of each drawn request stands.
func (s *serveur) etatsTires(v *visite, id guichet.ControleID) (map[guichet.NumeroASP]string, error) {
	ds, err := s.g.Tirees(v.r.Context(), v.a, id)
	etats := make(map[guichet.NumeroASP]string, len(ds))
	for i := range ds {
		etats[ds[i].NumeroASP] = etatAudit(ds[i].Audit)
	}
	return etats, err
}

// tirerControle draws with the seed that was typed.
func (s *serveur) tirerControle(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	id := v.r.PathValue("id")
	_, err := s.g.TirerControle(v.r.Context(), v.a, guichet.ControleID(id), v.champ("graine"), v.champ("source"))
	switch guichet.GenreDe(err) {
	case guichet.Invalide, guichet.Conflit:
		phrase, _, _ := phraseDe(err)
		return s.pageControle(v, statutDe(guichet.GenreDe(err)), phrase)
	}
	if err != nil {
		return err
	}
	return v.aller("/controles/" + id + "?fait=tire")
}

// population is the frozen list, for whoever wants to draw again elsewhere.
func (s *serveur) population(v *visite) error {
	x, err := s.g.PopulationControle(v.r.Context(), v.a, guichet.ControleID(v.r.PathValue("id")))
	if err != nil {
		return err
	}
	v.telecharger("population-"+string(x.ID)+".csv", "text/csv; charset=utf-8", populationCSV(x))
	return nil
}

// repondreControle takes the supplier's answer to a finding.
func (s *serveur) repondreControle(v *visite) error {
	return s.suivreConstat(v, "reponse", s.g.Repondre)
}

// classerControle ends a control without recovery.
func (s *serveur) classerControle(v *visite) error {
	return s.suivreConstat(v, "motif", s.g.Classer)
}

// suivreConstat does what one text field asks on a request under control.
func (s *serveur) suivreConstat(v *visite, champ string, f func(context.Context, *guichet.Acteur, guichet.NumeroASP, string) error) error {
	return s.surDemande(v, "acte", func(n guichet.NumeroASP) error {
		return f(v.r.Context(), v.a, n, v.champ(champ))
	})
}

// surDemande does what a form on a request's page asks. What is refused for
// what was typed, or for the state of the request, is told on the page, which
// keeps what was typed; fait is what the page says afterwards.
func (s *serveur) surDemande(v *visite, fait string, f func(guichet.NumeroASP) error) error {
	if err := v.saisie(); err != nil {
		return err
	}
	n := guichet.NumeroASP(v.r.PathValue("numeroASP"))
	err := f(n)
	switch guichet.GenreDe(err) {
	case guichet.Invalide, guichet.Conflit:
		x := suiteDemande{Saisie: v.r.PostForm}
		x.Erreur, _, _ = phraseDe(err)
		return s.pageDemande(v, statutDe(guichet.GenreDe(err)), n, x)
	}
	if err != nil {
		return err
	}
	return v.aller("/demandes/" + string(n) + "?fait=" + fait)
}
