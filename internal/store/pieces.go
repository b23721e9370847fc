package store

import "guichet.example/internal/guichet"

const colonnesPiece = "numero_asp, nom, type, format, taille, sha256, recue, antivirus"

func (t *transaction) AjouterPieces(ps []guichet.Piece) error {
	rangs := make([][]any, len(ps))
	rang := map[guichet.NumeroASP]int{}
	for i, p := range ps {
		rang[p.NumeroASP]++
		rangs[i] = []any{string(p.NumeroASP), p.Nom, p.Type, p.Format, p.Taille, p.SHA256, instant(p.Recue), p.Analyse, rang[p.NumeroASP]}
	}
	return t.inserer("piece", colonnesPiece+", rang", "", rangs)
}

func (t *transaction) pieces(q string, args ...any) (ps []guichet.Piece, err error) {
	err = t.tous(q, args, func(scan func(...any) error) error {
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

func (t *transaction) Pieces(ns ...guichet.NumeroASP) (ps []guichet.Piece, err error) {
	for len(ns) > 0 {
		n := min(len(ns), parLecture)
		textes := make([]string, n)
		for i := range n {
			textes[i] = string(ns[i])
		}
		q, args := parmi(textes)
		part, err := t.pieces("SELECT "+colonnesPiece+" FROM piece WHERE numero_asp "+q+" ORDER BY numero_asp, rang", args...)
		if err != nil {
			return nil, err
		}
		ps, ns = append(ps, part...), ns[n:]
	}
	return ps, nil
}

func (t *transaction) PiecesDepot(id guichet.DepotID) ([]guichet.Piece, error) {
	return t.pieces("SELECT p.numero_asp, p.nom, p.type, p.format, p.taille, p.sha256, p.recue, p.antivirus FROM demande d JOIN piece p ON p.numero_asp = d.numero_asp WHERE d.depot_id = ? ORDER BY d.rang, p.rang", string(id))
}

func (t *transaction) RemplacerPieces(n guichet.NumeroASP, ps []guichet.Piece) error {
	if _, err := t.executer("DELETE FROM piece WHERE numero_asp = ?", string(n)); err != nil {
		return err
	}
	return t.AjouterPieces(ps)
}

func (t *transaction) RecevoirPieces(ps []guichet.Piece) error {
	for _, p := range ps {
		if _, err := t.executer("UPDATE piece SET taille = ?, sha256 = ?, recue = ?, antivirus = ? WHERE numero_asp = ? AND nom = ?", p.Taille, p.SHA256, instant(p.Recue), p.Analyse, string(p.NumeroASP), p.Nom); err != nil {
			return err
		}
	}
	return nil
}
