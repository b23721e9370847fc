package store

import (
	"time"

	"guichet.example/internal/guichet"
)

const colonnesEnrolement = "id, statut, siret, dossier, suivi, cree, modifie"

// enrolements reads requests: what is never searched for is one JSON text.
func (t *transaction) enrolements(suite string, args ...any) (es []guichet.Enrolement, err error) {
	err = t.tous("SELECT "+colonnesEnrolement+" FROM enrolement "+suite, args, func(scan func(...any) error) error {
		var e guichet.Enrolement
		var id, statut, siret, dossier, suivi, cree, modifie string
		if err := scan(&id, &statut, &siret, &dossier, &suivi, &cree, &modifie); err != nil {
			return err
		}
		var l lectures
		l.json(dossier, &e)
		e.ID, e.Statut, e.Siret, e.Suivi = guichet.EnrolementID(id), guichet.StatutEnrolement(statut), siret, suivi
		e.Cree, e.Modifie = l.instant(cree), l.instant(modifie)
		es = append(es, e)
		return l.err
	})
	return es, err
}

func (t *transaction) Enrolement(id guichet.EnrolementID) (*guichet.Enrolement, error) {
	es, err := t.enrolements("WHERE id = ?", string(id))
	if err == nil && len(es) == 0 {
		err = guichet.ErrAbsent
	}
	if err != nil {
		return nil, err
	}
	return &es[0], nil
}

func (t *transaction) Enrolements(s guichet.StatutEnrolement, max int) ([]guichet.Enrolement, error) {
	if s == "" {
		return t.enrolements("ORDER BY cree, id LIMIT ?", max)
	}
	return t.enrolements("WHERE statut = ? ORDER BY cree, id LIMIT ?", string(s), max)
}

func (t *transaction) AjouterEnrolement(e *guichet.Enrolement) error {
	dossier, err := texteJSON(e)
	if err != nil {
		return err
	}
	return t.inserer("enrolement", colonnesEnrolement, "", [][]any{{string(e.ID), string(e.Statut), e.Siret, dossier, e.Suivi, instant(e.Cree), instant(e.Modifie)}})
}

func (t *transaction) MajEnrolement(e *guichet.Enrolement) error {
	dossier, err := texteJSON(e)
	if err != nil {
		return err
	}
	_, err = t.executer("UPDATE enrolement SET statut = ?, siret = ?, dossier = ?, suivi = ?, modifie = ? WHERE id = ?", string(e.Statut), e.Siret, dossier, e.Suivi, instant(e.Modifie), string(e.ID))
	return err
}

func (t *transaction) Lien(empreinte string) (*guichet.Lien, error) {
	l := guichet.Lien{Empreinte: empreinte}
	var expire string
	if err := t.un("SELECT compte_id, usage, expire, essais FROM lien WHERE empreinte = ?", []any{empreinte}, &l.CompteID, &l.Usage, &expire, &l.Essais); err != nil {
		return nil, err
	}
	var err error
	l.Expire, err = lireInstant(expire)
	return &l, err
}

func (t *transaction) PoserLien(l *guichet.Lien) error {
	return t.inserer("lien", "empreinte, compte_id, usage, expire, essais", "", [][]any{{l.Empreinte, int64(l.CompteID), string(l.Usage), instant(l.Expire), l.Essais}})
}

func (t *transaction) MajLien(l *guichet.Lien) error {
	_, err := t.executer("UPDATE lien SET essais = ? WHERE empreinte = ?", l.Essais, l.Empreinte)
	return err
}

func (t *transaction) OterLiens(c guichet.CompteID, u guichet.UsageLien) error {
	_, err := t.executer("DELETE FROM lien WHERE compte_id = ? AND usage = ?", int64(c), string(u))
	return err
}

func (t *transaction) OterLien(empreinte string) error {
	_, err := t.executer("DELETE FROM lien WHERE empreinte = ?", empreinte)
	return err
}

