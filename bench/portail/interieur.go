package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// interieure is what a benchmark of cmd/guichet reports, with its target.
type interieure struct{ banc, mesure, nom, cible string }

func interieures() []interieure {
	return []interieure{
		{"Listes", "liste", "list pages, 1,000,000 ÷ 10,000", "≤ 1.5"},
		{"Listes", "file", "queue pages, 1,000,000 ÷ 10,000", "≤ 1.5"},
		{"Decider", "s/selection", "10,000 decided at once, s", "≤ 60"},
		{"Decider", "ms-p95", "others' pages meanwhile, p95, ms", "≤ 200"},
		{"Lot", "s/lot", "batch of 20,000 frozen, exported, s", "≤ 10"},
	}
}

// mesurerInterieur runs the benchmarks of cmd/guichet, which need the inside of
// the portal: both engines, a million requests put there without their files.
func mesurerInterieur(racine string) error {
	lues, err := lancerBancs(racine, "^Benchmark(Listes|Decider|Lot)$", "1x")
	if err != nil {
		return err
	}
	depots, err := lancerBancs(racine, "^BenchmarkDeposer$", "200x")
	if err != nil {
		return err
	}
	fmt.Printf("\nInside the portal\n")
	for _, x := range interieures() {
		for _, moteur := range []string{"sqlite", "postgres"} {
			if v, ok := lues["Benchmark"+x.banc+"/"+moteur][x.mesure]; ok {
				ligne(x.nom+", "+moteur, v, x.cible)
			} else {
				fmt.Printf("  %-46s not measured (see above)\n", x.nom+", "+moteur)
			}
		}
	}
	lite, pg := depots["BenchmarkDeposer/sqlite"]["demandes/s"], depots["BenchmarkDeposer/postgres"]["demandes/s"]
	if pg > 0 {
		ligne("deposits, SQLite ÷ PostgreSQL", lite/pg, "≤ 2")
	}
	return nil
}

// lancerBancs gives each benchmark's metrics by its name, without the number of
// processors that ends it.
func lancerBancs(racine, motif, fois string) (map[string]map[string]float64, error) {
	c := exec.Command("go", "test", "-run", "^$", "-bench", motif, "-benchtime", fois, "-timeout", "30m", "./cmd/guichet")
	c.Dir = racine
	c.Stderr = os.Stderr
	b, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("benchmarks of cmd/guichet: %w\n%s", err, b)
	}
	r := map[string]map[string]float64{}
	for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
		mots := strings.Fields(s.Text())
		if len(mots) < 4 || !strings.HasPrefix(mots[0], "Benchmark") {
			continue
		}
		nom, _, _ := strings.Cut(mots[0], "-")
		r[nom] = map[string]float64{}
		for i := 2; i+1 < len(mots); i += 2 {
			if v, err := strconv.ParseFloat(mots[i], 64); err == nil {
				r[nom][mots[i+1]] = v
			}
		}
	}
	return r, nil
}
