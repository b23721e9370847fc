package segur

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var maj = flag.Bool("update", false, "write the golden files")

// Every code of the catalogue has a file in the kit that has this fault, and,
// but for the few listed, this fault alone. A code without a case fails here.
func TestChaqueCodeASonCas(t *testing.T) {
	t.Parallel()
	// Faults that cannot stand alone.
	avecDautres := map[Code]string{
		codeAutres: "says how many others there are", 2409: "a second piece of one name is one too many of its type",
		codePiecesTrop: "200 pieces cannot all have different good names",
	}
	for _, j := range Jeux() {
		vus := map[Code]bool{}
		for k := range j.Kit() {
			vus[k.Entree.Code] = true
			r := j.Controler(k.Octets, JourExemple, k.Options)
			codes := codesDe(r)
			if k.Entree.Code == 0 {
				if r.Verdict() != Accepte || len(codes) > 0 {
					t.Errorf("%s: the good file has %v", j.ID, codes)
				}
				continue
			}
			if !slices.Contains(codes, k.Entree.Code.String()) {
				t.Errorf("%s %s (%s): the kit's file has %v", j.ID, k.Entree.Code, k.Entree.Titre, codes)
			}
			if len(codes) > 1 && avecDautres[k.Entree.Code] == "" {
				t.Errorf("%s %s (%s): the kit's file has other faults too: %v", j.ID, k.Entree.Code, k.Entree.Titre, codes)
			}
			if erreur := k.Entree.Gravite == Erreur; erreur == (r.Verdict() == Accepte) {
				t.Errorf("%s %s is an %s and the verdict %s", j.ID, k.Entree.Code, k.Entree.Gravite, r.Verdict())
			}
		}
		for _, e := range j.Catalogue() {
			if !vus[e.Code] {
				t.Errorf("%s: code %s has no case", j.ID, e.Code)
			}
		}
	}
}

func TestCatalogueEstBienForme(t *testing.T) {
	t.Parallel()
	for _, j := range Jeux() {
		for _, e := range j.Catalogue() {
			c := int(e.Code)
			if c < 1000 || c >= 2000 && (c/100 < 20 || c/100 > 26) && c < 9000 || c > 9999 {
				t.Errorf("code %s is of no family", e.Code)
			}
			if e.Titre == "" || e.Message == "" || e.Attendu == "" || e.Remede == "" || e.Reference == "" {
				t.Errorf("code %s lacks a sentence: %+v", e.Code, e)
			}
			l := e.Lisible()
			for _, s := range []string{e.Titre, l.Message, l.Attendu, l.Remede} {
				if strings.Contains(s, "{recu}") || strings.Contains(s, "{mot}") || strings.Contains(s, "{cle}") || strings.Contains(s, "{autre}") {
					t.Errorf("code %s shows a template: %q", e.Code, s)
				}
			}
			if _, ok := LireCode(e.Code.String()); !ok {
				t.Errorf("code %s does not read back", e.Code)
			}
		}
	}
}

// Codes are promises: the list may grow, a line of it may never change. When a
// code is retired, keep its line and mark it in the catalogue.
func TestCodesNeChangentPas(t *testing.T) {
	t.Parallel()
	var lignes []string
	for _, j := range Jeux() {
		for _, e := range j.Catalogue() {
			lignes = append(lignes, fmt.Sprintf("%s %s %s %s", j.ID, e.Code, e.Gravite, e.Balise))
		}
	}
	comparer(t, "testdata/codes.txt", strings.Join(lignes, "\n")+"\n")
}

// The hash of a rule set is what two sides compare. When it changes, the rules
// have: say so in the CHANGELOG under "Format", and raise Moteur if the engine
// judges the same table otherwise.
func TestEmpreintes(t *testing.T) {
	t.Parallel()
	s := ""
	for _, j := range Jeux() {
		s += j.ID + " " + j.Version + " " + j.Empreinte() + "\n"
	}
	comparer(t, "testdata/empreintes.txt", s)
}

