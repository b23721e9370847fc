package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// parPage is how many requests a migration reads at once.
const parPage = 500

// ancienne is one request as a migration reads it.
type ancienne struct {
	serie  int64
	champs string
	depot  guichet.DepotID
	genre  segur.TypeDemande
	jour   string // of its deposit
	rang   int
}

// parcourirDemandes gives f every request of a condition, in order; f may
// change it.
func (b *Base) parcourirDemandes(ctx context.Context, tx *sql.Tx, condition string, f func(*transaction, *ancienne) error) error {
	t := &transaction{ctx: ctx, d: b.d, z: b.z, q: tx}
	for derniere := int64(0); ; {
		var ds []ancienne
		err := t.tous("SELECT d.serie, d.champs, d.depot_id, d.type, p.jour, d.rang FROM demande d JOIN depot p ON p.id = d.depot_id WHERE "+condition+" AND d.serie > ? ORDER BY d.serie LIMIT ?", []any{derniere, parPage}, func(scan func(...any) error) error {
			var d ancienne
			err := scan(&d.serie, &d.champs, &d.depot, &d.genre, &d.jour, &d.rang)
			ds = append(ds, d)
			return err
		})
		if err != nil || len(ds) == 0 {
			return err
		}
		for i := range ds {
			if err := f(t, &ds[i]); err != nil {
				return fmt.Errorf("request %d: %w", ds[i].serie, err)
			}
		}
		derniere = ds[len(ds)-1].serie
	}
}

// abreger sets beside the values of older requests what later ones keep at
// hand.
func (b *Base) abreger(ctx context.Context, tx *sql.Tx) error {
	return b.parcourirDemandes(ctx, tx, "d.abrege = ''", func(t *transaction, d *ancienne) error {
		var c struct {
			Regime string                                                    `json:"commande.regimeTVA"`
			Pieces []struct{ NomFichier, FormatFichier, TypeFichier string } `json:"piecesJustificatives"`
		}
		if err := json.Unmarshal([]byte(d.champs), &c); err != nil {
			return err
		}
		a := guichet.Abrege{Regime: c.Regime}
		for _, p := range c.Pieces {
			a.Pieces = append(a.Pieces, guichet.PieceDeclaree{Nom: p.NomFichier, Format: p.FormatFichier, Type: p.TypeFichier})
		}
		return t.changer("UPDATE demande SET abrege = ? WHERE serie = ?", texteAbrege(&a), d.serie)
	})
}

// deployer puts the values of requests back beside them, out of their files:
// an older program looks nowhere else.
func (b *Base) deployer(ctx context.Context, tx *sql.Tx) error {
	var depot guichet.DepotID
	var f guichet.FichierRecu
	return b.parcourirDemandes(ctx, tx, "d.champs = ''", func(t *transaction, d *ancienne) error {
		if d.depot != depot {
			recu, err := t.Recu(d.depot)
			if err != nil {
				return err
			}
			jour, err := lireJour(d.jour)
			if err != nil {
				return err
			}
			if f, err = guichet.LireFichierRecu(d.genre, jour, recu); err != nil {
				return err
			}
			depot = d.depot
		}
		c, err := f.Champs(d.rang)
		if err != nil {
			return err
		}
		return t.changer("UPDATE demande SET champs = ? WHERE serie = ?", texteChamps(c), d.serie)
	})
}
