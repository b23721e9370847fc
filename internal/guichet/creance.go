package guichet

import (
	"context"
	"errors"
	"fmt"
	"time"

	"guichet.example/segur"
)

// CreanceID names a claim.
type CreanceID int64

// ModeCreance is how a claim is settled.
type ModeCreance string

// The ways to settle a claim.
const (
	ModeRemboursement ModeCreance = "remboursement" // the supplier transfers it
	ModeCompensation  ModeCreance = "compensation"  // it is kept back of later payments
)

// Creance is what a supplier owes after a recovery was ordered: one a letter.
type Creance struct {
	ID            CreanceID
	NumeroASP     NumeroASP
	Rang          int // that of its letter, from 1
	FournisseurID FournisseurID
	Montant       segur.Montant
	Impute        segur.Montant // kept back in batches, from their preparation on
	Rembourse     segur.Montant
	Mode          ModeCreance
	Echeance      segur.Jour // last day to pay it back; zero = none was set
	Cree          time.Time
}

// Reste is what is still owed, never below 0.
func (c *Creance) Reste() segur.Montant { return c.Montant - c.Impute - c.Rembourse }

// Reference is that of the letter that orders the recovery.
func (c *Creance) Reference() string {
	l := Lettre{NumeroASP: c.NumeroASP, Genre: LettreRecouvrement, Rang: c.Rang}
	return l.Reference()
}

// Retenue is what one line of a batch keeps back for one claim.
type Retenue struct {
	Lot       LotID
	Rang      int // of the line, from 1
	CreanceID CreanceID
	Montant   segur.Montant
	Statut    StatutLot // of the batch
	Annulee   bool      // the bank returned the line: it is owed again
}

// Remboursement is a sum that a supplier paid back.
type Remboursement struct {
	CreanceID CreanceID
	Date      segur.Jour
	Reference string // the bank's, of the transfer; unique for the claim
	Montant   segur.Montant
	Cree      time.Time
	Par       string // account
}

// FiltreCreance selects claims.
type FiltreCreance struct {
	FournisseurID FournisseurID // 0 = of all
	NumerosAns    []string      // on requests of these; none = of any
	NumeroASP     NumeroASP     // "" = on any request
	Mode          ModeCreance   // "" = any
	Ouvertes      bool          // of which something is owed
	Lot           LotID         // for which that batch keeps something back; "" = any
	Max           int           // 0 = no limit
}

// Creances keeps claims, oldest first, and what became of them.
type Creances interface {
	AjouterCreance(*Creance) error // and sets its ID
	Creance(CreanceID) (*Creance, error)
	Creances(FiltreCreance) ([]Creance, error)
	MajCreance(*Creance) error
	AjouterRetenues([]Retenue) error
	RetenuesDuLot(LotID) ([]Retenue, error)
	RetenuesDe(CreanceID) ([]Retenue, error)
	AjouterRemboursement(*Remboursement) error
	Remboursements(CreanceID) ([]Remboursement, error)
}

// CreanceVue is a claim with its story.
type CreanceVue struct {
	Creance
	RaisonSociale  string
	Retenues       []Retenue
	Remboursements []Remboursement
}

// Creances lists claims, oldest first: a supplier's own, or those that an agent
// asks for.
func (g *Guichet) Creances(ctx context.Context, a *Acteur, f FiltreCreance) (cs []CreanceVue, err error) {
	if err := g.Autoriser(ctx, a, LireCreance, ""); err != nil {
		return nil, err
	}
	if !a.Agent() {
		f.FournisseurID, f.NumerosAns = a.FournisseurID, a.numerosDuMandat()
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) error {
		cs = nil
		liste, err := tx.Creances(f)
		noms := map[FournisseurID]string{}
		for _, c := range liste {
			if _, connu := noms[c.FournisseurID]; !connu {
				x, err := tx.Fournisseur(c.FournisseurID)
				if err != nil {
					return err
				}
				noms[c.FournisseurID] = x.RaisonSociale
			}
			cs = append(cs, CreanceVue{Creance: c, RaisonSociale: noms[c.FournisseurID]})
		}
		return err
	})
	return cs, err
}

