// Package fautes lets things fail under whole portals at work, on both
// databases: processes killed at the worst moment, engines cut, hanging or
// full, the time stepping back. After each kind of fault the store is held
// against what callers were told.
//
// Start at [Courir]. `make faults` plays it whole; the tests of cmd/guichet a
// short piece of it. Never imported by the product.
package fautes

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"guichet.example/e2e/banc"
)

// Plan is how much is played.
type Plan struct {
	Programme  string        // the test program of cmd/guichet, which is the portal with a clock that can be moved
	Versitygw  string        // the S3 server; "" = PostgreSQL is played with a folder
	Morts      int           // kills of each kind of act, on each database
	Fois       int           // how often each other fault comes, on each database
	Duree      time.Duration // how long each other fault lasts
	Bases      []string      // "sqlite", "postgres"
	Accessoire bool          // mail and scanner run too, and fail
	UneFois    bool          // work drains once, at the end of each database, instead of after each fault
	Journal    io.Writer     // what goes on, for those who wait
}

// Ligne is what became of one kind of fault.
type Ligne struct {
	Base, Faute      string
	Fois             int
	Reconnus         int // acts acknowledged while it was played
	Perdus, Doubles  int
	Mordus           int // calls that ran into the fault, where the bench stands between; else 0
	Polis            int // attempts answered 429 or 503 with Retry-After
	Coupes           int // attempts without an answer, or answered 5xx
	Ecarts           []string
	Restes, Demandes int
	EnAttente, Morts int
	Duree            time.Duration
}

// Bonne tells whether nothing is lost or doubled, everything agrees and no
// work is left.
func (l *Ligne) Bonne() bool {
	return l.Perdus+l.Doubles+len(l.Ecarts)+l.EnAttente+l.Morts == 0
}

// Courir plays the plan. Its error is one of the bench; what the faults did is
// in the lines.
func Courir(ctx context.Context, p Plan) (ls []Ligne, err error) {
	for _, base := range p.Bases {
		l, err := p.surBase(ctx, base)
		if ls = append(ls, l...); err != nil {
			return ls, fmt.Errorf("%s: %w", base, err)
		}
	}
	return ls, nil
}

func (p *Plan) surBase(ctx context.Context, base string) (ls []Ligne, err error) {
	b, err := banc.Nouveau()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.Fermer()) }()
	x, err := p.monter(ctx, b, base)
	if err != nil {
		return nil, err
	}
	ss := x.scenes()
	for i, s := range ss {
		l, err := x.jouer(ctx, s, !p.UneFois || i == len(ss)-1)
		if err != nil {
			return ls, fmt.Errorf("%s: %w", s.nom, err)
		}
		fmt.Fprintf(p.Journal, "%s, %s : %d fois, %d actes reconnus, %d perdus, %d doublés, en %s\n", l.Base, l.Faute, l.Fois, l.Reconnus, l.Perdus, l.Doubles, l.Duree.Round(time.Millisecond))
		ls = append(ls, l)
	}
	return ls, nil
}

// Table prints the lines, and whether all is well.
func Table(w io.Writer, ls []Ligne) (bonne bool) {
	bonne = true
	fmt.Fprintf(w, "\n%-9s %-42s %5s %9s %7s %8s %8s %7s %7s %7s %8s\n", "base", "faute", "fois", "reconnus", "perdus", "doublés", "écarts", "mordus", "polis", "coupés", "restes")
	var s Ligne
	for i := range ls {
		l := &ls[i]
		mordus := "-"
		if l.Mordus > 0 {
			mordus = strconv.Itoa(l.Mordus)
		}
		fmt.Fprintf(w, "%-9s %-42s %5d %9d %7d %8d %8d %7s %7d %7d %8d\n", l.Base, l.Faute, l.Fois, l.Reconnus, l.Perdus, l.Doubles, len(l.Ecarts), mordus, l.Polis, l.Coupes, l.Restes)
		s.Fois, s.Reconnus, s.Perdus, s.Doubles, s.Polis, s.Coupes = s.Fois+l.Fois, s.Reconnus+l.Reconnus, s.Perdus+l.Perdus, s.Doubles+l.Doubles, s.Polis+l.Polis, s.Coupes+l.Coupes
		s.Ecarts = append(s.Ecarts, l.Ecarts...)
		bonne = bonne && l.Bonne()
	}
	fmt.Fprintf(w, "%-9s %-42s %5d %9d %7d %8d %8d %7s %7d %7d\n", "", "en tout", s.Fois, s.Reconnus, s.Perdus, s.Doubles, len(s.Ecarts), "", s.Polis, s.Coupes)
	for i := range ls {
		l := &ls[i]
		if l.EnAttente+l.Morts > 0 {
			fmt.Fprintf(w, "%s, %s : %d travaux en attente, %d abandonnés\n", l.Base, l.Faute, l.EnAttente, l.Morts)
		}
		for _, e := range l.Ecarts[:min(len(l.Ecarts), 20)] {
			fmt.Fprintf(w, "%s, %s : %s\n", l.Base, l.Faute, e)
		}
	}
	return bonne
}

// genres are the kinds of acts in whose middle portals are killed.
func genres() []string {
	return []string{banc.GenreDepot, banc.GenreEnvoi, banc.GenreActe, banc.GenreDecision, banc.GenreLot}
}
