package segur

import (
	"fmt"
	"strconv"
	"strings"
)

// Schema is the rule set as a JSON Schema 2020-12, for programs in any
// language. It accepts all that control accepts. It cannot say everything:
// uniqueness across requests, the calendar, the day, the place of a number's
// decimals, a piece's name against its number stay with control; its
// $comment says so.
func (j *Jeu) Schema() []byte {
	e := &ecritureSchema{}
	e.ouvrir("")
	e.texte("$schema", "https://json-schema.org/draft/2020-12/schema")
	e.texte("$id", "urn:segur:"+j.ID+":"+j.Version)
	e.texte("title", j.Titre)
	e.texte("$comment", "Engendré de la table des règles "+j.Empreinte()+". Le contrôle complet juge aussi l’unicité entre demandes, le calendrier, le jour, l’écriture des décimales et la cohérence des pièces.")
	e.texte("type", "object")
	cles := []string{}
	for i := range j.Entete {
		cles = append(cles, j.Entete[i].Cle)
	}
	e.brut("required", listeJSON(append(cles, cleLignesImport)))
	e.brut("additionalProperties", "false")
	e.ouvrir("properties")
	for i := range j.Entete {
		e.champ(j, &j.Entete[i])
	}
	e.ouvrir(cleLignesImport)
	e.texte("type", "array")
	e.brut("minItems", "1")
	e.brut("maxItems", strconv.Itoa(DemandesMax))
	e.ouvrir("items")
	e.demande(j)
	for range 4 {
		e.fermer()
	}
	return append(e.b, '\n')
}

// ecritureSchema writes indented JSON members in order.
type ecritureSchema struct {
	b       []byte
	niveau  int
	premier bool
}

func (e *ecritureSchema) membre(cle string) {
	if !e.premier && e.niveau > 0 {
		e.b = append(e.b, ',')
	}
	if e.niveau > 0 {
		e.b = append(append(e.b, '\n'), strings.Repeat("  ", e.niveau)...)
	}
	if cle != "" {
		e.b = append(AppendTexteJSON(e.b, cle), ": "...)
	}
	e.premier = false
}

func (e *ecritureSchema) ouvrir(cle string) {
	e.membre(cle)
	e.b = append(e.b, '{')
	e.niveau++
	e.premier = true
}

func (e *ecritureSchema) fermer() {
	e.niveau--
	e.b = append(append(append(e.b, '\n'), strings.Repeat("  ", e.niveau)...), '}')
	e.premier = false
}

func (e *ecritureSchema) brut(cle, json string) {
	e.membre(cle)
	e.b = append(e.b, json...)
}

func (e *ecritureSchema) texte(cle, valeur string) { e.brut(cle, string(AppendTexteJSON(nil, valeur))) }

// demande writes the schema of one request, its blocks in their order.
func (e *ecritureSchema) demande(j *Jeu) {
	e.texte("type", "object")
	var blocs []string
	for i := range j.Blocs[1:] {
		blocs = append(blocs, j.Blocs[i+1].Cle)
	}
	// Leaves that may only hold null may be missing (D14), as may optional ones (D8).
	e.brut("required", listeJSON(append(blocs, j.obligatoires("")...)))
	e.brut("additionalProperties", "false")
	e.ouvrir("properties")
	for _, c := range j.plan.ligne.cles {
		switch c.sorte {
		case cleFeuille:
			e.champ(j, &j.Champs[c.indice])
		case clePieces:
			e.pieces(j, &j.Blocs[c.indice])
		default:
			e.bloc(j, &j.Blocs[c.indice], j.plan.blocs[c.indice].cles)
		}
	}
	e.fermer()
	e.condition(j)
}

func (e *ecritureSchema) bloc(j *Jeu, b *Bloc, cles []cle) {
	e.ouvrir(b.Cle)
	e.texte("description", b.Aide)
	e.objet(j, b.Cle, cles)
	e.fermer()
}

func (e *ecritureSchema) objet(j *Jeu, bloc string, cles []cle) {
	e.texte("type", "object")
	if req := j.obligatoires(bloc); len(req) > 0 {
		e.brut("required", listeJSON(req))
	}
	e.brut("additionalProperties", "false")
	e.ouvrir("properties")
	for _, l := range cles {
		e.champ(j, &j.Champs[l.indice])
	}
	e.fermer()
}

// pieces writes the list of pieces: each one's shape, and how many of each
// type that every request needs.
func (e *ecritureSchema) pieces(j *Jeu, b *Bloc) {
	e.ouvrir(b.Cle)
	e.texte("description", b.Aide)
	e.texte("type", "array")
	e.ouvrir("items")
	e.objet(j, b.Cle, j.plan.piece.cles)
	e.fermer()
	var tous []string
	for _, t := range j.Pieces {
		if t.SousRegime == "" {
			tous = append(tous, exactementUne(t.Valeur))
		}
	}
	e.brut("allOf", "["+strings.Join(tous, ", ")+"]")
	e.fermer()
}

func exactementUne(valeur string) string {
	return fmt.Sprintf(`{ "type": "array", "contains": { "type": "object", "properties": { "typeFichier": { "const": %q } }, "required": ["typeFichier"] }, "minContains": 1, "maxContains": 1 }`, valeur)
}

