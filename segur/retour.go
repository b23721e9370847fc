package segur

import (
	"bytes"
	"slices"
)

// Numeros are the numbers that only a portal gives, for the returned file.
type Numeros struct {
	// ImpID is the file's own number; "" leaves impId null.
	ImpID string
	// NumeroASP gives the number of an accepted request of an advance by its
	// rank; nil or "" leaves the key as it is. A balance keeps its advance's.
	NumeroASP func(rang int) string
}

// Retour makes the returned file (§1.2): the bytes received, with impId, and
// for each request numeroASP, codeTraitement and libelleTraitement filled in;
// nothing else moves. A missing one of these keys is added at the end of its
// object.
//
// It returns nil when control 1 failed: such a file is refused as a whole and
// has no returned file (D29).
func (r *Rapport) Retour(n Numeros) []byte {
	if !r.StructureValide() {
		return nil
	}
	e := epissure{src: r.d, dst: make([]byte, 0, len(r.d)+len(r.lignes)*64)}
	impID := r.racineVals[r.jeu.plan.impID]
	// impId may stand behind lignesImport: splices go in the order of offsets.
	fait := n.ImpID == ""
	for i := range r.lignes {
		if l := &r.lignes[i]; !fait && impID.deb() < l.deb {
			e.remplacer(impID, AppendTexteJSON(nil, n.ImpID))
			fait = true
		}
		r.retourLigne(&e, i, n)
	}
	if !fait {
		e.remplacer(impID, AppendTexteJSON(nil, n.ImpID))
	}
	return append(e.dst, r.d[e.pos:]...)
}

// retourLigne splices the answers of one request, in the order of its bytes;
// what is missing comes last, in the order of the table.
func (r *Rapport) retourLigne(e *epissure, i int, n Numeros) {
	pl, l := r.jeu.plan, &r.lignes[i]
	vals := r.vals[i*len(pl.champs):]
	numero := ""
	if l.premier == 0 && r.jeu.Type == Avance && n.NumeroASP != nil {
		numero = n.NumeroASP(i + 1)
	}
	code := Code(l.premier)
	reponses := []reponse{
		{pl.codeTraitement, vals[pl.codeTraitement], AppendTexteJSON(nil, code.String())},
		{pl.libelle, vals[pl.libelle], AppendTexteJSON(nil, r.jeu.Libelle(code))},
	}
	switch v := vals[pl.numeroASP]; {
	case numero != "":
		reponses = slices.Insert(reponses, 0, reponse{pl.numeroASP, v, AppendTexteJSON(nil, numero)})
	case v.jeton() == 0:
		reponses = slices.Insert(reponses, 0, reponse{pl.numeroASP, v, []byte("null")})
	}
	// A request that passed control 1 has blocks: a comma comes before what is
	// added behind its last value.
	fin := len(bytes.TrimRight(r.d[:l.fin-1], " \t\r\n"))
	slices.SortStableFunc(reponses, func(a, b reponse) int { return a.place(fin) - b.place(fin) })
	for _, a := range reponses {
		if a.v.jeton() != 0 {
			e.remplacer(a.v, a.texte)
			continue
		}
		e.jusqua(fin)
		e.dst = append(append(append(e.dst, `, "`...), pl.champs[a.slot].Cle...), `": `...)
		e.dst = append(e.dst, a.texte...)
	}
}

// reponse is one value that the agency fills in.
type reponse struct {
	slot  int
	v     valeur // what stands there now; absent = to be added
	texte []byte
}

func (a reponse) place(fin int) int {
	if a.v.jeton() == 0 {
		return fin
	}
	return int(a.v.deb())
}

// epissure copies src to dst with replacements in the order of their offsets.
type epissure struct {
	src, dst []byte
	pos      int
}

func (e *epissure) jusqua(p int) {
	e.dst = append(e.dst, e.src[e.pos:p]...)
	e.pos = p
}

func (e *epissure) remplacer(v valeur, texte []byte) {
	e.jusqua(int(v.deb()))
	e.dst = append(e.dst, texte...)
	e.pos = int(v.fin())
}
