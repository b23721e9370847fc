package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"guichet.example/segur"
)

const (
	rounds = 25                    // of each comparison in memory
	span   = 10 * time.Millisecond // of one batch
)

// memory holds what the in-memory rows share.
type memory struct {
	t        *table
	out      string
	ajv      *ajv
	santhosh work
}

// target is a limit for each order of keys.
type target [2]limit

var orders = []struct {
	order order
	name  string
}{{modelOrder, "model order"}, {shuffled, "shuffled"}}

func measureMemory(t *table, out string) (err error) {
	m := &memory{t: t, out: out}
	if m.santhosh, err = santhosh(jeu.Schema()); err != nil {
		return err
	}
	if m.ajv, err = startAjv(schemaPath(out)); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.ajv.stop()) }()
	for _, o := range orders {
		if err := m.peers(o.order, o.name); err != nil {
			return fmt.Errorf("%s: %w", o.name, err)
		}
	}
	if err := m.badLines(); err != nil {
		return err
	}
	m.allocations()
	return m.returned()
}

// verify stops the run when a peer does not take the good file, or segur
// remarks on it: times of different verdicts do not compare.
func (m *memory) verify(name string, doc []byte) error {
	if b := control(doc).Bilan(); b != (segur.Bilan{Demandes: 200, Acceptees: 200}) {
		return fmt.Errorf("segur on the good file: %+v", b)
	}
	for peer, w := range map[string]work{
		"santhosh": m.santhosh, "encoding/json": decodeV1, "json/v2": decodeV2, "token scan": tokenScan, "IsValid": isValid,
	} {
		if err := w(doc); err != nil {
			return fmt.Errorf("%s on the good file: %w", peer, err)
		}
	}
	path := filepath.Join(m.out, name+".json")
	if err := os.WriteFile(path, doc, 0o644); err != nil {
		return err
	}
	if err := m.ajv.load(name, path); err != nil {
		return err
	}
	// The first rounds also let V8 optimise.
	if _, a, err := m.ajv.run(name, 500); err != nil || !a.Valid {
		return errors.Join(err, fmt.Errorf("ajv on the good file: %s", a.First))
	}
	return nil
}

// peers compares segur with each peer on a good file.
func (m *memory) peers(o order, name string) error {
	doc := generate(spec{requests: 200, order: o})
	if err := m.verify(name, doc); err != nil {
		return err
	}
	section := fmt.Sprintf("In memory, 200 requests, %s, %d kB: peer ÷ segur", name, len(doc)/1000)
	all := inProcess("segur", doc, controlAll)
	node := &contestant{name: "ajv", batch: func(n int) (time.Duration, error) {
		d, a, err := m.ajv.run(name, n)
		if err == nil && !a.Valid {
			err = errors.New(a.First)
		}
		return d, err
	}}
	for _, x := range []struct {
		c      *contestant
		limits target
	}{
		{node, target{atLeast(6), atLeast(4)}},
		{inProcess("santhosh-tekuri/jsonschema v6, parse included", doc, m.santhosh), target{atLeast(25), atLeast(15)}},
		{inProcess("encoding/json into structs, checks nothing", doc, decodeV1), target{atLeast(8), atLeast(5)}},
		{inProcess("json/v2 into structs, checks nothing", doc, decodeV2), target{}},
		{inProcess("jsontext IsValid", doc, isValid), target{}},
	} {
		if x.c == node {
			x.c.name = "ajv compiled, allErrors, JSON.parse included"
		}
		p, err := m.compare(x.c, all)
		if err != nil {
			return err
		}
		m.t.addPair(section, x.c.name, p, x.limits[o], "")
	}
	section = fmt.Sprintf("In memory, 200 requests, %s: segur ÷ other", name)
	scan := target{atMost(1.0), atMost(1.3)}
	for _, x := range []struct {
		name  string
		a, b  work
		limit limit
	}{
		{"bare jsontext token scan", controlAll, tokenScan, scan[o]},
		{"the same, without reading facts and sentences", controlOnly, tokenScan, limit{}},
		{"the same, everything, in fresh memory", controlAllFresh, tokenScan, limit{}},
		{"with SHA-256 ÷ without", controlAndHash, controlAll, limit{}},
	} {
		p, err := m.compare(inProcess(x.name, doc, x.a), inProcess(x.name, doc, x.b))
		if err != nil {
			return err
		}
		m.t.addPair(section, x.name, p, x.limit, "")
	}
	return nil
}

