package store

import (
	"time"

	"guichet.example/internal/guichet"
)

const colonnesSession = "empreinte, compte_id, cree, expire, adresse, navigateur, vue, moyen"

func (t *transaction) sessions(condition string, v any) (ss []guichet.Session, err error) {
	err = t.tous("SELECT "+colonnesSession+" FROM session WHERE "+condition+" ORDER BY cree DESC", []any{v}, func(scan func(...any) error) error {
		var s guichet.Session
		var cree, expire, vue string
		if err := scan(&s.Empreinte, &s.CompteID, &cree, &expire, &s.Adresse, &s.Navigateur, &vue, &s.Moyen); err != nil {
			return err
		}
		var l lectures
		s.Cree, s.Expire, s.Vue = l.instant(cree), l.instant(expire), l.instant(vue)
		ss = append(ss, s)
		return l.err
	})
	return ss, err
}

func (t *transaction) SessionDe(empreinte string) (*guichet.Session, error) {
	ss, err := t.sessions("empreinte = ?", empreinte)
	if err == nil && len(ss) == 0 {
		err = guichet.ErrAbsent
	}
	if err != nil {
		return nil, err
	}
	return &ss[0], nil
}

func (t *transaction) Sessions(c guichet.CompteID) ([]guichet.Session, error) {
	return t.sessions("compte_id = ?", int64(c))
}

func (t *transaction) PoserSession(s *guichet.Session) error {
	return t.inserer("session", colonnesSession, "", [][]any{{s.Empreinte, int64(s.CompteID), instant(s.Cree), instant(s.Expire), s.Adresse, s.Navigateur, instant(s.Vue), string(s.Moyen)}})
}

func (t *transaction) ToucherSession(empreinte string, vue time.Time) error {
	_, err := t.executer("UPDATE session SET vue = ? WHERE empreinte = ?", instant(vue), empreinte)
	return err
}

func (t *transaction) OterSession(empreinte string) error {
	_, err := t.executer("DELETE FROM session WHERE empreinte = ?", empreinte)
	return err
}

func (t *transaction) OterSessions(c guichet.CompteID, sauf string) error {
	_, err := t.executer("DELETE FROM session WHERE compte_id = ? AND empreinte <> ?", int64(c), sauf)
	return err
}

const colonnesCle = "identifiant, compte_id, poignee, nom, charge, cree, usage"

func (t *transaction) clesAcces(condition string, v any) (cs []guichet.CleAcces, err error) {
	err = t.tous("SELECT "+colonnesCle+" FROM cle_acces WHERE "+condition+" ORDER BY cree, identifiant", []any{v}, func(scan func(...any) error) error {
		var c guichet.CleAcces
		var charge, cree, usage string
		if err := scan(&c.Identifiant, &c.CompteID, &c.Poignee, &c.Nom, &charge, &cree, &usage); err != nil {
			return err
		}
		var l lectures
		c.Charge, c.Cree, c.Usage = []byte(charge), l.instant(cree), l.instant(usage)
		cs = append(cs, c)
		return l.err
	})
	return cs, err
}

func (t *transaction) CleAcces(identifiant string) (*guichet.CleAcces, error) {
	cs, err := t.clesAcces("identifiant = ?", identifiant)
	if err == nil && len(cs) == 0 {
		err = guichet.ErrAbsent
	}
	if err != nil {
		return nil, err
	}
	return &cs[0], nil
}

func (t *transaction) ClesAcces(c guichet.CompteID) ([]guichet.CleAcces, error) {
	return t.clesAcces("compte_id = ?", int64(c))
}

func (t *transaction) AjouterCleAcces(c *guichet.CleAcces) error {
	return t.inserer("cle_acces", colonnesCle, "", [][]any{{c.Identifiant, int64(c.CompteID), c.Poignee, c.Nom, string(c.Charge), instant(c.Cree), instant(c.Usage)}})
}

