package store

import (
	"strings"

	"guichet.example/internal/guichet"
)

// conditions are what rows must meet, with their arguments.
type conditions struct {
	textes []string
	args   []any
}

func (c *conditions) et(texte string, args ...any) {
	c.textes, c.args = append(c.textes, texte), append(c.args, args...)
}

func (c *conditions) ou() string { return strings.Join(append(c.textes, "1 = 1"), " AND ") }

// appartenance holds rows to a supplier and to some of its ANS numbers: " WHERE"
// with its conditions, or nothing when there are none.
func appartenance(f guichet.FournisseurID, numerosAns []string) (string, []any) {
	var c conditions
	if f != 0 {
		c.et("fournisseur_id = ?", int64(f))
	}
	if len(numerosAns) > 0 {
		q, args := parmi(numerosAns)
		c.et("numero_ans "+q, args...)
	}
	if c.textes == nil {
		return "", nil
	}
	return " WHERE " + strings.Join(c.textes, " AND "), c.args
}

// Demandes implements [guichet.Demandes]. A page of a list costs what it shows,
// however many requests there are: each status has an index in the order of
// the list, and a filter that names none asks each status for its page.
func (t *transaction) Demandes(f guichet.Filtre) ([]guichet.Demande, error) {
	var c conditions
	if err := t.filtrer(&c, f); err != nil {
		return nil, err
	}
	statuts := statutsDe(f)
	if f.Statut != "" {
		c.et("statut = ?", string(f.Statut))
	}
	if len(statuts) > 0 {
		c = parStatut(c, statuts, ordre(f), f.Max)
	}
	q, args := c.ou()+ordre(f), c.args
	if f.Max > 0 {
		q, args = q+" LIMIT ?", append(args, f.Max)
	}
	return t.demandes(q, args...)
}

func ordre(f guichet.Filtre) string {
	if f.Decroissant {
		return " ORDER BY serie DESC"
	}
	return " ORDER BY serie"
}

// statutsDe lists the statuses to ask one after the other; none when another
// index, or the order itself, finds the page.
func statutsDe(f guichet.Filtre) (ss []guichet.Statut) {
	if f.Max <= 0 || f.Statut != "" || f.DepotID != "" || f.LotID != "" || f.FournisseurID == 0 && f.Acteur == "" {
		return nil
	}
	for _, e := range guichet.Etats() {
		if f.Acteur == "" || e.Attend(f.Acteur) {
			ss = append(ss, e.Statut)
		}
	}
	return ss
}

// parStatut selects the page of each status, and leaves it to the caller to
// take the first of them all.
func parStatut(c conditions, statuts []guichet.Statut, ordre string, max int) conditions {
	var r conditions
	parts := make([]string, len(statuts))
	for i, s := range statuts {
		parts[i] = "SELECT serie FROM (SELECT serie FROM demande WHERE statut = ? AND " + c.ou() + ordre + " LIMIT ?) AS page"
		r.args = append(append(append(r.args, string(s)), c.args...), max)
	}
	r.textes = []string{"serie IN (" + strings.Join(parts, " UNION ALL ") + ")"}
	return r
}

// filtrer adds all conditions but that of the status.
func (t *transaction) filtrer(c *conditions, f guichet.Filtre) error {
	if f.FournisseurID != 0 {
		c.et("fournisseur_id = ?", int64(f.FournisseurID))
	}
	if len(f.NumerosAns) > 0 {
		q, args := parmi(f.NumerosAns)
		c.et("numero_ans "+q, args...)
	}
	if f.Type != "" {
		c.et("type = ?", string(f.Type))
	}
	if f.Texte != "" {
		chercher(c, strings.ToUpper(f.Texte))
	}
	if f.DepotID != "" {
		// The deposit knows its requests: they need no index for it.
		c.et("serie >= (SELECT serie FROM depot WHERE id = ?)", string(f.DepotID))
		c.et("serie < (SELECT serie + acceptees FROM depot WHERE id = ?)", string(f.DepotID))
	}
	if f.LotID != "" {
		c.et("lot_id = ?", string(f.LotID))
	}
	if f.Acteur != "" {
		c.et("acteur = ?", f.Acteur)
	}
	if f.AgentID != 0 {
		c.et("agent_id <> 0 AND agent_id = ?", int64(f.AgentID))
	}
	if f.Libre {
		c.textes = append(c.textes, "agent_id = 0")
		if f.Statut == guichet.Deposee { // in words, for the index of what nobody has
			c.textes = append(c.textes, "statut = 'deposee'")
		}
	}
	if !f.Retard.Nul() {
		c.et("echeance <> '' AND echeance < ?", jour(f.Retard))
	}
	switch {
	case f.Apres != 0 && f.Decroissant:
		c.et("serie < ?", f.Apres)
	case f.Apres != 0:
		c.et("serie > ?", f.Apres)
	}
	if !f.Depuis.IsZero() {
		return t.depuis(c, instant(f.Depuis))
	}
	return nil
}

// chercher looks for a part of a number; a whole numeroASP is a request.
func chercher(c *conditions, texte string) {
	if serie, ok := guichet.NumeroASP(texte).Serie(); ok {
		c.et("serie = ?", serie)
		return
	}
	motif := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(texte) + "%"
	c.et(`(numero_asp LIKE ? ESCAPE '\' OR UPPER(numero_editeur) LIKE ? ESCAPE '\' OR finess LIKE ? ESCAPE '\')`, motif, motif, motif)
}

// peuMax is how many changes are few: they are listed first then, and the
// other conditions judge them alone. When there are more, the order of the
// list soon meets a page of them.
const peuMax = 2000

// depuis holds what has changed since an instant. What was deposited since is
// found by its deposit, what was touched later by an index of its own.
func (t *transaction) depuis(c *conditions, quand string) error {
	const (
		deposees = "SELECT serie FROM demande WHERE serie >= (SELECT MIN(serie) FROM depot WHERE acceptees > 0 AND date >= ?)"
		touchees = "SELECT serie FROM demande WHERE modifie <> cree AND modifie >= ?"
	)
	var n int
	if err := t.un("SELECT COUNT(*) FROM (SELECT 1 FROM ("+deposees+" LIMIT ?) AS a UNION ALL SELECT 1 FROM ("+touchees+" LIMIT ?) AS b) AS x", []any{quand, peuMax, quand, peuMax}, &n); err != nil {
		return err
	}
	if n < peuMax {
		c.et("serie IN ("+deposees+" UNION ALL "+touchees+")", quand, quand)
	}
	c.et("modifie >= ?", quand)
	return nil
}
