package guichet

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"guichet.example/segur"
)

// GenreLettre is a kind of letter on one request.
type GenreLettre string

// The kinds of letters. They are kept, and stand in addresses: none is ever
// renamed.
const (
	LettreAttribution  GenreLettre = "attribution"
	LettreRefus        GenreLettre = "refus"
	LettreModification GenreLettre = "modification"
	LettreRecouvrement GenreLettre = "recouvrement"
	LettreRetrait      GenreLettre = "retrait" // of a decision
	LettreConstat      GenreLettre = "constat" // of a control, that the request is not right
)

// delaiRemboursement is how many days a supplier has to pay back.
const delaiRemboursement = 60

// Lettre is what the agency wrote on a request, with the facts as they were
// that day: a letter never changes afterwards, whatever becomes of the request.
type Lettre struct {
	ID        int64
	NumeroASP NumeroASP
	Genre     GenreLettre
	Rang      int // from 1, among those of its kind on the request
	Date      time.Time
	Charge    ChargeLettre
	Lue       time.Time // first reading by the supplier; zero = not yet
	LuePar    string    // account
}

// Reference is what an answer to the letter quotes, unique for ever.
func (l *Lettre) Reference() string {
	codes := map[GenreLettre]string{LettreAttribution: "ATT", LettreRefus: "REF", LettreModification: "MOD", LettreRecouvrement: "REC", LettreRetrait: "RET", LettreConstat: "CON"}
	return string(l.NumeroASP) + "/" + codes[l.Genre] + strconv.Itoa(l.Rang)
}

// ChargeLettre is the facts of a letter. Which of them are filled depends on
// its kind; the JSON names are those of the store.
type ChargeLettre struct {
	Montant  segur.Montant `json:"montant,omitempty"` // awarded, or to give back
	Etapes   []segur.Etape `json:"etapes,omitempty"`  // the way to an award
	Motifs   []string      `json:"motifs,omitempty"`
	Cibles   []string      `json:"cibles,omitempty"`
	Echeance segur.Jour    `json:"echeance,omitzero"`
	Message  string        `json:"message,omitempty"`
	Reste    segur.Montant `json:"reste,omitempty"` // paid and not ordered back before
	Motif    string        `json:"motif,omitempty"`
	Controle ControleID    `json:"controle,omitempty"`
	Remplace *Remplacee    `json:"remplace,omitempty"` // decision that this one replaces or withdraws
	Mode     ModeCreance   `json:"mode,omitempty"`     // "" = written before there were two
}

// Lettres keeps letters.
type Lettres interface {
	AjouterLettre(*Lettre) error
	// Lettres lists those on a request, oldest first, each with its Rang.
	Lettres(NumeroASP) ([]Lettre, error)
	// MarquerLue notes the first reading; a later one changes nothing.
	MarquerLue(id int64, quand time.Time, par string) error
}

// ecrire keeps the letter of the act under way.
func (x *execution) ecrire(genre GenreLettre, c ChargeLettre) error {
	return x.tx.AjouterLettre(&Lettre{NumeroASP: x.d.NumeroASP, Genre: genre, Date: x.g.m.Horloge(), Charge: c})
}

// LettresVues is the letters on a request with what they name.
type LettresVues struct {
	Demande     *Demande
	Fournisseur *Fournisseur
	Lettres     []Lettre // oldest first
}

// Lettres lists the letters on a request. Nobody has read one by seeing it
// here.
func (g *Guichet) Lettres(ctx context.Context, a *Acteur, n NumeroASP) (*LettresVues, error) {
	if err := g.Autoriser(ctx, a, LireLettre, string(n)); err != nil {
		return nil, err
	}
	v := &LettresVues{}
	err := g.m.Base.Lire(ctx, func(tx Tx) error { return g.lettres(tx, a, n, v) })
	return v, err
}

func (g *Guichet) lettres(tx Tx, a *Acteur, n NumeroASP, v *LettresVues) (err error) {
	if v.Demande, err = g.demandeDe(tx, a, n); err != nil {
		return err
	}
	if v.Fournisseur, err = tx.Fournisseur(v.Demande.FournisseurID); err != nil {
		return err
	}
	v.Lettres, err = tx.Lettres(n)
	return err
}

