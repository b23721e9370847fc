package guichet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"guichet.example/segur"
)

// TeleversementID names an archive that arrives in slices.
type TeleversementID string

// Televersement is an archive of documents that arrives in slices, so that a
// cut line costs one slice and not the archive. What has arrived lies in the
// [Magasin] and in the store, never in one process: any of them takes the next
// slice.
type Televersement struct {
	ID            TeleversementID
	FournisseurID FournisseurID
	DepotID       DepotID
	Nom           string // of the file, as its sender has it; shown to people
	Cle           string // the sender's own name for these bytes; "" = none
	Taille        int64
	Recu          int64
	Cree          time.Time
	Expire        time.Time
	Fini          bool // taken to the deposit
}

// MorceauRecu is a slice, under the name that the [Magasin] gave it.
type MorceauRecu struct {
	Debut, Taille int64
	Nom           string
}

// NouveauTeleversement announces an archive. The same key and size again, for
// the same deposit, is the same archive: it goes on where it stopped.
type NouveauTeleversement struct {
	Nom, Cle string
	Taille   int64
}

// Televersements keeps archives that arrive in slices. The contract of [Tx]
// holds for each of its methods.
type Televersements interface {
	Televersement(TeleversementID) (*Televersement, error)
	Televersements(FournisseurID) ([]Televersement, error) // oldest first
	TeleversementsExpires(maintenant time.Time, max int) ([]Televersement, error)
	AjouterTeleversement(*Televersement) error
	MajTeleversement(*Televersement) error
	OterTeleversement(TeleversementID) error // with its slices; twice is no error
	AjouterTranche(TeleversementID, MorceauRecu) error
	TranchesDe(TeleversementID) ([]MorceauRecu, error) // in their order
}

const (
	// MorceauMax is the memory that one slice takes, and what a cut costs at
	// most. A longer body is kept slice by slice as it comes.
	MorceauMax = 1 << 20
	// morceauMin bounds how many slices an archive can be cut into.
	morceauMin = 64 << 10

	// What one supplier may have under way: a deposit of 200 documents of 3 Mio
	// is three archives.
	televersementsMax = 12
	volumeMax         = 1 << 30

	patienceTeleversement = 24 * time.Hour // since the last slice
	dureeTeleversement    = 72 * time.Hour // in all
	gardeFini             = 15 * time.Minute
	nomTeleversementMax   = 200

	// selTaille is how many bytes of chance stand before each slice: its name in
	// the store is then its own, and taking it out never takes out a document
	// that happens to have the same bytes.
	selTaille = 16
)

// CommencerTeleversement announces an archive of a deposit; the supplier's
// users with the right to send documents call it.
func (g *Guichet) CommencerTeleversement(ctx context.Context, a *Acteur, id DepotID, n NouveauTeleversement) (*Televersement, error) {
	if err := g.Autoriser(ctx, a, DeposerPieces, string(id)); err != nil {
		return nil, err
	}
	if n.Taille < 1 {
		return nil, erreur(Invalide, "Une archive vide ne s’envoie pas ; annoncez sa taille en octets.")
	}
	if n.Taille > segur.ZipMax {
		return nil, erreur(TropGros, "L’archive annonce %d octets ; la limite est de %d Mio (%d octets). Répartissez les pièces en plusieurs zips.", n.Taille, segur.ZipMax>>20, segur.ZipMax)
	}
	nouveau, err := g.identifiant()
	if err != nil {
		return nil, err
	}
	if err := g.purgerTeleversements(ctx); err != nil {
		return nil, err
	}
	var v *Televersement
	err = g.m.Base.Ecrire(ctx, func(tx Tx) error {
		d, err := g.depotDe(tx, a, id)
		if err != nil {
			return err
		}
		vs, err := tx.Televersements(d.FournisseurID)
		if err != nil {
			return err
		}
		maintenant := g.m.Horloge()
		if v = enCours(vs, id, n, maintenant); v != nil {
			return nil
		}
		if err := quotaTeleversements(vs, n.Taille); err != nil {
			return err
		}
		v = &Televersement{ID: TeleversementID(nouveau), FournisseurID: d.FournisseurID, DepotID: id, Nom: segur.Visible(n.Nom, nomTeleversementMax), Cle: n.Cle,
			Taille: n.Taille, Cree: maintenant, Expire: maintenant.Add(patienceTeleversement)}
		return tx.AjouterTeleversement(v)
	})
	return v, err
}

