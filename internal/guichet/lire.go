package guichet

import (
	"context"
	"errors"
	"io"
	"slices"

	"guichet.example/segur"
)

// depotDe finds a deposit that the actor may know of. Another supplier's is as
// one that does not exist.
func (g *Guichet) depotDe(tx Tx, a *Acteur, id DepotID) (*Depot, error) {
	d, err := tx.Depot(id)
	if err == nil && !a.Agent() && (d.FournisseurID != a.FournisseurID || !a.couvre(d.NumeroAns)) {
		err = ErrAbsent
	}
	if err != nil {
		return nil, absent(err, "Ce dépôt n’existe pas.")
	}
	return d, nil
}

// demandesDe finds requests, in the order of their numbers; one that the actor
// may not know of is as one that does not exist.
func (g *Guichet) demandesDe(tx Tx, a *Acteur, ns []NumeroASP) ([]*Demande, error) {
	lues, err := tx.DemandesNommees(ns)
	if err != nil {
		return nil, err
	}
	ds := make([]*Demande, len(ns))
	for i, n := range ns {
		d := lues[n]
		if d == nil || !a.Agent() && (d.FournisseurID != a.FournisseurID || !a.couvre(d.NumeroAns)) {
			return nil, absent(ErrAbsent, "La demande « %s » n’existe pas.", segur.Visible(string(n), 40))
		}
		ds[i] = d
	}
	return ds, nil
}

// demandeDe finds a request that the actor may know of.
func (g *Guichet) demandeDe(tx Tx, a *Acteur, n NumeroASP) (*Demande, error) {
	d, err := tx.Demande(n)
	return demandePour(a, n, d, err)
}

// demandePour gives a request that was read to an actor who may see it.
func demandePour(a *Acteur, n NumeroASP, d *Demande, err error) (*Demande, error) {
	if err == nil && !a.Agent() && (d.FournisseurID != a.FournisseurID || !a.couvre(d.NumeroAns)) {
		err = ErrAbsent
	}
	if err != nil {
		return nil, absent(err, "La demande « %s » n’existe pas.", segur.Visible(string(n), 40))
	}
	return d, nil
}

// Depot shows a deposit as of now. Its report quotes what the file says: an
// agent's reading is an entry of the journal.
func (g *Guichet) Depot(ctx context.Context, a *Acteur, id DepotID) (*DepotVu, error) {
	if err := g.Autoriser(ctx, a, LireDepot, string(id)); err != nil {
		return nil, err
	}
	v := &DepotVu{}
	err := g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		if v.Depot, err = g.depotDe(tx, a, id); err != nil {
			return err
		}
		var ps []Piece
		v.Demandes, ps, err = piecesDuDepot(tx, id)
		v.Couverture = couvertureDe(ps)
		return err
	})
	if err == nil {
		err = g.noterLecture(ctx, a, LireDepot, string(id), "")
	}
	return v, err
}

// Depots lists the last deposits, newest first: a supplier's own, or all for
// an agent.
func (g *Guichet) Depots(ctx context.Context, a *Acteur, max int) (ds []Depot, err error) {
	if err := exiger(a, LireDepot); err != nil {
		return nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		ds, err = tx.DepotsDe(a.FournisseurID, a.numerosDuMandat(), max)
		return err
	})
	return ds, err
}

// Retour is the returned file of a deposit, byte for byte. An agent's reading is
// an entry of the journal.
func (g *Guichet) Retour(ctx context.Context, a *Acteur, id DepotID) (nom string, contenu []byte, err error) {
	if err := g.Autoriser(ctx, a, LireDepot, string(id)); err != nil {
		return "", nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) error {
		d, err := g.depotDe(tx, a, id)
		if err != nil {
			return err
		}
		nom = d.NomFichier
		contenu, err = tx.Retour(id)
		return err
	})
	if err == nil {
		err = g.noterLecture(ctx, a, LireDepot, string(id), nom)
	}
	return nom, contenu, err
}

// DemandeVue is one request with all that its reader may see.
type DemandeVue struct {
	Demande     *Demande
	Fournisseur *Fournisseur
	Pieces      []Piece
	Historique  []Passage
	Alertes     []Alerte // agents only
	Notes       []Note   // those who may read them only, and only of [Guichet.Demande]
}

// Demande shows one request. An agent's reading is an entry of the journal:
// the file holds personal data.
func (g *Guichet) Demande(ctx context.Context, a *Acteur, n NumeroASP) (*DemandeVue, error) {
	if err := g.Autoriser(ctx, a, LireDemande, string(n)); err != nil {
		return nil, err
	}
	v := &DemandeVue{}
	if err := g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		if err := g.voir(tx, a, n, v); err != nil || exiger(a, LireNotes) != nil {
			return err
		}
		v.Notes, err = tx.Notes(n)
		return err
	}); err != nil {
		return nil, err
	}
	return v, g.noterLecture(ctx, a, LireDemande, string(n), "")
}

