package guichet

import (
	"context"
	"strings"
	"time"
)

// GenreAnnonce is a kind of announcement.
type GenreAnnonce string

// The kinds of announcements.
const (
	AnnonceIncident  GenreAnnonce = "incident"
	AnnonceFermeture GenreAnnonce = "fermeture" // the window of deposits closes soon
	AnnonceInfo      GenreAnnonce = "information"
)

// Annonce is what every page says from one instant to another.
type Annonce struct {
	ID    int64 `json:"-"`
	Genre GenreAnnonce
	Texte string
	Debut time.Time
	Fin   time.Time // no more from then on
}

// Courante tells whether pages show it at an instant.
func (x *Annonce) Courante(t time.Time) bool { return !t.Before(x.Debut) && t.Before(x.Fin) }

// annoncesMax bounds the announcements that are kept.
const annoncesMax = 100

// AnnoncesCourantes lists what pages show now, incidents first; everybody may
// know them.
func (g *Guichet) AnnoncesCourantes(ctx context.Context) (xs []Annonce, err error) {
	err = g.m.Base.Lire(ctx, func(tx Tx) error {
		xs = nil
		tous, err := lireReglages(tx, reglageAnnonce, func(x *Annonce, id int64) { x.ID = id })
		for _, incident := range []bool{true, false} {
			for _, x := range tous {
				if (x.Genre == AnnonceIncident) == incident && x.Courante(g.m.Horloge()) {
					xs = append(xs, x)
				}
			}
		}
		return err
	})
	return xs, err
}

// Annonces lists all announcements, past and to come, for administrators.
func (g *Guichet) Annonces(ctx context.Context, a *Acteur) (xs []Annonce, err error) {
	if err := g.Autoriser(ctx, a, GererAnnonces, ""); err != nil {
		return nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		xs, err = lireReglages(tx, reglageAnnonce, func(x *Annonce, id int64) { x.ID = id })
		return err
	})
	return xs, err
}

// Annoncer writes an announcement. Administrators call it.
func (g *Guichet) Annoncer(ctx context.Context, a *Acteur, x Annonce) error {
	return g.faire(ctx, operation{acteur: a, action: GererAnnonces, objet: "annonces"}, func(tx Tx, _ *operation) (any, string, error) {
		if err := exiger(a, GererAnnonces); err != nil {
			return nil, "", err
		}
		x.Texte = strings.TrimSpace(x.Texte)
		switch {
		case x.Genre != AnnonceIncident && x.Genre != AnnonceFermeture && x.Genre != AnnonceInfo:
			return nil, "", erreur(Invalide, "Une annonce est un incident, une fermeture ou une information.")
		case x.Texte == "" || len([]rune(x.Texte)) > banniereMax:
			return nil, "", erreur(Invalide, "Le texte de l’annonce compte de 1 à %d caractères.", banniereMax)
		case !x.Debut.Before(x.Fin):
			return nil, "", erreur(Invalide, "L’annonce finit après avoir commencé : vérifiez les deux instants.")
		case !g.m.Horloge().Before(x.Fin):
			return nil, "", erreur(Invalide, "L’annonce finit avant d’avoir paru : donnez une fin à venir.")
		}
		if err := exigerLisible("texte", x.Texte); err != nil {
			return nil, "", err
		}
		rs, err := tx.Reglages(reglageAnnonce)
		if err == nil && len(rs) >= annoncesMax {
			err = erreur(Conflit, "Il y a déjà %d annonces ; retirez les plus anciennes.", annoncesMax)
		}
		if err == nil {
			_, err = poserReglage(tx, reglageAnnonce, 0, x)
		}
		return nil, string(x.Genre) + ", du " + Instant(x.Debut) + " au " + Instant(x.Fin) + " : " + x.Texte, err
	})
}

// RetirerAnnonce takes an announcement off the pages.
func (g *Guichet) RetirerAnnonce(ctx context.Context, a *Acteur, id int64) error {
	return g.faire(ctx, operation{acteur: a, action: GererAnnonces, objet: "annonces"}, func(tx Tx, _ *operation) (any, string, error) {
		if err := exiger(a, GererAnnonces); err != nil {
			return nil, "", err
		}
		return nil, "retirer", oterReglage(tx, reglageAnnonce, id, "Cette annonce n’existe pas, ou n’existe plus.")
	})
}
