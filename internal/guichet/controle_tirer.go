package guichet

import (
	"context"
	"errors"
	"fmt"

	"guichet.example/internal/tirage"
)

// TirerControle draws the requests of a frozen campaign with a public seed and
// opens the control of each. The caller cannot choose whom it draws: the
// population and the number were fixed before. A request whose control cannot
// be opened by the caller stays drawn, and its line says why: another
// controleur opens it.
func (g *Guichet) TirerControle(ctx context.Context, a *Acteur, id ControleID, graine, source string) (*Controle, error) {
	var c *Controle
	err := g.faire(ctx, operation{acteur: a, action: TirerControle, objet: string(id)}, func(tx Tx, _ *operation) (any, string, error) {
		if err := exiger(a, TirerControle); err != nil {
			return nil, "", err
		}
		var err error
		if c, err = tx.Controle(id); err != nil {
			return nil, "", absent(err, "Ce contrôle n’existe pas.")
		}
		if c.Statut != ControleFige {
			return nil, "", erreur(Conflit, "Le contrôle %s est déjà tiré : un tirage ne se refait pas, il se rejoue.", c.ID)
		}
		if err := exigerTexte("source", source); err != nil {
			return nil, "", erreur(Invalide, "Dites d’où vient la graine, pour que chacun puisse la lire : par exemple « Loto du 24/11/2026, numéros dans l’ordre de sortie ».")
		}
		if err := c.tirer(graine); err != nil {
			return nil, "", err
		}
		c.Source, c.TirePar, c.Tire = source, a.Identifiant, g.m.Horloge()
		if err := g.ouvrirTires(tx, a, c); err != nil {
			return nil, "", err
		}
		return c, fmt.Sprintf("graine « %s », %d tirées de %s", c.Graine, c.ATirer, c.Empreinte), tx.MajControle(c)
	})
	return c, err
}

// tirer marks the drawn lines.
func (c *Controle) tirer(graine string) error {
	p, err := tirage.Figer(c.numeros())
	if err != nil {
		return err
	}
	if p.Empreinte() != c.Empreinte {
		return erreur(Interne, "La population du contrôle a été modifiée depuis qu’elle est figée ; rien n’est tiré.")
	}
	t, err := p.Tirer(graine, c.ATirer)
	if err != nil {
		return &Error{Genre: Invalide, Message: "La graine est une ligne de texte publique, de 1 à 1000 caractères : un résultat que personne ne pouvait connaître quand la population a été figée.", Cause: err}
	}
	rangs := make(map[string]int, len(t.Tires))
	for i, n := range t.Tires {
		rangs[n] = i + 1
	}
	for i := range c.Lignes {
		c.Lignes[i].Tirage = rangs[string(c.Lignes[i].NumeroASP)]
	}
	c.Statut, c.Graine = ControleTire, graine
	return nil
}

// ouvrirTires opens the control of each drawn request, with an entry of its own.
func (g *Guichet) ouvrirTires(tx Tx, a *Acteur, c *Controle) error {
	acte, _ := ActeDe(OuvrirControle)
	for i := range c.Lignes {
		l := &c.Lignes[i]
		if l.Tirage == 0 {
			continue
		}
		d, err := tx.Demande(l.NumeroASP)
		if err != nil {
			return err
		}
		if err = g.juger(tx, a, acte, d); err == nil {
			x := execution{g: g, tx: tx, a: a, d: d, q: &ActeDemande{Action: OuvrirControle, Motif: "Tirage " + string(c.ID) + " : " + c.Libelle, controle: c.ID}}
			if err = x.ouvrirControle(); err == nil {
				err = g.journaliser(tx, &operation{acteur: a, action: OuvrirControle, objet: string(d.NumeroASP)}, "fait", x.detail)
			}
		}
		var e *Error
		if errors.As(err, &e) && e.Genre != Interne {
			l.Ecart, err = e.Message, nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}
