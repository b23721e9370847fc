package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// corpsRegles is the page of the rules to come.
type corpsRegles struct {
	Versions []guichet.FuturesVues
	Form     formulaireRegles
	Erreur   string
}

// formulaireRegles is a version as its form holds it.
type formulaireRegles struct {
	ID                            int64
	Libelle, Depuis, Type, Du, Au string
	Plafond, TVA, Part, Montants  string
	Durcis                        []choix // warnings that would refuse
	EnVigueur                     bool
}

// choixDurcis are the warnings of the control, those of a version ticked.
func choixDurcis(pris []segur.Code) (cs []choix) {
	vus := map[segur.Code]bool{}
	for _, t := range []segur.TypeDemande{segur.Avance, segur.Solde} {
		for _, e := range guichet.Durcissables(t) {
			if !vus[e.Code] {
				vus[e.Code] = true
				cs = append(cs, choix{Valeur: e.Code.String(), Texte: e.Code.String() + " – " + e.Titre, Coche: slices.Contains(pris, e.Code)})
			}
		}
	}
	return cs
}

// corpsTouchees is the requests that one version would hit.
type corpsTouchees struct {
	Version  *guichet.FuturesVues
	Touchees []guichet.Touchee
	Suite    string
	Form     formulaireRegles
	Erreur   string
}

const pageTouchees = 100

func (s *serveur) regles(v *visite) error {
	f := formulaireRegles{TVA: "20,00", Part: "30,00", Durcis: choixDurcis(nil)}
	cs, err := s.g.Campagnes(v.r.Context())
	if err != nil {
		return err
	}
	if len(cs) > 0 { // what is in force now is changed, not written again
		f.Plafond, f.TVA, f.Part = virgule(cs[0].Plafond.String()), taux(cs[0].Bareme.TVA), taux(cs[0].Bareme.PartAvance)
	}
	return s.pageRegles(v, http.StatusOK, f, "")
}

func (s *serveur) pageRegles(v *visite, statut int, f formulaireRegles, erreur string) error {
	vs, err := s.g.Futures(v.r.Context(), v.a)
	if err != nil {
		return err
	}
	return s.rendre(v, statut, "regles", "Règles à venir", corpsRegles{Versions: vs, Form: f, Erreur: erreur})
}

// numeroRegles reads the number in an address.
func numeroRegles(v *visite) (int64, error) {
	id, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, inconnu("Ces règles n’existent pas.")
	}
	return id, nil
}

func (s *serveur) touchees(v *visite) error {
	id, err := numeroRegles(v)
	if err != nil {
		return err
	}
	apres := int64(0)
	if t := v.r.URL.Query().Get("apres"); t != "" {
		if apres, err = strconv.ParseInt(t, 10, 64); err != nil || apres < 0 {
			return illisible("Cette page de la liste n’existe pas.")
		}
	}
	x, os, err := s.g.Touchees(v.r.Context(), v.a, id, apres, pageTouchees+1)
	if err != nil {
		return err
	}
	c := corpsTouchees{Version: x, Touchees: os, Form: formulaireDesRegles(&x.ReglesFutures)}
	if len(os) > pageTouchees {
		c.Touchees = os[:pageTouchees]
		c.Suite = "/regles/" + strconv.FormatInt(id, 10) + "?apres=" + strconv.FormatInt(os[pageTouchees-1].Serie, 10)
	}
	return s.rendre(v, http.StatusOK, "regles_touchees", "Règles à venir : "+x.Libelle, c)
}

func formulaireDesRegles(r *guichet.ReglesFutures) formulaireRegles {
	jour := func(j segur.Jour) string {
		if j.Nul() {
			return ""
		}
		return j.ISO()
	}
	f := formulaireRegles{ID: r.ID, Libelle: r.Libelle, Depuis: jour(r.Depuis), Type: string(r.Type), Du: jour(r.CommandeD), Au: jour(r.CommandeA),
		Plafond: virgule(r.Plafond.String()), TVA: taux(r.Bareme.TVA), Part: taux(r.Bareme.PartAvance), Durcis: choixDurcis(r.Durcis), EnVigueur: r.EnVigueur}
	var ms []string
	for _, m := range r.Montants {
		ms = append(ms, virgule(m.String()))
	}
	f.Montants = strings.Join(ms, " ; ")
	return f
}

