// Command portail measures the portal beside its peers, in one run: deposits of
// 200 requests over HTTP against PocketBase's batch API and against a bare loop
// on the same driver; a large archive of documents against unzip -t and a copy;
// then the benchmarks of cmd/guichet: a million requests, large selections and
// batches, PostgreSQL.
// `make bench-portail` in the root builds the portal and runs it. Read the
// ratios: times drift with the machine.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"time"
)

const (
	parFichier = 200
	clients    = 8
)

// mesure is one contender's run.
type mesure struct {
	fichiers int
	duree    time.Duration
	latences []time.Duration
}

func (m mesure) parSeconde() float64 { return float64(m.fichiers*parFichier) / m.duree.Seconds() }

func (m mesure) centile(p int) time.Duration {
	sort.Slice(m.latences, func(i, j int) bool { return m.latences[i] < m.latences[j] })
	return m.latences[min(len(m.latences)*p/100, len(m.latences)-1)]
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "pocketbase" {
		servirPocketBase()
		return
	}
	guichet := flag.String("guichet", "../../bin/guichet", "the portal's program")
	fichiers := flag.Int("fichiers", 240, "files of each contender")
	racine := flag.String("racine", "../..", "the product's module, for the benchmarks inside it")
	longues := flag.Bool("longues", true, "also what takes minutes: a million requests, PostgreSQL")
	flag.Parse()
	err := mesurer(*guichet, *fichiers)
	if err == nil && *longues {
		err = mesurerInterieur(*racine)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "portail:", err)
		os.Exit(1)
	}
}

func mesurer(guichet string, fichiers int) error {
	dossier, err := os.MkdirTemp("", "bench-portail")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dossier) }() // a temporary folder
	p, err := demarrerPortail(guichet, filepath.Join(dossier, "portail"))
	if err != nil {
		return err
	}
	defer p.arreter()
	fs, err := fabriquer(p.ans, p.siret, fichiers+clients)
	if err != nil {
		return err
	}
	// A first file each, outside the time: statements prepared, pages warm.
	if _, err := p.deposer(fs[:clients], 1); err != nil {
		return err
	}
	portail, err := p.deposer(fs[clients:], clients)
	if err != nil {
		return fmt.Errorf("portal: %w", err)
	}
	pb, err := mesurerPocketBase(filepath.Join(dossier, "pocketbase"), fs[clients:])
	if err != nil {
		return fmt.Errorf("PocketBase: %w", err)
	}
	nue1, err := boucleNue(filepath.Join(dossier, "nue1.db"), fs[clients:], 1)
	if err != nil {
		return err
	}
	nue8, err := boucleNue(filepath.Join(dossier, "nue8.db"), fs[clients:], clients)
	if err != nil {
		return err
	}
	fmt.Printf("\nDeposits of %d requests, %d clients, SQLite WAL synchronous FULL\n", parFichier, clients)
	for _, l := range []struct {
		nom string
		m   mesure
	}{{"portal over HTTP", portail}, {"PocketBase batch over HTTP", pb}, {"bare loop, 1 writer, no HTTP", nue1}, {"bare loop, 8 writers, no HTTP", nue8}} {
		fmt.Printf("  %-30s %8.0f records/s   p50 %8s   p99 %8s\n", l.nom, l.m.parSeconde(), l.m.centile(50).Round(time.Millisecond), l.m.centile(99).Round(time.Millisecond))
	}
	ligne("portal ÷ PocketBase, records/s", portail.parSeconde()/pb.parSeconde(), "≥ 15")
	ligne("portal ÷ bare loop, records/s", portail.parSeconde()/nue1.parSeconde(), "≥ 0.6")
	ligne("p99 portal ÷ p99 bare loop of 8", portail.centile(99).Seconds()/nue8.centile(99).Seconds(), "≤ 0.4")
	return errors.Join(mesurerArchive(p, dossier), mesurerCondamnee(p, dossier))
}

func ligne(nom string, v float64, cible string) {
	fmt.Printf("  %-46s %8.2f   (target %s)\n", nom, v, cible)
}
