package segur

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// graines seeds the fuzz targets with the kit and a file of every shape.
func graines(f *testing.F) {
	for _, j := range Jeux() {
		for k := range j.Kit() {
			if len(k.Octets) < 5_000 {
				f.Add(k.Octets)
			}
		}
		f.Add(j.Modele())
		f.Add(j.Exemple(3))
	}
	f.Add([]byte(`{"lignesImport":[{},{"commande":{}},{"piecesJustificatives":[{},{"typeFichier":1}]}]}`))
}

// texteJSON is what a report says, all of it.
func texteJSON(r *Rapport) []byte {
	return r.AppendJSON(nil, Outil{"segur", "essai"}, Fichier{Nom: "f"}, false, nil)
}

// Whatever the bytes: no panic, the same report twice, a report that is JSON,
// places inside the file, counts that add up, a verdict that follows from
// them, a returned file that differs only where it may.
func FuzzControler(f *testing.F) {
	graines(f)
	f.Fuzz(func(t *testing.T, doc []byte) {
		for _, j := range Jeux() {
			r := j.Controler(doc, JourExemple, Options{Nom: NomExemple(1)})
			got := texteJSON(r)
			// Once more, in memory that another file has used.
			m := new(Memoire)
			j.Controler(repeter(doc), JourExemple, Options{Memoire: m})
			if again := texteJSON(j.Controler(bytes.Clone(doc), JourExemple, Options{Nom: NomExemple(1), Memoire: m})); !bytes.Equal(got, again) {
				t.Fatalf("two controls differ:\n%s\n%s", got, again)
			}
			var flot bytes.Buffer
			if err := r.EcrireJSON(&flot, Outil{"segur", "essai"}, Fichier{Nom: "f"}, false, nil); err != nil || !bytes.Equal(flot.Bytes(), got) {
				t.Fatalf("written in pieces the report differs, %v", err)
			}
			if !json.Valid(got) {
				t.Fatalf("the report is no JSON:\n%s", got)
			}
			verifierComptes(t, r, doc)
			verifierSyntaxe(t, r, doc)
			verifierRetour(t, j, r, doc)
		}
	})
}

func verifierComptes(t *testing.T, r *Rapport, doc []byte) {
	b := r.Bilan()
	erreurs, avertis := 0, 0
	compter := func(k Constat) {
		if k.Gravite == Erreur {
			erreurs++
		} else {
			avertis++
		}
		if k.Deb < 0 || k.Fin < k.Deb || k.Fin > len(doc) || k.Ligne < 1 || k.Colonne < 1 || k.Message == "" {
			t.Fatalf("constat out of place: %+v", k)
		}
		if strings.Contains(k.Message+k.Attendu+k.Remede, "{") && !strings.Contains(k.Attendu+k.Remede+k.Message, "{ ") && !strings.Contains(k.Recu+k.Balise, "{") {
			t.Fatalf("a word was left open: %+v", k)
		}
	}
	for k := range r.Structure() {
		compter(k)
	}
	for d := range r.Demandes() {
		fautes := 0
		for k := range d.Constats() {
			compter(k)
			if k.Gravite == Erreur {
				fautes++
			}
		}
		if d.Acceptee() != (fautes == 0) || d.Acceptee() != (d.CodeTraitement() == 0) {
			t.Fatalf("request %d: accepted %t with %d faults", d.Rang(), d.Acceptee(), fautes)
		}
	}
	if b.Demandes != b.Acceptees+b.Rejetees || b.Avertissements != avertis || r.structureTue == 0 && b.Erreurs != erreurs {
		t.Fatalf("counts %+v, seen %d errors and %d warnings", b, erreurs, avertis)
	}
	if (r.Verdict() == Accepte) != (erreurs == 0) {
		t.Fatalf("verdict %s with %d errors", r.Verdict(), erreurs)
	}
}

// An independent reader, jsontext, must agree on what is JSON at all.
func verifierSyntaxe(t *testing.T, r *Rapport, doc []byte) {
	refus := false
	for k := range r.Structure() {
		switch k.Code {
		case codeVide, codeTaille, codeUTF8, codeUTF16, codeSyntaxe, codeSuite, codeDoublon, codeSurrogat, codeProfond:
			refus = true
		}
	}
	valide := jsontext.Value(bytes.TrimPrefix(doc, []byte("\xef\xbb\xbf"))).IsValid()
	if !refus && !valide {
		t.Fatalf("control reads what is no JSON: %q", doc)
	}
	if refus && valide && profondeur(doc) <= ProfondeurMax {
		t.Fatalf("control cannot read valid JSON: %q: %s", doc, texteJSON(r))
	}
}

func profondeur(doc []byte) int {
	d := jsontext.NewDecoder(bytes.NewReader(bytes.TrimPrefix(doc, []byte("\xef\xbb\xbf"))))
	plus := 0
	for {
		if _, err := d.ReadToken(); err != nil {
			return plus
		}
		plus = max(plus, d.StackDepth())
	}
}

