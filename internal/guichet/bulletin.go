package guichet

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"guichet.example/segur"
)

// Point is one thing that an operator looks at.
type Point struct {
	Titre  string // French
	Detail string // nobody's data
	Grave  bool   // somebody has to act
}

// heureBulletin is when the operators get the day's bulletin, in Europe/Paris.
const heureBulletin = 7

const (
	bulletinTravaux = 20 // shown one by one; the rest is counted
	// essaisInquiets is how many attempts make work a matter for an operator:
	// one that a moment's failure explains has had fewer.
	essaisInquiets = 4
	// piecesLues bounds how many documents that wait for the scanner are counted.
	piecesLues = 10_000
)

// Bulletin tells what failed and what waits, for operators: dead work, work
// that keeps failing, documents that wait for the scanner, and what the world
// knows of itself (disk, journal, certificate). What needs somebody comes first.
func (g *Guichet) Bulletin(ctx context.Context) ([]Point, error) {
	var morts, lents []Travail
	var attendent []string
	if err := g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		if morts, err = tx.Travaux(TravailMort, piecesLues); err != nil {
			return err
		}
		attente, err := tx.Travaux(TravailAttend, piecesLues)
		lents = slices.DeleteFunc(attente, func(t Travail) bool { return t.Essais < essaisInquiets })
		if err != nil || g.m.Analyseur == nil {
			return err
		}
		attendent, err = tx.AAnalyser(piecesLues)
		return err
	}); err != nil {
		return nil, err
	}
	ps := append(g.pointsTravaux("Travail abandonné", morts), g.pointsTravaux("Travail qui échoue encore", lents)...)
	if g.m.Analyseur != nil {
		ps = append(ps, Point{Titre: "Pièces qui attendent l’antivirus", Detail: strconv.Itoa(len(attendent))})
	}
	if g.m.Sante != nil {
		ps = append(ps, g.m.Sante(ctx)...)
	}
	slices.SortStableFunc(ps, func(a, b Point) int {
		switch {
		case a.Grave == b.Grave:
			return 0
		case a.Grave:
			return -1
		}
		return 1
	})
	return ps, nil
}

// pointsTravaux tells of work one by one, or that there is none.
func (g *Guichet) pointsTravaux(titre string, ts []Travail) (ps []Point) {
	if len(ts) == 0 {
		return []Point{{Titre: titre, Detail: "aucun"}}
	}
	for i := range ts[:min(len(ts), bulletinTravaux)] {
		t := &ts[i]
		ps = append(ps, Point{Titre: fmt.Sprintf("%s no %d", titre, t.ID), Grave: true,
			Detail: fmt.Sprintf("%s, %s, demandé le %s, %d essais : %s", t.Genre.Libelle(), t.Sujet(), g.JourA(t.Cree), t.Essais, segur.Visible(t.Erreur, objetMax))})
	}
	if reste := len(ts) - bulletinTravaux; reste > 0 {
		ps = append(ps, Point{Titre: titre, Detail: fmt.Sprintf("et %d autres", reste), Grave: true})
	}
	return ps
}

// commanderBulletin asks for the bulletin of a day, at its hour.
func (g *Guichet) commanderBulletin(tx Tx, jour string) error {
	if g.m.Facteur == nil || len(g.m.Exploitants) == 0 {
		return nil
	}
	j, err := segur.LireJour(jour)
	if err != nil {
		return err
	}
	return g.commanderPour(tx, TravailBulletin, jour, nil, time.Date(j.Annee, time.Month(j.Mois), j.Jour, heureBulletin, 0, 0, 0, g.m.Zone))
}

