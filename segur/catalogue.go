package segur

import (
	"slices"
	"strconv"
	"strings"
)

// Code is the number of a fault, four digits when written. A number is never
// reused for another meaning: 1xxx structure of the file, 20xx head of the
// request, 21xx order, 22xx certificates, 23xx beneficiary, 24xx pieces,
// 25xx installation, 26xx processing, 30xx state of the portal, 9xxx warnings.
type Code uint16

// String is the spelling of the returned file: "0000", "2103".
func (c Code) String() string {
	n := uint16(c)
	return string([]byte{'0' + byte(n/1000%10), '0' + byte(n/100%10), '0' + byte(n/10%10), '0' + byte(n%10)})
}

// LireCode reads the four digits of a code.
func LireCode(s string) (Code, bool) {
	n, err := strconv.ParseUint(s, 10, 16)
	return Code(n), err == nil && len(s) == 4
}

// Gravite tells what a constat does to the request (D10).
type Gravite string

// The two severities: an error refuses, a warning does not.
const (
	Erreur        Gravite = "erreur"
	Avertissement Gravite = "avertissement"
)

// Entree is one code of the catalogue. Message, Attendu and Remede may hold
// words in braces that a [Constat] fills in.
type Entree struct {
	Code      Code
	Gravite   Gravite
	Balise    string // "" = the file as a whole
	Titre     string // its label in the returned file
	Message   string
	Attendu   string
	Remede    string
	Reference string

	cas *cas // how to break a good file so that it has this fault
}

// Lisible is the entry as documentation shows it: the words in braces that
// only a real fault can fill become an ellipsis, or go.
func (e Entree) Lisible() Entree {
	e.Message, e.Attendu, e.Remede = sansMots(e.Message), sansMots(e.Attendu), sansMots(e.Remede)
	return e
}

func sansMots(s string) string {
	s = strings.NewReplacer("{recu}", "« … »", "{etat}", "est absente ou vaut null", "{type}", "autre chose", "{proche}", "", "{propose}", "").Replace(s)
	for {
		i := strings.IndexByte(s, '{')
		j := strings.IndexByte(s, '}')
		// The braces of JSON text have blanks inside.
		if i < 0 || j < i || strings.ContainsAny(s[i:j], " ,") {
			return s
		}
		s = s[:i] + "…" + s[j+1:]
	}
}

// Durcissables lists the warnings about one request, which a portal may refuse
// from a day on. The slice is the caller's.
func (j *Jeu) Durcissables() (es []Entree) {
	for _, e := range j.Catalogue() {
		if e.Gravite == Avertissement && j.deLigne(e.Balise) {
			es = append(es, e)
		}
	}
	return es
}

// deLigne tells a leaf or a block of a request from those of the header.
func (j *Jeu) deLigne(balise string) bool {
	return slices.ContainsFunc(j.Champs, func(c Champ) bool { return c.Balise() == balise }) ||
		balise != "" && slices.ContainsFunc(j.Blocs, func(b Bloc) bool { return b.Cle == balise })
}

// LibelleAccepte is the label of an accepted request (§1.2).
const LibelleAccepte = "Demande acceptée"

// Catalogue lists every code that control under this rule set can give,
// ascending. The slice is the caller's.
func (j *Jeu) Catalogue() []Entree {
	return slices.Clone(j.plan.catalogue())
}

// Entree returns the catalogue's entry of a code; false when there is none.
func (j *Jeu) Entree(c Code) (Entree, bool) {
	if e := j.plan.entree(c); e.Code == c {
		return *e, true
	}
	return Entree{}, false
}

// entree finds a code in the catalogue; the zero Entree when it is not there.
func (p *plan) entree(c Code) *Entree {
	if duPortail(c) {
		return entreePortail(c)
	}
	cat := p.catalogue()
	if i, ok := slices.BinarySearchFunc(cat, c, func(e Entree, c Code) int { return int(e.Code) - int(c) }); ok {
		return &cat[i]
	}
	return &Entree{}
}

// Libelle is the label that the returned file carries for a code.
func (j *Jeu) Libelle(c Code) string {
	if c == codeAccepte {
		return LibelleAccepte
	}
	return j.plan.entree(c).Titre
}

