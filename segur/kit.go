package segur

import (
	"bytes"
	"iter"
	"strings"
	"sync"
)

// CasKit is one file of the accreditation kit: a program that checks deposits
// is right when it finds Code in it.
type CasKit struct {
	Entree  Entree // what is wrong; the zero Entree for the good file
	Nom     string // name of the file
	Octets  []byte
	Options Options // how it is controlled, as of JourExemple
}

// Kit yields the accreditation kit of the rule set: one good file, then one
// file for each code of the catalogue, ascending. All are plainly fictitious.
func (j *Jeu) Kit() iter.Seq[CasKit] {
	return func(yield func(CasKit) bool) {
		bon := CasKit{Nom: NomExemple(1), Octets: j.Exemple(2), Options: Options{Nom: NomExemple(1)}}
		if !yield(bon) {
			return
		}
		for _, e := range j.plan.catalogue() {
			if !yield(j.casKit(e, bon.Octets)) {
				return
			}
		}
	}
}

func (j *Jeu) casKit(e Entree, bon []byte) CasKit {
	k := CasKit{Entree: e, Nom: NomExemple(1), Octets: bytes.Clone(bon)}
	c := e.cas
	if c.nom != "" {
		k.Nom = c.nom
	}
	k.Options = Options{Nom: k.Nom, Portail: c.portail}
	if c.registre || e.Code%10 == finPropre && e.Code < 9000 && strings.HasSuffix(e.Balise, "FINESSGeo") {
		k.Options.Finess = registreKit
	}
	switch {
	case c.casser != nil && c.fois > DemandesMax:
		k.Octets = j.Exemple(c.fois)
	case c.casser != nil:
		k.Octets = c.casser(k.Octets)
	case c.piece != "":
		k.Octets = j.casserPieces(k.Octets, c)
	case c.balise != "":
		k.Octets = j.casserBalise(k.Octets, c)
	}
	return k
}

// registreKit is the FINESS register that the kit's cases are read with.
func registreKit(numero string) (int, bool) {
	switch numero {
	case finessExemple(4):
		return 0, false
	case finessExemple(3):
		return 101, true
	}
	return 620, true
}

// casserBalise breaks one leaf or block of the second request, or of the header.
func (j *Jeu) casserBalise(bon []byte, c *cas) []byte {
	r := j.Controler(bon, JourExemple, Options{})
	deb, fin, champ := j.etendue(r, c.balise)
	if c.valeur == "" && c.faute == finAbsent {
		return retirerMembre(bon, deb, fin)
	}
	valeur := c.valeur
	if valeur == "" {
		valeur = j.valeurFautive(champ, c.faute, string(bon[deb:fin]))
	}
	return bytes.Join([][]byte{bon[:deb], []byte(valeur), bon[fin:]}, nil)
}

// etendue finds where the value of a balise stands in the good file.
func (j *Jeu) etendue(r *Rapport, balise string) (deb, fin int, c *Champ) {
	for i := range j.Entete {
		if j.Entete[i].Cle == balise {
			v := r.racineVals[i]
			return int(v.deb()), int(v.fin()), &j.Entete[i]
		}
	}
	dernier := len(r.lignes) - 1
	for i := range j.Champs {
		if c := &j.Champs[i]; c.Balise() == balise {
			v := r.vals[dernier*len(j.Champs)+i]
			if i >= j.plan.premierPiece && i < j.plan.premierPiece+j.plan.nbPiece {
				v = r.pieces[len(r.pieces)-1].v[i-j.plan.premierPiece]
			}
			return int(v.deb()), int(v.fin()), c
		}
	}
	for i := range j.Blocs {
		if j.Blocs[i].Cle == balise {
			s := passe{d: r.d, r: &Rapport{}}
			deb := int(r.lignes[dernier].blocs[i])
			_, fin, _ := s.sauter(deb, 4)
			return deb, fin, nil
		}
	}
	panic("segur: the kit breaks the unknown balise " + balise)
}

// retirerMembre takes the member whose value is d[deb:fin] out of its object.
func retirerMembre(d []byte, deb, fin int) []byte {
	debCle := bytes.LastIndexByte(d[:bytes.LastIndexByte(d[:deb], '"')], '"')
	if d[fin] == ',' {
		return bytes.Join([][]byte{d[:debCle], bytes.TrimLeft(d[fin+1:], " \n")}, nil)
	}
	return bytes.Join([][]byte{d[:bytes.LastIndexByte(d[:debCle], ',')], d[fin:]}, nil)
}

