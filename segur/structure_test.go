package segur

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Each case breaks a good file of two requests at the level of control 1.
func TestControle1(t *testing.T) {
	t.Parallel()
	prof := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for _, c := range []struct {
		nom, avant, apres string
		want              []string
	}{
		{"impId filled", `"impId": null`, `"impId": 1`, []string{"1027"}},
		{"impId as a word", `"impId": null`, `"impId": "null"`, []string{"1022"}},
		{"impId missing", `"impId": null,`, ``, []string{"1020"}},
		{"numeroAns of 9", `"9999999999"`, `"999999999"`, []string{"1033"}},
		{"numeroAns of 11", `"9999999999"`, `"99999999999"`, []string{"1033"}},
		{"numeroAns as number", `"9999999999"`, `9999999999`, []string{"1031"}},
		{"numeroAns with letters", `"9999999999"`, `"AbCd999999"`, nil},
		{"numeroAns with accent", `"9999999999"`, `"Éééééééééé"`, []string{"1037"}},
		{"SIRET of 13", `"00000000000000"`, `"0000000000000"`, []string{"1043"}},
		{"SIRET with spaces", `"00000000000000"`, `"000 000 000 00000"`, []string{"1043", "1047"}},
		{"siret for SIRET", `"SIRET"`, `"siret"`, []string{"1011", "1040"}},
		{"unknown key in root", `"impId": null,`, `"impId": null, "version": 1,`, []string{"1010"}},
		{"unknown key in block", `"regimeTVA": "TTC"`, `"regimeTVA": "TTC", "tva": {"a": [1, {"b": 2}]}`, []string{"1010"}},
		{"unknown key in piece", `"formatFichier": "PDF"`, `"formatFichier": "PDF", "taille": 3`, []string{"1010"}},
		{"key in the wrong block", `"codeTraitement": null,`, `"codeTraitement": null, "regimeTVA": "HT",`, []string{"1010"}},
		{"escaped key is the same key", `"regimeTVA"`, `"regime\u0054VA"`, nil},
		{"duplicate key", `"regimeTVA": "TTC"`, `"regimeTVA": "TTC", "regimeTVA": "TTC"`, []string{"1005"}},
		{"duplicate by escape", `"regimeTVA": "TTC"`, `"regimeTVA": "TTC", "regime\u0054VA": "TTC"`, []string{"1005"}},
		{"duplicate block", `"beneficiaire": {`, `"beneficiaire": {}, "beneficiaire": {`, []string{"1005"}},
		{"duplicate unknown key", `"impId": null,`, `"impId": null, "x": 1, "x": 2,`, []string{"1010", "1010", "1005"}},
		{"duplicate below a leaf", `708.33`, `{"a": {"b": 1, "b": 2}}`, []string{"1005"}},
		{"no duplicate in two objects", `708.33`, `[{"a": 1}, {"a": 2}]`, nil},
		{"16 levels", `708.33`, prof(12), nil},
		{"17 levels", `708.33`, prof(13), []string{"1006"}},
		{"lone surrogate", `"EXEMPLE"`, `"EX\ud800"`, []string{"1007"}},
		{"lone low surrogate", `"EXEMPLE"`, `"EX\udc00"`, []string{"1007"}},
		{"lone surrogate in a key", `"impId": null,`, `"impId": null, "\ud800": 1,`, []string{"1007", "1010"}},
		{"block missing", `"regimeTVA": "TTC"`, `"regimeTVA": "TTC"`, nil},
		{"block null", `"scenarioInstallation": {`, `"scenarioInstallation": null, "x": {`, []string{"1141", "1010"}},
		{"pieces as object", `"piecesJustificatives": [`, `"piecesJustificatives": {}, "x": [`, []string{"1131", "1010"}},
		{"piece as text", `"piecesJustificatives": [`, `"piecesJustificatives": ["x", `, []string{"1132"}},
		{"request null", `"lignesImport": [`, `"lignesImport": [null, `, []string{"1054"}},
		{"comma too many", `"libelleTraitement": null`, `"libelleTraitement": null,`, []string{"1003"}},
		{"single quotes", `"TTC"`, `'TTC'`, []string{"1003"}},
		{"comment", `"impId": null,`, `"impId": null, // rien`, []string{"1003"}},
		{"French decimal comma", `708.33`, `708,33`, []string{"1003"}},
		{"leading zero", `708.33`, `0708.33`, []string{"1003"}},
		{"NaN", `708.33`, `NaN`, []string{"1003"}},
		{"raw line feed in a text", `"EXEMPLE"`, "\"EX\nEMPLE\"", []string{"1003"}},
		{"bad escape", `"EXEMPLE"`, `"EX\EMPLE"`, []string{"1003"}},
		{"nul byte", `"TTC"`, "\x00", []string{"1003"}},
	} {
		t.Run(c.nom, func(t *testing.T) {
			t.Parallel()
			doc := bytes.Replace(bon(t), []byte(c.avant), []byte(c.apres), 1)
			r := jeuAvance().Controler(doc, JourExemple, Options{})
			var got []string
			for k := range r.Structure() {
				got = append(got, k.Code.String())
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if (len(c.want) == 0) != r.StructureValide() {
				t.Errorf("StructureValide() = %t", r.StructureValide())
			}
			if len(c.want) > 0 && (r.Verdict() != Rejete || r.Bilan().Demandes != 0) {
				t.Errorf("verdict %s with %d requests after a failed control 1", r.Verdict(), r.Bilan().Demandes)
			}
		})
	}
}

func TestControle1SurDesFichiersEntiers(t *testing.T) {
	t.Parallel()
	long := append(bon(t), bytes.Repeat([]byte(" "), TailleMax-len(bon(t)))...)
	for _, c := range []struct {
		nom  string
		doc  []byte
		want string
	}{
		{"empty", nil, "1000"}, {"blank", []byte(" \n\t"), "1000"}, {"BOM alone", []byte("\xef\xbb\xbf"), "9001 1000"},
		{"array", []byte("[]"), "1008"}, {"text", []byte(`"a"`), "1008"}, {"null", []byte("null"), "1008"},
		{"empty object", []byte("{}"), "1020 1030 1040 1050"},
		{"two values", append(bon(t), "{}"...), "1004"},
		{"open object", []byte("{"), "1003"}, {"closed twice", append(bon(t), '}'), "1004"},
		{"exactly 10 MiB", long, ""}, {"one byte more", append(bytes.Clone(long), ' '), "1001"},
		{"latin-1", bytes.Replace(bon(t), []byte("EXEMPLE"), []byte("EX\xc9MPLE"), 1), "1002"},
		{"UTF-16", []byte("\xff\xfe{\x00}\x00"), "1012"},
		{"BOM", append([]byte("\xef\xbb\xbf"), bon(t)...), "9001"},
		{"200 requests", jeuAvance().Exemple(200), ""}, {"201 requests", jeuAvance().Exemple(201), "1053"},
		{"no request", sansLignes("[]")(bon(t)), "1052"}, {"requests as object", sansLignes("{}")(bon(t)), "1051"},
		{"random", []byte("\x00\x01\x02"), "1003"}, {"HTML", []byte("<html>"), "1003"}, {"zip", []byte("PK\x03\x04"), "1003"},
	} {
		got := strings.Join(codesDe(jeuAvance().Controler(c.doc, JourExemple, Options{})), " ")
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.nom, got, c.want)
		}
	}
}

