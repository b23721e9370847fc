package banc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Compte counts what callers saw, over all of them.
type Compte struct {
	Envois, Faits     atomic.Int64 // attempts; calls answered 2xx
	Coupes, Pannes    atomic.Int64 // no answer; an answer 5xx without Retry-After
	Polis, Refus, Vus atomic.Int64 // 429 or 503 with Retry-After; other 4xx; readings answered
	Abandons          atomic.Int64 // calls that ended without a certain answer
}

// Appelant calls the API as a careful program does: what is not answered for
// certain is sent again, the same, under the same key.
type Appelant struct {
	Adresses []string // of portals; one is drawn for each attempt
	Compte   *Compte
	// Avant is called as an attempt leaves, with the kind of call and the
	// address that it goes to; nil = nobody.
	Avant func(genre, adresse string)
	// Patience is how long one call is tried once the context is over.
	Patience time.Duration
	// Repli is the wait before another attempt; it grows fourfold at most.
	Repli time.Duration
	HTTP  *http.Client
}

// NouvelAppelant makes a caller of portals.
func NouvelAppelant(adresses ...string) *Appelant {
	return &Appelant{Adresses: adresses, Compte: &Compte{}, Patience: 90 * time.Second, Repli: 30 * time.Millisecond,
		HTTP: &http.Client{Timeout: 50 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64, IdleConnTimeout: time.Second}}}
}

// appel is one call to make.
type appel struct {
	genre, methode, chemin string
	type_, cle, jeton      string
	corps                  []byte
}

// reponse is a certain answer.
type reponse struct {
	statut int
	corps  []byte
}

func (r reponse) fait() bool { return r.statut/100 == 2 }

// errIncertain is the error of a call without a certain answer.
var errIncertain = errors.New("no certain answer")

// appeler makes a call until its answer is certain. When the context ends it
// begins nothing new, and goes on with what may have been done already.
func (a *Appelant) appeler(ctx context.Context, q appel) (reponse, error) {
	if ctx.Err() != nil {
		return reponse{}, errIncertain
	}
	// What was sent may have been done: its outcome is asked for after the end.
	patient, annuler := context.WithCancel(context.WithoutCancel(ctx))
	defer annuler()
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(a.Patience):
			annuler()
		case <-patient.Done():
		}
	})
	defer stop()
	repli := a.Repli
	for patient.Err() == nil {
		r, retour, err := a.une(patient, q)
		if err == nil && retour == 0 {
			return r, nil
		}
		if retour > repli {
			repli = retour
		}
		select {
		case <-time.After(repli/2 + rand.N(repli)):
		case <-patient.Done():
		}
		repli = min(2*repli, 4*a.Repli)
	}
	a.Compte.Abandons.Add(1)
	return reponse{}, errIncertain
}

// une makes one attempt; retour is how long to wait before another, 0 when the
// answer is certain.
func (a *Appelant) une(ctx context.Context, q appel) (r reponse, retour time.Duration, err error) {
	adresse := a.Adresses[rand.N(len(a.Adresses))]
	h, err := http.NewRequestWithContext(ctx, q.methode, "http://"+adresse+"/api/v1"+q.chemin, bytes.NewReader(q.corps))
	if err != nil {
		return r, 0, err
	}
	h.Header.Set("Authorization", "Bearer "+q.jeton)
	if q.type_ != "" {
		h.Header.Set("Content-Type", q.type_)
	}
	if q.cle != "" {
		h.Header.Set("Idempotency-Key", q.cle)
	}
	a.Compte.Envois.Add(1)
	if a.Avant != nil {
		a.Avant(q.genre, adresse)
	}
	x, err := a.HTTP.Do(h)
	if err == nil {
		r.statut = x.StatusCode
		r.corps, err = io.ReadAll(x.Body)
		err = errors.Join(err, x.Body.Close())
	}
	return r, a.juger(q, r, x, err), err
}

// juger counts an attempt, and tells how long to wait before another.
func (a *Appelant) juger(q appel, r reponse, x *http.Response, err error) time.Duration {
	switch {
	case err != nil:
		a.Compte.Coupes.Add(1)
		return a.Repli
	case (r.statut == http.StatusTooManyRequests || r.statut == http.StatusServiceUnavailable) && x.Header.Get("Retry-After") != "":
		a.Compte.Polis.Add(1)
		return 4 * a.Repli
	case r.statut >= 500:
		a.Compte.Pannes.Add(1)
		return a.Repli
	case r.fait() && q.methode == http.MethodGet:
		a.Compte.Vus.Add(1)
	case r.fait():
		a.Compte.Faits.Add(1)
	default:
		a.Compte.Refus.Add(1)
	}
	return 0
}

// Suite gives numbers that nobody else has.
type Suite struct {
	mu sync.Mutex
	n  map[string]int
}

// suivant is the next number of a name, from 1.
func (s *Suite) suivant(nom string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.n == nil {
		s.n = map[string]int{}
	}
	s.n[nom]++
	return s.n[nom]
}

// cle is an Idempotency-Key of nobody else.
func cle() string { return fmt.Sprintf("%016x%016x", rand.Uint64(), rand.Uint64()) }