// construireCatalogue makes the catalogue from the tables: one entry for each
// fault that a field's kind can give, and those of the file, the blocks and
// the pieces.
func construireCatalogue(j *Jeu) []Entree {
	var cat []Entree
	for i := range j.Entete {
		cat = append(cat, entreesDe(&j.Entete[i], true)...)
	}
	for i := range j.Champs {
		cat = append(cat, entreesDe(&j.Champs[i], false)...)
	}
	for i := range j.Blocs {
		cat = append(cat, entreesBloc(&j.Blocs[i])...)
	}
	for i := range j.Pieces {
		cat = append(cat, entreesPiece(j, &j.Pieces[i])...)
	}
	cat = append(cat, entreesFichier()...)
	slices.SortFunc(cat, func(a, b Entree) int { return int(a.Code) - int(b.Code) })
	for i := range cat {
		e := &cat[i]
		e.Gravite = Erreur
		if e.Code >= 9000 {
			e.Gravite = Avertissement
		}
		if i > 0 && cat[i-1].Code == e.Code {
			panic("segur: code " + e.Code.String() + " has two meanings in " + j.ID)
		}
	}
	return cat
}

func entreesDe(c *Champ, entete bool) []Entree {
	var es []Entree
	for _, fin := range finsDe(c, entete) {
		g := gabaritDe(c, fin)
		k := &cas{balise: c.Balise(), faute: fin}
		if c.Genre == GenreNomPiece && fin == finPropreBis {
			k = &cas{piece: "*", fois: 2, pareilles: true}
		}
		es = append(es, c.entree(Code(c.Base+fin), g, k))
	}
	if c.Facultatif || c.Genre == GenreNul && !entete {
		es = append(es, c.entree(Code(codeAvert(c.Base, avertAbsent)), gabarit{"{cle} : balise absente", "{balise} n’est pas dans le fichier ; elle est lue comme null.", "Ajoutez \"{cle}\": null pour suivre le modèle.", "null"}, &cas{balise: c.Balise(), faute: finAbsent}))
	}
	if c.Genre == GenreFiness {
		es = append(es,
			c.entree(Code(codeAvert(c.Base, avertLuhn)), gabarit{"{cle} : clé de contrôle douteuse", "{balise} vaut {recu}, dont la clé (dernier chiffre) ne correspond pas aux autres.", "Vérifiez le numéro chiffre par chiffre ; la demande n’est pas refusée pour cela.", "un numéro dont la clé de Luhn est juste"}, &cas{balise: c.Balise(), valeur: `"777777777"`}),
			c.entree(Code(codeAvert(c.Base, avertRegistre)), gabarit{"{cle} : inconnu du registre chargé", "{balise} vaut {recu}, absent du registre FINESS chargé.", "Vérifiez le numéro, ou chargez un registre plus récent.", "un établissement du registre FINESS"}, &cas{balise: c.Balise(), valeur: `"` + finessExemple(4) + `"`, registre: true}))
	}
	return es
}

// entree fills what is known of a template before any fault: the field.
func (c *Champ) entree(code Code, g gabarit, k *cas) Entree {
	attendu := g.attendu
	if attendu == "" {
		attendu = c.Attendu
	}
	r := strings.NewReplacer(
		"{cle}", c.Cle, "{balise}", c.Balise(), "{attendu}", attendu, "{longueur}", strconv.Itoa(c.Longueur),
		"{typeattendu}", typeAttendu(c), "{remedetype}", remedeType(c), "{remedemot}", remedeMot(c), "{remedevide}", remedeVide(c))
	return Entree{Code: code, Balise: c.Balise(), Titre: r.Replace(g.titre), Message: r.Replace(g.message),
		Attendu: attendu, Remede: r.Replace(g.remede), Reference: c.Reference, cas: k}
}

func typeAttendu(c *Champ) string {
	switch c.Genre {
	case GenreRang, GenreMontant:
		return "un nombre, sans guillemets"
	case GenreBooleen:
		return "true ou false, sans guillemets"
	case GenreNul:
		return "null"
	}
	return "un texte entre guillemets doubles"
}

func remedeType(c *Champ) string {
	switch c.Genre {
	case GenreRang, GenreMontant:
		return "Écrivez le nombre sans guillemets.{proche}"
	case GenreBooleen:
		return "Écrivez true ou false, sans guillemets."
	}
	return "Écrivez la valeur entre guillemets doubles.{proche}"
}