// Creance shows one claim. Another supplier's is as one that does not exist.
func (g *Guichet) Creance(ctx context.Context, a *Acteur, id CreanceID) (*CreanceVue, error) {
	if err := g.Autoriser(ctx, a, LireCreance, fmt.Sprint(id)); err != nil {
		return nil, err
	}
	v := &CreanceVue{}
	return v, g.m.Base.Lire(ctx, func(tx Tx) error {
		c, err := g.creanceDe(tx, a, id)
		if err != nil {
			return err
		}
		return voirCreance(tx, c, v)
	})
}

func (g *Guichet) creanceDe(tx Tx, a *Acteur, id CreanceID) (*Creance, error) {
	c, err := tx.Creance(id)
	if err == nil && !a.Agent() {
		if _, err = g.demandeDe(tx, a, c.NumeroASP); GenreDe(err) == Inconnu {
			err = ErrAbsent
		}
	}
	return c, absent(err, "Ce recouvrement n’existe pas.")
}

func voirCreance(tx Tx, c *Creance, v *CreanceVue) error {
	f, err := tx.Fournisseur(c.FournisseurID)
	if err != nil {
		return err
	}
	*v = CreanceVue{Creance: *c, RaisonSociale: f.RaisonSociale}
	if v.Retenues, err = tx.RetenuesDe(c.ID); err != nil {
		return err
	}
	v.Remboursements, err = tx.Remboursements(c.ID)
	return err
}

// ActeCreance is an act on a claim.
type ActeCreance struct {
	Action    Action
	Montant   string     // rembourser, "10.00"
	Date      segur.Jour // rembourser
	Reference string     // rembourser: the bank's
	Motif     string     // compenser
	Defaut    error      // as in [ActeDemande]
}

// AgirCreance does an act on a claim: rembourser notes that the supplier paid
// some or all of it back, compenser sets what is left off against later
// payments once the day to pay it back is over. Comptables call it, who did no
// other duty on the request.
func (g *Guichet) AgirCreance(ctx context.Context, a *Acteur, id CreanceID, q ActeCreance, appel Appel) (*CreanceVue, error) {
	v := &CreanceVue{}
	o := operation{acteur: a, action: q.Action, objet: fmt.Sprint(id), appel: appel}
	return v, g.faire(ctx, o, func(tx Tx, o *operation) (any, string, error) {
		c, err := g.creanceDe(tx, a, id)
		if err != nil {
			return nil, "", err
		}
		if q.Action != Rembourser && q.Action != Compenser {
			if err := exiger(a, Rembourser); err != nil {
				return nil, "", err
			}
			return nil, "", errors.Join(q.Defaut, erreur(Invalide, "L’acte « %s » n’existe pas pour un recouvrement ; actes : rembourser, compenser.", visible(string(q.Action))))
		}
		if err := errors.Join(exiger(a, q.Action), separer(tx, a, q.Action, c.NumeroASP)); err != nil {
			return nil, "", err
		}
		if c.Reste() == 0 {
			return nil, "", erreur(Conflit, "Il ne reste rien à rendre pour le recouvrement %s.", c.Reference())
		}
		if q.Defaut != nil {
			return nil, "", q.Defaut
		}
		o.objet = string(c.NumeroASP)
		detail, err := g.executerCreance(tx, a, c, &q)
		if err != nil {
			return nil, "", err
		}
		d, err := tx.Demande(c.NumeroASP)
		if err == nil {
			err = errors.Join(tx.MajCreance(c), g.entrer(tx, a, d, Passage{Acte: q.Action, Metier: string(Comptable), Detail: detail}), voirCreance(tx, c, v))
		}
		return v, detail, err
	})
}

func (g *Guichet) executerCreance(tx Tx, a *Acteur, c *Creance, q *ActeCreance) (string, error) {
	if q.Action == Rembourser {
		return g.rembourser(tx, a, c, q)
	}
	switch {
	case c.Mode == ModeCompensation:
		return "", erreur(Conflit, "Le recouvrement %s est déjà retenu sur les paiements à venir.", c.Reference())
	case !c.Echeance.Nul() && !g.Aujourdhui().Apres(c.Echeance):
		return "", erreur(Conflit, "Le fournisseur peut rembourser jusqu’au %s, comme la lettre le lui dit : la retenue se décide après cette date.", c.Echeance)
	}
	if err := exigerTexte("motif", q.Motif); err != nil {
		return "", err
	}
	c.Mode = ModeCompensation
	return c.Reste().String() + " à retenir sur les paiements à venir", nil
}

