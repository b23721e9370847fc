package web

import (
	"net/url"
	"slices"
	"strings"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// colonne is one column of the list of requests and of its exports: a text or
// an amount.
type colonne struct {
	cle     string // in addresses and in what is remembered
	titre   string // in exports
	entete  string // on the page
	texte   func(*demandeVue) string
	montant func(*demandeVue) segur.Montant
}

// colonnes are all of them, in order. The first is there always.
func colonnes() []colonne {
	texte := func(cle, titre, entete string, f func(*demandeVue) string) colonne {
		return colonne{cle, titre, entete, f, nil}
	}
	montant := func(cle, titre, entete string, f func(*guichet.Montants) segur.Montant) colonne {
		return colonne{cle, titre, entete, nil, func(d *demandeVue) segur.Montant { return f(&d.Montants) }}
	}
	return []colonne{
		texte(colonneNumero, "numeroASP", "Numéro ASP", func(d *demandeVue) string { return string(d.NumeroASP) }),
		texte("statut", "statut", "Statut", func(d *demandeVue) string { return d.Statut.Libelle() }),
		texte("editeur", "numeroEditeur", "Nº éditeur", func(d *demandeVue) string { return d.NumeroEditeur }),
		texte("type", "type", "Type", func(d *demandeVue) string { return string(d.Type) }),
		texte("acteur", "prochain acteur", "À qui d’agir", func(d *demandeVue) string { return d.Acteur }),
		texte("echeance", "échéance", "Échéance", func(d *demandeVue) string { return jourOuVide(d.Echeance) }),
		texte("finess", "FINESS", "FINESS", func(d *demandeVue) string { return d.Finess }),
		texte("ans", "numeroAns", "Numéro ANS", func(d *demandeVue) string { return d.NumeroAns }),
		texte("commande", "date de commande", "Commande du", func(d *demandeVue) string { return jourOuVide(d.DateCommande) }),
		{"montant", "montant demandé", "Montant", nil, func(d *demandeVue) segur.Montant { return d.APayer() }},
		montant("ht", "montant HT", "Montant HT", func(m *guichet.Montants) segur.Montant { return m.HT }),
		montant("base", "base", "Base", func(m *guichet.Montants) segur.Montant { return m.Base }),
		montant("avance", "avance", "Avance", func(m *guichet.Montants) segur.Montant { return m.Avance }),
		montant("solde", "solde", "Solde", func(m *guichet.Montants) segur.Montant { return m.Solde }),
		montant("verse", "versé", "Versé", func(m *guichet.Montants) segur.Montant { return m.Verse }),
		texte("avance-liee", "avance liée", "Avance liée", func(d *demandeVue) string { return string(d.Avance) }),
		texte("manquantes", "pièces manquantes", "Ce qui manque", func(d *demandeVue) string { return strings.Join(d.Manquantes, " ") }),
	}
}

const (
	colonneNumero   = "numero"
	sujetColonnes   = "demandes.colonnes"
	colonnesPreset  = "numero editeur type statut acteur echeance montant manquantes"
	parametreChoisi = "colonnes"
)

// Cle, Entete and Chiffres are what the template reads of a column.
func (c colonne) Cle() string { return c.cle }

// Entete is the heading of the column.
func (c colonne) Entete() string { return c.entete }

// Chiffres tells a column that is set to the right.
func (c colonne) Chiffres() bool { return c.montant != nil }

// Cellule is the value of a request as the page spells it; "—" for none.
func (c colonne) Cellule(d demandeVue) string {
	if c.montant != nil {
		return c.montant(&d).Francais()
	}
	if t := c.texte(&d); t != "" {
		return t
	}
	return "—"
}

// choisir keeps the columns of these keys, in their own order, and the first
// always; a key that means nothing is passed over: it may be of another version.
func choisir(cles []string) []colonne {
	var cs []colonne
	for _, c := range colonnes() {
		if c.cle == colonneNumero || slices.Contains(cles, c.cle) {
			cs = append(cs, c)
		}
	}
	return cs
}

// colonnesChoisies are those that the address names, else those that the
// person chose before, else those preset.
func (s *serveur) colonnesChoisies(v *visite) ([]colonne, error) {
	if cles := v.r.URL.Query()[parametreChoisi]; len(cles) > 0 {
		return choisir(cles), nil
	}
	valeur, err := s.g.Preference(v.r.Context(), v.a, sujetColonnes)
	if err != nil {
		return nil, err
	}
	if valeur == "" {
		valeur = colonnesPreset
	}
	return choisir(strings.Fields(valeur)), nil
}

// choisirColonnes remembers the columns that a person wants, and goes back to
// the list with its filters.
func (s *serveur) choisirColonnes(v *visite) error {
	if err := v.saisie(); err != nil {
		return err
	}
	var cles []string
	if v.champ("choix") != "preset" {
		for _, c := range choisir(v.r.PostForm[parametreChoisi]) {
			cles = append(cles, c.cle)
		}
	}
	if err := s.g.Preferer(v.r.Context(), v.a, sujetColonnes, strings.Join(cles, " ")); err != nil {
		return err
	}
	q, err := url.ParseQuery(v.champ("filtres"))
	if err != nil {
		return illisible("Les filtres de la liste ne se lisent plus. Revenez à la page des demandes.")
	}
	_, vu, err := filtreDe(q)
	if err != nil {
		return err
	}
	return v.aller(adresse("/demandes", vu.valeurs()))
}

// colonneOfferte is a box of the form of columns.
type colonneOfferte struct {
	Cle, Entete string
	Coche       bool
}

// offrir lists the columns that can be chosen.
func offrir(choisies []colonne) []colonneOfferte {
	var os []colonneOfferte
	for _, c := range colonnes()[1:] {
		os = append(os, colonneOfferte{c.cle, c.entete, slices.ContainsFunc(choisies, func(x colonne) bool { return x.cle == c.cle })})
	}
	return os
}
