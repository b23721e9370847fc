package guichet

import "time"

// Instruction is what the store keeps for the people who examine and steer.
type Instruction interface {
	Reglages
	Notes
	Files
	Ombres
	Selections
	Mesures
}

// Reglages keeps what people set up, a few rows a kind.
type Reglages interface {
	Reglages(g GenreReglage) ([]Reglage, error) // oldest first
	PoserReglage(*Reglage) error                // adds when ID is 0, and sets it
	OterReglage(g GenreReglage, id int64) error
}

// GenreReglage is a kind of thing that people set up. The words are kept.
type GenreReglage string

// The kinds of settings.
const (
	reglageVue          GenreReglage = "vue"          // a [Vue]
	reglageDefaut       GenreReglage = "vue_defaut"   // a [vueDefaut]
	reglageRegle        GenreReglage = "affectation"  // a [RegleAffectation]
	reglageAnnonce      GenreReglage = "annonce"      // an [Annonce]
	reglageFutur        GenreReglage = "regles"       // a [ReglesFutures]
	reglageConservation GenreReglage = "conservation" // the one [PassageConservation]
)

// Reglage is one thing set up, as the store has it.
type Reglage struct {
	ID    int64
	Genre GenreReglage
	Etat  []byte // JSON
}

// Notes keeps the notes of agents.
type Notes interface {
	AjouterNote(*Note) error         // and sets its ID
	Notes(NumeroASP) ([]Note, error) // oldest first
	MajNote(*Note) error             // strikes it: nothing else of it changes
}

// Files counts what waits for officers.
type Files interface {
	// CompterJusqua counts what a filter finds, and stops at max.
	CompterJusqua(f Filtre, max int) (int, error)
	// Charges counts the requests that each officer has to examine.
	Charges() (map[CompteID]int, error)
}

// Ombres keeps what rules to come would hit.
type Ombres interface {
	// PoserOmbres writes hits; those of the same request are replaced.
	PoserOmbres(regles int64, os []Ombre) error
	OterOmbres(regles int64) error
	// Ombres lists hits by the order of their requests, behind one.
	Ombres(regles, apres int64, max int) ([]Ombre, error)
	CompterOmbres(regles int64) (int, error)
}

// Selections keeps decisions on many requests while they are under way.
type Selections interface {
	AjouterSelection(*Selection, []NumeroASP) error
	Selection(id string) (*Selection, error)
	MajSelection(*Selection) error
	// LignesSelection lists the lines behind a rank: the number asked, and its
	// result once it has one.
	LignesSelection(id string, apres, max int) ([]ResultatDecision, error)
	// PoserResultats gives the lines behind a rank their results.
	PoserResultats(id string, apres int, rs []ResultatDecision) error
}

// Mesures reads what statistics are made of, a row at a time, and bounds what
// it holds. Instants are of [debut, fin[.
type Mesures interface {
	// ParcourirStatuts gives the entries into statuses of the requests of a
	// supplier (0 = of all), those of one request together and in their order.
	ParcourirStatuts(four FournisseurID, f func(n NumeroASP, s Statut, quand time.Time) error) error
	// ParcourirFlux gives the acts that engage, pay or call back money, in any
	// order.
	ParcourirFlux(x Fenetre, f func(Flux) error) error
	AjouterRejets(DepotID, map[string]int) error
	// Rejets counts lines refused at deposit by code.
	Rejets(debut, fin time.Time, f FournisseurID) (map[string]int, error)
}
