package guichet

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
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
			l.Total += d.APayer()
			d.LotID = l.ID
			if err := g.entrer(tx, a, d, Passage{Acte: PreparerLot, Metier: string(Comptable), Detail: "lot " + id}); err != nil {
				return nil, "", err
			}
		}
		l.Empreinte = l.empreinte()
		return l, fmt.Sprintf("%d demandes, %s, %s", len(l.Lignes), l.Total, l.Empreinte), tx.AjouterLot(l)
	})
	return l, err
}

// empreinte is the hash of the frozen list: a line a payment, number and
// amount, in the order of the batch.
func (l *Lot) empreinte() string {
	h := sha256.New()
	for _, x := range l.Lignes {
		fmt.Fprintf(h, "%s;%s\n", x.NumeroASP, x.Montant)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// payables finds the requests of a new batch, or refuses the whole.
func (g *Guichet) payables(tx Tx, a *Acteur, ns []NumeroASP) ([]*Demande, error) {
	if len(ns) == 0 || len(ns) > lotMax {
		return nil, erreur(Invalide, "Un lot compte de 1 à %d demandes ; « numerosASP » en donne %d.", lotMax, len(ns))
	}
	vus := make(map[NumeroASP]bool, len(ns))
	ds := make([]*Demande, 0, len(ns))
	for _, n := range ns {
		d, err := g.demandeDe(tx, a, n)
		if err != nil {
			return nil, err
		}
		if vus[n] {
			return nil, erreur(Invalide, "La demande %s est donnée deux fois.", n)
		}
		vus[n] = true
		ds = append(ds, d)
	}
	for _, d := range ds {
		if err := separer(tx, a, PreparerLot, d.NumeroASP); err != nil {
			return nil, err
		}
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

// ActeLot is an act on a batch.
type ActeLot struct {
	Action  Action
	Retours []RetourBanque // retourner
	Date    segur.Jour     // regler
	Defaut  error          // as in [ActeDemande]
}

// RetourBanque is a payment that the bank sent back.
type RetourBanque struct {
	NumeroASP NumeroASP
	Motif     string // ISO 20022 reason: "AC04"
}

// AgirLot does an act on a batch: approuver (by another than who prepared it),
// retourner, regler.
func (g *Guichet) AgirLot(ctx context.Context, a *Acteur, id LotID, q ActeLot, appel Appel) (*Lot, error) {
	if !a.Agent() {
		// A supplier learns nothing of batches.
		err := erreur(Interdit, "Votre compte n’a pas accès aux lots de paiement.")
		g.noterRefus(ctx, operation{acteur: a, action: q.Action, objet: string(id)}, err)
		return nil, err
	}
	var l *Lot
	err := g.faire(ctx, operation{acteur: a, action: q.Action, objet: string(id), appel: appel}, func(tx Tx, _ *operation) (any, string, error) {
		var err error
		if l, err = tx.Lot(id); err != nil {
			return nil, "", absent(err, "Ce lot n’existe pas.")
		}
		x := executionLot{g: g, tx: tx, a: a, l: l, q: &q}
		detail, err := x.faire()
		return l, detail, err
	})
	return l, err
}

// executionLot is an act on a batch under way.
type executionLot struct {
	g  *Guichet
	tx Tx
	a  *Acteur
	l  *Lot
	q  *ActeLot
}

func (x *executionLot) faire() (string, error) {
	// All acts on a batch are of one duty: who has it not is told nothing of
	// the act.
	if err := exiger(x.a, ApprouverLot); err != nil {
		return "", err
	}
	switch x.q.Action {
	case ApprouverLot, RetournerLot, ReglerLot:
	default:
		if x.q.Defaut != nil {
			return "", x.q.Defaut
		}
		return "", erreur(Invalide, "L’acte « %s » n’existe pas pour un lot ; actes : approuver, retourner, regler.", visible(string(x.q.Action)))
	}
	if err := exiger(x.a, x.q.Action); err != nil {
		return "", err
	}
	if x.q.Action == ApprouverLot && x.l.PreparePar == x.a.ID {
		return "", erreur(Interdit, "Vous avez préparé ce lot : un autre comptable l’approuve.")
	}
	for _, p := range x.l.Lignes {
		if err := separer(x.tx, x.a, x.q.Action, p.NumeroASP); err != nil {
			return "", err
		}
	}
	switch x.q.Action {
	case ApprouverLot:
		return x.approuver()
	case RetournerLot:
		return x.retourner()
	}
	return x.regler()
}

// exigerStatut refuses an act that does not start from where the batch is, then
// one whose body is wrong.
func (x *executionLot) exigerStatut(s StatutLot) error {
	if x.l.Statut != s {
		return erreur(Conflit, "Le lot %s est « %s » : l’acte « %s » n’est pas possible.", x.l.ID, x.l.Statut, x.q.Action)
	}
	return x.q.Defaut
}

// approuver writes the payment file once and for all: it is read from the
// batch afterwards, so that no payment has two files.
func (x *executionLot) approuver() (string, error) {
	if err := x.exigerStatut(LotPrepare); err != nil {
		return "", err
	}
	if x.l.empreinte() != x.l.Empreinte {
		return "", erreur(Interne, "Le lot a été modifié depuis sa préparation ; il n’est pas approuvé.")
	}
	var vs []Virement
	fournisseurs := map[FournisseurID]*Fournisseur{}
	for _, p := range x.l.Lignes {
		d, err := x.tx.Demande(p.NumeroASP)
		if err != nil {
			return "", err
		}
		f := fournisseurs[d.FournisseurID]
		if f == nil {
			if f, err = x.tx.Fournisseur(d.FournisseurID); err != nil {
				return "", err
			}
			fournisseurs[d.FournisseurID] = f
		}
		vs = append(vs, Virement{NumeroASP: p.NumeroASP, Montant: p.Montant, RaisonSociale: f.RaisonSociale, IBAN: f.IBAN, BIC: f.BIC,
			Libelle: "Segur " + string(d.Type) + " " + string(p.NumeroASP)})
		if err := x.passer(d, MiseEnPaiement, ""); err != nil {
			return "", err
		}
	}
	x.l.Statut, x.l.ApprouvePar, x.l.Approuve = LotApprouve, x.a.ID, x.g.m.Horloge()
	fichier, err := x.g.m.Virementier.Fichier(x.l, vs, x.l.Approuve)
	if err != nil {
		return "", err
	}
	somme := sha256.Sum256(fichier)
	return fmt.Sprintf("%s, virement sha256:%x", x.l.Total, somme), errors.Join(x.tx.MajLot(x.l), x.tx.PoserVirement(x.l.ID, fichier))
}

func (x *executionLot) passer(d *Demande, s Statut, detail string) error {
	d.Statut = s
	return x.g.entrer(x.tx, x.a, d, Passage{Acte: x.q.Action, Metier: string(Comptable), Statut: s, Detail: detail})
}

// retourner notes what the bank sent back: those payments may enter another
// batch.
func (x *executionLot) retourner() (string, error) {
	if err := x.exigerStatut(LotApprouve); err != nil {
		return "", err
	}
	if len(x.q.Retours) == 0 {
		return "", erreur(Invalide, "Il manque « retours » : une liste de { numeroASP, motif }.")
	}
	places := make(map[NumeroASP]int, len(x.l.Lignes))
	for i, p := range x.l.Lignes {
		places[p.NumeroASP] = i
	}
	detail := ""
	for i, r := range x.q.Retours {
		k, ok := places[r.NumeroASP]
		switch {
		case !ok:
			return "", erreur(Invalide, "La demande « %s » n’est pas dans ce lot.", visible(string(r.NumeroASP)))
		case !motifBanque(r.Motif):
			return "", erreur(Invalide, "Le motif « %s » n’est pas un code de banque de 4 lettres ou chiffres, par exemple AC04.", visible(r.Motif))
		case x.l.Lignes[k].Rejet != "":
			return "", erreur(Conflit, "Le paiement de la demande %s est déjà retourné.", r.NumeroASP)
		}
		x.l.Lignes[k].Rejet = r.Motif
		d, err := x.tx.Demande(r.NumeroASP)
		if err != nil {
			return "", err
		}
		d.LotID = ""
		if err := x.passer(d, PaiementRejete, r.Motif); err != nil {
			return "", err
		}
		if i > 0 {
			detail += ", "
		}
		detail += string(r.NumeroASP) + " " + r.Motif
	}
	return detail, x.tx.MajLot(x.l)
}

func motifBanque(m string) bool {
	for i := range len(m) {
		if c := m[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return len(m) == 4
}

// regler notes the settlement: what the bank did not send back is paid. Its
// journal entry begins with the amount, which "guichet journal verifier" reads.
func (x *executionLot) regler() (string, error) {
	if err := x.exigerStatut(LotApprouve); err != nil {
		return "", err
	}
	if x.q.Date.Nul() {
		return "", erreur(Invalide, "Il manque « date » : le jour du règlement, AAAA-MM-JJ.")
	}
	if x.q.Date.Apres(x.g.Aujourdhui()) {
		return "", erreur(Invalide, "Le règlement du %s est à venir ; notez-le quand il a eu lieu.", x.q.Date.ISO())
	}
	var verse segur.Montant
	for _, p := range x.l.Lignes {
		if p.Rejet != "" {
			continue
		}
		d, err := x.tx.Demande(p.NumeroASP)
		if err != nil {
			return "", err
		}
		d.Montants.Verse += p.Montant
		verse += p.Montant
		if err := x.passer(d, Payee, "réglé le "+x.q.Date.ISO()); err != nil {
			return "", err
		}
	}
	x.l.Statut, x.l.Regle = LotRegle, x.q.Date
	return verse.String() + " le " + x.q.Date.ISO(), x.tx.MajLot(x.l)
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
		if fichier, err = tx.Virement(id); err != nil {
			return err
		}
		return g.journaliser(tx, &o, "fait", "")
	})
	return fichier, err
}
