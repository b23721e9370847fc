package registre

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-json-experiment/json"

	"guichet.example/segur"
)

// Preparer writes deposits prepared together, one entry each, with one fsync:
// all of them are in the ledger, or none. Numbers must have been given by
// AttribuerNumeros (those of a balance are its advance's) and file numbers by
// AttribuerFichier; a number already used by a prepared request is refused.
// Paths below the ledger's folder are kept relative to it.
func (r *Registre) Preparer(depots ...DepotPrepare) error {
	return r.PreparerLot(len(depots), func(i int) (*EntreeDepot, error) { return r.Encoder(&depots[i], Lot{i + 1, len(depots)}), nil }, nil)
}

// EntreeDepot is a prepared deposit spelt and summed up, for
// [Registre.PreparerLot].
type EntreeDepot struct {
	corps []byte
	depot *Depot
}

// Encoder makes the entry of a deposit, which stays the caller's and may be
// used again. It may be called by several goroutines, and while PreparerLot
// waits for its result.
func (r *Registre) Encoder(d *DepotPrepare, lot Lot) *EntreeDepot {
	c := *d
	c.Lot, c.Dossier = lot, r.relatif(d.Dossier)
	tampon, _ := r.tampons.Get().([]byte)
	if tampon == nil {
		tampon = make([]byte, 0, 1024+600*len(d.Demandes)) // mostly enough at once
	}
	return &EntreeDepot{c.append(tampon[:0], r.relatif), resumer(&c)}
}

// PreparerLot is Preparer for deposits that are still being made: prendre
// waits for the i-th. conclure, which may be nil, is called when all entries
// are durable; when it fails they are taken back.
func (r *Registre) PreparerLot(n int, prendre func(i int) (*EntreeDepot, error), conclure func() error) error {
	if n == 0 {
		return nil
	}
	vus := &vus{make(map[cleDemande]bool, n*segur.DemandesMax), make(map[string]bool, n)}
	return r.inscrire(GenreDepot, n, func(i int) (ecriture, error) {
		e, err := prendre(i)
		if err == nil {
			err = r.verifierDepot(e.depot, vus)
		}
		if err != nil {
			return ecriture{}, err
		}
		return ecriture{e.corps, e.depot, func() { r.tampons.Put(e.corps) }}, nil //nolint:staticcheck // a slice's header costs little beside its hundred kilobytes
	}, conclure)
}

// vus are the requests and files of the lot being written.
type vus struct {
	demandes map[cleDemande]bool
	fichiers map[string]bool
}

// verifierDepot refuses what would use a number twice, or one never given.
func (r *Registre) verifierDepot(d *Depot, v *vus) error {
	if r.etat.parFichier[d.Fichier.Nom] != nil || v.fichiers[d.Fichier.Nom] {
		return fmt.Errorf("le fichier %s est déjà dans le registre", d.Fichier.Nom)
	}
	v.fichiers[d.Fichier.Nom] = true
	if err := r.verifierNomFichier(d); err != nil {
		return err
	}
	for k, q := range d.Demandes {
		n := q.NumeroEditeur
		cle := cleDemande{d.Type, cleNumero(n)}
		switch {
		case !numeroValide(n):
			return fmt.Errorf("%s, demande %d : « %s » n’est pas un numéro éditeur", d.Fichier.Nom, k+1, segur.Visible(n, 30))
		case v.demandes[cle] || r.etat.parNumero[cle] != nil && !r.etat.soldeRefuse(cle):
			return fmt.Errorf("%s, demande %d : le numéro éditeur %s est déjà celui d’une demande préparée", d.Fichier.Nom, k+1, n)
		case d.Type == segur.Avance && !d.Importe && !r.Attribue(n):
			return fmt.Errorf("%s, demande %d : le numéro éditeur %s n’a pas été attribué par le registre", d.Fichier.Nom, k+1, n)
		}
		v.demandes[cle] = true
	}
	return nil
}

func (r *Registre) verifierNomFichier(d *Depot) error {
	if d.Importe {
		return nil // a past file may have any name
	}
	nom, err := segur.LireNomFichier(d.Fichier.Nom)
	if err != nil {
		return err
	}
	if dernier := r.etat.fichiers[nom.NumeroAns+" "+nom.Jour.ISO()]; nom.Numero > dernier {
		return fmt.Errorf("le numéro de fichier de %s n’a pas été attribué par le registre", d.Fichier.Nom)
	}
	return nil
}

// relatif makes a path below the ledger's folder relative to it, so that the
// folder can be moved or copied.
func (r *Registre) relatif(chemin string) string {
	if chemin == "" {
		return ""
	}
	base, err1 := filepath.Abs(r.dossier) // no system call when it is absolute
	absolu, err2 := filepath.Abs(chemin)
	if err1 != nil || err2 != nil {
		return chemin
	}
	rel, err := filepath.Rel(base, absolu)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return absolu
	}
	return filepath.ToSlash(rel)
}

// Chemin is where a path kept in the ledger leads now.
func (r *Registre) Chemin(chemin string) string {
	if chemin == "" || filepath.IsAbs(chemin) {
		return chemin
	}
	return filepath.Join(r.dossier, filepath.FromSlash(chemin))
}

// Demandes lists the requests prepared, in the order of the ledger. The
// requests are the ledger's: read only, and as of the last write.
func (r *Registre) Demandes() []*Demande { return append([]*Demande(nil), r.etat.demandes...) }

// Depots lists the files prepared, in the order of the ledger, as Demandes.
func (r *Registre) Depots() []*Depot { return append([]*Depot(nil), r.etat.depots...) }

// Demande finds a request by its type and numeroEditeur; false when the
// ledger has none.
func (r *Registre) Demande(t segur.TypeDemande, numeroEditeur string) (*Demande, bool) {
	d := r.etat.parNumero[cleDemande{t, cleNumero(numeroEditeur)}]
	return d, d != nil
}

// Depot finds a prepared file by its name; false when the ledger has none.
func (r *Registre) Depot(nomFichier string) (*Depot, bool) {
	d := r.etat.parFichier[nomFichier]
	return d, d != nil
}

// Relire reads a deposit again as it was prepared, values and pieces included.
// Only summaries are held in memory.
func (r *Registre) Relire(d *Depot) (DepotPrepare, error) {
	var p DepotPrepare
	f, err := os.Open(r.chemin)
	if err != nil {
		return p, err
	}
	defer f.Close()
	b := make([]byte, d.place.longueur)
	if _, err := io.ReadFull(io.NewSectionReader(f, d.place.deb, int64(len(b))), b); err != nil {
		return p, fmt.Errorf("read the ledger again: %w", err)
	}
	var l ligneEcrite
	if err := json.Unmarshal(b, &l); err != nil {
		return p, fmt.Errorf("read the ledger again: %w", err)
	}
	err = json.Unmarshal(l.Donnees, &p)
	return p, err
}
