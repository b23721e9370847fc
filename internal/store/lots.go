package store

import (
	"strings"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

const colonnesLot = "id, statut, prepare_par, approuve_par, total, empreinte, cree, approuve, regle"

func (t *transaction) AjouterLot(l *guichet.Lot) error {
	serie, err := t.Suivant("lot", 1)
	if err != nil {
		return err
	}
	if err := t.inserer("lot", colonnesLot+", serie", "", [][]any{{string(l.ID), string(l.Statut), int64(l.PreparePar), int64(l.ApprouvePar), int64(l.Total), l.Empreinte, instant(l.Cree), instant(l.Approuve), jour(l.Regle), serie}}); err != nil {
		return err
	}
	rangs := make([][]any, len(l.Lignes))
	for i, x := range l.Lignes {
		rangs[i] = []any{string(l.ID), i + 1, string(x.NumeroASP), int64(x.Montant), int64(x.Retenue), x.Rejet}
	}
	return t.inserer("lot_ligne", "lot_id, rang, numero_asp, montant, retenue, rejet", "", rangs)
}

func lireLot(scan func(...any) error) (l guichet.Lot, err error) {
	var cree, approuve, regle string
	if err := scan(&l.ID, &l.Statut, &l.PreparePar, &l.ApprouvePar, &l.Total, &l.Empreinte, &cree, &approuve, &regle); err != nil {
		return l, err
	}
	var le lectures
	l.Cree, l.Approuve, l.Regle = le.instant(cree), le.instant(approuve), le.jour(regle)
	return l, le.err
}

func (t *transaction) Lot(id guichet.LotID) (*guichet.Lot, error) {
	ls, err := t.lots("WHERE id = ?", string(id))
	if err == nil && len(ls) == 0 {
		err = guichet.ErrAbsent
	}
	if err != nil {
		return nil, err
	}
	l := &ls[0]
	l.Lignes, err = t.lignesLot("WHERE lot_id = ? ORDER BY rang", string(id))
	return l, err
}

func (t *transaction) lignesLot(suite string, args ...any) (ls []guichet.LigneLot, err error) {
	err = t.tous("SELECT numero_asp, montant, retenue, rejet FROM lot_ligne "+suite, args, func(scan func(...any) error) error {
		var x guichet.LigneLot
		var montant, retenue int64
		err := scan(&x.NumeroASP, &montant, &retenue, &x.Rejet)
		x.Montant, x.Retenue = segur.Montant(montant), segur.Montant(retenue)
		ls = append(ls, x)
		return err
	})
	return ls, err
}

func (t *transaction) LignesReglees(id guichet.LotID, f guichet.FournisseurID) ([]guichet.LigneLot, error) {
	return t.lignesLot("WHERE lot_id = ? AND rejet = '' AND numero_asp IN (SELECT numero_asp FROM demande WHERE lot_id = ? AND fournisseur_id = ?) ORDER BY rang", string(id), string(id), int64(f))
}

func (t *transaction) LotsDe(n guichet.NumeroASP) (ids []guichet.LotID, err error) {
	err = t.tous("SELECT lot.id FROM lot_ligne l JOIN lot ON lot.id = l.lot_id WHERE l.numero_asp = ? ORDER BY lot.serie", []any{string(n)}, func(scan func(...any) error) error {
		var id guichet.LotID
		err := scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

func (t *transaction) LotDOrdre(ordre string) (id guichet.LotID, err error) {
	debut, ok := strings.CutPrefix(ordre, "LOT-")
	if !ok || debut == "" {
		return "", guichet.ErrAbsent
	}
	err = t.un("SELECT id FROM lot WHERE SUBSTR(id, 1, 24) = ?", []any{debut}, &id)
	return id, err
}

func (t *transaction) lots(suite string, args ...any) (ls []guichet.Lot, err error) {
	err = t.tous("SELECT "+colonnesLot+" FROM lot "+suite, args, func(scan func(...any) error) error {
		l, err := lireLot(scan)
		ls = append(ls, l)
		return err
	})
	return ls, err
}

func (t *transaction) Lots(max int) ([]guichet.Lot, error) {
	return t.lots("ORDER BY serie DESC LIMIT ?", max)
}

func (t *transaction) LotsRegles(f guichet.FournisseurID) ([]guichet.Lot, error) {
	return t.lots("WHERE statut = ? AND id IN (SELECT lot_id FROM demande WHERE fournisseur_id = ? AND lot_id <> '') ORDER BY serie DESC", string(guichet.LotRegle), int64(f))
}

func (t *transaction) MajLot(l *guichet.Lot) error {
	if _, err := t.executer("UPDATE lot SET statut = ?, approuve_par = ?, approuve = ?, regle = ? WHERE id = ?", string(l.Statut), int64(l.ApprouvePar), instant(l.Approuve), jour(l.Regle), string(l.ID)); err != nil {
		return err
	}
	for i, x := range l.Lignes {
		if x.Rejet == "" {
			continue
		}
		if _, err := t.executer("UPDATE lot_ligne SET rejet = ? WHERE lot_id = ? AND rang = ?", x.Rejet, string(l.ID), i+1); err != nil {
			return err
		}
	}
	return nil
}

func (t *transaction) Virement(id guichet.LotID) (b []byte, err error) {
	err = t.un("SELECT fichier FROM lot_virement WHERE lot_id = ?", []any{string(id)}, &b)
	return b, err
}

func (t *transaction) PoserVirement(id guichet.LotID, b []byte) error {
	return t.inserer("lot_virement", "lot_id, fichier", "", [][]any{{string(id), b}})
}
