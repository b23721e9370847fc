package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A call that left for a portal that was being stopped was once cut: its
// connection was made by the kernel and not accepted yet when the listener
// closed. Whoever gets a connection now gets an answer; others are refused.
func TestAStopCutsNoCall(t *testing.T) {
	t.Parallel()
	p := nouveauLieu(t).ouvrirEn(t)
	ctx, arreter := context.WithCancel(t.Context())
	l, err := ecouter(ctx, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	fin := make(chan error, 1)
	go func() {
		fin <- p.servirSur(ctx, l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	}()
	var repondus, coupes atomic.Int64
	var groupe sync.WaitGroup
	for range 24 {
		groupe.Go(func() {
			for {
				c, err := net.DialTimeout("tcp", l.Addr().String(), 5*time.Second)
				if err != nil {
					return // refused before anything was sent
				}
				if err := poster(c); err != nil {
					coupes.Add(1)
					t.Log(err)
				} else {
					repondus.Add(1)
				}
			}
		})
	}
	for limite := time.Now().Add(10 * time.Second); repondus.Load() < 500 && time.Now().Before(limite); {
		time.Sleep(time.Millisecond)
	}
	arreter()
	if err := <-fin; err != nil {
		t.Error(err)
	}
	groupe.Wait()
	if n, c := repondus.Load(), coupes.Load(); n < 500 || c > 0 {
		t.Errorf("%d calls answered, %d cut", n, c)
	}
}

// poster sends a call that no client may send twice, on a connection of its own.
func poster(c net.Conn) error {
	defer func() { _ = c.Close() }() // the answer is read, or was not to be had
	if _, err := fmt.Fprint(c, "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx"); err != nil {
		return err
	}
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return err
	}
	return r.Body.Close()
}
