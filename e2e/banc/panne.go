package banc

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
)

// Mode is what a line does with connections.
type Mode int32

// What a line can do.
const (
	Passe  Mode = iota // carries everything
	Coupe              // refuses, and cuts what is open
	Muette             // takes everything and says nothing: a peer that hangs
	Erreur             // answers each HTTP request with a 500
)

// Ligne stands in front of a real server and fails on order.
type Ligne struct {
	Adresse string
	cible   string
	mode    atomic.Int32
	mordus  atomic.Int64
	mu      sync.Mutex
	ouverts map[net.Conn]bool
}

// Ligne opens a line to a TCP server.
func (b *Banc) Ligne(cible string) (*Ligne, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	x := &Ligne{Adresse: l.Addr().String(), cible: cible, ouverts: map[net.Conn]bool{}}
	b.Finir(func() error { x.Regler(Coupe); return l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go x.porter(c)
		}
	}()
	return x, nil
}

// Regler changes what the line does; what is open is cut, so that the change
// holds for everybody.
func (x *Ligne) Regler(m Mode) {
	x.mode.Store(int32(m))
	x.mu.Lock()
	defer x.mu.Unlock()
	for c := range x.ouverts {
		_ = c.Close() // a cut is what was asked for
	}
}

// Mordus counts the calls that ran into a failure of the line: refused, left
// without an answer or answered with a 500.
func (x *Ligne) Mordus() int { return int(x.mordus.Load()) }

func (x *Ligne) suivre(c net.Conn) func() {
	x.mu.Lock()
	x.ouverts[c] = true
	x.mu.Unlock()
	return func() {
		x.mu.Lock()
		delete(x.ouverts, c)
		x.mu.Unlock()
		_ = c.Close() // the end of the line
	}
}

func (x *Ligne) porter(c net.Conn) {
	defer x.suivre(c)()
	switch Mode(x.mode.Load()) {
	case Coupe:
		x.mordus.Add(1)
	case Muette:
		if _, err := c.Read(make([]byte, 1)); err == nil {
			x.mordus.Add(1)
			_, _ = io.Copy(io.Discard, c) // until it is cut
		}
	case Erreur:
		b := make([]byte, 64<<10)
		if n, err := c.Read(b); err != nil || n == 0 {
			return
		}
		x.mordus.Add(1)
		// Whatever was asked, one answer and the end of the connection.
		_, _ = io.WriteString(c, "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	case Passe:
		s, err := net.Dial("tcp", x.cible)
		if err != nil {
			return
		}
		fin := x.suivre(s)
		go func() {
			_, _ = io.Copy(s, c) // a cut ends it
			fin()
		}()
		_, _ = io.Copy(c, s) // a cut ends it
		fin()
	}
}

// Disque makes a folder, at chemin or under a name of its own when that is "",
// a small disk that can be full without harm to anybody else. Only root can; ok
// tells whether it is one.
func (b *Banc) Disque(chemin string, octets int) (dossier string, ok bool) {
	var err error
	if chemin == "" {
		if chemin, err = os.MkdirTemp("", "disque"); err != nil {
			return "", false
		}
		b.Finir(func() error { return os.RemoveAll(chemin) })
	} else if os.MkdirAll(chemin, 0o700) != nil {
		return "", false
	}
	if os.Getuid() != 0 || syscall.Mount("tmpfs", chemin, "tmpfs", 0, fmt.Sprintf("size=%d,mode=1777", octets)) != nil {
		return "", false
	}
	b.Finir(func() error { return syscall.Unmount(chemin, syscall.MNT_DETACH) })
	return chemin, true
}

// Remplir takes what is left of a disk until vider is called.
func Remplir(disque string) (vider func() error, err error) {
	lest := filepath.Join(disque, "lest")
	f, err := os.Create(lest)
	if err != nil {
		return nil, err
	}
	bloc := make([]byte, 1<<20)
	for taille := len(bloc); taille > 0; {
		if _, err := f.Write(bloc[:taille]); err != nil {
			taille /= 2 // full but for less
		}
	}
	return func() error { return errors.Join(f.Close(), os.Remove(lest)) }, nil
}
