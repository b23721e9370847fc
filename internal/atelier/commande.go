package atelier

import (
	"time"

	"guichet.example/internal/atelier/registre"
	"guichet.example/segur"
)

// Commande is one order: a row of a list, or a request taken up again.
type Commande struct {
	Source registre.Source
	// Valeurs are the JSON texts of its leaves, one for each of Jeu.Champs;
	// "" stands for null. Ranks, numbers and pieces are filled in when the
	// file is written.
	Valeurs []string
	// Extras are the columns of the supplier's own (x_…), in their order.
	Extras []registre.Extra
	Pieces []Piece
	// Numero is a numeroEditeur to keep, that of the advance for a balance;
	// "" takes a new one from the ledger.
	Numero string
	// Remplace is the refused numeroEditeur that this order stands for.
	Remplace string

	scans []string // what the list says of each type of piece of the rule set
}

// Piece is a supporting document of an order: where it is and what is known of
// it. Only Type and Source are needed to begin; ControlerPieces fills the rest.
type Piece struct {
	Type   string // value of typeFichier
	Format string // value of formatFichier: "PDF"
	Source string // path of the original, which is only read; "" = declared, its file comes later
	Taille int64
	SHA256 [32]byte

	crc       uint32
	modifie   time.Time
	comprimer bool
	jugee     bool // looked at, and good
}

// Valeur is the JSON text of a leaf; "null" when it has none.
func (c *Commande) Valeur(jeu *segur.Jeu, balise string) string {
	if i := rangChamp(jeu, balise); i >= 0 && i < len(c.Valeurs) && c.Valeurs[i] != "" {
		return c.Valeurs[i]
	}
	return "null"
}

// Poser sets the JSON text of a leaf; false when the rule set has no such
// balise.
func (c *Commande) Poser(jeu *segur.Jeu, balise, json string) bool {
	i := rangChamp(jeu, balise)
	if i < 0 {
		return false
	}
	if len(c.Valeurs) < len(jeu.Champs) {
		c.Valeurs = append(c.Valeurs, make([]string, len(jeu.Champs)-len(c.Valeurs))...)
	}
	c.Valeurs[i] = json
	return true
}

// Regime is the text of regimeTVA; "" when there is none.
func (c *Commande) Regime(jeu *segur.Jeu) string { return texteJSON(c.Valeur(jeu, baliseRegime)) }

// Leaves that the workshop looks at by name.
const (
	baliseRegime  = "commande.regimeTVA"
	baliseDate    = "commande.dateCommande"
	baliseFiness  = "beneficiaire.FINESSGeo"
	baliseMontant = "commande.montantSegurHT"
	baliseASP     = "numeroASP"
)

func rangChamp(jeu *segur.Jeu, balise string) int {
	for i := range jeu.Champs {
		if jeu.Champs[i].Cle != "" && jeu.Champs[i].Balise() == balise {
			return i
		}
	}
	return -1
}

// texteJSON is the text of a JSON string without escapes, as numbers, dates and
// values of lists are; "" for anything else.
func texteJSON(brut string) string {
	if len(brut) < 2 || brut[0] != '"' {
		return ""
	}
	return brut[1 : len(brut)-1]
}

// DepuisRegistre makes an order of a request that the ledger holds, to be
// prepared again: values, extras, source and originals of its pieces. chemin
// turns a path of the ledger into one that can be opened.
func DepuisRegistre(jeu *segur.Jeu, d *registre.DemandePreparee, chemin func(string) string) Commande {
	c := Commande{Source: d.Source, Extras: d.Extras, Valeurs: make([]string, len(jeu.Champs))}
	for _, v := range d.Valeurs {
		if i := rangChamp(jeu, v.Balise); i >= 0 {
			c.Valeurs[i] = v.JSON
		}
	}
	for i := range jeu.Champs { // what the rule set alone decides is not kept
		if f := &jeu.Champs[i]; f.Genre == segur.GenreListe && len(f.Valeurs) == 1 {
			c.Valeurs[i] = string(segur.AppendTexteJSON(nil, f.Valeurs[0]))
		}
	}
	for _, p := range d.Pieces {
		c.Pieces = append(c.Pieces, Piece{Type: p.Type, Format: p.Format, Source: chemin(p.Source)})
	}
	return c
}
