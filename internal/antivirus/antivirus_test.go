package antivirus

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// faux is a server that answers as told, on the loopback.
func faux(t *testing.T, parler func(net.Conn)) *Client {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var attente sync.WaitGroup
	attente.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			attente.Go(func() { defer c.Close(); parler(c) })
		}
	})
	t.Cleanup(func() { l.Close(); attente.Wait() })
	c, err := Ouvrir("tcp://" + l.Addr().String() + "?delai=2s")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// lireFlux reads what INSTREAM sends, as clamd does.
func lireFlux(r io.Reader) (doc []byte, err error) {
	ordre := make([]byte, len("zINSTREAM\x00"))
	if _, err := io.ReadFull(r, ordre); err != nil || string(ordre) != "zINSTREAM\x00" {
		return nil, errors.Join(err, errors.New("not INSTREAM"))
	}
	for {
		var n [4]byte
		if _, err := io.ReadFull(r, n[:]); err != nil {
			return doc, err
		}
		k := binary.BigEndian.Uint32(n[:])
		if k == 0 {
			return doc, nil
		}
		b := make([]byte, k)
		if _, err := io.ReadFull(r, b); err != nil {
			return doc, err
		}
		doc = append(doc, b...)
	}
}

func TestAnswersAreRead(t *testing.T) {
	for reponse, cas := range map[string]struct {
		v       Verdict
		attendu string // of the error
	}{
		"stream: OK\x00":                          {v: Verdict{Etat: Propre}},
		"stream: Eicar-Test-Signature FOUND\x00":  {v: Verdict{Infectee, "Eicar-Test-Signature"}},
		"stream: a\nb\x1b[31m FOUND\x00":          {v: Verdict{Infectee, "a.b.[31m"}},
		"INSTREAM size limit exceeded. ERROR\x00": {attendu: "StreamMaxLength"},
		"stream: Can't allocate memory ERROR\x00": {attendu: "n’a pas pu analyser"},
		"UNKNOWN COMMAND\x00":                     {attendu: "incompréhensible"},
		"stream: \x00":                            {attendu: "incompréhensible"},
		"stream:  FOUND\x00":                      {attendu: "incompréhensible"},
		"OK\x00":                                  {attendu: "incompréhensible"},
		"autre: OK\x00":                           {attendu: "incompréhensible"},
		"stream: OK":                              {attendu: "avant la fin"},
		"":                                        {attendu: "avant la fin"},
		"stream: " + strings.Repeat("x", 10_000):  {attendu: "trop longue"},
		"stream: OK ERROR\x00":                    {attendu: "n’a pas pu analyser"},
		"HTTP/1.1 400 Bad Request\r\nServer: web\r\n\r\n\x00": {attendu: "incompréhensible"},
	} {
		c := faux(t, func(conn net.Conn) {
			if _, err := lireFlux(conn); err == nil {
				_, _ = io.WriteString(conn, reponse)
			}
		})
		v, err := c.Analyser(t.Context(), strings.NewReader("document"))
		if v != cas.v || (err == nil) != (cas.attendu == "") || err != nil && !strings.Contains(err.Error(), cas.attendu) {
			t.Errorf("%.40q: got %+v, %v", reponse, v, err)
		}
	}
}

func TestDocumentArrivesWhole(t *testing.T) {
	for _, n := range []int{0, 1, tranche - 1, tranche, tranche + 1, 3*tranche + 7} {
		doc := bytes.Repeat([]byte{0, 1, 2, 3, 4, 5, 6}, n/7+1)[:n]
		recu := make(chan []byte, 1)
		c := faux(t, func(conn net.Conn) {
			b, _ := lireFlux(conn)
			recu <- b
			_, _ = io.WriteString(conn, "stream: OK\x00")
		})
		if v, err := c.Analyser(t.Context(), bytes.NewReader(doc)); err != nil || v.Etat != Propre {
			t.Errorf("%d bytes: %+v, %v", n, v, err)
		}
		if !bytes.Equal(<-recu, doc) {
			t.Errorf("%d bytes: others arrive", n)
		}
	}
}

// clamd that refuses the size answers and closes while bytes still come.
func TestEarlyRefusalOfSizeIsHeard(t *testing.T) {
	c := faux(t, func(conn net.Conn) {
		_, _ = io.CopyN(io.Discard, conn, 1<<20)
		_, _ = io.WriteString(conn, "INSTREAM size limit exceeded. ERROR\x00")
		// Read on, so that closing does not reset the line over the answer.
		_, _ = io.Copy(io.Discard, conn)
	})
	v, err := c.Analyser(t.Context(), bytes.NewReader(make([]byte, 4<<20)))
	if !errors.Is(err, ErrTaille) || v != (Verdict{}) {
		t.Errorf("%+v, %v", v, err)
	}
}

