package guichet

import (
	"context"
	"time"

	"guichet.example/segur"
)

// Base is the store. Ecrire runs f in one transaction that no other writer
// interleaves with, and returns once the change would survive a power cut; an
// error of f undoes all that f did. f may be run again after a failure of the
// store, so it changes nothing but through tx. Lire runs f on one consistent
// state and must not write.
type Base interface {
	Ecrire(ctx context.Context, f func(tx Tx) error) error
	Lire(ctx context.Context, f func(tx Tx) error) error
	// Comprimer makes bytes as small as they are kept, before they are written:
	// writers stand in one line.
	Comprimer([]byte) Comprime
}

// Comprime are bytes as the store keeps them.
type Comprime []byte

// Tx is what a transaction can do. A method that looks for one object returns
// an error that wraps [ErrAbsent] when it is not there; one that adds, an
// error that wraps [ErrDoublon] when its key is taken.
type Tx interface {
	Comptes
	Acces
	Essais
	Fournisseurs
	Depots
	Demandes
	Valeurs
	EnNombre
	Pieces
	Lots
	Journaux
	Cles
	Suite
	Lettres
	Controles
	Instruction
	Releves
	Creances
	Effacements
}

// Comptes keeps accounts and their tokens.
type Comptes interface {
	Compte(CompteID) (*Compte, error)
	CompteNomme(identifiant string) (*Compte, error)
	Comptes(FournisseurID) ([]Compte, error) // 0 = the agents
	PoserCompte(*Compte) error               // adds when ID is 0, and sets it
	JetonDe(empreinte string) (*Jeton, error)
	Jetons(CompteID) ([]Jeton, error)
	PoserJeton(*Jeton) error
}

// Essais counts what is tried too often: passwords, codes, requests of people
// without an account.
type Essais interface {
	Essais(identifiant, reseau string, depuis time.Time) (int, error)
	DernierEssai(identifiant, reseau string) (time.Time, error) // zero = none
	PoserEssai(identifiant, reseau string, quand time.Time) error
	OterEssais(identifiant, reseau string) error
}

// Fournisseurs keeps suppliers, their ANS numbers, and campaigns.
type Fournisseurs interface {
	Fournisseur(FournisseurID) (*Fournisseur, error)
	Fournisseurs() ([]Fournisseur, error)
	PoserFournisseur(*Fournisseur) error
	NumeroAns(numero string) (*NumeroAns, error)
	NumerosAns(FournisseurID) ([]NumeroAns, error)
	PoserNumeroAns(NumeroAns) error
	Campagnes() ([]Campagne, error) // newest first
	PoserCampagne(*Campagne) error
}

// Depots keeps deposits and the numbers they use up.
type Depots interface {
	// Suivant gives n fresh numbers of a sequence and returns the first.
	Suivant(sequence string, n int) (int64, error)
	// AjouterDepot keeps a deposit; the report is that of d, and the returned file
	// is what it changes in the one received.
	AjouterDepot(d *Depot, recu, rapport Comprime, retour []segur.Epissure) error
	Depot(DepotID) (*Depot, error)
	// DepotsDe lists deposits, newest first: of a supplier (0 = of all), and of
	// these ANS numbers (none = of any).
	DepotsDe(f FournisseurID, numerosAns []string, max int) ([]Depot, error)
	Retour(DepotID) ([]byte, error)
	// Origine tells who deposited, and under which file name.
	Origine(DepotID) (identifiant, nomFichier string, err error)
	// FichiersDuJour lists the file numbers used, ascending.
	FichiersDuJour(numeroAns string, jour segur.Jour) ([]int, error)
	// Brules tells which of these numeroEditeur the supplier has used, folded
	// to upper case.
	Brules(f FournisseurID, t segur.TypeDemande, numeros []string) (map[string]bool, error)
	Bruler(f FournisseurID, t segur.TypeDemande, numeros []string) error
}

// Filtre selects requests.
type Filtre struct {
	FournisseurID FournisseurID // 0 = of all suppliers
	NumerosAns    []string      // of these; none = any
	Statut        Statut        // "" = any
	Type          segur.TypeDemande
	Texte         string    // part of a number
	Depuis        time.Time // changed since; zero = ever
	Apres         int64     // after this Serie
	DepotID       DepotID
	LotID         LotID
	Acteur        string     // prochainActeur; "" = any
	AgentID       CompteID   // who is to examine it; 0 = anybody or nobody
	Libre         bool       // nobody is to examine it yet
	Retard        segur.Jour // due before that day; zero = whatever
	Max           int        // 0 = no limit
	Decroissant   bool       // newest first (Apres is then an upper bound)
}

