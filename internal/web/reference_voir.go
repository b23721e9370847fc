package web

import (
	"net/http"
	"strings"

	"guichet.example/segur"
)

// corpsReference is the format, field by field, from the rule set itself.
type corpsReference struct {
	Jeu      *segur.Jeu
	Sections []sectionVue
}

// sectionVue is one block of the format.
type sectionVue struct {
	Ancre, Titre, Aide string
	Champs             []*segur.Champ
}

func (s *serveur) reference(v *visite) error {
	t, err := typeLu(v.r.URL.Query().Get("type"))
	if err != nil {
		return err
	}
	j, err := s.g.JeuDuJour(t)
	if err != nil {
		return err
	}
	entete := sectionVue{Ancre: "entete", Titre: "En-tête du fichier", Aide: "Une faute ici refuse le fichier entier."}
	for i := range j.Entete {
		entete.Champs = append(entete.Champs, &j.Entete[i])
	}
	c := corpsReference{Jeu: j, Sections: []sectionVue{entete}}
	for _, b := range j.Blocs {
		x := sectionVue{Ancre: "demande", Titre: b.Titre, Aide: b.Aide}
		if b.Cle != "" {
			x.Ancre = b.Cle
		}
		for i := range j.Champs {
			if j.Champs[i].Bloc == b.Cle {
				x.Champs = append(x.Champs, &j.Champs[i])
			}
		}
		c.Sections = append(c.Sections, x)
	}
	return s.rendre(v, http.StatusOK, "reference", "Référence du format", c)
}

// corpsCodes is the catalogue of faults.
type corpsCodes struct {
	Cherche  string
	Familles []familleVue
	Nombre   int
}

type familleVue struct {
	Ancre, Titre string
	Entrees      []segur.Entree
}

// familles name the codes by their first digits.
var familles = []struct{ debut, titre string }{
	{"1", "Structure du fichier"}, {"20", "Demande"}, {"21", "Commande"}, {"22", "Certificats serveur"}, {"23", "Bénéficiaire"},
	{"24", "Pièces justificatives"}, {"25", "Scénario d’installation"}, {"26", "Traitement"}, {"3", "État du portail"}, {"9", "Avertissements"},
}

// catalogue lists every code once: of advances, of balances, of the portal.
func (s *serveur) catalogue() ([]segur.Entree, error) {
	var es []segur.Entree
	vus := map[segur.Code]bool{}
	for _, t := range []segur.TypeDemande{segur.Avance, segur.Solde} {
		j, err := s.g.JeuDuJour(t)
		if err != nil {
			return nil, err
		}
		for _, e := range j.Catalogue() {
			if !vus[e.Code] {
				vus[e.Code] = true
				es = append(es, e.Lisible())
			}
		}
	}
	for _, e := range segur.CataloguePortail() {
		if !vus[e.Code] {
			es = append(es, e.Lisible())
		}
	}
	return es, nil
}

func (s *serveur) codes(v *visite) error {
	es, err := s.catalogue()
	if err != nil {
		return err
	}
	c := corpsCodes{Cherche: segur.Visible(strings.TrimSpace(v.r.URL.Query().Get("q")), 80)}
	q := strings.ToLower(c.Cherche)
	for _, f := range familles {
		x := familleVue{Ancre: "f" + f.debut, Titre: f.titre}
		for _, e := range es {
			if strings.HasPrefix(e.Code.String(), f.debut) && strings.Contains(strings.ToLower(e.Code.String()+" "+e.Titre+" "+e.Balise+" "+e.Message), q) {
				x.Entrees = append(x.Entrees, e)
			}
		}
		if len(x.Entrees) > 0 {
			c.Familles, c.Nombre = append(c.Familles, x), c.Nombre+len(x.Entrees)
		}
	}
	return s.rendre(v, http.StatusOK, "codes", "Codes de contrôle", c)
}

// corpsCode is the page of one code.
type corpsCode struct {
	Entree segur.Entree
	Champ  *segur.Champ // the field it is about; nil = none
	Refuse string       // what it does, in words
}

func (s *serveur) code(v *visite) error {
	c, ok := segur.LireCode(v.r.PathValue("code"))
	if !ok {
		return inconnu("Un code compte quatre chiffres ; la liste est sur la page des codes.")
	}
	es, err := s.catalogue()
	if err != nil {
		return err
	}
	for _, e := range es {
		if e.Code == c {
			return s.rendre(v, http.StatusOK, "code", "Code "+e.Code.String(), s.corpsCode(e))
		}
	}
	return inconnu("Le code " + c.String() + " n’existe pas ; la liste est sur la page des codes.")
}

func (s *serveur) corpsCode(e segur.Entree) corpsCode {
	x := corpsCode{Entree: e, Refuse: "Cette faute refuse la demande ; les autres demandes du fichier ne sont pas touchées."}
	switch code := e.Code.String(); {
	case e.Gravite == segur.Avertissement:
		x.Refuse = "C’est un avertissement : il ne refuse rien."
	case code[0] == '1' || code >= "3001" && code < "3030":
		x.Refuse = "Cette faute refuse le fichier entier, au premier contrôle."
	}
	for _, t := range []segur.TypeDemande{segur.Avance, segur.Solde} {
		if j, err := s.g.JeuDuJour(t); err == nil && x.Champ == nil && e.Balise != "" {
			x.Champ, _ = j.Champ(e.Balise)
		}
	}
	return x
}

// corpsOperateurs is the search of operators.
type corpsOperateurs struct {
	Cherche    string
	Operateurs []segur.Operateur
	Total      int
}

func (s *serveur) operateurs(v *visite) error {
	c := corpsOperateurs{Cherche: segur.Visible(strings.TrimSpace(v.r.URL.Query().Get("q")), 80), Operateurs: segur.Operateurs()}
	c.Total = len(c.Operateurs)
	if c.Cherche != "" {
		c.Operateurs = segur.ChercherOperateurs(c.Cherche, c.Total)
	}
	return s.rendre(v, http.StatusOK, "operateurs", "Opérateurs de messagerie", c)
}
