package guichet

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"guichet.example/segur"
)

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
	if err := separerTous(x.tx, x.a, x.q.Action, numeros(x.l.Lignes)); err != nil {
		return "", err
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
		return erreur(Conflit, "Le lot %s est « %s » : l’acte « %s » n’est pas possible.", x.l.ID, x.l.Statut.Libelle(), x.q.Action)
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
	ds, err := x.g.demandesDe(x.tx, x.a, numeros(x.l.Lignes))
	if err != nil {
		return "", err
	}
	var vs []Virement
	fournisseurs := map[FournisseurID]*Fournisseur{}
	for i, p := range x.l.Lignes {
		d := ds[i]
		f := fournisseurs[d.FournisseurID]
		if f == nil {
			if f, err = x.tx.Fournisseur(d.FournisseurID); err != nil {
				return "", err
			}
			fournisseurs[d.FournisseurID] = f
		}
		if p.Net() > 0 {
			vs = append(vs, Virement{NumeroASP: p.NumeroASP, Montant: p.Net(), RaisonSociale: f.RaisonSociale, IBAN: f.IBAN, BIC: f.BIC,
				Libelle: "Segur " + string(d.Type) + " " + string(p.NumeroASP)})
		}
	}
	if err := x.passerTous(ds, MiseEnPaiement, ""); err != nil {
		return "", err
	}
	x.l.Statut, x.l.ApprouvePar, x.l.Approuve = LotApprouve, x.a.ID, x.g.m.Horloge()
	if len(vs) == 0 { // all of it is kept back
		return x.l.Total.String() + ", rien à virer", x.tx.MajLot(x.l)
	}
	fichier, err := x.g.m.Virementier.Fichier(x.l, vs, x.l.Approuve)
	if err != nil {
		return "", err
	}
	somme := sha256.Sum256(fichier)
	return fmt.Sprintf("%s, virement sha256:%x", x.l.Total, somme), errors.Join(x.tx.MajLot(x.l), x.tx.PoserVirement(x.l.ID, fichier))
}

// numeros lists the requests of payments, in their order.
func numeros(ls []LigneLot) []NumeroASP {
	ns := make([]NumeroASP, len(ls))
	for i, l := range ls {
		ns[i] = l.NumeroASP
	}
	return ns
}

func (x *executionLot) passerTous(ds []*Demande, s Statut, detail string) error {
	for _, d := range ds {
		d.Statut = s
	}
	return x.g.entrerTous(x.tx, x.a, ds, Passage{Acte: x.q.Action, Metier: string(Comptable), Statut: s, Detail: detail})
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
		case x.l.Lignes[k].Net() == 0:
			return "", erreur(Conflit, "Aucun virement n’est parti pour la demande %s : tout son montant est retenu. Il n’y a rien que la banque puisse rendre.", r.NumeroASP)
		}
		x.l.Lignes[k].Rejet = r.Motif
		if x.l.Lignes[k].Retenue > 0 {
			if err := liberer(x.tx, x.l.ID, k+1); err != nil {
				return "", err
			}
		}
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
	if approuve := x.g.JourA(x.l.Approuve); approuve.Apres(x.q.Date) {
		return "", erreur(Invalide, "« date » vaut %s, et le lot n’est approuvé que depuis le %s : son virement n’a pas pu être réglé avant. Donnez le jour du relevé de compte, du %s à aujourd’hui.", x.q.Date.ISO(), approuve, approuve)
	}
	reglees := slices.DeleteFunc(slices.Clone(x.l.Lignes), func(l LigneLot) bool { return l.Rejet != "" })
	ds, err := x.g.demandesDe(x.tx, x.a, numeros(reglees))
	if err != nil {
		return "", err
	}
	var verse segur.Montant
	for i, p := range reglees {
		ds[i].Montants.Verse += p.Montant
		verse += p.Montant
	}
	if err := x.passerTous(ds, Payee, "réglé le "+x.q.Date.ISO()); err != nil {
		return "", err
	}
	x.l.Statut, x.l.Regle = LotRegle, x.q.Date
	return verse.String() + " le " + x.q.Date.ISO() + x.l.retenu(), x.tx.MajLot(x.l)
}
