package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// servir is the command: settings from the environment, no demo account.
func servir(ctx context.Context, env environnement, args []string) error {
	r, err := lireReglages(env.variable)
	if err != nil {
		return err
	}
	if err := lireOptions("servir", args, r.declarerOptions); err != nil {
		return err
	}
	if r["GUICHET_PAYEUR_IBAN"] == "" {
		return usage("GUICHET_PAYEUR_IBAN manque : le compte débité par les virements")
	}
	if s := r["GUICHET_SECOND_FACTEUR"]; s != "" && s != "libre" && r["GUICHET_CLE"] == "" {
		return usage("GUICHET_CLE manque : sans clé de coffre, personne ne peut ajouter le second facteur que GUICHET_SECOND_FACTEUR=%s impose. Donnez la clé, ou GUICHET_SECOND_FACTEUR=libre.", s)
	}
	p, err := ouvrir(ctx, env, r, true)
	if err != nil {
		return err
	}
	return errors.Join(p.servirReglages(ctx), p.fermer())
}

// ecouter opens an address. Go would listen with multipath TCP, whose sockets
// take no filter: see tarir.
func ecouter(ctx context.Context, adresse string) (net.Listener, error) {
	var c net.ListenConfig
	c.SetMultipathTCP(false)
	return c.Listen(ctx, "tcp", adresse)
}

// servirReglages opens the addresses that the settings name and serves there.
func (p *portail) servirReglages(ctx context.Context) (err error) {
	if p.chiffrement, err = p.reglages.lireChiffrement(p.trace); err != nil {
		return err
	}
	h, err := p.routeur()
	if err != nil {
		return err
	}
	l, err := ecouter(ctx, p.reglages["GUICHET_ECOUTE"])
	if err != nil {
		return err
	}
	if p.chiffrement == nil {
		fmt.Fprintf(p.env.sortie, "Le portail écoute sur http://%s\n", l.Addr())
		return p.servirSur(ctx, l, h)
	}
	ctx, arreter := context.WithCancel(ctx)
	var autour sync.WaitGroup
	var errRenvoi error
	if adresse := p.reglages["GUICHET_ECOUTE_HTTP"]; adresse != "" {
		clair, err := net.Listen("tcp", adresse)
		if err != nil {
			arreter()
			return errors.Join(err, l.Close())
		}
		fmt.Fprintf(p.env.sortie, "Le renvoi vers HTTPS écoute sur http://%s\n", clair.Addr())
		autour.Go(func() {
			errRenvoi = p.servirRenvoi(ctx, clair, p.chiffrement)
			arreter() // a portal that nobody is sent to any more does not go on in silence
		})
	}
	signaux := make(chan os.Signal, 1)
	signal.Notify(signaux, syscall.SIGHUP)
	defer signal.Stop(signaux)
	autour.Go(func() { p.chiffrement.veiller(ctx, signaux) })
	fmt.Fprintf(p.env.sortie, "Le portail écoute sur https://%s\n", l.Addr())
	err = p.servirSur(ctx, l, h)
	arreter()
	autour.Wait()
	return errors.Join(err, errRenvoi)
}
