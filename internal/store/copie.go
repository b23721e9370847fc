package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"guichet.example/internal/guichet"
)

// Copie is what a copy of the store holds, all at one instant.
type Copie struct {
	Moteur     string   // "sqlite" or "postgres"
	Documents  []string // SHA-256 of every document that it names, ascending
	Entrees    int64    // of the journal
	Empreinte  string   // of the last entry
	VersionSQL int64    // of the schema
}

// Copier writes a consistent copy of the store into a new file, while it
// serves: SQLite's own format, or PostgreSQL's (pg_dump -Fc).
func (b *Base) Copier(ctx context.Context, chemin string) (c Copie, err error) {
	if !b.d.numerote {
		return copierSQLite(ctx, b, chemin)
	}
	tx, err := b.lecture.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return c, err
	}
	defer func() { _ = tx.Rollback() }() // a reading has nothing to keep
	var instantane string
	if err := tx.QueryRowContext(ctx, "SELECT pg_export_snapshot()").Scan(&instantane); err != nil {
		return c, fmt.Errorf("export the snapshot: %w", err)
	}
	if c, err = decrire(ctx, b.d, tx); err != nil {
		return c, err
	}
	return c, outilPostgres(ctx, b.adresse, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--snapshot="+instantane, "--file="+chemin)
}

func copierSQLite(ctx context.Context, b *Base, chemin string) (c Copie, err error) {
	// The reading pool may not write, not even another file.
	source, err := sql.Open("sqlite", dsnSQLite(strings.TrimPrefix(b.adresse, "sqlite:"), false))
	if err != nil {
		return c, err
	}
	_, err = source.ExecContext(ctx, "VACUUM INTO ?", chemin)
	if err = errors.Join(err, source.Close()); err != nil {
		return c, fmt.Errorf("copy: %w", err)
	}
	copie, err := OuvrirLecture(ctx, "sqlite:"+chemin)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, copie.Fermer()) }()
	tx, err := copie.lecture.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return c, err
	}
	defer func() { _ = tx.Rollback() }() // a reading has nothing to keep
	return decrire(ctx, b.d, tx)
}

// decrire lists what a state of the store names.
func decrire(ctx context.Context, d *dialecte, tx *sql.Tx) (c Copie, err error) {
	t := &transaction{ctx: ctx, d: d, q: tx}
	c.Moteur = d.nom
	if c.Entrees, c.Empreinte, err = t.TeteJournal(); err != nil {
		return c, err
	}
	if err := t.un("SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE is_applied", nil, &c.VersionSQL); err != nil {
		return c, err
	}
	err = t.tous("SELECT DISTINCT sha256 FROM piece WHERE sha256 <> '' AND antivirus NOT IN ('effacee', 'detruite')", nil, func(scan func(...any) error) error {
		var s string
		err := scan(&s)
		c.Documents = append(c.Documents, s)
		return err
	})
	if err != nil {
		return c, err
	}
	err = t.tous("SELECT dossier FROM enrolement", nil, func(scan func(...any) error) error {
		var texte string
		if err := scan(&texte); err != nil {
			return err
		}
		var e guichet.Enrolement
		if err := json.Unmarshal([]byte(texte), &e); err != nil {
			return err
		}
		for _, x := range e.Documents {
			c.Documents = append(c.Documents, x.SHA256)
		}
		return nil
	})
	slices.Sort(c.Documents)
	c.Documents = slices.Compact(c.Documents)
	return c, err
}

// ErrPleine is the error of a restoration onto a store that holds something.
var ErrPleine = errors.New("la base de destination n’est pas vide")

// Vide refuses a store that holds something; one that does not exist is empty.
func Vide(ctx context.Context, adresse string) error {
	if chemin, sqlite := strings.CutPrefix(adresse, "sqlite:"); sqlite {
		for _, suite := range []string{"", "-wal", "-journal"} {
			if i, err := os.Stat(chemin + suite); err == nil && i.Size() > 0 {
				return ErrPleine
			} else if err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
		}
		return nil
	}
	b, err := OuvrirLecture(ctx, adresse)
	if err != nil {
		return err
	}
	var n int
	err = b.lecture.QueryRowContext(ctx, "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema')").Scan(&n)
	if err == nil && n > 0 {
		err = ErrPleine
	}
	return errors.Join(err, b.Fermer())
}

// Installer makes an empty store of a copy of the same engine.
func Installer(ctx context.Context, adresse, moteur, copie string) error {
	if err := Vide(ctx, adresse); err != nil {
		return err
	}
	chemin, sqlite := strings.CutPrefix(adresse, "sqlite:")
	attendu := "postgres"
	if sqlite {
		attendu = "sqlite"
	}
	switch {
	case moteur != attendu:
		return fmt.Errorf("la sauvegarde est celle d’une base %s : GUICHET_BASE doit en désigner une du même moteur", moteur)
	case !sqlite:
		if err := outilPostgres(ctx, adresse, "pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", copie); err != nil {
			return err
		}
		return oublierTranches(ctx, adresse)
	}
	if err := os.Rename(copie, chemin); err != nil {
		return err
	}
	d, err := os.Open(filepath.Dir(chemin))
	if err != nil {
		return err
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return err
	}
	return oublierTranches(ctx, adresse)
}

// oublierTranches ends the uploads that were under way when the copy was made:
// their slices are not in it, and their senders begin again. A copy of an older
// schema has none.
func oublierTranches(ctx context.Context, adresse string) error {
	b, err := Ouvrir(ctx, adresse)
	if err != nil {
		return err
	}
	err = b.Ecrire(ctx, func(tx guichet.Tx) error {
		t := tx.(*transaction)
		var version int64
		if err := t.un("SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE is_applied", nil, &version); err != nil || version < versionTranches {
			return err
		}
		_, err := t.executer("DELETE FROM televersement_tranche")
		_, err2 := t.executer("DELETE FROM televersement WHERE NOT fini")
		return errors.Join(err, err2)
	})
	return errors.Join(err, b.Fermer())
}

// versionTranches is the schema that uploads in slices came with.
const versionTranches = 8

// outilPostgres runs a program of PostgreSQL on a database. Its password goes
// by the environment, which other users of the machine do not see.
func outilPostgres(ctx context.Context, adresse, nom string, args ...string) error {
	u, err := url.Parse(adresse)
	if err != nil {
		return errors.New("GUICHET_BASE is no URL") // err repeats it with its password
	}
	programme, err := exec.LookPath(nom)
	if err != nil {
		return fmt.Errorf("%s manque sur cette machine (paquet postgresql-client) : %w", nom, err)
	}
	env := os.Environ()
	if motDePasse, ok := u.User.Password(); ok {
		env = append(env, "PGPASSWORD="+motDePasse)
		u.User = url.User(u.User.Username())
	}
	c := exec.CommandContext(ctx, programme, append([]string{"--no-password", "--dbname=" + u.String()}, args...)...)
	c.Env = env
	if b, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %.500s", nom, err, b)
	}
	return nil
}
