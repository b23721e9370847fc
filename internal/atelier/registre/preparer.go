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
	if len(depots) == 0 {
		return nil
	}
	if err := r.verifierDepots(depots); err != nil {
		return err
	}
	return r.ajouterPlusieurs(GenreDepot, len(depots), func(i int) any {
		d := depots[i]
		d.Lot = Lot{Rang: i + 1, Sur: len(depots)}
		d.Dossier = r.relatif(d.Dossier)
		d.Demandes = append([]DemandePreparee(nil), d.Demandes...)
		for k := range d.Demandes {
			q := &d.Demandes[k]
			q.Pieces = append([]PiecePreparee(nil), q.Pieces...)
			for p := range q.Pieces {
				q.Pieces[p].Source = r.relatif(q.Pieces[p].Source)
			}
		}
		return d
	})
}

// verifierDepots refuses what would use a number twice, or one never given.
func (r *Registre) verifierDepots(depots []DepotPrepare) error {
	vus, fichiers := map[cleDemande]bool{}, map[string]bool{}
	for i := range depots {
		d := &depots[i]
		if r.etat.parFichier[d.Fichier.Nom] != nil || fichiers[d.Fichier.Nom] {
			return fmt.Errorf("le fichier %s est déjà dans le registre", d.Fichier.Nom)
		}
		fichiers[d.Fichier.Nom] = true
		if err := r.verifierNomFichier(d); err != nil {
			return err
		}
		for k := range d.Demandes {
			n := d.Demandes[k].NumeroEditeur
			cle := cleDemande{d.Type, cleNumero(n)}
			switch {
			case !numeroValide(n):
				return fmt.Errorf("%s, demande %d : « %s » n’est pas un numéro éditeur", d.Fichier.Nom, k+1, segur.Visible(n, 30))
			case vus[cle] || r.etat.parNumero[cle] != nil && !r.etat.soldeRefuse(cle):
				return fmt.Errorf("%s, demande %d : le numéro éditeur %s est déjà celui d’une demande préparée", d.Fichier.Nom, k+1, n)
			case d.Type == segur.Avance && !d.Importe && !r.Attribue(n):
				return fmt.Errorf("%s, demande %d : le numéro éditeur %s n’a pas été attribué par le registre", d.Fichier.Nom, k+1, n)
			}
			vus[cle] = true
		}
	}
	return nil
}

func (r *Registre) verifierNomFichier(d *DepotPrepare) error {
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
	base, err1 := filepath.Abs(r.dossier)
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