// enCours finds the same archive under way.
func enCours(vs []Televersement, id DepotID, n NouveauTeleversement, maintenant time.Time) *Televersement {
	for i := range vs {
		x := &vs[i]
		if n.Cle != "" && x.Cle == n.Cle && x.Taille == n.Taille && x.DepotID == id && !x.Fini && maintenant.Before(x.Expire) {
			return x
		}
	}
	return nil
}

func quotaTeleversements(vs []Televersement, taille int64) error {
	for _, x := range vs {
		taille += x.Taille
	}
	if len(vs) >= televersementsMax || taille > volumeMax {
		return erreur(TropSouvent, "Trop d’envois sont en cours pour votre compte (%d au plus, %d Mio en tout). Terminez-les ou abandonnez-les ; un envoi sans nouvelles s’efface après 24 heures.", televersementsMax, volumeMax>>20)
	}
	return nil
}

// Televersement tells where an archive of the actor's supplier stands. One
// that has expired is as one that does not exist.
func (g *Guichet) Televersement(ctx context.Context, a *Acteur, id TeleversementID) (v *Televersement, err error) {
	if err := g.Autoriser(ctx, a, DeposerPieces, string(id)); err != nil {
		return nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		v, err = g.televersementDe(tx, a, id)
		return err
	})
	return v, err
}

func (g *Guichet) televersementDe(tx Tx, a *Acteur, id TeleversementID) (*Televersement, error) {
	v, err := tx.Televersement(id)
	if err == nil && (v.FournisseurID != a.FournisseurID || !g.m.Horloge().Before(v.Expire)) {
		err = ErrAbsent
	}
	if err == nil && a.numerosDuMandat() != nil { // the deposit tells its ANS number
		if _, err = g.depotDe(tx, a, v.DepotID); GenreDe(err) == Inconnu {
			err = ErrAbsent
		}
	}
	return v, absent(err, "Cet envoi n’existe pas, ou s’est effacé faute de nouvelles : recommencez-le.")
}

// TeleversementsDe lists what a deposit of the actor's supplier still waits
// for.
func (g *Guichet) TeleversementsDe(ctx context.Context, a *Acteur, id DepotID) (vs []Televersement, err error) {
	if err := g.Autoriser(ctx, a, DeposerPieces, string(id)); err != nil {
		return nil, err
	}
	err = g.m.Base.Lire(ctx, func(tx Tx) error {
		d, err := g.depotDe(tx, a, id)
		if err != nil {
			return err
		}
		tous, err := tx.Televersements(d.FournisseurID)
		for _, v := range tous {
			if v.DepotID == id && !v.Fini && g.m.Horloge().Before(v.Expire) {
				vs = append(vs, v)
			}
		}
		return err
	})
	return vs, err
}

// AssemblerTeleversement writes an archive that is whole to w, in its order.
func (g *Guichet) AssemblerTeleversement(ctx context.Context, a *Acteur, id TeleversementID, w io.Writer) (*Televersement, error) {
	v, err := g.Televersement(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if v.Recu < v.Taille {
		return nil, erreur(Conflit, "L’archive n’est pas entière : %d octets sur %d sont arrivés. Envoyez le reste d’abord.", v.Recu, v.Taille)
	}
	var xs []MorceauRecu
	if err := g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		xs, err = tx.TranchesDe(id)
		return err
	}); err != nil {
		return nil, err
	}
	ecrit := int64(0)
	for _, x := range xs {
		if x.Debut != ecrit {
			return nil, fmt.Errorf("upload %s: a slice at %d, expected at %d", id, x.Debut, ecrit)
		}
		if err := g.copierTranche(ctx, x, w); errors.Is(err, ErrAbsent) {
			return nil, errors.Join(erreur(Conflit, "Une partie de l’envoi a disparu (une restauration, peut-être) : recommencez-le."), g.oterTeleversement(ctx, id))
		} else if err != nil {
			return nil, err
		}
		ecrit += x.Taille
	}
	return v, nil
}

