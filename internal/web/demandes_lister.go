package web

import (
	"net/http"
	"net/url"
	"strconv"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// demandeVue is one request in a list.
type demandeVue struct {
	*guichet.Demande
	Acteur     string // who acts next; "" = nobody
	Retard     bool   // the due date has passed
	Manquantes []string
}

// lister finds requests and what each of them lacks.
func (s *serveur) lister(v *visite, f guichet.Filtre) ([]demandeVue, error) {
	ds, ps, err := s.g.Demandes(v.r.Context(), v.a, f)
	if err != nil {
		return nil, err
	}
	vs := make([]demandeVue, len(ds))
	for i := range ds {
		vs[i] = s.vue(&ds[i], ps[ds[i].NumeroASP])
	}
	return vs, nil
}

func (s *serveur) vue(d *guichet.Demande, ps []guichet.Piece) demandeVue {
	x := demandeVue{Demande: d, Acteur: d.ProchainActeur(), Retard: !d.Echeance.Nul() && s.g.Aujourdhui().Apres(d.Echeance)}
	for _, p := range ps {
		if p.SHA256 == "" {
			x.Manquantes = append(x.Manquantes, p.Nom)
		}
	}
	return x
}

// corpsDemandes is the list of requests with its filters.
type corpsDemandes struct {
	Agent      bool
	Filtre     filtreVu
	Etats      []guichet.Etat
	Acteurs    []string
	Demandes   []demandeVue
	Suite      string // address of the next page; "" = this is the last
	Debut      string // address of the first page; "" = this is it
	CSV, XLSX  string // addresses of the exports of this filter
	SansFiltre bool
	Colonnes   []colonne
	Offertes   []colonneOfferte
	Filtres    string // the filters as an address has them, for the form of columns
}

// filtreVu are the filters as the form shows them.
type filtreVu struct {
	Texte, Statut, Type, Acteur string
}

// pageDemandes is how many requests a page has.
const pageDemandes = 50

// acteursFiltres are the next actors that a list can be filtered by.
func acteursFiltres() []string {
	return []string{"fournisseur", string(guichet.Instructeur), string(guichet.Decideur), string(guichet.Comptable)}
}

func (s *serveur) demandes(v *visite) error {
	q := v.r.URL.Query()
	f, vu, err := filtreDe(q)
	if err != nil {
		return err
	}
	c := corpsDemandes{Agent: v.a.Agent(), Filtre: vu, Etats: guichet.Etats(), Acteurs: acteursFiltres(), SansFiltre: vu == filtreVu{}}
	f.Max = pageDemandes + 1
	if c.Demandes, err = s.lister(v, f); err != nil {
		return err
	}
	base := vu.valeurs()
	if len(c.Demandes) > pageDemandes {
		c.Demandes = c.Demandes[:pageDemandes]
		suite := vu.valeurs()
		suite.Set("apres", strconv.FormatInt(c.Demandes[pageDemandes-1].Serie, 10))
		c.Suite = adresse("/demandes", suite)
	}
	if f.Apres != 0 {
		c.Debut = adresse("/demandes", base)
	}
	if c.Colonnes, err = s.colonnesChoisies(v); err != nil {
		return err
	}
	c.Offertes, c.Filtres = offrir(c.Colonnes), base.Encode()
	export := vu.valeurs()
	for _, x := range c.Colonnes {
		export.Add(parametreChoisi, x.cle)
	}
	c.CSV, c.XLSX = adresse("/demandes.csv", export), adresse("/demandes.xlsx", export)
	return s.rendre(v, http.StatusOK, "demandes", "Demandes", c)
}

func adresse(chemin string, q url.Values) string {
	if len(q) == 0 {
		return chemin
	}
	return chemin + "?" + q.Encode()
}

func (f filtreVu) valeurs() url.Values {
	q := url.Values{}
	for nom, t := range map[string]string{"q": f.Texte, "statut": f.Statut, "type": f.Type, "acteur": f.Acteur} {
		if t != "" {
			q.Set(nom, t)
		}
	}
	return q
}

// filtreDe reads the filters of a list, newest first; a value that means
// nothing is refused, never ignored.
func filtreDe(q url.Values) (f guichet.Filtre, vu filtreVu, err error) {
	vu = filtreVu{Texte: segur.Visible(q.Get("q"), 60), Statut: q.Get("statut"), Type: q.Get("type"), Acteur: q.Get("acteur")}
	f = guichet.Filtre{Texte: vu.Texte, Statut: guichet.Statut(vu.Statut), Type: segur.TypeDemande(vu.Type), Acteur: vu.Acteur, Decroissant: true}
	if _, ok := guichet.EtatDe(f.Statut); !ok && f.Statut != "" {
		return f, vu, illisible("Ce statut n’existe pas.")
	}
	if f.Type != "" && f.Type != segur.Avance && f.Type != segur.Solde {
		return f, vu, illisible("Le type vaut avance ou solde.")
	}
	if f.Acteur != "" {
		connu := false
		for _, x := range acteursFiltres() {
			connu = connu || x == f.Acteur
		}
		if !connu {
			return f, vu, illisible("Ce prochain acteur n’existe pas.")
		}
	}
	if t := q.Get("apres"); t != "" {
		if f.Apres, err = strconv.ParseInt(t, 10, 64); err != nil || f.Apres <= 0 {
			return f, vu, illisible("Cette page de la liste n’existe pas.")
		}
	}
	return f, vu, nil
}
