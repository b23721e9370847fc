package store

import (
	"encoding/json"
	"strings"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// Separators of an abridged text: control lets neither into a name.
const (
	finPiece = "|"
	finMot   = "/"
)

// texteAbrege spells what every reading of a request needs of its values:
// "TTC|PHA-LGO-Va1-BDC-00001.pdf/PDF/BON_COMMANDE".
func texteAbrege(a *guichet.Abrege) string {
	b := make([]byte, 0, 128)
	b = append(b, a.Regime...)
	for _, p := range a.Pieces {
		b = append(append(b, finPiece...), p.Nom...)
		b = append(append(b, finMot...), p.Format...)
		b = append(append(b, finMot...), p.Type...)
	}
	return string(b)
}

func lireAbrege(s string) (a guichet.Abrege) {
	regime, reste, encore := strings.Cut(s, finPiece)
	a.Regime = regime
	for encore {
		var un string
		un, reste, encore = strings.Cut(reste, finPiece)
		nom, suite, _ := strings.Cut(un, finMot)
		format, genre, _ := strings.Cut(suite, finMot)
		a.Pieces = append(a.Pieces, guichet.PieceDeclaree{Nom: nom, Format: format, Type: genre})
	}
	return a
}

// texteChamps spells the values of a request as one JSON object: each is JSON
// text already.
func texteChamps(c guichet.Champs) string {
	b := make([]byte, 0, 2048)
	for k, v := range c {
		sep := byte(',')
		if len(b) == 0 {
			sep = '{'
		}
		b = append(append(segur.AppendTexteJSON(append(b, sep), k), ':'), v...)
	}
	if len(b) == 0 {
		b = append(b, '{')
	}
	return string(append(b, '}'))
}

func lireChamps(s string) (guichet.Champs, error) {
	var brut map[string]json.RawMessage
	if err := json.Unmarshal([]byte(s), &brut); err != nil {
		return nil, err
	}
	c := make(guichet.Champs, len(brut))
	for k, v := range brut {
		c[k] = string(v)
	}
	return c, nil
}

// ChampsCorriges implements [guichet.Valeurs].
func (t *transaction) ChampsCorriges(n guichet.NumeroASP) (guichet.Champs, error) {
	serie, ok := n.Serie()
	if !ok {
		return nil, guichet.ErrAbsent
	}
	var s string
	if err := t.un("SELECT champs FROM demande WHERE serie = ? AND champs <> ''", []any{serie}, &s); err != nil {
		return nil, err
	}
	return lireChamps(s)
}

// PoserChamps implements [guichet.Valeurs].
func (t *transaction) PoserChamps(d *guichet.Demande) error {
	m := &d.Montants
	return t.changer("UPDATE demande SET champs = ?, abrege = ?, ht = ?, base = ?, avance = ?, solde = ?, finess = ?, carte = ?, date_commande = ? WHERE serie = ?",
		texteChamps(d.Champs), texteAbrege(&d.Abrege), int64(m.HT), int64(m.Base), int64(m.Avance), int64(m.Solde), d.Finess, d.Carte, jour(d.DateCommande), d.Serie)
}

// Recu implements [guichet.Valeurs].
func (t *transaction) Recu(id guichet.DepotID) (b []byte, err error) {
	if err := t.un("SELECT recu FROM depot_fichier WHERE depot_id = ?", []any{string(id)}, &b); err != nil {
		return nil, err
	}
	return t.z.lire(b)
}
