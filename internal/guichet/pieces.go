package guichet

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"strings"

	"guichet.example/segur"
	"guichet.example/segur/piece"
)

// Couverture tells which declared documents are there, which are missing, and
// what the call that returns it refused.
type Couverture struct {
	Recues     []Piece
	Manquantes []Piece
	Refusees   []RefusPiece
}

// Complete tells whether nothing is missing.
func (c *Couverture) Complete() bool { return len(c.Manquantes) == 0 }

// RefusPiece is a document that was not taken.
type RefusPiece struct {
	Nom     string // as written in the archive; any bytes
	Code    segur.Code
	Message string
	Remede  string
}

func couvertureDe(ps []Piece) Couverture {
	var c Couverture
	for _, p := range ps {
		if p.SHA256 == "" {
			c.Manquantes = append(c.Manquantes, p)
		} else {
			c.Recues = append(c.Recues, p)
		}
	}
	return c
}

// envoi is one call that brings documents.
type envoi struct {
	g        *Guichet
	demandes map[NumeroASP]*Demande
	pieces   map[string]Piece // declared, by exact name
	recues   []Piece
	refusees []RefusPiece
	serie    SerieDocuments // the bytes of recues
}

// nouvelEnvoi lists what the requests declare; those that take no documents
// any more refuse theirs by name.
func nouvelEnvoi(g *Guichet, ds []Demande, ps []Piece) *envoi {
	e := &envoi{g: g, demandes: map[NumeroASP]*Demande{}, pieces: map[string]Piece{}, serie: g.m.Magasin.Serie()}
	for i := range ds {
		e.demandes[ds[i].NumeroASP] = &ds[i]
	}
	for _, p := range ps {
		if ancienne, ok := e.pieces[p.Nom]; ok && e.ouverte(ancienne.NumeroASP) {
			continue
		}
		e.pieces[p.Nom] = p
	}
	return e
}

// fermer takes back what was received and is not kept.
func (e *envoi) fermer() {
	if err := e.serie.Abandonner(); err != nil {
		e.g.m.Signaler("pièces reçues et laissées de côté", err)
	}
}

func (e *envoi) ouverte(n NumeroASP) bool {
	d, ok := e.demandes[n]
	if !ok {
		return false
	}
	etat, _ := EtatDe(d.Statut)
	return etat.Pieces
}

func (e *envoi) attendues() []piece.Attendue {
	var as []piece.Attendue
	for _, p := range e.pieces {
		d := e.demandes[p.NumeroASP]
		as = append(as, piece.Attendue{Rang: d.Rang, NumeroEditeur: d.NumeroEditeur, NomFichier: p.Nom, Format: p.Format, Type: p.Type})
	}
	return as
}

// controleur looks at documents and stores the good ones as they come: their
// bytes are harmless alone, and a request has them only once its row says so.
func (e *envoi) controleur(ctx context.Context) *piece.Controleur {
	return &piece.Controleur{Attendues: e.attendues(), PDF: e.g.m.PDF, Recevoir: func(p piece.Piece, contenu []byte) error {
		if d, ok := e.pieces[p.Nom]; !ok || !e.ouverte(d.NumeroASP) {
			return nil
		}
		_, err := e.serie.Ecrire(ctx, contenu)
		return err
	}}
}

// trier puts what control found among the received and the refused. A failure
// of the tool is an error: nothing may be concluded.
func (e *envoi) trier(lots ...piece.Lot) error {
	c := piece.Couvrir(e.attendues(), lots...)
	for _, n := range c.NonControlees {
		return &Error{Genre: Indisponible, Message: "Des pièces n’ont pas pu être contrôlées ; rien n’a été enregistré. Réessayez.", Cause: n.Erreur}
	}
	for _, k := range c.Refusees {
		e.refusees = append(e.refusees, RefusPiece{k.Nom, k.Code, k.Message, k.Remede})
	}
	for _, l := range lots {
		for i := range l.Pieces {
			if p := &l.Pieces[i]; p.Recue() {
				e.recevoir(p)
			}
		}
	}
	return nil
}

func (e *envoi) recevoir(p *piece.Piece) {
	d, ok := e.pieces[p.Nom]
	if !ok {
		return
	}
	if !e.ouverte(d.NumeroASP) {
		e.figer(p.Nom, e.demandes[d.NumeroASP].Statut)
		return
	}
	d.Taille, d.SHA256, d.Recue = p.Taille, hex.EncodeToString(p.SHA256[:]), e.g.m.Horloge()
	e.recues = append(e.recues, d)
}

// figer refuses a document of a request that takes none any more.
func (e *envoi) figer(nom string, s Statut) {
	for _, k := range segur.CataloguePortail() {
		if k.Code == segur.CodePieceFigee {
			r := strings.NewReplacer("{recu}", nom, "{mot}", s.Libelle())
			e.refusees = append(e.refusees, RefusPiece{nom, k.Code, r.Replace(k.Message), k.Remede})
		}
	}
}

