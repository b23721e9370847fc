package guichet

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"guichet.example/segur"
)

// ReleveMax bounds a file of returns: 20,000 returns fit.
const ReleveMax = 16 << 20

// LecteurReleve reads a bank's file of returns; its error is a French sentence
// for who sent it.
type LecteurReleve func(io.Reader) (*ReleveBanque, error)

// ReleveBanque is what a file of returns says. It comes from outside.
type ReleveBanque struct {
	Format  string // "pain.002.001.10"…
	Message string // the bank's name of the file
	Ordre   string // of the payment order that it answers; "" = not said
	Rejet   string // reason when the whole order was refused; "" otherwise
	Retours []RetourReleve
	Lus     int // payments that the file speaks of
}

// RetourReleve is one payment sent back.
type RetourReleve struct {
	EndToEndID, Motif, Detail, Ordre string
	Montant                          segur.Montant // 0 = not said
}

// ReleveRecu is a file of returns that was received.
type ReleveRecu struct {
	SHA256          string // its name: the same file is one
	Format, Message string
	Cree            time.Time
	Par             string // account
}

// Releves keeps files of returns.
type Releves interface {
	AjouterReleve(r *ReleveRecu, contenu []byte) error
	Releve(sha256 string) (*ReleveRecu, []byte, error)
	Releves(max int) ([]ReleveRecu, error) // newest first
}

// EtatRetour is what a line of a file of returns means for us.
type EtatRetour string

// What a line means. Only those to be noted change anything.
const (
	RetourANoter     EtatRetour = "a_noter"
	RetourDejaNote   EtatRetour = "deja_note"
	RetourInconnu    EtatRetour = "inconnu"     // no request of that number was ever paid
	RetourNonEnvoye  EtatRetour = "non_envoye"  // its batch is not approved
	RetourRegle      EtatRetour = "regle"       // its batch is settled
	RetourMontant    EtatRetour = "montant"     // not the amount that was sent
	RetourAutreOrdre EtatRetour = "autre_ordre" // not in the order that the file names
)

// LigneReleve is one line of a file of returns beside the payment it speaks of.
type LigneReleve struct {
	RetourReleve
	Etat        EtatRetour
	Lot         LotID         // "" = none
	Envoye      segur.Montant // what we sent; 0 = nothing
	Explication string        // French; "" for a line to be noted
}

// ReleveVu is a file of returns as of now: reading it changes nothing.
type ReleveVu struct {
	ReleveRecu
	Contenu     ReleveBanque
	Lignes      []LigneReleve
	Explication string // why a refusal of the whole order names no payment of ours; "" otherwise
}

// ANoter counts the lines that would be noted.
func (v *ReleveVu) ANoter() (n int) {
	for i := range v.Lignes {
		if v.Lignes[i].Etat == RetourANoter {
			n++
		}
	}
	return n
}

// RecevoirReleve keeps a bank's file and tells what each of its lines means;
// nothing is noted yet. The same file again is the same one. Comptables call it.
func (g *Guichet) RecevoirReleve(ctx context.Context, a *Acteur, contenu []byte) (*ReleveVu, error) {
	somme := sha256.Sum256(contenu)
	r := &ReleveRecu{SHA256: hex.EncodeToString(somme[:]), Cree: g.m.Horloge(), Par: a.Identifiant}
	if err := g.Autoriser(ctx, a, RecevoirReleve, r.SHA256); err != nil {
		return nil, err
	}
	b, err := g.lireReleve(contenu)
	if err != nil {
		return nil, err
	}
	r.Format, r.Message = segur.Visible(b.Format, 40), segur.Visible(b.Message, 80)
	err = g.faire(ctx, operation{acteur: a, action: RecevoirReleve, objet: r.SHA256}, func(tx Tx, _ *operation) (any, string, error) {
		if _, _, err := tx.Releve(r.SHA256); err == nil {
			return nil, "déjà reçu", nil
		} else if !errors.Is(err, ErrAbsent) {
			return nil, "", err
		}
		return nil, fmt.Sprintf("%s, %d retours", r.Format, len(b.Retours)), tx.AjouterReleve(r, contenu)
	})
	if err != nil {
		return nil, err
	}
	return g.ReleveDe(ctx, a, r.SHA256)
}

