package registre

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"guichet.example/segur"
)

// Genre is the kind of an entry.
type Genre string

// The kinds of entries. A kind keeps its meaning for ever: old ledgers stay
// readable.
const (
	GenreOuverture  Genre = "ouverture"  // the first entry of a ledger
	GenreNumeros    Genre = "numeros"    // numeroEditeur given, or known to be used
	GenreFichier    Genre = "fichier"    // file number of a day given
	GenreDepot      Genre = "depot"      // one JSON file prepared, with its pieces
	GenreNom        Genre = "nom"        // a prepared file will be deposited under another day's name
	GenreEnvoi      Genre = "envoi"      // a deposit received or refused by a portal
	GenrePieces     Genre = "pieces"     // pieces received by a portal
	GenreRetour     Genre = "retour"     // a returned file read
	GenreStatuts    Genre = "statuts"    // statuses told by a portal
	GenreReparation Genre = "reparation" // a torn tail was cut off
)

// Entree is one line of the ledger.
type Entree struct {
	Numero     int            // from 1, without holes
	Date       string         // RFC 3339
	Genre      Genre          //
	Donnees    jsontext.Value // an object; its shape depends on Genre
	Precedente string         // hash of the entry before; [Racine] for the first
	Empreinte  string         // "sha256:" and the hash of the line without this member
}

// DepotPrepare is a JSON file ready to be deposited with its pieces.
type DepotPrepare struct {
	Dossier   string            `json:"dossier"` // folder that holds it; relative to the ledger's when it lies below
	Type      segur.TypeDemande `json:"type"`
	NumeroAns string            `json:"numeroAns"`
	SIRET     string            `json:"siret"`
	Fichier   Fichier           `json:"fichier"`
	Zips      []Fichier         `json:"zips,omitempty"`
	Regles    string            `json:"regles"` // hash of the rule set that accepted it
	Demandes  []DemandePreparee `json:"demandes"`
	Importe   bool              `json:"importe,omitzero"` // deposited by other means before; its numbers were not given here
	Lot       Lot               `json:"lot"`              // set by Preparer
}

// Fichier is a file that was written, and what it held then.
type Fichier struct {
	Nom    string `json:"nom"`    // without folders
	Taille int64  `json:"taille"` // bytes
	SHA256 string `json:"sha256"` // hexadecimal
}

// Lot tells deposits that were prepared together: they count when all of them
// are there. Rang goes from 1 to Sur.
type Lot struct {
	Rang int `json:"rang"`
	Sur  int `json:"sur"`
}

// DemandePreparee is one request of a prepared file, with all that is needed
// to prepare it again under another number.
type DemandePreparee struct {
	NumeroEditeur string          `json:"numeroEditeur"`
	Regime        string          `json:"regimeTVA"`
	Montants      Montants        `json:"montants"`
	FINESSGeo     string          `json:"finess"`
	Valeurs       Valeurs         `json:"valeurs"`            // leaves of the request as written, pieces left out
	Pieces        []PiecePreparee `json:"pieces,omitempty"`   //
	Extras        []Extra         `json:"extras,omitempty"`   // x_ columns, in their order
	Source        Source          `json:"source,omitzero"`    // where the order came from
	Remplace      string          `json:"remplace,omitzero"`  // refused numeroEditeur that this one stands for
	NumeroASP     string          `json:"numeroASP,omitzero"` // advance that a balance belongs to
}

// PiecePreparee is a supporting document as named, and where it came from.
type PiecePreparee struct {
	NomFichier string `json:"nomFichier"`
	Format     string `json:"format"` // value of formatFichier
	Type       string `json:"type"`   // value of typeFichier
	Source     string `json:"source"` // path of the original, relative to the ledger's folder when it lies below
	Taille     int64  `json:"taille"`
	SHA256     string `json:"sha256"`
}

// Extra is a value of the supplier's own that travels with a request.
type Extra struct {
	Colonne string `json:"colonne"` // "x_agence"
	Valeur  string `json:"valeur"`
}

// Source is where an order was read.
type Source struct {
	Fichier string `json:"fichier,omitzero"`
	Feuille string `json:"feuille,omitzero"`
	Ligne   int    `json:"ligne,omitzero"` // as the spreadsheet numbers it
}

// Valeur is one leaf of a request: its balise and its JSON text.
type Valeur struct {
	Balise string
	JSON   string
}

// Valeurs are the leaves of a request in the order of the document. In the
// ledger they are one object.
type Valeurs []Valeur

// De returns the JSON text of a leaf; false when it is not there.
func (vs Valeurs) De(balise string) (string, bool) {
	for _, v := range vs {
		if v.Balise == balise {
			return v.JSON, true
		}
	}
	return "", false
}

// Texte returns the text of a leaf that is a string; "" for any other.
func (vs Valeurs) Texte(balise string) string {
	brut, _ := vs.De(balise)
	if len(brut) < 2 || brut[0] != '"' {
		return ""
	}
	s, err := jsontext.AppendUnquote(nil, brut)
	if err != nil {
		return ""
	}
	return string(s)
}

// MarshalJSONTo writes one object, in the order of the slice.
func (vs Valeurs) MarshalJSONTo(e *jsontext.Encoder) error {
	if err := e.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	for _, v := range vs {
		if err := e.WriteToken(jsontext.String(v.Balise)); err != nil {
			return err
		}
		if err := e.WriteValue(jsontext.Value(v.JSON)); err != nil {
			return err
		}
	}
	return e.WriteToken(jsontext.EndObject)
}

// UnmarshalJSONFrom reads what MarshalJSONTo writes, or a list of values whose
// balises stand elsewhere.
func (vs *Valeurs) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	*vs = nil
	t, err := d.ReadToken()
	genre := t.Kind()
	if err != nil || genre != '{' && genre != '[' {
		return errOuErreur(err, "les valeurs d’une demande ne sont ni un objet ni une liste")
	}
	for k := d.PeekKind(); k != '}' && k != ']'; k = d.PeekKind() {
		balise := ""
		if genre == '{' {
			cle, err := d.ReadToken()
			if err != nil {
				return err
			}
			balise = cle.String()
		}
		v, err := d.ReadValue()
		if err != nil {
			return err
		}
		*vs = append(*vs, Valeur{balise, string(v)})
	}
	_, err = d.ReadToken()
	return err
}

// lireDonnees reads the data of an entry. Members of a later version are let
// through: an older tool must not drop a newer ledger.
func lireDonnees[T any](e *Entree) (T, error) {
	var v T
	err := json.Unmarshal(e.Donnees, &v)
	return v, err
}
