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

const colonnesNumeroAns = "numero, fournisseur_id, couloir, logiciel, retire"

func lireNumeroAns(scan func(...any) error) (n guichet.NumeroAns, err error) {
	var retire string
	if err := scan(&n.Numero, &n.FournisseurID, &n.Couloir, &n.Logiciel, &retire); err != nil {
		return n, err
	}
	var l lectures
	n.Retire = l.jour(retire)
	return n, l.err
}

func (t *transaction) NumeroAns(numero string) (*guichet.NumeroAns, error) {
	ns, err := t.numerosAns("WHERE numero = ?", numero)
	if err == nil && len(ns) == 0 {
		err = guichet.ErrAbsent
	}
	if err != nil {
		return nil, err
	}
	return &ns[0], nil
}

func (t *transaction) NumerosAns(f guichet.FournisseurID) ([]guichet.NumeroAns, error) {
	return t.numerosAns("WHERE fournisseur_id = ? ORDER BY numero", int64(f))
}

func (t *transaction) numerosAns(suite string, args ...any) (ns []guichet.NumeroAns, err error) {
	err = t.tous("SELECT "+colonnesNumeroAns+" FROM numero_ans "+suite, args, func(scan func(...any) error) error {
		n, err := lireNumeroAns(scan)
		ns = append(ns, n)
		return err
	})
	return ns, err
}

func (t *transaction) PoserNumeroAns(n guichet.NumeroAns) error {
	return t.inserer("numero_ans", colonnesNumeroAns, " ON CONFLICT (numero) DO UPDATE SET fournisseur_id = excluded.fournisseur_id, couloir = excluded.couloir, logiciel = excluded.logiciel, retire = excluded.retire",
		[][]any{{n.Numero, int64(n.FournisseurID), n.Couloir, n.Logiciel, jour(n.Retire)}})
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