func (g *Guichet) lireReleve(contenu []byte) (*ReleveBanque, error) {
	if g.m.Releves == nil {
		return nil, erreur(Conflit, "Ce portail ne lit pas les fichiers de la banque ; notez les retours un par un sur la page du lot.")
	}
	b, err := g.m.Releves(bytes.NewReader(contenu))
	if err != nil {
		return nil, &Error{Genre: Invalide, Message: "Rien n’est retenu de ce fichier. " + segur.Visible(err.Error(), 300) + ".", Cause: err}
	}
	return b, nil
}

// ReleveDe shows a file of returns with what its lines mean now.
func (g *Guichet) ReleveDe(ctx context.Context, a *Acteur, sha string) (v *ReleveVu, err error) {
	if err := g.Autoriser(ctx, a, LireLot, sha); err != nil {
		return nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		v, err = g.voirReleve(tx, sha)
		return err
	})
	return v, err
}

// RelevesRecus lists the files received, newest first.
func (g *Guichet) RelevesRecus(ctx context.Context, a *Acteur, max int) (rs []ReleveRecu, err error) {
	if err := g.Autoriser(ctx, a, LireLot, ""); err != nil {
		return nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		rs, err = tx.Releves(max)
		return err
	})
	return rs, err
}

// AppliquerReleve notes the returns of a file that are to be noted, all of them
// or none, each batch with its journal entry. Applied again it is a Conflit:
// nothing is left to note.
func (g *Guichet) AppliquerReleve(ctx context.Context, a *Acteur, sha string, appel Appel) (v *ReleveVu, err error) {
	err = g.faire(ctx, operation{acteur: a, action: AppliquerReleve, objet: sha, appel: appel}, func(tx Tx, _ *operation) (any, string, error) {
		if err := exiger(a, AppliquerReleve); err != nil {
			return nil, "", err
		}
		var err error
		if v, err = g.voirReleve(tx, sha); err != nil {
			return nil, "", err
		}
		var lots []LotID
		retours := map[LotID][]RetourBanque{}
		for _, l := range v.Lignes {
			if l.Etat != RetourANoter {
				continue
			}
			if retours[l.Lot] == nil {
				lots = append(lots, l.Lot)
			}
			retours[l.Lot] = append(retours[l.Lot], RetourBanque{NumeroASP(l.EndToEndID), l.Motif})
		}
		if len(lots) == 0 {
			return nil, "", erreur(Conflit, "Ce fichier n’a aucun retour à noter : tout ce qui pouvait l’être l’est déjà.")
		}
		for _, id := range lots {
			if err := g.noterRetours(tx, a, id, retours[id]); err != nil {
				return nil, "", err
			}
		}
		n := v.ANoter()
		v, err = g.voirReleve(tx, sha)
		return v, fmt.Sprintf("%d retours notés, %d lots", n, len(lots)), err
	})
	return v, err
}

// noterRetours does on one batch what a comptable does by hand.
func (g *Guichet) noterRetours(tx Tx, a *Acteur, id LotID, rs []RetourBanque) error {
	l, err := tx.Lot(id)
	if err != nil {
		return err
	}
	x := executionLot{g: g, tx: tx, a: a, l: l, q: &ActeLot{Action: RetournerLot, Retours: rs}}
	detail, err := x.faire()
	if err != nil {
		return err
	}
	return g.journaliser(tx, &operation{acteur: a, action: RetournerLot, objet: string(id)}, "fait", detail)
}

func (g *Guichet) voirReleve(tx Tx, sha string) (*ReleveVu, error) {
	r, contenu, err := tx.Releve(sha)
	if err != nil {
		return nil, absent(err, "Ce fichier de la banque n’a pas été reçu.")
	}
	b, err := g.lireReleve(contenu)
	if err != nil {
		return nil, err
	}
	v := &ReleveVu{ReleveRecu: *r, Contenu: *b}
	x := rapprochement{tx: tx, lots: map[LotID]*Lot{}, places: map[LotID]map[NumeroASP]int{}}
	if b.Rejet != "" {
		return v, x.rejet(v)
	}
	for _, y := range b.Retours {
		l, err := x.ligne(y)
		if err != nil {
			return nil, err
		}
		v.Lignes = append(v.Lignes, l)
	}
	return v, nil
}