// The returned file reads again, and is the received one but for its four keys.
func verifierRetour(t *testing.T, j *Jeu, r *Rapport, doc []byte) {
	retour := r.Retour(Numeros{ImpID: "I", NumeroASP: func(int) string { return "N" }})
	if (retour == nil) != !r.StructureValide() {
		t.Fatal("a returned file where there is none, or none where there is one")
	}
	if retour == nil {
		return
	}
	var avant, apres map[string]any
	sansBOM := func(b []byte) []byte { return bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")) }
	if err := json.Unmarshal(sansBOM(doc), &avant); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(sansBOM(retour), &apres); err != nil {
		t.Fatalf("the returned file is no JSON: %v\n%s", err, retour)
	}
	oublier(avant)
	oublier(apres)
	a, _ := json.Marshal(avant)
	b, _ := json.Marshal(apres)
	if !bytes.Equal(a, b) {
		t.Fatalf("the returned file differs:\n%s\n%s", a, b)
	}
	for d := range j.Controler(retour, JourExemple, Options{}).Demandes() {
		if d.Texte("codeTraitement") == "" || d.Texte("libelleTraitement") == "" {
			t.Fatalf("request %d came back without an answer:\n%s", d.Rang(), retour)
		}
	}
}

func oublier(doc map[string]any) {
	delete(doc, "impId")
	lignes, _ := doc["lignesImport"].([]any)
	for _, l := range lignes {
		m, _ := l.(map[string]any)
		for _, k := range []string{"numeroASP", "codeTraitement", "libelleTraitement"} {
			delete(m, k)
		}
	}
}

// The short path and the careful one always give the same report, whatever
// requests they are shown in which order.
func FuzzRaccourci(f *testing.F) {
	graines(f)
	f.Fuzz(func(t *testing.T, doc []byte) {
		for _, j := range Jeux() {
			// The same requests again give the shortcut something to follow.
			for _, d := range [][]byte{doc, repeter(doc)} {
				court := j.Controler(d, JourExemple, Options{})
				long := j.controlerSansRaccourci(d)
				a, b := texteJSON(court), texteJSON(long)
				if !bytes.Equal(a, b) {
					t.Fatalf("on %q\nthe short path says\n%s\nthe careful one\n%s", d, a, b)
				}
				if x, y := court.Retour(Numeros{}), long.Retour(Numeros{}); !bytes.Equal(x, y) {
					t.Fatalf("on %q\nthe short path returns\n%s\nthe careful one\n%s", d, x, y)
				}
			}
		}
	})
}

// repeter puts the list of requests behind itself, twice.
func repeter(doc []byte) []byte {
	i, j := bytes.IndexByte(doc, '['), bytes.LastIndexByte(doc, ']')
	if i < 0 || j <= i {
		return doc
	}
	liste := bytes.TrimSpace(doc[i+1 : j])
	return slices.Concat(doc[:i+1], liste, []byte(","), liste, []byte(",\n"), liste, doc[j:])
}

func (j *Jeu) controlerSansRaccourci(doc []byte) *Rapport {
	if len(doc) > TailleMax {
		return j.Controler(doc, JourExemple, Options{})
	}
	m := new(Memoire)
	r := m.rapport(j, doc, JourExemple, "")
	s := m.reprendre(r, Options{})
	s.raccourci.coupe, s.sansNettes = true, true
	s.lireFichier()
	r.racineVals = s.entete
	r.conclure()
	return r
}

// What control accepts the generated schema accepts, through an independent
// validator.
func FuzzSchema(f *testing.F) {
	graines(f)
	f.Fuzz(func(t *testing.T, doc []byte) {
		for _, j := range Jeux() {
			if j.Controler(doc, JourExemple, Options{}).Verdict() != Accepte {
				continue
			}
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(bytes.TrimPrefix(doc, []byte("\xef\xbb\xbf"))))
			if err != nil {
				t.Fatal(err)
			}
			if err := schemaCompile(t, j).Validate(v); err != nil {
				t.Fatalf("control accepts, the schema does not: %v\n%s", err, doc)
			}
		}
	})
}

var schemas sync.Map

func schemaCompile(t testing.TB, j *Jeu) *jsonschema.Schema {
	if s, ok := schemas.Load(j.ID); ok {
		return s.(*jsonschema.Schema)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(j.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	schemas.Store(j.ID, s)
	return s
}

// A masked file keeps its faults and nothing of what it masks.
func FuzzMasquer(f *testing.F) {
	graines(f)
	f.Fuzz(func(t *testing.T, doc []byte) {
		j := jeuAvance()
		got, err := j.Masquer(doc, JourExemple)
		if err != nil {
			return
		}
		a := j.Controler(doc, JourExemple, Options{}).empreinteFautes()
		b := j.Controler(got, JourExemple, Options{}).empreinteFautes()
		if !slices.Equal(a, b) {
			t.Fatalf("faults %v became %v", a, b)
		}
	})
}
