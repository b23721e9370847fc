package guichet

import (
	"net/netip"
	"slices"
	"time"
)

// A type for each identifier of the business, so that none is taken for
// another.
type (
	// CompteID names an account.
	CompteID int64
	// FournisseurID names a supplier; 0 = the agency.
	FournisseurID int64
	// DepotID names a deposit: 32 hexadecimal digits.
	DepotID string
	// LotID names a payment batch: 32 hexadecimal digits.
	LotID string
	// ControleID names an audit campaign.
	ControleID string
	// NumeroASP names a request; see [NumeroDeSerie].
	NumeroASP string
)

// Compte is one person's account.
type Compte struct {
	ID            CompteID
	Identifiant   string // what the person signs in with; unique
	Nom           string // as pages show it
	MotDePasse    string // argon2id, see [HacherMotDePasse]; "" = none set
	Roles         []Role
	FournisseurID FournisseurID // 0 = an agent
	Actif         bool
	Cree          time.Time
}

// Agent tells an account of the agency.
func (c *Compte) Agent() bool { return c.FournisseurID == 0 }

// A tells whether the account has a duty.
func (c *Compte) A(r Role) bool { return slices.Contains(c.Roles, r) }

// Acteur is somebody who acts, and from where.
type Acteur struct {
	Compte
	Adresse netip.Addr
}

// Jeton is an API token, without its secret.
type Jeton struct {
	ID        int64
	CompteID  CompteID
	Nom       string
	Empreinte string // SHA-256 of the secret, hexadecimal
	Cree      time.Time
	Expire    time.Time // zero = never
	Reseaux   []netip.Prefix
	Usage     time.Time // last use, to the hour; zero = never
	Revoque   bool
}

// Session is one sign-in on the pages.
type Session struct {
	Empreinte  string // SHA-256 of the cookie's secret
	CompteID   CompteID
	Cree       time.Time
	Expire     time.Time
	Adresse    string
	Navigateur string
}

// Fournisseur is a supplier of software, as enrolled.
type Fournisseur struct {
	ID            FournisseurID
	RaisonSociale string
	Siret         string
	IBAN, BIC     string
	Courriel      string
	Actif         bool
}

// NumeroAns is a reference of a supplier's software.
type NumeroAns struct {
	Numero            string
	FournisseurID     FournisseurID
	Couloir, Logiciel string
}
