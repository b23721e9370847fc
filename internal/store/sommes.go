package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// Sommes is the money of the portal, each kind of it added up several times
// over, from places that do not know of each other.
type Sommes struct {
	Lots     segur.Montant // settled batches, less what the bank returned
	Demandes segur.Montant // what each request says it was paid
	Journal  segur.Montant // what the settlements say in the journal

	Retenues        segur.Montant // kept back in settled batches
	RetenuesJournal segur.Montant
	Imputees        segur.Montant // what claims say is kept back, settled or not
	ImputeesLots    segur.Montant // what lines of batches keep back
	ImputeesDetail  segur.Montant // line by line and claim by claim

	Ordonnees        segur.Montant // recoveries, as claims
	OrdonneesJournal segur.Montant

	Remboursees           segur.Montant // as claims say
	RemboursementsListe   segur.Montant // as noted one by one
	RemboursementsJournal segur.Montant // in the journal

	Faussees int64 // batches whose total is not that of their lines, claims below 0
}

// Ecarts says in French what does not agree; nil = everything does.
func (s Sommes) Ecarts() (es []string) {
	meme := func(quoi string, lieux string, ms ...segur.Montant) {
		for _, m := range ms[1:] {
			if m != ms[0] {
				textes := make([]any, len(ms))
				for i, m := range ms {
					textes[i] = m.Francais()
				}
				es = append(es, fmt.Sprintf(quoi+" ne s’accordent pas : "+lieux, textes...))
				return
			}
		}
	}
	meme("les sommes payées", "%s selon les lots réglés, %s selon les demandes, %s selon le journal", s.Lots, s.Demandes, s.Journal)
	meme("les sommes retenues", "%s selon les lots réglés, %s selon le journal", s.Retenues, s.RetenuesJournal)
	meme("les retenues", "%s selon les recouvrements, %s selon les lots, %s selon leur détail", s.Imputees, s.ImputeesLots, s.ImputeesDetail)
	meme("les recouvrements", "%s selon leur liste, %s selon le journal", s.Ordonnees, s.OrdonneesJournal)
	meme("les remboursements", "%s selon les recouvrements, %s selon leur liste, %s selon le journal", s.Remboursees, s.RemboursementsListe, s.RemboursementsJournal)
	if s.Faussees > 0 {
		es = append(es, fmt.Sprintf("%d lots ou recouvrements ont un total qui n’est pas celui de leurs lignes", s.Faussees))
	}
	return es
}

// sommer adds the money up within a reading.
func sommer(ctx context.Context, tx *sql.Tx) (s Sommes, err error) {
	const regle = "lot.statut = '" + string(guichet.LotRegle) + "' AND l.rejet = ''"
	for q, somme := range map[string]*segur.Montant{
		"SUM(l.montant) %s FROM lot_ligne l JOIN lot ON lot.id = l.lot_id WHERE " + regle:                                 &s.Lots,
		"SUM(l.retenue) %s FROM lot_ligne l JOIN lot ON lot.id = l.lot_id WHERE " + regle:                                 &s.Retenues,
		"SUM(retenue) %s FROM lot_ligne WHERE rejet = ''":                                                                 &s.ImputeesLots,
		"SUM(r.montant) %s FROM retenue r JOIN lot_ligne l ON l.lot_id = r.lot_id AND l.rang = r.rang WHERE l.rejet = ''": &s.ImputeesDetail,
		"SUM(verse) %s FROM demande":         &s.Demandes,
		"SUM(impute) %s FROM creance":        &s.Imputees,
		"SUM(montant) %s FROM creance":       &s.Ordonnees,
		"SUM(rembourse) %s FROM creance":     &s.Remboursees,
		"SUM(montant) %s FROM remboursement": &s.RemboursementsListe,
	} {
		q = "SELECT CAST(COALESCE(" + strings.Replace(q, " %s", ", 0) AS BIGINT)", 1)
		var n int64
		if err := tx.QueryRowContext(ctx, q).Scan(&n); err != nil {
			return s, err
		}
		*somme = segur.Montant(n)
	}
	const fausses = `SELECT (SELECT COUNT(*) FROM creance WHERE montant < impute + rembourse OR impute < 0 OR rembourse < 0)
		+ (SELECT COUNT(*) FROM lot_ligne WHERE retenue < 0 OR retenue > montant)
		+ (SELECT COUNT(*) FROM lot WHERE total <> (SELECT SUM(montant - retenue) FROM lot_ligne l WHERE l.lot_id = lot.id))`
	if err := tx.QueryRowContext(ctx, fausses).Scan(&s.Faussees); err != nil {
		return s, err
	}
	return s, sommerJournal(ctx, tx, &s)
}

// sommerJournal adds up what the entries about money begin with, and what
// settlements say that they kept back.
func sommerJournal(ctx context.Context, tx *sql.Tx, s *Sommes) error {
	sommes := map[guichet.Action]*segur.Montant{guichet.ReglerLot: &s.Journal, guichet.Recouvrer: &s.OrdonneesJournal, guichet.Rembourser: &s.RemboursementsJournal}
	rs, err := tx.QueryContext(ctx, "SELECT numero, acte, detail FROM journal WHERE acte IN ('regler', 'recouvrer', 'rembourser') AND resultat = 'fait'")
	if err != nil {
		return err
	}
	defer func() { _ = rs.Close() }() // Err tells what went wrong
	for rs.Next() {
		var numero int64
		var acte guichet.Action
		var detail string
		if err := rs.Scan(&numero, &acte, &detail); err != nil {
			return err
		}
		texte, _, _ := strings.Cut(detail, " ")
		m, err := segur.LireMontant(texte)
		if err != nil {
			return fmt.Errorf("entrée %d du journal : %w", numero, err)
		}
		*sommes[acte] += m
		if _, retenue, ok := strings.Cut(detail, " ; retenue "); ok && acte == guichet.ReglerLot {
			if m, err = segur.LireMontant(retenue); err != nil {
				return fmt.Errorf("entrée %d du journal : %w", numero, err)
			}
			s.RetenuesJournal += m
		}
	}
	return rs.Err()
}
