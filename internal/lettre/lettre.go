// Package lettre writes what the agency sends on paper or shows as a page to
// keep: decisions, requests for modification, recovery orders, receipts of
// deposit, payment notices. Each is one [Document], written as accessible HTML
// ([Document.HTML]) and as PDF ([Document.PDF]) with the same words.
//
// Start at [Cadre], then at the function of the letter: [Attribution],
// [Refus], [Retrait], [Modification], [Constat], [Recouvrement], [Recepisse],
// [Avis]. Fixed sentences
// are dated data ([Modele]). The package computes nothing: figures come in with
// the way to them. It imports segur for amounts and days, and must never import
// the business, a store or the network.
package lettre

import (
	"errors"
	"time"

	"guichet.example/segur"
)

// Genre is a kind of letter.
type Genre string

// The kinds of letters. A kind is never renamed: it is kept with the letter.
const (
	GenreAttribution  Genre = "attribution"
	GenreRefus        Genre = "refus"
	GenreModification Genre = "modification"
	GenreRecouvrement Genre = "recouvrement"
	GenreRetrait      Genre = "retrait"
	GenreConstat      Genre = "constat"
	GenreRecepisse    Genre = "recepisse"
	GenreAvis         Genre = "avis"
)

// Partie is who writes or who is written to.
type Partie struct {
	Nom      string
	Service  string   // or the person in charge; may be empty
	Adresse  []string // lines, as they stand on an envelope; may be empty
	Courriel string   // may be empty
	SIRET    string   // may be empty
}

// Cadre is what all letters share.
type Cadre struct {
	Emetteur, Destinataire Partie
	Lieu                   string     // where it is signed; may be empty
	Date                   segur.Jour // the day of the letter, which also chooses the sentences
	Reference              string     // what to quote in an answer, unique for ever
	Signataire             string     // the office that signs; "" for a letter without signature
	CreeLe                 time.Time  // written into the PDF: the same value gives the same bytes
	BacASable              bool       // marks the letter as worth nothing
	Modeles                Modeles    // nil = [ModelesFournis]
}

// Demande is one request as letters name it.
type Demande struct {
	NumeroASP     string
	NumeroEditeur string
	Type          segur.TypeDemande
	Beneficiaire  string // FINESS of the pharmacy
}

// Motif is one reason, with what the supplier can do about it.
type Motif struct {
	Code, Libelle string
	Remede        string // may be empty
	Reference     string // of the rule; may be empty
}

// controler refuses a frame that would make a letter nobody can answer.
func (c Cadre) controler() error {
	switch {
	case c.Emetteur.Nom == "" || c.Destinataire.Nom == "":
		return errors.New("lettre : il manque le nom de l’émetteur ou du destinataire")
	case c.Reference == "":
		return errors.New("lettre : il manque la référence")
	case !c.Date.Valide():
		return errors.New("lettre : il manque la date")
	case c.CreeLe.IsZero():
		return errors.New("lettre : il manque l’instant de création")
	}
	return nil
}