// rapprochement finds the payment that each line of a file speaks of.
type rapprochement struct {
	tx     Tx
	lots   map[LotID]*Lot
	places map[LotID]map[NumeroASP]int
}

func (x *rapprochement) lot(id LotID) (*Lot, error) {
	if l := x.lots[id]; l != nil {
		return l, nil
	}
	l, err := x.tx.Lot(id)
	if err != nil {
		return nil, err
	}
	places := make(map[NumeroASP]int, len(l.Lignes))
	for i, p := range l.Lignes {
		places[p.NumeroASP] = i
	}
	x.lots[id], x.places[id] = l, places
	return l, nil
}

// rejet makes a line of each transfer of an order that was refused as a whole.
func (x *rapprochement) rejet(v *ReleveVu) error {
	b := &v.Contenu
	id, err := x.tx.LotDOrdre(b.Ordre)
	if errors.Is(err, ErrAbsent) {
		v.Explication = "La banque refuse un ordre entier, et aucun lot d’ici ne porte la référence « " + segur.Visible(b.Ordre, 40) + " » : rien ne peut être noté."
		return nil
	}
	if err != nil {
		return err
	}
	l, err := x.lot(id)
	if err != nil {
		return err
	}
	for i := range l.Lignes {
		if p := &l.Lignes[i]; p.Net() > 0 {
			v.Lignes = append(v.Lignes, juger(RetourReleve{EndToEndID: string(p.NumeroASP), Motif: b.Rejet, Ordre: b.Ordre}, l, p))
		}
	}
	return nil
}

func (x *rapprochement) ligne(r RetourReleve) (LigneReleve, error) {
	n := NumeroASP(r.EndToEndID)
	ids, err := x.tx.LotsDe(n)
	if err != nil {
		return LigneReleve{}, err
	}
	if len(ids) == 0 {
		return LigneReleve{RetourReleve: r, Etat: RetourInconnu, Explication: "Aucun paiement de ce numéro n’est parti d’ici : le virement est d’un autre donneur d’ordre, ou le numéro a été changé."}, nil
	}
	id := ids[len(ids)-1]
	if r.Ordre != "" {
		id, err = x.tx.LotDOrdre(r.Ordre)
		if errors.Is(err, ErrAbsent) || err == nil && !slices.Contains(ids, id) {
			return LigneReleve{RetourReleve: r, Etat: RetourAutreOrdre, Explication: "La demande n’est pas dans l’ordre « " + segur.Visible(r.Ordre, 40) + " » que le fichier nomme."}, nil
		}
		if err != nil {
			return LigneReleve{}, err
		}
	}
	l, err := x.lot(id)
	if err != nil {
		return LigneReleve{}, err
	}
	return juger(r, l, &l.Lignes[x.places[id][n]]), nil
}

// juger compares a return with the payment that was sent.
func juger(r RetourReleve, l *Lot, p *LigneLot) LigneReleve {
	y := LigneReleve{RetourReleve: r, Etat: RetourANoter, Lot: l.ID, Envoye: p.Net()}
	switch {
	case p.Rejet != "":
		y.Etat, y.Explication = RetourDejaNote, "Ce retour est déjà noté, pour le motif "+p.Rejet+"."
	case l.Statut == LotPrepare:
		y.Etat, y.Explication = RetourNonEnvoye, "Le lot n’est pas approuvé : son virement n’est pas parti."
	case l.Statut == LotRegle:
		y.Etat, y.Explication = RetourRegle, "Le lot est réglé depuis le "+l.Regle.String()+" : cette demande compte comme payée. Faites ouvrir un contrôle de la demande, qui permettra de constater le retour."
	case r.Montant != 0 && r.Montant != p.Net():
		y.Etat, y.Explication = RetourMontant, "La banque rend "+r.Montant.Francais()+", et le virement était de "+p.Net().Francais()+". Vérifiez avec la banque, puis notez le retour à la main."
	case !motifBanque(r.Motif):
		y.Etat, y.Explication = RetourInconnu, "Le motif « "+segur.Visible(r.Motif, 20)+" » n’a pas la forme d’un code de banque."
	}
	return y
}
