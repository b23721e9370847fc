package guichet

import (
	"context"
	"strings"
	"unicode/utf8"
)

// Vue is a named set of filters of the queue.
type Vue struct {
	ID       int64    `json:"-"`
	CompteID CompteID // who made it
	Auteur   string   // account
	Nom      string
	Requete  string // the filters, as the address of the page has them
	Partagee bool   // with the whole service; else it is its maker's own
	Defaut   bool   `json:"-"` // shown to the reader when nothing else is asked
}

// vueDefaut is the view that an account begins with.
type vueDefaut struct {
	ID       int64 `json:"-"`
	CompteID CompteID
	Vue      int64
}

// Bounds of a view.
const (
	nomVueMax  = 60
	requeteMax = 500
	vuesMax    = 50 // of one account
)

// Vues lists the views that an officer may open: his own, then those shared
// with him.
func (g *Guichet) Vues(ctx context.Context, a *Acteur) (vs []Vue, err error) {
	if err := exiger(a, GererVues); err != nil {
		return nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		vs, err = vuesDe(tx, a)
		return err
	})
	return vs, err
}

func vuesDe(tx Tx, a *Acteur) (vs []Vue, err error) {
	toutes, err := lireReglages(tx, reglageVue, func(v *Vue, id int64) { v.ID = id })
	if err != nil {
		return nil, err
	}
	d, err := defautDe(tx, a)
	for _, siennes := range []bool{true, false} {
		for _, v := range toutes {
			if (v.CompteID == a.ID) == siennes && (siennes || v.Partagee) {
				v.Defaut = d.Vue == v.ID
				vs = append(vs, v)
			}
		}
	}
	return vs, err
}

// defautDe is the choice of an account; that of one who never chose has no ID.
func defautDe(tx Tx, a *Acteur) (vueDefaut, error) {
	ds, err := lireReglages(tx, reglageDefaut, func(d *vueDefaut, id int64) { d.ID = id })
	for _, d := range ds {
		if d.CompteID == a.ID {
			return d, err
		}
	}
	return vueDefaut{CompteID: a.ID}, err
}

// EnregistrerVue keeps a set of filters under a name; one of the same name and
// maker is replaced.
func (g *Guichet) EnregistrerVue(ctx context.Context, a *Acteur, v Vue) error {
	return g.surVues(ctx, a, func(tx Tx, vs []Vue) error {
		v.CompteID, v.Auteur, v.Nom = a.ID, a.Identifiant, strings.TrimSpace(v.Nom)
		if n := utf8.RuneCountInString(v.Nom); n == 0 || n > nomVueMax || exigerLisible("nom", v.Nom) != nil {
			return erreur(Invalide, "Une vue a un nom de 1 à %d caractères lisibles.", nomVueMax)
		}
		if len(v.Requete) > requeteMax {
			return erreur(Invalide, "Les filtres de cette vue sont trop longs.")
		}
		n := 0
		for i := range vs {
			if vs[i].CompteID != a.ID {
				continue
			}
			if n++; vs[i].Nom == v.Nom {
				v.ID = vs[i].ID
			}
		}
		if v.ID == 0 && n >= vuesMax {
			return erreur(Conflit, "Vous avez déjà %d vues ; retirez-en une.", vuesMax)
		}
		_, err := poserReglage(tx, reglageVue, v.ID, v)
		return err
	})
}

// RetirerVue takes one of the officer's own views out.
func (g *Guichet) RetirerVue(ctx context.Context, a *Acteur, id int64) error {
	return g.surVues(ctx, a, func(tx Tx, vs []Vue) error {
		v, err := unReglage(vs, func(v *Vue) bool { return v.ID == id }, "Cette vue n’existe pas, ou n’existe plus.")
		if err != nil {
			return err
		}
		if v.CompteID != a.ID {
			return erreur(Interdit, "Cette vue est celle de %s : lui seul la retire.", v.Auteur)
		}
		return tx.OterReglage(reglageVue, id)
	})
}

// ChoisirVue makes a view the one that the officer begins with; 0 is none.
func (g *Guichet) ChoisirVue(ctx context.Context, a *Acteur, id int64) error {
	return g.surVues(ctx, a, func(tx Tx, vs []Vue) error {
		if id != 0 {
			if _, err := unReglage(vs, func(v *Vue) bool { return v.ID == id }, "Cette vue n’existe pas, ou n’existe plus."); err != nil {
				return err
			}
		}
		d, err := defautDe(tx, a)
		if err != nil {
			return err
		}
		d.Vue = id
		_, err = poserReglage(tx, reglageDefaut, d.ID, d)
		return err
	})
}

// surVues changes views. They are a convenience of the screen and decide
// nothing: only a refusal is journalled.
func (g *Guichet) surVues(ctx context.Context, a *Acteur, f func(tx Tx, vs []Vue) error) error {
	if err := g.Autoriser(ctx, a, GererVues, ""); err != nil {
		return err
	}
	return g.m.Base.Ecrire(ctx, func(tx Tx) error {
		vs, err := vuesDe(tx, a)
		if err != nil {
			return err
		}
		return f(tx, vs)
	})
}