func (t *transaction) MajCleAcces(c *guichet.CleAcces) error {
	_, err := t.executer("UPDATE cle_acces SET nom = ?, charge = ?, usage = ? WHERE identifiant = ?", c.Nom, string(c.Charge), instant(c.Usage), c.Identifiant)
	return err
}

func (t *transaction) OterCleAcces(c guichet.CompteID, identifiant string) error {
	_, err := t.executer("DELETE FROM cle_acces WHERE compte_id = ? AND identifiant = ?", int64(c), identifiant)
	return err
}

const colonnesIdentite = "emetteur, sujet, compte_id, cree, usage"

func (t *transaction) identites(condition string, args ...any) (is []guichet.Identite, err error) {
	err = t.tous("SELECT "+colonnesIdentite+" FROM identite WHERE "+condition+" ORDER BY cree", args, func(scan func(...any) error) error {
		var i guichet.Identite
		var cree, usage string
		if err := scan(&i.Emetteur, &i.Sujet, &i.CompteID, &cree, &usage); err != nil {
			return err
		}
		var l lectures
		i.Cree, i.Usage = l.instant(cree), l.instant(usage)
		is = append(is, i)
		return l.err
	})
	return is, err
}

func (t *transaction) Identite(emetteur, sujet string) (*guichet.Identite, error) {
	is, err := t.identites("emetteur = ? AND sujet = ?", emetteur, sujet)
	if err == nil && len(is) == 0 {
		err = guichet.ErrAbsent
	}
	if err != nil {
		return nil, err
	}
	return &is[0], nil
}

func (t *transaction) Identites(c guichet.CompteID) ([]guichet.Identite, error) {
	return t.identites("compte_id = ?", int64(c))
}

func (t *transaction) PoserIdentite(i *guichet.Identite) error {
	return t.inserer("identite", colonnesIdentite, " ON CONFLICT (emetteur, sujet) DO UPDATE SET usage = excluded.usage",
		[][]any{{i.Emetteur, i.Sujet, int64(i.CompteID), instant(i.Cree), instant(i.Usage)}})
}

func (t *transaction) OterIdentites(c guichet.CompteID) error {
	_, err := t.executer("DELETE FROM identite WHERE compte_id = ?", int64(c))
	return err
}

func (t *transaction) PoserCeremonie(c *guichet.Ceremonie) error {
	return t.inserer("ceremonie", "empreinte, usage, charge, expire", "", [][]any{{c.Empreinte, string(c.Usage), string(c.Charge), instant(c.Expire)}})
}

func (t *transaction) PrendreCeremonie(empreinte string, u guichet.UsageCeremonie) (*guichet.Ceremonie, error) {
	c := guichet.Ceremonie{Empreinte: empreinte, Usage: u}
	var charge, expire string
	if err := t.un("SELECT charge, expire FROM ceremonie WHERE empreinte = ? AND usage = ?", []any{empreinte, string(u)}, &charge, &expire); err != nil {
		return nil, err
	}
	if _, err := t.executer("DELETE FROM ceremonie WHERE empreinte = ?", empreinte); err != nil {
		return nil, err
	}
	c.Charge = []byte(charge)
	var err error
	c.Expire, err = lireInstant(expire)
	return &c, err
}

func (t *transaction) Appareil(empreinte string, c guichet.CompteID, maintenant time.Time) (bool, error) {
	n := 0
	err := t.un("SELECT COUNT(*) FROM appareil WHERE empreinte = ? AND compte_id = ? AND expire > ?", []any{empreinte, int64(c), instant(maintenant)}, &n)
	return n == 1, err
}

func (t *transaction) PoserAppareil(empreinte string, c guichet.CompteID, expire time.Time) error {
	return t.inserer("appareil", "empreinte, compte_id, expire", "", [][]any{{empreinte, int64(c), instant(expire)}})
}

func (t *transaction) OterAppareils(c guichet.CompteID) error {
	_, err := t.executer("DELETE FROM appareil WHERE compte_id = ?", int64(c))
	return err
}