// casserPieces declares a type of piece as often as the case says.
func (j *Jeu) casserPieces(bon []byte, c *cas) []byte {
	r := j.Controler(bon, JourExemple, Options{})
	deb, fin, _ := j.etendue(r, "piecesJustificatives")
	numero := strings.Trim(j.valeurExemple(&j.Champs[j.plan.numeroEditeur], len(r.lignes)), `"`)
	var pieces []string
	for i := range j.Pieces {
		t := &j.Pieces[i]
		n := 1
		if t.SousRegime != "" {
			n = 0
		}
		if c.piece == t.Valeur || c.piece == "*" && i == 0 {
			n = c.fois
		}
		for k := range n {
			ext := j.Champs[j.plan.premierPiece+1].Valeurs[k%3]
			if c.pareilles {
				ext = j.Champs[j.plan.premierPiece+1].Valeurs[0]
			}
			pieces = append(pieces, `{ "nomFichier": "`+j.PrefixePiece()+t.Abrege+"-"+numero+"."+extension(ext)+`", "formatFichier": "`+ext+`", "typeFichier": "`+t.Valeur+`" }`)
		}
	}
	out := bytes.Join([][]byte{bon[:deb], []byte("[" + strings.Join(pieces, ", ") + "]"), bon[fin:]}, nil)
	if t, ok := j.TypePiece(c.piece); ok && t.SousRegime != "" && !c.horsRegime {
		i := bytes.LastIndex(out, []byte(`"regimeTVA": "TTC"`))
		out = bytes.Join([][]byte{out[:i], []byte(`"regimeTVA": "` + t.SousRegime + `"`), out[i+len(`"regimeTVA": "TTC"`):]}, nil)
	}
	return out
}

// valeurFautive is a value of a leaf that has just the fault of that last
// digit, as JSON text; bonne is its good one.
func (j *Jeu) valeurFautive(c *Champ, fin int, bonne string) string {
	texte := strings.Trim(bonne, `"`)
	switch fin {
	case finType:
		return map[bool]string{true: `"` + texte + `"`, false: "12345"}[c.Genre == GenreRang || c.Genre == GenreMontant]
	case finMot:
		return map[bool]string{true: `"true"`, false: `"null"`}[c.Genre == GenreBooleen]
	case finVide:
		return `"   "`
	case finEspaces:
		return `" ` + texte + `"`
	}
	if v, ok := fautives()[c.Genre][fin]; ok {
		return strings.NewReplacer("{png}", strings.TrimSuffix(texte, "pdf")+"png",
			"{autre}", strings.Replace(texte, "00002", "00009", 1)).Replace(v)
	}
	return `"` + strings.Repeat("X", c.Longueur+1) + `"`
}

// fautives completes the faults that depend on the kind of the field.
var fautives = sync.OnceValue(func() map[Genre]map[int]string {
	return map[Genre]map[int]string{
		GenreRang:        {finForme: `2.0`, finPropre: `7`},
		GenreNul:         {finForme: `"X"`},
		GenreListe:       {finForme: `"X"`},
		GenreIdentifiant: {finLongueur: `"12345678"`, finForme: `"99999-9999"`},
		GenreNumero:      {finLongueur: `"2"`, finForme: `"000-2"`, finPropre: `"00001"`},
		GenreReference:   {finForme: `"asp-000002"`},
		GenreSiret:       {finLongueur: `"000000000"`, finForme: `"0000000000000A"`},
		GenreDate:        {finInterdit: `"31/12/1899"`, finForme: `"2023-02-03"`, finPropre: `"30/02/2023"`, finPropreBis: `"31/12/2099"`},
		GenreMontant:     {finForme: `850`, finPropre: `0.00`, finPropreBis: `1234567890.00`},
		GenreCarte:       {finLongueur: `"210000001"`, finForme: `"21000-0001"`, finPropre: `"10000000001"`, finPropreBis: `"810000000001"`},
		GenreTexte:       {finInterdit: `"EX\u00adEMPLE"`},
		GenreMajuscules:  {finInterdit: `"EX\u00adEMPLE"`, finPropre: `"Exemple"`},
		GenreCourriel:    {finLongueur: `"exemple@` + strings.Repeat("sous-domaine.", 9) + `example"`, finForme: `"exemple"`},
		GenreFiness:      {finLongueur: `"99000001"`, finForme: `"990000a36"`, finPropre: `"` + finessExemple(3) + `"`},
		GenreOperateur:   {finForme: `"MAILIZ"`},
		GenreNomPiece: {finLongueur: `"PHA-LGO-Va1-BDC-00002-bon-de-commande-signe-le-lundi.pdf"`, finInterdit: `"{png}"`,
			finForme: `"scan.pdf"`, finPropre: `"{autre}"`},
		GenreFormatPiece: {finForme: `"pdf"`},
		GenreTypePiece:   {finForme: `"BDC"`},
	}
})
