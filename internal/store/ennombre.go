package store

import (
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"guichet.example/internal/guichet"
)

// parEnvoi is how many statements go to PostgreSQL without waiting for the
// answer of each.
const parEnvoi = 500

// changerTous updates one row for each list of arguments. PostgreSQL gets them
// in one go: each would cost the way there and back; SQLite is no way off.
func (t *transaction) changerTous(q string, rangs [][]any) error {
	c, ecrit := t.q.(*sql.Conn)
	if !t.d.numerote || !ecrit {
		for _, r := range rangs {
			if err := t.changer(q, r...); err != nil {
				return err
			}
		}
		return nil
	}
	for len(rangs) > 0 {
		n := min(len(rangs), parEnvoi)
		lot := &pgx.Batch{}
		for _, r := range rangs[:n] {
			lot.Queue(t.d.texte(q), r...)
		}
		if err := c.Raw(func(pilote any) error { return t.envoyer(pilote, lot) }); err != nil {
			return err
		}
		rangs = rangs[n:]
	}
	return nil
}

func (t *transaction) envoyer(pilote any, lot *pgx.Batch) error {
	p, ok := pilote.(*stdlib.Conn)
	if !ok {
		return errors.New("store: the connection is none of pgx")
	}
	reponses := p.Conn().SendBatch(t.ctx, lot)
	var err error
	for range lot.Len() {
		r, errUn := reponses.Exec()
		if errUn == nil && r.RowsAffected() == 0 {
			errUn = guichet.ErrAbsent
		}
		if err = errUn; err != nil {
			break
		}
	}
	return errors.Join(err, reponses.Close())
}

// DemandesNommees implements [guichet.EnNombre].
func (t *transaction) DemandesNommees(ns []guichet.NumeroASP) (map[guichet.NumeroASP]*guichet.Demande, error) {
	m := make(map[guichet.NumeroASP]*guichet.Demande, len(ns))
	var series []int64
	for _, n := range ns {
		if serie, ok := n.Serie(); ok {
			series = append(series, serie)
		}
	}
	for len(series) > 0 {
		k := min(len(series), parLecture)
		q, args := parmi(series[:k])
		ds, err := t.demandes("serie "+q, args...)
		if err != nil {
			return nil, err
		}
		for i := range ds {
			m[ds[i].NumeroASP] = &ds[i]
		}
		series = series[k:]
	}
	return m, nil
}

// MetiersSur implements [guichet.EnNombre].
func (t *transaction) MetiersSur(ns []guichet.NumeroASP, c guichet.CompteID) (map[guichet.NumeroASP][]guichet.Role, error) {
	m := map[guichet.NumeroASP][]guichet.Role{}
	for len(ns) > 0 {
		k := min(len(ns), parLecture)
		textes := make([]string, k)
		for i := range textes {
			textes[i] = string(ns[i])
		}
		q, args := parmi(textes)
		err := t.tous("SELECT DISTINCT numero_asp, metier FROM passage WHERE numero_asp "+q+" AND compte_id = ? ORDER BY numero_asp, metier", append(args, int64(c)), func(scan func(...any) error) error {
			var n guichet.NumeroASP
			var r guichet.Role
			err := scan(&n, &r)
			m[n] = append(m[n], r)
			return err
		})
		if err != nil {
			return nil, err
		}
		ns = ns[k:]
	}
	return m, nil
}

// MajDemandes implements [guichet.EnNombre].
func (t *transaction) MajDemandes(ds []*guichet.Demande) error {
	rangs := make([][]any, len(ds))
	for i, d := range ds {
		r, err := rangMaj(d)
		if err != nil {
			return err
		}
		rangs[i] = r
	}
	return t.changerTous(majDemande, rangs)
}