func comparer(t *testing.T, chemin, got string) {
	t.Helper()
	if *maj {
		if err := os.WriteFile(chemin, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got:\n%s", chemin, got)
	}
}

func TestJeuPour(t *testing.T) {
	t.Parallel()
	for _, typ := range []TypeDemande{Avance, Solde} {
		if j, err := JeuPour(typ, JourExemple); err != nil || j.Type != typ {
			t.Errorf("JeuPour(%s): %v", typ, err)
		}
	}
	if _, err := JeuPour("autre", JourExemple); err == nil {
		t.Error("an unknown type has a rule set")
	}
	j := *jeuAvance()
	j.Depuis, j.Jusque = Jour{2023, 1, 1}, Jour{2023, 12, 31}
	for jour, want := range map[Jour]bool{{2022, 12, 31}: false, {2023, 1, 1}: true, {2023, 12, 31}: true, {2024, 1, 1}: false} {
		if j.Couvre(jour) != want {
			t.Errorf("Couvre(%s) = %t", jour, !want)
		}
	}
}

// The tables agree with each other: one example a field is what control takes.
func TestExempleDeChaqueChampEstAccepte(t *testing.T) {
	t.Parallel()
	for _, j := range Jeux() {
		for i := range j.Champs {
			c := &j.Champs[i]
			if c.Genre == GenreRang || c.Genre == GenreNumero || c.Bloc == "piecesJustificatives" || c.Cle == "FINESSGeo" {
				continue // depend on the request they stand in, or are the document's own 777777777
			}
			doc := avecValeur(t, j, j.Exemple(2), c.Balise(), c.Exemple)
			if codes := codesDe(j.Controler(doc, JourExemple, Options{})); len(codes) > 0 {
				t.Errorf("%s: its example %s has %v", c.Balise(), c.Exemple, codes)
			}
		}
	}
}

func TestModelePasseLeControle1(t *testing.T) {
	t.Parallel()
	for _, j := range Jeux() {
		r := j.Controler(j.Modele(), JourExemple, Options{})
		for k := range r.Structure() {
			if k.Code%10 != finAbsent || k.Rang != 0 {
				t.Errorf("%s: the blank model has %s: %s", j.ID, k.Code, k.Message)
			}
		}
	}
}

// The schema has the table's fields, all of them and no other, each where the
// table puts it, and asks for those that the table asks for.
func TestSchemaALesChampsDeLaTable(t *testing.T) {
	t.Parallel()
	type noeud struct {
		Properties map[string]*noeud
		Items      *noeud
		Required   []string
	}
	for _, j := range Jeux() {
		var racine noeud
		if err := json.Unmarshal(j.Schema(), &racine); err != nil {
			t.Fatal(err)
		}
		demande := racine.Properties[cleLignesImport].Items
		vus := 0
		for i := range j.Entete {
			if racine.Properties[j.Entete[i].Cle] == nil || !slices.Contains(racine.Required, j.Entete[i].Cle) {
				t.Errorf("%s: the schema does not ask for %s", j.ID, j.Entete[i].Cle)
			}
		}
		for _, b := range j.Blocs {
			n := demande
			if b.Cle != "" {
				if n = demande.Properties[b.Cle]; n == nil || !slices.Contains(demande.Required, b.Cle) {
					t.Fatalf("%s: the schema does not ask for the block %s", j.ID, b.Cle)
				}
				vus++
			}
			if b.Tableau {
				n = n.Items
			}
			champs := 0
			for i := range j.Champs {
				c := &j.Champs[i]
				if c.Bloc != b.Cle {
					continue
				}
				champs++
				exige := !c.Facultatif && c.Genre != GenreNul
				if n.Properties[c.Cle] == nil || slices.Contains(n.Required, c.Cle) != exige {
					t.Errorf("%s: the schema and the table differ on %s", j.ID, c.Balise())
				}
			}
			if b.Cle != "" && len(n.Properties) != champs {
				t.Errorf("%s: block %s has %d properties for %d fields", j.ID, b.Cle, len(n.Properties), champs)
			}
			if b.Cle == "" {
				vus += champs
			}
		}
		if len(demande.Properties) != vus || len(racine.Properties) != len(j.Entete)+1 {
			t.Errorf("%s: the schema has keys that the table does not", j.ID)
		}
	}
}
