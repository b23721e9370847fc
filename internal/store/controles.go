package store

import (
	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

func (t *transaction) AjouterControle(c *guichet.Controle) error {
	serie, err := t.Suivant("controle_serie", 1)
	if err != nil {
		return err
	}
	etat, err := texteJSON(c)
	if err != nil {
		return err
	}
	if err := t.inserer("controle", "id, serie, etat", "", [][]any{{string(c.ID), serie, etat}}); err != nil {
		return err
	}
	rangs := make([][]any, len(c.Lignes))
	for i, l := range c.Lignes {
		rangs[i] = []any{string(c.ID), i + 1, string(l.NumeroASP), int64(l.Montant), l.Tirage, l.Ecart}
	}
	return t.inserer("controle_ligne", "controle_id, rang, numero_asp, montant, tirage, ecart", "", rangs)
}

func (t *transaction) controles(suite string, args ...any) (cs []guichet.Controle, err error) {
	err = t.tous("SELECT etat FROM controle "+suite, args, func(scan func(...any) error) error {
		var etat string
		if err := scan(&etat); err != nil {
			return err
		}
		var c guichet.Controle
		var l lectures
		l.json(etat, &c)
		cs = append(cs, c)
		return l.err
	})
	return cs, err
}

func (t *transaction) Controles(max int) ([]guichet.Controle, error) {
	return t.controles("ORDER BY serie DESC LIMIT ?", max)
}

func (t *transaction) Controle(id guichet.ControleID) (*guichet.Controle, error) {
	cs, err := t.controles("WHERE id = ?", string(id))
	if err == nil && len(cs) == 0 {
		err = guichet.ErrAbsent
	}
	if err != nil {
		return nil, err
	}
	c := &cs[0]
	err = t.tous("SELECT numero_asp, montant, tirage, ecart FROM controle_ligne WHERE controle_id = ? ORDER BY rang", []any{string(id)}, func(scan func(...any) error) error {
		var l guichet.LigneControle
		var montant int64
		err := scan(&l.NumeroASP, &montant, &l.Tirage, &l.Ecart)
		l.Montant = segur.Montant(montant)
		c.Lignes = append(c.Lignes, l)
		return err
	})
	return c, err
}

func (t *transaction) MajControle(c *guichet.Controle) error {
	etat, err := texteJSON(c)
	if err != nil {
		return err
	}
	if _, err := t.executer("UPDATE controle SET etat = ? WHERE id = ?", etat, string(c.ID)); err != nil {
		return err
	}
	for i, l := range c.Lignes {
		if l.Tirage == 0 {
			continue
		}
		if _, err := t.executer("UPDATE controle_ligne SET tirage = ?, ecart = ? WHERE controle_id = ? AND rang = ?", l.Tirage, l.Ecart, string(c.ID), i+1); err != nil {
			return err
		}
	}
	return nil
}
