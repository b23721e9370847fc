package segur

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

const (
	bdc = `{"nomFichier":"PHA-LGO-Va1-BDC-00002.pdf","formatFichier":"PDF","typeFichier":"BON_COMMANDE"}`
	ht  = `{"nomFichier":"PHA-LGO-Va1-HT-00002.png","formatFichier":"PNG","typeFichier":"PREUVE_HT"}`
	ht2 = `{"nomFichier":"PHA-LGO-Va1-HT-00002.jpg","formatFichier":"JPG","typeFichier":"PREUVE_HT"}`
)

// The list of pieces of the second request against its regimeTVA.
func TestNombreDePieces(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ regime, pieces, want string }{
		{`"TTC"`, bdc, ""}, {`"TTC"`, "", "2430"}, {`"TTC"`, ht, "2430 9432"}, {`"TTC"`, bdc + "," + ht, "9432"},
		{`"TTC"`, bdc + "," + ht + "," + ht2, "9432"}, {`"HT"`, bdc + "," + ht, ""}, {`"HT"`, bdc, "2432"}, {`"HT"`, "", "2430 2432"},
		{`"HT"`, bdc + "," + ht + "," + ht2, "2433"}, {`"HT"`, ht + "," + bdc, ""},
		{`"TTC"`, bdc + "," + bdc, "2409 2431"},
		// A name that is wrong itself does not condemn the right one that it equals.
		{`"HT"`, strings.Replace(ht, "PREUVE_HT", "BON_COMMANDE", 1) + "," + ht, "2406"},
		{`"HT"`, ht + "," + strings.Replace(ht, "PREUVE_HT", "BON_COMMANDE", 1), "2406 2409"},
		// A regime at fault leaves what hangs on it unjudged.
		{`"X"`, bdc + "," + ht, "2117"}, {`null`, bdc, "2110"},
		// A bad type is reported alone, without the lack that may follow (D26).
		{`"TTC"`, strings.Replace(bdc, "BON_COMMANDE", "BON", 1), "2427"}, {`"HT"`, bdc + "," + strings.Replace(ht, "PREUVE_HT", "ht", 1), "2427"},
		{`"TTC"`, strings.Replace(bdc, `,"typeFichier":"BON_COMMANDE"`, "", 1), "2420"},
		// A bad format is not reported again as a bad name (D21); .jpeg with JPEG is a fault of the format only.
		{`"TTC"`, strings.Replace(bdc, `"PDF"`, `"pdf"`, 1), "2417"}, {`"TTC"`, strings.NewReplacer("pdf", "jpeg", "PDF", "JPEG").Replace(bdc), "2417"},
		{`"TTC"`, strings.NewReplacer("pdf", "jpeg", "PDF", "JPG").Replace(bdc), "2407"}, {`"TTC"`, strings.Replace(bdc, "BDC", "BC", 1), "2407"},
		// Several faults of one piece come in the order name, format, type.
		{`"TTC"`, `{"nomFichier":"x","formatFichier":"x","typeFichier":"x"}`, "2407 2417 2427"},
		{`"TTC"`, `{}`, "2400 2410 2420"},
	} {
		j := jeuAvance()
		doc := avecValeur(t, j, bon(t), "piecesJustificatives", "["+c.pieces+"]")
		i := bytes.LastIndex(doc, []byte(`"TTC"`))
		doc = bytes.Join([][]byte{doc[:i], []byte(c.regime), doc[i+5:]}, nil)
		if got := codesDe(j.Controler(doc, JourExemple, Options{})); !slices.Equal(got, strings.Fields(c.want)) {
			t.Errorf("regime %s, pieces [%s]: got %v, want %s", c.regime, c.pieces, got, c.want)
		}
	}
}

// D20, D26: the number is at fault where it is repeated, its names are not.
func TestNumeroRepete(t *testing.T) {
	t.Parallel()
	j := jeuAvance()
	renumeroter := func(doc []byte, avant, apres string) []byte {
		doc = bytes.ReplaceAll(doc, []byte(`"`+avant+`"`), []byte(`"`+apres+`"`))
		return bytes.ReplaceAll(doc, []byte("-"+avant+"."), []byte("-"+apres+"."))
	}
	for _, c := range []struct {
		doc  []byte
		want string
	}{
		{renumeroter(bon(t), "00002", "00001"), "2038"}, // number and names alike
		{bytes.Replace(bon(t), []byte(`"00002"`), []byte(`2`), 1), "2031"},
		{bytes.Replace(bon(t), []byte(`"00002"`), []byte(`"2"`), 1), "2033"}, // names unjudged against it
		{bytes.Replace(bon(t), []byte(`-00002.`), []byte(`-00001.`), 1), "2408"},
		// The first request's piece has the second's name: only the wrong one is at fault.
		{bytes.Replace(bon(t), []byte(`-00001.`), []byte(`-00002.`), 1), "2408"},
		// A malformed number in the name too: the fault is the number's alone (D26).
		{renumeroter(bon(t), "00002", "0002"), "2033"}, {renumeroter(bon(t), "00002", "0000é"), "2037"}, {renumeroter(bon(t), "00002", "00-02"), "2037"},
		{renumeroter(bon(t), "00002", "0.002"), "2037"}, {renumeroter(bon(t), "00002", `00\u002d02`), "2037"}, {renumeroter(bon(t), "00002", " 0002"), "2035 2033"},
		{bytes.Replace(bon(t), []byte(`"00002"`), []byte(`"0000é"`), 1), "2037"}, {bytes.Replace(renumeroter(bon(t), "00002", "0000é"), []byte("-0000é."), []byte("-0000è."), 1), "2037 2407"},
		{renumeroter(bon(t), "00002", ""), "2034 2407"},
	} {
		if got := codesDe(j.Controler(c.doc, JourExemple, Options{})); !slices.Equal(got, strings.Fields(c.want)) {
			t.Errorf("got %v, want %s", got, c.want)
		}
	}
	// Letter case does not tell two numbers apart: file names collide on Windows.
	doc := renumeroter(renumeroter(bon(t), "00001", "AbcD1"), "00002", "aBCd1")
	r := j.Controler(doc, JourExemple, Options{})
	d, _ := r.Demande(2)
	if k, _ := d.Premier(); k.Code != 2038 || !strings.Contains(k.Message, "rang 1") {
		t.Errorf("got %s: %s", k.Code, k.Message)
	}
	if d, _ := r.Demande(1); !d.Acceptee() {
		t.Error("the first request is at fault too")
	}
}