// "OK" said before the end of the document is about another document.
func TestEarlyOKIsNoVerdict(t *testing.T) {
	c := faux(t, func(conn net.Conn) {
		_, _ = io.WriteString(conn, "stream: OK\x00")
		conn.(*net.TCPConn).SetLinger(0)
	})
	if v, err := c.Analyser(t.Context(), &lent{n: 200}); err == nil || v != (Verdict{}) {
		t.Errorf("%+v, %v", v, err)
	}
}

// lent gives blocks one by one, long enough for a closed line to be noticed.
type lent struct{ n int }

func (l *lent) Read(p []byte) (int, error) {
	if l.n == 0 {
		return 0, io.EOF
	}
	l.n--
	return len(p), nil
}

var errDisque = errors.New("disk error")

func TestErrorOfTheDocumentConcludesNothing(t *testing.T) {
	fin := make(chan error, 1)
	c := faux(t, func(conn net.Conn) {
		_, err := lireFlux(conn)
		fin <- err
		_, _ = io.WriteString(conn, "stream: OK\x00")
	})
	v, err := c.Analyser(t.Context(), io.MultiReader(strings.NewReader("half"), enPanne{}))
	if !errors.Is(err, errDisque) || v != (Verdict{}) {
		t.Errorf("%+v, %v", v, err)
	}
	if err := <-fin; err == nil {
		t.Error("clamd was told that the document was whole")
	}
}

type enPanne struct{}

func (enPanne) Read([]byte) (int, error) { return 0, errDisque }

func TestSilentEngineIsLeft(t *testing.T) {
	entre := make(chan bool, 2)
	c := faux(t, func(conn net.Conn) {
		entre <- true
		_, _ = io.Copy(io.Discard, conn)
	})
	c.delai = 100 * time.Millisecond
	if _, err := c.Analyser(t.Context(), strings.NewReader("x")); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "à temps") {
		t.Errorf("delay: %v", err)
	}
	<-entre
	c.delai = time.Minute
	ctx, fin := context.WithCancel(t.Context())
	go func() { <-entre; fin() }()
	if err := c.Ping(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestAbsentEngineIsAnError(t *testing.T) {
	c, err := Ouvrir("unix://" + t.TempDir() + "/clamd.ctl")
	if err != nil {
		t.Fatal(err)
	}
	if v, err := c.Analyser(t.Context(), strings.NewReader("x")); err == nil || v != (Verdict{}) {
		t.Errorf("%+v, %v", v, err)
	}
	if err := c.Ping(t.Context()); err == nil || !strings.Contains(err.Error(), "ne répond pas") {
		t.Errorf("%v", err)
	}
}

func TestPingAndVersionKnowClamd(t *testing.T) {
	bon := faux(t, func(conn net.Conn) {
		b := make([]byte, 10)
		n, _ := conn.Read(b)
		_, _ = io.WriteString(conn, map[string]string{"zPING\x00": "PONG\x00", "zVERSION\x00": "ClamAV 1.0.7/27000/Mon Jul  3 2023\x00"}[string(b[:n])])
	})
	if err := bon.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	if v, err := bon.Version(t.Context()); err != nil || v != "ClamAV 1.0.7/27000/Mon Jul  3 2023" {
		t.Errorf("%q, %v", v, err)
	}
	autre := faux(t, func(conn net.Conn) { _, _ = io.WriteString(conn, "220 smtp\r\n\x00") })
	if err := autre.Ping(t.Context()); !errors.Is(err, ErrReponse) {
		t.Errorf("%v", err)
	}
	if v, err := autre.Version(t.Context()); !errors.Is(err, ErrReponse) || v != "" {
		t.Errorf("%q, %v", v, err)
	}
}

func TestSettings(t *testing.T) {
	for s, adresse := range map[string]string{
		"unix:///run/clamav/clamd.ctl": "/run/clamav/clamd.ctl", "tcp://127.0.0.1:3311": "127.0.0.1:3311", "tcp://clamd": "clamd:3310", "tcp://[::1]?delai=5s": "[::1]:3310",
	} {
		if c, err := Ouvrir(s); err != nil || c.adresse != adresse {
			t.Errorf("%s: %+v, %v", s, c, err)
		}
	}
	for _, s := range []string{"", "clamd", "/run/clamd.ctl", "unix://relatif", "tcp://", "tcp://h/x", "http://h", "tcp://h?delai=x", "tcp://h?delai=1ms", "tcp://h?autre=1", "tcp://h?delai=1s&delai=2s", "tcp://\x7f"} {
		if _, err := Ouvrir(s); err == nil {
			t.Errorf("%q passes", s)
		}
	}
}

func FuzzVerdict(f *testing.F) {
	for _, s := range []string{"stream: OK", "stream: X FOUND", "ERROR", "stream: OK FOUND"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := verdict(s)
		if (err == nil) == (v == Verdict{}) {
			t.Fatalf("%q: %+v, %v", s, v, err)
		}
		if v.Etat == Propre && s != "stream: OK" {
			t.Fatalf("%q is clean", s)
		}
	})
}
