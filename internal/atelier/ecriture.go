package atelier

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"guichet.example/internal/atelier/registre"
	"guichet.example/segur"
)

// ecriture is one plan being written: files on all cores, and their entries
// handed to the ledger as they get ready, while the disk makes durable what
// was written before.
type ecriture struct {
	Resultat
	plan    *Plan
	dossier string // where the files are written
	reg     *registre.Registre
	disque  *disque
	entrees []chan *registre.EntreeDepot
	complet chan struct{} // closed when all files are there and durable
}

func (p *Plan) nouvelleEcriture(dossier, vers string, reg *registre.Registre) *ecriture {
	x := &ecriture{Resultat: Resultat{Dossier: vers, ecrits: make([]ecrits, len(p.Depots))}, plan: p, dossier: dossier, reg: reg,
		disque: nouveauDisque(), entrees: make([]chan *registre.EntreeDepot, len(p.Depots)), complet: make(chan struct{})}
	for i := range x.entrees {
		x.entrees[i] = make(chan *registre.EntreeDepot, 1)
		x.ecrits[i].zips = make([]registre.Fichier, len(p.Depots[i].Zips))
	}
	return x
}

// entree waits for the i-th entry of the ledger. The last one waits for the
// whole folder: with it the preparation counts.
func (x *ecriture) entree(ctx context.Context, i int) (*registre.EntreeDepot, error) {
	if i == len(x.entrees)-1 {
		select {
		case <-x.complet:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	select {
	case e := <-x.entrees[i]:
		return e, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// remplir writes all files of a plan into the folder and makes them durable.
func (x *ecriture) remplir(ctx context.Context) error {
	err := x.toutEcrire(ctx)
	if err = errors.Join(err, x.disque.attendre()); err != nil {
		return err
	}
	if err := synchroniser(x.dossier); err != nil {
		return err
	}
	close(x.complet)
	return nil
}

func (x *ecriture) toutEcrire(ctx context.Context) error {
	if err := x.ecrireFichiers(ctx); err != nil {
		return err
	}
	if err := x.ecrireZips(ctx); err != nil {
		return err
	}
	var annexes []registre.Fichier
	for _, nom := range cles(x.plan.Annexes) {
		f, err := x.creer(nom, func(w io.Writer) error { _, err := w.Write(x.plan.Annexes[nom]); return err })
		if err != nil {
			return err
		}
		annexes = append(annexes, f)
	}
	return x.ecrireManifeste(annexes)
}

// ecrireFichiers writes the JSON files. Each is controlled as the bytes that
// go out: whatever went before, none leaves that would be refused.
func (x *ecriture) ecrireFichiers(ctx context.Context) error {
	p, o := x.plan, x.plan.Cadre
	doc := nouveauDocument(o.Jeu, o.Entete)
	return enParallele(ctx, len(p.Depots), func() func(context.Context, int) error {
		var tampon []byte
		var memoire segur.Memoire
		inscrire := x.inscripteur()
		return func(_ context.Context, i int) error {
			d := p.Depots[i]
			tampon = doc.append(tampon[:0], d.Commandes, func(k int) string { return d.Numeros[k] })
			rapport := o.juger(tampon, segur.Options{Nom: d.Fichier, Portail: true, Memoire: &memoire, Finess: o.Finess})
			if err := refus(rapport, d); err != nil {
				return err
			}
			if err := d.couverture(rapport, p.reperes.noms); err != nil {
				return err
			}
			f, err := x.creer(d.Fichier, func(w io.Writer) error { _, err := w.Write(tampon); return err })
			if err != nil {
				return err
			}
			x.ecrits[i].fichier = f
			if len(d.Zips) == 0 {
				return inscrire(i)
			}
			return nil
		}
	})
}

// ecrireZips writes the archives, then makes the entries of their deposits.
func (x *ecriture) ecrireZips(ctx context.Context) error {
	type lieu struct{ depot, zip int }
	var lieux []lieu
	var avecZips []int
	var total int64
	p := x.plan
	for i, d := range p.Depots {
		for k := range d.Zips {
			lieux = append(lieux, lieu{i, k})
			total += d.Zips[k].Taille
		}
		if len(d.Zips) > 0 {
			avecZips = append(avecZips, i)
		}
	}
	avance := p.Cadre.compteur(EtapeZips, total)
	err := enParallele(ctx, len(lieux), func() func(context.Context, int) error {
		w := &ecrivainZip{}
		return func(ctx context.Context, i int) (err error) {
			l := lieux[i]
			z := &p.Depots[l.depot].Zips[l.zip]
			f, err := w.ecrire(ctx, x.dossier, z, p.Cadre.Jour, avance)
			x.ecrits[l.depot].zips[l.zip] = f
			if err == nil && f.Taille >= segur.ZipProduitMax {
				err = fmt.Errorf("%s pèse %d octets, plus que prévu", z.Nom, f.Taille)
			}
			return err
		}
	})
	if err != nil {
		return err
	}
	return enParallele(ctx, len(avecZips), func() func(context.Context, int) error {
		inscrire := x.inscripteur()
		return func(_ context.Context, i int) error { return inscrire(avecZips[i]) }
	})
}

// inscripteur makes the entry of the i-th deposit for the ledger; each worker
// has its own.
func (x *ecriture) inscripteur() func(i int) error {
	p, o := x.plan, x.plan.Cadre
	regles := o.Jeu.Empreinte()
	var demandes []registre.DemandePreparee // used again: the entry keeps none of them
	return func(i int) (err error) {
		d := p.Depots[i]
		if demandes, err = d.demandes(demandes[:0], o.Jeu, p.reperes); err != nil {
			return err
		}
		x.entrees[i] <- x.reg.Encoder(&registre.DepotPrepare{Dossier: x.Dossier, Type: o.Jeu.Type, NumeroAns: o.NumeroAns, SIRET: o.SIRET,
			Fichier: x.ecrits[i].fichier, Zips: x.ecrits[i].zips, Regles: regles, Demandes: demandes}, registre.Lot{Rang: i + 1, Sur: len(p.Depots)})
		return nil
	}
}

// demandes is what the ledger keeps of each request, behind ds whose places
// are used again.
func (d *DepotPrevu) demandes(ds []registre.DemandePreparee, jeu *segur.Jeu, r *reperes) ([]registre.DemandePreparee, error) {
	for i, c := range d.Commandes {
		m, err := r.calcul(c)
		if err != nil {
			return nil, err
		}
		var valeurs registre.Valeurs
		var pieces []registre.PiecePreparee
		if len(ds) < cap(ds) {
			ancienne := &ds[:len(ds)+1][len(ds)]
			valeurs, pieces = ancienne.Valeurs[:0], ancienne.Pieces[:0]
		}
		q := registre.DemandePreparee{NumeroEditeur: d.Numeros[i], Regime: m.Regime, Montants: registre.MontantsDe(m), FINESSGeo: texteJSON(c.valeur(r.finess)),
			Extras: c.Extras, Source: c.Source, Remplace: c.Remplace}
		if jeu.Type == segur.Solde {
			q.NumeroASP = texteJSON(c.valeur(r.asp))
		}
		for k, champ := range r.aGarder {
			valeurs = append(valeurs, registre.Valeur{Balise: r.balises[k], JSON: premier(c.valeur(champ), "null")})
		}
		for k := range c.Pieces {
			x := &c.Pieces[k]
			p := registre.PiecePreparee{NomFichier: r.noms.nom(x, d.Numeros[i]), Format: x.Format, Type: x.Type, Source: x.Source, Taille: x.Taille}
			if x.Source != "" {
				p.SHA256 = hex.EncodeToString(x.SHA256[:])
			}
			pieces = append(pieces, p)
		}
		q.Valeurs, q.Pieces = valeurs, pieces
		ds = append(ds, q)
	}
	return ds, nil
}

// creer writes a small file of the folder; the disk makes it durable in the
// meantime.
func (x *ecriture) creer(nom string, remplir func(io.Writer) error) (registre.Fichier, error) {
	return creer(x.dossier, nom, x.disque.confier, remplir)
}

// disque makes files durable while others are written: the disk answers many
// in the time of one.
type disque struct {
	places  chan struct{}
	attente sync.WaitGroup
	verrou  sync.Mutex
	err     error
}

// durables is how many files are made durable at once.
const durables = 32

func nouveauDisque() *disque { return &disque{places: make(chan struct{}, durables)} }

// confier takes a written file over; the caller no longer uses it.
func (d *disque) confier(f *os.File) error {
	d.places <- struct{}{}
	d.attente.Go(func() {
		if err := durcir(f); err != nil {
			d.verrou.Lock()
			d.err = err
			d.verrou.Unlock()
		}
		<-d.places
	})
	return nil
}

// attendre waits for all files and tells what went wrong with one of them.
func (d *disque) attendre() error {
	d.attente.Wait()
	return d.err
}

// durcir makes a written file durable and closes it.
func durcir(f *os.File) error { return errors.Join(f.Sync(), f.Close()) }
