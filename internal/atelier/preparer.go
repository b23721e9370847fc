package atelier

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"guichet.example/internal/atelier/registre"
	"guichet.example/segur"
	"guichet.example/segur/piece"
)

// Resultat is a preparation that was written.
type Resultat struct {
	Dossier string
	Depots  []registre.DepotPrepare // as the ledger has them
}

// Ecrire writes a plan as a new folder and records it in the ledger: JSON
// files, controlled once more as they are, zips, the manifest. The folder
// appears under its name when all of it is there and durable, or not at all.
// A program killed before the end leaves the ledger as it was, a hidden folder
// that the next preparation removes, and numbers that will not be given again.
func (p *Plan) Ecrire(ctx context.Context, vers string, reg *registre.Registre) (r *Resultat, err error) {
	if len(p.Depots) == 0 {
		return nil, errors.New("il n’y a aucune commande à préparer")
	}
	if err := VerifierDestination(vers); err != nil {
		return nil, err
	}
	parent, nom := filepath.Split(filepath.Clean(vers))
	provisoire := filepath.Join(parent, "."+nom+".en-cours")
	if err := os.RemoveAll(provisoire); err != nil {
		return nil, err
	}
	if parent != "" {
		if err := os.MkdirAll(parent, 0o755); err != nil {
			return nil, err
		}
	}
	if err := os.Mkdir(provisoire, 0o755); err != nil {
		return nil, err
	}
	reste := provisoire
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(reste))
		}
	}()
	r = &Resultat{Dossier: vers, Depots: make([]registre.DepotPrepare, len(p.Depots))}
	if err := p.remplir(ctx, provisoire, r); err != nil {
		return nil, err
	}
	if err := publier(provisoire, vers); err != nil {
		return nil, err
	}
	reste = vers
	return r, reg.Preparer(r.Depots...)
}

// VerifierDestination refuses a folder that holds something.
func VerifierDestination(vers string) error {
	noms, err := os.ReadDir(vers)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case len(noms) == 0:
		return nil
	}
	conseil := "donnez un autre dossier, ou videz celui-ci"
	if _, err := os.Stat(filepath.Join(vers, NomManifeste)); err == nil {
		conseil = "c’est un dépôt déjà préparé ; donnez un autre dossier"
	}
	return fmt.Errorf("%s n’est pas vide : %s", vers, conseil)
}

// remplir writes all files of a plan into a folder.
func (p *Plan) remplir(ctx context.Context, dossier string, r *Resultat) error {
	if err := p.ecrireFichiers(ctx, dossier, r); err != nil {
		return err
	}
	if err := p.ecrireZips(ctx, dossier, r); err != nil {
		return err
	}
	var annexes []registre.Fichier
	for _, nom := range cles(p.Annexes) {
		f, err := creer(dossier, nom, false, func(w io.Writer) error { _, err := w.Write(p.Annexes[nom]); return err })
		if err != nil {
			return err
		}
		annexes = append(annexes, f)
	}
	if err := p.ecrireManifeste(dossier, r, annexes); err != nil {
		return err
	}
	return durcir(ctx, dossier)
}

// durables is how many files are made durable at once: the disk answers many
// in the time of one.
const durables = 32

// durcir makes the small files of a folder durable; archives are already, each
// when it was written.
func durcir(ctx context.Context, dossier string) error {
	noms, err := os.ReadDir(dossier)
	if err != nil {
		return err
	}
	var restent []string
	for _, n := range noms {
		if filepath.Ext(n.Name()) != ".zip" {
			restent = append(restent, filepath.Join(dossier, n.Name()))
		}
	}
	return enParalleleSur(ctx, durables, len(restent), func() func(context.Context, int) error {
		return func(_ context.Context, i int) error {
			f, err := os.OpenFile(restent[i], os.O_RDWR, 0)
			if err != nil {
				return err
			}
			return errors.Join(f.Sync(), f.Close())
		}
	})
}

func cles(m map[string][]byte) []string {
	var noms []string
	for n := range m {
		noms = append(noms, n)
	}
	slices.Sort(noms)
	return noms
}

// ecrireFichiers writes the JSON files. Each is controlled as the bytes that
// go out: whatever went before, none leaves that would be refused.
func (p *Plan) ecrireFichiers(ctx context.Context, dossier string, r *Resultat) error {
	o := p.Cadre
	doc := nouveauDocument(o.Jeu, o.Entete)
	return enParallele(ctx, len(p.Depots), func() func(context.Context, int) error {
		var tampon []byte
		var memoire segur.Memoire
		return func(_ context.Context, i int) error {
			d := p.Depots[i]
			tampon = doc.append(tampon[:0], d.Commandes, func(k int) string { return d.Numeros[k] })
			rapport := o.Jeu.Controler(tampon, o.Jour, segur.Options{Nom: d.Fichier, Portail: true, Memoire: &memoire, Finess: o.Finess})
			if err := refus(rapport, d); err != nil {
				return err
			}
			if err := d.couverture(rapport, p.reperes.noms); err != nil {
				return err
			}
			f, err := creer(dossier, d.Fichier, false, func(w io.Writer) error { _, err := w.Write(tampon); return err })
			if err != nil {
				return err
			}
			r.Depots[i] = registre.DepotPrepare{Dossier: r.Dossier, Type: o.Jeu.Type, NumeroAns: o.NumeroAns, SIRET: o.SIRET, Fichier: f, Regles: o.Jeu.Empreinte()}
			r.Depots[i].Demandes, err = d.demandes(o.Jeu, p.reperes)
			return err
		}
	})
}

