package main

import (
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// suspectsMax is how many lines a minute what looks like an attack may write:
// whoever attacks must not fill the disk with it.
const suspectsMax = 60

// suspects tells the log what looks like an attack. Safe for concurrent use.
type suspects struct {
	trace   *slog.Logger
	horloge func() time.Time

	mu     sync.Mutex
	minute time.Time
	dits   int
	tus    int // since the last line
}

// dire writes one line: why, and the request, never who made it. Beyond
// suspectsMax a minute it counts, and the next line says how many were left out.
func (s *suspects) dire(r *http.Request, motif string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.horloge().Truncate(time.Minute); !m.Equal(s.minute) {
		s.minute, s.dits = m, 0
	}
	if s.dits >= suspectsMax {
		s.tus++
		return
	}
	s.dits++
	s.trace.Warn("suspect", "id", r.Header.Get(enteteRequete), "method", methodeDe(r), "route", r.Pattern, "reason", motif, "left_out", s.tus)
	s.tus = 0
}
