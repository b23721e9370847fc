package store

import (
	"context"
	"crypto/tls"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3/database"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// dialecte is all that the two engines do not share.
type dialecte struct {
	nom      string
	goose    database.Dialect
	mots     *strings.Replacer // words of the migrations
	commence string            // begins a transaction of the writer
	verrou   string            // holds other processes' writers off; "" = commence does
	insere   string            // begins the statement that adds rows
	numerote bool              // placeholders are $1, $2…
}

func dialecteSQLite() *dialecte {
	return &dialecte{nom: "sqlite", goose: database.DialectSQLite3, commence: "BEGIN IMMEDIATE",
		// What fails is undone by the savepoint of its write. To undo it by itself
		// too, the engine would copy every page that a statement of many rows changes.
		insere: "INSERT OR FAIL INTO ",
		mots: strings.NewReplacer("{{serie}}", "INTEGER PRIMARY KEY", "{{rangee}}", "INTEGER PRIMARY KEY", "{{octets}}", "BLOB", "{{sans_rang}}", " WITHOUT ROWID", "{{recouvrement}}", "COALESCE(json_extract(etat, '$.audit.recouvrement'), 0)",
			"{{suite_creance}}", "SELECT 1", "{{suite_remboursement}}", "SELECT 1")} // an INTEGER PRIMARY KEY goes on by itself
}

func dialectePostgres() *dialecte {
	return &dialecte{nom: "postgres", goose: database.DialectPostgres, commence: "BEGIN", insere: "INSERT INTO ", numerote: true,
		// Any number will do, as long as all processes take the same.
		verrou: "SELECT pg_advisory_xact_lock(7102022)",
		mots: strings.NewReplacer("{{serie}}", "BIGSERIAL PRIMARY KEY", "{{rangee}}", "BIGINT PRIMARY KEY", "{{octets}}", "BYTEA", "{{sans_rang}}", "", "{{recouvrement}}", "COALESCE((etat::json #>> '{audit,recouvrement}')::bigint, 0)",
			"{{suite_creance}}", "SELECT setval(pg_get_serial_sequence('creance', 'id'), COALESCE((SELECT MAX(id) FROM creance), 0) + 1, false)",
			"{{suite_remboursement}}", "SELECT setval(pg_get_serial_sequence('remboursement', 'id'), COALESCE((SELECT MAX(id) FROM remboursement), 0) + 1, false)")}
}

// texte turns the ? of a statement into what the engine reads.
func (d *dialecte) texte(q string) string {
	if !d.numerote {
		return q
	}
	var b strings.Builder
	n := 0
	for i := range len(q) {
		if q[i] != '?' {
			b.WriteByte(q[i])
			continue
		}
		n++
		b.WriteString("$" + strconv.Itoa(n))
	}
	return b.String()
}

// doublon tells the violation of a unique key.
func doublon(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23505"
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) && (lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}

// panne tells a failure of the engine from a mistake of ours: a connection that
// broke, no room, no answer.
func panne(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		// Connection, resources, intervention of an operator.
		return strings.HasPrefix(pg.Code, "08") || strings.HasPrefix(pg.Code, "53") || strings.HasPrefix(pg.Code, "57P")
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() & 0xff { // the rest says more of the same
		case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN:
			return true
		}
		return false
	}
	var connexion *pgconn.ConnectError
	var reseau net.Error
	return errors.As(err, &connexion) || errors.As(err, &reseau) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// connecter opens the two pools of an address: one connection that writes, and
// those that read.
func connecter(adresse string) (d *dialecte, ecriture, lecture *sql.DB, err error) {
	switch moteur, reste, _ := strings.Cut(adresse, ":"); moteur {
	case "sqlite":
		d = dialecteSQLite()
		if ecriture, err = sql.Open("sqlite", dsnSQLite(reste, false)); err != nil {
			return nil, nil, nil, err
		}
		ecriture.SetMaxOpenConns(1)
		if lecture, err = sql.Open("sqlite", dsnSQLite(reste, true)); err != nil {
			return nil, nil, nil, errors.Join(err, ecriture.Close())
		}
		lecture.SetMaxOpenConns(8)
		lecture.SetMaxIdleConns(8)
	case "postgres", "postgresql":
		d = dialectePostgres()
		c, err := pgx.ParseConfig(adresse)
		if err != nil {
			return nil, nil, nil, err
		}
		lecture = stdlib.OpenDB(*c, stdlib.OptionAfterConnect(preferer))
		lecture.SetMaxOpenConns(16)
		lecture.SetMaxIdleConns(8)
		ecriture = lecture
	default:
		return nil, nil, nil, fmt.Errorf("GUICHET_BASE vaut « %s » ; attendu : sqlite:CHEMIN ou postgres://…", moteur)
	}
	return d, ecriture, lecture, nil
}

// preferer tells PostgreSQL that a page costs the same wherever it lies, as on
// any disk of today. Its own setting makes it read and sort all the requests of
// a status for the first hundred, as long as its statistics lag behind.
func preferer(ctx context.Context, c *pgx.Conn) error {
	_, err := c.Exec(ctx, "SET random_page_cost = 1.1")
	return err
}

// dsnSQLite asks for a write-ahead log and for full synchronisation: what was
// acknowledged survives a power cut. What undoes a savepoint stays in memory:
// one group of writes bounds it.
func dsnSQLite(chemin string, lecture bool) string {
	q := url.Values{"_pragma": {"busy_timeout(20000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "cache_size(-16000)", "temp_store(MEMORY)", "wal_autocheckpoint(8000)", "journal_size_limit(67108864)"}}
	if lecture {
		q["_pragma"] = []string{"busy_timeout(20000)", "query_only(1)", "cache_size(-8000)"}
	}
	return "file:" + (&url.URL{Path: chemin}).EscapedPath() + "?" + q.Encode()
}

// reserver makes a SQLite file that is not there yet, for its owner's eyes
// alone; the files beside it take its mode.
func (d *dialecte) reserver(adresse string) error {
	if d.numerote {
		return nil
	}
	f, err := os.OpenFile(strings.TrimPrefix(adresse, "sqlite:"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// HotesEnClair lists the hosts that the address of a PostgreSQL store may be
// served from without TLS, or with a certificate that nobody verifies: the
// driver falls back on them by itself unless sslmode forbids it.
func HotesEnClair(adresse string) (hotes []string, err error) {
	c, err := pgx.ParseConfig(adresse)
	if err != nil {
		return nil, err
	}
	voir := func(hote string, t *tls.Config) {
		if t == nil || t.InsecureSkipVerify && t.VerifyPeerCertificate == nil {
			hotes = append(hotes, hote)
		}
	}
	voir(c.Host, c.TLSConfig)
	for _, f := range c.Fallbacks {
		voir(f.Host, f.TLSConfig)
	}
	return hotes, nil
}
