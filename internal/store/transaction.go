package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// executeur is what a transaction and a connection share.
type executeur interface {
	ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, q string, args ...any) *sql.Row
}

// transaction implements [guichet.Tx]. The writer's keeps its statements from
// one transaction to the next.
type transaction struct {
	ctx          context.Context
	d            *dialecte
	z            *compresseur
	q            executeur
	instructions map[string]*sql.Stmt
	preparer     func(context.Context, string) (*sql.Stmt, error)
}

var _ guichet.Tx = (*transaction)(nil)

// instructionsMax bounds the statements that the writer keeps.
const instructionsMax = 500

// instruction finds a statement prepared before, or prepares it; nil when the
// transaction keeps none.
func (t *transaction) instruction(q string) (*sql.Stmt, error) {
	if t.instructions == nil || t.d.numerote { // pgx keeps statements by itself
		return nil, nil
	}
	if s := t.instructions[q]; s != nil {
		return s, nil
	}
	if len(t.instructions) >= instructionsMax { // a text made of a list of any length
		return nil, nil
	}
	s, err := t.preparer(t.ctx, q)
	if err == nil {
		t.instructions[q] = s
	}
	return s, err
}

func (t *transaction) executer(q string, args ...any) (int64, error) {
	s, err := t.instruction(q) //nolint:sqlclosecheck // kept for the next transaction
	if err != nil {
		return 0, fmt.Errorf("%.60s: %w", q, err)
	}
	var r sql.Result
	if s != nil {
		r, err = s.ExecContext(t.ctx, args...)
	} else {
		r, err = t.q.ExecContext(t.ctx, t.d.texte(q), args...)
	}
	if err != nil {
		if doublon(err) {
			err = fmt.Errorf("%w: %w", guichet.ErrDoublon, err)
		}
		return 0, fmt.Errorf("%.60s: %w", q, err)
	}
	return r.RowsAffected()
}

// changer updates one row; its error wraps ErrAbsent when it is not there.
func (t *transaction) changer(q string, args ...any) error {
	n, err := t.executer(q, args...)
	if err == nil && n == 0 {
		err = guichet.ErrAbsent
	}
	return err
}

// introuvable tells a text that no column holds, in what a caller looks for:
// PostgreSQL fails on it, where there is only nothing to find.
func introuvable(q string, args []any) bool {
	return strings.HasPrefix(q, "SELECT") && slices.ContainsFunc(args, func(a any) bool {
		s, ok := a.(string)
		return ok && (strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s))
	})
}

// un reads one row into dest; its error wraps ErrAbsent when there is none.
func (t *transaction) un(q string, args []any, dest ...any) error {
	if introuvable(q, args) {
		return guichet.ErrAbsent
	}
	var r *sql.Row
	s, err := t.instruction(q) //nolint:sqlclosecheck // kept for the next transaction
	switch {
	case err != nil:
		return fmt.Errorf("%.60s: %w", q, err)
	case s != nil:
		r = s.QueryRowContext(t.ctx, args...)
	default:
		r = t.q.QueryRowContext(t.ctx, t.d.texte(q), args...)
	}
	err = r.Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return guichet.ErrAbsent
	}
	if err != nil {
		return fmt.Errorf("%.60s: %w", q, err)
	}
	return nil
}

// tous reads all rows; lire scans one.
func (t *transaction) tous(q string, args []any, lire func(scan func(...any) error) error) error {
	if introuvable(q, args) {
		return nil
	}
	s, err := t.instruction(q) //nolint:sqlclosecheck // kept for the next transaction
	if err != nil {
		return fmt.Errorf("%.60s: %w", q, err)
	}
	var rs *sql.Rows
	if s != nil {
		rs, err = s.QueryContext(t.ctx, args...)
	} else {
		rs, err = t.q.QueryContext(t.ctx, t.d.texte(q), args...)
	}
	if err != nil {
		return fmt.Errorf("%.60s: %w", q, err)
	}
	defer func() { _ = rs.Close() }() // Err tells what went wrong
	for rs.Next() {
		if err := lire(rs.Scan); err != nil {
			return fmt.Errorf("%.60s: %w", q, err)
		}
	}
	return rs.Err()
}

// parInsertion is how many rows one statement inserts: a fixed number, so that
// few statements are prepared.
const parInsertion = 40

// inserer adds rows, many to a statement. suite comes behind the values.
func (t *transaction) inserer(table, colonnes, suite string, rangs [][]any) error {
	if suite == "" && len(rangs) >= parInsertion {
		if fait, err := t.copier(table, colonnes, rangs); fait {
			return err
		}
	}
	tete := t.d.insere + table + " (" + colonnes + ") VALUES "
	f := t.d.formeRangs(rangs, strings.Count(colonnes, ",")+1)
	for _, k := range []int{parInsertion, 1} {
		if len(rangs) < k {
			continue
		}
		for q := tete + f.texte(k) + suite; len(rangs) >= k; rangs = rangs[k:] {
			if _, err := t.executer(q, f.arguments(rangs[:k])...); err != nil {
				return err
			}
		}
	}
	return nil
}

// copier adds rows by the copy protocol of PostgreSQL, which costs the engine
// much less than statements; fait is false where there is none.
func (t *transaction) copier(table, colonnes string, rangs [][]any) (fait bool, err error) {
	c, ok := t.q.(*sql.Conn)
	if !ok || !t.d.numerote {
		return false, nil
	}
	err = c.Raw(func(pilote any) error {
		p, ok := pilote.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("copy: the driver is a %T", pilote)
		}
		_, err := p.Conn().CopyFrom(t.ctx, pgx.Identifier{table}, strings.Split(colonnes, ", "), pgx.CopyFromRows(rangs))
		return err
	})
	if doublon(err) {
		err = fmt.Errorf("%w: %w", guichet.ErrDoublon, err)
	}
	return true, err
}

// parmi spells "IN (?, ?, …)" for values.
func parmi[T any](vs []T) (string, []any) {
	args := make([]any, len(vs))
	for i, v := range vs {
		args[i] = v
	}
	return "IN (" + strings.TrimSuffix(strings.Repeat("?,", len(vs)), ",") + ")", args
}

// parLecture bounds the values of one "IN".
const parLecture = 500

// forme of instants in the store: they sort as texts.
const formeInstant = "2006-01-02T15:04:05.000000Z"

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(formeInstant)
}

func lireInstant(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	return time.Parse(formeInstant, s)
}

func jour(j segur.Jour) string {
	if j.Nul() {
		return ""
	}
	return j.ISO()
}

func lireJour(s string) (segur.Jour, error) {
	if s == "" {
		return segur.Jour{}, nil
	}
	return segur.LireJour(s)
}

// texteJSON spells a value of our own types, which JSON always can.
func texteJSON(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// lectures collects the errors of reading texts back.
type lectures struct{ err error }

func (l *lectures) instant(s string) time.Time {
	t, err := lireInstant(s)
	l.err = errors.Join(l.err, err)
	return t
}

func (l *lectures) jour(s string) segur.Jour {
	j, err := lireJour(s)
	l.err = errors.Join(l.err, err)
	return j
}

func (l *lectures) json(s string, v any) {
	l.err = errors.Join(l.err, json.Unmarshal([]byte(s), v))
}
