package store

import (
	"strings"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

const colonnesCreance = "numero_asp, rang, fournisseur_id, montant, impute, rembourse, mode, echeance, cree"

func rangCreance(c *guichet.Creance) []any {
	return []any{string(c.NumeroASP), c.Rang, int64(c.FournisseurID), int64(c.Montant), int64(c.Impute), int64(c.Rembourse), string(c.Mode), jour(c.Echeance), instant(c.Cree)}
}

func (t *transaction) AjouterCreance(c *guichet.Creance) error {
	return t.poser("creance", colonnesCreance, rangCreance(c), (*int64)(&c.ID))
}

func (t *transaction) MajCreance(c *guichet.Creance) error {
	return t.poser("creance", colonnesCreance, rangCreance(c), (*int64)(&c.ID))
}

func (t *transaction) Creance(id guichet.CreanceID) (*guichet.Creance, error) {
	cs, err := t.creances("WHERE id = ?", int64(id))
	if err == nil && len(cs) == 0 {
		err = guichet.ErrAbsent
	}
	if err != nil {
		return nil, err
	}
	return &cs[0], nil
}

func (t *transaction) Creances(f guichet.FiltreCreance) ([]guichet.Creance, error) {
	cs, args := []string{"1 = 1"}, []any(nil)
	et := func(c string, v ...any) { cs, args = append(cs, c), append(args, v...) }
	if f.FournisseurID != 0 {
		et("fournisseur_id = ?", int64(f.FournisseurID))
	}
	if len(f.NumerosAns) > 0 {
		q, ns := parmi(f.NumerosAns)
		et("numero_asp IN (SELECT numero_asp FROM demande WHERE fournisseur_id = creance.fournisseur_id AND numero_ans "+q+")", ns...)
	}
	if f.NumeroASP != "" {
		et("numero_asp = ?", string(f.NumeroASP))
	}
	if f.Mode != "" {
		et("mode = ?", string(f.Mode))
	}
	if f.Ouvertes {
		et("montant > impute + rembourse")
	}
	if f.Lot != "" {
		et("id IN (SELECT creance_id FROM retenue WHERE lot_id = ?)", string(f.Lot))
	}
	q := "WHERE " + strings.Join(cs, " AND ") + " ORDER BY id"
	if f.Max > 0 {
		q += " LIMIT ?"
		args = append(args, f.Max)
	}
	return t.creances(q, args...)
}

func (t *transaction) creances(suite string, args ...any) (cs []guichet.Creance, err error) {
	err = t.tous("SELECT id, "+colonnesCreance+" FROM creance "+suite, args, func(scan func(...any) error) error {
		var c guichet.Creance
		var montant, impute, rembourse int64
		var echeance, cree string
		if err := scan(&c.ID, &c.NumeroASP, &c.Rang, &c.FournisseurID, &montant, &impute, &rembourse, &c.Mode, &echeance, &cree); err != nil {
			return err
		}
		var l lectures
		c.Montant, c.Impute, c.Rembourse = segur.Montant(montant), segur.Montant(impute), segur.Montant(rembourse)
		c.Echeance, c.Cree = l.jour(echeance), l.instant(cree)
		cs = append(cs, c)
		return l.err
	})
	return cs, err
}

func (t *transaction) AjouterRetenues(rs []guichet.Retenue) error {
	rangs := make([][]any, len(rs))
	for i, r := range rs {
		rangs[i] = []any{string(r.Lot), r.Rang, int64(r.CreanceID), int64(r.Montant)}
	}
	return t.inserer("retenue", "lot_id, rang, creance_id, montant", "", rangs)
}

func (t *transaction) RetenuesDuLot(id guichet.LotID) ([]guichet.Retenue, error) {
	return t.retenues("r.lot_id = ? ORDER BY r.rang, r.creance_id", string(id))
}

func (t *transaction) RetenuesDe(id guichet.CreanceID) ([]guichet.Retenue, error) {
	return t.retenues("r.creance_id = ? ORDER BY lot.serie, r.rang", int64(id))
}

func (t *transaction) retenues(suite string, args ...any) (rs []guichet.Retenue, err error) {
	err = t.tous("SELECT r.lot_id, r.rang, r.creance_id, r.montant, lot.statut, l.rejet FROM retenue r JOIN lot ON lot.id = r.lot_id JOIN lot_ligne l ON l.lot_id = r.lot_id AND l.rang = r.rang WHERE "+suite, args, func(scan func(...any) error) error {
		var r guichet.Retenue
		var montant int64
		var rejet string
		err := scan(&r.Lot, &r.Rang, &r.CreanceID, &montant, &r.Statut, &rejet)
		r.Montant, r.Annulee = segur.Montant(montant), rejet != ""
		rs = append(rs, r)
		return err
	})
	return rs, err
}

func (t *transaction) AjouterRemboursement(r *guichet.Remboursement) error {
	return t.inserer("remboursement", "creance_id, date, reference, montant, cree, par", "", [][]any{{int64(r.CreanceID), jour(r.Date), r.Reference, int64(r.Montant), instant(r.Cree), r.Par}})
}

func (t *transaction) Remboursements(id guichet.CreanceID) (rs []guichet.Remboursement, err error) {
	err = t.tous("SELECT date, reference, montant, cree, par FROM remboursement WHERE creance_id = ? ORDER BY id", []any{int64(id)}, func(scan func(...any) error) error {
		r := guichet.Remboursement{CreanceID: id}
		var date, cree string
		var montant int64
		if err := scan(&date, &r.Reference, &montant, &cree, &r.Par); err != nil {
			return err
		}
		var l lectures
		r.Date, r.Montant, r.Cree = l.jour(date), segur.Montant(montant), l.instant(cree)
		rs = append(rs, r)
		return l.err
	})
	return rs, err
}
