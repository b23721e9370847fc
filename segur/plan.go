package segur

import (
	"encoding/binary"
	"sync"
)

// A plan is a rule set laid out for the pass over the bytes: which keys each
// object takes and where a leaf's value goes. It is built once per [Jeu].
type plan struct {
	racine objet
	ligne  objet
	blocs  []objet // by block number; 0 is the request itself and stays empty
	piece  objet
	bases  []uint16 // fault codes of the blocks, by block number

	parBalise func() map[string]int // slot of each leaf of a request
	catalogue func() []Entree
	empreinte func() string

	regles       []regle  // of champs, what a good value is judged by
	noms         [][]byte // what a good name begins with, by type of piece
	champs       []Champ  // the rule set's, shared
	premierPiece int      // slot of the first leaf of a piece; the others follow it
	nbPiece      int      // number of leaves of a piece
	blocPieces   uint8    // block number of the list of pieces
	tousBlocs    uint32   // one bit a block that every request must have

	// Slots that rules look at together.
	numeroEditeur, regimeTVA, numLigne         int
	finess, montant                            int
	numeroASP, codeTraitement, libelle         int
	typePieces                                 []TypePiece
	prefixe                                    []byte
	extensions                                 []string // of the formats, in their order
	racineEntete                               []Champ
	impID, numeroAns, cleSIRET, cleLignesIndex int
}

// regle is the part of a Champ that every value meets, close together.
type regle struct {
	genre    Genre
	bloc     uint8
	nul      bool // null is a value
	longueur int
	valeurs  []string
}

type sorteCle uint8

const (
	cleFeuille sorteCle = iota + 1 // a leaf: indice is its slot
	cleObjet                       // a block that is an object: indice is its number
	clePieces                      // the list of pieces
	cleLignes                      // the list of requests
)

type cle struct {
	motif        string // the key between its quotes
	sorte        sorteCle
	indice       uint8
	tete, masque uint64 // its first eight bytes as a word, and which of them count
}

// objet lists the keys of one object, in the order of the model.
type objet struct {
	cles []cle
	// parLongueur[n%32] is one more than the place of the first key whose quoted
	// length is n; suite leads to the next of that length.
	parLongueur [32]int8
	suite       []int8
}

// ranger makes the indexes, once the keys are there.
func (o *objet) ranger() {
	for i := range o.cles {
		c := &o.cles[i]
		var tete, masque [8]byte
		for k := range copy(tete[:], c.motif) {
			masque[k] = 0xff
		}
		c.tete, c.masque = binary.LittleEndian.Uint64(tete[:]), binary.LittleEndian.Uint64(masque[:])
	}
	o.suite = make([]int8, len(o.cles))
	for i := len(o.cles) - 1; i >= 0; i-- {
		n := len(o.cles[i].motif) % 32
		o.suite[i], o.parLongueur[n] = o.parLongueur[n], int8(i+1)
	}
}

// chercher finds the key spelt motif (quotes included), trying the one at the
// place suivant first: files mostly keep the order of the model.
func (o *objet) chercher(motif []byte, suivant int) int {
	if suivant < len(o.cles) && o.cles[suivant].motif == string(motif) {
		return suivant
	}
	for i := o.parLongueur[len(motif)%32]; i > 0; i = o.suite[i-1] {
		if o.cles[i-1].motif == string(motif) {
			return int(i - 1)
		}
	}
	return -1
}

// chercherEn finds the key that stands at p, its opening quote, without
// looking for its end first; -1 = none of o's, spelt without escapes.
func (o *objet) chercherEn(d []byte, p, suivant int) int {
	if p+8 > len(d) {
		return -1
	}
	w := binary.LittleEndian.Uint64(d[p:])
	if suivant < len(o.cles) && o.cles[suivant].en(d, p, w) {
		return suivant
	}
	for i := range o.cles {
		if o.cles[i].en(d, p, w) {
			return i
		}
	}
	return -1
}

func (c *cle) en(d []byte, p int, w uint64) bool {
	return w&c.masque == c.tete && p+len(c.motif) <= len(d) && string(d[p:p+len(c.motif)]) == c.motif
}

const cleLignesImport = "lignesImport"