// DeposerPiece takes one document of a request. Refused documents are in the
// coverage; a refused replacement leaves the good one.
func (g *Guichet) DeposerPiece(ctx context.Context, a *Acteur, n NumeroASP, nom string, r io.ReaderAt, taille int64) (*Couverture, error) {
	var d *Demande
	var ps []Piece
	if err := g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		if d, err = g.demandeDe(tx, a, n); err == nil {
			ps, err = piecesDe(tx, d)
		}
		return err
	}); err != nil {
		return nil, err
	}
	o := operation{acteur: a, action: DeposerPieces, objet: string(n)}
	sortir, err := g.entrerEnvoi(ctx, o)
	if err != nil {
		return nil, err
	}
	defer sortir()
	e := nouvelEnvoi(g, []Demande{*d}, ps)
	defer e.fermer()
	if _, ok := e.pieces[nom]; !ok {
		return nil, erreur(Inconnu, "La demande %s ne déclare pas de pièce « %s ».", n, segur.Visible(nom, 80))
	}
	if !e.ouverte(n) {
		return nil, erreur(Conflit, "La demande %s n’accepte plus de pièces : elle est « %s ».", n, d.Statut.Libelle())
	}
	p := e.controleur(ctx).Fichier(ctx, nom, r, taille)
	if err := e.trier(piece.Lot{Pieces: []piece.Piece{p}}); err != nil {
		return nil, err
	}
	return g.ranger(ctx, o, e, func(tx Tx) ([]Piece, error) { return piecesDe(tx, d) })
}

// entrerEnvoi waits for a place among the uploads at work, for whoever may bring
// documents; sortir leaves it.
func (g *Guichet) entrerEnvoi(ctx context.Context, o operation) (sortir func(), err error) {
	if err := exiger(o.acteur, o.action); err != nil {
		g.noterRefus(ctx, o, err)
		return nil, err
	}
	return g.envois.entrer(ctx, o.acteur.FournisseurID)
}

// ranger writes what was received and moves on the requests that are complete.
func (g *Guichet) ranger(ctx context.Context, o operation, e *envoi, toutes func(Tx) ([]Piece, error)) (*Couverture, error) {
	if err := e.serie.Assurer(ctx); err != nil {
		return nil, &Error{Genre: Indisponible, Message: "Les pièces n’ont pas pu être enregistrées ; rien n’a été gardé. Réessayez.", Cause: err}
	}
	var c Couverture
	err := g.faire(ctx, o, func(tx Tx, _ *operation) (any, string, error) {
		refusees := append([]RefusPiece(nil), e.refusees...)
		var recues []Piece
		ouvertes := map[NumeroASP]*Demande{}
		for _, p := range e.recues {
			d, err := tx.Demande(p.NumeroASP)
			if err != nil {
				return nil, "", err
			}
			// The status may have moved while the documents were read.
			if etat, _ := EtatDe(d.Statut); !etat.Pieces {
				x := envoi{g: g}
				x.figer(p.Nom, d.Statut)
				refusees = append(refusees, x.refusees...)
				continue
			}
			recues, ouvertes[d.NumeroASP] = append(recues, p), d
		}
		if err := g.commanderAnalyses(tx, recues); err != nil {
			return nil, "", err
		}
		if err := tx.RecevoirPieces(recues); err != nil {
			return nil, "", err
		}
		for _, p := range recues {
			if d := ouvertes[p.NumeroASP]; d != nil {
				delete(ouvertes, p.NumeroASP)
				if err := g.completer(tx, o.acteur, d); err != nil {
					return nil, "", err
				}
			}
		}
		ps, err := toutes(tx)
		c = couvertureDe(ps)
		c.Refusees = refusees
		return &c, "", err
	})
	return &c, err
}

// completer moves an incomplete request on once nothing is missing.
func (g *Guichet) completer(tx Tx, a *Acteur, d *Demande) error {
	if d.Statut != Incomplete {
		return nil
	}
	ps, err := piecesDe(tx, d)
	if err != nil {
		return err
	}
	if c := couvertureDe(ps); !c.Complete() {
		return nil
	}
	d.Statut = Deposee
	return g.entrer(tx, a, d, Passage{Acte: "completer", Metier: metierFournisseur, Statut: Deposee})
}

// entrerTous is [Guichet.entrer] for many requests, with one line of history
// for each.
func (g *Guichet) entrerTous(tx Tx, a *Acteur, ds []*Demande, p Passage) error {
	ps := make([]Passage, len(ds))
	for i, d := range ds {
		d.Modifie = g.m.Horloge()
		if p.Statut != "" {
			d.Echeance = g.echeance(d)
		}
		ps[i] = p
		ps[i].NumeroASP, ps[i].Date, ps[i].CompteID, ps[i].Acteur = d.NumeroASP, d.Modifie, a.ID, a.Identifiant
	}
	if err := errors.Join(tx.MajDemandes(ds), tx.AjouterPassages(ps)); err != nil {
		return err
	}
	for i, d := range ds {
		if err := g.annoncerPassage(tx, d, ps[i]); err != nil {
			return err
		}
	}
	return nil
}

// entrer writes a request that has just changed, with its line of history.
func (g *Guichet) entrer(tx Tx, a *Acteur, d *Demande, p Passage) error {
	d.Modifie = g.m.Horloge()
	if p.Statut != "" {
		d.Echeance = g.echeance(d)
	}
	if p.Statut == Deposee && d.AgentID == 0 {
		if err := g.affecterArrivee(tx, d); err != nil {
			return err
		}
	}
	p.NumeroASP, p.Date, p.CompteID, p.Acteur = d.NumeroASP, d.Modifie, a.ID, a.Identifiant
	return errors.Join(tx.MajDemande(d), tx.AjouterPassages([]Passage{p}), g.annoncerPassage(tx, d, p))
}
