package segur

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Constat is one finding of a control, with all that a person or a program
// needs to cure it. Texts are French.
type Constat struct {
	Code      Code
	Gravite   Gravite
	Rang      int    // request it belongs to, from 1; 0 = the file or its header
	Balise    string // key path inside its request, or inside the header; "" = the file as a whole
	Pointeur  string // JSON pointer (RFC 6901) of the value; of its object when the value is missing or its key over 1 KiB
	Ligne     int    // line of the value, from 1; 1 for the file as a whole
	Colonne   int    // column of the value in code points, from 1
	Deb, Fin  int    // its place in the bytes received; both 0 when it has none
	Message   string // what is wrong
	Attendu   string // what is expected
	Recu      string // what was received, as JSON text, shortened
	Remede    string // what to do
	Reference string // section of the document, number of the decision
}

// constat makes the sentences of a fault.
func (r *Rapport) constat(f *faute, c *curseur) Constat {
	e := r.jeu.plan.entree(Code(f.code))
	k := Constat{Code: e.Code, Gravite: e.Gravite, Rang: int(f.rang), Balise: e.Balise, Reference: e.Reference,
		Pointeur: r.pointeur(f), Recu: r.recu(f), Ligne: 1, Colonne: 1}
	if f.code == codeInconnue || f.code == codeCasse || f.code == codeDoublon || f.code == codeSurrogat || f.code == codeProfond {
		k.Balise = r.baliseCle(f)
	}
	if Code(f.code) == CodeAvertDurci {
		k.Balise = r.jeu.plan.entree(Code(f.autre)).Balise
	}
	switch f.code {
	case codeTaille, codeAutres, codeNomForme, codeNomDate, codeNomNumero, codeNomJour:
	default:
		if nomPortail(f.code) {
			break
		}
		k.Deb, k.Fin = int(f.deb), int(f.fin)
		if f.code != codeBOM && f.code != codeUTF16 {
			k.Ligne, k.Colonne = c.a(int(f.deb))
		}
	}
	m := mots{r: r, f: f, e: e, recu: k.Recu}
	k.Message, k.Attendu, k.Remede = m.remplir(e.Message), m.remplir(e.Attendu), m.remplir(e.Remede)
	return k
}

// mots fills the words that a sentence leaves open.
type mots struct {
	r    *Rapport
	f    *faute
	e    *Entree
	recu string
}

// remplir replaces the words in braces. A brace that opens no known word is
// one of JSON, and stays.
func (m *mots) remplir(phrase string) string {
	i := strings.IndexByte(phrase, '{')
	if i < 0 {
		return phrase
	}
	b := make([]byte, 0, len(phrase)+len(m.recu)+32)
	for i >= 0 {
		b = append(b, phrase[:i]...)
		phrase = phrase[i:]
		mot, n := "{", 1
		if fin := strings.IndexByte(phrase, '}'); fin > 0 {
			if texte, ok := m.mot(phrase[1:fin]); ok {
				mot, n = texte, fin+1
			}
		}
		b = append(b, mot...)
		phrase = phrase[n:]
		i = strings.IndexByte(phrase, '{')
	}
	return string(append(b, phrase...))
}

func (m *mots) mot(nom string) (string, bool) {
	switch nom {
	case "recu":
		return m.recu, true
	case "autre":
		return strconv.FormatUint(uint64(m.f.autre), 10), true
	case "etat":
		if m.f.absent {
			return "n’est pas dans le fichier", true
		}
		return "vaut null", true
	case "cle":
		return m.r.texteCle(m.f), true
	case "type":
		return m.r.typeRecu(m.f), true
	case "point":
		return fmt.Sprintf("U+%04X", m.f.autre), true
	case "proche":
		return m.r.proche(m.f, m.e), true
	case "autrejour":
		n, _ := LireNomFichier(m.r.nom)
		return n.Jour.String(), true
	case "mot":
		return m.r.motDe(m.f), true
	}
	return "", false
}

// motDe is what {mot} stands for: the words of the fault, or the day of control.
func (r *Rapport) motDe(f *faute) string {
	if f.code == codeNomForme {
		if _, err := LireNomFichier(r.nom); err != nil {
			return err.Error()
		}
	}
	if f.mot != "" {
		return f.mot
	}
	return r.jour.String()
}

// typeRecu names the JSON type received, with its article.
func (r *Rapport) typeRecu(f *faute) string {
	if int(f.deb) >= len(r.d) {
		return "rien"
	}
	switch r.d[f.deb] {
	case '"':
		return "un texte"
	case '{':
		return "un objet"
	case '[':
		return "une liste"
	case 't', 'f':
		return "un booléen"
	case 'n':
		return "null"
	}
	return "un nombre"
}