// A real vendor wrote siret for SIRET; the message must name the right key.
func TestCasseDeSiretEstNommee(t *testing.T) {
	t.Parallel()
	doc := bytes.Replace(bon(t), []byte(`"SIRET"`), []byte(`"siret"`), 1)
	for k := range jeuAvance().Controler(doc, JourExemple, Options{}).Structure() {
		if k.Code == codeCasse && strings.Contains(k.Remede, "SIRET") && k.Balise == "siret" && k.Pointeur == "/siret" {
			return
		}
	}
	t.Error("no constat proposes SIRET")
}

func TestPositions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		nom, doc string
		want     []string // code balise pointer line:column
	}{
		{"BOM and accents", "\xef\xbb\xbf{\"é\": 1, \"impId\": 2}", []string{
			"9001   1:1", "1010 é /é 1:2", "1027 impId /impId 1:19", "1030 numeroAns  1:1", "1040 SIRET  1:1", "1050 lignesImport  1:1"}},
		{"CRLF", "{\r\n \"impId\": null,\r\n \"numeroAns\": 1,\r\n\"SIRET\":\r\n  \"x\", \"lignesImport\": 3}", []string{
			"1051 lignesImport /lignesImport 5:24", "1031 numeroAns /numeroAns 3:15", "1043 SIRET /SIRET 5:3", "1047 SIRET /SIRET 5:3"}},
		{"inside what stands where a leaf belongs", `{"impId": {"a": "\udc00\udc00", "b": ["\ud800"]}, "SIRET": "\ud800", "numeroAns":` + strings.Repeat("[", 16) + strings.Repeat("]", 16) + "}", []string{
			"1007 impId /impId 1:17", "1007 impId /impId 1:39", "1007 SIRET /SIRET 1:60", "1006 numeroAns /numeroAns" + strings.Repeat("/0", 15) + " 1:97",
			"1027 impId /impId 1:11", "1031 numeroAns /numeroAns 1:82", "1043 SIRET /SIRET 1:60", "1047 SIRET /SIRET 1:60", "1050 lignesImport  1:1"}},
		{"a list too deep for a root", strings.Repeat("[", 17) + strings.Repeat("]", 17), []string{
			"1006  " + strings.Repeat("/0", 16) + " 1:17", "1008   1:1"}},
		{"key to escape", `{"a/b~c": {"d": 1, "d": 2}}`, []string{
			"1005 a/b~c /a~1b~0c/d 1:20", "1010 a/b~c /a~1b~0c 1:2", "1020 impId  1:1", "1030 numeroAns  1:1", "1040 SIRET  1:1", "1050 lignesImport  1:1"}},
	} {
		var got []string
		for k := range jeuAvance().Controler([]byte(c.doc), JourExemple, Options{}).Structure() {
			got = append(got, fmt.Sprintf("%s %s %s %d:%d", k.Code, k.Balise, k.Pointeur, k.Ligne, k.Colonne))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", c.nom, got, c.want)
		}
	}
}

