package web

import (
	"net/http"
	"net/url"
	"strconv"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// corpsFile is the queue of an officer: the oldest first.
type corpsFile struct {
	Filtre     filtreFile
	File       *guichet.File
	Demandes   []demandeFile
	Suite      string
	Retards    int    // of those on the page
	Requete    string // the filters, for the form that saves a view
	Vue        int64  // the view that is shown; 0 = none
	SansFiltre bool
	Erreur     string
	Resultats  []guichet.ResultatAffectation // of an assignment that was not done whole
}

// demandeFile is one request of the queue.
type demandeFile struct {
	demandeVue
	Agent string // who has it; "" = nobody
	Age   int    // days since it was deposited
}

// filtreFile are the filters of the queue as its form shows them.
type filtreFile struct {
	filtreVu
	Fournisseur, Agent, Retard string
}

// Agents that a filter names without a number.
const (
	agentMoi   = "moi"
	agentLibre = "libre"
)

// pageFile is how many requests a page of the queue has.
const pageFile = 50

func (f filtreFile) valeurs() url.Values {
	q := f.filtreVu.valeurs()
	for nom, t := range map[string]string{"fournisseur": f.Fournisseur, "agent": f.Agent, "retard": f.Retard} {
		if t != "" {
			q.Set(nom, t)
		}
	}
	return q
}

// filtreFileDe reads the filters of the queue.
func (s *serveur) filtreFileDe(v *visite, q url.Values) (f guichet.Filtre, vu filtreFile, err error) {
	if f, vu.filtreVu, err = filtreDe(q); err != nil {
		return f, vu, err
	}
	f.Decroissant, f.Acteur, vu.Acteur = false, string(guichet.Instructeur), ""
	vu.Fournisseur, vu.Agent, vu.Retard = q.Get("fournisseur"), q.Get("agent"), q.Get("retard")
	numero := func(t string) int64 {
		n, e := strconv.ParseInt(t, 10, 64)
		if (e != nil || n <= 0) && err == nil {
			err = illisible("Ce filtre ne se lit pas. Revenez à la file et choisissez dans les listes.")
		}
		return n
	}
	if vu.Fournisseur != "" {
		f.FournisseurID = guichet.FournisseurID(numero(vu.Fournisseur))
	}
	switch vu.Agent {
	case "":
	case agentMoi:
		f.AgentID = v.a.ID
	case agentLibre:
		f.Libre = true
	default:
		f.AgentID = guichet.CompteID(numero(vu.Agent))
	}
	if vu.Retard != "" {
		f.Retard, vu.Retard = s.g.Aujourdhui(), "1"
	}
	return f, vu, err
}

func (s *serveur) file(v *visite) error {
	x, err := s.g.File(v.r.Context(), v.a)
	if err != nil {
		return err
	}
	if v.r.URL.RawQuery == "" {
		for i := range x.Vues {
			if x.Vues[i].Defaut {
				return v.aller("/instruction?" + adresseVue(&x.Vues[i]))
			}
		}
	}
	return s.pageFile(v, http.StatusOK, x, corpsFile{})
}

func adresseVue(x *guichet.Vue) string {
	q, err := url.ParseQuery(x.Requete)
	if err != nil {
		q = url.Values{}
	}
	q.Set("vue", strconv.FormatInt(x.ID, 10))
	return q.Encode()
}

func (s *serveur) pageFile(v *visite, statut int, x *guichet.File, c corpsFile) error {
	q := v.r.URL.Query()
	f, vu, err := s.filtreFileDe(v, q)
	if err != nil {
		return err
	}
	f.Max = pageFile + 1
	c.Filtre, c.File, c.Requete, c.SansFiltre = vu, x, vu.valeurs().Encode(), vu == filtreFile{}
	c.Vue, _ = strconv.ParseInt(q.Get("vue"), 10, 64) // 0 is no view
	ds, err := s.lister(v, f)
	if err != nil {
		return err
	}
	if len(ds) > pageFile {
		ds = ds[:pageFile]
		suite := vu.valeurs()
		suite.Set("apres", strconv.FormatInt(ds[pageFile-1].Serie, 10))
		c.Suite = adresse("/instruction", suite)
	}
	noms := map[guichet.CompteID]string{}
	for _, a := range x.Instructeurs {
		noms[a.ID] = a.Nom
	}
	for _, d := range ds {
		c.Demandes = append(c.Demandes, demandeFile{d, noms[d.AgentID], int(s.g.Maintenant().Sub(d.Cree).Hours() / 24)})
		if d.Retard {
			c.Retards++
		}
	}
	return s.rendre(v, statut, "instruction", "File d’instruction", c)
}

// prendreSuivante takes the officer's next request.
func (s *serveur) prendreSuivante(v *visite) error {
	n, err := s.g.PrendreSuivante(v.r.Context(), v.a)
	if guichet.GenreDe(err) == guichet.Inconnu {
		return v.aller("/instruction?fait=vide")
	}
	if err != nil {
		return err
	}
	return v.aller("/demandes/" + string(n) + "?fait=prise")
}

// affecter gives the ticked requests to an officer, or to nobody. Those that
// could not be given are listed with why.
func (s *serveur) affecter(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	ns, err := s.selection(v, guichet.Filtre{})
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(v.champ("agent"), 10, 64)
	if err != nil || id < 0 {
		return illisible("Choisissez un instructeur dans la liste.")
	}
	var c corpsFile
	rs, err := s.g.Affecter(v.r.Context(), v.a, ns, guichet.CompteID(id))
	if guichet.GenreDe(err) == guichet.Invalide {
		if c.Erreur, _, _ = phraseDe(err); len(ns) == 0 {
			c.Erreur = "Cochez au moins une demande."
		}
	} else if err != nil {
		return err
	}
	for _, r := range rs {
		if r.Motif != "" {
			c.Resultats = append(c.Resultats, r)
		}
	}
	if c.Erreur == "" && c.Resultats == nil {
		return v.aller(retourFile(v.champ("filtres"), "affecte"))
	}
	x, err := s.g.File(v.r.Context(), v.a)
	if err != nil {
		return err
	}
	return s.pageFile(v, http.StatusUnprocessableEntity, x, c)
}

// retourFile is the queue again, with the filters that a form carried.
func retourFile(filtres, fait string) string {
	q, err := url.ParseQuery(filtres)
	if err != nil {
		q = url.Values{}
	}
	q.Set("fait", fait)
	return adresse("/instruction", q)
}

// agirVue saves the filters shown as a view, chooses one to begin with, or
// takes one out.
func (s *serveur) agirVue(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	id, err := strconv.ParseInt("0"+v.champ("vue"), 10, 64)
	if err != nil {
		return inconnu("Cette vue n’existe pas.")
	}
	switch v.champ("acte") {
	case "enregistrer":
		q, errFiltre := url.ParseQuery(v.champ("filtres"))
		if errFiltre != nil {
			return illisible("Les filtres de cette vue ne se lisent pas.")
		}
		q.Del("apres")
		_, vu, errFiltre := s.filtreFileDe(v, q)
		if errFiltre != nil {
			return errFiltre
		}
		err = s.g.EnregistrerVue(v.r.Context(), v.a, guichet.Vue{Nom: v.champ("nom"), Requete: vu.valeurs().Encode(), Partagee: v.champ("partagee") != ""})
	case "defaut":
		err = s.g.ChoisirVue(v.r.Context(), v.a, id)
	case "retirer":
		err = s.g.RetirerVue(v.r.Context(), v.a, id)
	default:
		return illisible("Cet acte n’existe pas pour une vue.")
	}
	switch guichet.GenreDe(err) {
	case guichet.Invalide, guichet.Conflit:
		x, errFile := s.g.File(v.r.Context(), v.a)
		if errFile != nil {
			return errFile
		}
		phrase, _, _ := phraseDe(err)
		return s.pageFile(v, statutDe(guichet.GenreDe(err)), x, corpsFile{Erreur: phrase})
	}
	if err != nil {
		return err
	}
	return v.aller("/instruction?fait=vue&vue=" + strconv.FormatInt(id, 10))
}

// nomAgent is the name of an officer in a list of them.
func nomAgent(cs []guichet.Compte, id guichet.CompteID) string {
	for _, c := range cs {
		if c.ID == id {
			return c.Nom
		}
	}
	return segur.Visible("agent "+strconv.FormatInt(int64(id), 10), 0)
}
