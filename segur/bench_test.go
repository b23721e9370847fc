package segur

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// The comparison with peers is in bench/; these are for working on the engine.
func BenchmarkControler(b *testing.B) {
	j := jeuAvance()
	doc := j.Exemple(200)
	mauvais := bytes.Replace(doc, []byte("708.33"), []byte("708.3"), 10)
	for nom, d := range map[string][]byte{"bon": doc, "5 % de fautes": mauvais} {
		b.Run(nom, func(b *testing.B) {
			b.SetBytes(int64(len(d)))
			b.ReportAllocs()
			for b.Loop() {
				r := j.Controler(d, JourExemple, Options{})
				for dem := range r.Demandes() {
					for k := range dem.Constats() {
						_ = k
					}
				}
			}
		})
	}
	var m Memoire
	b.Run("mémoire reprise", func(b *testing.B) {
		b.SetBytes(int64(len(doc)))
		b.ReportAllocs()
		for b.Loop() {
			j.Controler(doc, JourExemple, Options{Memoire: &m})
		}
	})
	desordre := melanger(b, doc)
	b.Run("désordre", func(b *testing.B) {
		b.SetBytes(int64(len(desordre)))
		b.ReportAllocs()
		for b.Loop() {
			if j.Controler(desordre, JourExemple, Options{Memoire: &m}).Verdict() != Accepte {
				b.Fatal("refused")
			}
		}
	})
	b.Run("sans raccourci", func(b *testing.B) {
		b.SetBytes(int64(len(doc)))
		for b.Loop() {
			j.controlerSansRaccourci(doc)
		}
	})
	b.Run("jetons jsontext", func(b *testing.B) {
		b.SetBytes(int64(len(doc)))
		for b.Loop() {
			d := jsontext.NewDecoder(bytes.NewBuffer(doc))
			for {
				if _, err := d.ReadToken(); err != nil {
					break
				}
			}
		}
	})
}

// melanger gives the keys of every object another order on every line.
func melanger(t testing.TB, doc []byte) []byte {
	t.Helper()
	hasard := rand.New(rand.NewPCG(1, 2))
	var ecrire func(v any) string
	ecrire = func(v any) string {
		switch v := v.(type) {
		case map[string]any:
			var ms []string
			for k, x := range v {
				ms = append(ms, fmt.Sprintf("\n        %q: %s", k, ecrire(x)))
			}
			slices.Sort(ms)
			hasard.Shuffle(len(ms), func(i, j int) { ms[i], ms[j] = ms[j], ms[i] })
			return "{" + strings.Join(ms, ",") + "\n      }"
		case []any:
			var es []string
			for _, x := range v {
				es = append(es, "\n      "+ecrire(x))
			}
			return "[" + strings.Join(es, ",") + "\n  ]"
		}
		b, _ := json.Marshal(v)
		return string(b)
	}
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return []byte(ecrire(v))
}
