package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"guichet.example/internal/guichet"
)

const (
	fileMax   = 1024 // writes that wait; more wait in their callers
	groupeMax = 64   // writes that share one commit
	// delaiGroupe bounds one commit with all its writes.
	delaiGroupe = 2 * time.Minute
)

// pose is one write that waits for its commit.
type pose struct {
	ctx      context.Context
	f        func(guichet.Tx) error
	resultat chan error
}

// ErrFerme is the error of a write to a store that is closing.
var ErrFerme = errors.New("store: closing")

// Ecrire implements [guichet.Base]. All writes of a process stand in one line;
// those that wait together are committed together, each in a savepoint of its
// own, so that one sync to the disk serves them all.
func (b *Base) Ecrire(ctx context.Context, f func(guichet.Tx) error) error {
	if b.seule {
		return guichet.Panne(ErrFerme)
	}
	p := &pose{ctx, f, make(chan error, 1)}
	select {
	case b.file <- p:
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-b.fin:
		return guichet.Panne(ErrFerme)
	}
	// Once it is in the line its outcome is waited for: to give up here would
	// leave the caller not knowing.
	select {
	case err := <-p.resultat:
		return err
	case <-b.arret:
		select {
		case err := <-p.resultat:
			return err
		default:
			return guichet.Panne(ErrFerme)
		}
	}
}

// ecrire is the writer: it takes what waits and commits it as one.
func (b *Base) ecrire() {
	defer close(b.arret)
	instructions := map[string]*sql.Stmt{}
	var c *sql.Conn
	groupe := make([]*pose, 0, groupeMax)
	for {
		select {
		case p := <-b.file:
			groupe = append(groupe[:0], p)
		case <-b.fin:
			if groupe = b.reste(groupe[:0]); len(groupe) == 0 {
				return
			}
		}
		for len(groupe) < groupeMax && len(b.file) > 0 {
			groupe = append(groupe, <-b.file)
		}
		ctx, annuler := context.WithTimeout(context.Background(), delaiGroupe)
		var err error
		if c == nil {
			c, err = b.ecriture.Conn(ctx)
		}
		if err == nil {
			err = b.ecrireGroupe(ctx, c, instructions, groupe)
		}
		if err != nil {
			for _, p := range groupe {
				p.rendre(guichet.Panne(err))
			}
			// The next group starts on a fresh connection.
			if c != nil {
				_ = c.Close()
				c = nil
			}
			clear(instructions)
		}
		annuler()
	}
}

// reste takes what still waits when the store closes.
func (b *Base) reste(groupe []*pose) []*pose {
	for len(groupe) < groupeMax {
		select {
		case p := <-b.file:
			groupe = append(groupe, p)
		default:
			return groupe
		}
	}
	return groupe
}

func (p *pose) rendre(err error) {
	select {
	case p.resultat <- err:
	default: // it has its answer already
	}
}

// ecrireGroupe runs a group in one transaction. Its error is one of the whole
// group; those of single writes go to their callers.
func (b *Base) ecrireGroupe(ctx context.Context, c *sql.Conn, instructions map[string]*sql.Stmt, groupe []*pose) (err error) {
	executer := func(q string) error {
		_, err := c.ExecContext(ctx, q)
		return err
	}
	if err := executer(b.d.commence); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	fini := false
	defer func() {
		if !fini {
			err = errors.Join(err, executer("ROLLBACK"))
		}
	}()
	if b.d.verrou != "" {
		if err := executer(b.d.verrou); err != nil {
			return fmt.Errorf("lock: %w", err)
		}
	}
	faits := make([]*pose, 0, len(groupe))
	for _, p := range groupe {
		if p.ctx.Err() != nil {
			p.rendre(context.Cause(p.ctx))
			continue
		}
		if err := executer("SAVEPOINT pose"); err != nil {
			return err
		}
		t := &transaction{ctx: ctx, d: b.d, z: b.z, q: c, instructions: instructions, preparer: c.PrepareContext}
		if errPose := proteger(t, p.f); errPose != nil {
			if err := errors.Join(executer("ROLLBACK TO SAVEPOINT pose"), executer("RELEASE SAVEPOINT pose")); err != nil {
				return errors.Join(errPose, err)
			}
			// PostgreSQL goes on after a statement that found no room. What it did
			// not say itself is the caller's: a body cut short is an end of file too.
			if dit := new(pgconn.PgError); errors.As(errPose, &dit) && panne(errPose) {
				errPose = guichet.Panne(errPose)
			}
			p.rendre(errPose)
			continue
		}
		if err := executer("RELEASE SAVEPOINT pose"); err != nil {
			return err
		}
		faits = append(faits, p)
	}
	if err := executer("COMMIT"); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	fini = true
	for _, p := range faits {
		p.rendre(nil)
	}
	return nil
}

// proteger keeps a panic of one write from ending the writer.
func proteger(t *transaction, f func(guichet.Tx) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("store: panic in a write: %v\n%s", r, debug.Stack())
		}
	}()
	return f(t)
}
