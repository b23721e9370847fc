package guichet

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"guichet.example/segur"
)

// lotMax bounds the payments of one batch.
const lotMax = 50_000

// PreparerLot freezes a batch: its list, amounts, total and hash never change
// afterwards. All or nothing. Comptables call it; the requests are in no other
// batch from then on.
func (g *Guichet) PreparerLot(ctx context.Context, a *Acteur, ns []NumeroASP, appel Appel) (*Lot, error) {
	id, err := g.identifiant()
	if err != nil {
		return nil, err
	}
	var l *Lot
	err = g.faire(ctx, operation{acteur: a, action: PreparerLot, objet: id, appel: appel}, func(tx Tx, _ *operation) (any, string, error) {
		if err := exiger(a, PreparerLot); err != nil {
			return nil, "", err
		}
		ds, err := g.payables(tx, a, ns)
		if err != nil {
			return nil, "", err
		}
		l = &Lot{ID: LotID(id), Statut: LotPrepare, PreparePar: a.ID, Cree: g.m.Horloge()}
		for _, d := range ds {
			l.Lignes = append(l.Lignes, LigneLot{NumeroASP: d.NumeroASP, Montant: d.APayer()})
			d.LotID = l.ID
		}
		if err := g.entrerTous(tx, a, ds, Passage{Acte: PreparerLot, Metier: string(Comptable), Detail: "lot " + id}); err != nil {
			return nil, "", err
		}
		if err := g.retenir(tx, l, ds); err != nil {
			return nil, "", err
		}
		for _, x := range l.Lignes {
			l.Total += x.Net()
		}
		l.Empreinte = l.empreinte()
		return l, fmt.Sprintf("%d demandes, %s, %s%s", len(l.Lignes), l.Total, l.Empreinte, l.retenu()), tx.AjouterLot(l)
	})
	return l, err
}

// empreinte is the hash of the frozen list: a line a payment, number and
// amount, then what is kept back if there is any, in the order of the batch.
func (l *Lot) empreinte() string {
	h := sha256.New()
	for _, x := range l.Lignes {
		if x.Retenue > 0 {
			fmt.Fprintf(h, "%s;%s;%s\n", x.NumeroASP, x.Montant, x.Retenue)
			continue
		}
		fmt.Fprintf(h, "%s;%s\n", x.NumeroASP, x.Montant)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// Retenu is what the batch keeps back of payments that were not sent back.
func (l *Lot) Retenu() (total segur.Montant) {
	for _, x := range l.Lignes {
		if x.Rejet == "" {
			total += x.Retenue
		}
	}
	return total
}

// retenu is what a journal entry of the batch ends with, which "guichet journal
// verifier" reads.
func (l *Lot) retenu() string {
	if r := l.Retenu(); r > 0 {
		return " ; retenue " + r.String()
	}
	return ""
}

// payables finds the requests of a new batch, or refuses the whole.
func (g *Guichet) payables(tx Tx, a *Acteur, ns []NumeroASP) ([]*Demande, error) {
	if len(ns) == 0 || len(ns) > lotMax {
		return nil, erreur(Invalide, "Un lot compte de 1 à %d demandes ; « numerosASP » en donne %d.", lotMax, len(ns))
	}
	ds, err := g.demandesDe(tx, a, ns)
	if err != nil {
		return nil, err
	}
	vus := make(map[NumeroASP]bool, len(ns))
	for _, n := range ns {
		if vus[n] {
			return nil, erreur(Invalide, "La demande %s est donnée deux fois.", n)
		}
		vus[n] = true
	}
	if err := separerTous(tx, a, PreparerLot, ns); err != nil {
		return nil, err
	}
	for _, d := range ds {
		switch {
		case d.Statut != Decidee && d.Statut != PaiementRejete:
			return nil, erreur(Conflit, "La demande %s est « %s » : seules les demandes décidées, ou au paiement rejeté, entrent dans un lot.", d.NumeroASP, d.Statut.Libelle())
		case d.LotID != "":
			return nil, erreur(Conflit, "La demande %s est déjà dans le lot %s.", d.NumeroASP, d.LotID)
		case d.APayer() <= 0:
			return nil, erreur(Conflit, "La demande %s n’a rien à payer.", d.NumeroASP)
		}
	}
	return ds, nil
}

// Lot shows a batch.
func (g *Guichet) Lot(ctx context.Context, a *Acteur, id LotID) (l *Lot, err error) {
	if err := g.Autoriser(ctx, a, LireLot, string(id)); err != nil {
		return nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		l, err = tx.Lot(id)
		return absent(err, "Ce lot n’existe pas.")
	})
	return l, err
}

// Lots lists batches, newest first, without their payments.
func (g *Guichet) Lots(ctx context.Context, a *Acteur, max int) (ls []Lot, err error) {
	if err := g.Autoriser(ctx, a, LireLot, ""); err != nil {
		return nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		ls, err = tx.Lots(max)
		return err
	})
	return ls, err
}

// Virement is the payment file of an approved batch, the same bytes at each
// reading. Each reading is journalled.
func (g *Guichet) Virement(ctx context.Context, a *Acteur, id LotID) ([]byte, error) {
	o := operation{acteur: a, action: LireVirement, objet: string(id)}
	if err := exiger(a, LireVirement); err != nil {
		g.noterRefus(ctx, o, err)
		return nil, err
	}
	var fichier []byte
	err := g.m.Base.Ecrire(ctx, func(tx Tx) error {
		l, err := tx.Lot(id)
		if err != nil {
			return absent(err, "Ce lot n’existe pas.")
		}
		if l.Statut == LotPrepare {
			return erreur(Conflit, "Le lot n’est pas encore approuvé : il n’a pas de fichier de virement.")
		}
		if l.Total == 0 {
			return erreur(Conflit, "Ce lot n’a aucun virement : tout ce qui était à payer est retenu sur ce que les fournisseurs doivent rendre.")
		}
		if fichier, err = tx.Virement(id); err != nil {
			return err
		}
		return g.journaliser(tx, &o, "fait", "")
	})
	return fichier, err
}
