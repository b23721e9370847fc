package store

import (
	"guichet.example/internal/guichet"
)

const colonnesJournal = "numero, date, acteur, acte, objet, resultat, adresse, detail, empreinte_precedente, empreinte, clair"

func (t *transaction) TeteJournal() (numero int64, empreinte string, err error) {
	err = t.un("SELECT numero, empreinte FROM journal_tete WHERE id = 1", nil, &numero, &empreinte)
	return numero, empreinte, err
}

func (t *transaction) Journaliser(es []guichet.Entree) error {
	numero, empreinte, err := t.TeteJournal()
	if err != nil {
		return err
	}
	rangs := make([][]any, len(es))
	for i := range es {
		e := &es[i]
		numero++
		e.Numero = numero
		if err := e.Sceller(empreinte); err != nil {
			return err
		}
		empreinte = e.Empreinte
		rangs[i] = []any{e.Numero, e.Date, e.Acteur, e.Acte, e.Objet, e.Resultat, e.Adresse, e.Detail, e.EmpreintePrecedente, e.Empreinte, e.Clair.Texte()}
	}
	if err := t.inserer("journal", colonnesJournal, "", rangs); err != nil {
		return err
	}
	_, err = t.executer("UPDATE journal_tete SET numero = ?, empreinte = ? WHERE id = 1", numero, empreinte)
	return err
}

func (t *transaction) Journal(depuis int64, max int) (es []guichet.Entree, err error) {
	return t.entrees("WHERE numero >= ? ORDER BY numero LIMIT ?", depuis, max)
}

func (t *transaction) entrees(suite string, args ...any) (es []guichet.Entree, err error) {
	err = t.tous("SELECT "+colonnesJournal+" FROM journal "+suite, args, func(scan func(...any) error) error {
		var e guichet.Entree
		var clair string
		if err := scan(&e.Numero, &e.Date, &e.Acteur, &e.Acte, &e.Objet, &e.Resultat, &e.Adresse, &e.Detail, &e.EmpreintePrecedente, &e.Empreinte, &clair); err != nil {
			return err
		}
		// What was changed by hand is shown as erased; the verification tells.
		if c, err := guichet.LireClair(clair); err == nil {
			e.Clair = c
		}
		es = append(es, e)
		return nil
	})
	return es, err
}
