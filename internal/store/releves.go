package store

import (
	"guichet.example/internal/guichet"
)

func (t *transaction) AjouterReleve(r *guichet.ReleveRecu, contenu []byte) error {
	serie, err := t.Suivant("releve", 1)
	if err != nil {
		return err
	}
	return t.inserer("releve", "sha256, serie, format, message, cree, par, contenu", "", [][]any{{r.SHA256, serie, r.Format, r.Message, instant(r.Cree), r.Par, t.z.comprimer(contenu)}})
}

func (t *transaction) Releve(sha256 string) (*guichet.ReleveRecu, []byte, error) {
	r := guichet.ReleveRecu{SHA256: sha256}
	var cree string
	var b []byte
	if err := t.un("SELECT format, message, cree, par, contenu FROM releve WHERE sha256 = ?", []any{sha256}, &r.Format, &r.Message, &cree, &r.Par, &b); err != nil {
		return nil, nil, err
	}
	var err error
	if r.Cree, err = lireInstant(cree); err != nil {
		return nil, nil, err
	}
	contenu, err := t.z.lire(b)
	return &r, contenu, err
}

func (t *transaction) Releves(max int) (rs []guichet.ReleveRecu, err error) {
	err = t.tous("SELECT sha256, format, message, cree, par FROM releve ORDER BY serie DESC LIMIT ?", []any{max}, func(scan func(...any) error) error {
		var r guichet.ReleveRecu
		var cree string
		if err := scan(&r.SHA256, &r.Format, &r.Message, &cree, &r.Par); err != nil {
			return err
		}
		var err error
		r.Cree, err = lireInstant(cree)
		rs = append(rs, r)
		return err
	})
	return rs, err
}
