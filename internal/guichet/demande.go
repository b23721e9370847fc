package guichet

import (
	"time"

	"guichet.example/segur"
)

// Demande is one request, as it stands.
type Demande struct {
	NumeroASP     NumeroASP
	Serie         int64 // order of acceptance
	DepotID       DepotID
	Rang          int
	FournisseurID FournisseurID
	NumeroAns     string
	Siret         string
	Type          segur.TypeDemande
	NumeroEditeur string
	Statut        Statut
	Abrege        Abrege
	Champs        Champs // nil unless it is read alone: see [Guichet.Demande]
	Montants      Montants
	Avance        NumeroASP // of a balance: the advance's number; "" otherwise
	Finess, Carte string    // copies of the fields that alerts compare
	DateCommande  segur.Jour
	Tranche       string            // chosen at validation
	Verifications map[string]string // check-list, answered at validation
	Verifie       *Verifie          // which list it was, who answered it and when; nil = not yet
	RefusPropose  []string          // reasons of a proposed refusal; nil = none
	Modification  *Modification     // what was last asked of the supplier
	Decision      *Decision
	Retiree       *Remplacee // decision that was withdrawn and that the next replaces; nil = none
	LotID         LotID      // the payment batch it stands in; "" = none
	Audit         *Audit
	AgentID       CompteID   // who is to examine it; 0 = nobody yet
	Echeance      segur.Jour // zero = no due date
	Cree, Modifie time.Time
	Efface        time.Time // what it says of people was erased; zero = it was not
}

// Champs are the values of a request: the JSON text of each leaf by its
// balise, and that of the list of pieces under "piecesJustificatives".
type Champs map[string]string

// Abrege is what every reading of a request needs of its values.
type Abrege struct {
	Regime string // VAT, "TTC" or "HT"
	Pieces []PieceDeclaree
}

// PieceDeclaree is a supporting document as the request names it. Control has
// held its name to the form of the format.
type PieceDeclaree struct{ Nom, Format, Type string }

// Montants is the money of a request.
type Montants struct {
	HT, Base, Avance, Solde segur.Montant
	Verse                   segur.Montant // what was paid of this request
}

// APayer is what awarding the request is worth: the advance, or the balance.
func (d *Demande) APayer() segur.Montant {
	if d.Type == segur.Solde {
		return d.Montants.Solde
	}
	return d.Montants.Avance
}

// Modification is what an officer asked the supplier to change.
type Modification struct {
	Motifs   []string   `json:"motifs"`
	Cibles   []string   `json:"cibles"`
	Echeance segur.Jour `json:"echeance"`
	Message  string     `json:"message"`
}

// Decision is an award or a refusal.
type Decision struct {
	Sens     string     `json:"sens"` // "attribution" or "refus"
	Date     time.Time  `json:"date"`
	Motifs   []string   `json:"motifs"`
	Remplace *Remplacee `json:"remplace,omitempty"` // nil = it is the first
}

// Remplacee is a decision that another took the place of.
type Remplacee struct {
	Sens      string    `json:"sens"`
	Date      time.Time `json:"date"`
	Reference string    `json:"reference"` // of its letter
	Motif     string    `json:"motif"`     // why it was replaced
}

// Verifie tells of the check-list of a validation: it was that of a day.
type Verifie struct {
	Liste string    `json:"liste"`
	Date  time.Time `json:"date"`
	Par   string    `json:"par"`
}

// Audit is the a posteriori control of one paid request.
type Audit struct {
	Motif        string        `json:"motif"`
	Conforme     *bool         `json:"conforme"` // nil until found
	Observations string        `json:"observations"`
	Recouvre     bool          `json:"recouvre"`
	Recouvrement segur.Montant `json:"recouvrement"` // ordered back, over all audits
	Controle     ControleID    `json:"controle"`     // that drew the request; "" = opened by hand
	Avant        segur.Jour    `json:"avant"`        // last day of the supplier's answer to a finding against it
	Reponse      string        `json:"reponse"`      // of the supplier; "" = none
	RepondeLe    segur.Jour    `json:"repondeLe"`
	Classe       string        `json:"classe"` // why it ended without recovery; "" = it did not
}

