package store

import (
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

const colonnesDemande = "serie, numero_asp, depot_id, rang, fournisseur_id, numero_ans, siret, type, numero_editeur, statut, acteur, abrege, ht, base, avance, solde, verse, avance_asp, finess, carte, date_commande, tranche, etat, lot_id, echeance, cree, modifie, agent_id"

// etat is what of a request no query looks at.
type etat struct {
	Verifications map[string]string     `json:"verifications,omitempty"`
	RefusPropose  []string              `json:"refusPropose,omitempty"`
	Modification  *guichet.Modification `json:"modification,omitempty"`
	Decision      *guichet.Decision     `json:"decision,omitempty"`
	Audit         *guichet.Audit        `json:"audit,omitempty"`
	Verifie       *guichet.Verifie      `json:"verifie,omitempty"`
	Retiree       *guichet.Remplacee    `json:"retiree,omitempty"`
	Efface        string                `json:"efface,omitempty"` // instant
}

// texteEtat spells it; most requests have none yet.
func texteEtat(d *guichet.Demande) (string, error) {
	if d.Verifications == nil && d.RefusPropose == nil && d.Modification == nil && d.Decision == nil && d.Audit == nil && d.Retiree == nil && d.Efface.IsZero() {
		return "{}", nil
	}
	return texteJSON(etat{d.Verifications, d.RefusPropose, d.Modification, d.Decision, d.Audit, d.Verifie, d.Retiree, instant(d.Efface)})
}

// memoire spells once what the requests of a deposit share.
type memoire struct {
	acteurs  map[guichet.Statut]string
	jours    map[segur.Jour]string
	instants map[time.Time]string
}

// epeler gives a spelling made before, or makes it.
func epeler[C comparable](faits map[C]string, cle C, faire func(C) string) string {
	s, ok := faits[cle]
	if !ok {
		s = faire(cle)
		faits[cle] = s
	}
	return s
}

func (m *memoire) jour(j segur.Jour) string { return epeler(m.jours, j, jour) }

// acteur is who acts next; a proposed refusal makes an exception.
func (m *memoire) acteur(d *guichet.Demande) string {
	if len(d.RefusPropose) > 0 {
		return d.ProchainActeur()
	}
	return epeler(m.acteurs, d.Statut, func(guichet.Statut) string { return d.ProchainActeur() })
}

func (m *memoire) instant(t time.Time) string { return epeler(m.instants, t, instant) }

func rangDemande(d *guichet.Demande, s *memoire) ([]any, error) {
	e, err := texteEtat(d)
	if err != nil {
		return nil, err
	}
	m := &d.Montants
	return []any{d.Serie, string(d.NumeroASP), string(d.DepotID), d.Rang, int64(d.FournisseurID), d.NumeroAns, d.Siret, string(d.Type), d.NumeroEditeur, string(d.Statut), s.acteur(d), texteAbrege(&d.Abrege),
		int64(m.HT), int64(m.Base), int64(m.Avance), int64(m.Solde), int64(m.Verse), string(d.Avance), d.Finess, d.Carte, s.jour(d.DateCommande), d.Tranche, e, string(d.LotID), s.jour(d.Echeance), s.instant(d.Cree), s.instant(d.Modifie), int64(d.AgentID), ""}, nil
}

func lireDemande(scan func(...any) error) (d guichet.Demande, err error) {
	var acteur, abrege, date, e, echeance, cree, modifie string
	m := &d.Montants
	if err := scan(&d.Serie, &d.NumeroASP, &d.DepotID, &d.Rang, &d.FournisseurID, &d.NumeroAns, &d.Siret, &d.Type, &d.NumeroEditeur, &d.Statut, &acteur, &abrege,
		&m.HT, &m.Base, &m.Avance, &m.Solde, &m.Verse, &d.Avance, &d.Finess, &d.Carte, &date, &d.Tranche, &e, &d.LotID, &echeance, &cree, &modifie, &d.AgentID); err != nil {
		return d, err
	}
	var l lectures
	var x etat
	d.Abrege = lireAbrege(abrege)
	if e != "{}" {
		l.json(e, &x)
	}
	d.Verifications, d.RefusPropose, d.Modification, d.Decision, d.Audit = x.Verifications, x.RefusPropose, x.Modification, x.Decision, x.Audit
	d.Verifie, d.Retiree = x.Verifie, x.Retiree
	d.Efface = l.instant(x.Efface)
	d.DateCommande, d.Echeance, d.Cree, d.Modifie = l.jour(date), l.jour(echeance), l.instant(cree), l.instant(modifie)
	return d, l.err
}

func (t *transaction) AjouterDemandes(ds []*guichet.Demande) error {
	rangs := make([][]any, len(ds))
	s := memoire{map[guichet.Statut]string{}, map[segur.Jour]string{}, map[time.Time]string{}}
	for i, d := range ds {
		r, err := rangDemande(d, &s)
		if err != nil {
			return err
		}
		rangs[i] = r
	}
	return t.inserer("demande", colonnesDemande+", champs", "", rangs)
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
	return t.une("serie = ? AND numero_asp = ?", serie, string(n))
}

func (t *transaction) SoldeDe(avance guichet.NumeroASP) (*guichet.Demande, error) {
	return t.une("avance_asp = ? AND statut NOT IN ('refusee', 'annulee') LIMIT 1", string(avance))
}

// majDemande writes what acts change. The columns of an index that do not
// change are not named: the engine would write their index again.
const majDemande = "UPDATE demande SET statut = ?, acteur = ?, verse = ?, tranche = ?, etat = ?, lot_id = ?, echeance = ?, modifie = ?, agent_id = ? WHERE serie = ?"

func rangMaj(d *guichet.Demande) ([]any, error) {
	e, err := texteEtat(d)
	return []any{string(d.Statut), d.ProchainActeur(), int64(d.Montants.Verse), d.Tranche, e, string(d.LotID), jour(d.Echeance), instant(d.Modifie), int64(d.AgentID), d.Serie}, err
}

// MajDemande implements [guichet.Demandes].
func (t *transaction) MajDemande(d *guichet.Demande) error {
	r, err := rangMaj(d)
	if err != nil {
		return err
	}
	return t.changer(majDemande, r...)
}

func (t *transaction) Compter(f guichet.FournisseurID, numerosAns []string) (cs []guichet.Decompte, err error) {
	condition, args := appartenance(f, numerosAns)
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

func (t *transaction) Semblables(d *guichet.Demande) (ss []guichet.Semblable, err error) {
	chercher := func(par, q string, args ...any) error {
		return t.tous(q+" LIMIT ?", append(args, guichet.SemblablesMax+1), func(scan func(...any) error) error {
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
