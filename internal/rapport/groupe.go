package rapport

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"guichet.example/segur"
)

// groupe gathers the constats of one file that have the same code.
type groupe struct {
	code    segur.Code
	gravite segur.Gravite
	piece   bool
	titre   string
	premier constat
	nombre  int
	rangs   []int    // requests, each once, in order of appearance
	numeros []string // their numeroEditeur, the first nommees of them
	fichier bool     // one at least is outside any request
	autres  []string // where else, the first autresMax places
	tous    []constat
}

// nommees is how many requests are listed with their numeroEditeur before
// ranks alone must do.
const nommees = 6

// autresMax is how many places are named after the first.
const autresMax = 4

// grouper gathers the constats of a result by code: errors, then pieces, then
// warnings; ascending in each. complet keeps every constat, else the first.
func grouper(r *Resultat, o *Options, complet bool) []*groupe {
	var gs []*groupe
	index := map[segur.Code]*groupe{}
	for k := range r.constats(o.Premier) {
		g := index[k.Code]
		if g == nil {
			g = &groupe{code: k.Code, gravite: k.Gravite, piece: k.piece, premier: k, titre: o.titre(r.Rapport, &k)}
			index[k.Code] = g
			gs = append(gs, g)
		}
		g.ajouter(&k, complet)
	}
	slices.SortStableFunc(gs, func(a, b *groupe) int {
		return cmp.Or(a.famille()-b.famille(), int(a.code)-int(b.code))
	})
	return gs
}

func (g *groupe) ajouter(k *constat, complet bool) {
	g.nombre++
	if complet {
		g.tous = append(g.tous, *k)
	}
	if g.nombre > 1 && len(g.autres) < autresMax {
		g.autres = append(g.autres, k.ailleurs()+k.remedePropre(&g.premier))
	}
	g.fichier = g.fichier || k.Rang == 0
	if k.Rang == 0 || len(g.rangs) > 0 && g.rangs[len(g.rangs)-1] == k.Rang {
		return
	}
	g.rangs = append(g.rangs, k.Rang)
	if len(g.numeros) < nommees {
		g.numeros = append(g.numeros, k.numero)
	}
}

// ailleurs is the place and the value of a constat, short.
func (k *constat) ailleurs() string {
	if k.piece || k.Deb == 0 && k.Fin == 0 {
		return k.Message
	}
	s := "ligne " + Nombre(k.Ligne)
	if k.Rang > 0 {
		s += ", demande " + nommerDemande(k.Rang, k.numero)
	}
	if k.Recu != "" {
		s += "\u00a0: " + segur.Visible(k.Recu, 40)
	}
	return s
}

// remedePropre is what a constat advises that the first one of its code does
// not, behind an arrow; "" when it advises the same. Shared sentences are left
// out: what differs is a suggestion made for this very value.
func (k *constat) remedePropre(premier *constat) string {
	if strings.HasPrefix(premier.Remede, k.Remede) {
		return ""
	}
	debut, i := 0, 0
	for ; i < min(len(k.Remede), len(premier.Remede)) && k.Remede[i] == premier.Remede[i]; i++ {
		if i > 0 && k.Remede[i-1] == '.' && k.Remede[i] == ' ' {
			debut = i + 1
		}
	}
	return " → " + k.Remede[debut:]
}

// The families of groups, in the order shown.
const (
	familleErreurs = iota
	famillePieces
	familleAvertissements
)

func (g *groupe) famille() int {
	switch {
	case g.piece:
		return famillePieces
	case g.gravite == segur.Avertissement:
		return familleAvertissements
	}
	return familleErreurs
}

var titresFamilles = [...]string{"Erreurs", "Pièces justificatives", "Avertissements"}

// lieux says which requests are concerned. Every one is named, by its rank at
// least, unless there are more than intervallesMax stretches of them: then
// what is left out is counted, and toutes says where it can be read.
func (g *groupe) lieux(total int, toutes string) string {
	n := len(g.rangs)
	switch {
	case n == 0:
		return ""
	case g.fichier && n == 1:
		return "en-tête et demande " + nommerDemande(g.rangs[0], g.numeros[0])
	case n == total && n > 1:
		return "toutes les demandes (" + Nombre(n) + ")"
	case n == 1:
		return "demande " + nommerDemande(g.rangs[0], g.numeros[0])
	case n <= nommees:
		noms := make([]string, n)
		for i, r := range g.rangs {
			noms[i] = nommerDemande(r, g.numeros[i])
		}
		return "demandes " + enumerer(noms)
	}
	noms, reste := intervalles(g.rangs)
	if reste > 0 {
		return Nombre(n) + " demandes\u00a0: " + strings.Join(noms, ", ") + " et " + Nombre(reste) + " autres (" + toutes + ")"
	}
	return Nombre(n) + " demandes\u00a0: " + enumerer(noms)
}

// nommerDemande is "4 (00004)".
func nommerDemande(rang int, numero string) string {
	s := strconv.Itoa(rang)
	if numero != "" {
		s += " (" + segur.Visible(numero, 20) + ")"
	}
	return s
}

// enumerer is "a, b et c".
func enumerer(noms []string) string {
	if len(noms) < 2 {
		return strings.Join(noms, "")
	}
	return strings.Join(noms[:len(noms)-1], ", ") + " et " + noms[len(noms)-1]
}

// intervallesMax bounds a list of ranks.
const intervallesMax = 15

// intervalles shortens ascending ranks: "1 à 40", "45"; it returns how many
// ranks are left out.
func intervalles(rangs []int) (noms []string, reste int) {
	for i := 0; i < len(rangs); {
		j := i
		for j+1 < len(rangs) && rangs[j+1] == rangs[j]+1 {
			j++
		}
		switch {
		case len(noms) >= intervallesMax:
			return noms, len(rangs) - i
		case j > i+1:
			noms = append(noms, strconv.Itoa(rangs[i])+" à "+strconv.Itoa(rangs[j]))
			i = j + 1
		default:
			noms = append(noms, strconv.Itoa(rangs[i]))
			i++
		}
	}
	return noms, 0
}
