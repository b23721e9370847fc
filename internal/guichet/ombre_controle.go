package guichet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"guichet.example/segur"
)

// A version of the rules may harden warnings of the control: from a day on, a
// line that has one is refused with [segur.CodeAvertDurci], which names it. The
// rule set itself stays as it is, its hash too: what the agency asks for beyond
// the format is the portal's to judge, like a ceiling.

// Durcissables lists the warnings of the control of a type that a version may
// harden: those about one request.
func Durcissables(t segur.TypeDemande) (es []segur.Entree) {
	for _, j := range segur.Jeux() {
		if j.Type == t {
			es = append(es, j.Durcissables()...)
		}
	}
	return es
}

func (r *ReglesFutures) touche(t segur.TypeDemande) bool { return r.Type == "" || r.Type == t }

// controlerDurcis refuses codes that are no warnings, and refusals that would
// begin before anybody could know.
func (r *ReglesFutures) controlerDurcis(autres []ReglesFutures, jour segur.Jour) error {
	slices.Sort(r.Durcis)
	r.Durcis = slices.Compact(r.Durcis)
	tous := append(Durcissables(segur.Avance), Durcissables(segur.Solde)...)
	for _, c := range r.Durcis {
		if !slices.ContainsFunc(tous, func(e segur.Entree) bool { return e.Code == c }) {
			return erreur(Invalide, "Le code %s n’est pas un avertissement du contrôle d’une demande.", c)
		}
	}
	if !r.EnVigueur {
		return nil
	}
	if len(r.Durcis) == 0 {
		return erreur(Invalide, "Rien n’entre en vigueur : cochez au moins un avertissement à refuser.")
	}
	deja := slices.ContainsFunc(autres, func(x ReglesFutures) bool {
		return x.ID == r.ID && x.EnVigueur && x.Depuis == r.Depuis && slices.Equal(x.Durcis, r.Durcis)
	})
	if !deja && !r.Depuis.Apres(jour) {
		return erreur(Invalide, "Un refus nouveau entre en vigueur demain au plus tôt : reçu le %s.", r.Depuis)
	}
	return nil
}

// enVigueur tells whether the version refuses what it hardens on a day.
func (r *ReglesFutures) enVigueur(t segur.TypeDemande, jour segur.Jour) bool {
	return r.EnVigueur && !r.Depuis.Apres(jour) && r.touche(t)
}

// reglesEnVigueur reads the versions outside of any act.
func (g *Guichet) reglesEnVigueur(ctx context.Context) (rs []ReglesFutures, err error) {
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		rs, err = reglesFutures(tx)
		return err
	})
	return rs, err
}

// durcis are the refusals that the versions in force add to a report.
func durcis(regles []ReglesFutures, jour segur.Jour, r *segur.Rapport) []segur.FaitPortail {
	var codes []segur.Code
	for i := range regles {
		if regles[i].enVigueur(r.Jeu().Type, jour) {
			codes = append(codes, regles[i].Durcis...)
		}
	}
	return r.Durcis(codes...)
}

// Durci is a warning that the portal refuses from a day on.
type Durci struct {
	Code   segur.Code
	Type   segur.TypeDemande
	Depuis segur.Jour
}

// MarshalJSON writes it as outsiders read it: code, type and depuis, AAAA-MM-JJ.
func (d Durci) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Code   string            `json:"code"`
		Type   segur.TypeDemande `json:"type"`
		Depuis string            `json:"depuis"`
	}{d.Code.String(), d.Type, d.Depuis.ISO()})
}

// DurcisAnnonces lists what is refused beyond the format, today and from a day
// to come on, for everybody: who controls a file elsewhere judges by it.
func (g *Guichet) DurcisAnnonces(ctx context.Context) (ds []Durci, err error) {
	regles, err := g.reglesEnVigueur(ctx)
	ds = []Durci{} // a list, even of none
	for i := range regles {
		r := &regles[i]
		for _, t := range []segur.TypeDemande{segur.Avance, segur.Solde} {
			if !r.EnVigueur || !r.touche(t) {
				continue
			}
			for _, e := range Durcissables(t) {
				if slices.Contains(r.Durcis, e.Code) {
					ds = append(ds, Durci{e.Code, t, r.Depuis})
				}
			}
		}
	}
	return ds, err
}