// refus tells what would be refused of a file; that is a failure of ours, for
// its orders had passed.
func refus(r *segur.Rapport, d *DepotPrevu) error {
	for k := range r.Structure() {
		if k.Gravite == segur.Erreur {
			return fmt.Errorf("%s serait refusé en entier (%s) : %s", d.Fichier, k.Code, k.Message)
		}
	}
	for q := range r.Demandes() {
		if k, refusee := q.Premier(); refusee {
			return fmt.Errorf("%s, demande %d : elle serait refusée (%s) : %s", d.Fichier, q.Rang(), k.Code, k.Message)
		}
	}
	return nil
}

// couverture proves that the zips hold what the file declares, piece by piece,
// and nothing else; pieces whose files come later are left aside.
func (d *DepotPrevu) couverture(r *segur.Rapport, noms *nommeur) error {
	absentes := map[string]bool{}
	for i, c := range d.Commandes {
		for k := range c.Pieces {
			if c.Pieces[k].Source == "" {
				absentes[noms.nom(&c.Pieces[k], d.Numeros[i])] = true
			}
		}
	}
	var attendues []piece.Attendue
	for _, a := range piece.Attendues(r) {
		if !absentes[a.NomFichier] {
			attendues = append(attendues, a)
		}
	}
	var lots []piece.Lot
	for _, z := range d.Zips {
		lot := piece.Lot{Nom: z.Nom}
		for _, e := range z.Entrees {
			lot.Pieces = append(lot.Pieces, piece.Piece{Nom: e.Nom, Source: z.Nom, Taille: e.Piece.Taille, SHA256: e.Piece.SHA256, Format: e.Piece.Format})
		}
		lots = append(lots, lot)
	}
	if c := piece.Couvrir(attendues, lots...); !c.Complete || len(c.Refusees) > 0 {
		return fmt.Errorf("%s : %d pièces attendues, %d présentes dans les zips ; rien n’est écrit", d.Fichier, c.Bilan.Attendues, c.Bilan.Recues)
	}
	return nil
}

// ecrireZips writes the archives, all cores at work.
func (p *Plan) ecrireZips(ctx context.Context, dossier string, r *Resultat) error {
	type lieu struct{ depot, zip int }
	var lieux []lieu
	var total int64
	for i, d := range p.Depots {
		r.Depots[i].Zips = make([]registre.Fichier, len(d.Zips))
		for k := range d.Zips {
			lieux = append(lieux, lieu{i, k})
			total += d.Zips[k].Taille
		}
	}
	avance := p.Cadre.compteur(EtapeZips, total)
	return enParallele(ctx, len(lieux), func() func(context.Context, int) error {
		w := &ecrivainZip{}
		return func(ctx context.Context, i int) (err error) {
			l := lieux[i]
			z := &p.Depots[l.depot].Zips[l.zip]
			f, err := w.ecrire(ctx, dossier, z, p.Cadre.Jour, avance)
			r.Depots[l.depot].Zips[l.zip] = f
			if err == nil && f.Taille >= segur.ZipProduitMax {
				err = fmt.Errorf("%s pèse %d octets, plus que prévu", z.Nom, f.Taille)
			}
			return err
		}
	})
}

// demandes is what the ledger keeps of each request.
func (d *DepotPrevu) demandes(jeu *segur.Jeu, r *reperes) ([]registre.DemandePreparee, error) {
	ds := make([]registre.DemandePreparee, len(d.Commandes))
	for i, c := range d.Commandes {
		m, err := r.calcul(c)
		if err != nil {
			return nil, err
		}
		q := registre.DemandePreparee{NumeroEditeur: d.Numeros[i], Regime: m.Regime, Montants: registre.MontantsDe(m), FINESSGeo: texteJSON(c.valeur(r.finess)),
			Extras: c.Extras, Source: c.Source, Remplace: c.Remplace}
		if jeu.Type == segur.Solde {
			q.NumeroASP = texteJSON(c.valeur(r.asp))
		}
		q.Valeurs = make(registre.Valeurs, len(r.aGarder))
		for k, champ := range r.aGarder {
			q.Valeurs[k] = registre.Valeur{Balise: r.balises[k], JSON: premier(c.valeur(champ), "null")}
		}
		for k := range c.Pieces {
			x := &c.Pieces[k]
			p := registre.PiecePreparee{NomFichier: r.noms.nom(x, d.Numeros[i]), Format: x.Format, Type: x.Type, Source: x.Source, Taille: x.Taille}
			if x.Source != "" {
				p.SHA256 = hex.EncodeToString(x.SHA256[:])
			}
			q.Pieces = append(q.Pieces, p)
		}
		ds[i] = q
	}
	return ds, nil
}

// publier gives a complete folder its name, durably.
func publier(provisoire, vers string) error {
	if err := synchroniser(provisoire); err != nil {
		return err
	}
	if err := os.Remove(vers); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err // an empty folder stood there
	}
	if err := os.Rename(provisoire, vers); err != nil {
		return err
	}
	return synchroniser(filepath.Dir(vers))
}

// synchroniser makes the names in a folder durable, on systems that can.
func synchroniser(dossier string) error {
	d, err := os.Open(dossier)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrInvalid) && !errors.Is(err, fs.ErrPermission) {
		return err
	}
	return nil
}
