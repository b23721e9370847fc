package store

import (
	"net/netip"
	"strings"
	"time"

	"guichet.example/internal/guichet"
)

const colonnesCompte = "id, identifiant, nom, mot_de_passe, roles, fournisseur_id, actif, cree"

func lireCompte(scan func(...any) error) (*guichet.Compte, error) {
	var c guichet.Compte
	var roles, cree string
	var f *int64
	if err := scan(&c.ID, &c.Identifiant, &c.Nom, &c.MotDePasse, &roles, &f, &c.Actif, &cree); err != nil {
		return nil, err
	}
	for r := range strings.SplitSeq(roles, ",") {
		c.Roles = append(c.Roles, guichet.Role(r))
	}
	if f != nil {
		c.FournisseurID = guichet.FournisseurID(*f)
	}
	var err error
	c.Cree, err = lireInstant(cree)
	return &c, err
}

func (t *transaction) compte(condition string, v any) (c *guichet.Compte, err error) {
	err = guichet.ErrAbsent
	errLire := t.tous("SELECT "+colonnesCompte+" FROM compte WHERE "+condition, []any{v}, func(scan func(...any) error) (e error) {
		c, e = lireCompte(scan)
		err = e
		return e
	})
	if errLire != nil {
		return nil, errLire
	}
	return c, err
}

func (t *transaction) Compte(id guichet.CompteID) (*guichet.Compte, error) {
	return t.compte("id = ?", int64(id))
}

func (t *transaction) CompteNomme(identifiant string) (*guichet.Compte, error) {
	return t.compte("identifiant = ?", identifiant)
}

func (t *transaction) Comptes(f guichet.FournisseurID) (cs []guichet.Compte, err error) {
	condition, args := "fournisseur_id IS NULL", []any(nil)
	if f != 0 {
		condition, args = "fournisseur_id = ?", []any{int64(f)}
	}
	err = t.tous("SELECT "+colonnesCompte+" FROM compte WHERE "+condition+" ORDER BY identifiant", args, func(scan func(...any) error) error {
		c, err := lireCompte(scan)
		if err == nil {
			cs = append(cs, *c)
		}
		return err
	})
	return cs, err
}

func (t *transaction) PoserCompte(c *guichet.Compte) error {
	var roles []string
	for _, r := range c.Roles {
		roles = append(roles, string(r))
	}
	var f any
	if c.FournisseurID != 0 {
		f = int64(c.FournisseurID)
	}
	args := []any{c.Identifiant, c.Nom, c.MotDePasse, strings.Join(roles, ","), f, c.Actif, instant(c.Cree)}
	return t.poser("compte", "identifiant, nom, mot_de_passe, roles, fournisseur_id, actif, cree", args, (*int64)(&c.ID))
}

// poser adds a row when its id is 0, and sets it; else it changes the row.
func (t *transaction) poser(table, colonnes string, args []any, id *int64) error {
	noms := strings.Split(colonnes, ", ")
	if *id == 0 {
		err := t.un("INSERT INTO "+table+" ("+colonnes+") VALUES ("+strings.TrimSuffix(strings.Repeat("?,", len(noms)), ",")+") RETURNING id", args, id)
		if doublon(err) {
			return guichet.ErrDoublon
		}
		return err
	}
	_, err := t.executer("UPDATE "+table+" SET "+strings.Join(noms, " = ?, ")+" = ? WHERE id = ?", append(args, *id)...)
	return err
}

const colonnesJeton = "id, compte_id, nom, empreinte, cree, expire, reseaux, usage, revoque"

func lireJeton(scan func(...any) error) (j guichet.Jeton, err error) {
	var cree, expire, reseaux, usage string
	if err := scan(&j.ID, &j.CompteID, &j.Nom, &j.Empreinte, &cree, &expire, &reseaux, &usage, &j.Revoque); err != nil {
		return j, err
	}
	var l lectures
	j.Cree, j.Expire, j.Usage = l.instant(cree), l.instant(expire), l.instant(usage)
	l.json(reseaux, &j.Reseaux)
	return j, l.err
}

func (t *transaction) JetonDe(empreinte string) (*guichet.Jeton, error) {
	js, err := t.jetons("empreinte = ?", empreinte)
	if err == nil && len(js) == 0 {
		err = guichet.ErrAbsent
	}
	if err != nil {
		return nil, err
	}
	return &js[0], nil
}

func (t *transaction) Jetons(c guichet.CompteID) ([]guichet.Jeton, error) {
	return t.jetons("compte_id = ?", int64(c))
}

func (t *transaction) jetons(condition string, v any) (js []guichet.Jeton, err error) {
	err = t.tous("SELECT "+colonnesJeton+" FROM jeton WHERE "+condition+" ORDER BY id DESC", []any{v}, func(scan func(...any) error) error {
		j, err := lireJeton(scan)
		js = append(js, j)
		return err
	})
	return js, err
}

func (t *transaction) PoserJeton(j *guichet.Jeton) error {
	if j.Reseaux == nil {
		j.Reseaux = []netip.Prefix{}
	}
	reseaux, err := texteJSON(j.Reseaux)
	if err != nil {
		return err
	}
	args := []any{int64(j.CompteID), j.Nom, j.Empreinte, instant(j.Cree), instant(j.Expire), reseaux, instant(j.Usage), j.Revoque}
	return t.poser("jeton", "compte_id, nom, empreinte, cree, expire, reseaux, usage, revoque", args, &j.ID)
}

const colonnesSession = "empreinte, compte_id, cree, expire, adresse, navigateur"

func (t *transaction) sessions(condition string, v any) (ss []guichet.Session, err error) {
	err = t.tous("SELECT "+colonnesSession+" FROM session WHERE "+condition+" ORDER BY cree DESC", []any{v}, func(scan func(...any) error) error {
		var s guichet.Session
		var cree, expire string
		if err := scan(&s.Empreinte, &s.CompteID, &cree, &expire, &s.Adresse, &s.Navigateur); err != nil {
			return err
		}
		var l lectures
		s.Cree, s.Expire = l.instant(cree), l.instant(expire)
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
	return t.inserer("session", colonnesSession, "", [][]any{{s.Empreinte, int64(s.CompteID), instant(s.Cree), instant(s.Expire), s.Adresse, s.Navigateur}})
}

func (t *transaction) OterSession(empreinte string) error {
	_, err := t.executer("DELETE FROM session WHERE empreinte = ?", empreinte)
	return err
}

func (t *transaction) Essais(identifiant, reseau string, depuis time.Time) (n int, err error) {
	err = t.un("SELECT COUNT(*) FROM essai WHERE identifiant = ? AND reseau = ? AND quand > ?", []any{identifiant, reseau, instant(depuis)}, &n)
	return n, err
}

func (t *transaction) PoserEssai(identifiant, reseau string, quand time.Time) error {
	return t.inserer("essai", "identifiant, reseau, quand", "", [][]any{{identifiant, reseau, instant(quand)}})
}
