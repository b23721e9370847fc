package guichet

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"guichet.example/segur"
)

// ReglesFutures is a version of the rules that is not in force yet: it runs in
// the shadow over requests that come in and over those that are still open,
// refuses nothing, and lists those that it would hit.
type ReglesFutures struct {
	ID        int64 `json:"-"`
	Libelle   string
	Depuis    segur.Jour        // planned first day, for people
	Type      segur.TypeDemande // "" = both
	CommandeD segur.Jour        // first day of an order; zero = no limit
	CommandeA segur.Jour        // last day of an order; zero = no limit
	Plafond   segur.Montant     // highest amount HT of an advance
	Bareme    segur.Bareme
	Montants  []segur.Montant // ceilings HT of the tranches; nil = not judged
	Durcis    []segur.Code    // warnings of the control that would refuse
	EnVigueur bool            // from its first day on they do, without more being said
	Passage   time.Time       // when the open requests were last gone through; zero = under way
	Examinees int             // requests gone through then
	Depots    int             // deposits controlled again then
}

// Ombre is a request that rules to come would hit.
type Ombre struct {
	Serie     int64
	NumeroASP NumeroASP
	Raisons   []Raison
}

// Raison is why rules to come would hit a request.
type Raison struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// ouvertes are the statuses of requests that rules to come can still reach.
var ouvertes = []Statut{Incomplete, Deposee, EnInstruction, AModifier, Validee}

// juger tells why the rules would hit a request; nothing is why not.
func (r *ReglesFutures) juger(d *Demande) (rs []Raison) {
	if !r.touche(d.Type) {
		return nil
	}
	dire := func(code, format string, args ...any) {
		rs = append(rs, Raison{code, fmt.Sprintf(format, args...)})
	}
	j, ht := d.DateCommande, d.Montants.HT
	if !r.CommandeD.Nul() && r.CommandeD.Apres(j) {
		dire("date_avant", "La commande du %s est antérieure au %s.", j, r.CommandeD)
	}
	if !r.CommandeA.Nul() && j.Apres(r.CommandeA) {
		dire("date_apres", "La commande du %s est postérieure au %s.", j, r.CommandeA)
	}
	if d.Type == segur.Avance && ht > r.Plafond {
		dire("plafond", "Le montant de %s HT dépasse le plafond de %s HT.", ht.Francais(), r.Plafond.Francais())
	}
	connu := len(r.Montants) == 0
	for _, m := range r.Montants {
		connu = connu || m == ht
	}
	if !connu {
		dire("montant_inhabituel", "Le montant de %s HT n’est celui d’aucune tranche.", ht.Francais())
	}
	k, err := r.Bareme.Montants(ht, d.Abrege.Regime)
	switch {
	case err != nil:
		dire("calcul", "Les montants ne se calculent pas avec ces taux.")
	case d.Type == segur.Avance && k.Avance != d.Montants.Avance:
		dire("avance", "L’avance serait de %s au lieu de %s.", k.Avance.Francais(), d.Montants.Avance.Francais())
	case d.Type == segur.Solde && k.Base != d.Montants.Base:
		dire("base", "La base serait de %s au lieu de %s.", k.Base.Francais(), d.Montants.Base.Francais())
	}
	return rs
}

// ombreArrivees runs the rules to come over requests that have just come in, by
// the report of their deposit.
func (g *Guichet) ombreArrivees(tx Tx, rs []ReglesFutures, r *segur.Rapport, ds []*Demande) error {
	for i := range rs {
		var os []Ombre
		for _, d := range ds {
			x := rs[i].juger(d)
			if l, ok := r.Demande(d.Rang); ok && rs[i].touche(d.Type) {
				x = append(x, rs[i].raisonsDurcies(l)...)
			}
			if x != nil {
				os = append(os, Ombre{d.Serie, d.NumeroASP, x})
			}
		}
		if err := tx.PoserOmbres(rs[i].ID, os); err != nil {
			return err
		}
	}
	return nil
}

func reglesFutures(tx Tx) ([]ReglesFutures, error) {
	return lireReglages(tx, reglageFutur, func(r *ReglesFutures, id int64) { r.ID = id })
}

// ombreParPage is how many requests the shadow reads at once.
const ombreParPage = 500

