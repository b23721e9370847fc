package main

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"guichet.example/segur/piece"
)

// dernierOctet remembers when the last byte was taken.
type dernierOctet struct {
	io.Reader
	quand time.Time
}

func (d *dernierOctet) Read(b []byte) (int, error) {
	n, err := d.Reader.Read(b)
	if n > 0 {
		d.quand = time.Now()
	}
	return n, err
}

// mesurerCondamnee sends archives that their directory condemns, and prints how
// long after the last byte the answer came: the median of a few.
func mesurerCondamnee(p *serveurPortail, dossier string) error {
	chemin := filepath.Join(dossier, "condamnee.zip")
	if err := ecrireCondamnee(chemin); err != nil {
		return err
	}
	const fois = 5
	ds := make([]time.Duration, 0, fois)
	for range fois {
		f, err := os.Open(chemin)
		if err != nil {
			return err
		}
		r := &dernierOctet{Reader: f}
		_, err = p.appeler("PUT", "/api/v1/depots/"+p.dernier+"/pieces", "application/zip", io.NopCloser(r), http.StatusUnprocessableEntity)
		ds = append(ds, time.Since(r.quand))
		if err = errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	ligne("condemned by its directory, ms", mesure{latences: ds}.centile(50).Seconds()*1000, "≤ 5")
	return nil
}

// ecrireCondamnee makes an archive of 150 MB with one entry too many.
func ecrireCondamnee(chemin string) error {
	f, err := os.Create(chemin)
	if err != nil {
		return err
	}
	z := zip.NewWriter(f)
	for i := range piece.EntreesMax + 1 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: "x" + strconv.Itoa(i) + ".pdf", Method: zip.Store})
		if err == nil && i < 60 {
			_, err = w.Write(make([]byte, 2_500_000))
		}
		if err != nil {
			return err
		}
	}
	return errors.Join(z.Close(), f.Close())
}

// memoireDe follows what a process holds in memory until it is stopped, and
// gives the growth in MiB.
func memoireDe(pid int) (croissance func() float64) {
	depart := residente(pid)
	var plus atomic.Int64
	fin, fini := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(fini)
		for {
			plus.Store(max(plus.Load(), residente(pid)))
			select {
			case <-fin:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return func() float64 {
		close(fin)
		<-fini
		return float64(plus.Load()-depart) / 1024
	}
}

// residente is the resident memory of a process in KiB, 0 where the system
// does not tell.
func residente(pid int) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, suite, _ := strings.Cut(string(b), "VmRSS:")
	mots := strings.Fields(suite)
	if len(mots) == 0 {
		return 0
	}
	n, err := strconv.ParseInt(mots[0], 10, 64)
	if err != nil {
		return 0
	}
	return n
}
