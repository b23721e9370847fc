package guichet

import (
	"context"
	"errors"
	"slices"
)

// affectables are the statuses in which a request has somebody to examine it.
var affectables = []Statut{Incomplete, Deposee, EnInstruction, AModifier}

// Instructeurs lists the active accounts that may examine requests, by name.
func (g *Guichet) Instructeurs(ctx context.Context, a *Acteur) (cs []Compte, err error) {
	if err := exiger(a, Affecter); err != nil {
		return nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		cs, err = instructeurs(tx)
		return err
	})
	return cs, err
}

func instructeurs(tx Tx) ([]Compte, error) {
	cs, err := tx.Comptes(0)
	return slices.DeleteFunc(cs, func(c Compte) bool { return !c.Actif || !c.A(Instructeur) }), err
}

// ResultatAffectation is what became of one request.
type ResultatAffectation struct {
	NumeroASP NumeroASP
	Agent     string // account that has it now, or would have; "" = nobody
	Motif     string // why not; "" = done
}

// Affecter gives requests to an officer, or to nobody with agent 0. Each is
// judged by itself, and its result says why it was not done: nobody gets a
// request on which he acted in another duty. Assigning is no act on a request;
// whoever takes it up becomes its officer, whoever had it before.
func (g *Guichet) Affecter(ctx context.Context, a *Acteur, ns []NumeroASP, agent CompteID) (rs []ResultatAffectation, err error) {
	if err := g.Autoriser(ctx, a, Affecter, ""); err != nil {
		return nil, err
	}
	if len(ns) == 0 || len(ns) > affectationMax {
		return nil, erreur(Invalide, "Choisissez de 1 à %d demandes ; vous en avez choisi %d.", affectationMax, len(ns))
	}
	err = g.m.Base.Ecrire(ctx, func(tx Tx) error {
		rs = nil
		c, err := agentChoisi(tx, agent)
		if err != nil {
			return err
		}
		for _, n := range ns {
			r, err := g.affecterUne(tx, a, n, c)
			if err != nil {
				return err
			}
			rs = append(rs, r)
		}
		return nil
	})
	return rs, err
}

// affectationMax bounds the requests of one call.
const affectationMax = 1000

// agentChoisi finds the officer of a number; the zero account is nobody.
func agentChoisi(tx Tx, id CompteID) (Compte, error) {
	if id == 0 {
		return Compte{}, nil
	}
	cs, err := instructeurs(tx)
	if err != nil {
		return Compte{}, err
	}
	i := slices.IndexFunc(cs, func(c Compte) bool { return c.ID == id })
	if i < 0 {
		return Compte{}, erreur(Invalide, "Cet agent n’instruit pas de demandes, ou n’est plus actif.")
	}
	return cs[i], nil
}

func (g *Guichet) affecterUne(tx Tx, a *Acteur, n NumeroASP, c Compte) (ResultatAffectation, error) {
	r := ResultatAffectation{NumeroASP: n, Agent: c.Identifiant}
	d, err := g.demandeDe(tx, a, n)
	if err == nil {
		err = affectable(tx, d, c)
	}
	var e *Error
	if errors.As(err, &e) {
		r.Agent, r.Motif = "", e.Message
		return r, nil
	}
	if err != nil || d.AgentID == c.ID {
		return r, err
	}
	return r, g.confier(tx, a, d, c, "")
}

// affectable tells whether a request can be given to an officer.
func affectable(tx Tx, d *Demande, c Compte) error {
	if !slices.Contains(affectables, d.Statut) {
		return erreur(Conflit, "La demande %s est « %s » : elle n’est plus à instruire.", d.NumeroASP, d.Statut.Libelle())
	}
	if c.ID == 0 {
		return nil
	}
	ms, err := tx.Metiers(d.NumeroASP, c.ID)
	if err != nil {
		return err
	}
	for _, m := range ms {
		if m != Instructeur {
			return erreur(Conflit, "%s a déjà agi sur la demande %s comme %s : un autre agent l’instruit.", c.Nom, d.NumeroASP, m)
		}
	}
	return nil
}

// confier writes who has a request. Nothing that its supplier sees changes.
func (g *Guichet) confier(tx Tx, a *Acteur, d *Demande, c Compte, par string) error {
	d.AgentID = c.ID
	detail := "à personne"
	if c.ID != 0 {
		detail = "à " + c.Identifiant
	}
	if par != "" {
		detail += " ; " + par
	}
	return errors.Join(tx.MajDemande(d), g.journaliser(tx, &operation{acteur: a, action: Affecter, objet: string(d.NumeroASP)}, "fait", detail))
}

// suivantesParPage is how many requests "take the next" looks at in one
// reading, suivantesMax how many in all: some are not for this officer.
const (
	suivantesParPage = 50
	suivantesMax     = 2000
)

// PrendreSuivante takes up the next request for an officer: the oldest that is
// his, or else the oldest that nobody has. Of several officers who ask at once
// each gets another one. An Inconnu is an empty queue.
func (g *Guichet) PrendreSuivante(ctx context.Context, a *Acteur) (n NumeroASP, err error) {
	err = g.faire(ctx, operation{acteur: a, action: Prendre}, func(tx Tx, o *operation) (any, string, error) {
		if err := exiger(a, Prendre); err != nil {
			return nil, "", err
		}
		d, err := g.suivante(tx, a)
		if err != nil {
			return nil, "", err
		}
		n = d.NumeroASP
		o.objet = string(n)
		x := execution{g: g, tx: tx, a: a, d: d, q: &ActeDemande{Action: Prendre}}
		err = x.faire()
		return nil, x.detail, err
	})
	return n, err
}

func (g *Guichet) suivante(tx Tx, a *Acteur) (*Demande, error) {
	acte, _ := ActeDe(Prendre)
	for _, f := range []Filtre{{Statut: Deposee, AgentID: a.ID, Max: suivantesParPage}, {Statut: Deposee, Libre: true, Max: suivantesParPage}} {
		for vues := 0; vues < suivantesMax; vues += suivantesParPage {
			ds, err := tx.Demandes(f)
			if err != nil {
				return nil, err
			}
			for i := range ds {
				err := g.juger(tx, a, acte, &ds[i])
				if err == nil {
					return &ds[i], nil
				}
				if GenreDe(err) != Interdit {
					return nil, err
				}
			}
			if len(ds) < suivantesParPage {
				break
			}
			f.Apres = ds[len(ds)-1].Serie
		}
	}
	return nil, erreur(Inconnu, "Aucune demande déposée n’attend d’être prise.")
}
