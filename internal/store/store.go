package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"guichet.example/internal/guichet"
)

// Base is an open store. Safe for concurrent use; close it last.
type Base struct {
	d        *dialecte
	adresse  string
	z        *compresseur
	ecriture *sql.DB
	lecture  *sql.DB
	file     chan *pose
	fin      chan struct{} // closed when no more writes are taken
	arret    chan struct{} // closed when the writer has ended
	seule    bool          // opened for reading alone: there is no writer
}

// Ouvrir opens a store by its address, "sqlite:CHEMIN" or "postgres://…", and
// starts its writer. It does not change the schema: see [Base.Migrer].
func Ouvrir(ctx context.Context, adresse string) (*Base, error) {
	d, ecriture, lecture, err := connecter(adresse)
	if err != nil {
		return nil, err
	}
	z, err := nouveauCompresseur()
	if err != nil {
		return nil, errors.Join(err, lecture.Close(), ecriture.Close())
	}
	if err := d.reserver(adresse); err != nil {
		return nil, errors.Join(err, lecture.Close(), ecriture.Close())
	}
	b := &Base{d: d, adresse: adresse, z: z, ecriture: ecriture, lecture: lecture, file: make(chan *pose, fileMax), fin: make(chan struct{}), arret: make(chan struct{})}
	if err := b.ecriture.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", d.nom, err), b.fermerBases())
	}
	go b.ecrire()
	return b, nil
}

// Fermer takes no more writes, ends those under way, and closes.
func (b *Base) Fermer() error {
	if !b.seule {
		close(b.fin)
		<-b.arret
	}
	return b.fermerBases()
}

func (b *Base) fermerBases() error {
	err := b.lecture.Close()
	if b.ecriture != b.lecture {
		err = errors.Join(err, b.ecriture.Close())
	}
	return err
}

// Vivante tells whether the store answers.
func (b *Base) Vivante(ctx context.Context) error {
	var un int
	return b.lecture.QueryRowContext(ctx, "SELECT 1").Scan(&un)
}

// Lire implements [guichet.Base]: one consistent state, on both engines.
func (b *Base) Lire(ctx context.Context, f func(guichet.Tx) error) error {
	tx, err := b.lecture.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: b.d.instantane()})
	if err != nil {
		return guichet.Panne(fmt.Errorf("begin: %w", err))
	}
	defer func() { _ = tx.Rollback() }() // a reading has nothing to keep
	if err = f(&transaction{ctx: ctx, d: b.d, z: b.z, q: tx}); err != nil && panne(err) {
		err = guichet.Panne(err)
	}
	return err
}

// instantane is the isolation that gives one consistent state: SQLite has it
// by itself.
func (d *dialecte) instantane() sql.IsolationLevel {
	if d.numerote {
		return sql.LevelRepeatableRead
	}
	return sql.LevelDefault
}

// Comprimer implements [guichet.Base].
func (b *Base) Comprimer(x []byte) guichet.Comprime { return b.z.comprimer(x) }

// EnAttente is how many writes of this process wait for their turn.
func (b *Base) EnAttente() int { return len(b.file) }
