package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"guichet.example/e2e/banc"
)

// endurance is `make soak`: three portals over PostgreSQL and S3, behind nginx,
// with mail and a scanner, restarted one after the other while people work.
type endurance struct {
	b        *banc.Banc
	site     *banc.Site
	portails []*banc.Portail
	nginx    *banc.Nginx
	courrier *banc.Courrier
	vie      *banc.Vie
	journal  io.Writer

	relances    int
	arretMax    time.Duration
	coupes      int64 // calls at restarts without an answer, or refused by nginx for want of a portal
	memoireMax  int64
	verifie     []string // what else was looked at, and found good
	manquements []string
}

const nbPortails = 3

// documentees are the addresses in docs/exploitation/nginx.conf.
func documentees() []string { return []string{"127.0.0.1:8081", "127.0.0.1:8082", "127.0.0.1:8083"} }

func monterEndurance(ctx context.Context, b *banc.Banc, guichet, s3, conf string, journal io.Writer) (*endurance, error) {
	x := &endurance{b: b, journal: journal}
	_, base, err := b.Postgres()
	if err != nil {
		return nil, err
	}
	hote, err := b.S3(ctx, s3)
	if err != nil {
		return nil, err
	}
	clamd, err := b.Clamd(ctx)
	if err != nil {
		return nil, err
	}
	if x.courrier, err = b.Courrier(); err != nil {
		return nil, err
	}
	if x.site, err = b.Site("site", guichet, base, banc.AdresseS3(hote)); err != nil {
		return nil, err
	}
	x.site.Reglages["GUICHET_CLAMD"], x.site.Reglages["GUICHET_SMTP"] = clamd.Adresse(), x.courrier.Adresse()
	x.site.Reglages["GUICHET_MANDATAIRES"] = "127.0.0.1/32"
	gens, err := x.site.Peupler(ctx, 6)
	if err != nil {
		return nil, err
	}
	// All at once, as after a power cut: each looks at the schema.
	fins := make(chan error, nbPortails)
	for i := range nbPortails {
		p, err := x.site.Portail(fmt.Sprintf("portail-%d", i+1))
		if err != nil {
			return nil, err
		}
		x.portails = append(x.portails, p)
		go func() { fins <- p.Lancer(ctx) }()
	}
	for range nbPortails {
		err = errors.Join(err, <-fins)
	}
	if err != nil {
		return nil, err
	}
	if x.nginx, err = b.Nginx(ctx, conf, x.adresses()...); err != nil {
		return nil, err
	}
	x.vie = &banc.Vie{Gens: gens, A: banc.NouvelAppelant(x.nginx.Adresse), Carnet: banc.NouveauCarnet(), Suite: &banc.Suite{}, Lignes: 20, Piece: 20_000, Pause: 20 * time.Millisecond}
	return x, nil
}

// adresses puts the portals' addresses in place of the documented ones.
func (x *endurance) adresses() []string {
	var rs []string
	for i, d := range documentees() {
		rs = append(rs, d+" ", x.portails[i].Adresse+" ")
	}
	return rs
}

// relancer restarts all portals one after the other, as the documentation says:
// nginx is not told.
func (x *endurance) relancer(ctx context.Context) error {
	avant := x.sansReponse()
	for i, p := range x.portails {
		x.memoireMax = max(x.memoireMax, p.Memoire())
		d, err := p.Arreter()
		if err != nil {
			return fmt.Errorf("SIGTERM to portal %d: %w", i+1, err)
		}
		x.relances++
		x.arretMax = max(x.arretMax, d)
		if err := p.Lancer(ctx); err != nil {
			return err
		}
		attendre(ctx, 500*time.Millisecond)
	}
	n := x.sansReponse() - avant
	x.coupes += n
	fmt.Fprintf(x.journal, "%d portails relancés, %d appels coupés ou refusés puis refaits\n", len(x.portails), n)
	return nil
}

// sansReponse counts the attempts so far that a restart can spoil: cut, failed,
// or refused politely, which nothing else does at the soak's pace.
func (x *endurance) sansReponse() int64 {
	c := x.vie.A.Compte
	return c.Coupes.Load() + c.Pannes.Load() + c.Polis.Load()
}

