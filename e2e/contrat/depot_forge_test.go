package contrat

import (
	"bytes"
	"fmt"
	"maps"
	"mime/multipart"
	"net/textproto"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"guichet.example/segur"
)

// compteurs give numbers that this portal has not seen: the seeds of a demo
// stay under 200 a day and never begin a numeroEditeur with Z.
type compteurs struct {
	mu       sync.Mutex
	fichiers map[string]int
	editeurs int
	finess   int
}

// nomSuivant is a fresh file name of today for an ANS number.
func (c *compteurs) nomSuivant(ans string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fichiers == nil {
		c.fichiers = map[string]int{}
	}
	n := c.fichiers[ans] + 200
	c.fichiers[ans]++
	return nomDuJour(ans, n)
}

// editeur is a fresh numeroEditeur: Z and four of 0–9 A–Z.
func (c *compteurs) editeur() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.editeurs++
	return "Z" + strings.ToUpper(fmt.Sprintf("%04s", strconv.FormatInt(int64(c.editeurs), 36)))
}

// finessNeuf is a fresh FINESS number with a right key, of a department that
// does not exist.
func (c *compteurs) finessNeuf() string {
	c.mu.Lock()
	c.finess++
	corps := fmt.Sprintf("98%06d", c.finess)
	c.mu.Unlock()
	for cle := byte('0'); cle < '9'; cle++ {
		if luhn(corps + string(cle)) {
			return corps + string(cle)
		}
	}
	return corps + "9"
}

func luhn(s string) bool {
	somme := 0
	for i := range len(s) {
		n := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			n *= 2
		}
		somme += n/10 + n%10
	}
	return somme%10 == 0
}

// aujourdhui is the portal's day.
func aujourdhui() segur.Jour { return segur.JourDe(time.Now().In(paris)) }

var paris = func() *time.Location {
	l, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err)
	}
	return l
}()

func nomDuJour(ans string, n int) string {
	return segur.NomFichier{NumeroAns: ans, Jour: aujourdhui(), Numero: n}.String()
}

// ligne is one order of a file in the making.
type ligne struct {
	editeur  string            // numeroEditeur; "" takes a fresh one
	valeurs  map[string]string // JSON text by balise, instead of the good value
	avecHT   bool              // regime HT, with its PREUVE_HT
	finess   string
	avance   string // numeroASP of the advance: makes a line of a balance
	formats  []string
	sansCles []string // balises to leave out
}

// pieces are the names that the line declares.
func (l ligne) pieces() []string {
	var noms []string
	for i, t := range l.types() {
		noms = append(noms, "PHA-LGO-Va1-"+t+"-"+l.editeur+"."+strings.ToLower(l.format(i)))
	}
	return noms
}

func (l ligne) format(i int) string {
	if i < len(l.formats) {
		return l.formats[i]
	}
	return "PDF"
}

func (l ligne) types() []string {
	switch {
	case l.avance != "":
		return []string{"FAC", "VA"}
	case l.avecHT:
		return []string{"BDC", "HT"}
	}
	return []string{"BDC"}
}

var typesDePiece = map[string]string{
	"BDC": "BON_COMMANDE", "HT": "PREUVE_HT", "FAC": "FACTURE", "VA": "VERIFICATION_APTITUDE",
}

// blocs of a line in the order of the document; "" is the line itself.
var blocsAvance = []struct {
	cle   string
	cles  []string
	texte map[string]string
}{
	{"commande", []string{"dateCommande", "regimeTVA", "montantSegurHT"}, map[string]string{"dateCommande": `"03/02/2023"`, "regimeTVA": `"TTC"`, "montantSegurHT": `708.33`}},
	{"certificatsServeur", []string{"statutAdminTechnique", "numeroCarteCPX", "nomAdminTechnique", "telAdminTechnique", "emailAdminTechnique"}, map[string]string{"statutAdminTechnique": `"E"`, "numeroCarteCPX": `"2100000017"`, "nomAdminTechnique": `"Admin Fictif"`, "telAdminTechnique": `"0100000000"`, "emailAdminTechnique": `"admin@officine.example"`}},
	{"beneficiaire", []string{"nomResponsable", "emailResponsable", "telephoneResponsable", "FINESSGeo"}, map[string]string{"nomResponsable": `"TITULAIRE IMAGINAIRE"`, "emailResponsable": `"titulaire.imaginaire@officine.example"`, "telephoneResponsable": `null`, "FINESSGeo": `"990000012"`}},
	{"piecesJustificatives", nil, nil},
	{"scenarioInstallation", []string{"hasBALMSSantePersonnelle", "operateurMessagerie"}, map[string]string{"hasBALMSSantePersonnelle": `false`, "operateurMessagerie": `null`}},
}