// A missing leaf points at its object, a missing block at its request.
func TestPositionDeCeQuiManque(t *testing.T) {
	t.Parallel()
	j := jeuAvance()
	doc := avecValeur(t, j, bon(t), "commande.regimeTVA", "@absent")
	d, _ := j.Controler(doc, JourExemple, Options{}).Demande(2)
	k, _ := d.Premier()
	if k.Pointeur != "/lignesImport/1/commande" || k.Recu != "" || doc[k.Deb] != '{' {
		t.Errorf("missing leaf: pointer %q, received %q", k.Pointeur, k.Recu)
	}
	r := j.Controler(bon(t), JourExemple, Options{})
	deb, fin, _ := j.etendue(r, "commande")
	doc = retirerMembre(bon(t), deb, fin)
	for k := range j.Controler(doc, JourExemple, Options{}).Structure() {
		if k.Code != 1100 || k.Pointeur != "/lignesImport/1" || k.Balise != "commande" || doc[k.Deb] != '{' {
			t.Errorf("missing block: %+v", k)
		}
	}
}

// The fault list of control 1 is long but bounded, and says what it leaves out.
func TestListeDesFautesDeStructureDitCeQuElleTait(t *testing.T) {
	t.Parallel()
	doc := clesEnTrop(bon(t))
	r := jeuAvance().Controler(doc, JourExemple, Options{})
	n, autres := 0, ""
	for k := range r.Structure() {
		if n++; k.Code == codeAutres {
			autres = k.Message
		}
	}
	if n != StructureDetaillee+1 || r.Bilan().Erreurs != StructureDetaillee+1 || !strings.HasPrefix(autres, "1 autres") {
		t.Errorf("%d listed, %d counted, last one says %q", n, r.Bilan().Erreurs, autres)
	}
}
