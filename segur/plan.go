package segur

// A plan is a rule set laid out for the pass over the bytes: which keys each
// object takes and where a leaf's value goes. It is built once per [Jeu].
type plan struct {
	racine objet
	ligne  objet
	blocs  []objet // by block number; 0 is the request itself and stays empty
	piece  objet
	bases  []uint16 // fault codes of the blocks, by block number

	catalogue func() []Entree
	empreinte func() string

	champs       []Champ // the rule set's, shared
	premierPiece int     // slot of the first leaf of a piece; the others follow it
	nbPiece      int     // number of leaves of a piece
	blocPieces   uint8   // block number of the list of pieces
	tousBlocs    uint32  // one bit a block that every request must have

	// Slots that rules look at together.
	numeroEditeur, regimeTVA, numLigne         int
	numeroASP, codeTraitement, libelle         int
	typePieces                                 []TypePiece
	prefixe                                    []byte
	extensions                                 []string // of the formats, in their order
	racineEntete                               []Champ
	impID, numeroAns, cleSIRET, cleLignesIndex int
}

type sorteCle uint8

const (
	cleFeuille sorteCle = iota + 1 // a leaf: indice is its slot
	cleObjet                       // a block that is an object: indice is its number
	clePieces                      // the list of pieces
	cleLignes                      // the list of requests
)

type cle struct {
	motif  string // the key between its quotes
	sorte  sorteCle
	indice uint8
}

// objet lists the keys of one object, in the order of the model.
type objet struct {
	cles []cle
}

// chercher finds the key spelt motif (quotes included), trying the one at the
// place suivant first: files mostly keep the order of the model.
func (o *objet) chercher(motif []byte, suivant int) int {
	if suivant < len(o.cles) && o.cles[suivant].motif == string(motif) {
		return suivant
	}
	for i := range o.cles {
		if len(o.cles[i].motif) == len(motif) && o.cles[i].motif == string(motif) {
			return i
		}
	}
	return -1
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
		p.racine.cles = append(p.racine.cles, cle{`"` + j.Entete[i].Cle + `"`, cleFeuille, uint8(i)})
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
	p.racine.cles = append(p.racine.cles, cle{`"` + cleLignesImport + `"`, cleLignes, 0})

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
		feuille := cle{`"` + c.Cle + `"`, cleFeuille, uint8(i)}
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
			p.ligne.cles = append(p.ligne.cles, cle{`"` + c.Bloc + `"`, sorte, n})
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
