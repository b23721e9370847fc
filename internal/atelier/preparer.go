package atelier

import (
	"context"
	"errors"
	"fmt"
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
	ecrits  []ecrits // of each deposit
}

// ecrits are the files of one deposit, as written.
type ecrits struct {
	fichier registre.Fichier
	zips    []registre.Fichier
}

// Ecrire writes a plan as a new folder and records it in the ledger: JSON
// files, controlled once more as they are, zips, the manifest. The folder
// appears under its name when all of it is there, durable and in the ledger,
// or not at all. A program killed before the entry in the ledger leaves the
// ledger as it was, a hidden folder that the next preparation removes, and
// numbers that will not be given again; killed after it, it leaves a folder
// that [Achever] publishes.
func (p *Plan) Ecrire(ctx context.Context, vers string, reg *registre.Registre) (r *Resultat, err error) {
	if len(p.Depots) == 0 {
		return nil, errors.New("il n’y a aucune commande à préparer")
	}
	if err := VerifierDestination(vers); err != nil {
		return nil, err
	}
	provisoire := nomProvisoire(vers)
	if err := os.RemoveAll(provisoire); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(provisoire), 0o755); err != nil {
		return nil, err
	}
	if err := os.Mkdir(provisoire, 0o755); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil { // then it was not published
			err = errors.Join(err, os.RemoveAll(provisoire))
		}
	}()
	x := p.nouvelleEcriture(provisoire, vers, reg)
	ctx, arreter := context.WithCancelCause(ctx)
	defer arreter(nil)
	rempli := make(chan error, 1)
	go func() {
		err := x.remplir(ctx)
		if err != nil {
			arreter(err) // the ledger must not wait for what will not come
		}
		rempli <- err
	}()
	err = reg.PreparerLot(len(p.Depots), func(i int) (*registre.EntreeDepot, error) {
		return x.entree(ctx, i)
	}, func() error { return publier(provisoire, vers) })
	if err != nil {
		arreter(err)
	}
	<-rempli //nolint:errcheck // an error of it is the one that the ledger was told, or follows from that
	return &x.Resultat, err
}

// suffixeProvisoire ends the name of a folder that is not ready.
const suffixeProvisoire = ".en-cours"

// nomProvisoire is the folder in which another one is written before it is
// published: beside it, hidden.
func nomProvisoire(vers string) string {
	parent, nom := filepath.Split(filepath.Clean(vers))
	return filepath.Join(parent, "."+nom+suffixeProvisoire)
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

func cles(m map[string][]byte) []string {
	var noms []string
	for n := range m {
		noms = append(noms, n)
	}
	slices.Sort(noms)
	return noms
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
	if len(d.Zips) == 0 && !d.aDesScans() {
		return nil // all files come later
	}
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

func (d *DepotPrevu) aDesScans() bool {
	return slices.ContainsFunc(d.Commandes, func(c *Commande) bool {
		return slices.ContainsFunc(c.Pieces, func(p Piece) bool { return p.Source != "" })
	})
}

// publier gives a complete and durable folder its name.
func publier(provisoire, vers string) error {
	if err := os.Remove(vers); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err // an empty folder stood there
	}
	if err := os.Rename(provisoire, vers); err != nil {
		return err
	}
	// The name need not be durable: the ledger knows of it, and Achever gives
	// it again.
	_ = synchroniser(filepath.Dir(vers))
	return nil
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
