package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing/fstest"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// These migrations are none that SQL alone can do: see abreger.go and retour.go.
const (
	versionAbrege    = 6
	versionEpissures = 22 // nothing on the way forward: a file kept whole is read as before
)

// migrer runs f with the migrations in the words of the engine. They have
// connections of their own: the writer holds the only one that writes.
func (b *Base) migrer(ctx context.Context, f func(*goose.Provider) error) (err error) {
	textes := fstest.MapFS{}
	err = fs.WalkDir(migrations, "migrations", func(chemin string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		t, err := migrations.ReadFile(chemin)
		textes[e.Name()] = &fstest.MapFile{Data: []byte(b.d.mots.Replace(string(t)))}
		return err
	})
	if err != nil {
		return err
	}
	base := b.ecriture
	if !b.d.numerote {
		if base, err = sql.Open("sqlite", dsnSQLite(strings.TrimPrefix(b.adresse, "sqlite:"), false)); err != nil {
			return err
		}
		base.SetMaxOpenConns(1)
		defer func() { err = errors.Join(err, base.Close()) }()
	}
	p, err := goose.NewProvider(b.d.goose, base, textes, goose.WithGoMigrations(
		goose.NewGoMigration(versionAbrege, &goose.GoFunc{RunTx: b.abreger}, &goose.GoFunc{RunTx: b.deployer}),
		goose.NewGoMigration(versionEpissures, nil, &goose.GoFunc{RunTx: b.rendreEntiers})))
	if err != nil {
		return err
	}
	return b.seulAMigrer(ctx, func() error { return f(p) })
}

// essaisMigration is how often a migration on SQLite is tried, when another
// process was quicker.
const essaisMigration = 5

// seulAMigrer runs f while no other process migrates: portals that start
// together all look at the schema. PostgreSQL has a lock for it; on SQLite the
// slower one fails on what is there already, and finds it done when it looks
// again.
func (b *Base) seulAMigrer(ctx context.Context, f func() error) (err error) {
	if !b.d.numerote {
		for essai := range essaisMigration {
			if err = f(); err == nil {
				return nil
			}
			select {
			case <-ctx.Done():
				return errors.Join(err, context.Cause(ctx))
			case <-time.After(time.Duration(essai+1) * 100 * time.Millisecond):
			}
		}
		return err
	}
	c, err := b.ecriture.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	// Any number will do, as long as all processes take the same.
	if _, err := c.ExecContext(ctx, "SELECT pg_advisory_lock(7102023)"); err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	defer func() {
		_, e := c.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock(7102023)")
		err = errors.Join(err, e)
	}()
	return f()
}

// Migrer brings the schema to the newest version, and returns it.
func (b *Base) Migrer(ctx context.Context) (version int64, err error) {
	err = b.migrer(ctx, func(p *goose.Provider) (err error) {
		if _, err := p.Up(ctx); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		version, err = p.GetDBVersion(ctx)
		return err
	})
	return version, err
}

// MigrerVers brings the schema to a version, forward or back. Going back loses
// what only the newer schema can hold.
func (b *Base) MigrerVers(ctx context.Context, version int64) error {
	return b.migrer(ctx, func(p *goose.Provider) error {
		actuelle, err := p.GetDBVersion(ctx)
		if err != nil {
			return err
		}
		if version < actuelle {
			_, err = p.DownTo(ctx, version)
		} else {
			_, err = p.UpTo(ctx, version)
		}
		return err
	})
}