func attendre(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// courir lets people work for a while, with rolling restarts, and then looks at
// everything.
func (x *endurance) courir(ctx context.Context, duree time.Duration) (p banc.Preuve, err error) {
	travail, arreter := context.WithTimeout(ctx, duree)
	defer arreter()
	fin := make(chan error, 1)
	go func() {
		fin <- x.vie.Courir(travail, banc.Equipe{Deposants: 6, Instructeurs: 4, Decideurs: 2, Comptables: 2})
	}()
	for travail.Err() == nil {
		attendre(travail, duree/6)
		if travail.Err() == nil {
			if err = x.relancer(ctx); err != nil {
				arreter()
				break
			}
		}
	}
	if err = errors.Join(err, <-fin); err != nil {
		return p, err
	}
	reste, err := x.site.Tarir(ctx, false, 2*time.Minute)
	if err != nil {
		return p, err
	}
	if reste > 0 {
		x.manquements = append(x.manquements, fmt.Sprintf("%d travaux dus ne sont pas faits", reste))
	}
	if p, err = x.site.Prouver(ctx, x.vie.Carnet); err != nil {
		return p, err
	}
	for _, q := range x.portails {
		x.memoireMax = max(x.memoireMax, q.Memoire())
	}
	return p, errors.Join(x.sessions(ctx), x.essais(ctx), x.sauvegarde(ctx), x.finess(ctx))
}

// table prints what was found.
func (x *endurance) table(w io.Writer, duree time.Duration, p banc.Preuve) (bonne bool) {
	c := x.vie.A.Compte
	messages, redits := x.courrier.Recus()
	ligne := func(quoi string, v any) { fmt.Fprintf(w, "  %-58s %10v\n", quoi, v) }
	fmt.Fprintf(w, "\nEndurance : %d portails, PostgreSQL, S3, SMTP, clamd, nginx, pendant %s\n", len(x.portails), duree)
	ligne("appels envoyés", c.Envois.Load())
	ligne("actes reconnus", p.Reconnus)
	ligne("demandes à la fin", p.Demandes)
	ligne("perdus", len(p.Perdus))
	ligne("doublés", len(p.Doubles))
	ligne("écarts (journal, sommes, pièces, lots)", len(p.Ecarts))
	ligne("refusés poliment (429, 503 avec Retry-After)", c.Polis.Load())
	ligne("arrivés trop tard (409 : un autre l’avait fait)", c.Refus.Load())
	ligne("abandonnés sans réponse certaine", c.Abandons.Load())
	ligne("redémarrages (SIGTERM), le plus long", fmt.Sprintf("%d, %s", x.relances, x.arretMax.Round(time.Millisecond)))
	ligne("appels qu’un redémarrage a coupés ou fait refuser", x.coupes)
	ligne("courriels reçus, dont reçus deux fois", fmt.Sprintf("%d, %d", messages, redits))
	ligne("travaux en attente, abandonnés", fmt.Sprintf("%d, %d", p.EnAttente, p.Morts))
	ligne("mémoire du plus gros portail, Mio", x.memoireMax>>20)
	for _, v := range x.verifie {
		ligne(v, "oui")
	}
	for _, m := range append(append(append(x.manquements, p.Perdus...), p.Doubles...), p.Ecarts...) {
		fmt.Fprintln(w, "  ✗", m)
	}
	return p.Bonne() && len(x.manquements) == 0 && p.Morts == 0 && redits == 0 && x.coupes == 0
}

// constater notes that something holds, or does not.
func (x *endurance) constater(quoi string, ok bool, sinon string) {
	if ok {
		x.verifie = append(x.verifie, quoi)
	} else {
		x.manquements = append(x.manquements, quoi+" : non ; "+strings.TrimSpace(sinon))
	}
}

func jouerEndurance(ctx context.Context, guichet, s3, conf string, duree time.Duration, w, journal io.Writer) (err error) {
	b, err := banc.Nouveau()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Fermer()) }()
	x, err := monterEndurance(ctx, b, guichet, s3, conf, journal)
	if err != nil {
		return err
	}
	p, err := x.courir(ctx, duree)
	if err != nil {
		return err
	}
	if !x.table(w, duree, p) {
		return errMauvais
	}
	return nil
}
