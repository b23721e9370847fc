package guichet

import (
	"context"
	"errors"

	"guichet.example/segur"
)

// States of a document whose bytes are to be, or are, destroyed.
const (
	PieceEffacee  = "effacee"
	PieceDetruite = "detruite"
)

// Effacee tells a document that was erased: its name and hash are all that is
// left.
func (p Piece) Effacee() bool { return p.Analyse == PieceEffacee || p.Analyse == PieceDetruite }

// delaiRecours is how many months a decision can be contested.
const delaiRecours = 2

// RefusEffacement says why what a request says of people cannot be erased
// today, in French, with the day from which it can; "" = it can.
func (g *Guichet) refusEffacement(tx Tx, d *Demande) (string, error) {
	if !d.Efface.IsZero() {
		return "Les données personnelles de cette demande sont déjà effacées, depuis le " + g.JourA(d.Efface).String() + ".", nil
	}
	le := func(annees, mois int) segur.Jour { return g.JourA(d.Modifie.AddDate(annees, mois, 0)) }
	raison, err := g.retient(tx, d)
	if err != nil {
		return "", err
	}
	if raison != "" {
		return "L’effacement est refusé tant que " + raison + " : ces données servent à l’exercice de droits en justice (RGPD, article 17, 3, e).", nil
	}
	switch d.Statut {
	case Refusee, Annulee:
		if fin := le(0, delaiRecours); d.Statut == Refusee && !g.Aujourdhui().Apres(fin) {
			return "La décision peut être contestée jusqu’au " + fin.String() + " : l’effacement est possible ensuite (RGPD, article 17, 3, e).", nil
		}
		return "", nil
	case Payee:
		if fin := le(conservation(reglePayee).Annees, 0); !g.Aujourdhui().Apres(fin) {
			return "Cette demande a été payée : la loi oblige à garder ses pièces comptables jusqu’au " + fin.String() + " (RGPD, article 17, 3, b).", nil
		}
		return "", nil
	}
	return "Cette demande est « " + d.Statut.Libelle() + " » : son instruction a besoin de ces données (RGPD, article 17, 1, a). Elle peut être annulée par le fournisseur, puis effacée.", nil
}

// PeutEffacer says why the erasure of a request would be refused today; "" = it
// would not. Administrateurs and auditeurs call it.
func (g *Guichet) PeutEffacer(ctx context.Context, a *Acteur, n NumeroASP) (raison string, err error) {
	if err := exiger(a, LireConservation); err != nil {
		return "", err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) error {
		d, err := g.demandeDe(tx, a, n)
		if err == nil {
			raison, err = g.refusEffacement(tx, d)
		}
		return err
	})
	return raison, err
}

// EffacerDemande takes out what a request says of people, because somebody
// asked for it; motif tells who and how. Money, numbers, hashes and the journal
// stay and verify. A refusal says why, by the article. Administrateurs call it.
func (g *Guichet) EffacerDemande(ctx context.Context, a *Acteur, n NumeroASP, motif string) error {
	var refus error
	err := g.m.Base.Ecrire(ctx, func(tx Tx) error {
		refus = nil
		d, err := g.demandeDe(tx, a, n)
		if err == nil {
			err = exiger(a, EffacerDonnees)
		}
		if err == nil {
			err = exigerTexte("motif", motif)
		}
		if err != nil {
			return err
		}
		raison, err := g.refusEffacement(tx, d)
		if err != nil {
			return err
		}
		if raison != "" {
			// A request to be forgotten that is refused leaves its trace too.
			refus = erreur(Conflit, "%s", raison)
			return g.journaliser(tx, &operation{acteur: a, action: EffacerDonnees, objet: string(n)}, "refuse", raison)
		}
		return g.effacerDemande(tx, a, d, "sur demande")
	})
	if GenreDe(err) == Interdit {
		g.noterRefus(ctx, operation{acteur: a, action: EffacerDonnees, objet: string(n)}, err)
	}
	if err = errors.Join(err, refus); err != nil {
		return err
	}
	return g.detruire(ctx)
}

// textesLibres are the acts whose detail people write.
func textesLibres() []Action {
	return []Action{Renvoyer, Reviser, OuvrirControle, Constater, Recouvrer, Classer, Repondre, Compenser, ForcerStatut}
}

// effacerDemande takes people out of one request, whatever keeps them.
func (g *Guichet) effacerDemande(tx Tx, a *Acteur, d *Demande, regle string) error {
	d.Carte = ""
	if err := oublierChamps(tx, d); err != nil {
		return err
	}
	d.oublierTextes()
	d.Efface = g.m.Horloge()
	dep, err := tx.Depot(d.DepotID)
	if err != nil {
		return err
	}
	o := operation{acteur: a, action: EffacerDonnees, objet: string(d.NumeroASP)}
	return errors.Join(tx.MajDemande(d), tx.EffacerPieces(d.NumeroASP), tx.EffacerTextes(d.NumeroASP, textesLibres()),
		g.caviarderDepot(tx, dep, map[int]bool{d.Rang: true}), g.journaliser(tx, &o, "fait", regle))
}

// oublierChamps takes people out of the values of a request that was corrected:
// those of the others stand in the received file.
func oublierChamps(tx Tx, d *Demande) error {
	champs, err := tx.ChampsCorriges(d.NumeroASP)
	if errors.Is(err, ErrAbsent) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, b := range donneesPersonnelles() {
		if v, ok := champs[b]; ok && v != "null" {
			champs[b] = `"` + efface + `"`
		}
	}
	d.Champs = champs
	return tx.PoserChamps(d)
}

// oublierTextes takes out what people wrote on the request itself.
func (d *Demande) oublierTextes() {
	oublier := func(s *string) {
		if *s != "" {
			*s = efface
		}
	}
	if m := d.Modification; m != nil {
		oublier(&m.Message)
	}
	if u := d.Audit; u != nil {
		oublier(&u.Motif)
		oublier(&u.Observations)
		oublier(&u.Reponse)
		oublier(&u.Classe)
	}
}

// caviarderDepot takes people out of lines of what was received, answered and
// reported for a deposit.
func (g *Guichet) caviarderDepot(tx Tx, d *Depot, rangs map[int]bool) error {
	recu, err := tx.Recu(d.ID)
	if err != nil {
		return err
	}
	retour, err := tx.Retour(d.ID)
	if err != nil {
		return err
	}
	if recu, err = caviarderFichier(recu, rangs); err != nil {
		return err
	}
	if retour, err = caviarderFichier(retour, rangs); err != nil {
		return err
	}
	rapport, err := caviarderRapport(d.Rapport, rangs)
	if err != nil {
		return err
	}
	return tx.Caviarder(d.ID, recu, retour, rapport)
}

// detruire takes the bytes of erased documents out of the store, unless another
// request still has the same. Killed in the middle, the next erasure goes on.
func (g *Guichet) detruire(ctx context.Context) error {
	for {
		var hs, libres []string
		if err := g.m.Base.Lire(ctx, func(tx Tx) (err error) {
			if hs, err = tx.ADetruire(veilleParPage); err == nil {
				libres, err = sansUsage(tx, "", hs)
			}
			return err
		}); err != nil || len(hs) == 0 {
			return err
		}
		for _, h := range libres {
			if err := g.m.Magasin.Supprimer(ctx, h); err != nil {
				return err
			}
		}
		if err := g.m.Base.Ecrire(ctx, func(tx Tx) error {
			var err error
			for _, h := range hs {
				err = errors.Join(err, tx.NoterDetruite(h))
			}
			return err
		}); err != nil {
			return err
		}
	}
}