// essayerRegles sets a version to run in the shadow, or takes one out.
func (s *serveur) essayerRegles(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	if t := v.champ("retirer"); t != "" {
		id, err := strconv.ParseInt(t, 10, 64)
		if err != nil {
			return inconnu("Ces règles n’existent pas.")
		}
		if err := s.g.RetirerFutures(v.r.Context(), v.a, id); err != nil {
			return err
		}
		return v.aller("/regles?fait=regles")
	}
	f := formulaireRegles{Libelle: v.champ("libelle"), Depuis: v.champ("depuis"), Type: v.champ("type"), Du: v.champ("du"), Au: v.champ("au"), Plafond: v.champ("plafond"), TVA: v.champ("tva"), Part: v.champ("part"), Montants: v.champ("montants")}
	var codes []segur.Code
	for _, t := range v.r.PostForm["durcis"] {
		c, ok := segur.LireCode(t)
		if !ok {
			return illisible("Ce code d’avertissement ne se lit pas.")
		}
		codes = append(codes, c)
	}
	f.Durcis, f.EnVigueur = choixDurcis(codes), v.champ("vigueur") != ""
	var err error
	if f.ID, err = strconv.ParseInt("0"+v.champ("id"), 10, 64); err != nil {
		return inconnu("Ces règles n’existent pas.")
	}
	r, err := reglesDe(&f)
	r.Durcis, r.EnVigueur = codes, f.EnVigueur
	if err == nil {
		err = s.g.ReglerFutures(v.r.Context(), v.a, r)
	}
	switch guichet.GenreDe(err) {
	case guichet.Invalide, guichet.Conflit:
		phrase, _, _ := phraseDe(err)
		return s.pageRegles(v, statutDe(guichet.GenreDe(err)), f, phrase)
	}
	if err != nil {
		return err
	}
	return v.aller("/regles?fait=regles")
}

// reglesDe reads the figures of the form; the service judges them.
func reglesDe(f *formulaireRegles) (guichet.ReglesFutures, error) {
	r := guichet.ReglesFutures{ID: f.ID, Libelle: f.Libelle, Type: segur.TypeDemande(f.Type)}
	var err error
	garder := func(e error) {
		if err == nil {
			err = e
		}
	}
	montant := func(nom, t string) segur.Montant {
		m, e := segur.LireMontant(montantSaisi(t))
		if e != nil {
			garder(invalide(nom + " vaut « " + segur.Visible(t, 40) + " » ; attendu : un nombre avec deux décimales, par exemple 708,33."))
		}
		return m
	}
	jour := func(t string) segur.Jour {
		j, e := jourLu(t)
		if e != nil {
			garder(e)
		}
		return j
	}
	r.Depuis, r.CommandeD, r.CommandeA = jour(f.Depuis), jour(f.Du), jour(f.Au)
	r.Plafond = montant("Le plafond", f.Plafond)
	r.Bareme = segur.Bareme{TVA: int(montant("La TVA", f.TVA)), PartAvance: int(montant("La part de l’avance", f.Part))}
	for t := range strings.SplitSeq(f.Montants, ";") {
		if t = strings.TrimSpace(t); t != "" {
			r.Montants = append(r.Montants, montant("Un montant de tranche", t))
		}
	}
	return r, err
}

// partTouchees is how many requests the export reads at once.
const partTouchees = 1000

// toucheesCSV streams the whole list for a spreadsheet.
func (s *serveur) toucheesCSV(v *visite) error {
	id, err := numeroRegles(v)
	if err != nil {
		return err
	}
	if _, _, err := s.g.Touchees(v.r.Context(), v.a, id, 0, 1); err != nil {
		return err
	}
	return s.rendreCSV(v, "regles-a-venir-"+strconv.FormatInt(id, 10), func(ligne func(...string) error) error {
		if err := ligne("numeroASP", "code", "raison", "fournisseur", "fichier", "ligne"); err != nil {
			return err
		}
		for apres := int64(0); ; {
			_, os, err := s.g.Touchees(v.r.Context(), v.a, id, apres, partTouchees)
			if err != nil {
				return err
			}
			for _, o := range os {
				apres = o.Serie
				for _, r := range o.Raisons {
					if err := ligne(string(o.NumeroASP), r.Code, r.Message, o.Fournisseur, o.Fichier, strconv.Itoa(o.Ligne)); err != nil {
						return err
					}
				}
			}
			if len(os) < partTouchees {
				return nil
			}
		}
	})
}
