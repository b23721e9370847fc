package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// Sommes is the money that was paid, added up three times over.
type Sommes struct {
	Lots     segur.Montant // settled batches, less what the bank returned
	Demandes segur.Montant // what each request says it was paid
	Journal  segur.Montant // what the settlements say in the journal
}

// Accordees tells whether the three are one amount.
func (s Sommes) Accordees() bool { return s.Lots == s.Demandes && s.Demandes == s.Journal }

// sommer adds the money up within a reading.
func sommer(ctx context.Context, tx *sql.Tx) (s Sommes, err error) {
	for q, somme := range map[string]*segur.Montant{
		"SELECT CAST(COALESCE(SUM(l.montant), 0) AS BIGINT) FROM lot_ligne l JOIN lot ON lot.id = l.lot_id WHERE lot.statut = '" + string(guichet.LotRegle) + "' AND l.rejet = ''": &s.Lots,
		"SELECT CAST(COALESCE(SUM(verse), 0) AS BIGINT) FROM demande": &s.Demandes,
	} {
		var n int64
		if err := tx.QueryRowContext(ctx, q).Scan(&n); err != nil {
			return s, err
		}
		*somme = segur.Montant(n)
	}
	rs, err := tx.QueryContext(ctx, "SELECT numero, detail FROM journal WHERE acte = '"+string(guichet.ReglerLot)+"' AND resultat = 'fait'")
	if err != nil {
		return s, err
	}
	defer func() { _ = rs.Close() }() // Err tells what went wrong
	for rs.Next() {
		var numero int64
		var detail string
		if err := rs.Scan(&numero, &detail); err != nil {
			return s, err
		}
		texte, _, _ := strings.Cut(detail, " ")
		m, err := segur.LireMontant(texte)
		if err != nil {
			return s, fmt.Errorf("entrée %d du journal : %w", numero, err)
		}
		s.Journal += m
	}
	return s, rs.Err()
}
