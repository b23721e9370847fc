package main

import (
	"bytes"
	"encoding/json"
	"testing"

	"guichet.example/segur"
)

// The times of this module compare only if its files are what they claim.
func TestGoodFilesAreAcceptedWithoutARemark(t *testing.T) {
	for _, o := range orders {
		for _, n := range []int{1, 100, 200} {
			for seed := range uint64(5) {
				r := control(generate(spec{requests: n, order: o.order, seed: seed}))
				if got, want := r.Bilan(), (segur.Bilan{Demandes: n, Acceptees: n}); got != want {
					t.Errorf("%s, %d requests, seed %d: %+v", o.name, n, seed, got)
				}
				for c := range r.Structure() {
					t.Errorf("%s: %s", o.name, c.Message)
				}
			}
		}
	}
}

func TestBadFilesHaveTheirTenBadRequests(t *testing.T) {
	for _, o := range orders {
		b := control(generate(spec{requests: 200, order: o.order, bad: true})).Bilan()
		if want := (segur.Bilan{Demandes: 200, Acceptees: 190, Rejetees: 10, Erreurs: 12}); b != want {
			t.Errorf("%s: %+v", o.name, b)
		}
	}
}

func TestBothOrdersHoldTheSameValues(t *testing.T) {
	var a, b file
	if err := json.Unmarshal(generate(spec{requests: 200}), &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(generate(spec{requests: 200, order: shuffled}), &b); err != nil {
		t.Fatal(err)
	}
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	if !bytes.Equal(x, y) {
		t.Error("the shuffled file has other values")
	}
}

func BenchmarkMemory(b *testing.B) {
	validate, err := santhosh(jeu.Schema())
	if err != nil {
		b.Fatal(err)
	}
	for _, o := range orders {
		for _, f := range []struct {
			name string
			bad  bool
		}{{"good", false}, {"bad", true}} {
			doc := generate(spec{requests: 200, order: o.order, bad: f.bad})
			for _, c := range []struct {
				name string
				w    work
			}{
				{"segur", controlAll}, {"segur-control-only", controlOnly}, {"token-scan", tokenScan}, {"is-valid", isValid},
				{"json-v1", decodeV1}, {"json-v2", decodeV2}, {"santhosh", validate}, {"sha256", hashOnly},
			} {
				if f.bad && c.name[0] != 's' || f.bad && (c.name == "santhosh" || c.name == "sha256") {
					continue // peers are compared on the good file
				}
				b.Run(o.name+"/"+f.name+"/"+c.name, func(b *testing.B) {
					b.SetBytes(int64(len(doc)))
					b.ReportAllocs()
					for b.Loop() {
						if err := c.w(doc); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		}
	}
}
