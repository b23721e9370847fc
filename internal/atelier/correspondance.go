package atelier

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"guichet.example/segur"
)

// Correspondance says what the columns of a list are: the mapping file of
// "segur preparer --correspondance". What it says is not guessed again.
type Correspondance struct {
	Version    int               `json:"version"`
	Feuille    string            `json:"feuille,omitzero"`
	Encodage   string            `json:"encodage,omitzero"`
	Separateur string            `json:"separateur,omitzero"`
	Colonnes   []ColonneVoulue   `json:"colonnes"`
	Constantes map[string]string `json:"constantes,omitempty"` // by balise, or numeroAns, SIRET; as a cell would say it
	Operateurs map[string]string `json:"operateurs,omitempty"` // label of the list → code of section 4
	Scans      map[string]string `json:"scans,omitempty"`      // typeFichier → name pattern, {heading} standing for the cell
}

// ColonneVoulue is one column of a mapping. Exactly one of Balise, Scan, Extra
// and Ignorer says what it is for.
type ColonneVoulue struct {
	Titre   string  `json:"titre"`            // heading, letter case, accents and blanks aside
	Balise  string  `json:"balise,omitzero"`  // leaf it fills
	Scan    string  `json:"scan,omitzero"`    // typeFichier of the scan it names
	Extra   string  `json:"extra,omitzero"`   // x_… name under which it travels
	Ignorer bool    `json:"ignorer,omitzero"` // not used
	Lire    Lecteur `json:"lire,omitzero"`    // how its cells are to be read
}

// Lecteur is how cells of a column are read, where that is the person's to say.
type Lecteur string

// The ways to read a column.
const (
	LireHT         Lecteur = "HT"         // amounts without tax
	LireTTC        Lecteur = "TTC"        // amounts with tax, to be turned into HT to the cent
	LireMajuscules Lecteur = "majuscules" // names to be put in capitals
)

// VersionCorrespondance is the version of the mapping file that this package
// writes; older ones stay readable.
const VersionCorrespondance = 1

// LireCorrespondance reads a mapping file. Errors are French and tell where.
func LireCorrespondance(octets []byte, jeu *segur.Jeu) (*Correspondance, error) {
	var c Correspondance
	if err := json.Unmarshal(bytes.TrimPrefix(octets, []byte("\xef\xbb\xbf")), &c, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("ce n’est pas une correspondance lisible : %w", err)
	}
	if c.Version != VersionCorrespondance {
		return nil, fmt.Errorf("\"version\" vaut %d ; cette version du programme lit la version %d", c.Version, VersionCorrespondance)
	}
	vus := map[string]string{}
	for i := range c.Colonnes {
		k := &c.Colonnes[i]
		if err := k.verifier(jeu); err != nil {
			return nil, fmt.Errorf("\"colonnes\", n° %d (« %s ») : %w", i+1, segur.Visible(k.Titre, 40), err)
		}
		if cle := k.Balise + k.Scan; cle != "" {
			if autre, ok := vus[cle]; ok {
				return nil, fmt.Errorf("« %s » et « %s » remplissent toutes deux %s", autre, k.Titre, cle)
			}
			vus[cle] = k.Titre
		}
	}
	return &c, c.verifierReste(jeu)
}

