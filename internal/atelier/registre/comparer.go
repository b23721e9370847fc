package registre

import (
	"fmt"
	"os"
	"time"

	"guichet.example/segur"
)

// Relation is how two copies of a ledger stand to each other.
type Relation string

// The relations of this ledger to the other one.
const (
	Identiques Relation = "identiques" // entry by entry
	EnAvance   Relation = "en_avance"  // this one has all of the other, and more
	EnRetard   Relation = "en_retard"  // the other has all of this one, and more
	Divergents Relation = "divergents" // one beginning, two continuations: two people worked on two copies
	Etrangers  Relation = "etrangers"  // not one entry in common
)

// Comparaison is what the meeting of two copies brings to light.
type Comparaison struct {
	Relation  Relation
	Communes  int      // entries that both begin with
	Ici       []Entree // beyond them, here; without data
	La        []Entree // beyond them, in the other; without data
	Collision []string // numeroEditeur that both gave to requests after they parted
}

// Comparer puts two copies of a ledger side by side. Both chains are verified
// on the way: damage is an *ErreurChaine.
func Comparer(ici, la string) (*Comparaison, error) {
	a, err := lireEntrees(ici)
	if err != nil {
		return nil, err
	}
	b, err := lireEntrees(la)
	if err != nil {
		return nil, err
	}
	n := 0
	for n < len(a) && n < len(b) && a[n].Empreinte == b[n].Empreinte {
		n++
	}
	c := &Comparaison{Communes: n, Ici: sansDonnees(a[n:]), La: sansDonnees(b[n:])}
	switch {
	case n == 0:
		c.Relation = Etrangers
	case n == len(a) && n == len(b):
		c.Relation = Identiques
	case n == len(b):
		c.Relation = EnAvance
	case n == len(a):
		c.Relation = EnRetard
	default:
		c.Relation = Divergents
	}
	if c.Relation == Divergents || c.Relation == Etrangers {
		c.Collision, err = collisions(a[n:], b[n:])
	}
	return c, err
}

// collisions lists the numbers given on both sides. It keeps the order of a.
func collisions(a, b []Entree) ([]string, error) {
	ici, err := donnes(a)
	if err != nil {
		return nil, err
	}
	la, err := donnes(b)
	if err != nil {
		return nil, err
	}
	autres := map[string]bool{}
	for _, n := range la {
		autres[n] = true
	}
	var communs []string
	for _, n := range ici {
		if autres[n] {
			communs = append(communs, n)
		}
	}
	return communs, nil
}

// donnes lists the numbers that entries give.
func donnes(es []Entree) ([]string, error) {
	var liste []string
	for i := range es {
		if es[i].Genre != GenreNumeros {
			continue
		}
		v, err := lireDonnees[numeros](&es[i])
		if err != nil {
			return nil, err
		}
		for _, p := range v.Plages {
			for k := max(rangDe(p[0]), 1); k <= rangDe(p[1]); k++ {
				liste = append(liste, numeroDe(k))
			}
		}
	}
	return liste, nil
}

// lireEntrees reads a whole ledger; data is kept of allocations only, the
// rest can be large.
func lireEntrees(chemin string) ([]Entree, error) {
	f, err := os.Open(chemin)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var es []Entree
	_, _, err = parcourir(chemin, f, func(e *Entree, _ place) error {
		k := *e
		if k.Donnees = nil; e.Genre == GenreNumeros {
			k.Donnees = append(k.Donnees, e.Donnees...)
		}
		es = append(es, k)
		return nil
	})
	if err == nil && len(es) == 0 {
		err = fmt.Errorf("%s : ce n’est pas un registre", chemin)
	}
	return es, err
}

func sansDonnees(es []Entree) []Entree {
	vides := append([]Entree(nil), es...)
	for i := range vides {
		vides[i].Donnees = nil
	}
	return vides
}

// Phrase sums the comparison up for the person, in French; ici and la are what
// the two files are called.
func (c *Comparaison) Phrase(ici, la string) string {
	switch c.Relation {
	case Identiques:
		return fmt.Sprintf("%s et %s sont identiques (%d entrées).", ici, la, c.Communes)
	case EnAvance:
		return fmt.Sprintf("%s contient tout %s et %d entrées de plus : gardez %s.", ici, la, len(c.Ici), ici)
	case EnRetard:
		return fmt.Sprintf("%s contient tout %s et %d entrées de plus : gardez %s.", la, ici, len(c.La), la)
	case Etrangers:
		return fmt.Sprintf("%s et %s sont deux registres différents : ils n’ont aucune entrée commune.", ici, la)
	}
	return fmt.Sprintf("%s et %s ont divergé après l’entrée %d (%s) : deux personnes ont travaillé sur deux copies, %d entrées ici, %d là. %s",
		ici, la, c.Communes, segur.Visible(c.dateSeparation(), 40), len(c.Ici), len(c.La), c.conseil())
}

func (c *Comparaison) dateSeparation() string {
	if len(c.Ici) > 0 {
		if t, err := time.Parse(time.RFC3339Nano, c.Ici[0].Date); err == nil {
			return "séparation le " + t.Format("02/01/2006 à 15:04")
		}
	}
	return "date inconnue"
}

func (c *Comparaison) conseil() string {
	if len(c.Collision) == 0 {
		return "Aucun numéro n’a été donné deux fois : gardez l’un et importez l’autre (« segur registre importer »)."
	}
	return fmt.Sprintf("%d numéros ont été donnés des deux côtés, dont %s : une seule des deux demandes de chaque numéro peut être déposée. Importez l’autre registre (« segur registre importer ») pour ne plus les redonner, et préparez de nouveau les demandes en double qui ne sont pas déposées.", len(c.Collision), c.Collision[0])
}
