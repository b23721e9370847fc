package store

import (
	"time"

	"guichet.example/internal/guichet"
)

const colonnesTeleversement = "id, fournisseur_id, depot_id, nom, cle, taille, recu, cree, expire, fini"

func (t *transaction) televersements(suite string, args ...any) (vs []guichet.Televersement, err error) {
	err = t.tous("SELECT "+colonnesTeleversement+" FROM televersement "+suite, args, func(scan func(...any) error) error {
		var v guichet.Televersement
		var cree, expire string
		if err := scan(&v.ID, &v.FournisseurID, &v.DepotID, &v.Nom, &v.Cle, &v.Taille, &v.Recu, &cree, &expire, &v.Fini); err != nil {
			return err
		}
		var l lectures
		v.Cree, v.Expire = l.instant(cree), l.instant(expire)
		vs = append(vs, v)
		return l.err
	})
	return vs, err
}

func (t *transaction) Televersement(id guichet.TeleversementID) (*guichet.Televersement, error) {
	vs, err := t.televersements("WHERE id = ?", string(id))
	if err == nil && len(vs) == 0 {
		err = guichet.ErrAbsent
	}
	if err != nil {
		return nil, err
	}
	return &vs[0], nil
}

func (t *transaction) Televersements(f guichet.FournisseurID) ([]guichet.Televersement, error) {
	return t.televersements("WHERE fournisseur_id = ? ORDER BY cree, id", int64(f))
}

func (t *transaction) TeleversementsExpires(maintenant time.Time, max int) ([]guichet.Televersement, error) {
	return t.televersements("WHERE expire <= ? ORDER BY expire, id LIMIT ?", instant(maintenant), max)
}

func (t *transaction) AjouterTeleversement(v *guichet.Televersement) error {
	return t.inserer("televersement", colonnesTeleversement, "", [][]any{{string(v.ID), int64(v.FournisseurID), string(v.DepotID), v.Nom, v.Cle, v.Taille, v.Recu, instant(v.Cree), instant(v.Expire), v.Fini}})
}

func (t *transaction) MajTeleversement(v *guichet.Televersement) error {
	_, err := t.executer("UPDATE televersement SET recu = ?, expire = ?, fini = ? WHERE id = ?", v.Recu, instant(v.Expire), v.Fini, string(v.ID))
	return err
}

func (t *transaction) OterTeleversement(id guichet.TeleversementID) error {
	if _, err := t.executer("DELETE FROM televersement_tranche WHERE televersement_id = ?", string(id)); err != nil {
		return err
	}
	_, err := t.executer("DELETE FROM televersement WHERE id = ?", string(id))
	return err
}

func (t *transaction) AjouterTranche(id guichet.TeleversementID, x guichet.MorceauRecu) error {
	return t.inserer("televersement_tranche", "televersement_id, debut, taille, nom", "", [][]any{{string(id), x.Debut, x.Taille, x.Nom}})
}

func (t *transaction) TranchesDe(id guichet.TeleversementID) (xs []guichet.MorceauRecu, err error) {
	err = t.tous("SELECT debut, taille, nom FROM televersement_tranche WHERE televersement_id = ? ORDER BY debut", []any{string(id)}, func(scan func(...any) error) error {
		var x guichet.MorceauRecu
		err := scan(&x.Debut, &x.Taille, &x.Nom)
		xs = append(xs, x)
		return err
	})
	return xs, err
}
