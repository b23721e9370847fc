package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"guichet.example/internal/finess"
	"guichet.example/internal/guichet"
	"guichet.example/internal/store"
)

// registreMax bounds the establishments of a register; France has about 100 000.
const registreMax = 2_000_000

// importerFiness is "guichet finess importer FICHIER".
func importerFiness(ctx context.Context, env environnement, args []string) error {
	if len(args) != 2 || args[0] != "importer" && args[0] != "import" {
		return usage("usage : guichet finess importer FICHIER (extraction cs1100502, cs1100507, ou flux JSON des structures)")
	}
	f, err := os.Open(args[1])
	if err != nil {
		return err
	}
	var es []guichet.Etablissement
	r, err := finess.Lire(f, func(e finess.Etablissement) error {
		if len(es) >= registreMax {
			return fmt.Errorf("le registre dépasse %d établissements", registreMax)
		}
		es = append(es, guichet.Etablissement{Finess: e.Finess, Categorie: e.Categorie, RaisonSociale: e.RaisonSociale, CodePostal: e.CodePostal})
		return nil
	})
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return avecGuichet(ctx, env, func(g *guichet.Guichet) error {
		if err := g.ImporterFiness(ctx, r.Extrait, es); err != nil {
			return refus(env, err)
		}
		fmt.Fprintf(env.sortie, "Registre en place : %d établissements lus (%s, %s), %d lignes ignorées. Un portail en service le prend dans les secondes qui viennent.\n", r.Lus, r.Format, r.Encodage, r.Ignores)
		for _, x := range r.Fautes {
			fmt.Fprintln(env.erreur, "  ignoré :", x)
		}
		return nil
	})
}

// registreFiness is the register that this process judges by. Another one put
// in place, by whatever process, is taken without a restart.
type registreFiness struct {
	base    *store.Base
	version atomic.Int64
	lu      atomic.Bool
	lire    atomic.Pointer[guichet.Registre]
}

// cadenceFiness is how often a process looks for another register.
const cadenceFiness = 5 * time.Second

// enPlace is the register in place; nil when there is none: then category and
// existence are not judged.
func (r *registreFiness) enPlace() guichet.Registre {
	if p := r.lire.Load(); p != nil {
		return *p
	}
	return nil
}

// rafraichir reads the register again when it is not the one that was read.
func (r *registreFiness) rafraichir(ctx context.Context) error {
	return r.base.Lire(ctx, func(tx guichet.Tx) error {
		version, err := tx.VersionFiness()
		if err != nil || r.lu.Load() && version == r.version.Load() {
			return err
		}
		m, err := tx.CategoriesFiness()
		if err != nil {
			return err
		}
		var lire guichet.Registre
		if len(m) > 0 {
			lire = func(n string) (int, bool) {
				c, ok := m[n]
				return c, ok
			}
		}
		r.lire.Store(&lire)
		r.version.Store(version)
		r.lu.Store(true)
		return nil
	})
}
