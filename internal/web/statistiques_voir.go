package web

import (
	"net/http"
	"strconv"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// corpsStatistiques is the page of figures.
type corpsStatistiques struct {
	S            *guichet.Statistiques
	Du, Au       string
	Fournisseur  string
	Fournisseurs []guichet.Fournisseur
	Delais       []delaiVu
	Argent       []argentVu // by month and supplier
	Mois         graphiqueArgent
	Refus        []refusVu
	Rejets       []refusVu
	CSV          string
	Erreur       string
}

type delaiVu struct {
	Libelle, Acteur, Mediane, Neuf string
	Nombre                         int
}

type argentVu struct {
	Mois, Raison                    string
	Engage, Paye, Ordonne, Recouvre segur.Montant
}

// refusVu is one bar: a code with its count.
type refusVu struct {
	Code, Libelle string
	Nombre        int
	Largeur       int
}

// graphiqueArgent is a chart of four bars a month, already measured.
type graphiqueArgent struct {
	Largeur, Hauteur, Base int
	Mois                   []moisBarres
}

type moisBarres struct {
	Libelle string
	X       int
	Barres  []barreHaute
}

type barreHaute struct {
	Classe, Titre string
	X, Y, Hauteur int
}

// Measures of the charts.
const (
	moisLargeur = 96
	moisHaut    = 180 // the highest bar
	refusLongue = 320 // the longest bar
	moisParPage = 12  // shown when nothing is asked
)

func (s *serveur) statistiques(v *visite) error {
	p, c, err := s.periode(v)
	if err != nil {
		return err
	}
	if c.S, err = s.g.Statistiques(v.r.Context(), v.a, p); err != nil {
		if guichet.GenreDe(err) != guichet.Invalide {
			return err
		}
		c.Erreur, _, _ = phraseDe(err)
		return s.rendre(v, http.StatusUnprocessableEntity, "statistiques", "Statistiques", c)
	}
	c.remplir()
	return s.rendre(v, http.StatusOK, "statistiques", "Statistiques", c)
}

// periode reads the period of the address: the last twelve months when it says
// nothing.
func (s *serveur) periode(v *visite) (p guichet.Periode, c corpsStatistiques, err error) {
	q := v.r.URL.Query()
	p.Au = s.g.Aujourdhui()
	p.Du = segur.Jour{Annee: p.Au.Annee - 1, Mois: p.Au.Mois, Jour: 1}
	for nom, j := range map[string]*segur.Jour{"du": &p.Du, "au": &p.Au} {
		if t := q.Get(nom); t != "" {
			if *j, err = jourLu(t); err != nil {
				return p, c, err
			}
		}
	}
	if t := q.Get("fournisseur"); t != "" {
		n, e := strconv.ParseInt(t, 10, 64)
		if e != nil || n < 0 {
			return p, c, illisible("Ce fournisseur n’existe pas.")
		}
		p.FournisseurID = guichet.FournisseurID(n)
	}
	c.Du, c.Au, c.Fournisseur = p.Du.ISO(), p.Au.ISO(), q.Get("fournisseur")
	c.CSV = "du=" + c.Du + "&au=" + c.Au
	if p.FournisseurID != 0 {
		c.CSV += "&fournisseur=" + c.Fournisseur
	}
	return p, c, nil
}

func (c *corpsStatistiques) remplir() {
	c.Fournisseurs = c.S.Sources
	for _, d := range c.S.Delais {
		e, _ := guichet.EtatDe(d.Statut)
		acteur := nomRole(e.Acteur)
		if e.Acteur == guichet.Deposant {
			acteur = "Fournisseur"
		}
		c.Delais = append(c.Delais, delaiVu{e.Libelle, acteur, duree(d.Mediane), duree(d.Neuf), d.Nombre})
	}
	for _, x := range c.S.Mois {
		c.Argent = append(c.Argent, argentVu{moisFrancais(x.Mois), c.raison(x.FournisseurID), x.Engage, x.Paye, x.Ordonne, x.Recouvre})
	}
	c.Mois = graphiqueMois(c.S.Mois)
	c.Refus, c.Rejets = barresRefus(c.S.Refus, nomMotif), barresRefus(c.S.Rejets, func(string) string { return "" })
}

func (c *corpsStatistiques) raison(id guichet.FournisseurID) string {
	for i := range c.S.Sources {
		if c.S.Sources[i].ID == id {
			return c.S.Sources[i].RaisonSociale
		}
	}
	return "—"
}

// duree spells a delay in days and hours.
func duree(d time.Duration) string {
	h := int(d / time.Hour)
	switch {
	case h < 1:
		return "moins d’une heure"
	case h < 48:
		return accord(h, "heure", "heures")
	}
	return accord(h/24, "jour", "jours")
}

// moisFrancais spells a month, AAAA-MM, as people do.
func moisFrancais(m string) string {
	t, err := time.Parse("2006-01", m)
	if err != nil {
		return m
	}
	return t.Format("01/2006")
}

func barresRefus(rs []guichet.RefusCompte, nom func(string) string) (vs []refusVu) {
	for _, r := range rs {
		vs = append(vs, refusVu{r.Code, nom(r.Code), r.Nombre, max(3, r.Nombre*refusLongue/rs[0].Nombre)})
	}
	return vs
}

// graphiqueMois measures four bars a month: engaged, paid, ordered back, recovered. A month
// in which more was reversed than awarded has no bar of the first.
func graphiqueMois(xs []guichet.Argent) graphiqueArgent {
	var mois []guichet.Argent // suppliers together
	for _, x := range xs {
		if n := len(mois); n > 0 && mois[n-1].Mois == x.Mois {
			mois[n-1].Engage += x.Engage
			mois[n-1].Paye += x.Paye
			mois[n-1].Ordonne += x.Ordonne
			mois[n-1].Recouvre += x.Recouvre
			continue
		}
		mois = append(mois, x)
	}
	if len(mois) > 2*moisParPage {
		mois = mois[len(mois)-2*moisParPage:]
	}
	plus := segur.Montant(1)
	for _, m := range mois {
		plus = max(plus, m.Engage, m.Paye, m.Ordonne, m.Recouvre)
	}
	g := graphiqueArgent{Largeur: len(mois)*moisLargeur + 20, Hauteur: moisHaut + 50, Base: moisHaut + 20}
	for i, m := range mois {
		x := moisBarres{Libelle: moisFrancais(m.Mois), X: 10 + i*moisLargeur}
		for k, b := range []struct {
			classe, titre string
			m             segur.Montant
		}{{"engage", "engagé", m.Engage}, {"paye", "payé", m.Paye}, {"ordonne", "à recouvrer", m.Ordonne}, {"recouvre", "recouvré", m.Recouvre}} {
			h := max(0, int(b.m*moisHaut/plus))
			x.Barres = append(x.Barres, barreHaute{b.classe, x.Libelle + ", " + b.titre + " : " + b.m.Francais(), x.X + 2 + k*20, g.Base - h, h})
		}
		g.Mois = append(g.Mois, x)
	}
	return g
}

// statistiquesCSV is the same figures as open data: one line a figure.
func (s *serveur) statistiquesCSV(v *visite) error {
	p, c, err := s.periode(v)
	if err != nil {
		return err
	}
	if c.S, err = s.g.Statistiques(v.r.Context(), v.a, p); err != nil {
		return err
	}
	return s.rendreCSV(v, "statistiques-"+c.Du+"-"+c.Au, func(ligne func(...string) error) error {
		err := ligne("mesure", "mois", "fournisseur", "objet", "valeur", "unite")
		dire := func(cellules ...string) {
			if err == nil {
				err = ligne(cellules...)
			}
		}
		for _, x := range c.S.Mois {
			for _, y := range []struct {
				nom string
				m   segur.Montant
			}{{"engage", x.Engage}, {"paye", x.Paye}, {"recouvrement_ordonne", x.Ordonne}, {"recouvre", x.Recouvre}} {
				dire(y.nom, x.Mois, c.raison(x.FournisseurID), "", montantCSV(y.m), "EUR")
			}
		}
		for _, d := range c.S.Delais {
			dire("delai_nombre", "", "", string(d.Statut), strconv.Itoa(d.Nombre), "demandes")
			dire("delai_mediane", "", "", string(d.Statut), strconv.Itoa(int(d.Mediane/time.Hour)), "heures")
			dire("delai_9_sur_10", "", "", string(d.Statut), strconv.Itoa(int(d.Neuf/time.Hour)), "heures")
		}
		for _, r := range c.S.Refus {
			dire("refus", "", "", r.Code, strconv.Itoa(r.Nombre), "demandes")
		}
		for _, r := range c.S.Rejets {
			dire("rejet_au_depot", "", "", r.Code, strconv.Itoa(r.Nombre), "lignes")
		}
		return err
	})
}
