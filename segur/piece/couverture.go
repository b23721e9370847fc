package piece

import (
	"slices"
	"strings"

	"guichet.example/segur"
)

// Couverture is what several places hold, side by side with what requests
// declare.
type Couverture struct {
	Complete       bool           // every declared document is received
	Demandes       []Demande      // those that declare something, in the order of Attendues
	Refusees       []Constat      // errors, of files and of archives, place by place
	Avertissements []Constat      // remarks on accepted files and archives
	NonControlees  []NonControlee // what the tool could not look at: nothing may be concluded of it
	Bilan          Bilan
}

// Demande is the coverage of one request.
type Demande struct {
	Rang          int
	NumeroEditeur string
	Complete      bool
	Recues        []Piece
	Manquantes    []Manquante
	NonControlees int // declared, there, and not looked at
}

// Manquante is a declared document that is not received.
type Manquante struct {
	Attendue
	Refusee bool // a file of that name is there, and refused
	Constat Constat
}

// NonControlee is a file, an archive or a folder that the tool could not look
// at, and why.
type NonControlee struct {
	Nom    string // of the file; that of the place when Source is the same
	Source string
	Erreur error
}

// Bilan counts declared documents and refusals.
type Bilan struct {
	Attendues, Recues, Manquantes, Refusees, Avertissements, NonControlees int
}

// Couvrir puts places side by side with declared documents. One name found good
// in two places, whatever its letter case, is refused in both: the lots are
// changed so.
func Couvrir(attendues []Attendue, lots ...Lot) *Couverture {
	c := new(Couverture)
	dedoubler(lots)
	trouvees := make(map[string]*Piece)
	for i := range lots {
		c.verser(&lots[i], trouvees)
	}
	c.Refusees = sansCopies(c.Refusees)
	c.Complete = len(c.NonControlees) == 0
	for _, a := range attendues {
		c.couvrir(a, trouvees[a.NomFichier])
	}
	c.Bilan.Attendues = len(attendues)
	c.Bilan.Refusees = len(c.Refusees)
	c.Bilan.Avertissements = len(c.Avertissements)
	c.Bilan.NonControlees = len(c.NonControlees)
	return c
}

// dedoubler refuses documents that are in several places.
func dedoubler(lots []Lot) {
	lieux := make(map[string][]*Piece)
	for i := range lots {
		for j := range lots[i].Pieces {
			if p := &lots[i].Pieces[j]; p.Recue() || doublon(p) {
				cle := strings.ToLower(p.Nom)
				lieux[cle] = append(lieux[cle], p)
			}
		}
	}
	for _, ps := range lieux {
		if len(ps) < 2 {
			continue
		}
		var noms []string
		for _, p := range ps {
			if l := lieu(p.Source); !slices.Contains(noms, l) {
				noms = append(noms, l)
			}
		}
		for _, p := range ps {
			// A copy beside another in its archive names that archive only.
			p.Constats = slices.DeleteFunc(p.Constats, estDoublon)
			p.noter(CodeDoublon, "{lieux}", strings.Join(noms, ", "))
		}
	}
}

func doublon(p *Piece) bool {
	return slices.ContainsFunc(p.Constats, estDoublon)
}

func estDoublon(k Constat) bool { return k.Code == CodeDoublon }

// verser sorts what a place holds. A good document goes before a refused one of
// the same name.
func (c *Couverture) verser(l *Lot, trouvees map[string]*Piece) {
	c.ranger(l.Constats)
	if l.Erreur != nil {
		c.NonControlees = append(c.NonControlees, NonControlee{l.Nom, l.Nom, l.Erreur})
	}
	for i := range l.Pieces {
		p := &l.Pieces[i]
		c.ranger(p.Constats)
		if p.Erreur != nil {
			c.NonControlees = append(c.NonControlees, NonControlee{p.Nom, p.Source, p.Erreur})
		}
		if t := trouvees[p.Nom]; t == nil || !t.Recue() && (p.Recue() || p.Erreur != nil) {
			trouvees[p.Nom] = p
		}
	}
}

// sansCopies keeps one refusal of a name that is there several times: its
// sentence says where all copies are.
func sansCopies(ks []Constat) []Constat {
	vus := make(map[string]bool)
	return slices.DeleteFunc(ks, func(k Constat) bool {
		vu := estDoublon(k) && vus[k.Nom]
		vus[k.Nom] = vus[k.Nom] || estDoublon(k)
		return vu
	})
}

func (c *Couverture) ranger(ks []Constat) {
	for _, k := range ks {
		if k.Gravite == segur.Erreur {
			c.Refusees = append(c.Refusees, k)
		} else {
			c.Avertissements = append(c.Avertissements, k)
		}
	}
}

// couvrir gives a declared document its place in the coverage of its request.
func (c *Couverture) couvrir(a Attendue, p *Piece) {
	n := len(c.Demandes)
	if n == 0 || c.Demandes[n-1].Rang != a.Rang || c.Demandes[n-1].NumeroEditeur != a.NumeroEditeur {
		c.Demandes = append(c.Demandes, Demande{Rang: a.Rang, NumeroEditeur: a.NumeroEditeur, Complete: true})
		n++
	}
	d := &c.Demandes[n-1]
	switch {
	case p != nil && p.Recue():
		d.Recues = append(d.Recues, *p)
		c.Bilan.Recues++
		return
	case p != nil && p.Erreur != nil && !p.Refusee():
		d.NonControlees++
	default:
		d.Manquantes = append(d.Manquantes, manquante(a, p != nil))
		c.Bilan.Manquantes++
	}
	d.Complete, c.Complete = false, false
}

func manquante(a Attendue, refusee bool) Manquante {
	recue := "reçue"
	if refusee {
		recue = "retenue : le fichier de ce nom est refusé"
	}
	k := nouveau(CodeManquante, a.NomFichier, "", "{type}", visible(a.Type), "{demande}", visible(a.NumeroEditeur), "{recue}", recue)
	return Manquante{a, refusee, k}
}
