package guichet

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Objects that the readings of lists are about: a list is one reading, whatever
// it holds.
const (
	objetDemandes   = "demandes"
	objetPaiements  = "paiements"
	objetEnrolement = "enrolements"
)

// Demandes lists requests: a supplier sees its own whatever the filter says. An
// agent's reading is one entry of the journal, with the filter and how many
// requests were read.
func (g *Guichet) Demandes(ctx context.Context, a *Acteur, f Filtre) (ds []Demande, ps map[NumeroASP][]Piece, err error) {
	if err := g.Autoriser(ctx, a, LireDemande, ""); err != nil {
		return nil, nil, err
	}
	if ds, ps, err = g.lister(ctx, a, f); err == nil {
		err = g.noterListe(ctx, a, "liste", &f, len(ds))
	}
	return ds, ps, err
}

// partListe is how many requests [Guichet.ParcourirDemandes] holds at once.
const partListe = 1000

// ParcourirDemandes hands over every request of a filter, part by part, until
// prendre has enough or fails; f.Max does not matter. It is one reading, and one
// entry of the journal for an agent, also when it is cut short.
func (g *Guichet) ParcourirDemandes(ctx context.Context, a *Acteur, f Filtre, prendre func([]Demande, map[NumeroASP][]Piece) (encore bool, err error)) error {
	if err := g.Autoriser(ctx, a, LireDemande, ""); err != nil {
		return err
	}
	lues, lot := 0, f
	lot.Max = partListe
	for {
		ds, ps, err := g.lister(ctx, a, lot)
		lues += len(ds)
		encore := len(ds) == partListe
		if err == nil {
			var veut bool
			veut, err = prendre(ds, ps)
			encore = encore && veut
		}
		if err != nil || !encore {
			return errors.Join(err, g.noterListe(context.WithoutCancel(ctx), a, "en entier", &f, lues))
		}
		lot.Apres = ds[len(ds)-1].Serie
	}
}

func (g *Guichet) lister(ctx context.Context, a *Acteur, f Filtre) (ds []Demande, ps map[NumeroASP][]Piece, err error) {
	if !a.Agent() {
		f.FournisseurID, f.NumerosAns = a.FournisseurID, a.numerosDuMandat()
	}
	ps = map[NumeroASP][]Piece{}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		if ds, err = tx.Demandes(f); err != nil {
			return err
		}
		var ouvertes []*Demande
		for i := range ds {
			if ds[i].Statut == Incomplete || ds[i].Statut == AModifier {
				ouvertes = append(ouvertes, &ds[i])
			}
		}
		toutes, err := piecesDe(tx, ouvertes...)
		for _, p := range toutes {
			ps[p.NumeroASP] = append(ps[p.NumeroASP], p)
		}
		return err
	})
	return ds, ps, err
}

// noterLecture journals that an agent reads personal data; a supplier reads its
// own.
func (g *Guichet) noterLecture(ctx context.Context, a *Acteur, x Action, objet, detail string) error {
	if !a.Agent() {
		return nil
	}
	o := operation{acteur: a, action: x, objet: objet}
	return g.m.Base.Ecrire(ctx, func(tx Tx) error { return g.journaliser(tx, &o, "fait", detail) })
}

// noterListe journals the reading of a list of requests. One that found nothing
// has shown nobody's data.
func (g *Guichet) noterListe(ctx context.Context, a *Acteur, comment string, f *Filtre, lues int) error {
	if lues == 0 {
		return nil
	}
	return g.noterLecture(ctx, a, LireDemande, objetDemandes, fmt.Sprintf("%s : %s ; demandes lues : %d", comment, f.texte(), lues))
}

// texte says in French what a filter selects.
func (f *Filtre) texte() string {
	var ts []string
	dire := func(si bool, format string, args ...any) {
		if si {
			ts = append(ts, fmt.Sprintf(format, args...))
		}
	}
	dire(f.Statut != "", "statut %s", f.Statut)
	dire(f.Type != "", "type %s", f.Type)
	dire(f.Texte != "", "numéro contenant %s", visible(f.Texte))
	dire(f.Acteur != "", "à %s d’agir", f.Acteur)
	dire(f.FournisseurID != 0, "fournisseur %d", f.FournisseurID)
	dire(f.DepotID != "", "dépôt %s", f.DepotID)
	dire(f.LotID != "", "lot %s", f.LotID)
	dire(f.AgentID != 0, "confiées au compte %d", f.AgentID)
	dire(f.Libre, "sans instructeur")
	dire(!f.Retard.Nul(), "échues avant le %s", f.Retard)
	dire(!f.Depuis.IsZero(), "modifiées depuis %s", Instant(f.Depuis))
	dire(f.Apres != 0, "suite")
	if ts == nil {
		return "sans filtre"
	}
	return strings.Join(ts, ", ")
}

// FiltreLecture selects readings of personal data.
type FiltreLecture struct {
	Acteur string // account; "" = any
	Objet  string // request; "" = any
	Depuis string // instant, in the journal's spelling; "" = ever
	Avant  int64  // entries before this number; 0 = from the last on
	Max    int
}

// ActesLecture are the acts by which somebody of the agency reads personal data.
func ActesLecture() []Action {
	return []Action{LireDemande, LireDepot, LirePiece, LireLettre, LireAvis, ExporterDossier, LireVirement, LireControle, LireEnrolement, LireFournisseur}
}

// Lectures is the register of readings, newest first: who read what, and when.
// Auditeurs and administrateurs call it.
func (g *Guichet) Lectures(ctx context.Context, a *Acteur, f FiltreLecture) (es []Entree, err error) {
	if err := g.Autoriser(ctx, a, LireJournal, ""); err != nil {
		return nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		es, err = tx.Lectures(f)
		return err
	})
	return es, err
}