// raisonsDurcies says what of a line the version would refuse.
func (r *ReglesFutures) raisonsDurcies(l segur.Demande) (rs []Raison) {
	for k := range l.Constats() {
		if slices.Contains(r.Durcis, k.Code) && !slices.ContainsFunc(rs, func(x Raison) bool { return x.Code == k.Code.String() }) {
			rs = append(rs, Raison{k.Code.String(), k.Message})
		}
	}
	return rs
}

// depotsOmbre is how many of the last deposits a version controls again.
const depotsOmbre = 1000

// ombrerDepots controls the last deposits again, as they were received, under
// the rule set planned for the version's first day and the warnings that it
// hardens: their accepted lines, whatever became of them, are those that would
// be refused.
func (g *Guichet) ombrerDepots(ctx context.Context, r *ReglesFutures) (n int, err error) {
	var ds []Depot
	if err := g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		ds, err = tx.DepotsDe(0, nil, depotsOmbre)
		return err
	}); err != nil {
		return 0, err
	}
	for i := range ds {
		if !r.touche(ds[i].Type) || ds[i].Acceptees == 0 {
			continue
		}
		n++
		if err := g.ombrerDepot(ctx, r, &ds[i]); err != nil {
			return n, err
		}
	}
	return n, nil
}

func (g *Guichet) ombrerDepot(ctx context.Context, r *ReglesFutures, d *Depot) error {
	var recu []byte
	var demandes []Demande
	if err := g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		if recu, err = tx.Recu(d.ID); err == nil {
			demandes, err = tx.Demandes(Filtre{DepotID: d.ID})
		}
		return err
	}); err != nil {
		return err
	}
	jour := g.Aujourdhui()
	if r.Depuis.Apres(jour) {
		jour = r.Depuis
	}
	j, err := segur.JeuPour(d.Type, jour)
	if err != nil {
		return err
	}
	rapport := j.Controler(recu, jour, segur.Options{Finess: g.registre()})
	var os []Ombre
	for i := range demandes {
		x := &demandes[i]
		l, ok := rapport.Demande(x.Rang)
		if !ok || !x.Efface.IsZero() { // what was erased cannot be judged again
			continue
		}
		var raisons []Raison
		if slices.Contains(ouvertes, x.Statut) {
			raisons = r.juger(x)
		}
		for k := range l.Constats() {
			if k.Gravite == segur.Erreur {
				raisons = append(raisons, Raison{k.Code.String(), k.Message})
			}
		}
		if raisons = append(raisons, r.raisonsDurcies(l)...); raisons != nil {
			os = append(os, Ombre{x.Serie, x.NumeroASP, raisons})
		}
	}
	if len(os) == 0 {
		return nil
	}
	return g.m.Base.Ecrire(ctx, func(tx Tx) error { return tx.PoserOmbres(r.ID, os) })
}

// Touchee is a request that a version would hit, with where it comes from.
type Touchee struct {
	Ombre
	Fournisseur string
	Fichier     string // of its deposit
	Ligne       int
	DepotID     DepotID
}

// situer finds the supplier, the file and the line of each hit.
func situer(tx Tx, os []Ombre) (ts []Touchee, err error) {
	ns := make([]NumeroASP, len(os))
	for i := range os {
		ns[i] = os[i].NumeroASP
	}
	ds, err := tx.DemandesNommees(ns)
	if err != nil {
		return nil, err
	}
	noms, fichiers := map[FournisseurID]string{}, map[DepotID]string{}
	for _, o := range os {
		d := ds[o.NumeroASP]
		if d == nil {
			return nil, fmt.Errorf("request %s: %w", o.NumeroASP, ErrAbsent)
		}
		if _, ok := noms[d.FournisseurID]; !ok {
			f, err := tx.Fournisseur(d.FournisseurID)
			if err != nil {
				return nil, err
			}
			noms[d.FournisseurID] = f.RaisonSociale
		}
		if _, ok := fichiers[d.DepotID]; !ok {
			_, nom, err := tx.Origine(d.DepotID)
			if err != nil && !errors.Is(err, ErrAbsent) {
				return nil, err
			}
			fichiers[d.DepotID] = nom
		}
		ts = append(ts, Touchee{o, noms[d.FournisseurID], fichiers[d.DepotID], d.Rang, d.DepotID})
	}
	return ts, nil
}
