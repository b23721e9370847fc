package web

import (
	"errors"
	"net/http"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// corpsNouveauDepot is the deposit form, and the report of a file that control
// 1 refused.
type corpsNouveauDepot struct {
	Type      segur.TypeDemande
	Numeros   []guichet.NumeroAns
	NumeroAns string
	NomModele string // a file name of today, as an example
	Campagne  string
	Ouverte   bool
	Erreur    string
	Rapport   *rapportVu
}

func (s *serveur) nouveauDepot(v *visite) error {
	return s.formulaireDepot(v, http.StatusOK, corpsNouveauDepot{Type: segur.Avance})
}

// formulaireDepot fills in what the form always shows.
func (s *serveur) formulaireDepot(v *visite, statut int, c corpsNouveauDepot) error {
	_, ns, err := s.g.Fournisseur(v.r.Context(), v.a)
	if err != nil {
		return err
	}
	cs, err := s.g.Campagnes(v.r.Context())
	if err != nil {
		return err
	}
	for _, x := range cs {
		if x.Ouverte(s.g.Maintenant()) {
			c.Campagne, c.Ouverte = x.Libelle, true
			break
		}
	}
	c.Numeros = ns
	if len(ns) > 0 {
		c.NomModele = segur.NomFichier{NumeroAns: ns[0].Numero, Jour: s.g.Aujourdhui(), Numero: 1}.String()
	}
	return s.rendre(v, statut, "depot_nouveau", "Déposer un fichier", c)
}

// deposer takes a file. Refused as a whole, it comes back with every fault;
// else the page of the deposit says what became of each line.
func (s *serveur) deposer(v *visite) error {
	x, err := s.recevoir(v, segur.TailleMax)
	c := corpsNouveauDepot{Type: segur.Avance}
	if err != nil {
		phrase, _, ok := phraseDe(err)
		if !ok || guichet.GenreDe(err) == guichet.TropGros {
			return err
		}
		c.Erreur = phrase
		return s.formulaireDepot(v, statutDe(guichet.GenreDe(err)), c)
	}
	defer s.jeter(v, x)
	c.NumeroAns = x.champs.Get("numeroAns")
	if c.Type, err = typeLu(x.champs.Get("type")); err != nil {
		return err
	}
	b, err := x.contenu()
	if err != nil {
		return err
	}
	d, err := s.g.Deposer(v.r.Context(), v.a, guichet.NouveauDepot{Type: c.Type, NumeroAns: c.NumeroAns, NomFichier: x.nom, Contenu: b, Certificat: x.certificat}, guichet.Appel{})
	var controle *guichet.ErreurControle
	if errors.As(err, &controle) {
		c.Rapport = voirRapport(controle.Rapport, controle.Fichier, b)
		return s.formulaireDepot(v, http.StatusUnprocessableEntity, c)
	}
	if err != nil {
		return err
	}
	return v.aller("/depots/" + string(d.Depot.ID) + "?fait=depot")
}
