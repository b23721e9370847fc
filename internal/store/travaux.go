package store

import (
	"strings"
	"time"

	"guichet.example/internal/guichet"
)

const colonnesTravail = "genre, cle, charge, etat, essais, prochain, erreur, cree, fini"

func (t *transaction) travaux(suite string, args ...any) (ts []guichet.Travail, err error) {
	err = t.tous("SELECT id, "+colonnesTravail+" FROM travail "+suite, args, func(scan func(...any) error) error {
		var x guichet.Travail
		var charge, prochain, cree, fini string
		if err := scan(&x.ID, &x.Genre, &x.Cle, &charge, &x.Etat, &x.Essais, &prochain, &x.Erreur, &cree, &fini); err != nil {
			return err
		}
		var l lectures
		x.Prochain, x.Cree, x.Fini = l.instant(prochain), l.instant(cree), l.instant(fini)
		if charge != "" {
			x.Charge = []byte(charge)
		}
		ts = append(ts, x)
		return l.err
	})
	return ts, err
}

func (t *transaction) unTravail(suite string, args ...any) (*guichet.Travail, error) {
	ts, err := t.travaux(suite, args...)
	if err == nil && len(ts) == 0 {
		err = guichet.ErrAbsent
	}
	if err != nil {
		return nil, err
	}
	return &ts[0], nil
}

func (t *transaction) AjouterTravail(x *guichet.Travail) error {
	return t.inserer("travail", colonnesTravail, " ON CONFLICT DO NOTHING", [][]any{{string(x.Genre), x.Cle, string(x.Charge), string(x.Etat), x.Essais, instant(x.Prochain), x.Erreur, instant(x.Cree), instant(x.Fini)}})
}

func (t *transaction) TravauxDus(maintenant time.Time, max int) ([]guichet.Travail, error) {
	quand := instant(maintenant)
	return t.travaux("AS t WHERE etat IN ('attente', 'en_cours') AND prochain <= ? AND NOT EXISTS (SELECT 1 FROM travail x WHERE x.genre = t.genre AND x.cle = t.cle AND x.etat = 'en_cours' AND x.prochain > ?) ORDER BY prochain LIMIT ?",
		quand, quand, max)
}

func (t *transaction) Travail(id int64) (*guichet.Travail, error) {
	return t.unTravail("WHERE id = ?", id)
}

func (t *transaction) Travaux(e guichet.EtatTravail, max int) ([]guichet.Travail, error) {
	if e == "" {
		return t.travaux("ORDER BY id DESC LIMIT ?", max)
	}
	return t.travaux("WHERE etat = ? ORDER BY id DESC LIMIT ?", string(e), max)
}

func (t *transaction) MajTravail(x *guichet.Travail) error {
	_, err := t.executer("UPDATE travail SET charge = ?, etat = ?, essais = ?, prochain = ?, erreur = ?, fini = ? WHERE id = ?",
		string(x.Charge), string(x.Etat), x.Essais, instant(x.Prochain), strings.ToValidUTF8(strings.ReplaceAll(x.Erreur, "\x00", ""), ""), instant(x.Fini), x.ID)
	return err
}

func (t *transaction) TravailEnAttente(g guichet.GenreTravail, cle string) (*guichet.Travail, error) {
	return t.unTravail("WHERE genre = ? AND cle = ? AND etat = 'attente'", string(g), cle)
}

func (t *transaction) DernierTravail(g guichet.GenreTravail) (cle string, err error) {
	err = t.un("SELECT COALESCE(MAX(cle), '') FROM travail WHERE genre = ?", []any{string(g)}, &cle)
	return cle, err
}

func (t *transaction) CompterTravaux() (map[guichet.EtatTravail]int, error) {
	m := map[guichet.EtatTravail]int{}
	err := t.tous("SELECT etat, COUNT(*) FROM travail GROUP BY etat", nil, func(scan func(...any) error) error {
		var e guichet.EtatTravail
		var n int
		err := scan(&e, &n)
		m[e] = n
		return err
	})
	return m, err
}

func (t *transaction) CompterStatuts() (map[guichet.Statut]int, error) {
	m := map[guichet.Statut]int{}
	err := t.tous("SELECT statut, COUNT(*) FROM demande GROUP BY statut", nil, func(scan func(...any) error) error {
		var s guichet.Statut
		var n int
		err := scan(&s, &n)
		m[s] = n
		return err
	})
	return m, err
}

func (t *transaction) Echues(s guichet.Statut, apres, jusqua string, max int) (ns []guichet.NumeroASP, err error) {
	err = t.tous("SELECT numero_asp FROM demande WHERE statut = ? AND echeance <> '' AND echeance > ? AND echeance <= ? ORDER BY serie LIMIT ?", []any{string(s), apres, jusqua, max}, func(scan func(...any) error) error {
		var n guichet.NumeroASP
		err := scan(&n)
		ns = append(ns, n)
		return err
	})
	return ns, err
}

func (t *transaction) PiecesDe(sha256 string) ([]guichet.Piece, error) {
	if sha256 == "" {
		return nil, nil
	}
	return t.pieces("sha256 <> '' AND sha256 = ?", []any{sha256})
}

func (t *transaction) AAnalyser(max int) (hs []string, err error) {
	err = t.tous("SELECT DISTINCT sha256 FROM piece WHERE sha256 <> '' AND antivirus IN ('', '"+guichet.AnalyseAttend+"') LIMIT ?", []any{max}, func(scan func(...any) error) error {
		var h string
		err := scan(&h)
		hs = append(hs, h)
		return err
	})
	return hs, err
}

func (t *transaction) PoserAnalyse(sha256, etat string) error {
	_, err := t.executer("UPDATE piece SET antivirus = ? WHERE sha256 <> '' AND sha256 = ?", etat, sha256)
	return err
}