// ombrer goes through the open requests for one version of the rules.
func (g *Guichet) ombrer(ctx context.Context, t *Travail) (suiteTravail, error) {
	id, err := strconv.ParseInt(t.Cle, 10, 64)
	if err != nil {
		return nil, ErrAbandon
	}
	var r *ReglesFutures
	trouver := func(tx Tx) error {
		rs, err := reglesFutures(tx)
		if err == nil {
			r, err = unReglage(rs, func(x *ReglesFutures) bool { return x.ID == id }, "Ces règles n’existent plus.")
		}
		return err
	}
	err = g.m.Base.Ecrire(ctx, func(tx Tx) error {
		if err := trouver(tx); err != nil {
			return err
		}
		return tx.OterOmbres(id)
	})
	if GenreDe(err) == Inconnu {
		return nil, nil // taken out meanwhile
	}
	if err != nil {
		return nil, err
	}
	n := 0
	for _, s := range ouvertes {
		k, err := g.ombrerStatut(ctx, r, s)
		if n += k; err != nil {
			return nil, err
		}
	}
	depots, err := g.ombrerDepots(ctx, r)
	if err != nil {
		return nil, err
	}
	return func(tx Tx) error {
		if err := trouver(tx); err != nil {
			return presence(absentSi(err))
		}
		r.Passage, r.Examinees, r.Depots = g.m.Horloge(), n, depots
		_, err := poserReglage(tx, reglageFutur, id, r)
		return err
	}, nil
}

// absentSi tells a missing setting as a missing object.
func absentSi(err error) error {
	if GenreDe(err) == Inconnu {
		return ErrAbsent
	}
	return err
}

func (g *Guichet) ombrerStatut(ctx context.Context, r *ReglesFutures, s Statut) (n int, err error) {
	f := Filtre{Statut: s, Max: ombreParPage}
	for {
		var ds []Demande
		if err := g.m.Base.Lire(ctx, func(tx Tx) (err error) {
			ds, err = tx.Demandes(f)
			return err
		}); err != nil {
			return n, err
		}
		var os []Ombre
		for i := range ds {
			if x := r.juger(&ds[i]); x != nil {
				os = append(os, Ombre{ds[i].Serie, ds[i].NumeroASP, x})
			}
		}
		if len(os) > 0 {
			if err := g.m.Base.Ecrire(ctx, func(tx Tx) error { return tx.PoserOmbres(r.ID, os) }); err != nil {
				return n, err
			}
		}
		if n += len(ds); len(ds) < ombreParPage {
			return n, nil
		}
		f.Apres = ds[len(ds)-1].Serie
	}
}

// futursMax bounds the versions that run at once: each judges every request
// that comes in.
const futursMax = 5

// ReglerFutures sets a version of the rules to run in the shadow, in the place
// of the one of the same ID, and goes through the open requests. Administrators
// call it.
func (g *Guichet) ReglerFutures(ctx context.Context, a *Acteur, r ReglesFutures) error {
	return g.faire(ctx, operation{acteur: a, action: GererRegles, objet: "règles à venir"}, func(tx Tx, o *operation) (any, string, error) {
		if err := exiger(a, GererRegles); err != nil {
			return nil, "", err
		}
		rs, err := reglesFutures(tx)
		if err != nil {
			return nil, "", err
		}
		if err := errors.Join(r.controler(rs), r.controlerDurcis(rs, g.Aujourdhui())); err != nil {
			return nil, "", err
		}
		r.Passage, r.Examinees, r.Depots = time.Time{}, 0, 0
		if r.ID, err = poserReglage(tx, reglageFutur, r.ID, r); err != nil {
			return nil, "", err
		}
		o.objet = r.Libelle
		return nil, r.resume(), errors.Join(tx.OterOmbres(r.ID), g.commander(tx, TravailOmbre, strconv.FormatInt(r.ID, 10), nil))
	})
}

func (r *ReglesFutures) resume() string {
	return fmt.Sprintf("depuis %s, type %s, commandes du %s au %s, plafond %s, TVA %d, part %d, tranches %v, refus %v, en vigueur %t", r.Depuis.ISO(), r.Type, r.CommandeD.ISO(), r.CommandeA.ISO(), r.Plafond, r.Bareme.TVA, r.Bareme.PartAvance, r.Montants, r.Durcis, r.EnVigueur)
}

