package main

import (
	"runtime"
	"slices"
	"time"
)

// contestant takes a batch of n rounds and says how long they took.
type contestant struct {
	name  string
	batch func(n int) (time.Duration, error)
	n     int // rounds of one batch, set by calibrate
}

// inProcess is a contestant of this process.
func inProcess(name string, doc []byte, w work) *contestant {
	return &contestant{name: name, batch: func(n int) (time.Duration, error) {
		runtime.GC() // the last one's garbage is not this one's cost
		start := time.Now()
		for range n {
			if err := w(doc); err != nil {
				return 0, err
			}
		}
		return time.Since(start), nil
	}}
}

// calibrate warms the contestant up and sets how many rounds fill span.
func (c *contestant) calibrate(span time.Duration) error {
	c.n = 1
	for {
		d, err := c.batch(c.n)
		if err != nil {
			return err
		}
		if d >= span/2 || c.n > 1<<20 {
			c.n = max(1, int(float64(c.n)*float64(span)/float64(max(d, 1))))
			return nil
		}
		c.n *= 2
	}
}

// one returns the time of one round, in nanoseconds.
func (c *contestant) one() (float64, error) {
	d, err := c.batch(c.n)
	return float64(d) / float64(c.n), err
}

// pair is what a comparison gave: the median over rounds of time(a)/time(b),
// with the quartiles, the same of the fastest of each, and the median times.
type pair struct {
	Ratio, Low, High float64
	Best             float64 // min(a)/min(b): what a busy machine disturbs least
	A, B             float64 // ns
}

// newPair sums up rounds; as[i] and bs[i] were measured one after the other.
func newPair(as, bs []float64) pair {
	ratios := make([]float64, len(as))
	for i := range as {
		ratios[i] = as[i] / bs[i]
	}
	return pair{
		Ratio: quantile(ratios, 2), Low: quantile(ratios, 1), High: quantile(ratios, 3),
		Best: slices.Min(as) / slices.Min(bs),
		A:    quantile(as, 2), B: quantile(bs, 2),
	}
}

// compare measures a against b in turn, which of them goes first alternating.
// A ratio compares two batches that ran one right after the other, so that
// what else the machine does falls on both.
func compare(a, b *contestant, rounds int) (pair, error) {
	var as, bs []float64
	for i := range rounds {
		first, second := a, b
		if i%2 == 1 {
			first, second = b, a
		}
		x, err := first.one()
		if err != nil {
			return pair{}, err
		}
		y, err := second.one()
		if err != nil {
			return pair{}, err
		}
		if i%2 == 1 {
			x, y = y, x
		}
		as, bs = append(as, x), append(bs, y)
	}
	return newPair(as, bs), nil
}

// quantile is the k-th quartile.
func quantile(values []float64, k int) float64 {
	v := slices.Sorted(slices.Values(values))
	at := float64(k) / 4 * float64(len(v)-1)
	i := int(at)
	if i+1 >= len(v) {
		return v[len(v)-1]
	}
	return v[i] + (at-float64(i))*(v[i+1]-v[i])
}

// line fits y = slope·x + start by least squares and returns the greatest
// distance of a point from it.
func line(xs, ys []float64) (slope, start, worst float64) {
	n := float64(len(xs))
	var sx, sy, sxx, sxy float64
	for i, x := range xs {
		sx, sy, sxx, sxy = sx+x, sy+ys[i], sxx+x*x, sxy+x*ys[i]
	}
	slope = (n*sxy - sx*sy) / (n*sxx - sx*sx)
	start = (sy - slope*sx) / n
	for i, x := range xs {
		worst = max(worst, abs(ys[i]-slope*x-start))
	}
	return slope, start, worst
}

func abs(x float64) float64 { return max(x, -x) }
