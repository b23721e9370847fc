package suivi

import (
	"strconv"

	"guichet.example/internal/atelier/tableau"
	"guichet.example/segur"
)

// Ecarts are where the portal and the ledger do not agree, by numeroEditeur and
// by deposit.
type Ecarts struct {
	Autres   []string // at the portal under a number of this ledger, and not its own
	Absentes []string // not listed by the portal that has them
	Inconnus []string // deposits that the portal does not know
}

// AppendJSON writes the table with its sums behind dst, one object; e is nil
// when no portal was asked.
func AppendJSON(dst []byte, jour segur.Jour, b *Bilan, t *tableau.Tableau, e *Ecarts) []byte {
	dst = segur.AppendMembreJSON(append(dst, '{'), "date", jour.ISO())
	dst = append(dst, `, "bilan": {`...)
	for i, x := range []struct {
		cle string
		s   Somme
	}{{"demandees", b.Demandees}, {"attendues", b.Attendues}, {"acceptees", b.Acceptees}, {"refusees", b.Refusees}, {"payees", b.Payees}, {"aFaire", b.AFaire}} {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = appendSomme(append(append(append(dst, '"'), x.cle...), `": {`...), x.s)
	}
	dst = append(dst, `}, "statuts": [`...)
	for i, e := range b.ParStatut {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = segur.AppendMembreJSON(append(dst, '{'), "statut", e.Statut)
		dst = segur.AppendMembreJSON(append(dst, ", "...), "libelle", e.Libelle)
		dst = appendSomme(append(dst, ", "...), e.Somme)
	}
	dst = append(dst, `], "demandes": `...)
	dst = t.AppendJSON(dst)
	if e != nil {
		dst = segur.AppendTextesJSON(append(dst, `, "ecarts": {"autres": `...), e.Autres)
		dst = segur.AppendTextesJSON(append(dst, `, "absentes": `...), e.Absentes)
		dst = append(segur.AppendTextesJSON(append(dst, `, "depotsInconnus": `...), e.Inconnus), '}')
	}
	return append(dst, '}')
}

// appendSomme writes the members of a sum and ends its object.
func appendSomme(dst []byte, s Somme) []byte {
	dst = strconv.AppendInt(append(dst, `"nombre": `...), int64(s.Nombre), 10)
	for _, m := range []struct {
		cle string
		m   segur.Montant
	}{{"ht", s.HT}, {"avance", s.Avance}, {"solde", s.Solde}} {
		dst = segur.AppendMembreJSON(append(dst, ", "...), m.cle, m.m.String())
	}
	return append(dst, '}')
}
