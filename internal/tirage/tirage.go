// Package tirage draws the requests of an audit so that anybody can draw them
// again: the population is frozen and hashed first, the seed is made public
// afterwards, and the rest is arithmetic.
//
// # The method, version 1
//
// Identifiers are sorted by their bytes, each once. The population's hash is
// SHA-256 over the identifiers, each followed by one line feed. The rank of an
// identifier is SHA-256 over the seed, one line feed, the population's hash (64
// hexadecimal digits), one line feed, and the identifier. Identifiers in
// ascending order of rank are the draw; the first n are drawn, the next ones
// replace, in that order, those that must be left out.
//
// The seed comes from outside and after the population is frozen (a public
// lottery, a bulletin), so that nobody can choose whom it draws. In a shell, the
// rank of one identifier is
//
//	printf '%s\n%s\n%s' "$graine" "$empreinte" "$id" | sha256sum
//
// Start at [Figer], then [Population.Tirer] or [Rejouer]. The package is pure
// and imports nothing of the project.
package tirage

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Methode names the method; a draw keeps it, and a change of method is another
// name.
const Methode = "guichet-tirage-1"

// Bounds of what comes from outside.
const (
	populationMax = 10_000_000
	idMax         = 200 // bytes of one identifier
	graineMax     = 1000
)

// Population is a frozen list of identifiers.
type Population struct {
	ids       []string // sorted, each once
	empreinte string
}

// Tirage is a draw with all that is needed to do it again.
type Tirage struct {
	Methode   string
	Nombre    int    // size of the population
	Empreinte string // of the population, "sha256:…"
	Graine    string
	Tires     []string // in the order of the draw
}

// Figer freezes a population. The order of ids does not matter; one said twice,
// an empty one or one with a line break is an error, since two lists would then
// share a hash. The caller's slice is left as it is.
func Figer(ids []string) (*Population, error) {
	if len(ids) == 0 || len(ids) > populationMax {
		return nil, fmt.Errorf("tirage : la population compte %d éléments ; attendu de 1 à %d", len(ids), populationMax)
	}
	p := &Population{ids: slices.Clone(ids)}
	slices.Sort(p.ids)
	h := sha256.New()
	for i, id := range p.ids {
		switch {
		case id == "" || len(id) > idMax || strings.ContainsAny(id, "\r\n\x00"):
			return nil, fmt.Errorf("tirage : l’identifiant « %.60q » doit tenir en une ligne de 1 à %d octets", id, idMax)
		case i > 0 && id == p.ids[i-1]:
			return nil, fmt.Errorf("tirage : l’identifiant « %.60s » est deux fois dans la population", id)
		}
		_, _ = io.WriteString(h, id+"\n") // a hash never fails
	}
	p.empreinte = "sha256:" + hex.EncodeToString(h.Sum(nil))
	return p, nil
}

// Empreinte is the hash to publish before the seed is known, "sha256:…".
func (p *Population) Empreinte() string { return p.empreinte }

// Nombre counts the population.
func (p *Population) Nombre() int { return len(p.ids) }

// Identifiants is the population in its order; the caller may keep it.
func (p *Population) Identifiants() []string { return slices.Clone(p.ids) }

// Tirer draws n identifiers with a public seed. The same population and seed
// give the same draw everywhere and for ever, and a greater n only adds behind.
func (p *Population) Tirer(graine string, n int) (*Tirage, error) {
	if strings.TrimSpace(graine) == "" || len(graine) > graineMax || strings.ContainsAny(graine, "\r\n\x00") {
		return nil, fmt.Errorf("tirage : la graine doit tenir en une ligne de 1 à %d octets", graineMax)
	}
	if n < 1 || n > len(p.ids) {
		return nil, fmt.Errorf("tirage : %d à tirer ; attendu de 1 à %d, la taille de la population", n, len(p.ids))
	}
	type place struct {
		rang [sha256.Size]byte
		id   string
	}
	places := make([]place, len(p.ids))
	debut := []byte(graine + "\n" + strings.TrimPrefix(p.empreinte, "sha256:") + "\n")
	for i, id := range p.ids {
		places[i] = place{sha256.Sum256(append(debut[:len(debut):len(debut)], id...)), id}
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(bytes.Compare(a.rang[:], b.rang[:]), strings.Compare(a.id, b.id))
	})
	t := &Tirage{Methode: Methode, Nombre: len(p.ids), Empreinte: p.empreinte, Graine: graine}
	for _, x := range places[:n] {
		t.Tires = append(t.Tires, x.id)
	}
	return t, nil
}

// ErrAutre says that a draw done again does not give what was published.
var ErrAutre = errors.New("tirage : rejoué, il ne donne pas ce qui a été publié")

// Rejouer does a published draw again from its population, and says in its
// error what differs: nothing, when it is nil.
func Rejouer(ids []string, t Tirage) error {
	if t.Methode != Methode {
		return fmt.Errorf("tirage : la méthode « %.40s » est inconnue ; attendu %s", t.Methode, Methode)
	}
	p, err := Figer(ids)
	if err != nil {
		return err
	}
	if p.empreinte != t.Empreinte || len(ids) != t.Nombre {
		return fmt.Errorf("%w : la population a pour empreinte %s et compte %d éléments ; publié %.80s et %d", ErrAutre, p.empreinte, len(ids), t.Empreinte, t.Nombre)
	}
	refait, err := p.Tirer(t.Graine, len(t.Tires))
	if err != nil {
		return err
	}
	for i, id := range refait.Tires {
		if id != t.Tires[i] {
			return fmt.Errorf("%w : au rang %d, « %.60s » au lieu de « %.60s »", ErrAutre, i+1, id, t.Tires[i])
		}
	}
	return nil
}
