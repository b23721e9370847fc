// Package virement speaks to the bank: it writes payment orders as
// pain.001.001.09 (ISO 20022, SEPA credit transfers) and reads what comes back,
// pain.002 and camt.054.
//
// Start at [Ecrire] and [LireRetours]; [LireIBAN] and [Translitterer] serve the
// forms that collect bank details. The package knows nothing of requests or
// batches: it imports segur for amounts and days, and must never import the
// business, a store or the network.
package virement

import (
	"time"

	"guichet.example/segur"
)

// VirementsMax bounds one order; more is a programming mistake of the caller.
const VirementsMax = 100_000

// Limits of the schema, in characters.
const (
	nomMax     = 70  // Max70Text: names, as the SEPA rulebook narrows Max140Text
	idMax      = 35  // Max35Text: MsgId, PmtInfId, EndToEndId
	libelleMax = 140 // Max140Text: unstructured remittance information
)

// Compte is a bank account and its holder.
type Compte struct {
	Nom  string // any text; written in the SEPA Latin set
	IBAN string // spaces and lower case tolerated
	BIC  string // "" = unknown: the IBAN alone routes a SEPA transfer
}

// Virement is one credit transfer in euros.
type Virement struct {
	EndToEndID   string // travels to the beneficiary and back; unique in its order
	Montant      segur.Montant
	Beneficiaire Compte
	Libelle      string // what the beneficiary reads on its statement; may be empty
}

// Ordre is one payment order: a message with one group of transfers, all
// debited from the same account on the same day.
type Ordre struct {
	MsgID         string    // unique for ever at the bank
	CreeLe        time.Time // written in its own location, to the second
	DateExecution segur.Jour
	Donneur       Compte
	Virements     []Virement
}
