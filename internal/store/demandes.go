package store

import (
	"encoding/json"
	"strings"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

const colonnesDemande = "serie, numero_asp, depot_id, rang, fournisseur_id, numero_ans, siret, type, numero_editeur, statut, acteur, champs, ht, base, avance, solde, verse, avance_asp, finess, carte, date_commande, tranche, etat, lot_id, echeance, cree, modifie"

// etat is what of a request no query looks at.
type etat struct {
	Verifications map[string]string     `json:"verifications,omitempty"`
	RefusPropose  []string              `json:"refusPropose,omitempty"`
	Modification  *guichet.Modification `json:"modification,omitempty"`
	Decision      *guichet.Decision     `json:"decision,omitempty"`
	Audit         *guichet.Audit        `json:"audit,omitempty"`
}

func rangDemande(d *guichet.Demande) ([]any, error) {
	e, err := texteJSON(etat{d.Verifications, d.RefusPropose, d.Modification, d.Decision, d.Audit})
	if err != nil {
		return nil, err
	}
	m := &d.Montants
	return []any{d.Serie, string(d.NumeroASP), string(d.DepotID), d.Rang, int64(d.FournisseurID), d.NumeroAns, d.Siret, string(d.Type), d.NumeroEditeur, string(d.Statut), d.ProchainActeur(), texteChamps(d.Champs),
		int64(m.HT), int64(m.Base), int64(m.Avance), int64(m.Solde), int64(m.Verse), string(d.Avance), d.Finess, d.Carte, jour(d.DateCommande), d.Tranche, e, string(d.LotID), jour(d.Echeance), instant(d.Cree), instant(d.Modifie)}, nil
}

func lireDemande(scan func(...any) error) (d guichet.Demande, err error) {
	var acteur, champs, date, e, echeance, cree, modifie string
	m := &d.Montants
	if err := scan(&d.Serie, &d.NumeroASP, &d.DepotID, &d.Rang, &d.FournisseurID, &d.NumeroAns, &d.Siret, &d.Type, &d.NumeroEditeur, &d.Statut, &acteur, &champs,
		&m.HT, &m.Base, &m.Avance, &m.Solde, &m.Verse, &d.Avance, &d.Finess, &d.Carte, &date, &d.Tranche, &e, &d.LotID, &echeance, &cree, &modifie); err != nil {
		return d, err
	}
	var l lectures
	var x etat
	var brut map[string]json.RawMessage
	l.json(champs, &brut)
	d.Champs = make(guichet.Champs, len(brut))
	for k, v := range brut {
		d.Champs[k] = string(v)
	}
	l.json(e, &x)
	d.Verifications, d.RefusPropose, d.Modification, d.Decision, d.Audit = x.Verifications, x.RefusPropose, x.Modification, x.Decision, x.Audit
	d.DateCommande, d.Echeance, d.Cree, d.Modifie = l.jour(date), l.jour(echeance), l.instant(cree), l.instant(modifie)
	return d, l.err
}

// texteChamps spells the values of a request as one JSON object: each is JSON
// text already.
func texteChamps(c guichet.Champs) string {
	b := make([]byte, 0, 2048)
	for k, v := range c {
		sep := byte(',')
		if len(b) == 0 {
			sep = '{'
		}
		b = append(append(segur.AppendTexteJSON(append(b, sep), k), ':'), v...)
	}
	if len(b) == 0 {
		b = append(b, '{')
	}
	return string(append(b, '}'))
}

func (t *transaction) AjouterDemandes(ds []*guichet.Demande) error {
	rangs := make([][]any, len(ds))
	for i, d := range ds {
		r, err := rangDemande(d)
		if err != nil {
			return err
		}
		rangs[i] = r
	}
	return t.inserer("demande", colonnesDemande, "", rangs)
}

func (t *transaction) demandes(suite string, args ...any) (ds []guichet.Demande, err error) {
	err = t.tous("SELECT "+colonnesDemande+" FROM demande WHERE "+suite, args, func(scan func(...any) error) error {
		d, err := lireDemande(scan)
		ds = append(ds, d)
		return err
	})
	return ds, err
}

func (t *transaction) une(suite string, args ...any) (*guichet.Demande, error) {
	ds, err := t.demandes(suite, args...)
	if err == nil && len(ds) == 0 {
		err = guichet.ErrAbsent
	}
	if err != nil {
		return nil, err
	}
	return &ds[0], nil
}

func (t *transaction) Demande(n guichet.NumeroASP) (*guichet.Demande, error) {
	serie, ok := n.Serie()
	if !ok {
		return nil, guichet.ErrAbsent
	}
	return t.une("serie = ?", serie)
}

func (t *transaction) SoldeDe(avance guichet.NumeroASP) (*guichet.Demande, error) {
	return t.une("avance_asp = ? AND statut NOT IN ('refusee', 'annulee') LIMIT 1", string(avance))
}

func (t *transaction) Demandes(f guichet.Filtre) ([]guichet.Demande, error) {
	var cs []string
	var args []any
	et := func(c string, v any) { cs, args = append(cs, c), append(args, v) }
	if f.FournisseurID != 0 {
		et("fournisseur_id = ?", int64(f.FournisseurID))
	}
	if f.Statut != "" {
		et("statut = ?", string(f.Statut))
	}
	if f.Type != "" {
		et("type = ?", string(f.Type))
	}
	if f.Texte != "" {
		motif := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToUpper(f.Texte)) + "%"
		et(`(numero_asp LIKE ? ESCAPE '\' OR UPPER(numero_editeur) LIKE ? ESCAPE '\' OR finess LIKE ? ESCAPE '\')`, motif)
		args = append(args, motif, motif)
	}
	if !f.Depuis.IsZero() {
		et("modifie >= ?", instant(f.Depuis))
	}
	if f.DepotID != "" {
		// The deposit knows its requests: they need no index for it.
		et("serie >= (SELECT serie FROM depot WHERE id = ?)", string(f.DepotID))
		et("serie < (SELECT serie + acceptees FROM depot WHERE id = ?)", string(f.DepotID))
	}
	if f.LotID != "" {
		et("lot_id = ?", string(f.LotID))
	}
	if f.Acteur != "" {
		et("acteur = ?", f.Acteur)
	}
	switch {
	case f.Apres != 0 && f.Decroissant:
		et("serie < ?", f.Apres)
	case f.Apres != 0:
		et("serie > ?", f.Apres)
	}
	q := strings.Join(append(cs, "1 = 1"), " AND ") + " ORDER BY serie"
	if f.Decroissant {
		q += " DESC"
	}
	if f.Max > 0 {
		q += " LIMIT ?"
		args = append(args, f.Max)
	}
	return t.demandes(q, args...)
}

