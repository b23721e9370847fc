package store

import (
	"errors"

	"guichet.example/internal/guichet"
)

const colonnesPiece = "numero_asp, nom, type, format, taille, sha256, recue, antivirus"

func (t *transaction) PiecesRecues(ns ...guichet.NumeroASP) (ps []guichet.Piece, err error) {
	for len(ns) > 0 {
		n := min(len(ns), parLecture)
		textes := make([]string, n)
		for i := range n {
			textes[i] = string(ns[i])
		}
		q, args := parmi(textes)
		part, err := t.pieces("numero_asp "+q, args)
		if err != nil {
			return nil, err
		}
		ps, ns = append(ps, part...), ns[n:]
	}
	return ps, nil
}

func (t *transaction) pieces(condition string, args []any) (ps []guichet.Piece, err error) {
	err = t.tous("SELECT "+colonnesPiece+" FROM piece WHERE "+condition+" ORDER BY numero_asp, nom", args, func(scan func(...any) error) error {
		var p guichet.Piece
		var recue string
		if err := scan(&p.NumeroASP, &p.Nom, &p.Type, &p.Format, &p.Taille, &p.SHA256, &recue, &p.Analyse); err != nil {
			return err
		}
		var err error
		p.Recue, err = lireInstant(recue)
		ps = append(ps, p)
		return err
	})
	return ps, err
}

func (t *transaction) RecevoirPieces(ps []guichet.Piece) error {
	rangs := make([][]any, len(ps))
	for i, p := range ps {
		rangs[i] = []any{string(p.NumeroASP), p.Nom, p.Type, p.Format, p.Taille, p.SHA256, instant(p.Recue), p.Analyse}
	}
	return t.inserer("piece", colonnesPiece, " ON CONFLICT (numero_asp, nom) DO UPDATE SET type = excluded.type, format = excluded.format, taille = excluded.taille, sha256 = excluded.sha256, recue = excluded.recue, antivirus = excluded.antivirus", rangs)
}

func (t *transaction) OterPieces(n guichet.NumeroASP, noms []string) error {
	var errs error
	for _, nom := range noms {
		_, err := t.executer("DELETE FROM piece WHERE numero_asp = ? AND nom = ?", string(n), nom)
		errs = errors.Join(errs, err)
	}
	return errs
}