// Keys in any order give the same codes in the same order of control.
func TestOrdreDuControleNEstPasCeluiDuFichier(t *testing.T) {
	t.Parallel()
	doc := []byte(`{"lignesImport":[{"piecesJustificatives":[{"typeFichier":"BON_COMMANDE","formatFichier":"pdf","nomFichier":"PHA-LGO-Va1-BDC-00001.pdf"}],` +
		`"libelleTraitement":null,"codeTraitement":null,"scenarioInstallation":{"operateurMessagerie":null,"hasBALMSSantePersonnelle":"true"},` +
		`"beneficiaire":{"FINESSGeo":"990000010","telephoneResponsable":null,"emailResponsable":null,"nomResponsable":"Exemple"},` +
		`"certificatsServeur":{"emailAdminTechnique":"a@b.c","telAdminTechnique":"1","nomAdminTechnique":"A","numeroCarteCPX":"1234567890","statutAdminTechnique":"E"},` +
		`"commande":{"montantSegurHT":850,"regimeTVA":"TTC","dateCommande":"30/02/2023"},"numeroEditeur":"00001","numeroASP":null,"typeAction":"C","numLigne":2}],` +
		`"SIRET":"00000000000000","numeroAns":"9999999999","impId":null}`)
	r := jeuAvance().Controler(doc, JourExemple, Options{})
	if got := codesDe(r); !slices.Equal(got, strings.Fields("2008 2108 2127 2308 2417 2502")) {
		t.Errorf("got %v", got)
	}
	d, _ := r.Demande(1)
	if d.CodeTraitement() != 2008 || d.LibelleTraitement() != "numLigne : rang incorrect" {
		t.Errorf("returned code %s, %s", d.CodeTraitement(), d.LibelleTraitement())
	}
	if n, ok := d.NumLigne(); n != 2 || !ok {
		t.Errorf("numLigne = %d, %t", n, ok)
	}
}

func TestNomDuFichier(t *testing.T) {
	t.Parallel()
	j := jeuAvance()
	for _, c := range []struct {
		nom     string
		portail bool
		want    string
	}{
		{NomExemple(1), false, ""}, {NomExemple(999), true, ""}, {"JSON-9999999999-20230630-001.json", false, "9002"},
		{"JSON-9999999999-20230630-001.json", true, "1201"}, {"JSON-9999999999-20230701-000.json", false, "1200"},
		{"JSON-9999999999-20261316-001.json", false, "1200"}, {"JSON-9999999999-20230229-001.json", false, "1200"},
		{"json-9999999999-20230701-001.json", false, "1200"}, {"JSON-9999999999-20230701-001.JSON", false, "1200"},
		{"JSON-9999999999-20230701-01.json", false, "1200"}, {"JSON-999999999-20230701-001.json", false, "1200"},
		{"JSON-9999999998-20230701-001.json", false, "1202"}, {"export.json", true, "1200"}, {"JSON-9999999999-20230701-001 (1).json", false, "1200"},
	} {
		if got := codesDe(j.Controler(bon(t), JourExemple, Options{Nom: c.nom, Portail: c.portail})); !slices.Equal(got, strings.Fields(c.want)) {
			t.Errorf("%s (portal %t): got %v, want %s", c.nom, c.portail, got, c.want)
		}
	}
	// A numeroAns at fault is not held against the name as well.
	doc := bytes.Replace(bon(t), []byte(`"9999999999"`), []byte(`"99"`), 1)
	if got := codesDe(j.Controler(doc, JourExemple, Options{Nom: NomExemple(1)})); !slices.Equal(got, []string{"1033"}) {
		t.Errorf("got %v", got)
	}
}

func TestRegistreFiness(t *testing.T) {
	t.Parallel()
	for cat, want := range map[int]string{620: "", 627: "", 628: "", 629: "", 101: "2338", 621: "2338", 0: "9339"} {
		registre := func(n string) (int, bool) {
			if n == finessExemple(2) {
				return cat, cat != 0
			}
			return 620, true
		}
		if got := codesDe(jeuAvance().Controler(bon(t), JourExemple, Options{Finess: registre})); !slices.Equal(got, strings.Fields(want)) {
			t.Errorf("category %d: got %v, want %q", cat, got, want)
		}
	}
}