// Lettre opens one letter: the last of its kind, or that of a rang over 0. The
// first reading by the supplier is noted on the letter, and journalled as each
// reading by an agent is.
func (g *Guichet) Lettre(ctx context.Context, a *Acteur, n NumeroASP, genre GenreLettre, rang int) (*LettresVues, *Lettre, error) {
	v, err := g.Lettres(ctx, a, n)
	if err != nil {
		return nil, nil, err
	}
	var l *Lettre
	for i := range v.Lettres {
		if x := &v.Lettres[i]; x.Genre == genre && (rang == 0 || x.Rang == rang) {
			l = x
		}
	}
	if l == nil {
		return nil, nil, erreur(Inconnu, "Ce courrier n’existe pas.")
	}
	if !a.Agent() && !l.Lue.IsZero() {
		return v, l, nil
	}
	o := operation{acteur: a, action: LireLettre, objet: string(n)}
	return v, l, g.m.Base.Ecrire(ctx, func(tx Tx) error {
		if a.Agent() {
			return g.journaliser(tx, &o, "fait", l.Reference())
		}
		ls, err := tx.Lettres(n)
		for _, x := range ls {
			if x.ID == l.ID && !x.Lue.IsZero() {
				return nil // somebody was faster
			}
		}
		if err != nil {
			return err
		}
		l.Lue, l.LuePar = g.m.Horloge(), a.Identifiant
		if err := tx.MarquerLue(l.ID, l.Lue, l.LuePar); err != nil {
			return err
		}
		return g.journaliser(tx, &o, "fait", l.Reference()+", première lecture par le fournisseur")
	})
}

// Recepisse is what attests a deposit.
type Recepisse struct {
	Depot       *Depot
	Demandes    []Demande // accepted lines, in order
	Fournisseur *Fournisseur
	Deposant    string // account
	Entree      Entree // of the journal
}

// entreesDepotMax bounds the entries that are looked through for a deposit's
// own, which is the first but for refused ones.
const entreesDepotMax = 100

// Recepisse gathers the receipt of a deposit. An agent's reading is journalled.
func (g *Guichet) Recepisse(ctx context.Context, a *Acteur, id DepotID) (*Recepisse, error) {
	if err := exiger(a, LireDepot); err != nil {
		return nil, err
	}
	r := &Recepisse{}
	err := g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		if r.Depot, err = g.depotDe(tx, a, id); err != nil {
			return err
		}
		if r.Fournisseur, err = tx.Fournisseur(r.Depot.FournisseurID); err != nil {
			return err
		}
		if r.Demandes, err = tx.Demandes(Filtre{DepotID: id}); err != nil {
			return err
		}
		if r.Deposant, _, err = tx.Origine(id); err != nil {
			return err
		}
		es, err := tx.EntreesDe(string(id), entreesDepotMax)
		for _, e := range es {
			if e.Acte == string(DeposerFichier) && e.Resultat == "fait" {
				r.Entree = e
			}
		}
		return err
	})
	if err == nil {
		err = g.noterLecture(ctx, a, LireDepot, string(id), "récépissé")
	}
	return r, err
}

// PaiementDe is what one supplier was paid in one settled batch, with the
// supplier: a payment notice. An agent's reading is journalled.
func (g *Guichet) PaiementDe(ctx context.Context, a *Acteur, f FournisseurID, lot LotID) (*Fournisseur, *Paiement, error) {
	if !a.Agent() {
		f = a.FournisseurID
	}
	ps, err := g.paiementsDe(ctx, a, f)
	if err != nil {
		return nil, nil, err
	}
	for i := range ps {
		if ps[i].Lot != lot {
			continue
		}
		var x *Fournisseur
		err := g.m.Base.Lire(ctx, func(tx Tx) (err error) {
			x, err = tx.Fournisseur(f)
			return err
		})
		if err == nil {
			err = g.noterLecture(ctx, a, LireAvis, string(lot), fmt.Sprintf("fournisseur %d", f))
		}
		return x, &ps[i], err
	}
	return nil, nil, erreur(Inconnu, "Cet avis de paiement n’existe pas.")
}

// Payes lists the suppliers that an agent may ask the notices of.
func (g *Guichet) Payes(ctx context.Context, a *Acteur) (fs []Fournisseur, err error) {
	if !a.Agent() {
		return nil, erreur(Interdit, "Votre compte ne voit que ses propres paiements.")
	}
	if err := g.Autoriser(ctx, a, LireAvis, ""); err != nil {
		return nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		fs, err = tx.Fournisseurs()
		return err
	})
	return fs, err
}
