package store

import (
	"errors"

	"guichet.example/internal/guichet"
)

func (t *transaction) AjouterEvenement(e *guichet.Evenement) error {
	charge, err := texteJSON(e.Charge)
	if err != nil {
		return err
	}
	return t.inserer("evenement", "fournisseur_id, genre, objet, date, charge", "", [][]any{{int64(e.FournisseurID), string(e.Genre), e.Objet, instant(e.Date), charge}})
}

func (t *transaction) Evenements(f guichet.FournisseurID, apres int64, max int) (es []guichet.Evenement, err error) {
	err = t.tous("SELECT id, fournisseur_id, genre, objet, date, charge FROM evenement WHERE fournisseur_id = ? AND id > ? ORDER BY id LIMIT ?", []any{int64(f), apres, max}, func(scan func(...any) error) error {
		var e guichet.Evenement
		var date, charge string
		if err := scan(&e.ID, &e.FournisseurID, &e.Genre, &e.Objet, &date, &charge); err != nil {
			return err
		}
		var l lectures
		e.Date = l.instant(date)
		l.json(charge, &e.Charge)
		es = append(es, e)
		return l.err
	})
	return es, err
}

func (t *transaction) DernierEvenement() (n int64, err error) {
	err = t.un("SELECT COALESCE(MAX(id), 0) FROM evenement", nil, &n)
	return n, err
}

func (t *transaction) Avise(f guichet.FournisseurID) (n int64, err error) {
	err = t.un("SELECT jusqua FROM avise WHERE fournisseur_id = ?", []any{int64(f)}, &n)
	if errors.Is(err, guichet.ErrAbsent) {
		return 0, nil
	}
	return n, err
}

func (t *transaction) PoserAvise(f guichet.FournisseurID, jusqua int64) error {
	return t.inserer("avise", "fournisseur_id, jusqua", " ON CONFLICT (fournisseur_id) DO UPDATE SET jusqua = excluded.jusqua", [][]any{{int64(f), jusqua}})
}

const colonnesAbonnement = "fournisseur_id, url, scelle, actif, jusqua, cree"

func (t *transaction) abonnements(suite string, args ...any) (bs []guichet.Abonnement, err error) {
	err = t.tous("SELECT id, "+colonnesAbonnement+" FROM abonnement "+suite, args, func(scan func(...any) error) error {
		var b guichet.Abonnement
		var cree string
		if err := scan(&b.ID, &b.FournisseurID, &b.URL, &b.Scelle, &b.Actif, &b.Jusqua, &cree); err != nil {
			return err
		}
		var err error
		b.Cree, err = lireInstant(cree)
		bs = append(bs, b)
		return err
	})
	return bs, err
}

func (t *transaction) Abonnement(id guichet.AbonnementID) (*guichet.Abonnement, error) {
	bs, err := t.abonnements("WHERE id = ?", int64(id))
	if err == nil && len(bs) == 0 {
		err = guichet.ErrAbsent
	}
	if err != nil {
		return nil, err
	}
	return &bs[0], nil
}

func (t *transaction) Abonnements(f guichet.FournisseurID) ([]guichet.Abonnement, error) {
	return t.abonnements("WHERE fournisseur_id = ? AND actif ORDER BY id", int64(f))
}

func (t *transaction) AbonnementsTous() ([]guichet.Abonnement, error) {
	return t.abonnements("ORDER BY id")
}

func (t *transaction) PoserAbonnement(b *guichet.Abonnement) error {
	return t.poser("abonnement", colonnesAbonnement, []any{int64(b.FournisseurID), b.URL, b.Scelle, b.Actif, b.Jusqua, instant(b.Cree)}, (*int64)(&b.ID))
}

func (t *transaction) AjouterLivraison(l *guichet.Livraison) error {
	return t.inserer("livraison", "abonnement_id, date, premier, dernier, statut, erreur", "", [][]any{{int64(l.AbonnementID), instant(l.Date), l.Premier, l.Dernier, l.Statut, l.Erreur}})
}

func (t *transaction) Livraisons(a guichet.AbonnementID, max int) (ls []guichet.Livraison, err error) {
	err = t.tous("SELECT id, abonnement_id, date, premier, dernier, statut, erreur FROM livraison WHERE abonnement_id = ? ORDER BY id DESC LIMIT ?", []any{int64(a), max}, func(scan func(...any) error) error {
		var l guichet.Livraison
		var date string
		if err := scan(&l.ID, &l.AbonnementID, &date, &l.Premier, &l.Dernier, &l.Statut, &l.Erreur); err != nil {
			return err
		}
		var err error
		l.Date, err = lireInstant(date)
		ls = append(ls, l)
		return err
	})
	return ls, err
}
