package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"

	"guichet.example/segur"
)

// The header of every generated file, and the day they are controlled as of.
const numeroAns = "9999999999"

var jour = segur.JourExemple

// order says how the keys of a request are laid out.
type order int

const (
	modelOrder order = iota // the order of the blank model
	shuffled                // another one in each object of each request
)

// spec describes a file to generate. The same spec gives the same bytes.
type spec struct {
	requests int
	order    order
	bad      bool // 5 % of the requests carry mistakes
	seed     uint64
}

// member is one key of an object with its JSON text.
type member struct{ key, value string }

// generate writes a file of plainly fictitious requests: names with and
// without accents, reserved domains and telephone ranges, FINESS numbers of a
// department that does not exist, all operators, one request in ten under the
// HT regime with two pieces. Control accepts every request that bad leaves
// alone without a remark. White space is that of the blank model.
func generate(s spec) []byte {
	g := &generator{spec: s, values: rand.New(rand.NewPCG(s.seed, 1)), keys: rand.New(rand.NewPCG(s.seed, 2))}
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n  \"impId\": null,\n  \"numeroAns\": %q,\n  \"SIRET\": \"00000000000000\",\n  \"lignesImport\": [\n", numeroAns)
	for n := 1; n <= s.requests; n++ {
		b.WriteString("    ")
		g.request(n).write(&b, "      ")
		if n < s.requests {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString("  ]\n}\n")
	return b.Bytes()
}

type generator struct {
	spec
	values, keys *rand.Rand // apart, so that both orders hold the same values
}

// object is a list of members; a value that is an object or the list of
// pieces was written by the level below.
type object []member

// write prints an object over several lines, its members at indent.
func (o object) write(b *bytes.Buffer, indent string) {
	b.WriteString("{\n")
	for i, m := range o {
		fmt.Fprintf(b, "%s%q: %s", indent, m.key, m.value)
		if i < len(o)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString(indent[2:] + "}")
}

// block prints a block of a request.
func (g *generator) block(ms ...member) string {
	var b bytes.Buffer
	g.arrange(ms).write(&b, "        ")
	return b.String()
}

func (g *generator) arrange(ms object) object {
	if g.order == shuffled {
		g.keys.Shuffle(len(ms), func(i, j int) { ms[i], ms[j] = ms[j], ms[i] })
	}
	return ms
}

// request makes the n-th request, from 1.
func (g *generator) request(n int) object {
	f := g.facts(n)
	if g.bad && n%20 == 7 {
		mistakes[n/20%len(mistakes)](f)
	}
	pieces := "[\n"
	for i, p := range f.pieces {
		var ms []string
		for _, m := range g.arrange(object{{"nomFichier", p.name}, {"formatFichier", p.format}, {"typeFichier", p.kind}}) {
			ms = append(ms, fmt.Sprintf("%q: %s", m.key, m.value))
		}
		pieces += "        { " + strings.Join(ms, ", ") + " }"
		if i < len(f.pieces)-1 {
			pieces += ","
		}
		pieces += "\n"
	}
	order := object{{"dateCommande", f.date}, {"regimeTVA", f.regime}, {"montantSegurHT", f.amount}}
	if f.date == "" {
		order = order[1:]
	}
	return g.arrange(object{
		{"numLigne", fmt.Sprint(n)},
		{"typeAction", `"C"`},
		{"numeroASP", "null"},
		{"numeroEditeur", f.number},
		{"commande", g.block(order...)},
		{"certificatsServeur", g.block(
			member{"statutAdminTechnique", f.status},
			member{"numeroCarteCPX", f.card},
			member{"nomAdminTechnique", f.admin},
			member{"telAdminTechnique", f.adminPhone},
			member{"emailAdminTechnique", f.adminMail})},
		{"beneficiaire", g.block(
			member{"nomResponsable", f.owner},
			member{"emailResponsable", f.ownerMail},
			member{"telephoneResponsable", f.ownerPhone},
			member{"FINESSGeo", f.finess})},
		{"piecesJustificatives", pieces + "      ]"},
		{"scenarioInstallation", g.block(
			member{"hasBALMSSantePersonnelle", f.mailbox},
			member{"operateurMessagerie", f.operator})},
		{"codeTraitement", "null"},
		{"libelleTraitement", "null"},
	})
}

// facts are the values of one request, as JSON text. An empty date leaves its
// key out.
type facts struct {
	number, date, regime, amount               string
	status, card, admin, adminPhone, adminMail string
	owner, ownerMail, ownerPhone, finess       string
	mailbox, operator                          string
	pieces                                     []piece
}

type piece struct{ name, format, kind string }

// facts makes up the n-th request. Its number is its rank in base 36, with
// letters that a supplier might use.
func (g *generator) facts(n int) *facts {
	r := g.values
	number := fmt.Sprintf("%c%04d", 'A'+rune(g.seed%26), n)
	given, family, town := pick(r, givenNames), pick(r, familyNames), pick(r, towns)
	f := &facts{
		number: quote(number),
		date:   quote(fmt.Sprintf("%02d/%02d/%04d", 1+r.IntN(28), 1+r.IntN(6), 2022+r.IntN(2))),
		regime: `"TTC"`,
		amount: fmt.Sprintf("%d.%02d", 90+r.IntN(2600), r.IntN(100)),
		status: quote(pick(r, []string{"E", "P"})),
		card:   quote(fmt.Sprintf("21%08d", r.IntN(100_000_000))),
		admin:  quote(pick(r, givenNames) + " " + pick(r, shortNames)),
		// 01 99 00 and 06 39 98 are kept for fiction by the French regulator.
		adminPhone: quote(fmt.Sprintf(pick(r, []string{"019900%04d", "+33 1 99 00 %04d", "063998%04d"}), r.IntN(10_000))),
		adminMail:  quote(fmt.Sprintf("technique.%03d@%s.example", n, pick(r, publishers))),
		owner:      quote(strings.ToUpper(family)),
		ownerMail:  quote(fmt.Sprintf("%s.%s@pharmacie-%s.example", ascii(given), ascii(family), ascii(town))),
		ownerPhone: quote(fmt.Sprintf("063998%04d", r.IntN(10_000))),
		finess:     quote(finess(r.IntN(1_000_000))),
		mailbox:    pick(r, []string{"true", "false"}),
		operator:   quote(pick(r, operators).Code),
	}
	if r.IntN(12) == 0 {
		f.ownerMail = "null"
	}
	if r.IntN(12) == 0 {
		f.ownerPhone = "null"
	}
	if r.IntN(15) == 0 {
		f.operator = "null"
	}
	f.pieces = []piece{newPiece(r, "BDC", "BON_COMMANDE", number)}
	if n%10 == 4 {
		f.regime = `"HT"`
		f.pieces = append(f.pieces, newPiece(r, "HT", "PREUVE_HT", number))
	}
	return f
}

func newPiece(r *rand.Rand, code, kind, number string) piece {
	format := pick(r, []string{"PDF", "PDF", "PDF", "PDF", "PNG", "JPG"})
	return piece{quote("PHA-LGO-Va1-" + code + "-" + number + "." + strings.ToLower(format)), quote(format), quote(kind)}
}

// mistakes are the ten bad requests of a file of 200: what suppliers get
// wrong, one each, and one request with three.
var mistakes = []func(*facts){
	func(f *facts) { f.regime = `"ttc"` },
	func(f *facts) { f.amount = "708.3" },
	func(f *facts) { f.owner = `"Fictif"` },
	func(f *facts) { f.date = `"31/12/2099"` },
	func(f *facts) { f.adminMail = `"technique@"` },
	func(f *facts) { f.operator = `"GIP_999"` },
	func(f *facts) { f.date = "" },
	func(f *facts) { f.finess = `"99000001"` },
	func(f *facts) { f.card = `"21000000012"`; f.mailbox = `"true"`; f.amount = `"850.00"` },
	func(f *facts) { f.pieces[0].name = `"bon-de-commande.pdf"` },
}

// finess makes a number with a right key in department 99, which has none.
func finess(n int) string {
	body := fmt.Sprintf("99%06d", n)
	sum := 0
	for i := range body {
		d := int(body[i] - '0')
		if i%2 == 1 { // the last digit of the body is doubled
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return body + string(rune('0'+(10-sum%10)%10))
}

var operators = segur.Operateurs()

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

func quote(s string) string { return `"` + s + `"` }

// ascii spells a name as its owner would in an address.
func ascii(s string) string {
	return strings.NewReplacer("é", "e", "è", "e", "ë", "e", "ê", "e", "ï", "i", "ô", "o", "ç", "c", "'", "", " ", "-").Replace(strings.ToLower(s))
}

var (
	givenNames  = []string{"Anne", "Bastien", "Chloé", "Denis", "Éloïse", "Farid", "Gaëlle", "Hugo", "Inès", "Jules", "Karim", "Léa", "Marc", "Noémie", "Odile", "Paul"}
	shortNames  = []string{"Fictif", "Exemple", "Lessai", "Dumodèle", "Faux", "Témoin", "Bidon"}
	familyNames = []string{"Fictif", "Exemple", "De l'Essai", "Dumodèle", "Faux-Semblant", "Témoin", "Imaginé", "Sans Nom", "Personne", "François-Fictif", "Démo", "Essai"}
	towns       = []string{"Nulle Part", "Villefictive", "Essai-sur-Rien", "Témoinville", "Saint-Exemple", "Modèle", "Lieu-Dit"}
	publishers  = []string{"editeur", "logiciel-officine", "gestion", "support.editeur"}
)
