package guichet

import (
	"context"
	"fmt"
	"strings"

	"guichet.example/segur"
)

// Bounds of what an administrator enters, in characters and in number.
const (
	libelleMax  = 120
	banniereMax = 500
	tranchesMax = 50
)

// ReglerCampagne changes a campaign, or opens a new one when its ID is 0.
// Administrators call it. Requests already decided keep their amounts: they
// were computed when they came in.
func (g *Guichet) ReglerCampagne(ctx context.Context, a *Acteur, c *Campagne) error {
	return g.faire(ctx, operation{acteur: a, action: GererCampagne, objet: c.Libelle}, func(tx Tx, _ *operation) (any, string, error) {
		if err := exiger(a, GererCampagne); err != nil {
			return nil, "", err
		}
		if err := exigerCampagne(c); err != nil {
			return nil, "", err
		}
		cs, err := tx.Campagnes()
		if err != nil {
			return nil, "", err
		}
		connue, detail := c.ID == 0, "ouvrir"
		for i := range cs {
			if cs[i].ID == c.ID {
				connue, detail = true, "régler ; avant : "+cs[i].resume()
			} else if cs[i].Libelle == c.Libelle {
				return nil, "", erreur(Conflit, "Une autre campagne porte déjà ce libellé ; choisissez-en un autre.")
			}
		}
		if !connue {
			return nil, "", erreur(Inconnu, "Cette campagne n’existe pas.")
		}
		return nil, detail + " ; après : " + c.resume(), tx.PoserCampagne(c)
	})
}

// resume is a campaign in a line of the journal.
func (c *Campagne) resume() string {
	t := fmt.Sprintf("du %s au %s, plafond %s, TVA %d, part %d", Instant(c.Ouverture), Instant(c.Fermeture), c.Plafond, c.Bareme.TVA, c.Bareme.PartAvance)
	for _, x := range c.Tranches {
		t += fmt.Sprintf(", %s %s/%s", x.Code, x.HT, x.TTC)
	}
	return t
}

// exigerCampagne refuses figures that no deposit could be judged by.
func exigerCampagne(c *Campagne) error {
	c.Libelle, c.Banniere = strings.TrimSpace(c.Libelle), strings.TrimSpace(c.Banniere)
	invalide := func(format string, args ...any) error { return erreur(Invalide, format, args...) }
	switch {
	case c.Libelle == "" || len([]rune(c.Libelle)) > libelleMax:
		return invalide("Le libellé compte de 1 à %d caractères.", libelleMax)
	case len([]rune(c.Banniere)) > banniereMax:
		return invalide("La bannière compte au plus %d caractères.", banniereMax)
	case c.Couloir == "" || c.Logiciel == "":
		return invalide("Une campagne nomme son couloir et son logiciel, par exemple PHA et LGO.")
	case !c.Ouverture.Before(c.Fermeture):
		return invalide("La campagne ferme après avoir ouvert : vérifiez les deux instants.")
	case c.Plafond <= 0 || c.Plafond > segur.MontantMax:
		return invalide("Le plus haut plafond est un montant supérieur à 0.")
	case c.Bareme.TVA < 0 || c.Bareme.TVA > 100_00 || c.Bareme.PartAvance <= 0 || c.Bareme.PartAvance >= 100_00:
		return invalide("La TVA va de 0 à 100 %%, la part de l’avance reste entre les deux sans les atteindre.")
	case len(c.Tranches) == 0 || len(c.Tranches) > tranchesMax:
		return invalide("Une campagne a de 1 à %d tranches.", tranchesMax)
	}
	vus := map[string]bool{}
	for _, t := range c.Tranches {
		switch {
		case t.Code == "" || len(t.Code) > 10 || vus[t.Code]:
			return invalide("Chaque tranche a un code de 1 à 10 signes, qui n’est pas celui d’une autre.")
		case t.HT <= 0 || t.TTC < t.HT || t.HT > c.Plafond:
			return invalide("Tranche %s : le montant hors taxe est supérieur à 0 et au plus le plafond, le montant TTC au moins le montant hors taxe.", visible(t.Code))
		}
		vus[t.Code] = true
	}
	return nil
}
