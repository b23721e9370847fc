package store

import (
	"time"

	"guichet.example/internal/guichet"
)

func (t *transaction) AjouterLettre(l *guichet.Lettre) error {
	charge, err := texteJSON(l.Charge)
	if err != nil {
		return err
	}
	return t.inserer("lettre", "numero_asp, genre, date, charge, lue, lue_par", "", [][]any{{string(l.NumeroASP), string(l.Genre), instant(l.Date), charge, "", ""}})
}

func (t *transaction) Lettres(n guichet.NumeroASP) (ls []guichet.Lettre, err error) {
	rangs := map[guichet.GenreLettre]int{}
	err = t.tous("SELECT id, numero_asp, genre, date, charge, lue, lue_par FROM lettre WHERE numero_asp = ? ORDER BY id", []any{string(n)}, func(scan func(...any) error) error {
		var l guichet.Lettre
		var date, charge, lue string
		if err := scan(&l.ID, &l.NumeroASP, &l.Genre, &date, &charge, &lue, &l.LuePar); err != nil {
			return err
		}
		var le lectures
		l.Date, l.Lue = le.instant(date), le.instant(lue)
		le.json(charge, &l.Charge)
		rangs[l.Genre]++
		l.Rang = rangs[l.Genre]
		ls = append(ls, l)
		return le.err
	})
	return ls, err
}

func (t *transaction) MarquerLue(id int64, quand time.Time, par string) error {
	_, err := t.executer("UPDATE lettre SET lue = ?, lue_par = ? WHERE id = ? AND lue = ''", instant(quand), par, id)
	return err
}

func (t *transaction) EntreesDe(objet string, max int) (es []guichet.Entree, err error) {
	return t.entrees("WHERE objet = ? ORDER BY numero LIMIT ?", objet, max)
}