func (r *ReglesFutures) controler(autres []ReglesFutures) error {
	r.Libelle = strings.TrimSpace(r.Libelle)
	connue := r.ID == 0
	for i := range autres {
		connue = connue || autres[i].ID == r.ID
		if autres[i].Libelle == r.Libelle && autres[i].ID != r.ID {
			return erreur(Conflit, "D’autres règles à venir portent déjà ce libellé.")
		}
	}
	invalide := func(format string, args ...any) error { return erreur(Invalide, format, args...) }
	switch {
	case !connue:
		return erreur(Inconnu, "Ces règles n’existent pas, ou n’existent plus.")
	case r.ID == 0 && len(autres) >= futursMax:
		return erreur(Conflit, "Il y a déjà %d versions à l’essai ; retirez-en une.", futursMax)
	case r.Libelle == "" || len([]rune(r.Libelle)) > libelleMax || exigerLisible("libelle", r.Libelle) != nil:
		return invalide("Le libellé compte de 1 à %d caractères lisibles.", libelleMax)
	case r.Depuis.Nul():
		return invalide("Donnez le jour d’entrée en vigueur prévu.")
	case r.Type != "" && r.Type != segur.Avance && r.Type != segur.Solde:
		return invalide("Le type vaut avance, solde, ou rien pour les deux.")
	case !r.CommandeD.Nul() && !r.CommandeA.Nul() && r.CommandeD.Apres(r.CommandeA):
		return invalide("La période des commandes finit le %s, avant de commencer le %s.", r.CommandeA, r.CommandeD)
	case r.Plafond <= 0 || r.Plafond > segur.MontantMax:
		return invalide("Le plafond est un montant supérieur à 0.")
	case r.Bareme.TVA < 0 || r.Bareme.TVA > 100_00 || r.Bareme.PartAvance <= 0 || r.Bareme.PartAvance >= 100_00:
		return invalide("La TVA va de 0 à 100 %%, la part de l’avance reste entre les deux sans les atteindre.")
	case len(r.Montants) > tranchesMax:
		return invalide("Au plus %d tranches.", tranchesMax)
	}
	for _, m := range r.Montants {
		if m <= 0 || m > r.Plafond {
			return invalide("Le montant d’une tranche est supérieur à 0 et au plus le plafond ; reçu : %s.", m.Francais())
		}
	}
	return nil
}

// RetirerFutures takes a version out, with its list.
func (g *Guichet) RetirerFutures(ctx context.Context, a *Acteur, id int64) error {
	return g.faire(ctx, operation{acteur: a, action: GererRegles, objet: "règles à venir"}, func(tx Tx, _ *operation) (any, string, error) {
		if err := exiger(a, GererRegles); err != nil {
			return nil, "", err
		}
		err := oterReglage(tx, reglageFutur, id, "Ces règles n’existent pas, ou n’existent plus.")
		return nil, fmt.Sprintf("retirer %d", id), errors.Join(err, tx.OterOmbres(id))
	})
}

// FuturesVues is a version of the rules with how many requests it would hit.
type FuturesVues struct {
	ReglesFutures
	Touchees int
}

// Futures lists the versions that run in the shadow.
func (g *Guichet) Futures(ctx context.Context, a *Acteur) (vs []FuturesVues, err error) {
	if err := g.Autoriser(ctx, a, GererRegles, ""); err != nil {
		return nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) error {
		vs = nil
		rs, err := reglesFutures(tx)
		if err != nil {
			return err
		}
		for _, r := range rs {
			n, err := tx.CompterOmbres(r.ID)
			if err != nil {
				return err
			}
			vs = append(vs, FuturesVues{r, n})
		}
		return nil
	})
	return vs, err
}

// Touchees lists the requests that one version would hit, behind one, with
// where each comes from.
func (g *Guichet) Touchees(ctx context.Context, a *Acteur, id, apres int64, max int) (v *FuturesVues, ts []Touchee, err error) {
	vs, err := g.Futures(ctx, a)
	if err != nil {
		return nil, nil, err
	}
	if v, err = unReglage(vs, func(x *FuturesVues) bool { return x.ID == id }, "Ces règles n’existent pas, ou n’existent plus."); err != nil {
		return nil, nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) error {
		os, err := tx.Ombres(id, apres, max)
		if err == nil {
			ts, err = situer(tx, os)
		}
		return err
	})
	return v, ts, err
}