// condition writes what a piece's presence depends on: regimeTVA.
func (e *ecritureSchema) condition(j *Jeu) {
	for _, t := range j.Pieces {
		if t.SousRegime == "" {
			continue
		}
		e.ouvrir("if")
		e.texte("type", "object")
		e.brut("properties", fmt.Sprintf(`{ "commande": { "type": "object", "properties": { "regimeTVA": { "const": %q } }, "required": ["regimeTVA"] } }`, t.SousRegime))
		e.fermer()
		e.ouvrir("then")
		e.texte("type", "object")
		e.brut("properties", fmt.Sprintf(`{ "piecesJustificatives": %s }`, exactementUne(t.Valeur)))
		e.fermer()
	}
}

// obligatoires lists the leaves of a block that must be there.
func (j *Jeu) obligatoires(bloc string) []string {
	var cles []string
	for i := range j.Champs {
		if c := &j.Champs[i]; c.Bloc == bloc && !c.Facultatif && c.Genre != GenreNul {
			cles = append(cles, c.Cle)
		}
	}
	return cles
}

func listeJSON(valeurs []string) string { return string(AppendTextesJSON(nil, valeurs)) }

// champ writes the schema of one leaf.
func (e *ecritureSchema) champ(j *Jeu, c *Champ) {
	e.ouvrir(c.Cle)
	e.texte("title", c.Titre)
	e.texte("description", c.Aide)
	if c.Genre != GenreNul {
		e.brut("examples", "["+c.Exemple+"]")
	}
	contrainte := contrainteSchema(j, c)
	if c.Facultatif {
		e.brut("anyOf", `[{ "type": "null" }, { `+contrainte+` }]`)
	} else {
		e.membre("")
		e.b = append(e.b, contrainte...)
	}
	e.fermer()
}

const (
	motifAlnum = `[0-9A-Za-z]`
	// motifCourriel says D18 but for the length of the local part, which a
	// second pattern keeps: not every regular expression engine looks ahead.
	motifCourriel = `^[0-9A-Za-z!#$%&'*+/=?^_` + "`" + `{|}~-]+(\.[0-9A-Za-z!#$%&'*+/=?^_` + "`" + `{|}~-]+)*@[0-9A-Za-z]([0-9A-Za-z-]{0,61}[0-9A-Za-z])?(\.[0-9A-Za-z]([0-9A-Za-z-]{0,61}[0-9A-Za-z])?)+$`
)

// contrainteSchema is the members that say a leaf's rule.
func contrainteSchema(j *Jeu, c *Champ) string {
	switch c.Genre {
	case GenreNul:
		return `"type": "null"`
	case GenreRang:
		return fmt.Sprintf(`"type": "integer", "minimum": 1, "maximum": %d`, DemandesMax)
	case GenreBooleen:
		return `"type": "boolean"`
	case GenreMontant:
		// No multipleOf: in binary floating point 708.33 is no multiple of 0.01.
		return `"type": "number", "exclusiveMinimum": 0, "maximum": 999999999.99`
	case GenreListe, GenreFormatPiece, GenreTypePiece:
		return `"enum": ` + listeJSON(c.Valeurs)
	case GenreOperateur:
		var codes []string
		for _, o := range operateurs {
			codes = append(codes, o.Code)
		}
		return `"enum": ` + listeJSON(codes)
	case GenreDate:
		return motifSchema(`^(0[1-9]|[12][0-9]|3[01])/(0[1-9]|1[0-2])/(19|[2-9][0-9])[0-9]{2}$`)
	case GenreIdentifiant, GenreNumero, GenreCarte:
		return motifSchema(fmt.Sprintf(`^%s{%d}$`, motifAlnum, c.Longueur))
	case GenreReference:
		return motifSchema(fmt.Sprintf(`^[0-9A-Z-]{1,%d}$`, c.Longueur))
	case GenreSiret:
		return motifSchema(fmt.Sprintf(`^[0-9]{%d}$`, c.Longueur))
	case GenreFiness:
		return motifSchema(`^[0-9][0-9A-Z][0-9]{7}$`)
	case GenreNomPiece:
		return motifNom(j)
	case GenreCourriel:
		return motifSchema(motifCourriel) + fmt.Sprintf(`, "maxLength": %d, "allOf": [{ "pattern": "^[^@]{1,64}@" }]`, c.Longueur)
	}
	return texteSchema(c)
}

func motifSchema(motif string) string {
	return `"type": "string", "pattern": ` + string(AppendTexteJSON(nil, motif))
}

func motifNom(j *Jeu) string {
	var types []string
	for _, t := range j.Pieces {
		types = append(types, t.Abrege)
	}
	return motifSchema("^" + j.PrefixePiece() + "(" + strings.Join(types, "|") + ")-" + motifAlnum + `{5}\.(` + strings.Join(j.plan.extensions, "|") + ")$")
}

// texteSchema says the length of a free text. Control counts after NFC (D8), a
// schema before: a text with combining marks or conjoining jamo, the only ones
// that NFC shortens, gets four times the room.
func texteSchema(c *Champ) string {
	motifs := `^\\S(.*\\S)?$`
	if c.Genre == GenreMajuscules {
		motifs = `^[^\\p{Ll}\\p{Lt}\\s]([^\\p{Ll}\\p{Lt}]*[^\\p{Ll}\\p{Lt}\\s])?$`
	}
	return fmt.Sprintf(`"type": "string", "minLength": 1, "pattern": "%s", "anyOf": [{ "maxLength": %d }, { "maxLength": %d, "pattern": "[\\p{M}\u1160-\u11ff]" }]`, motifs, c.Longueur, 4*c.Longueur)
}