func (m *memory) compare(a, b *contestant) (pair, error) {
	for _, c := range []*contestant{a, b} {
		if err := c.calibrate(span); err != nil {
			return pair{}, fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return compare(a, b, rounds)
}

// badLines compares a file with ten bad requests with the good one.
func (m *memory) badLines() error {
	const section = "In memory, 5 % bad lines ÷ good file, segur alone"
	for _, o := range orders {
		good, bad := generate(spec{requests: 200, order: o.order}), generate(spec{requests: 200, order: o.order, bad: true})
		b := control(bad).Bilan()
		if b.Demandes != 200 || b.Rejetees != 10 || b.Erreurs != 12 {
			return fmt.Errorf("segur on the bad file: %+v", b)
		}
		p, err := m.compare(inProcess("bad", bad, controlAll), inProcess("good", good, controlAll))
		if err != nil {
			return err
		}
		m.t.addPair(section, o.name, p, atMost(1.15), fmt.Sprintf("%d faults", b.Erreurs))
		p, err = m.compare(inProcess("bad", bad, controlOnly), inProcess("good", good, controlOnly))
		if err != nil {
			return err
		}
		m.t.addPair(section, o.name+", sentences unmade", p, limit{}, "")
	}
	return nil
}

// allocations counts those of one control.
func (m *memory) allocations() {
	const section = "Allocations of one control"
	count := func(n int, o order, w work) float64 {
		doc := generate(spec{requests: n, order: o})
		return testing.AllocsPerRun(50, func() {
			if err := w(doc); err != nil {
				panic(err) // verified before
			}
		})
	}
	for _, o := range orders {
		all, half := count(200, o.order, controlOnlyFresh), count(100, o.order, controlOnlyFresh)
		m.t.add(row{Section: section, Name: "200 good lines, " + o.name, Value: all, Note: "Controler and its verdict, in fresh memory"}, atMost(50))
		// A table of the whole file may double between 100 lines and 200.
		m.t.add(row{Section: section, Name: "more for 100 good lines more, " + o.name, Value: all - half, Note: "2 allowed: a set of the whole file that grows"}, atMost(2))
	}
	m.t.add(row{Section: section, Name: "200 good lines with the facts read, model order", Value: count(200, modelOrder, controlAll), Note: "text handed out is a copy"}, limit{})
}

// returned compares making the returned file with copying the received one.
func (m *memory) returned() error {
	doc := generate(spec{requests: 200})
	r := controlFresh(doc)
	numbers := make([]string, 201)
	for i := range numbers {
		numbers[i] = fmt.Sprintf("FICTIF-%06d", i)
	}
	n := segur.Numeros{ImpID: "IMP-000001", NumeroASP: func(rang int) string { return numbers[rang] }}
	if got := r.Retour(n); isValid(got) != nil || bytes.Count(got, []byte(`"0000"`)) != 200 {
		return errors.New("the returned file is not what it should be")
	}
	p, err := m.compare(
		inProcess("retour", doc, func([]byte) error { sink += len(r.Retour(n)); return nil }),
		inProcess("copy", doc, func(d []byte) error { sink += len(bytes.Clone(d)); return nil }))
	if err != nil {
		return err
	}
	m.t.addPair("The returned file, in memory", "Retour ÷ plain copy of the bytes", p, limit{}, "both allocate: mostly page faults")
	return nil
}
