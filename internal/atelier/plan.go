package atelier

import (
	"fmt"
	"slices"

	"guichet.example/segur"
)

// Plan is what a preparation will write: files, their requests, their zips. It
// is the same for the same orders, numbers and day.
type Plan struct {
	Cadre  *Cadre
	Depots []*DepotPrevu
	// Annexes are further files of the folder, by name: a list of what was
	// left out.
	Annexes map[string][]byte

	reperes *reperes
}

// DepotPrevu is one JSON file to come and its zips.
type DepotPrevu struct {
	Fichier   string // its name
	Commandes []*Commande
	Numeros   []string // numeroEditeur of each
	Zips      []ZipPrevu
	Montants  Montants
}

// ZipPrevu is one archive to come.
type ZipPrevu struct {
	Nom     string
	Taille  int64 // at most: what compresses makes it smaller
	Entrees []EntreePrevue
}

// EntreePrevue is one piece of an archive: the order and its piece, by place.
type EntreePrevue struct {
	Nom   string
	Piece *Piece
}

// Montants sums up the money of a file, exactly.
type Montants struct{ HT, Base, Avance, Solde segur.Montant }

// Numeros gives the numbers of a preparation. The ledger's are for ever;
// those of a plan that is only shown are what the ledger would give.
type Numeros interface {
	// AttribuerNumeros gives n numeroEditeur never given before.
	AttribuerNumeros(n int) ([]string, error)
	// AttribuerFichiers gives the next n file numbers of a day.
	AttribuerFichiers(numeroAns string, jour segur.Jour, n int) ([]int, error)
}

// Planifier makes groups of at most 200 orders, in their order and none empty,
// takes numbers and packs pieces. Orders must have passed Controler and
// ControlerPieces.
func Planifier(o *Cadre, cs []Commande, n Numeros) (*Plan, error) {
	neufs := 0
	for i := range cs {
		if cs[i].Numero == "" {
			neufs++
		}
	}
	numeros, err := n.AttribuerNumeros(neufs)
	if err != nil {
		return nil, err
	}
	fichiers, err := n.AttribuerFichiers(o.NumeroAns, o.Jour, (len(cs)+segur.DemandesMax-1)/segur.DemandesMax)
	if err != nil {
		return nil, err
	}
	p := &Plan{Cadre: o, reperes: reperesDe(o.Jeu)}
	for deb := 0; deb < len(cs); deb += segur.DemandesMax {
		d := &DepotPrevu{Commandes: pointeurs(cs[deb:min(deb+segur.DemandesMax, len(cs))])}
		nom := segur.NomFichier{NumeroAns: o.NumeroAns, Jour: o.Jour, Numero: fichiers[deb/segur.DemandesMax]}
		d.Fichier = nom.String()
		for _, c := range d.Commandes {
			numero := c.Numero
			if numero == "" {
				numero, numeros = numeros[0], numeros[1:]
			}
			d.Numeros = append(d.Numeros, numero)
			if err := d.compter(p.reperes, c); err != nil {
				return nil, err
			}
		}
		d.Zips = d.ranger(p.reperes.noms, nom)
		p.Depots = append(p.Depots, d)
	}
	return p, nil
}

func (d *DepotPrevu) compter(r *reperes, c *Commande) error {
	m, err := r.calcul(c)
	if err != nil {
		return err
	}
	d.Montants.HT += m.HT
	d.Montants.Base += m.Base
	d.Montants.Avance += m.Avance
	d.Montants.Solde += m.Solde
	return nil
}

// Bytes of a zip around the content of an entry: its local header and its
// place in the directory, the name counted apart; and the end of the archive.
const (
	surpoidsEntree = 30 + 46
	surpoidsZip    = 22
)

// ranger packs the pieces of a file into archives below segur.ZipProduitMax:
// in the order of the requests when that needs no more archives than any
// packing could do with, else the largest first, each into the first archive
// that still takes it.
func (d *DepotPrevu) ranger(noms *nommeur, nom segur.NomFichier) []ZipPrevu {
	var entrees []EntreePrevue
	for i, c := range d.Commandes {
		for k := range c.Pieces {
			if c.Pieces[k].Source != "" {
				entrees = append(entrees, EntreePrevue{noms.nom(&c.Pieces[k], d.Numeros[i]), &c.Pieces[k]})
			}
		}
	}
	zips := empaqueter(entrees)
	for i := range zips {
		zips[i].Nom = fmt.Sprintf("PJ-%s-%s-%03d-%02d.zip", nom.NumeroAns, nom.Jour.Compact(), nom.Numero, i+1)
	}
	return zips
}

func (e *EntreePrevue) poids() int64 { return e.Piece.Taille + surpoidsEntree + 2*int64(len(e.Nom)) }

func empaqueter(entrees []EntreePrevue) []ZipPrevu {
	var total int64
	for i := range entrees {
		total += entrees[i].poids()
	}
	const place = segur.ZipProduitMax - 1 - surpoidsZip
	moins := int((total + place - 1) / place)
	zips := remplir(entrees, place, false)
	if len(zips) > moins {
		parTaille := slices.Clone(entrees)
		slices.SortStableFunc(parTaille, func(a, b EntreePrevue) int { return int(b.poids() - a.poids()) })
		if serres := remplir(parTaille, place, true); len(serres) < len(zips) {
			zips = serres
		}
	}
	for i := range zips {
		zips[i].Taille += surpoidsZip
	}
	return zips
}

// remplir fills archives in the order of the entries: the last one only, or
// the first that still takes an entry.
func remplir(entrees []EntreePrevue, place int64, partout bool) []ZipPrevu {
	var zips []ZipPrevu
	for _, e := range entrees {
		i := max(0, len(zips)-1)
		if partout {
			i = slices.IndexFunc(zips, func(z ZipPrevu) bool { return z.Taille+e.poids() <= place })
		}
		if i < 0 || i >= len(zips) || zips[i].Taille+e.poids() > place {
			zips = append(zips, ZipPrevu{})
			i = len(zips) - 1
		}
		zips[i].Taille += e.poids()
		zips[i].Entrees = append(zips[i].Entrees, e)
	}
	return zips
}

// Demandes counts the requests of a plan.
func (p *Plan) Demandes() int {
	n := 0
	for _, d := range p.Depots {
		n += len(d.Commandes)
	}
	return n
}

// Montants sums up the money of a plan.
func (p *Plan) Montants() Montants {
	var t Montants
	for _, d := range p.Depots {
		t = Montants{t.HT + d.Montants.HT, t.Base + d.Montants.Base, t.Avance + d.Montants.Avance, t.Solde + d.Montants.Solde}
	}
	return t
}
