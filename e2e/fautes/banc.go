package fautes

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"guichet.example/e2e/banc"
	"guichet.example/internal/store/pgtest"
)

// atelier is one database with its portals, its engines and its people.
type atelier struct {
	plan     *Plan
	base     string
	b        *banc.Banc
	site     *banc.Site
	portails []*banc.Portail
	vie      *banc.Vie
	postgres *pgtest.Serveur // nil for SQLite
	s3       *banc.Ligne     // nil without S3
	clamd    *banc.Clamd     // nil without
	courrier *banc.Courrier  // nil without
	mordus   int             // calls that ran into the fault under way, where that is counted
	disques  []disque        // small disks of their own; none when they cannot be mounted

	mu     sync.Mutex
	guette string      // the kind of call that is waited for
	parti  chan string // address to which such a call just left
}

// disque is a disk that fills up.
type disque struct{ nom, dossier string }

// tailleDisque holds what the faults make, several times.
const tailleDisque = 512 << 20

// monter starts everything for one database: one portal on SQLite, two on
// PostgreSQL.
func (p *Plan) monter(ctx context.Context, b *banc.Banc, base string) (x *atelier, err error) {
	x = &atelier{plan: p, base: base, b: b, parti: make(chan string, 1)}
	site := filepath.Join(b.Dossier, "site")
	adresse, pieces := "sqlite:"+filepath.Join(site, "guichet.db"), "file://"+filepath.Join(site, "pieces")
	if base == "postgres" {
		x.monterDisque("disque temporaire plein", site)
		chez := ""
		if p.Accessoire {
			chez = x.monterDisque("disque de PostgreSQL plein", "")
		}
		if x.postgres, adresse, err = b.PostgresDans(chez); err != nil {
			return nil, err
		}
		if p.Versitygw != "" {
			x.monterDisque("disque de S3 plein", b.DossierS3())
			hote, err := b.S3(ctx, p.Versitygw)
			if err != nil {
				return nil, err
			}
			if x.s3, err = b.Ligne(hote); err != nil {
				return nil, err
			}
			pieces = banc.AdresseS3(x.s3.Adresse)
		}
	} else {
		x.monterDisque("disque de la base plein", site)
		if p.Accessoire {
			x.monterDisque("disque des pièces plein", filepath.Join(site, "pieces"))
		}
	}
	if x.site, err = b.Site("site", p.Programme, adresse, pieces); err != nil {
		return nil, err
	}
	if p.Accessoire {
		if x.clamd, err = b.Clamd(ctx); err != nil {
			return nil, err
		}
		if x.courrier, err = b.Courrier(); err != nil {
			return nil, err
		}
		x.site.Reglages["GUICHET_CLAMD"], x.site.Reglages["GUICHET_SMTP"] = x.clamd.Adresse(), x.courrier.Adresse()
	}
	gens, err := x.site.Peupler(ctx, 4)
	if err != nil {
		return nil, err
	}
	return x, x.ouvrir(ctx, gens)
}

func (x *atelier) ouvrir(ctx context.Context, gens banc.Gens) error {
	n := 1
	if x.postgres != nil {
		n = 2
	}
	var adresses []string
	for i := range n {
		p, err := x.site.Portail(fmt.Sprintf("portail-%d", i+1))
		if err != nil {
			return err
		}
		if err := p.Lancer(ctx); err != nil {
			return err
		}
		x.portails, adresses = append(x.portails, p), append(adresses, p.Adresse)
	}
	a := banc.NouvelAppelant(adresses...)
	a.Avant = x.voirPartir
	x.vie = &banc.Vie{Gens: gens, A: a, Carnet: banc.NouveauCarnet(), Suite: &banc.Suite{}, Lignes: 4, Piece: 2000}
	return nil
}

// monterDisque gives a folder a disk of its own, if that can be done, and gives
// the folder back.
func (x *atelier) monterDisque(nom, dossier string) string {
	d, ok := x.b.Disque(dossier, tailleDisque)
	if ok {
		x.disques = append(x.disques, disque{nom, d})
	}
	return d
}

// voirPartir tells the killer that the kind of call that it waits for has left.
func (x *atelier) voirPartir(genre, adresse string) {
	x.mu.Lock()
	voulu := x.guette
	x.mu.Unlock()
	if voulu == genre {
		select {
		case x.parti <- adresse:
		default: // it has seen one already
		}
	}
}

// guetter waits until a kind of call leaves, and gives the portal that it goes
// to.
func (x *atelier) guetter(ctx context.Context, genre string) *banc.Portail {
	x.mu.Lock()
	x.guette = genre
	x.mu.Unlock()
	select {
	case <-x.parti: // an old one
	default:
	}
	select {
	case a := <-x.parti:
		for _, p := range x.portails {
			if p.Adresse == a {
				return p
			}
		}
	case <-time.After(20 * time.Second):
	case <-ctx.Done():
	}
	return nil
}

// scene is one kind of fault.
type scene struct {
	nom   string
	fois  int
	faire func(ctx context.Context) error
}

// jouer lets people work while a fault comes several times, then lets work
// drain, and proves.
func (x *atelier) jouer(ctx context.Context, s scene, tarir bool) (l Ligne, err error) {
	l = Ligne{Base: x.base, Faute: s.nom, Fois: s.fois}
	x.mordus = 0
	debut, avant := time.Now(), x.vie.Carnet.Reconnus()
	c := x.vie.A.Compte
	polis, coupes := c.Polis.Load(), c.Coupes.Load()+c.Pannes.Load()
	travail, arreter := context.WithCancel(ctx)
	fin := make(chan error, 1)
	go func() {
		fin <- x.vie.Courir(travail, banc.Equipe{Deposants: 4, Instructeurs: 3, Decideurs: 2, Comptables: 2})
	}()
	for range s.fois {
		if err = s.faire(ctx); err != nil {
			break
		}
	}
	arreter()
	if e := <-fin; err == nil {
		err = e
	}
	if err != nil {
		return l, fmt.Errorf("%w\n%s", err, x.journaux())
	}
	if tarir {
		if l.EnAttente, err = x.site.Tarir(ctx, true, 90*time.Second); err != nil {
			return l, err
		}
	}
	p, err := x.site.Prouver(ctx, x.vie.Carnet)
	if err != nil {
		return l, err
	}
	l.Reconnus, l.Perdus, l.Doubles, l.Ecarts = x.vie.Carnet.Reconnus()-avant, len(p.Perdus), len(p.Doubles), p.Ecarts
	l.Restes, l.Demandes, l.Morts = p.Restes, p.Demandes, p.Morts
	l.Polis, l.Coupes = int(c.Polis.Load()-polis), int(c.Coupes.Load()+c.Pannes.Load()-coupes)
	l.Mordus, l.Duree = x.mordus, time.Since(debut)
	for _, t := range append(p.Perdus, p.Doubles...) {
		fmt.Fprintln(x.plan.Journal, "  ", t)
	}
	return l, x.site.Decaler(0)
}

// journaux is the end of what the portals logged.
func (x *atelier) journaux() string {
	var b strings.Builder
	for _, p := range x.portails {
		t, err := os.ReadFile(p.Journal)
		if err == nil {
			b.Write(t[max(0, len(t)-3000):])
		}
	}
	return b.String()
}