func (k *ColonneVoulue) verifier(jeu *segur.Jeu) error {
	n := 0
	for _, oui := range []bool{k.Balise != "", k.Scan != "", k.Extra != "", k.Ignorer} {
		if oui {
			n++
		}
	}
	if _, ok := jeu.TypePiece(k.Scan); k.Scan != "" && !ok {
		return fmt.Errorf("\"scan\" vaut « %s », qui n’est pas un type de pièce", segur.Visible(k.Scan, 40))
	}
	switch {
	case strings.TrimSpace(k.Titre) == "":
		return errors.New("il manque \"titre\"")
	case n != 1:
		return errors.New("il faut exactement un de \"balise\", \"scan\", \"extra\", \"ignorer\"")
	case k.Extra != "" && !strings.HasPrefix(k.Extra, prefixeExtra):
		return fmt.Errorf("\"extra\" vaut « %s » ; attendu : un nom qui commence par x_", segur.Visible(k.Extra, 40))
	case k.Balise != "" && !remplissable(jeu, k.Balise):
		return fmt.Errorf("la balise « %s » n’existe pas ou se remplit toute seule.%s", segur.Visible(k.Balise, 60), vouliezVous(k.Balise, balises(jeu)))
	case k.Lire == "":
		return nil
	case k.Lire == LireHT || k.Lire == LireTTC:
		if k.Balise != baliseMontant {
			return fmt.Errorf("\"lire\": \"%s\" ne convient qu’à %s", k.Lire, baliseMontant)
		}
	case k.Lire == LireMajuscules:
		if f, ok := jeu.Champ(k.Balise); !ok || f.Genre != segur.GenreMajuscules {
			return errors.New("\"lire\": \"majuscules\" ne convient qu’à beneficiaire.nomResponsable")
		}
	default:
		return fmt.Errorf("\"lire\" vaut « %s » ; attendu : \"HT\", \"TTC\" ou \"majuscules\"", segur.Visible(string(k.Lire), 40))
	}
	return nil
}

func (c *Correspondance) verifierReste(jeu *segur.Jeu) error {
	for b := range c.Constantes {
		if !remplissable(jeu, b) && !estEntete(jeu, b) {
			return fmt.Errorf("\"constantes\" : la balise « %s » n’existe pas ou se remplit toute seule.%s", segur.Visible(b, 60), vouliezVous(b, balises(jeu)))
		}
	}
	for l, code := range c.Operateurs {
		if _, ok := segur.OperateurDe(code); !ok && code != "" {
			return fmt.Errorf("\"operateurs\" : « %s » est associé à « %s », qui n’est pas un code de la section 4", segur.Visible(l, 40), segur.Visible(code, 40))
		}
	}
	for t := range c.Scans {
		if _, ok := jeu.TypePiece(t); !ok {
			return fmt.Errorf("\"scans\" : « %s » n’est pas un type de pièce", segur.Visible(t, 40))
		}
	}
	return nil
}

// Ecrire is the mapping as a file, for people to read and change.
func (c *Correspondance) Ecrire() ([]byte, error) {
	c.Version = VersionCorrespondance
	b, err := json.Marshal(c, json.Deterministic(true), jsontext.WithIndent("  "))
	return append(b, '\n'), err
}

// prefixeExtra begins the names of columns that travel along unread.
const prefixeExtra = "x_"

// remplissable tells a leaf that a list may fill: not the agency's, not a
// rank, a number or a piece, which the workshop makes itself.
func remplissable(jeu *segur.Jeu, balise string) bool {
	i := rangChamp(jeu, balise)
	return i >= 0 && deLaListe(&jeu.Champs[i])
}

func deLaListe(c *segur.Champ) bool {
	switch c.Genre {
	case segur.GenreRang, segur.GenreNul, segur.GenreNumero, segur.GenreNomPiece, segur.GenreFormatPiece, segur.GenreTypePiece:
		return false
	}
	return c.Genre != segur.GenreListe || len(c.Valeurs) > 1
}

func estEntete(jeu *segur.Jeu, cle string) bool {
	for i := range jeu.Entete {
		if c := &jeu.Entete[i]; c.Cle == cle {
			return c.Genre != segur.GenreNul
		}
	}
	return false
}

// balises lists what a list may fill.
func balises(jeu *segur.Jeu) []string {
	var bs []string
	for i := range jeu.Champs {
		if deLaListe(&jeu.Champs[i]) {
			bs = append(bs, jeu.Champs[i].Balise())
		}
	}
	return bs
}

func vouliezVous(s string, noms []string) string {
	if v := segur.PlusProche(s, noms); v != "" {
		return " Vouliez-vous dire « " + v + " » ?"
	}
	return ""
}
