package fautes

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"guichet.example/e2e/banc"
)

// scenes are the faults that this database can have.
func (x *atelier) scenes() []scene {
	var ss []scene
	for _, g := range genres() {
		ss = append(ss, scene{"kill -9 pendant : " + g, x.plan.Morts, func(ctx context.Context) error { return x.tuer(ctx, g) }})
	}
	n := x.plan.Fois
	if x.postgres != nil {
		ss = append(ss, scene{"PostgreSQL tué puis relancé", n, x.couperPostgres})
	}
	if x.s3 != nil {
		ss = append(ss, scene{"S3 répond 500", n, func(ctx context.Context) error { return x.regler(ctx, x.s3, banc.Erreur) }},
			scene{"S3 ne répond pas", n, func(ctx context.Context) error { return x.regler(ctx, x.s3, banc.Muette) }},
			scene{"S3 injoignable", n, func(ctx context.Context) error { return x.regler(ctx, x.s3, banc.Coupe) }})
	}
	if x.clamd != nil {
		ss = append(ss, scene{"clamd arrêté", n, x.couperClamd}, scene{"SMTP fermé une heure", 1, x.fermerCourrier})
	}
	for _, d := range x.disques {
		ss = append(ss, scene{d.nom, n, func(ctx context.Context) error { return x.remplir(ctx, d) }})
	}
	return append(ss, scene{"horloge qui recule", n, x.reculer})
}

// tuer kills the portal that a kind of call just left for, a random moment
// later, and starts it again.
func (x *atelier) tuer(ctx context.Context, genre string) error {
	p := x.guetter(ctx, genre)
	if p == nil {
		return errors.New("no such call leaves: " + genre)
	}
	// Most calls take 2 to 30 ms.
	dormir(ctx, rand.N(30*time.Millisecond))
	return errors.Join(p.Tuer(), p.Lancer(ctx))
}

func (x *atelier) couperPostgres(ctx context.Context) error {
	if err := x.postgres.Couper(); err != nil {
		return err
	}
	dormir(ctx, rand.N(time.Second))
	if err := x.postgres.Lancer("-c", "max_connections=120"); err != nil {
		return err
	}
	dormir(ctx, x.plan.Duree)
	return nil
}

// mordreMax is how long a fault may wait for somebody to run into it.
const mordreMax = 20 * time.Second

// regler lets a line fail for a while, and for as long as nobody has run into
// it: a fault that hits nothing proves nothing.
func (x *atelier) regler(ctx context.Context, l *banc.Ligne, m banc.Mode) error {
	avant := l.Mordus()
	l.Regler(m)
	dormir(ctx, x.plan.Duree)
	for fin := time.Now().Add(mordreMax); l.Mordus() == avant; dormir(ctx, 50*time.Millisecond) {
		if ctx.Err() != nil || time.Now().After(fin) {
			return errors.New("no call ran into the fault")
		}
	}
	l.Regler(banc.Passe)
	x.mordus += l.Mordus() - avant
	dormir(ctx, x.plan.Duree/2)
	return nil
}

func (x *atelier) couperClamd(ctx context.Context) error {
	if err := x.clamd.Arreter(); err != nil {
		return err
	}
	dormir(ctx, x.plan.Duree)
	return x.clamd.Lancer(ctx)
}

// fermerCourrier lets an hour of the portals' clock go by without a mail
// server: attempts follow one another at their real waits.
func (x *atelier) fermerCourrier(ctx context.Context) error {
	if err := x.courrier.Fermer(); err != nil {
		return err
	}
	for d := time.Duration(0); d <= time.Hour; d += 4 * time.Minute {
		if err := x.site.Decaler(d); err != nil {
			return err
		}
		dormir(ctx, time.Second)
	}
	return x.courrier.Ouvrir()
}

// remplir leaves no room on a disk for a while. A database that stopped for want
// of room is started again, as its operator would.
func (x *atelier) remplir(ctx context.Context, d disque) error {
	vider, err := banc.Remplir(d.dossier)
	if err != nil {
		return err
	}
	dormir(ctx, x.plan.Duree)
	err = vider()
	if x.postgres != nil && x.postgres.Attendre(5*time.Second) != nil {
		err = errors.Join(err, x.couperPostgres(ctx))
	}
	dormir(ctx, x.plan.Duree/2)
	return err
}

// reculer steps the portals' clock back by up to ten minutes, and on again.
func (x *atelier) reculer(ctx context.Context) error {
	err := x.site.Decaler(-rand.N(10 * time.Minute))
	dormir(ctx, x.plan.Duree)
	err = errors.Join(err, x.site.Decaler(0))
	dormir(ctx, x.plan.Duree/2)
	return err
}

func dormir(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
