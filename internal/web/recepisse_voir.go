package web

import (
	"strings"

	"guichet.example/internal/guichet"
	"guichet.example/internal/lettre"
)

// recepisse is the receipt of a deposit, as a page or, at an address that ends
// in ".pdf", as PDF.
func (s *serveur) recepisse(v *visite) error {
	r, err := s.g.Recepisse(v.r.Context(), v.a, guichet.DepotID(v.r.PathValue("id")))
	if err != nil {
		return err
	}
	d, err := s.documentRecepisse(r)
	if err != nil {
		return err
	}
	return s.rendreLettre(v, d, "recepisse-"+string(r.Depot.ID), strings.HasSuffix(v.r.URL.Path, ".pdf"))
}

func (s *serveur) documentRecepisse(r *guichet.Recepisse) (*lettre.Document, error) {
	numeros := map[int]string{}
	for i := range r.Demandes {
		numeros[r.Demandes[i].Rang] = string(r.Demandes[i].NumeroASP)
	}
	j, err := s.g.JeuDuJour(r.Depot.Type)
	if err != nil {
		return nil, err
	}
	x, err := relireRapport(r.Depot.Rapport, j, numeros)
	if err != nil {
		return nil, err
	}
	d := lettre.Depot{ID: string(r.Depot.ID), Type: r.Depot.Type, NumeroAns: r.Depot.NumeroAns, NomFichier: r.Depot.NomFichier, Taille: r.Depot.Taille, SHA256: r.Depot.SHA256,
		RecuLe: r.Depot.Date.In(s.o.Zone), Deposant: r.Deposant, Regles: x.Regles.ID + ", version " + x.Regles.Version, EmpreinteRegles: x.Regles.Empreinte,
		Entree: r.Entree.Numero, Empreinte: r.Entree.Empreinte}
	for _, l := range x.Demandes {
		d.Lignes = append(d.Lignes, lettre.LigneDepot{Rang: l.Rang, NumeroEditeur: l.NumeroEditeur, NumeroASP: l.NumeroASP, Code: l.Code, Libelle: l.Libelle})
	}
	return lettre.Recepisse(s.cadreLettre(r.Fournisseur, r.Depot.Date, "DEP-"+d.ID, ""), d)
}