func (g *Guichet) voir(tx Tx, a *Acteur, n NumeroASP, v *DemandeVue) (err error) {
	if v.Demande, err = g.demandeDe(tx, a, n); err != nil {
		return err
	}
	if v.Demande.Champs, err = g.lireChamps(tx, v.Demande); err != nil {
		return err
	}
	if v.Fournisseur, err = tx.Fournisseur(v.Demande.FournisseurID); err != nil {
		return err
	}
	if v.Pieces, err = piecesDe(tx, v.Demande); err != nil {
		return err
	}
	if v.Historique, err = historique(tx, v.Demande); err != nil {
		return err
	}
	if a.Agent() {
		v.Alertes, err = g.alertes(tx, v.Demande, v.Pieces)
		return err
	}
	// A supplier learns which duty acted, not who.
	for i := range v.Historique {
		if p := &v.Historique[i]; p.Metier != metierFournisseur {
			p.Acteur = p.Metier
		}
	}
	return nil
}

// historique is what happened to a request. Its first line is its deposit,
// which has no row of its own.
func historique(tx Tx, d *Demande) ([]Passage, error) {
	qui, nom, err := tx.Origine(d.DepotID)
	if err != nil {
		return nil, err
	}
	ps, err := tx.Passages(d.NumeroASP)
	return append([]Passage{{NumeroASP: d.NumeroASP, Date: d.Cree, Acte: DeposerFichier, Acteur: qui, Metier: metierFournisseur, Statut: Incomplete, Detail: nom}}, ps...), err
}

// Decompte counts the requests that the actor may see, by status and type.
func (g *Guichet) Decompte(ctx context.Context, a *Acteur) (cs []Decompte, err error) {
	if err := exiger(a, LireDemande); err != nil {
		return nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		cs, err = tx.Compter(a.FournisseurID, a.numerosDuMandat())
		return err
	})
	return cs, err
}

// OuvrirPiece gives the bytes of a received document; the caller closes them.
// An agent's reading is journalled.
func (g *Guichet) OuvrirPiece(ctx context.Context, a *Acteur, n NumeroASP, nom string) (*Piece, io.ReadCloser, error) {
	if err := g.Autoriser(ctx, a, LirePiece, string(n)); err != nil {
		return nil, nil, err
	}
	var p *Piece
	if err := g.m.Base.Lire(ctx, func(tx Tx) error {
		d, err := g.demandeDe(tx, a, n)
		if err != nil {
			return err
		}
		ps, err := piecesDe(tx, d)
		for i := range ps {
			if ps[i].Nom == nom && ps[i].SHA256 != "" {
				p = &ps[i]
			}
		}
		return err
	}); err != nil {
		return nil, nil, err
	}
	if p == nil {
		return nil, nil, erreur(Inconnu, "Cette pièce n’est pas reçue.")
	}
	if p.Effacee() {
		return nil, nil, erreur(Inconnu, "Cette pièce a été effacée, comme le veut la règle de conservation : son nom et son empreinte sont tout ce qui en reste.")
	}
	if err := g.exigerAnalyse(p); err != nil {
		return nil, nil, err
	}
	if err := g.noterLecture(ctx, a, LirePiece, string(n), nom); err != nil {
		return nil, nil, err
	}
	r, _, err := g.m.Magasin.Ouvrir(ctx, p.SHA256)
	if errors.Is(err, ErrAbsent) {
		return nil, nil, &Error{Genre: Interne, Message: "Cette pièce ne peut pas être lue pour l’instant.", Cause: err}
	}
	return p, r, err
}

// Journal lists entries from a number on, ascending.
func (g *Guichet) Journal(ctx context.Context, a *Acteur, depuis int64, max int) (es []Entree, err error) {
	if err := exiger(a, LireJournal); err != nil {
		g.noterRefus(ctx, operation{acteur: a, action: LireJournal}, err)
		return nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		es, err = tx.Journal(depuis, max)
		return err
	})
	return es, err
}

// Fournisseur is the actor's own supplier, with those of its ANS numbers that
// the actor may know of.
func (g *Guichet) Fournisseur(ctx context.Context, a *Acteur) (f *Fournisseur, ns []NumeroAns, err error) {
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		if f, err = tx.Fournisseur(a.FournisseurID); err == nil {
			ns, err = tx.NumerosAns(a.FournisseurID)
			ns = slices.DeleteFunc(ns, func(n NumeroAns) bool { return !a.couvre(n.Numero) })
		}
		return err
	})
	return f, ns, absent(err, "Ce compte n’est pas celui d’un fournisseur.")
}

// Campagnes lists the campaigns, newest first; everybody may know them.
func (g *Guichet) Campagnes(ctx context.Context) (cs []Campagne, err error) {
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		cs, err = tx.Campagnes()
		return err
	})
	return cs, err
}

// DepotConnu tells whether the actor may know of a deposit; nothing is read of
// it.
func (g *Guichet) DepotConnu(ctx context.Context, a *Acteur, id DepotID) error {
	return g.m.Base.Lire(ctx, func(tx Tx) error {
		_, err := g.depotDe(tx, a, id)
		return err
	})
}

// DemandeConnue tells whether the actor may know of a request; nothing is read
// of it.
func (g *Guichet) DemandeConnue(ctx context.Context, a *Acteur, n NumeroASP) error {
	return g.m.Base.Lire(ctx, func(tx Tx) error {
		_, err := g.demandeDe(tx, a, n)
		return err
	})
}
