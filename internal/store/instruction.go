package store

import (
	"encoding/json"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

func (t *transaction) Reglages(g guichet.GenreReglage) (rs []guichet.Reglage, err error) {
	err = t.tous("SELECT id, etat FROM reglage WHERE genre = ? ORDER BY id", []any{string(g)}, func(scan func(...any) error) error {
		r := guichet.Reglage{Genre: g}
		var etat string
		err := scan(&r.ID, &etat)
		r.Etat = []byte(etat)
		rs = append(rs, r)
		return err
	})
	return rs, err
}

func (t *transaction) PoserReglage(r *guichet.Reglage) error {
	if r.ID == 0 {
		return t.un("INSERT INTO reglage (genre, etat) VALUES (?, ?) RETURNING id", []any{string(r.Genre), string(r.Etat)}, &r.ID)
	}
	return t.changer("UPDATE reglage SET etat = ? WHERE genre = ? AND id = ?", string(r.Etat), string(r.Genre), r.ID)
}

func (t *transaction) OterReglage(g guichet.GenreReglage, id int64) error {
	return t.changer("DELETE FROM reglage WHERE genre = ? AND id = ?", string(g), id)
}

func (t *transaction) AjouterNote(n *guichet.Note) error {
	return t.un("INSERT INTO note (numero_asp, date, auteur, texte, barree, barree_par, motif) VALUES (?, ?, ?, ?, '', '', '') RETURNING id",
		[]any{string(n.NumeroASP), instant(n.Date), n.Auteur, n.Texte}, &n.ID)
}

func (t *transaction) Notes(n guichet.NumeroASP) (ns []guichet.Note, err error) {
	err = t.tous("SELECT id, date, auteur, texte, barree, barree_par, motif FROM note WHERE numero_asp = ? ORDER BY id", []any{string(n)}, func(scan func(...any) error) error {
		x := guichet.Note{NumeroASP: n}
		var date, barree string
		if err := scan(&x.ID, &date, &x.Auteur, &x.Texte, &barree, &x.BarreePar, &x.Motif); err != nil {
			return err
		}
		var l lectures
		x.Date, x.Barree = l.instant(date), l.instant(barree)
		ns = append(ns, x)
		return l.err
	})
	return ns, err
}

func (t *transaction) MajNote(n *guichet.Note) error {
	return t.changer("UPDATE note SET barree = ?, barree_par = ?, motif = ? WHERE id = ? AND barree = ''", instant(n.Barree), n.BarreePar, n.Motif, n.ID)
}

func (t *transaction) CompterJusqua(f guichet.Filtre, max int) (n int, err error) {
	var c conditions
	if f.Statut != "" {
		c.et("statut = ?", string(f.Statut))
	}
	if err := t.filtrer(&c, f); err != nil {
		return 0, err
	}
	err = t.un("SELECT COUNT(*) FROM (SELECT 1 FROM demande WHERE "+c.ou()+" LIMIT ?) AS x", append(c.args, max), &n)
	return n, err
}

func (t *transaction) Charges() (map[guichet.CompteID]int, error) {
	cs := map[guichet.CompteID]int{}
	err := t.tous("SELECT agent_id, COUNT(*) FROM demande WHERE agent_id <> 0 AND statut IN ('deposee', 'en_instruction') GROUP BY agent_id", nil, func(scan func(...any) error) error {
		var c guichet.CompteID
		var n int
		err := scan(&c, &n)
		cs[c] = n
		return err
	})
	return cs, err
}

func (t *transaction) PoserOmbres(regles int64, os []guichet.Ombre) error {
	rangs := make([][]any, len(os))
	for i, o := range os {
		raisons, err := texteJSON(o.Raisons)
		if err != nil {
			return err
		}
		rangs[i] = []any{regles, o.Serie, string(o.NumeroASP), raisons}
	}
	return t.inserer("ombre", "regles_id, serie, numero_asp, raisons", " ON CONFLICT (regles_id, serie) DO UPDATE SET raisons = excluded.raisons", rangs)
}

func (t *transaction) OterOmbres(regles int64) error {
	_, err := t.executer("DELETE FROM ombre WHERE regles_id = ?", regles)
	return err
}

func (t *transaction) Ombres(regles, apres int64, max int) (os []guichet.Ombre, err error) {
	err = t.tous("SELECT serie, numero_asp, raisons FROM ombre WHERE regles_id = ? AND serie > ? ORDER BY serie LIMIT ?", []any{regles, apres, max}, func(scan func(...any) error) error {
		var o guichet.Ombre
		var raisons string
		if err := scan(&o.Serie, &o.NumeroASP, &raisons); err != nil {
			return err
		}
		err := json.Unmarshal([]byte(raisons), &o.Raisons)
		os = append(os, o)
		return err
	})
	return os, err
}

func (t *transaction) CompterOmbres(regles int64) (n int, err error) {
	err = t.un("SELECT COUNT(*) FROM ombre WHERE regles_id = ?", []any{regles}, &n)
	return n, err
}

func (t *transaction) AjouterSelection(s *guichet.Selection, ns []guichet.NumeroASP) error {
	etat, err := texteJSON(s.Etat)
	if err != nil {
		return err
	}
	if err := t.inserer("selection", "id, compte_id, etat, cree", "", [][]any{{s.ID, int64(s.CompteID), etat, instant(s.Cree)}}); err != nil {
		return err
	}
	rangs := make([][]any, len(ns))
	for i, n := range ns {
		rangs[i] = []any{s.ID, i + 1, string(n), ""}
	}
	return t.inserer("selection_ligne", "selection_id, rang, numero_asp, resultat", "", rangs)
}

func (t *transaction) Selection(id string) (*guichet.Selection, error) {
	s := &guichet.Selection{ID: id}
	var etat, cree string
	if err := t.un("SELECT compte_id, etat, cree FROM selection WHERE id = ?", []any{id}, &s.CompteID, &etat, &cree); err != nil {
		return nil, err
	}
	var l lectures
	l.json(etat, &s.Etat)
	s.Cree = l.instant(cree)
	return s, l.err
}

func (t *transaction) MajSelection(s *guichet.Selection) error {
	etat, err := texteJSON(s.Etat)
	if err != nil {
		return err
	}
	return t.changer("UPDATE selection SET etat = ? WHERE id = ?", etat, s.ID)
}

func (t *transaction) LignesSelection(id string, apres, max int) (rs []guichet.ResultatDecision, err error) {
	err = t.tous("SELECT numero_asp, resultat FROM selection_ligne WHERE selection_id = ? AND rang > ? ORDER BY rang LIMIT ?", []any{id, apres, max}, func(scan func(...any) error) error {
		var r guichet.ResultatDecision
		var texte string
		if err := scan(&r.NumeroASP, &texte); err != nil {
			return err
		}
		var l lectures
		if texte != "" {
			l.json(texte, &r)
		}
		rs = append(rs, r)
		return l.err
	})
	return rs, err
}

func (t *transaction) PoserResultats(id string, apres int, rs []guichet.ResultatDecision) error {
	for i, r := range rs {
		texte, err := texteJSON(r)
		if err != nil {
			return err
		}
		if _, err := t.executer("UPDATE selection_ligne SET resultat = ? WHERE selection_id = ? AND rang = ?", texte, id, apres+i+1); err != nil {
			return err
		}
	}
	return nil
}

func (t *transaction) ParcourirStatuts(f guichet.FournisseurID, recevoir func(guichet.NumeroASP, guichet.Statut, time.Time) error) error {
	sienne, args := "", []any(nil)
	if f != 0 {
		sienne, args = " AND numero_asp IN (SELECT numero_asp FROM demande WHERE fournisseur_id = ?)", []any{int64(f), int64(f)}
	}
	q := "SELECT numero_asp, 0 AS id, 'incomplete' AS statut, cree AS date FROM demande WHERE 1 = 1" + sienne +
		" UNION ALL SELECT numero_asp, id, statut, date FROM passage WHERE statut <> ''" + sienne + " ORDER BY 1, 2"
	return t.tous(q, args, func(scan func(...any) error) error {
		var n guichet.NumeroASP
		var id int64
		var s guichet.Statut
		var texte string
		if err := scan(&n, &id, &s, &texte); err != nil {
			return err
		}
		quand, err := lireInstant(texte)
		if err != nil {
			return err
		}
		return recevoir(n, s, quand)
	})
}

func (t *transaction) ParcourirFlux(x guichet.Fenetre, recevoir func(guichet.Flux) error) error {
	q := "SELECT p.acte, p.statut, d.fournisseur_id, p.date, p.detail, CASE WHEN d.type = 'solde' THEN d.solde ELSE d.avance END FROM passage p JOIN demande d ON d.numero_asp = p.numero_asp" +
		" WHERE p.acte IN ('decider', 'reviser') AND p.date >= ? AND p.date < ?"
	err := t.tous(q, []any{instant(x.Debut), instant(x.Fin)}, func(scan func(...any) error) error {
		var f guichet.Flux
		var date string
		var montant int64
		if err := scan(&f.Acte, &f.Statut, &f.FournisseurID, &date, &f.Detail, &montant); err != nil {
			return err
		}
		f.Montant = segur.Montant(montant)
		var err error
		if f.Date, err = lireInstant(date); err != nil {
			return err
		}
		return recevoir(f)
	})
	if err != nil {
		return err
	}
	if err := t.parcourirCreances(x, recevoir); err != nil {
		return err
	}
	q = "SELECT lot.regle, d.fournisseur_id, CAST(SUM(l.montant) AS BIGINT) FROM lot JOIN lot_ligne l ON l.lot_id = lot.id JOIN demande d ON d.numero_asp = l.numero_asp" +
		" WHERE lot.statut = 'regle' AND l.rejet = '' AND lot.regle >= ? AND lot.regle <= ? GROUP BY lot.regle, d.fournisseur_id"
	return t.fluxParJour(guichet.ReglerLot, q, x, recevoir)
}

// fluxParJour reads sums by day and supplier.
func (t *transaction) fluxParJour(a guichet.Action, q string, x guichet.Fenetre, recevoir func(guichet.Flux) error) error {
	return t.tous(q, []any{jour(x.Du), jour(x.Au)}, func(scan func(...any) error) error {
		f := guichet.Flux{Acte: a}
		var date string
		var montant int64
		if err := scan(&date, &f.FournisseurID, &montant); err != nil {
			return err
		}
		f.Montant = segur.Montant(montant)
		j, err := lireJour(date)
		if err != nil {
			return err
		}
		f.Date = time.Date(j.Annee, time.Month(j.Mois), j.Jour, 12, 0, 0, 0, time.UTC) // the same day in Paris
		return recevoir(f)
	})
}

// parcourirCreances gives what was ordered back, and what came back by a
// transfer of the supplier or by a settled payment that was kept back.
func (t *transaction) parcourirCreances(x guichet.Fenetre, recevoir func(guichet.Flux) error) error {
	err := t.tous("SELECT fournisseur_id, cree, montant FROM creance WHERE cree >= ? AND cree < ?", []any{instant(x.Debut), instant(x.Fin)}, func(scan func(...any) error) error {
		f := guichet.Flux{Acte: guichet.Recouvrer}
		var date string
		var montant int64
		if err := scan(&f.FournisseurID, &date, &montant); err != nil {
			return err
		}
		f.Montant = segur.Montant(montant)
		var err error
		if f.Date, err = lireInstant(date); err != nil {
			return err
		}
		return recevoir(f)
	})
	if err != nil {
		return err
	}
	err = t.fluxParJour(guichet.Rembourser, "SELECT r.date, c.fournisseur_id, CAST(SUM(r.montant) AS BIGINT) FROM remboursement r JOIN creance c ON c.id = r.creance_id"+
		" WHERE r.date >= ? AND r.date <= ? GROUP BY r.date, c.fournisseur_id", x, recevoir)
	if err != nil {
		return err
	}
	return t.fluxParJour(guichet.Rembourser, "SELECT lot.regle, c.fournisseur_id, CAST(SUM(r.montant) AS BIGINT) FROM retenue r JOIN creance c ON c.id = r.creance_id JOIN lot ON lot.id = r.lot_id"+
		" JOIN lot_ligne l ON l.lot_id = r.lot_id AND l.rang = r.rang WHERE lot.statut = 'regle' AND l.rejet = '' AND lot.regle >= ? AND lot.regle <= ? GROUP BY lot.regle, c.fournisseur_id", x, recevoir)
}

func (t *transaction) AjouterRejets(d guichet.DepotID, ns map[string]int) error {
	rangs := make([][]any, 0, len(ns))
	for code, n := range ns {
		rangs = append(rangs, []any{string(d), code, n})
	}
	return t.inserer("rejet", "depot_id, code, nombre", "", rangs)
}

func (t *transaction) Rejets(debut, fin time.Time, f guichet.FournisseurID) (map[string]int, error) {
	q, args := "SELECT r.code, CAST(SUM(r.nombre) AS BIGINT) FROM rejet r JOIN depot d ON d.id = r.depot_id WHERE d.date >= ? AND d.date < ?", []any{instant(debut), instant(fin)}
	if f != 0 {
		q, args = q+" AND d.fournisseur_id = ?", append(args, int64(f))
	}
	ns := map[string]int{}
	err := t.tous(q+" GROUP BY r.code", args, func(scan func(...any) error) error {
		var code string
		var n int
		err := scan(&code, &n)
		ns[code] = n
		return err
	})
	return ns, err
}
