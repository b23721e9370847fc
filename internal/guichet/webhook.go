package guichet

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// AbonnementID names a webhook.
type AbonnementID int64

// Abonnement is an address that a supplier wants called when something
// happens.
type Abonnement struct {
	ID            AbonnementID
	FournisseurID FournisseurID
	URL           string
	Scelle        string // the signing secret, sealed
	Actif         bool
	Jusqua        int64 // last event delivered
	Cree          time.Time
}

// Livraison is one call of a webhook, and what came of it.
type Livraison struct {
	ID           int64
	AbonnementID AbonnementID
	Date         time.Time
	Premier      int64 // events in it, from … to
	Dernier      int64
	Statut       int    // HTTP; 0 = no answer
	Erreur       string // "" = delivered
}

// Appelant posts to addresses of others. It must reach public addresses only,
// follow no redirect, bound what it reads and end with the context.
type Appelant interface {
	Poster(ctx context.Context, adresse string, entetes map[string]string, corps []byte) (statut int, err error)
	// Permise tells whether an address has a form that Poster would call.
	Permise(adresse string) error
}

const (
	prefixeWebhook     = "whs_"
	abonnementsMax     = 5
	evenementsParAppel = 100
	// EnteteSignature holds "t=SECONDS,v1=HEX": HMAC-SHA256 over
	// "SECONDS.BODY" under the secret of the webhook. For a day after a new
	// secret a second "v1=" is made with the old one.
	EnteteSignature = "Guichet-Signature"
)

// CreerAbonnement adds a webhook of the actor's supplier. The secret that signs
// its calls is returned once. It hears what happens from now on.
func (g *Guichet) CreerAbonnement(ctx context.Context, a *Acteur, adresse string) (secret string, b *Abonnement, err error) {
	adresse = strings.TrimSpace(adresse)
	b = &Abonnement{FournisseurID: a.FournisseurID, URL: adresse, Actif: true, Cree: g.m.Horloge()}
	err = g.faire(ctx, operation{acteur: a, action: GererWebhooks, objet: hote(adresse)}, func(tx Tx, _ *operation) (any, string, error) {
		if err := exiger(a, GererWebhooks); err != nil {
			return nil, "", err
		}
		if g.m.Appelant == nil {
			return nil, "", errCoffre()
		}
		if err := g.m.Appelant.Permise(adresse); err != nil || !lisible(adresse) {
			return nil, "", &Error{Genre: Invalide, Message: "L’adresse n’est pas acceptée. Attendu : https://, un nom public, sans identifiant.", Cause: err}
		}
		bs, err := tx.Abonnements(a.FournisseurID)
		if err != nil {
			return nil, "", err
		}
		if slices.ContainsFunc(bs, func(x Abonnement) bool { return x.URL == adresse }) {
			return nil, "", erreur(Conflit, "Cette adresse est déjà celle d’un de vos webhooks.")
		}
		if len(bs) >= abonnementsMax {
			return nil, "", erreur(Conflit, "%d webhooks au plus par fournisseur ; retirez-en un d’abord.", abonnementsMax)
		}
		if secret, _, err = nouveauSecret(g.m.Hasard, prefixeWebhook); err != nil {
			return nil, "", err
		}
		if b.Scelle, err = g.sceller(secret, lieuWebhook(a.FournisseurID, adresse)); err != nil {
			return nil, "", err
		}
		if b.Jusqua, err = tx.DernierEvenement(); err != nil {
			return nil, "", err
		}
		b.ID = 0
		return nil, "créer", tx.PoserAbonnement(b)
	})
	if err != nil {
		return "", nil, err
	}
	return secret, b, nil
}

// hote is what the journal keeps of an address: its path may be a secret.
func hote(adresse string) string {
	u, err := url.Parse(adresse)
	if err != nil {
		return ""
	}
	return visible(u.Host)
}

// Abonnements lists the webhooks of the actor's supplier.
func (g *Guichet) Abonnements(ctx context.Context, a *Acteur) (bs []Abonnement, err error) {
	if err := exiger(a, GererWebhooks); err != nil {
		return nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		bs, err = tx.Abonnements(a.FournisseurID)
		return err
	})
	return bs, err
}

// Livraisons lists the last calls of a webhook of the actor's supplier, newest
// first.
func (g *Guichet) Livraisons(ctx context.Context, a *Acteur, id AbonnementID) (ls []Livraison, err error) {
	if err := exiger(a, GererWebhooks); err != nil {
		return nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		if _, err = abonnementDe(tx, a, id); err == nil {
			ls, err = tx.Livraisons(id, 100)
		}
		return err
	})
	return ls, err
}

// abonnementDe finds a webhook of the actor's own supplier.
func abonnementDe(tx Tx, a *Acteur, id AbonnementID) (*Abonnement, error) {
	b, err := tx.Abonnement(id)
	if err == nil && b.FournisseurID != a.FournisseurID {
		err = ErrAbsent
	}
	return b, absent(err, "Ce webhook n’existe pas.")
}

