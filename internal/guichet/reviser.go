package guichet

import (
	"errors"
	"strings"
	"time"
)

// sensRetrait withdraws a decision without another yet: the request goes back
// to instruction, and its next decision names the one it replaces.
const sensRetrait = "retrait"

// reviser puts another decision in the place of one that stands. An award is
// reversed as long as no payment of it is under way: what is paid is called
// back by a control only. A refusal becomes an award when the request was
// validated before; otherwise it is withdrawn first.
func (x *execution) reviser() error {
	ancienne := x.d.Decision
	if ancienne == nil {
		return erreur(Conflit, "La demande %s n’a pas de décision à remplacer.", x.d.NumeroASP)
	}
	if x.d.LotID != "" {
		return erreur(Conflit, "La demande %s est dans le lot de paiement %s : sa décision ne se remplace plus. Une somme versée à tort se recouvre par un contrôle.", x.d.NumeroASP, x.d.LotID)
	}
	switch x.q.Sens {
	case "attribution", "refus", sensRetrait:
	default:
		return erreur(Invalide, "« sens » vaut « %s » ; valeurs admises : attribution, refus, retrait.", visible(x.q.Sens))
	}
	if x.q.Sens == ancienne.Sens {
		return erreur(Conflit, "La décision en vigueur est déjà de ce sens : il n’y a rien à remplacer.")
	}
	if x.q.Sens == "attribution" && x.d.Verifications == nil {
		return erreur(Conflit, "La demande %s n’a pas été validée : retirez le refus (« retrait ») pour qu’elle reparte à l’instruction.", x.d.NumeroASP)
	}
	if err := exigerTexte("motif", x.q.Motif); err != nil {
		return err
	}
	if err := x.soldeLibre(); err != nil {
		return err
	}
	r, err := x.remplacee(ancienne)
	if err != nil {
		return err
	}
	return x.remplacer(r)
}

// soldeLibre refuses to bring a balance back to life beside another of the same
// advance.
func (x *execution) soldeLibre() error {
	if x.d.Avance == "" || x.d.Statut != Refusee {
		return nil
	}
	autre, err := x.tx.SoldeDe(x.d.Avance)
	if errors.Is(err, ErrAbsent) {
		return nil
	}
	if err == nil {
		err = erreur(Conflit, "Un autre solde, %s, est demandé pour la même avance : ce refus ne se remplace plus.", autre.NumeroASP)
	}
	return err
}

// remplacee names the decision in force by its letter, which was written right
// after it. A decision forced in a sandbox has none.
func (x *execution) remplacee(d *Decision) (*Remplacee, error) {
	r := &Remplacee{Sens: d.Sens, Date: d.Date, Motif: x.q.Motif}
	ls, err := x.tx.Lettres(x.d.NumeroASP)
	for i := range ls {
		if l := &ls[i]; string(l.Genre) == d.Sens && !l.Date.Before(d.Date.Truncate(time.Millisecond)) {
			r.Reference = l.Reference()
		}
	}
	return r, err
}

func (x *execution) remplacer(r *Remplacee) error {
	suite := r.suite()
	switch x.q.Sens {
	case "attribution":
		if len(x.q.Motifs) > 0 {
			return erreur(Invalide, "Une attribution n’a pas de motifs.")
		}
		return x.attribuer(r, suite)
	case "refus":
		if err := exigerMotifs(Decider, x.q.Motifs); err != nil {
			return err
		}
		return x.refuser(r, suite)
	}
	if len(x.q.Motifs) > 0 {
		return erreur(Invalide, "Un retrait n’a pas de motifs codés : « motif » dit pourquoi.")
	}
	x.d.Decision, x.d.Retiree = nil, r
	return errors.Join(x.passer(EnInstruction, "retire "+r.nom()), x.ecrire(LettreRetrait, ChargeLettre{Remplace: r, Motif: x.q.Motif}))
}

// nomAttribution stands in the histories of requests, where statistics read it.
const nomAttribution = "l’attribution"

// nom is a decision in a line of history.
func (r *Remplacee) nom() string {
	t := nomAttribution
	if r.Sens == "refus" {
		t = "le refus"
	}
	return strings.TrimSpace(t + " " + r.Reference)
}

// suite is what a decision says of the one that was withdrawn before it.
func (r *Remplacee) suite() string {
	if r == nil {
		return ""
	}
	return "remplace " + r.nom()
}

// attribuer awards the request; r is the decision that this one replaces, nil
// for a first one.
func (x *execution) attribuer(r *Remplacee, suite string) error {
	x.d.Decision = &Decision{Sens: "attribution", Date: x.g.m.Horloge(), Motifs: []string{}, Remplace: r}
	x.d.Retiree = nil
	p, err := x.g.lignePayee(x.tx, x.d)
	if err != nil {
		return err
	}
	return errors.Join(x.passer(Decidee, avecSuite("attribution de "+p.Montant.String(), suite)),
		x.ecrire(LettreAttribution, ChargeLettre{Montant: p.Montant, Etapes: p.Etapes, Remplace: r}))
}

// refuser refuses the request for the reasons asked.
func (x *execution) refuser(r *Remplacee, suite string) error {
	x.d.Decision = &Decision{Sens: "refus", Date: x.g.m.Horloge(), Motifs: x.q.Motifs, Remplace: r}
	x.d.RefusPropose, x.d.Retiree = nil, nil
	return errors.Join(x.passer(Refusee, avecSuite(strings.Join(x.q.Motifs, ", "), suite)),
		x.ecrire(LettreRefus, ChargeLettre{Motifs: x.q.Motifs, Remplace: r}))
}

func avecSuite(t, suite string) string {
	if suite == "" {
		return t
	}
	return t + " ; " + suite
}
