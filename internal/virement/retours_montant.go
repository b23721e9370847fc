package virement

import (
	"fmt"
	"strings"

	"guichet.example/segur"
)

// payer notes the amount of a payment: InstdAmt of the original transfer in a
// pain.002, that of the returned one in a camt.054. Sums in another currency
// are none of ours: they are left unsaid.
func (e *etat) payer(parent, valeur, devise string) error {
	if devise != "EUR" || parent != "Amt" && parent != "TxDtls" && parent != "TxAmt" && parent != "InstdAmt" {
		return nil
	}
	m, err := montantDe(valeur)
	if err != nil {
		return err
	}
	if e.montant == 0 || parent == "TxDtls" {
		e.montant = m
	}
	return nil
}

// montantDe reads an amount as banks spell it: "255", "255.0" and "255.00" are
// one amount; a fraction of a cent is none of ours.
func montantDe(s string) (segur.Montant, error) {
	entier, cents, _ := strings.Cut(s, ".")
	cents = strings.TrimRight(cents, "0")
	if len(cents) < 2 {
		cents = (cents + "00")[:2]
	}
	m, err := segur.LireMontant(entier + "." + cents)
	if err != nil {
		return 0, fmt.Errorf("le montant « %.30s » ne se lit pas ; attendu des euros et deux décimales", s)
	}
	return m, nil
}
