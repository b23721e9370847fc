package store

import (
	"guichet.example/internal/guichet"
)

const colonnesFournisseur = "raison_sociale, siret, iban, bic, courriel, actif"

func lireFournisseur(scan func(...any) error) (f guichet.Fournisseur, err error) {
	err = scan(&f.ID, &f.RaisonSociale, &f.Siret, &f.IBAN, &f.BIC, &f.Courriel, &f.Actif)
	return f, err
}

func (t *transaction) Fournisseur(id guichet.FournisseurID) (*guichet.Fournisseur, error) {
	var f guichet.Fournisseur
	err := t.un("SELECT id, "+colonnesFournisseur+" FROM fournisseur WHERE id = ?", []any{int64(id)},
		&f.ID, &f.RaisonSociale, &f.Siret, &f.IBAN, &f.BIC, &f.Courriel, &f.Actif)
	return &f, err
}

func (t *transaction) Fournisseurs() (fs []guichet.Fournisseur, err error) {
	err = t.tous("SELECT id, "+colonnesFournisseur+" FROM fournisseur ORDER BY raison_sociale", nil, func(scan func(...any) error) error {
		f, err := lireFournisseur(scan)
		fs = append(fs, f)
		return err
	})
	return fs, err
}

func (t *transaction) PoserFournisseur(f *guichet.Fournisseur) error {
	return t.poser("fournisseur", colonnesFournisseur, []any{f.RaisonSociale, f.Siret, f.IBAN, f.BIC, f.Courriel, f.Actif}, (*int64)(&f.ID))
}

func (t *transaction) NumeroAns(numero string) (*guichet.NumeroAns, error) {
	var n guichet.NumeroAns
	err := t.un("SELECT numero, fournisseur_id, couloir, logiciel FROM numero_ans WHERE numero = ?", []any{numero}, &n.Numero, &n.FournisseurID, &n.Couloir, &n.Logiciel)
	return &n, err
}

func (t *transaction) NumerosAns(f guichet.FournisseurID) (ns []guichet.NumeroAns, err error) {
	err = t.tous("SELECT numero, fournisseur_id, couloir, logiciel FROM numero_ans WHERE fournisseur_id = ? ORDER BY numero", []any{int64(f)}, func(scan func(...any) error) error {
		var n guichet.NumeroAns
		err := scan(&n.Numero, &n.FournisseurID, &n.Couloir, &n.Logiciel)
		ns = append(ns, n)
		return err
	})
	return ns, err
}

func (t *transaction) PoserNumeroAns(n guichet.NumeroAns) error {
	return t.inserer("numero_ans", "numero, fournisseur_id, couloir, logiciel", " ON CONFLICT (numero) DO UPDATE SET fournisseur_id = excluded.fournisseur_id, couloir = excluded.couloir, logiciel = excluded.logiciel",
		[][]any{{n.Numero, int64(n.FournisseurID), n.Couloir, n.Logiciel}})
}

const colonnesCampagne = "libelle, couloir, logiciel, ouverture, fermeture, tva, part_avance, plafond, tranches, banniere"

func (t *transaction) Campagnes() (cs []guichet.Campagne, err error) {
	err = t.tous("SELECT id, "+colonnesCampagne+" FROM campagne ORDER BY ouverture DESC, id DESC", nil, func(scan func(...any) error) error {
		var c guichet.Campagne
		var ouverture, fermeture, tranches string
		if err := scan(&c.ID, &c.Libelle, &c.Couloir, &c.Logiciel, &ouverture, &fermeture, &c.Bareme.TVA, &c.Bareme.PartAvance, &c.Plafond, &tranches, &c.Banniere); err != nil {
			return err
		}
		var l lectures
		c.Ouverture, c.Fermeture = l.instant(ouverture), l.instant(fermeture)
		l.json(tranches, &c.Tranches)
		cs = append(cs, c)
		return l.err
	})
	return cs, err
}

func (t *transaction) PoserCampagne(c *guichet.Campagne) error {
	tranches, err := texteJSON(c.Tranches)
	if err != nil {
		return err
	}
	return t.poser("campagne", colonnesCampagne, []any{c.Libelle, c.Couloir, c.Logiciel, instant(c.Ouverture), instant(c.Fermeture), c.Bareme.TVA, c.Bareme.PartAvance, int64(c.Plafond), tranches, c.Banniere}, &c.ID)
}