// recuMax bounds what a constat shows of the value received, in characters.
const recuMax = 80

// recu shows the value received as JSON text, one line, nothing in it that
// could act on a terminal.
func (r *Rapport) recu(f *faute) string {
	if nomPortail(f.code) {
		return visible([]byte(r.nom))
	}
	switch f.code {
	case codeNomForme, codeNomDate, codeNomNumero, codeNomJour:
		return visible([]byte(r.nom))
	case codeTaille:
		return f.mot + " octets"
	case codeAutres, codeVide:
		return ""
	case codeUTF8:
		return fmt.Sprintf("0x%02X", r.d[f.deb])
	case codeSyntaxe:
		if int(f.deb) >= len(r.d) {
			return "fin du fichier"
		}
		fin := min(int(f.deb)+20, len(r.d))
		return visible(r.d[f.deb:fin])
	case codeInconnue, codeCasse, codeDoublon:
		return visible(r.d[f.cleDeb:f.cleFin])
	}
	if f.absent {
		return ""
	}
	if f.champ < 0 && f.fin == f.deb+1 && f.code >= 2000 && Code(f.code) != CodeAvertDurci {
		return strconv.FormatUint(uint64(f.autre), 10)
	}
	return visible(r.d[f.deb:f.fin])
}

// visible is [Visible] within recuMax characters.
func visible(b []byte) string {
	// A long value is cut before it is copied.
	return Visible(string(b[:min(len(b), utf8.UTFMax*(recuMax+1))]), recuMax)
}

// texteCle is the key that the fault is about, made visible.
func (r *Rapport) texteCle(f *faute) string {
	if f.cleFin <= f.cleDeb+2 {
		return ""
	}
	return visible(decoderDebut(r.d[f.cleDeb:f.cleFin]))
}

// lieuBalise is the key path of the object that holds the fault's key.
func (r *Rapport) lieuBalise(f *faute) string {
	if f.rang == 0 || f.bloc == 0 {
		return ""
	}
	return r.jeu.Blocs[f.bloc].Cle
}

// baliseCle is the key path of a fault of a key, or of what stands below one:
// inside a foreign value it stops at the leaf that the format knows.
func (r *Rapport) baliseCle(f *faute) string {
	b, c := r.lieuBalise(f), r.texteCle(f)
	if chemin := f.motChemin(); chemin != "" {
		c, _, _ = strings.Cut(chemin[1:], "/")
		if chiffresSeuls(c) {
			c = "" // an element of a list stands there, no key
		}
		c = Visible(strings.NewReplacer("~1", "/", "~0", "~").Replace(c), recuMax)
	}
	if b != "" && c != "" {
		return b + "." + c
	}
	return b + c
}

// clePointeurMax bounds the keys that a pointer spells out, in bytes.
const clePointeurMax = 1 << 10

// pointeur is the JSON pointer of the value at fault; of its object when it is
// missing, or when its key is longer than clePointeurMax.
func (r *Rapport) pointeur(f *faute) string {
	var b []byte
	if f.rang > 0 {
		b = strconv.AppendInt([]byte("/lignesImport/"), int64(f.rang)-1, 10)
	}
	if f.rang > 0 && f.bloc > 0 && !(f.absent && f.champ < 0) {
		b = append(append(b, '/'), r.jeu.Blocs[f.bloc].Cle...)
		if f.piece >= 0 {
			b = strconv.AppendInt(append(b, '/'), int64(f.piece), 10)
		}
	}
	if f.absent {
		return string(b)
	}
	b = append(b, f.motChemin()...)
	switch {
	case f.champ >= 0 && f.rang == 0:
		b = append(append(b, '/'), r.jeu.Entete[f.champ].Cle...)
	case f.champ >= 0:
		b = append(append(b, '/'), r.jeu.Champs[f.champ].Cle...)
	case f.code == codeLignesType || f.code == codeLignesVide || f.code == codeLignesTrop:
		b = append(b, "/lignesImport"...)
	case f.cleFin > f.cleDeb && f.cleFin-f.cleDeb <= clePointeurMax:
		b = appendEchappePointeur(append(b, '/'), decoder(nil, r.d[f.cleDeb:f.cleFin]))
	}
	return string(b)
}

// motChemin is the path inside a foreign value, for the codes that have one.
func (f *faute) motChemin() string {
	if f.code == codeDoublon || f.code == codeProfond {
		return f.mot
	}
	return ""
}
