package guichet

import (
	"net/netip"
	"slices"
	"time"

	"guichet.example/segur"
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
	MotDePasse    string // argon2id, see [CoutMotDePasse]; "" = none set
	Roles         []Role
	FournisseurID FournisseurID // 0 = an agent
	Actif         bool
	Cree          time.Time
	Mandat        *Mandat // of a third party that files for the supplier; nil = one of its own people
}

// Mandat is what lets somebody of another company file for a supplier. Once it
// is over the account opens nothing any more.
type Mandat struct {
	Entreprise string   // the third party
	Siret      string   // of the third party
	Fin        string   // last day, AAAA-MM-JJ, Europe/Paris
	Numeros    []string // ANS numbers that it files for; none = all of the supplier
}

// Agent tells an account of the agency.
func (c *Compte) Agent() bool { return c.FournisseurID == 0 }

// A tells whether the account has a duty.
func (c *Compte) A(r Role) bool { return slices.Contains(c.Roles, r) }

// Acteur is somebody who acts, and from where.
type Acteur struct {
	Compte
	Adresse netip.Addr
	Portees []Portee // of the token that acts; nil = a person, or an unlimited token
	Moyen   Moyen    // how the session was opened; "" = a token
	// SansSecond tells an account that must have a second factor and has none:
	// all that is open to it is enrolling one.
	SansSecond bool
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
	Portees   []Portee // what it may be used for; see [PorteeTout]
}

// Session is one sign-in on the pages.
type Session struct {
	Empreinte  string // SHA-256 of the cookie's secret
	CompteID   CompteID
	Cree       time.Time
	Expire     time.Time
	Vue        time.Time // last use, to a few minutes
	Adresse    string
	Navigateur string
	Moyen      Moyen
}

// Nom is how pages and forms call the session: part of its hash, which opens
// nothing.
func (s *Session) Nom() string { return s.Empreinte[:16] }

// Moyen is how somebody proved who he is.
type Moyen string

// The means of signing in.
const (
	ParMotDePasse Moyen = "mot_de_passe"
	ParCode       Moyen = "code"     // password and second factor
	ParCle        Moyen = "cle"      // passkey
	ParIdentite   Moyen = "identite" // the identity provider
	// ParIdentiteForte is the identity provider which asked for two factors.
	ParIdentiteForte Moyen = "identite_forte"
)

// Libelle is the French name of a means.
func (m Moyen) Libelle() string {
	return map[Moyen]string{ParMotDePasse: "mot de passe", ParCode: "mot de passe et code", ParCle: "clé d’accès", ParIdentite: "fournisseur d’identité", ParIdentiteForte: "fournisseur d’identité, deux facteurs"}[m]
}

// Origine is where a sign-in comes from.
type Origine struct {
	Adresse    netip.Addr
	Navigateur string
	Appareil   string // what [Guichet.RetenirAppareil] gave this browser; "" = nothing
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
	Retire            segur.Jour `json:",omitzero"` // no advance is deposited under it from that day on; zero = in use
}

// Admet tells whether a file of a type may be deposited under the number: one
// that is withdrawn takes the balances of its advances only.
func (n *NumeroAns) Admet(t segur.TypeDemande) bool { return n.Retire.Nul() || t == segur.Solde }