func remedeMot(c *Champ) string {
	switch {
	case c.Genre == GenreNul || c.Facultatif:
		return "Écrivez null, sans guillemets."
	case c.Genre == GenreBooleen:
		return "Écrivez true ou false, sans guillemets."
	}
	return "Donnez la vraie valeur : un programme a sans doute changé une valeur vide en texte."
}

func remedeVide(c *Champ) string {
	if c.Facultatif {
		return "Écrivez null, sans guillemets, si l’information manque."
	}
	return "Renseignez-la : " + c.Attendu + "."
}

func entreesBloc(b *Bloc) []Entree {
	if b.Base == 0 {
		return nil
	}
	quoi, type1 := "un objet { … }", "un objet"
	if b.Tableau {
		quoi, type1 = "une liste [ … ]", "une liste"
	}
	es := []Entree{
		{Code: Code(b.Base + blocAbsent), Balise: b.Cle, Titre: b.Cle + " : bloc absent", Message: "Le bloc " + b.Cle + " n’est pas dans la demande.", Attendu: quoi, Remede: "Ajoutez le bloc avec toutes ses balises, comme dans le modèle.", Reference: b.Reference, cas: &cas{balise: b.Cle, faute: finAbsent}},
		{Code: Code(b.Base + blocType), Balise: b.Cle, Titre: b.Cle + " : bloc mal formé", Message: "Le bloc " + b.Cle + " contient {type} au lieu d’" + type1 + ".", Attendu: quoi, Remede: "Reprenez la forme du modèle : " + quoi + ".", Reference: b.Reference, cas: &cas{balise: b.Cle, valeur: `null`}},
	}
	if b.Tableau {
		es = append(es, Entree{Code: Code(b.Base + blocElement), Balise: b.Cle, Titre: b.Cle + " : pièce mal formée", Message: "Un élément de " + b.Cle + " est {type} au lieu d’un objet.", Attendu: "un objet { nomFichier, formatFichier, typeFichier }", Remede: "Écrivez chaque pièce comme un objet, comme dans le modèle.", Reference: "§3.2, D17", cas: &cas{balise: b.Cle, valeur: `["PHA-LGO-Va1-BDC-00001.pdf"]`}})
	}
	return es
}

func entreesPiece(j *Jeu, t *TypePiece) []Entree {
	b := "piecesJustificatives"
	cond := ""
	if t.SousRegime != "" {
		cond = ", obligatoire sous le régime " + t.SousRegime
	}
	attendu := "exactement une pièce " + t.Valeur
	if t.SousRegime != "" {
		attendu += " quand regimeTVA vaut \"" + t.SousRegime + "\""
	}
	es := []Entree{
		{Code: Code(t.CodeManque), Balise: b, Titre: b + " : " + t.Valeur + " absente", Message: "La demande ne déclare pas de pièce " + t.Valeur + " (" + t.Titre + ")" + cond + ".", Attendu: attendu, Remede: "Ajoutez la pièce, nommée " + j.PrefixePiece() + t.Abrege + "-<numeroEditeur>.<pdf, jpg ou png>.", Reference: "§3.2, D21", cas: &cas{piece: t.Valeur}},
		{Code: Code(t.CodeTrop), Balise: b, Titre: b + " : plusieurs " + t.Valeur, Message: "La demande déclare {autre} pièces " + t.Valeur + ".", Attendu: attendu, Remede: "Réunissez les documents en un seul fichier et ne déclarez qu’une pièce " + t.Valeur + ".", Reference: "§3.2, D21", cas: &cas{piece: t.Valeur, fois: 2}},
	}
	if t.CodeHorsCas != 0 {
		es = append(es, Entree{Code: Code(t.CodeHorsCas), Balise: b, Titre: b + " : " + t.Valeur + " inutile", Message: "La demande déclare une pièce " + t.Valeur + " alors que regimeTVA n’est pas \"" + t.SousRegime + "\".", Attendu: "aucune pièce " + t.Valeur + " sous ce régime", Remede: "Vérifiez regimeTVA ; si le régime est bon, retirez cette pièce.", Reference: "§3.2, D26", cas: &cas{piece: t.Valeur, fois: 1, horsRegime: true}})
	}
	return es
}
