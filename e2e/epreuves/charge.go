package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"time"

	"guichet.example/e2e/banc"
)

// installation is what the closing hour is played on.
type installation struct {
	nom      string
	portails int
	postgres bool
}

func installations() []installation {
	return []installation{{"SQLite, 1 processus", 1, false}, {"PostgreSQL, 1 processus", 1, true}, {"PostgreSQL, 2 processus", 2, true}}
}

// Limits of the knee: the highest rate of arrivals that keeps all of them.
const (
	genouP99    = time.Second // of deposits
	genouPolis  = 0.01        // share refused politely
	debitDepart = 20.0
	facteur     = 1.5
	audela      = 2 // steps played beyond the knee, each at twice the rate before
)

// jouerCharge raises the arrivals step by step on each installation, past the
// knee.
func jouerCharge(ctx context.Context, guichet string, duree time.Duration, w, journal io.Writer) error {
	fmt.Fprintf(w, "\nHeure de clôture : arrivées ouvertes (30 %% de dépôts de 100 demandes, 5 %% d’archives de 10 pièces de 50 ko, 65 %% de lectures),\ndurées depuis l’instant voulu, paliers de %s ; ce programme tourne sur les mêmes cœurs que le portail.\n", duree)
	fmt.Fprintf(w, "\n%-24s %8s %8s %6s %6s %6s | %8s %8s | %8s %8s | %8s %8s\n", "installation", "appels/s", "appels", "faits", "polis", "autres", "dép. p50", "dép. p99", "arch.p50", "arch.p99", "lect.p50", "lect.p99")
	bon := true
	for _, i := range installations() {
		genou, ok, err := i.jouer(ctx, guichet, duree, w, journal)
		if err != nil {
			return fmt.Errorf("%s: %w", i.nom, err)
		}
		bon = bon && ok
		fmt.Fprintf(w, "%-24s genou : %.0f appels/s, dont %.0f dépôts (%.0f demandes/s)\n", i.nom, genou, .3*genou, 30*genou)
	}
	if !bon {
		return errMauvais
	}
	return nil
}

func (i installation) jouer(ctx context.Context, guichet string, duree time.Duration, w, journal io.Writer) (genou float64, bon bool, err error) {
	b, err := banc.Nouveau()
	if err != nil {
		return 0, false, err
	}
	defer func() { err = errors.Join(err, b.Fermer()) }()
	base := "sqlite:" + filepath.Join(b.Dossier, "site", "guichet.db")
	if i.postgres {
		if _, base, err = b.Postgres(); err != nil {
			return 0, false, err
		}
	}
	s, err := b.Site("site", guichet, base, "file://"+filepath.Join(b.Dossier, "site", "pieces"))
	if err != nil {
		return 0, false, err
	}
	gens, err := s.Peupler(ctx, 12)
	if err != nil {
		return 0, false, err
	}
	var adresses []string
	for k := range i.portails {
		p, err := s.Portail(fmt.Sprintf("portail-%d", k+1))
		if err != nil {
			return 0, false, err
		}
		if err := p.Lancer(ctx); err != nil {
			return 0, false, err
		}
		adresses = append(adresses, p.Adresse)
	}
	a := banc.NouvelAppelant(adresses...)
	a.HTTP = &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 512, IdleConnTimeout: 30 * time.Second}}
	v := &banc.Vie{Gens: gens, A: a, Carnet: banc.NouveauCarnet(), Suite: &banc.Suite{}}
	if genou, bon, err = i.paliers(ctx, v, duree, w); err != nil {
		return genou, false, err
	}
	// What callers were told of holds after the rush, too.
	p, err := s.Prouver(ctx, v.Carnet)
	if err == nil && len(p.Perdus)+len(p.Doubles) > 0 {
		fmt.Fprintf(journal, "%s : %v %v\n", i.nom, p.Perdus, p.Doubles)
		bon = false
	}
	return genou, bon, err
}

// paliers raises the rate until the knee is behind; nothing may be answered
// otherwise than done or politely refused.
func (i installation) paliers(ctx context.Context, v *banc.Vie, duree time.Duration, w io.Writer) (genou float64, bon bool, err error) {
	// A first wave outside of the time: statements prepared, pages warm.
	if _, err := v.Deposer(ctx, &v.Gens.Fournisseurs[0], 100); err != nil {
		return 0, false, err
	}
	bon = true
	for debit, apres := debitDepart, 0; apres <= audela; {
		r := banc.Rafale{Vie: v, Debit: debit, Duree: duree, Depots: .30, Envois: .05, Lignes: 100, Pieces: 10, Taille: 50_000}
		ms, err := r.Tirer(ctx)
		if err != nil {
			return genou, false, err
		}
		d, e, l := ms[banc.GenreDepot], ms[banc.GenreEnvoi], ms[banc.GenreLecture]
		total := banc.Mesure{Demandes: d.Demandes + e.Demandes + l.Demandes, Faits: d.Faits + e.Faits + l.Faits, Polis: d.Polis + e.Polis + l.Polis, Autres: d.Autres + e.Autres + l.Autres}
		enMs := func(t time.Duration) string { return fmt.Sprintf("%d ms", t.Milliseconds()) }
		fmt.Fprintf(w, "%-24s %8.0f %8d %6d %6d %6d | %8s %8s | %8s %8s | %8s %8s\n", i.nom, debit, total.Demandes, total.Faits, total.Polis, total.Autres,
			enMs(d.Centile(.5)), enMs(d.Centile(.99)), enMs(e.Centile(.5)), enMs(e.Centile(.99)), enMs(l.Centile(.5)), enMs(l.Centile(.99)))
		for _, m := range []*banc.Mesure{d, e, l} {
			for quoi, n := range m.Refus {
				fmt.Fprintf(w, "    %d × %s\n", n, quoi)
			}
		}
		bon = bon && total.Autres == 0
		if apres == 0 && d.Centile(.99) <= genouP99 && float64(total.Polis) <= genouPolis*float64(total.Demandes) && total.Autres == 0 {
			genou = debit
			debit *= facteur
		} else {
			apres++
			debit *= 2
		}
	}
	return genou, bon, nil
}
