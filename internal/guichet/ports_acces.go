package guichet

import "time"

// Acces is what the store keeps of how people come in. The contract of [Tx]
// holds for each of its methods.
type Acces interface {
	Sessions
	ClesAcces
	Identites
	Ceremonies
	Appareils
}

// Sessions keeps sign-ins on the pages.
type Sessions interface {
	SessionDe(empreinte string) (*Session, error)
	Sessions(CompteID) ([]Session, error) // newest first
	PoserSession(*Session) error
	ToucherSession(empreinte string, vue time.Time) error
	OterSession(empreinte string) error
	OterSessions(c CompteID, sauf string) error // all but that hash
}

// ClesAcces keeps passkeys.
type ClesAcces interface {
	CleAcces(identifiant string) (*CleAcces, error)
	ClesAcces(CompteID) ([]CleAcces, error) // oldest first
	AjouterCleAcces(*CleAcces) error
	MajCleAcces(*CleAcces) error
	OterCleAcces(c CompteID, identifiant string) error
}

// Identites keeps which account a subject of an identity provider opens.
type Identites interface {
	Identite(emetteur, sujet string) (*Identite, error)
	Identites(CompteID) ([]Identite, error)
	PoserIdentite(*Identite) error // adds or changes
	OterIdentites(CompteID) error
}

// Ceremonies keeps what waits between two pages of a sign-in.
type Ceremonies interface {
	PoserCeremonie(*Ceremonie) error
	// PrendreCeremonie reads and takes out: a second call finds nothing.
	PrendreCeremonie(empreinte string, u UsageCeremonie) (*Ceremonie, error)
}

// Appareils keeps the browsers that accounts have signed in from.
type Appareils interface {
	// Appareil tells whether a browser is known for an account.
	Appareil(empreinte string, c CompteID, maintenant time.Time) (bool, error)
	PoserAppareil(empreinte string, c CompteID, expire time.Time) error
	OterAppareils(CompteID) error
}
