package guichet

import (
	"context"
	"errors"
	"maps"
	"slices"

	"guichet.example/segur"
)

// ResultatDecision is what became of one request of a selection.
type ResultatDecision struct {
	NumeroASP NumeroASP
	Decidee   bool // or would be, in a preview
	Statut    Statut
	Motif     string // why not
	// Montant is what its award would pay; of previews alone.
	Montant segur.Montant `json:"-"`
}

// selectionMax bounds one call; a transaction decides trancheDecision of them,
// so that others can write in between, and previews trancheApercu, which nobody
// waits for.
const (
	selectionMax    = 20_000
	trancheDecision = 100
	trancheApercu   = 1000
)

// SelectionDecision is a decision on many requests.
type SelectionDecision struct {
	Sens    string
	Numeros []NumeroASP
	Motifs  []string
	Apercu  bool                   // nothing changes
	Avancer func(faits, total int) // told after each part; may be nil
}

// DeciderSelection decides each request of a selection by itself: one that
// cannot be decided does not stop the others, and its result says why. The
// results are in the order asked, one a number. An interrupted call has
// decided the first of them; the same call again decides the rest. The results
// are what appel keeps.
func (g *Guichet) DeciderSelection(ctx context.Context, a *Acteur, q SelectionDecision, appel Appel) ([]ResultatDecision, error) {
	if err := exiger(a, Decider); err != nil {
		g.noterRefus(ctx, operation{acteur: a, action: Decider}, err)
		return nil, err
	}
	if err := q.controler(); err != nil {
		return nil, err
	}
	vus := map[NumeroASP]Statut{}
	var rs []ResultatDecision
	tranche := trancheDecision
	if q.Apercu {
		tranche = trancheApercu
	}
	for i := 0; i < len(q.Numeros); i += tranche {
		fin := min(i+tranche, len(q.Numeros))
		part, err := g.deciderPart(ctx, a, q, q.Numeros[i:fin], vus, appel, func(tx Tx, part []ResultatDecision) error {
			if fin < len(q.Numeros) {
				return nil
			}
			return appel.retenir(tx, a, slices.Concat(rs, part), g.m.Horloge())
		})
		if err != nil {
			return rs, err
		}
		if rs = append(rs, part...); q.Avancer != nil {
			q.Avancer(len(rs), len(q.Numeros))
		}
	}
	return rs, nil
}

// controler judges what is asked of the whole selection.
func (q *SelectionDecision) controler() error {
	switch {
	case len(q.Numeros) == 0:
		return erreur(Invalide, "Il manque « numerosASP » : la liste des demandes à décider.")
	case len(q.Numeros) > selectionMax:
		return erreur(Invalide, "La sélection compte %d demandes ; %d au plus en une fois.", len(q.Numeros), selectionMax)
	case q.Sens != "attribution" && q.Sens != "refus":
		return erreur(Invalide, "« sens » vaut « %s » ; valeurs admises : attribution, refus.", visible(q.Sens))
	case q.Sens == "attribution" && len(q.Motifs) > 0:
		return erreur(Invalide, "Une attribution n’a pas de motifs.")
	case q.Sens == "refus":
		return exigerMotifs(Decider, q.Motifs)
	}
	return nil
}

// deciderPart decides a part of a selection in one transaction, which ends with
// fin. vus are the requests of earlier parts, with the status they have since.
func (g *Guichet) deciderPart(ctx context.Context, a *Acteur, q SelectionDecision, ns []NumeroASP, vus map[NumeroASP]Statut, appel Appel, fin func(Tx, []ResultatDecision) error) (rs []ResultatDecision, err error) {
	var refuses []operation
	var ici map[NumeroASP]Statut
	part := func(tx Tx) error {
		if err := appel.repondu(tx, a, g.m.Horloge()); err != nil {
			return err
		}
		rs, refuses, ici = nil, nil, map[NumeroASP]Statut{}
		lues, err := lireADecider(tx, a, ns)
		if err != nil {
			return err
		}
		for _, n := range ns {
			s, double := ici[n]
			if !double {
				s, double = vus[n]
			}
			if double {
				rs = append(rs, ResultatDecision{NumeroASP: n, Statut: s, Motif: "Cette demande est déjà dans la sélection."})
				continue
			}
			r, err := g.deciderUn(tx, a, q, n, lues)
			if GenreDe(err) == Interdit {
				refuses = append(refuses, operation{acteur: a, action: Decider, objet: string(n)})
			} else if err != nil {
				return err
			}
			rs, ici[n] = append(rs, r), r.Statut
		}
		return fin(tx, rs)
	}
	if q.Apercu && appel.Cle == "" {
		err = g.m.Base.Lire(ctx, part)
	} else {
		err = g.m.Base.Ecrire(ctx, part)
	}
	maps.Copy(vus, ici)
	if err == nil && !q.Apercu {
		for _, o := range refuses {
			g.noterRefus(ctx, o, erreur(Interdit, "Autre fonction déjà exercée sur la demande."))
		}
	}
	return rs, err
}

// aDecider is what of many requests is read at once before each is judged.
type aDecider struct {
	demandes map[NumeroASP]*Demande
	exerces  map[NumeroASP][]Role // duties that the decider had on them
}

func lireADecider(tx Tx, a *Acteur, ns []NumeroASP) (l aDecider, err error) {
	if l.demandes, err = tx.DemandesNommees(ns); err == nil {
		l.exerces, err = tx.MetiersSur(ns, a.ID)
	}
	return l, err
}

// juger is [Guichet.juger] of a request that was read with others; the right
// itself was required once, before the first of them.
func (l *aDecider) juger(a *Acteur, acte Acte, d *Demande) error {
	if err := unSeul(metier(acte.Action), d.NumeroASP, l.exerces[d.NumeroASP]); err != nil {
		return err
	}
	return acte.permettre(d)
}

// deciderUn decides one request; the error is Interdit for a want of right on
// that request, with its result, or a failure of the store.
func (g *Guichet) deciderUn(tx Tx, a *Acteur, q SelectionDecision, n NumeroASP, lues aDecider) (ResultatDecision, error) {
	r := ResultatDecision{NumeroASP: n}
	d, err := lues.demandes[n], error(nil)
	if d == nil {
		err = ErrAbsent
	}
	if d, err = demandePour(a, n, d, err); err == nil {
		r.Statut = d.Statut
		acte, _ := ActeDe(Decider)
		err = lues.juger(a, acte, d)
	}
	if err == nil {
		x := execution{g: g, tx: tx, a: a, d: d, q: &ActeDemande{Action: Decider, Sens: q.Sens, Motifs: q.Motifs}}
		if q.Apercu {
			err, r.Montant = x.apercu(), d.APayer()
		} else if err = x.decider(); err == nil {
			r.Statut = d.Statut
			err = g.journaliser(tx, &operation{acteur: a, action: Decider, objet: string(n)}, "fait", x.detail)
		}
	}
	var e *Error
	if errors.As(err, &e) {
		r.Motif = e.Message
		if e.Genre == Interdit {
			return r, err
		}
		return r, nil
	}
	r.Decidee = err == nil
	return r, err
}

// apercu tells what decider would refuse, without writing.
func (x *execution) apercu() error {
	if x.q.Sens == "attribution" && x.d.Statut != Validee {
		return erreur(Conflit, "La demande %s n’est pas validée : renvoyez-la à l’instruction pour l’attribuer.", x.d.NumeroASP)
	}
	return nil
}
