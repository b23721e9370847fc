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

// Epissure is one place where a returned file is not the file received: the
// bytes [Debut, Fin) of that one, which may be none, are replaced by Texte.
type Epissure struct {
	Debut, Fin int
	Texte      []byte
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
	return Episser(r.d, r.Epissures(n))
}

// Epissures tells what [Rapport.Retour] changes, in the order of the bytes: with
// the file received it is the returned file, and much shorter. It returns nil
// when control 1 failed.
func (r *Rapport) Epissures(n Numeros) []Epissure {
	if !r.StructureValide() {
		return nil
	}
	es := make([]Epissure, 0, 3*len(r.lignes)+1)
	impID := r.racineVals[r.jeu.plan.impID]
	// impId may stand behind lignesImport: splices go in the order of offsets.
	fait := n.ImpID == ""
	for i := range r.lignes {
		if l := &r.lignes[i]; !fait && impID.deb() < l.deb {
			es = append(es, impID.par(AppendTexteJSON(nil, n.ImpID)))
			fait = true
		}
		es = r.epissuresLigne(es, i, n)
	}
	if !fait {
		es = append(es, impID.par(AppendTexteJSON(nil, n.ImpID)))
	}
	return es
}

// Episser makes the returned file of the one received. The splices are those
// of this very file, in their order.
func Episser(recu []byte, es []Epissure) []byte {
	taille := len(recu)
	for _, e := range es {
		taille += len(e.Texte)
	}
	dst := make([]byte, 0, taille)
	pos := 0
	for _, e := range es {
		dst = append(append(dst, recu[pos:e.Debut]...), e.Texte...)
		pos = e.Fin
	}
	return append(dst, recu[pos:]...)
}

// epissuresLigne adds the answers to one request, in the order of its bytes;
// what is missing comes last, in the order of the table.
func (r *Rapport) epissuresLigne(es []Epissure, i int, n Numeros) []Epissure {
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
			es = append(es, a.v.par(a.texte))
			continue
		}
		texte := append(append(append([]byte(`, "`), pl.champs[a.slot].Cle...), `": `...), a.texte...)
		es = append(es, Epissure{fin, fin, texte})
	}
	return es
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

// par replaces a value.
func (v valeur) par(texte []byte) Epissure { return Epissure{int(v.deb()), int(v.fin()), texte} }
