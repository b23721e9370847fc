package guichet

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"guichet.example/segur"
)

// BacASable tells a portal where everything is a trial: its pages, numbers and
// letters say so, and administrators may force the status of a request.
func (g *Guichet) BacASable() bool { return g.m.BacASable }

// ForcerStatut puts a request in any status, so that programs can be tried on
// each. It is for administrators of a sandbox; everywhere else it is refused,
// and the refusal journalled. No money moves by it: what was paid stays as it
// was, and a request in a batch that is not settled keeps its status.
func (g *Guichet) ForcerStatut(ctx context.Context, a *Acteur, n NumeroASP, s Statut, motif string) error {
	return g.faire(ctx, operation{acteur: a, action: ForcerStatut, objet: string(n)}, func(tx Tx, _ *operation) (any, string, error) {
		if err := exiger(a, ForcerStatut); err != nil {
			return nil, "", err
		}
		if !g.m.BacASable {
			return nil, "", erreur(Interdit, "Ce portail n’est pas un bac à sable : un statut n’y change que par les actes de la procédure.")
		}
		d, err := g.demandeDe(tx, a, n)
		if err != nil {
			return nil, "", err
		}
		if _, ok := EtatDe(s); !ok {
			return nil, "", erreur(Invalide, "Le statut « %s » n’existe pas.", visible(string(s)))
		}
		if err := exigerTexte("motif", motif); err != nil {
			return nil, "", err
		}
		if err := libererLot(tx, d, s); err != nil {
			return nil, "", err
		}
		detail := "bac à sable : " + string(d.Statut) + " → " + string(s) + " ; " + motif
		g.forcer(d, s)
		return nil, detail, g.entrer(tx, a, d, Passage{Acte: ForcerStatut, Metier: string(Administrateur), Statut: s, Detail: detail})
	})
}

// libererLot takes a request out of its settled batch, so that it can be paid
// again; one under way is left to its own acts.
func libererLot(tx Tx, d *Demande, s Statut) error {
	if d.LotID == "" {
		return nil
	}
	l, err := tx.Lot(d.LotID)
	switch {
	case err != nil && !errors.Is(err, ErrAbsent):
		return err
	case err == nil && l.Statut != LotRegle:
		return erreur(Conflit, "La demande %s est dans le lot de paiement %s : réglez-le ou retournez son paiement d’abord.", d.NumeroASP, d.LotID)
	}
	if s != Payee {
		d.LotID = ""
	}
	return nil
}

// forcer gives a request what its new status cannot be without.
func (g *Guichet) forcer(d *Demande, s Statut) {
	d.Statut, d.RefusPropose = s, nil
	sens := ""
	switch s {
	case AModifier:
		if d.Modification == nil {
			d.Modification = &Modification{Motifs: []string{"piece_illisible"}, Cibles: []string{clePieces}, Message: "Bac à sable."}
		}
		d.Modification.Echeance = ajouterJours(g.Aujourdhui(), 10)
	case Decidee, MiseEnPaiement, PaiementRejete, Payee:
		sens = "attribution"
	case Refusee:
		sens = "refus"
	}
	switch {
	case sens == "":
		d.Decision = nil
	case d.Decision == nil || d.Decision.Sens != sens:
		d.Decision = &Decision{Sens: sens, Date: g.m.Horloge(), Motifs: []string{}}
		if sens == "refus" {
			d.Decision.Motifs = []string{"ineligible"}
		}
	}
}

// prefixeProvoque begins a name that asks a sandbox for a code of the portal:
// CODE-3030 as the pharmacy's responsible person. The codes of the control need
// no such thing: « segur kit » makes a file for each.
const prefixeProvoque = "CODE-"

// provoques are the codes that the lines of a file ask a sandbox for: those
// about the file refuse it as a whole, the others their line.
func (e *etatPortail) provoques() (faits []segur.FaitPortail) {
	if !e.g.m.BacASable {
		return nil
	}
	catalogue := segur.CataloguePortail()
	for x := range e.rapport.Demandes() {
		mot, oui := strings.CutPrefix(x.Texte("beneficiaire.nomResponsable"), prefixeProvoque)
		code, err := strconv.Atoi(mot)
		if !oui || err != nil {
			continue
		}
		for _, k := range catalogue {
			switch {
			case int(k.Code) != code || k.Code == segur.CodePieceFigee:
			case k.Code < segur.CodeNumeroBrule || k.Gravite != segur.Erreur:
				faits = append(faits, segur.FaitPortail{Code: k.Code, Balise: k.Balise, Mot: "essai"})
			default:
				faits = append(faits, segur.FaitPortail{Code: k.Code, Rang: x.Rang(), Balise: k.Balise, Mot: "essai"})
			}
		}
	}
	return faits
}