// json writes the line as it stands at a rank.
func (l ligne) json(rang int) string {
	action, asp := `"C"`, "null"
	if l.avance != "" {
		action, asp = `"S"`, strconv.Quote(l.avance)
	}
	membres := l.membres("", []string{"numLigne", "typeAction", "numeroASP", "numeroEditeur"},
		map[string]string{"numLigne": strconv.Itoa(rang), "typeAction": action, "numeroASP": asp, "numeroEditeur": strconv.Quote(l.editeur)})
	for _, b := range blocsAvance {
		if b.cle == "certificatsServeur" && l.avance != "" {
			continue
		}
		cles, textes := b.cles, maps.Clone(b.texte)
		switch {
		case b.cle == "commande" && l.avecHT:
			textes["regimeTVA"] = `"HT"`
		case b.cle == "beneficiaire" && l.finess != "":
			textes["FINESSGeo"] = strconv.Quote(l.finess)
		}
		if b.cle == "commande" && l.avance != "" {
			cles = slices.Concat(cles, []string{"numeroFacture", "dateFacture", "montantFactureHT", "dateVA"})
			maps.Copy(textes, map[string]string{"numeroFacture": `"F-2023-0001"`, "dateFacture": `"15/06/2023"`, "montantFactureHT": `708.33`, "dateVA": `"20/06/2023"`})
		}
		texte := "{ " + strings.Join(l.membres(b.cle+".", cles, textes), ", ") + " }"
		if b.cle == "piecesJustificatives" {
			texte = l.jsonPieces()
		}
		if v, ok := l.valeurs[b.cle]; ok {
			texte = v
		}
		membres = append(membres, strconv.Quote(b.cle)+": "+texte)
	}
	fin := l.membres("", []string{"codeTraitement", "libelleTraitement"}, map[string]string{"codeTraitement": "null", "libelleTraitement": "null"})
	return "    { " + strings.Join(slices.Concat(membres, fin), ",\n      ") + " }"
}

func (l ligne) membres(prefixe string, cles []string, textes map[string]string) []string {
	var ms []string
	for _, cle := range cles {
		if slices.Contains(l.sansCles, prefixe+cle) {
			continue
		}
		v := textes[cle]
		if autre, ok := l.valeurs[prefixe+cle]; ok {
			v = autre
		}
		ms = append(ms, strconv.Quote(cle)+": "+v)
	}
	return ms
}

func (l ligne) jsonPieces() string {
	var ps []string
	for i, nom := range l.pieces() {
		ps = append(ps, fmt.Sprintf(`{ "nomFichier": %q, "formatFichier": %q, "typeFichier": %q }`, nom, l.format(i), typesDePiece[l.types()[i]]))
	}
	return "[ " + strings.Join(ps, ", ") + " ]"
}

// fichier writes a whole file.
func fichier(ans, siret string, lignes []ligne) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n  \"impId\": null,\n  \"numeroAns\": %q,\n  \"SIRET\": %q,\n  \"lignesImport\": [\n", ans, siret)
	for i, l := range lignes {
		b.WriteString(l.json(i + 1))
		if i+1 < len(lignes) {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString("  ]\n}\n")
	return b.Bytes()
}

// garnir gives fresh numbers to the lines that have none.
func (c *client) garnir(lignes ...ligne) []ligne {
	out := slices.Clone(lignes)
	for i := range out {
		if out[i].editeur == "" {
			out[i].editeur = c.numeros.editeur()
		}
		if out[i].finess == "" {
			out[i].finess = c.numeros.finessNeuf()
		}
	}
	return out
}

// champ is one field of a form; a file when nom is set.
type champ struct {
	cle, nom string
	valeur   []byte
}

var echappe = regexp.MustCompile(`["\\]`)

// formulaire writes a multipart body with a boundary of its own that does not
// change, so that the same form is the same bytes.
func formulaire(champs ...champ) (genre string, corps []byte) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.SetBoundary("frontiere-du-contrat")
	for _, c := range champs {
		h := textproto.MIMEHeader{}
		d := `form-data; name="` + c.cle + `"`
		if c.nom != "" {
			d += `; filename="` + echappe.ReplaceAllString(c.nom, `\$0`) + `"`
			h.Set("Content-Type", "application/json")
		}
		h.Set("Content-Disposition", d)
		p, _ := w.CreatePart(h)
		_, _ = p.Write(c.valeur)
	}
	_ = w.Close()
	return w.FormDataContentType(), b.Bytes()
}

// formulaireDepot is the form of a deposit.
func formulaireDepot(typ, ans, nom string, octets []byte) (string, []byte) {
	return formulaire(champ{cle: "type", valeur: []byte(typ)}, champ{cle: "numeroAns", valeur: []byte(ans)},
		champ{cle: "fichier", nom: nom, valeur: octets})
}

// deposerOctets sends any bytes under any name as the client.
func (c *client) deposerOctets(t testing.TB, typ, nom string, octets []byte, entetes ...string) reponse {
	t.Helper()
	genre, corps := formulaireDepot(typ, c.NumeroAns, nom, octets)
	return c.appeler(t, "POST", "/api/v1/depots", corps, append([]string{"Content-Type", genre}, entetes...)...)
}

// deposerLignes sends lines in a fresh file; the lines must be garnished.
func (c *client) deposerLignes(t testing.TB, lignes []ligne) reponse {
	t.Helper()
	typ := "avance"
	if lignes[0].avance != "" {
		typ = "solde"
	}
	return c.deposerOctets(t, typ, c.numeros.nomSuivant(c.NumeroAns), fichier(c.NumeroAns, c.Siret, lignes))
}

// jourDans is the day n days from the portal's, as AAAA-MM-JJ.
func jourDans(n int) string {
	return time.Now().In(paris).AddDate(0, 0, n).Format("2006-01-02")
}