// referenceMax bounds a bank's reference, in characters.
const referenceMax = 140

func (g *Guichet) rembourser(tx Tx, a *Acteur, c *Creance, q *ActeCreance) (string, error) {
	m, err := segur.LireMontant(q.Montant)
	switch {
	case err != nil || m <= 0:
		return "", erreur(Invalide, "« montant » vaut « %s » ; attendu : un montant supérieur à 0 avec deux décimales, par exemple \"10.00\".", visible(q.Montant))
	case m > c.Reste():
		return "", erreur(Invalide, "Le montant %s dépasse ce qui reste à rendre, %s.", m.Francais(), c.Reste().Francais())
	case q.Date.Nul():
		return "", erreur(Invalide, "Il manque « date » : le jour où la somme est arrivée, AAAA-MM-JJ.")
	case q.Date.Apres(g.Aujourdhui()):
		return "", erreur(Invalide, "Le remboursement du %s est à venir ; notez-le quand il est arrivé.", q.Date.ISO())
	case exigerTexte("reference", q.Reference) != nil || len([]rune(q.Reference)) > referenceMax:
		return "", erreur(Invalide, "Il manque « reference » : celle du virement, telle que le relevé de compte la donne, en %d caractères au plus.", referenceMax)
	}
	if err := apresPaiement(tx, c, q.Date); err != nil {
		return "", err
	}
	r := &Remboursement{CreanceID: c.ID, Date: q.Date, Reference: q.Reference, Montant: m, Cree: g.m.Horloge(), Par: a.Identifiant}
	if err := tx.AjouterRemboursement(r); errors.Is(err, ErrDoublon) {
		return "", erreur(Conflit, "Le virement de référence « %s » est déjà noté pour ce recouvrement : il ne compte qu’une fois.", visible(q.Reference))
	} else if err != nil {
		return "", err
	}
	c.Rembourse += m
	return m.String() + " le " + q.Date.ISO(), nil
}

// apresPaiement refuses a reimbursement that would have come before the payment
// that it pays back. It may come before the letter that orders it.
func apresPaiement(tx Tx, c *Creance, jour segur.Jour) error {
	lots, err := tx.LotsDe(c.NumeroASP)
	if err != nil || len(lots) == 0 {
		return err
	}
	l, err := tx.Lot(lots[len(lots)-1])
	if err == nil && l.Regle.Apres(jour) {
		err = erreur(Invalide, "« date » vaut %s, et la somme à rendre n’a été payée que le %s : elle n’a pas pu revenir avant. Donnez le jour du relevé de compte.", jour.ISO(), l.Regle)
	}
	return err
}

// retenir keeps back of the lines of a new batch what their suppliers owe by
// setting off, the oldest claims first: a line is never below 0, and what is
// left of a claim waits for the next batch.
func (g *Guichet) retenir(tx Tx, l *Lot, ds []*Demande) error {
	dues := map[FournisseurID][]Creance{}
	touchees := map[CreanceID]*Creance{}
	var rs []Retenue
	for i, d := range ds {
		cs, lues := dues[d.FournisseurID]
		if !lues {
			var err error
			if cs, err = tx.Creances(FiltreCreance{FournisseurID: d.FournisseurID, Mode: ModeCompensation, Ouvertes: true}); err != nil {
				return err
			}
			dues[d.FournisseurID] = cs
		}
		for k := range cs {
			m := min(cs[k].Reste(), l.Lignes[i].Net())
			if m <= 0 {
				continue
			}
			cs[k].Impute += m
			l.Lignes[i].Retenue += m
			touchees[cs[k].ID] = &cs[k]
			rs = append(rs, Retenue{Lot: l.ID, Rang: i + 1, CreanceID: cs[k].ID, Montant: m})
		}
	}
	for _, c := range touchees {
		if err := tx.MajCreance(c); err != nil {
			return err
		}
	}
	return tx.AjouterRetenues(rs)
}

// liberer gives back to the claims what a returned line kept back: nothing of
// it was paid.
func liberer(tx Tx, lot LotID, rang int) error {
	rs, err := tx.RetenuesDuLot(lot)
	for _, r := range rs {
		if r.Rang != rang || err != nil {
			continue
		}
		c, err2 := tx.Creance(r.CreanceID)
		if err = err2; err == nil {
			c.Impute -= r.Montant
			err = tx.MajCreance(c)
		}
	}
	return err
}