// newPlan lays a rule set out. It panics on a table that the engine cannot
// run, a programmer's mistake that the first test meets.
func newPlan(j *Jeu) *plan {
	if len(j.Champs) > 64 || len(j.Blocs) > 32 {
		panic("segur: rule set " + j.ID + " has more fields than the engine's masks hold")
	}
	p := &plan{champs: j.Champs, prefixe: []byte(j.PrefixePiece()), typePieces: j.Pieces, racineEntete: j.Entete}
	for i := range j.Entete {
		p.racine.cles = append(p.racine.cles, cle{motif: `"` + j.Entete[i].Cle + `"`, sorte: cleFeuille, indice: uint8(i)})
		switch j.Entete[i].Cle {
		case "impId":
			p.impID = i
		case "numeroAns":
			p.numeroAns = i
		case "SIRET":
			p.cleSIRET = i
		}
	}
	p.cleLignesIndex = len(j.Entete)
	p.racine.cles = append(p.racine.cles, cle{motif: `"` + cleLignesImport + `"`, sorte: cleLignes})

	p.blocs = make([]objet, len(j.Blocs))
	numero := map[string]uint8{}
	for i, b := range j.Blocs {
		numero[b.Cle] = uint8(i)
		p.bases = append(p.bases, uint16(b.Base))
		if i > 0 {
			p.tousBlocs |= 1 << i
		}
		if b.Tableau {
			p.blocPieces = uint8(i)
		}
	}
	p.placerChamps(j, numero)
	p.racine.ranger()
	p.ligne.ranger()
	p.piece.ranger()
	for i := range p.blocs {
		p.blocs[i].ranger()
	}
	p.parBalise = sync.OnceValue(func() map[string]int {
		slots := make(map[string]int, len(j.Champs))
		for i := range j.Champs {
			slots[j.Champs[i].Balise()] = i
		}
		return slots
	})
	p.regles = make([]regle, 0, len(j.Champs))
	for i := range j.Champs {
		c := &j.Champs[i]
		p.regles = append(p.regles, regle{c.Genre, c.bloc, c.Facultatif || c.Genre == GenreNul, c.Longueur, c.Valeurs})
	}
	for _, t := range j.Pieces {
		p.noms = append(p.noms, []byte(j.PrefixePiece()+t.Abrege+"-"))
	}
	for _, f := range j.Champs[p.premierPiece+1].Valeurs {
		p.extensions = append(p.extensions, extension(f))
	}
	return p
}

// placerChamps gives each leaf its slot and each block its place among the
// keys of the request: where its first leaf stands in the table.
func (p *plan) placerChamps(j *Jeu, numero map[string]uint8) {
	place := map[string]bool{}
	p.premierPiece = -1
	for i := range j.Champs {
		c := &j.Champs[i]
		feuille := cle{motif: `"` + c.Cle + `"`, sorte: cleFeuille, indice: uint8(i)}
		n, connu := numero[c.Bloc]
		if !connu {
			panic("segur: field " + c.Cle + " names the unknown block " + c.Bloc)
		}
		c.bloc = n
		if c.Bloc != "" && !place[c.Bloc] {
			place[c.Bloc] = true
			sorte := cleObjet
			if n == p.blocPieces {
				sorte = clePieces
			}
			p.ligne.cles = append(p.ligne.cles, cle{motif: `"` + c.Bloc + `"`, sorte: sorte, indice: n})
		}
		switch {
		case c.Bloc == "":
			p.ligne.cles = append(p.ligne.cles, feuille)
		case n == p.blocPieces:
			if p.premierPiece < 0 {
				p.premierPiece = i
			}
			p.nbPiece++
			p.piece.cles = append(p.piece.cles, feuille)
		default:
			p.blocs[n].cles = append(p.blocs[n].cles, feuille)
		}
		p.retenir(c.Cle, i)
	}
}

func (p *plan) retenir(nom string, i int) {
	switch nom {
	case "numeroEditeur":
		p.numeroEditeur = i
	case "FINESSGeo":
		p.finess = i
	case "montantSegurHT":
		p.montant = i
	case "regimeTVA":
		p.regimeTVA = i
	case "numLigne":
		p.numLigne = i
	case "numeroASP":
		p.numeroASP = i
	case "codeTraitement":
		p.codeTraitement = i
	case "libelleTraitement":
		p.libelle = i
	}
}
