package main

import (
	"context"
	"fmt"
	"net/mail"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"guichet.example/internal/guichet"
)

const (
	espaceMin     = 10 // per cent free, below which a disk is to be looked at
	certificatMin = 14 * 24 * time.Hour
)

// sante is what the bulletin says of the world around the business.
func (p *portail) sante(ctx context.Context) []guichet.Point {
	ps := []guichet.Point{p.santeJournal(ctx)}
	vus := map[string]bool{}
	for _, d := range p.dossiers() {
		if x, cle, ok := santeDisque(d); ok && !vus[cle] {
			vus[cle] = true
			ps = append(ps, x)
		}
	}
	if p.chiffrement != nil {
		if fin := p.chiffrement.expire.Load(); fin != 0 {
			reste := time.Unix(fin, 0).Sub(p.env.maintenant())
			ps = append(ps, guichet.Point{Titre: "Certificat TLS", Detail: fmt.Sprintf("encore %d jours", int(reste.Hours()/24)), Grave: reste < certificatMin})
		}
	}
	return ps
}

func (p *portail) santeJournal(ctx context.Context) guichet.Point {
	x := guichet.Point{Titre: "Journal"}
	v, err := p.base.VerifierJournal(ctx)
	switch {
	case err != nil:
		x.Detail, x.Grave = "n’a pas pu être vérifié", true
		p.trace.Error("journal not verified", "cause", err.Error())
	case len(v.Ruptures) > 0:
		x.Detail, x.Grave = fmt.Sprintf("%d ruptures : lancez « guichet journal verifier » et n’attendez pas", len(v.Ruptures)), true
	default:
		x.Detail = fmt.Sprintf("entier, %d entrées ; les sommes payées s’accordent (%s)", v.Entrees, v.Sommes.Lots.Francais())
	}
	return x
}

// dossiers are the folders of this machine that the portal fills.
func (p *portail) dossiers() []string {
	ds := []string{p.temp}
	if base, ok := strings.CutPrefix(p.reglages["GUICHET_BASE"], "sqlite:"); ok {
		chemin, _, _ := strings.Cut(base, "?")
		ds = append(ds, filepath.Dir(chemin))
	}
	if u, err := url.Parse(p.reglages["GUICHET_PIECES"]); err == nil && u.Scheme == "file" {
		ds = append(ds, filepath.FromSlash(u.Path))
	}
	return ds
}

// santeDisque tells how full the disk of a folder is; the key is the same for
// folders of one disk. A machine that does not tell is left out.
func santeDisque(dossier string) (x guichet.Point, cle string, ok bool) {
	libre, total, cle, ok := espace(dossier)
	if !ok || total == 0 {
		return x, "", false
	}
	part := libre * 100 / total
	return guichet.Point{Titre: "Disque de " + dossier, Detail: fmt.Sprintf("%d %% libres, %d Mio", part, libre>>20), Grave: part < espaceMin}, cle, true
}

// exploitants are the addresses that get the bulletin.
func (r reglages) exploitants() (as []string, err error) {
	for _, t := range r.liste("GUICHET_EXPLOITANTS") {
		a, err := mail.ParseAddress(t)
		if err != nil || a.Address != t {
			return nil, usage("GUICHET_EXPLOITANTS : « %s » n’est pas une adresse de courriel", t)
		}
		as = append(as, t)
	}
	if len(as) > 0 && r["GUICHET_SMTP"] == "" {
		return nil, usage("GUICHET_EXPLOITANTS demande un relais de courrier : GUICHET_SMTP manque")
	}
	return as, nil
}

// bulletin prints what the operators' daily mail says: 0 when nothing needs
// anybody, 1 otherwise.
func bulletin(ctx context.Context, env environnement, args []string) error {
	if len(args) > 0 {
		return usage("« %s » est de trop pour « guichet bulletin »", args[0])
	}
	grave := false
	err := avecGuichet(ctx, env, func(g *guichet.Guichet) error {
		ps, err := g.Bulletin(ctx)
		for _, x := range ps {
			signe := "✓"
			if x.Grave {
				signe, grave = "✗", true
			}
			fmt.Fprintf(env.sortie, "%s %s : %s\n", signe, x.Titre, x.Detail)
		}
		return err
	})
	if err == nil && grave {
		return statut(statutRefus)
	}
	return err
}
