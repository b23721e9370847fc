package guichet

import (
	"context"
	"io"

	"guichet.example/segur"
	"guichet.example/segur/piece"
)

// ErreurArchive refuses an archive as a whole.
type ErreurArchive struct {
	Refusees []RefusPiece
	PasZip   bool // no zip at all, cut short, or empty
}

func (e *ErreurArchive) Error() string {
	if len(e.Refusees) > 0 {
		return "L’archive est refusée en entier. " + e.Refusees[0].Message
	}
	return "L’archive est refusée en entier."
}

// nomArchive is what the archive of a deposit is called in what is said of it.
const nomArchive = "archive.zip"

// AttenteZip is an archive on its way: what it may hold is known before it is
// there, so that one which its directory condemns is refused at its last byte.
type AttenteZip struct{ e *envoi }

// AttendreZip lists what the archive of a deposit may hold. Users of the
// supplier call it.
func (g *Guichet) AttendreZip(ctx context.Context, a *Acteur, id DepotID) (*AttenteZip, error) {
	ds, ps, err := g.declarees(ctx, a, id)
	if err != nil {
		return nil, err
	}
	return &AttenteZip{nouvelEnvoi(g, ds, ps)}, nil
}

// Juger looks at the directory of the archive: an [ErreurArchive] when it
// condemns it. Whatever else is wrong [Guichet.DeposerZip] finds.
func (z *AttenteZip) Juger(r io.ReaderAt, taille int64) error {
	c := piece.Controleur{Attendues: z.e.attendues()}
	if l := c.Repertoire(nomArchive, r, taille); l.Condamne() {
		return archiveRefusee(&l)
	}
	return nil
}

// declarees gives the requests of a deposit with the documents they declare.
func (g *Guichet) declarees(ctx context.Context, a *Acteur, id DepotID) (ds []Demande, ps []Piece, err error) {
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		if _, err = g.depotDe(tx, a, id); err == nil {
			ds, ps, err = piecesDuDepot(tx, id)
		}
		return err
	})
	return ds, ps, err
}

// DeposerZip takes the archive of a deposit. The archive is read where it
// lies, never extracted. Good documents are kept beside refused ones, unless
// the archive is refused as a whole ([ErreurArchive]). The supplier's users
// with the right to deposit call it; the same archive twice changes nothing
// more.
func (g *Guichet) DeposerZip(ctx context.Context, a *Acteur, id DepotID, r io.ReaderAt, taille int64) (*Couverture, error) {
	ds, ps, err := g.declarees(ctx, a, id)
	if err != nil {
		return nil, err
	}
	o := operation{acteur: a, action: DeposerPieces, objet: string(id)}
	sortir, err := g.entrerEnvoi(ctx, o)
	if err != nil {
		return nil, err
	}
	defer sortir()
	e := nouvelEnvoi(g, ds, ps)
	defer e.fermer()
	lot := e.controleur(ctx).Zip(ctx, nomArchive, r, taille)
	if lot.Condamne() {
		return nil, archiveRefusee(&lot)
	}
	if err := e.trier(lot); err != nil {
		return nil, err
	}
	return g.ranger(ctx, o, e, func(tx Tx) ([]Piece, error) {
		_, ps, err := piecesDuDepot(tx, id)
		return ps, err
	})
}

func archiveRefusee(l *piece.Lot) *ErreurArchive {
	e := &ErreurArchive{}
	for _, k := range l.Constats {
		if k.Gravite == segur.Erreur {
			e.Refusees = append(e.Refusees, RefusPiece{k.Nom, k.Code, k.Message, k.Remede})
			e.PasZip = e.PasZip || k.Code == piece.CodePasZip || k.Code == piece.CodeZipIllisible || k.Code == piece.CodeZipVide
		}
	}
	for i := range l.Pieces {
		for _, k := range l.Pieces[i].Constats {
			e.Refusees = append(e.Refusees, RefusPiece{k.Nom, k.Code, k.Message, k.Remede})
		}
	}
	return e
}
