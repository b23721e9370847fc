package main

import (
	"context"
	"errors"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// annoter leaves two notes on a request, one of them struck.
func (m *monde) annoter(ctx context.Context, n guichet.NumeroASP) error {
	un, err := m.acteur(ctx, "instructeur1@agence.example")
	if err != nil {
		return err
	}
	deux, err := m.acteur(ctx, "instructeur2@agence.example")
	if err != nil {
		return err
	}
	g := m.p.guichet
	if err := errors.Join(g.Noter(ctx, un, n, "L’officine a rappelé : le bon de commande signé arrive."), g.Noter(ctx, deux, n, "Signature absente de la page 2, voir le document.")); err != nil {
		return err
	}
	v, err := g.Demande(ctx, un, n)
	if err != nil {
		return err
	}
	return g.BarrerNote(ctx, un, n, v.Notes[0].ID, "Il s’agissait d’une autre officine.")
}

// piloter sets up what officers and administrators find on their pages: saved
// views, a rule of assignment (suspended, so that what visitors deposit waits
// for anybody), announcements, a version of the rules to come.
func (m *monde) piloter(ctx context.Context) error {
	un, err := m.acteur(ctx, "instructeur1@agence.example")
	if err != nil {
		return err
	}
	deux, err := m.acteur(ctx, "instructeur2@agence.example")
	if err != nil {
		return err
	}
	admin, err := m.acteur(ctx, "administrateur@agence.example")
	if err != nil {
		return err
	}
	g := m.p.guichet
	maintenant := g.Maintenant()
	libres, _, err := g.Demandes(ctx, un, guichet.Filtre{Statut: guichet.Deposee, Libre: true, Max: 1})
	if err != nil {
		return err
	}
	for i := range libres {
		if _, err := g.Affecter(ctx, un, []guichet.NumeroASP{libres[i].NumeroASP}, deux.ID); err != nil {
			return err
		}
	}
	bareme := segur.BaremePHA
	return errors.Join(
		g.EnregistrerVue(ctx, un, guichet.Vue{Nom: "Retards du service", Requete: "retard=1", Partagee: true}),
		g.EnregistrerVue(ctx, deux, guichet.Vue{Nom: "Mes avances", Requete: "agent=moi&type=avance"}),
		g.ReglerAffectation(ctx, admin, guichet.RegleAffectation{Nom: "Deux instructeurs à tour de rôle", Rang: 1, Partage: guichet.ParReste, Agents: []guichet.CompteID{un.ID, deux.ID}}),
		g.Annoncer(ctx, admin, guichet.Annonce{Genre: guichet.AnnonceInfo, Texte: "Portail de démonstration : toutes les données sont fictives.", Debut: maintenant.Add(-time.Minute), Fin: maintenant.AddDate(10, 0, 0)}),
		g.Annoncer(ctx, admin, guichet.Annonce{Genre: guichet.AnnonceFermeture, Texte: "Les dépôts de la vague 1 fermeront bientôt (exemple).", Debut: maintenant.AddDate(1, 0, 0), Fin: maintenant.AddDate(1, 1, 0)}),
		g.ReglerFutures(ctx, admin, guichet.ReglesFutures{Libelle: "Vague 2 : un seul plafond", Depuis: g.JourA(maintenant.AddDate(0, 3, 0)), Type: segur.Avance, Plafond: 875_00, Bareme: bareme, Montants: []segur.Montant{708_33}}),
	)
}