func (t *transaction) secondsFacteurs(suite string, args ...any) (ss []guichet.SecondFacteur, err error) {
	err = t.tous("SELECT compte_id, scelle, actif, pas, cree FROM second_facteur "+suite, args, func(scan func(...any) error) error {
		var s guichet.SecondFacteur
		var cree string
		if err := scan(&s.CompteID, &s.Scelle, &s.Actif, &s.Pas, &cree); err != nil {
			return err
		}
		var err error
		s.Cree, err = lireInstant(cree)
		ss = append(ss, s)
		return err
	})
	return ss, err
}

func (t *transaction) SecondFacteur(c guichet.CompteID) (*guichet.SecondFacteur, error) {
	ss, err := t.secondsFacteurs("WHERE compte_id = ?", int64(c))
	if err == nil && len(ss) == 0 {
		err = guichet.ErrAbsent
	}
	if err != nil {
		return nil, err
	}
	return &ss[0], nil
}

func (t *transaction) SecondsFacteurs() ([]guichet.SecondFacteur, error) {
	return t.secondsFacteurs("ORDER BY compte_id")
}

func (t *transaction) PoserSecondFacteur(s *guichet.SecondFacteur) error {
	return t.inserer("second_facteur", "compte_id, scelle, actif, pas, cree", " ON CONFLICT (compte_id) DO UPDATE SET scelle = excluded.scelle, actif = excluded.actif, pas = excluded.pas, cree = excluded.cree",
		[][]any{{int64(s.CompteID), s.Scelle, s.Actif, s.Pas, instant(s.Cree)}})
}

func (t *transaction) OterSecondFacteur(c guichet.CompteID) error {
	if err := t.PoserCodesSecours(c, nil); err != nil {
		return err
	}
	_, err := t.executer("DELETE FROM second_facteur WHERE compte_id = ?", int64(c))
	return err
}

func (t *transaction) CodesSecours(c guichet.CompteID) (n int, err error) {
	err = t.un("SELECT COUNT(*) FROM code_secours WHERE compte_id = ?", []any{int64(c)}, &n)
	return n, err
}

func (t *transaction) PoserCodesSecours(c guichet.CompteID, empreintes []string) error {
	if _, err := t.executer("DELETE FROM code_secours WHERE compte_id = ?", int64(c)); err != nil {
		return err
	}
	rangs := make([][]any, len(empreintes))
	for i, e := range empreintes {
		rangs[i] = []any{int64(c), e}
	}
	return t.inserer("code_secours", "compte_id, empreinte", "", rangs)
}

func (t *transaction) UtiliserCodeSecours(c guichet.CompteID, empreinte string) (bool, error) {
	n, err := t.executer("DELETE FROM code_secours WHERE compte_id = ? AND empreinte = ?", int64(c), empreinte)
	return n == 1, err
}

// Purger implements the port; see there.
func (t *transaction) Purger(maintenant, travaux, evenements time.Time) error {
	for _, x := range []struct {
		q     string
		avant time.Time
	}{
		{"DELETE FROM essai WHERE quand < ?", maintenant.Add(-24 * time.Hour)},
		{"DELETE FROM session WHERE expire < ?", maintenant},
		{"DELETE FROM lien WHERE expire < ?", maintenant},
		{"DELETE FROM ceremonie WHERE expire < ?", maintenant},
		{"DELETE FROM appareil WHERE expire < ?", maintenant},
		// The last of its kind stays: it tells on which day it was.
		{"DELETE FROM travail WHERE etat = 'fait' AND fini < ? AND genre <> 'veille'", travaux},
		{"DELETE FROM evenement WHERE date < ?", evenements},
		{"DELETE FROM livraison WHERE date < ?", evenements},
	} {
		if _, err := t.executer(x.q, instant(x.avant)); err != nil {
			return err
		}
	}
	return nil
}
