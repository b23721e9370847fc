package segur

// faute is one fault as the pass records it: a code and places. [Constat] is
// the same with its sentences, made when somebody reads it.
type faute struct {
	code           uint16
	rang           uint16 // request, from 1; 0 = the file or its header
	bloc           uint8  // block inside the request
	absent         bool   // the value is not there: deb and fin outline its object
	champ          int8   // slot of the leaf (of the header when rang is 0); -1 = none
	piece          int32  // piece inside the request, from 0; -1 = none
	deb, fin       uint32 // the value received
	cleDeb, cleFin uint32 // its key, where the fault is the key's
	autre          uint32 // a number that the sentence needs: a rank, a length, a count
	mot            string // words that the sentence needs
}

// Last digit of the codes of a leaf, the same for all: 2101 is a wrong JSON
// type of dateCommande as 2301 is one of nomResponsable. 6 to 9 belong to the
// kind of the field; see genres.go.
const (
	finAbsent    = 0 // missing, or null where a value is required
	finType      = 1 // wrong JSON type
	finMot       = 2 // "null", "true" or "false" between quotes (D9)
	finLongueur  = 3 // too long, or not of the exact length
	finVide      = 4 // empty, or white space only (D8)
	finEspaces   = 5 // white space at an end (D8)
	finInterdit  = 6 // control, format or bidirectional character (D19)
	finForme     = 7 // not of the form, or not in the list
	finPropre    = 8 // what the kind of the field adds
	finPropreBis = 9
)

// Codes of control 1, the catalogue's 1xxx.
const (
	codeVide       = 1000
	codeTaille     = 1001
	codeUTF8       = 1002
	codeSyntaxe    = 1003
	codeSuite      = 1004
	codeDoublon    = 1005
	codeProfond    = 1006
	codeSurrogat   = 1007
	codeRacine     = 1008
	codeAutres     = 1009
	codeInconnue   = 1010
	codeCasse      = 1011
	codeUTF16      = 1012
	codeLignes     = 1050
	codeLignesType = 1051
	codeLignesVide = 1052
	codeLignesTrop = 1053
	codeLigneType  = 1054

	codeNomForme  = 1200
	codeNomDate   = 1201
	codeNomNumero = 1202
)

// Added to Bloc.Base.
const (
	blocAbsent  = 0
	blocType    = 1 // wrong JSON kind
	blocElement = 2 // wrong JSON kind of an element
)

// Codes of the pieces' counts and warnings; the rest of control 2 is computed
// from Champ.Base.
const (
	codePiecesTrop = 2434

	codeBOM     = 9001
	codeNomJour = 9002
	codeAccepte = 0
	// avertAbsent and the two below are added to Champ.Base%1000 + 9000.
	avertAbsent   = 0 // an optional leaf, or one that may only hold null, is missing (D8, D14)
	avertLuhn     = 8 // the FINESS key does not hold (D7)
	avertRegistre = 9 // the FINESS number is not in the register loaded
)

// codeAvert is the warning of a leaf: same family and place under 9xxx.
func codeAvert(base, fin int) uint16 { return uint16(9000 + base%1000 + fin) }
