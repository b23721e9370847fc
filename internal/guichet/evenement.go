package guichet

import (
	"encoding/json"
	"strconv"
	"time"

	"guichet.example/segur"
)

// GenreEvenement is a kind of thing that a supplier is told of.
type GenreEvenement string

// The kinds of events. A kind keeps its meaning for ever: programs of
// suppliers hold on to it.
const (
	EvenementDepot        GenreEvenement = "depot"           // a file was deposited and answered
	EvenementStatut       GenreEvenement = "statut"          // a request entered a status; webhooks only
	EvenementModification GenreEvenement = "modification"    // a modification is asked
	EvenementDecision     GenreEvenement = "decision"        // awarded or refused
	EvenementPaiement     GenreEvenement = "paiement"        // paid
	EvenementRejet        GenreEvenement = "paiement_rejete" // sent back by the bank
	EvenementRappel       GenreEvenement = "rappel"          // a due date is near
	EvenementExpiration   GenreEvenement = "expiration"      // a due date is over
	EvenementPiece        GenreEvenement = "piece_ecartee"   // a document carries a threat
	EvenementControle     GenreEvenement = "controle"        // found against a paid request, or money is ordered back
	EvenementEssai        GenreEvenement = "essai"           // asked for, to try a webhook
)

// Evenement is something that happened, as it was then.
type Evenement struct {
	ID            int64 // ascending in the order of commits
	FournisseurID FournisseurID
	Genre         GenreEvenement
	Objet         string // numeroASP or deposit
	Date          time.Time
	Charge        ChargeEvenement
}

// ChargeEvenement is what is told of an event. The JSON names are those that
// webhooks post.
type ChargeEvenement struct {
	NumeroASP      NumeroASP         `json:"numeroASP,omitempty"`
	NumeroEditeur  string            `json:"numeroEditeur,omitempty"`
	Type           segur.TypeDemande `json:"type,omitempty"`
	Statut         Statut            `json:"statut,omitempty"`
	ProchainActeur string            `json:"prochainActeur,omitempty"`
	Echeance       string            `json:"echeance,omitempty"` // AAAA-MM-JJ
	Acte           Action            `json:"acte,omitempty"`
	Sens           string            `json:"sens,omitempty"`    // of a decision
	Montant        string            `json:"montant,omitempty"` // awarded, or paid
	Motifs         []string          `json:"motifs,omitempty"`
	Cibles         []string          `json:"cibles,omitempty"`
	Message        string            `json:"message,omitempty"`
	DepotID        DepotID           `json:"depot,omitempty"`
	NomFichier     string            `json:"nomFichier,omitempty"`
	Acceptees      int               `json:"acceptees,omitempty"`
	Rejetees       int               `json:"rejetees,omitempty"`
}

// delaiAvis lets what happens together go out in one mail.
const delaiAvis = 30 * time.Second

// annoncer writes an event and asks for what follows from it, in the
// transaction of the act. Nothing is written when nobody is told of anything.
func (g *Guichet) annoncer(tx Tx, f FournisseurID, genre GenreEvenement, objet string, c ChargeEvenement) error {
	avise := g.m.Facteur != nil && genre.parCourriel()
	var bs []Abonnement
	if g.m.Appelant != nil {
		var err error
		if bs, err = tx.Abonnements(f); err != nil {
			return err
		}
	}
	if !avise && len(bs) == 0 {
		return nil
	}
	if err := tx.AjouterEvenement(&Evenement{FournisseurID: f, Genre: genre, Objet: objet, Date: g.m.Horloge(), Charge: c}); err != nil {
		return err
	}
	if avise {
		if err := g.commanderPour(tx, TravailAvis, strconv.FormatInt(int64(f), 10), nil, g.m.Horloge().Add(delaiAvis)); err != nil {
			return err
		}
	}
	for i := range bs {
		if err := g.commander(tx, TravailAppel, bs[i].cle(), nil); err != nil {
			return err
		}
	}
	return nil
}

// parCourriel tells what is worth a mail.
func (x GenreEvenement) parCourriel() bool { return x != EvenementStatut && x != EvenementEssai }

// annoncerPassage tells the supplier of a line of history.
func (g *Guichet) annoncerPassage(tx Tx, d *Demande, p Passage) error {
	genre := EvenementStatut
	c := chargeDe(d, p.Acte)
	switch p.Acte {
	case DemanderModification:
		genre = EvenementModification
		if m := d.Modification; m != nil {
			c.Motifs, c.Cibles, c.Message = m.Motifs, m.Cibles, m.Message
		}
	case Decider, Reviser:
		genre = EvenementDecision
		if x := d.Decision; x != nil {
			if c.Sens, c.Motifs = x.Sens, x.Motifs; x.Sens == "attribution" {
				c.Montant = d.APayer().String()
			}
			if x.Remplace != nil {
				c.Message = "cette décision " + x.Remplace.suite()
			}
		} else {
			c.Message = "la décision est retirée : la demande repart à l’instruction"
		}
	case ReglerLot:
		genre, c.Montant = EvenementPaiement, d.APayer().String()
	case RetournerLot:
		genre = EvenementRejet
	case Constater, Recouvrer, Classer:
		u := d.Audit
		if u == nil || u.Conforme == nil || *u.Conforme {
			return nil // the supplier has nothing to do
		}
		genre, c.Message = EvenementControle, u.annonce(p.Acte)
	case ExpirerDemande:
		genre = EvenementExpiration
	case EcarterPiece:
		genre, c.Message = EvenementPiece, p.Detail
	default:
		if p.Statut == "" {
			return nil // nothing that the supplier sees has changed
		}
	}
	return g.annoncer(tx, d.FournisseurID, genre, string(d.NumeroASP), c)
}

func chargeDe(d *Demande, acte Action) ChargeEvenement {
	c := ChargeEvenement{NumeroASP: d.NumeroASP, NumeroEditeur: d.NumeroEditeur, Type: d.Type, Statut: d.Statut, ProchainActeur: d.ProchainActeur(), Acte: acte}
	if !d.Echeance.Nul() {
		c.Echeance = d.Echeance.ISO()
	}
	return c
}

// annoncerDepot tells the supplier of a deposit.
func (g *Guichet) annoncerDepot(tx Tx, d *Depot) error {
	return g.annoncer(tx, d.FournisseurID, EvenementDepot, string(d.ID), ChargeEvenement{
		DepotID: d.ID, NomFichier: d.NomFichier, Type: d.Type, Acte: DeposerFichier, Acceptees: d.Acceptees, Rejetees: d.Rejetees})
}

// evenementJSON is an event as webhooks post it.
type evenementJSON struct {
	Numero int64          `json:"numero"`
	Date   string         `json:"date"`
	Genre  GenreEvenement `json:"genre"`
	Objet  string         `json:"objet"`
	Essai  bool           `json:"essai,omitzero"` // of a sandbox
	ChargeEvenement
}

// corpsEvenements is the body of a delivery.
func (g *Guichet) corpsEvenements(es []Evenement) ([]byte, error) {
	liste := make([]evenementJSON, len(es))
	for i, e := range es {
		liste[i] = evenementJSON{e.ID, Instant(e.Date), e.Genre, e.Objet, g.m.BacASable, e.Charge}
	}
	return json.Marshal(map[string]any{"evenements": liste})
}
