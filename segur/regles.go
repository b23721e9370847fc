package segur

// Genre is the kind of a field: which JSON type it takes and which rule judges
// its value. The engine knows one check a kind; everything else about a field
// is data in [Champ].
type Genre uint8

// The kinds of fields. The comment of each names its rule on the spec page.
const (
	GenreRang        Genre = iota + 1 // JSON integer equal to the rank of the request (D15)
	GenreNul                          // null and nothing else; the agency fills it (D14)
	GenreListe                        // one of Champ.Valeurs
	GenreIdentifiant                  // exactly Champ.Longueur ASCII letters or digits (D5, D15)
	GenreNumero                       // as GenreIdentifiant, unique in the file (D5, D20)
	GenreReference                    // 1 to Champ.Longueur characters among A–Z, 0–9 and hyphen (numeroASP of a balance, D13)
	GenreSiret                        // exactly Champ.Longueur digits
	GenreDate                         // JJ/MM/AAAA, real, from 1900, not after the day of control (D6, D23)
	GenreMontant                      // JSON number written with two decimals, above zero (D23)
	GenreCarte                        // exactly 10 letters or digits, with own messages for 11 and 12
	GenreTexte                        // 1 to Champ.Longueur characters (D8, D19)
	GenreMajuscules                   // as GenreTexte, without lower-case letters (D24)
	GenreCourriel                     // e-mail address of at most Champ.Longueur characters (D18)
	GenreFiness                       // geographic FINESS number (D7)
	GenreBooleen                      // JSON true or false
	GenreOperateur                    // one of the codes of section 4, byte for byte
	GenreNomPiece                     // file name of a supporting document (§3.3, D21, D26)
	GenreFormatPiece                  // declared format of a supporting document
	GenreTypePiece                    // declared type of a supporting document
)

// Champ is one leaf of the format: a row of the table of §3.2.
//
// The checker, the blank model, the JSON Schema, the fault catalogue, the
// column list and the reference pages all read these rows; nothing else in the
// project knows the fields.
type Champ struct {
	Bloc       string   // key of the object that holds it inside a request; "" for the request itself
	Cle        string   // its key, case-sensitive
	Genre      Genre    // which rule judges it
	Base       int      // first of its ten fault codes; see [Catalogue]
	Longueur   int      // exact or greatest length in characters, where the kind has one
	Facultatif bool     // null is a value; absence is a warning
	Valeurs    []string // allowed values of GenreListe, GenreFormatPiece and GenreTypePiece
	Titre      string   // short French title, for headings and labels
	Aide       string   // French help of one sentence, for the form-filler
	Format     string   // format as the official table prints it
	Attendu    string   // what is expected, in French, for reports
	Exemple    string   // an accepted value, as JSON text
	Reference  string   // section of the document and decisions it rests on

	bloc uint8 // number of Bloc in the rule set
}

// Balise is the path of the field inside its request, as reports print it:
// "numLigne", "commande.dateCommande".
func (c *Champ) Balise() string {
	if c.Bloc == "" {
		return c.Cle
	}
	return c.Bloc + "." + c.Cle
}

// Bloc is an object or the list of pieces inside a request (§2.2).
type Bloc struct {
	Cle       string // its key; the leaves of the request itself have Cle ""
	Tableau   bool   // a list of objects: the pieces
	Base      int    // code of its absence; Base+1 its wrong kind, Base+2 a wrong kind of element
	Titre     string // French title
	Aide      string // French help of one sentence
	Reference string
}

// TypePiece is one type of supporting document that a rule set knows.
type TypePiece struct {
	Valeur      string // value of typeFichier: "BON_COMMANDE"
	Abrege      string // its code inside file names (§3.3): "BDC"
	Titre       string // French name, with its article left out
	SousRegime  string // required only under this regimeTVA; "" = always
	CodeManque  int    // code of its absence
	CodeTrop    int    // code of its repetition
	CodeHorsCas int    // warning when present under another regime; 0 = none possible
}

// Jeu is a rule set: everything that control 1 and control 2 check of one kind
// of file, as data. A Jeu is immutable and safe for concurrent use. Obtain one
// from [JeuPour] or [Jeux]; the zero value is of no use.
type Jeu struct {
	ID      string // "PHA-LGO-Va1/avance"
	Version string // day of the document it follows, AAAA-MM-JJ
	Titre   string // French title
	Couloir string // "PHA"
	Logiciel,
	Vague string // "LGO", "Va1": with Couloir, the beginning of every file name of a piece
	Type   TypeDemande
	Depuis Jour // first day of validity; zero = since always
	Jusque Jour // last day of validity; zero = without end
	Source string

	Entete []Champ     // leaves of the root, in the order of the document
	Blocs  []Bloc      // in the order of the document, the request itself first
	Champs []Champ     // leaves of a request, in the order of control
	Pieces []TypePiece // types of supporting documents

	plan *plan
}

// TypeDemande tells an advance from a balance, as declared at deposit.
type TypeDemande string

// The two types of requests (§1.1).
const (
	Avance TypeDemande = "avance"
	Solde  TypeDemande = "solde"
)

// Limits of control 1 and of the pieces (§2.1, D11).
const (
	TailleMax        = 10 << 20    // bytes of a JSON file
	ProfondeurMax    = 16          // nesting levels, the root being level 1 (D16)
	DemandesMax      = 200         // requests of a file
	PieceMax         = 3 << 20     // bytes of one supporting document, accepted
	ZipMax           = 200 << 20   // bytes of one zip, accepted
	PieceProduiteMax = 3_000_000   // bytes of one supporting document, produced
	ZipProduitMax    = 200_000_000 // bytes of one zip, produced
)

// PrefixePiece is what every file name of a piece begins with: "PHA-LGO-Va1-".
func (j *Jeu) PrefixePiece() string {
	return j.Couloir + "-" + j.Logiciel + "-" + j.Vague + "-"
}

// Champ returns the field of a balise, of the header or of a request; false
// when the rule set has none of that name.
func (j *Jeu) Champ(balise string) (*Champ, bool) {
	for i := range j.Entete {
		if j.Entete[i].Cle == balise {
			return &j.Entete[i], true
		}
	}
	for i := range j.Champs {
		if j.Champs[i].Balise() == balise {
			return &j.Champs[i], true
		}
	}
	return nil, false
}

// TypePiece returns the type of piece of a value of typeFichier; false when
// the rule set has none.
func (j *Jeu) TypePiece(valeur string) (*TypePiece, bool) {
	for i := range j.Pieces {
		if j.Pieces[i].Valeur == valeur {
			return &j.Pieces[i], true
		}
	}
	return nil, false
}

// Bloc returns the block of a key; false when the rule set has none.
func (j *Jeu) Bloc(cle string) (*Bloc, bool) {
	for i := range j.Blocs {
		if j.Blocs[i].Cle == cle {
			return &j.Blocs[i], true
		}
	}
	return nil, false
}