// changerAbonnement runs a change of one webhook of the actor's supplier.
func (g *Guichet) changerAbonnement(ctx context.Context, a *Acteur, id AbonnementID, detail string, f func(tx Tx, b *Abonnement) error) error {
	return g.faire(ctx, operation{acteur: a, action: GererWebhooks, objet: strconv.FormatInt(int64(id), 10)}, func(tx Tx, o *operation) (any, string, error) {
		if err := exiger(a, GererWebhooks); err != nil {
			return nil, "", err
		}
		b, err := abonnementDe(tx, a, id)
		if err != nil {
			return nil, "", err
		}
		o.objet = hote(b.URL)
		return nil, detail, f(tx, b)
	})
}

// ArreterAbonnement ends a webhook; twice is no error.
func (g *Guichet) ArreterAbonnement(ctx context.Context, a *Acteur, id AbonnementID) error {
	return g.changerAbonnement(ctx, a, id, "arrêter", func(tx Tx, b *Abonnement) error {
		b.Actif = false
		return tx.PoserAbonnement(b)
	})
}

// RejouerAbonnement delivers once more from an event on, in order.
func (g *Guichet) RejouerAbonnement(ctx context.Context, a *Acteur, id AbonnementID, depuis int64) error {
	if depuis < 1 {
		return erreur(Invalide, "« depuis » est le numéro du premier événement à livrer, à partir de 1.")
	}
	return g.changerAbonnement(ctx, a, id, "rejouer depuis "+strconv.FormatInt(depuis, 10), func(tx Tx, b *Abonnement) error {
		if !b.Actif {
			return erreur(Conflit, "Ce webhook est arrêté.")
		}
		b.Jusqua = depuis - 1
		if err := tx.PoserAbonnement(b); err != nil {
			return err
		}
		return g.commander(tx, TravailAppel, b.cle(), nil)
	})
}

// EssayerAbonnement sends an event of no meaning, to all webhooks of the
// supplier: events are told in one order.
func (g *Guichet) EssayerAbonnement(ctx context.Context, a *Acteur, id AbonnementID) error {
	return g.changerAbonnement(ctx, a, id, "essayer", func(tx Tx, b *Abonnement) error {
		if !b.Actif {
			return erreur(Conflit, "Ce webhook est arrêté.")
		}
		return g.annoncer(tx, b.FournisseurID, EvenementEssai, "essai", ChargeEvenement{})
	})
}

// Abonnement is one webhook of the actor's supplier, active or not.
func (g *Guichet) Abonnement(ctx context.Context, a *Acteur, id AbonnementID) (b *Abonnement, err error) {
	if err := g.Autoriser(ctx, a, GererWebhooks, strconv.FormatInt(int64(id), 10)); err != nil {
		return nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) error {
		b, err = abonnementDe(tx, a, id)
		return err
	})
	return b, err
}

// cle is the key of a webhook's work.
func (b *Abonnement) cle() string { return strconv.FormatInt(int64(b.ID), 10) }

// appeler delivers to one webhook.
func (g *Guichet) appeler(ctx context.Context, t *Travail) (suiteTravail, error) {
	id, err := strconv.ParseInt(t.Cle, 10, 64)
	if err != nil {
		return nil, ErrAbandon
	}
	if g.m.Appelant == nil {
		return nil, nil
	}
	return g.livrer(ctx, AbonnementID(id))
}

// livrer posts the next events of a webhook, in order. What was not answered
// with 2xx is posted again later, with what has come since.
func (g *Guichet) livrer(ctx context.Context, id AbonnementID) (suiteTravail, error) {
	var b *Abonnement
	var es []Evenement
	if err := g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		if b, err = tx.Abonnement(id); err == nil {
			es, err = tx.Evenements(b.FournisseurID, b.Jusqua, evenementsParAppel)
		}
		return err
	}); err != nil || !b.Actif || len(es) == 0 {
		return nil, presence(err)
	}
	statut, errAppel := g.posterAppel(ctx, b, es)
	l := &Livraison{AbonnementID: id, Date: g.m.Horloge(), Premier: es[0].ID, Dernier: es[len(es)-1].ID, Statut: statut}
	if errAppel != nil {
		l.Erreur = visibleErreur(errAppel)
		return nil, errors.Join(errAppel, g.m.Base.Ecrire(ctx, func(tx Tx) error { return tx.AjouterLivraison(l) }))
	}
	return func(tx Tx) error {
		present, err := tx.Abonnement(id)
		if err != nil {
			return err
		}
		if present.Jusqua == b.Jusqua { // else it was asked to replay meanwhile
			if present.Jusqua = l.Dernier; len(es) == evenementsParAppel {
				if err := g.commander(tx, TravailAppel, b.cle(), nil); err != nil {
					return err
				}
			}
			if err := tx.PoserAbonnement(present); err != nil {
				return err
			}
		}
		return tx.AjouterLivraison(l)
	}, nil
}

func (g *Guichet) posterAppel(ctx context.Context, b *Abonnement, es []Evenement) (int, error) {
	secrets, err := g.secretsDe(b)
	if err != nil {
		return 0, err
	}
	corps, err := g.corpsEvenements(es)
	if err != nil {
		return 0, err
	}
	statut, err := g.m.Appelant.Poster(ctx, b.URL, map[string]string{
		"Content-Type": "application/json", EnteteSignature: signatures(secrets, g.m.Horloge(), corps),
		"Guichet-Evenements": fmt.Sprintf("%d-%d", es[0].ID, es[len(es)-1].ID)}, corps)
	if err == nil && (statut < 200 || statut > 299) {
		err = fmt.Errorf("réponse HTTP %d", statut)
	}
	return statut, err
}
