package web

import (
	"time"

	"guichet.example/internal/guichet"
)

// attenteTour is how long a visitor waits for a turn.
const attenteTour = 10 * time.Second

// tour takes a place among the few who may do costly work at once, and gives
// what leaves it. Without one in time the visitor is asked to come back.
func (v *visite) tour(places chan struct{}) (rendre func(), err error) {
	montre := time.NewTimer(attenteTour)
	defer montre.Stop()
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	case <-montre.C:
		return nil, refus(guichet.Indisponible, "Trop de personnes demandent cela en même temps. Réessayez dans quelques secondes.")
	case <-v.r.Context().Done():
		return nil, v.r.Context().Err()
	}
}