// Passage is one line of a request's history.
type Passage struct {
	NumeroASP NumeroASP
	Date      time.Time
	Acte      Action
	CompteID  CompteID
	Acteur    string // account; see [Guichet.Historique] for what suppliers see
	Metier    string // duty under which it was done: "fournisseur", "instructeur"…
	Statut    Statut // entered by it; "" = none
	Detail    string // French, for people
}

// Piece is a supporting document that a request declares.
type Piece struct {
	NumeroASP NumeroASP
	Nom       string
	Type      string // value of typeFichier
	Format    string // value of formatFichier
	Taille    int64  // 0 = not received
	SHA256    string // "" = not received
	Recue     time.Time
	Analyse   string // state of the virus scan: see analyse.go
}

// Depot is one file deposited whose control 1 passed.
type Depot struct {
	ID            DepotID
	FournisseurID FournisseurID
	CompteID      CompteID
	Type          segur.TypeDemande
	NumeroAns     string
	Nom           segur.NomFichier
	NomFichier    string
	Date          time.Time
	SHA256        string
	Taille        int64
	Rapport       []byte // control report, JSON
	Verdict       segur.Verdict
	Acceptees     int
	Rejetees      int
	Serie         int64            // of the first accepted request; the others follow it
	Certificat    *CertificatDepot // nil = none came with it; of one deposit read alone
}

// Campagne is what a funding campaign fixes: windows, rates, ceilings.
type Campagne struct {
	ID                int64
	Libelle           string
	Couloir, Logiciel string
	Ouverture         time.Time // first instant of deposits
	Fermeture         time.Time // deposits stop here
	Bareme            segur.Bareme
	Plafond           segur.Montant // highest amount HT that a request may ask
	Tranches          []Tranche
	Banniere          string // shown on every page; "" = none
}

// Tranche is a size of pharmacy and its ceiling.
type Tranche struct {
	Code    string        `json:"code"`
	Libelle string        `json:"libelle"`
	HT      segur.Montant `json:"ht"`
	TTC     segur.Montant `json:"ttc"`
}

// Ouverte tells whether deposits are taken at an instant.
func (c *Campagne) Ouverte(t time.Time) bool {
	return !t.Before(c.Ouverture) && t.Before(c.Fermeture)
}

// Tranche finds a tranche by its code.
func (c *Campagne) Tranche(code string) (Tranche, bool) {
	for _, t := range c.Tranches {
		if t.Code == code {
			return t, true
		}
	}
	return Tranche{}, false
}

// StatutLot is where a payment batch stands.
type StatutLot string

// The statuses of a batch.
const (
	LotPrepare  StatutLot = "prepare"
	LotApprouve StatutLot = "approuve"
	LotRegle    StatutLot = "regle"
)

// Libelle is the French name of a status.
func (s StatutLot) Libelle() string {
	return map[StatutLot]string{LotPrepare: "préparé", LotApprouve: "approuvé", LotRegle: "réglé"}[s]
}

// Lot is a payment batch, frozen at its preparation.
type Lot struct {
	ID          LotID
	Statut      StatutLot
	PreparePar  CompteID
	ApprouvePar CompteID
	Total       segur.Montant // to be transferred: the payments, less what is kept back
	Empreinte   string        // over the frozen list
	Cree        time.Time
	Approuve    time.Time
	Regle       segur.Jour
	Lignes      []LigneLot
}

// LigneLot is one payment of a batch.
type LigneLot struct {
	NumeroASP NumeroASP
	Montant   segur.Montant // due for the request
	Retenue   segur.Montant // kept back of it for what the supplier owes: see [Creance]
	Rejet     string        // bank's reason; "" = none
}

// Net is what is transferred; 0 = all of it is kept back, and there is no
// transfer.
func (l LigneLot) Net() segur.Montant { return l.Montant - l.Retenue }

// Ordre is the name (MsgId) of the payment order made of the batch, by which
// the bank answers.
func (id LotID) Ordre() string { return "LOT-" + string(id[:min(len(id), 24)]) }
