package suivi

import (
	"strconv"
	"strings"

	"guichet.example/internal/atelier/registre"
	"guichet.example/internal/atelier/tableau"
	"guichet.example/segur"
)

// Table is the table of requests, the supplier's own columns at its end.
func Table(ls []Ligne) *tableau.Tableau {
	const m, n = tableau.Montant, tableau.Nombre
	t := &tableau.Tableau{Feuille: "Demandes", Colonnes: []tableau.Colonne{
		{Cle: "numeroEditeur", Titre: "Numéro"}, {Cle: "type", Titre: "Type"}, {Cle: "finess", Titre: "FINESS"}, {Cle: "statut", Titre: "Statut", Masse: true},
		{Cle: "libelleStatut", Titre: "Statut"}, {Cle: "prochainActeur", Titre: "À qui d’agir"}, {Cle: "echeance", Titre: "Avant le"},
		{Cle: "montantHT", Titre: "Montant HT", Genre: m}, {Cle: "base", Titre: "Base", Genre: m, Masse: true}, {Cle: "avance", Titre: "Avance", Genre: m}, {Cle: "solde", Titre: "Solde", Genre: m},
		{Cle: "numeroASP", Titre: "Numéro ASP"}, {Cle: "code", Titre: "Code", Masse: true}, {Cle: "libelle", Titre: "Réponse de l’agence", Masse: true},
		{Cle: "piecesManquantes", Titre: "Pièces manquantes", Masse: true}, {Cle: "fichier", Titre: "Fichier", Masse: true}, {Cle: "rang", Titre: "Rang", Genre: n, Masse: true},
		{Cle: "remplace", Titre: "Remplace", Masse: true}, {Cle: "remplaceePar", Titre: "Remplacée par", Masse: true}, {Cle: "source", Titre: "Source", Masse: true},
	}}
	extras := colonnesExtras(ls)
	for _, x := range extras {
		t.Colonnes = append(t.Colonnes, tableau.Colonne{Cle: x, Titre: x, Masse: true})
	}
	for i := range ls {
		l := &ls[i]
		cellules := []string{l.NumeroEditeur, string(l.Type), l.FINESSGeo, l.Etat.Statut, l.Etat.Libelle, l.ProchainActeur, l.Echeance,
			montant(l.Montants.HT), montant(l.Montants.Base), montant(l.Montants.Avance), montant(l.Montants.Solde), l.NumeroASP, l.Code, l.Libelle,
			strings.Join(l.Manquantes, " "), l.Depot.Fichier.Nom, strconv.Itoa(l.Rang), l.Remplace, l.RemplaceePar, source(l.Source)}
		t.Lignes = append(t.Lignes, append(cellules, valeursExtras(l.Extras, extras)...))
	}
	return t
}

// TableSoldables is the table of what can be claimed.
func TableSoldables(ss []Soldable, avecLimite bool) *tableau.Tableau {
	t := &tableau.Tableau{Feuille: "Soldes", Colonnes: []tableau.Colonne{
		{Cle: "numeroEditeur", Titre: "Numéro"}, {Cle: "numeroASP", Titre: "Numéro ASP"}, {Cle: "finess", Titre: "FINESS"}, {Cle: "soldable", Titre: "Soldable"},
		{Cle: "solde", Titre: "Solde", Genre: tableau.Montant}, {Cle: "bloque", Titre: "À qui d’agir"}, {Cle: "raison", Titre: "Pourquoi, ou que faire"},
	}}
	if avecLimite {
		t.Colonnes = append(t.Colonnes, tableau.Colonne{Cle: "joursRestants", Titre: "Jours restants", Genre: tableau.Nombre})
	}
	for i := range ss {
		s := &ss[i]
		oui := "non"
		if s.Oui {
			oui = "oui"
		}
		l := []string{s.NumeroEditeur, s.NumeroASP, s.FINESSGeo, oui, montant(s.Montants.Solde), s.Bloque, s.Raison}
		if avecLimite {
			l = append(l, strconv.Itoa(s.JoursRestants))
		}
		t.Lignes = append(t.Lignes, l)
	}
	return t
}

// montant is an amount as the table holds it; zero is a request whose money is
// not known.
func montant(m segur.Montant) string {
	if m == 0 {
		return ""
	}
	return m.String()
}

func source(s registre.Source) string {
	if s.Ligne == 0 {
		return s.Fichier
	}
	lieu := s.Fichier
	if s.Feuille != "" {
		lieu += ", feuille " + s.Feuille
	}
	return lieu + ", ligne " + strconv.Itoa(s.Ligne)
}

// colonnesExtras lists the supplier's own columns, in the order they come.
func colonnesExtras(ls []Ligne) []string {
	var noms []string
	vus := map[string]bool{}
	for i := range ls {
		for _, x := range ls[i].Extras {
			if !vus[x.Colonne] {
				vus[x.Colonne] = true
				noms = append(noms, x.Colonne)
			}
		}
	}
	return noms
}

func valeursExtras(xs []registre.Extra, colonnes []string) []string {
	vs := make([]string, len(colonnes))
	for i, c := range colonnes {
		for _, x := range xs {
			if x.Colonne == c {
				vs[i] = x.Valeur
			}
		}
	}
	return vs
}