// envoyerBulletin mails the bulletin. It goes out on quiet days too: a bulletin
// that does not come is a sign of its own.
func (g *Guichet) envoyerBulletin(ctx context.Context, t *Travail) (suiteTravail, error) {
	jour, err := segur.LireJour(t.Cle)
	if err != nil {
		return nil, ErrAbandon
	}
	ps, err := g.Bulletin(ctx)
	if err != nil {
		return nil, err
	}
	graves := 0
	c := Courrier{ID: "bulletin-" + t.Cle, Paragraphes: []string{"Bonjour,"}, Chemin: "/travaux", Bouton: "Voir les travaux"}
	for _, p := range ps {
		l := LigneCourrier{p.Titre, p.Detail}
		if p.Grave {
			graves++
			l.Titre = "À voir : " + p.Titre
		}
		c.Lignes = append(c.Lignes, l)
	}
	switch graves {
	case 0:
		c.Objet = fmt.Sprintf("Bulletin du %s : rien à signaler", jour)
	case 1:
		c.Objet = fmt.Sprintf("Bulletin du %s : un point à voir", jour)
	default:
		c.Objet = fmt.Sprintf("Bulletin du %s : %d points à voir", jour, graves)
	}
	c.Paragraphes = append(c.Paragraphes, "Voici l’état du portail ce matin. Ce message part chaque jour, même quand tout va bien : s’il manque, regardez le relais de courrier.")
	return func(tx Tx) error { return g.poster(tx, c, g.m.Exploitants...) }, nil
}

// Libelle is a kind of work as operators call it.
func (x GenreTravail) Libelle() string {
	switch x {
	case TravailLien:
		return "lien d’accès par courriel"
	case TravailSuivi:
		return "demande de complément par courriel"
	case TravailMessage:
		return "courriel"
	case TravailAvis:
		return "avis au fournisseur"
	case TravailAppel:
		return "appel de webhook"
	case TravailAnalyse:
		return "analyse antivirus"
	case TravailOmbre:
		return "essai de règles à venir"
	case TravailSelection:
		return "décision d’une sélection"
	case TravailVeille:
		return "veille du jour"
	case TravailBulletin:
		return "bulletin du jour"
	case TravailConservation:
		return "effacement des données échues"
	}
	return string(x)
}

// Sujet is what work is about, without anybody's address.
func (t *Travail) Sujet() string {
	if t.Genre == TravailLien {
		usage, _, _ := strings.Cut(t.Cle, ":") // the rest is a person's address
		return usage
	}
	return segur.Visible(t.Cle, 64)
}

// TravauxDe lists work for an administrator; see [Guichet.TravauxVus].
func (g *Guichet) TravauxDe(ctx context.Context, a *Acteur, e EtatTravail, max int) ([]Travail, error) {
	if err := exiger(a, GererTravaux); err != nil {
		return nil, err
	}
	return g.TravauxVus(ctx, e, max)
}

// RejouerDe is [Guichet.Rejouer] by an administrator.
func (g *Guichet) RejouerDe(ctx context.Context, a *Acteur, id int64) (int, error) {
	if err := g.Autoriser(ctx, a, GererTravaux, "travaux"); err != nil {
		return 0, err
	}
	return g.rejouer(ctx, a, id)
}

// Rejouer puts work that was given up back in the line, as new. Operators call
// it; id 0 is all of it. It returns how many.
func (g *Guichet) Rejouer(ctx context.Context, id int64) (int, error) {
	return g.rejouer(ctx, Operateur(), id)
}

func (g *Guichet) rejouer(ctx context.Context, a *Acteur, id int64) (n int, err error) {
	err = g.faire(ctx, operation{acteur: a, action: GererTravaux, objet: "travaux"}, func(tx Tx, _ *operation) (any, string, error) {
		n = 0
		ts, err := tx.Travaux(TravailMort, 10_000)
		if err != nil {
			return nil, "", err
		}
		for i := range ts {
			t := &ts[i]
			if id != 0 && t.ID != id {
				continue
			}
			n++
			if _, err := tx.TravailEnAttente(t.Genre, t.Cle); err == nil {
				t.Etat = TravailFait // the same waits already
			} else if errors.Is(err, ErrAbsent) {
				t.Etat, t.Essais, t.Prochain, t.Fini = TravailAttend, 0, g.m.Horloge(), time.Time{}
			} else {
				return nil, "", err
			}
			if err := tx.MajTravail(t); err != nil {
				return nil, "", err
			}
		}
		if n == 0 {
			return nil, "", erreur(Inconnu, "Aucun travail abandonné ne correspond.")
		}
		return nil, "rejouer", nil
	})
	return n, err
}