func (g *Guichet) copierTranche(ctx context.Context, x MorceauRecu, w io.Writer) error {
	r, taille, err := g.m.Magasin.Ouvrir(ctx, x.Nom)
	if err != nil {
		return err
	}
	defer r.Close()
	if taille != x.Taille+selTaille {
		return fmt.Errorf("slice %s has %d bytes, expected %d", x.Nom, taille, x.Taille+selTaille)
	}
	if _, err := io.CopyN(io.Discard, r, selTaille); err != nil {
		return err
	}
	_, err = io.CopyN(w, r, x.Taille)
	return err
}

// FinirTeleversement takes an archive that was assembled to its deposit, as
// [Guichet.DeposerZip] does. It can be repeated for a while: its answer may be
// lost on the way.
func (g *Guichet) FinirTeleversement(ctx context.Context, a *Acteur, v *Televersement, r io.ReaderAt) (*Couverture, error) {
	c, err := g.DeposerZip(ctx, a, v.DepotID, r, v.Taille)
	var condamnee *ErreurArchive
	if err != nil && !errors.As(err, &condamnee) {
		return nil, err
	}
	return c, errors.Join(err, g.m.Base.Ecrire(context.WithoutCancel(ctx), func(tx Tx) error {
		la, err := tx.Televersement(v.ID)
		if err != nil {
			return presence(err)
		}
		if fin := g.m.Horloge().Add(gardeFini); fin.Before(la.Expire) {
			la.Expire = fin
		}
		la.Fini = true
		return tx.MajTeleversement(la)
	}))
}

// AbandonnerTeleversement forgets an archive of the actor's supplier.
func (g *Guichet) AbandonnerTeleversement(ctx context.Context, a *Acteur, id TeleversementID) error {
	if _, err := g.Televersement(ctx, a, id); err != nil {
		return err
	}
	return g.oterTeleversement(ctx, id)
}

// oterTeleversement takes out the bytes first: what is left of a removal that
// was cut short is found again by the next.
func (g *Guichet) oterTeleversement(ctx context.Context, id TeleversementID) error {
	ctx = context.WithoutCancel(ctx)
	var xs []MorceauRecu
	if err := g.m.Base.Ecrire(ctx, func(tx Tx) error {
		v, err := tx.Televersement(id)
		if err != nil {
			return presence(err)
		}
		if xs, err = tx.TranchesDe(id); err != nil {
			return err
		}
		v.Expire = g.m.Horloge() // no slice comes any more
		return tx.MajTeleversement(v)
	}); err != nil {
		return err
	}
	for _, x := range xs {
		if err := g.m.Magasin.Supprimer(ctx, x.Nom); err != nil {
			return err
		}
	}
	return g.m.Base.Ecrire(ctx, func(tx Tx) error { return tx.OterTeleversement(id) })
}

// purgerTeleversements forgets archives that nobody finishes. It runs before
// each new one and once a minute; most of the time nothing has expired.
func (g *Guichet) purgerTeleversements(ctx context.Context) error {
	var vs []Televersement
	if err := g.m.Base.Lire(ctx, func(tx Tx) (err error) {
		vs, err = tx.TeleversementsExpires(g.m.Horloge(), 100)
		return err
	}); err != nil {
		return err
	}
	for _, v := range vs {
		if err := g.oterTeleversement(ctx, v.ID); err != nil {
			return err
		}
	}
	return nil
}
