package guichet

import "time"

// Suite is what the store keeps beside requests: enrolment, secrets of one
// use, second factors, work to do outside, events and webhooks. The contract
// of [Tx] holds for each of its methods.
type Suite interface {
	Enrolements
	Liens
	SecondsFacteurs
	Travaux
	Evenements
	Abonnements
	Menage
	RegistreFiness
	Televersements
	Preferences
}

// Enrolements keeps the requests of companies that want to deposit.
type Enrolements interface {
	Enrolement(EnrolementID) (*Enrolement, error)
	// Enrolements lists those of a status ("" = any), oldest first.
	Enrolements(s StatutEnrolement, max int) ([]Enrolement, error)
	AjouterEnrolement(*Enrolement) error
	MajEnrolement(*Enrolement) error
}

// Liens keeps links that work once: activation, recovery, the wait between a
// right password and the second factor.
type Liens interface {
	Lien(empreinte string) (*Lien, error)
	PoserLien(*Lien) error
	MajLien(*Lien) error
	OterLiens(c CompteID, u UsageLien) error
	OterLien(empreinte string) error
}

// SecondsFacteurs keeps second factors and recovery codes.
type SecondsFacteurs interface {
	SecondFacteur(CompteID) (*SecondFacteur, error)
	SecondsFacteurs() ([]SecondFacteur, error) // of all accounts
	PoserSecondFacteur(*SecondFacteur) error   // adds or changes
	OterSecondFacteur(CompteID) error          // with its recovery codes
	CodesSecours(CompteID) (restants int, err error)
	PoserCodesSecours(c CompteID, empreintes []string) error // in place of all others
	// UtiliserCodeSecours takes a code out; false when it is not there.
	UtiliserCodeSecours(c CompteID, empreinte string) (bool, error)
}

// Travaux keeps the work that is done outside of a transaction.
type Travaux interface {
	// AjouterTravail adds a piece of work; nothing when one of the same kind
	// and key waits already.
	AjouterTravail(*Travail) error
	// TravauxDus lists work whose hour has come, the oldest first: that which
	// waits, and that whose worker has not been heard of since its lease ended.
	// What waits behind one of its kind and key that is under way is not due.
	TravauxDus(maintenant time.Time, max int) ([]Travail, error)
	Travail(id int64) (*Travail, error)
	// Travaux lists the work in a state ("" = any), newest first.
	Travaux(e EtatTravail, max int) ([]Travail, error)
	MajTravail(*Travail) error
	// TravailEnAttente finds work of a kind and key that waits.
	TravailEnAttente(g GenreTravail, cle string) (*Travail, error)
	// DernierTravail is the greatest key of a kind ever asked for.
	DernierTravail(g GenreTravail) (cle string, err error)
	CompterTravaux() (map[EtatTravail]int, error)
}

// Evenements keeps what suppliers are told of, in order.
type Evenements interface {
	AjouterEvenement(*Evenement) error
	// Evenements lists a supplier's from a number on (excluded), ascending.
	Evenements(f FournisseurID, apres int64, max int) ([]Evenement, error)
	DernierEvenement() (int64, error)
	// Avise is the last event that the supplier was told of by mail.
	Avise(FournisseurID) (int64, error)
	PoserAvise(f FournisseurID, jusqua int64) error
}

// Abonnements keeps webhooks and what became of their deliveries.
type Abonnements interface {
	Abonnement(AbonnementID) (*Abonnement, error)
	Abonnements(FournisseurID) ([]Abonnement, error)
	AbonnementsTous() ([]Abonnement, error) // of all suppliers, stopped ones too
	PoserAbonnement(*Abonnement) error      // adds when ID is 0, and sets it
	AjouterLivraison(*Livraison) error
	Livraisons(a AbonnementID, max int) ([]Livraison, error) // newest first
}

// Menage finds what time has made due, and takes away what it has made useless.
type Menage interface {
	// Echues lists requests of a status whose due date lies in ]apres, jusqua].
	Echues(s Statut, apres, jusqua string, max int) ([]NumeroASP, error)
	// PiecesDe lists the documents that have these bytes.
	PiecesDe(sha256 string) ([]Piece, error)
	// AAnalyser lists hashes of received documents not yet scanned.
	AAnalyser(max int) ([]string, error)
	PoserAnalyse(sha256, etat string) error
	// Purger forgets failed sign-ins, sessions, links, ceremonies and known browsers that
	// are over, work
	// done and events older than the instants given.
	Purger(maintenant, travaux, evenements time.Time) error
	CompterStatuts() (map[Statut]int, error)
}

// Preferences keeps what a person chose to see. A choice that was never made is
// "".
type Preferences interface {
	Preference(c CompteID, sujet string) (string, error)
	PoserPreference(c CompteID, sujet, valeur string) error // "" = as preset again
}