func (t *transaction) MajDemande(d *guichet.Demande) error {
	r, err := rangDemande(d)
	if err != nil {
		return err
	}
	n, err := t.executer("UPDATE demande SET "+strings.ReplaceAll(colonnesDemande, ", ", " = ?, ")+" = ? WHERE serie = ?", append(r, d.Serie)...)
	if err == nil && n == 0 {
		err = guichet.ErrAbsent
	}
	return err
}

func (t *transaction) Compter(f guichet.FournisseurID) (cs []guichet.Decompte, err error) {
	condition, args := "", []any(nil)
	if f != 0 {
		condition, args = " WHERE fournisseur_id = ?", []any{int64(f)}
	}
	err = t.tous("SELECT statut, type, COUNT(*), SUM(CASE WHEN type = 'solde' THEN solde ELSE avance END), SUM(verse) FROM demande"+condition+" GROUP BY statut, type ORDER BY statut, type", args, func(scan func(...any) error) error {
		var c guichet.Decompte
		var aPayer, verse int64
		err := scan(&c.Statut, &c.Type, &c.Nombre, &aPayer, &verse)
		c.APayer, c.Verse = segur.Montant(aPayer), segur.Montant(verse)
		cs = append(cs, c)
		return err
	})
	return cs, err
}

// semblablesMax bounds the likenesses of one kind that are listed.
const semblablesMax = 20

func (t *transaction) Semblables(d *guichet.Demande) (ss []guichet.Semblable, err error) {
	chercher := func(par, q string, args ...any) error {
		return t.tous(q+" LIMIT ?", append(args, semblablesMax), func(scan func(...any) error) error {
			s := guichet.Semblable{Par: par}
			err := scan(&s.NumeroASP)
			ss = append(ss, s)
			return err
		})
	}
	// A balance and its advance are one order: they share everything by right.
	const autre = " AND numero_asp <> ? AND numero_asp <> ? AND avance_asp <> ?"
	liens := []any{string(d.NumeroASP), string(d.Avance), string(d.NumeroASP)}
	err = chercher("finess", "SELECT numero_asp FROM demande WHERE finess = ?"+autre+" ORDER BY serie", append([]any{d.Finess}, liens...)...)
	if err == nil && d.Carte != "" {
		err = chercher("carte", "SELECT numero_asp FROM demande WHERE carte = ? AND carte <> '' AND finess <> ?"+autre+" ORDER BY serie", append([]any{d.Carte, d.Finess}, liens...)...)
	}
	if err == nil {
		err = chercher("piece", "SELECT DISTINCT b.numero_asp FROM piece a JOIN piece b ON a.sha256 = b.sha256 WHERE a.numero_asp = ? AND a.sha256 <> '' AND b.sha256 <> '' AND b.numero_asp <> ? ORDER BY b.numero_asp", string(d.NumeroASP), string(d.NumeroASP))
	}
	return ss, err
}

func (t *transaction) AjouterPassages(ps []guichet.Passage) error {
	rangs := make([][]any, len(ps))
	for i, p := range ps {
		rangs[i] = []any{string(p.NumeroASP), instant(p.Date), string(p.Acte), int64(p.CompteID), p.Acteur, p.Metier, string(p.Statut), p.Detail}
	}
	return t.inserer("passage", "numero_asp, date, acte, compte_id, acteur, metier, statut, detail", "", rangs)
}

func (t *transaction) Passages(n guichet.NumeroASP) (ps []guichet.Passage, err error) {
	err = t.tous("SELECT numero_asp, date, acte, compte_id, acteur, metier, statut, detail FROM passage WHERE numero_asp = ? ORDER BY id", []any{string(n)}, func(scan func(...any) error) error {
		var p guichet.Passage
		var date string
		if err := scan(&p.NumeroASP, &date, &p.Acte, &p.CompteID, &p.Acteur, &p.Metier, &p.Statut, &p.Detail); err != nil {
			return err
		}
		var err error
		p.Date, err = lireInstant(date)
		ps = append(ps, p)
		return err
	})
	return ps, err
}

func (t *transaction) Metiers(n guichet.NumeroASP, c guichet.CompteID) (rs []guichet.Role, err error) {
	err = t.tous("SELECT DISTINCT metier FROM passage WHERE numero_asp = ? AND compte_id = ? ORDER BY metier", []any{string(n), int64(c)}, func(scan func(...any) error) error {
		var r guichet.Role
		err := scan(&r)
		rs = append(rs, r)
		return err
	})
	return rs, err
}