// Alerte is a likeness between requests that officers are shown.
type Alerte struct {
	Code     string
	Message  string
	Demandes []NumeroASP
}

// Demandes keeps requests, their history and who acted on them.
type Demandes interface {
	AjouterDemandes([]*Demande) error
	Demande(NumeroASP) (*Demande, error)
	Demandes(Filtre) ([]Demande, error)
	// MajDemande writes what acts change; see [Valeurs] for the rest.
	MajDemande(*Demande) error
	SoldeDe(avance NumeroASP) (*Demande, error) // the balance that stands, not cancelled nor refused
	// Compter counts the requests of a supplier (0 = of all) and of these ANS
	// numbers (none = of any).
	Compter(f FournisseurID, numerosAns []string) ([]Decompte, error)
	// Semblables lists likenesses, of each kind one more than SemblablesMax at
	// most: that one tells that there are more.
	Semblables(d *Demande) ([]Semblable, error)
	AjouterPassages([]Passage) error
	Passages(NumeroASP) ([]Passage, error)
	Metiers(NumeroASP, CompteID) ([]Role, error) // duties under which the account acted on it
}

// EnNombre does to many requests at once what [Demandes] does to one.
type EnNombre interface {
	// DemandesNommees leaves out what is not there.
	DemandesNommees([]NumeroASP) (map[NumeroASP]*Demande, error)
	MajDemandes([]*Demande) error
	MetiersSur([]NumeroASP, CompteID) (map[NumeroASP][]Role, error)
}

// Valeurs keeps what requests say, beside what [Abrege] keeps at hand: the
// received file, and the values of a request once they are corrected.
type Valeurs interface {
	// Recu is the received file, byte for byte.
	Recu(DepotID) ([]byte, error)
	// ChampsCorriges are all values of a request that was corrected; ErrAbsent
	// when they stand as in the received file.
	ChampsCorriges(NumeroASP) (Champs, error)
	// PoserChamps writes Champs, and all that is derived from them.
	PoserChamps(*Demande) error
}

// Decompte counts the requests of one status and type, with their money.
type Decompte struct {
	Statut Statut
	Type   segur.TypeDemande
	Nombre int
	APayer segur.Montant // advances or balances
	Verse  segur.Montant
}

// Semblable is another request that shares something.
type Semblable struct {
	NumeroASP NumeroASP
	Par       string // "finess", "carte" or "piece"
}

// Pieces keeps what is known of received documents; their bytes are in the
// [Magasin]. What is declared and missing stands in the request: see
// [Demande.Declarees].
type Pieces interface {
	PiecesRecues(...NumeroASP) ([]Piece, error)
	RecevoirPieces([]Piece) error // adds, or takes the place of what stood under the name
	OterPieces(n NumeroASP, noms []string) error
}

// Lots keeps payment batches.
type Lots interface {
	AjouterLot(*Lot) error
	Lot(LotID) (*Lot, error)
	Lots(max int) ([]Lot, error) // newest first, without their lines
	MajLot(*Lot) error
	// LotsRegles lists the settled batches that a supplier's requests stand
	// in, newest first, without their lines.
	LotsRegles(FournisseurID) ([]Lot, error)
	// Virement is the payment file kept with the batch; nil before approval.
	Virement(LotID) ([]byte, error)
	PoserVirement(LotID, []byte) error
	// LotsDe lists the batches that a request stands or stood in, oldest first.
	LotsDe(NumeroASP) ([]LotID, error)
	// LotDOrdre finds the batch that a payment order was made of: see [LotID.Ordre].
	LotDOrdre(ordre string) (LotID, error)
	// LignesReglees lists what one supplier was paid in a settled batch, in its
	// order: the frozen amounts.
	LignesReglees(LotID, FournisseurID) ([]LigneLot, error)
}

// Journaux keeps the journal.
type Journaux interface {
	// Journaliser writes entries behind the last, numbered and chained.
	Journaliser([]Entree) error
	Journal(depuis int64, max int) ([]Entree, error)
	EntreesDe(objet string, max int) ([]Entree, error) // about one object, ascending
	Lectures(FiltreLecture) ([]Entree, error)          // newest first
	TeteJournal() (numero int64, empreinte string, err error)
}

// Cles keeps the answers of calls that may be repeated.
type Cles interface {
	Cle(compte CompteID, route, cle string) (*Reponse, error)
	PoserCle(compte CompteID, route, cle string, r Reponse) error // in place of the answer that is there
}

// Reponse is the first answer to a call.
type Reponse struct {
	Corps   string // hash of what was asked
	Statut  int
	Contenu []byte
	Cree    time.Time
}

// refus tells the answer of a refusal, by its HTTP status.
func (r *Reponse) refus() bool { return r.Statut >= 400 }
