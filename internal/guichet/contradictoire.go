package guichet

import (
	"context"

	"guichet.example/segur"
)

// delaiReponse is how many days a supplier has to answer a finding.
const delaiReponse = 30

// AttendReponse tells whether the supplier may still answer the finding.
func (a *Audit) AttendReponse(jour segur.Jour) bool {
	return a != nil && a.Conforme != nil && !a.clos() && a.Reponse == "" && !a.Avant.Nul() && !jour.Apres(a.Avant)
}

// Tranche tells whether the outcome may be given: for a drawn request, once the
// supplier has answered or its time is over. A control opened by hand, outside
// of a campaign, is in its controleur's own judgement.
func (a *Audit) Tranche(jour segur.Jour) bool {
	return a.Controle == "" || !a.AttendReponse(jour)
}

// Repondre is the supplier's answer to the finding of a control, once, before
// its deadline.
func (g *Guichet) Repondre(ctx context.Context, a *Acteur, n NumeroASP, texte string) error {
	_, err := g.suivreConstat(ctx, a, n, ActeDemande{Action: Repondre, Reponse: texte}, Appel{})
	return err
}

// Classer ends a control without recovery: the answer convinced, or the matter
// is too small.
func (g *Guichet) Classer(ctx context.Context, a *Acteur, n NumeroASP, motif string) error {
	_, err := g.suivreConstat(ctx, a, n, ActeDemande{Action: Classer, Motif: motif}, Appel{})
	return err
}

func (x *execution) repondre() error {
	u := x.d.Audit
	switch {
	case u.Reponse != "":
		return erreur(Conflit, "Vous avez déjà répondu à ce constat.")
	case !u.AttendReponse(x.g.Aujourdhui()):
		return erreur(Conflit, "Le délai pour répondre à ce constat est passé depuis le %s.", u.Avant)
	case x.q.Defaut != nil:
		return x.q.Defaut
	}
	if err := exigerTexte("reponse", x.q.Reponse); err != nil {
		return err
	}
	u.Reponse, u.RepondeLe = x.q.Reponse, x.g.Aujourdhui()
	return x.passer("", "réponse du fournisseur au constat")
}

func (x *execution) classer() error {
	if !x.d.Audit.Tranche(x.g.Aujourdhui()) {
		return phaseOuverte(x.d)
	}
	if x.q.Defaut != nil {
		return x.q.Defaut
	}
	if err := exigerTexte("motif", x.q.Motif); err != nil {
		return err
	}
	x.d.Audit.Classe = x.q.Motif
	return x.passer("", x.q.Motif)
}

// suivreConstat does what may follow the finding that a request is not right.
func (g *Guichet) suivreConstat(ctx context.Context, a *Acteur, n NumeroASP, q ActeDemande, appel Appel) (*DemandeVue, error) {
	v := &DemandeVue{}
	return v, g.faire(ctx, operation{acteur: a, action: q.Action, objet: string(n), appel: appel}, func(tx Tx, _ *operation) (any, string, error) {
		d, err := g.demandeDe(tx, a, n)
		if err == nil {
			err = exiger(a, q.Action)
		}
		if err == nil {
			err = separer(tx, a, q.Action, n)
		}
		if err != nil {
			return nil, "", err
		}
		if u := d.Audit; u == nil || u.Conforme == nil || u.clos() {
			return nil, "", erreur(Conflit, "Aucun constat de non-conformité n’attend de suite sur la demande %s.", n)
		}
		x := execution{g: g, tx: tx, a: a, d: d, q: &q}
		if q.Action == Repondre {
			err = x.repondre()
		} else {
			err = x.classer()
		}
		if err != nil {
			return nil, "", err
		}
		*v = DemandeVue{}
		err = g.voir(tx, a, n, v)
		return v, x.detail, err
	})
}

// phaseOuverte refuses an outcome that comes before the supplier was heard.
func phaseOuverte(d *Demande) error {
	return erreur(Conflit, "Le fournisseur peut répondre au constat jusqu’au %s : la suite du contrôle se donne après sa réponse, ou après cette date.", d.Audit.Avant)
}

// annonce is what the supplier is told of a step of the control.
func (a *Audit) annonce(acte Action) string {
	switch acte {
	case Recouvrer:
		return "une somme est à rendre : l’ordre de recouvrement est sur le portail"
	case Classer:
		return "le contrôle est classé : vous n’avez rien à rendre"
	}
	return "constat de non-conformité ; vous pouvez répondre jusqu’au " + a.Avant.String()
}
