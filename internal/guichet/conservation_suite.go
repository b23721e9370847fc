package guichet

import (
	"context"
	"errors"
	"fmt"
)

// caviarderDepots takes people out of the lines that became no request.
func (g *Guichet) caviarderDepots(ctx context.Context, a *Acteur) (n int, err error) {
	avant := conservation(regleLignes).avant(g.m.Horloge())
	for {
		faits := 0
		err := g.m.Base.Ecrire(ctx, func(tx Tx) error {
			ds, err := tx.ACaviarder(avant, parEffacement)
			if err != nil {
				return err
			}
			faits = len(ds)
			for i := range ds {
				if err := g.caviarderRefusees(tx, a, ds[i].ID); err != nil {
					return err
				}
			}
			return nil
		})
		n += faits
		if err != nil || faits < parEffacement {
			return n, err
		}
	}
}

func (g *Guichet) caviarderRefusees(tx Tx, a *Acteur, id DepotID) error {
	d, err := tx.Depot(id)
	if err != nil {
		return err
	}
	rangs := map[int]bool{}
	for i := range d.Acceptees + d.Rejetees {
		rangs[i+1] = true
	}
	ds, err := tx.Demandes(Filtre{DepotID: id})
	if err != nil {
		return err
	}
	for i := range ds {
		delete(rangs, ds[i].Rang)
	}
	if err := g.caviarderDepot(tx, d, rangs); err != nil {
		return err
	}
	o := operation{acteur: a, action: EffacerDonnees, objet: string(id)}
	return errors.Join(tx.NoterCaviarde(id, g.m.Horloge()), g.journaliser(tx, &o, "fait", regleLignes))
}

func (g *Guichet) effacerEnrolements(ctx context.Context, a *Acteur) (n int, err error) {
	avant := conservation(regleEnrole).avant(g.m.Horloge())
	var es []Enrolement
	if err := g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		es, err = tx.EnrolementsClos(avant, dusMax)
		return err
	}); err != nil {
		return 0, err
	}
	for i := range es {
		e := &es[i]
		var hs []string
		for _, x := range e.Documents {
			hs = append(hs, x.SHA256)
		}
		e.Documents, e.Nom, e.Courriel, e.Telephone, e.Message, e.ReseauDeposant = nil, efface, "", "", "", ""
		o := operation{acteur: a, action: EffacerDonnees, objet: string(e.ID)}
		if err := g.m.Base.Ecrire(ctx, func(tx Tx) error {
			// Bytes first: killed in the middle, the next erasure finds it again.
			libres, err := sansUsage(tx, e.ID, hs)
			for _, h := range libres {
				err = errors.Join(err, g.m.Magasin.Supprimer(ctx, h))
			}
			if err != nil {
				return err
			}
			return errors.Join(tx.MajEnrolement(e), g.journaliser(tx, &o, "fait", regleEnrole))
		}); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// sansUsage keeps those of some bytes that neither a request's document nor
// another enrolment has.
func sansUsage(tx Tx, sauf EnrolementID, hs []string) (libres []string, err error) {
	const tous = 1 << 30
	es, err := tx.Enrolements("", tous)
	if err != nil {
		return nil, err
	}
	pris := map[string]bool{}
	for i := range es {
		for _, x := range es[i].Documents {
			pris[x.SHA256] = pris[x.SHA256] || es[i].ID != sauf
		}
	}
	for _, h := range hs {
		ps, err := tx.PiecesDe(h)
		if err != nil {
			return nil, err
		}
		for k := range ps {
			pris[h] = pris[h] || !ps[k].Effacee()
		}
		if !pris[h] {
			libres = append(libres, h)
		}
	}
	return libres, nil
}

func (g *Guichet) effacerAdresses(ctx context.Context, a *Acteur) (n int, err error) {
	avant := conservation(regleAdresses).avant(g.m.Horloge())
	err = g.m.Base.Ecrire(ctx, func(tx Tx) error {
		jusqua, err := tx.DerniereAvant(Instant(avant))
		if err != nil || jusqua == 0 {
			return err
		}
		if n, err = tx.EffacerAdresses(jusqua); err != nil {
			return err
		}
		o := operation{acteur: a, action: EffacerAdresses, objet: ObjetAdresses + fmt.Sprint(jusqua)}
		return g.journaliser(tx, &o, "fait", fmt.Sprintf("%d adresses", n))
	})
	return n, err
}
