package segur

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestRetourNeChangeQueSesBalises(t *testing.T) {
	t.Parallel()
	j := jeuAvance()
	doc := avecValeur(t, j, bon(t), "commande.montantSegurHT", "850")
	r := j.Controler(doc, JourExemple, Options{})
	got := string(r.Retour(Numeros{ImpID: "IMP-7", NumeroASP: func(rang int) string { return fmt.Sprintf("ASP-%d", rang) }}))
	want := strings.Replace(string(doc), `"impId": null`, `"impId": "IMP-7"`, 1)
	want = strings.Replace(want, `"numeroASP": null`, `"numeroASP": "ASP-1"`, 1)
	want = strings.Replace(want, `"codeTraitement": null`, `"codeTraitement": "0000"`, 1)
	want = strings.Replace(want, `"libelleTraitement": null`, `"libelleTraitement": "Demande acceptée"`, 1)
	want = strings.Replace(want, `"codeTraitement": null`, `"codeTraitement": "2127"`, 1)
	want = strings.Replace(want, `"libelleTraitement": null`, `"libelleTraitement": "montantSegurHT : exactement deux décimales"`, 1)
	if got != want {
		t.Errorf("got:\n%s", got)
	}
}

// Keys that the sender left out come at the end of their object; keys in
// another order, Windows line ends and a BOM stay as they are.
func TestRetourAjouteCeQuiManque(t *testing.T) {
	t.Parallel()
	j := jeuAvance()
	doc := bon(t)
	for _, cle := range []string{"numeroASP", "codeTraitement", "libelleTraitement"} {
		doc = bytes.ReplaceAll(doc, []byte(`      "`+cle+`": null,`+"\n"), nil)
		doc = bytes.ReplaceAll(doc, []byte(",\n"+`      "`+cle+`": null`), nil)
	}
	doc = bytes.ReplaceAll(doc, []byte("\n"), []byte("\r\n"))
	doc = append([]byte("\xef\xbb\xbf"), doc...)
	doc = bytes.Replace(doc, []byte("\"impId\": null,\r\n"), nil, 1)
	doc = bytes.Replace(doc, []byte("  ]\r\n}"), []byte("  ], \"impId\": null }"), 1)
	r := j.Controler(doc, JourExemple, Options{})
	if r.Verdict() != Accepte {
		t.Fatalf("refused: %v", codesDe(r))
	}
	got := r.Retour(Numeros{ImpID: "I", NumeroASP: func(int) string { return "A" }})
	var d struct {
		ImpID  string                                                          `json:"impId"`
		Lignes []struct{ NumeroASP, CodeTraitement, LibelleTraitement string } `json:"lignesImport"`
	}
	if err := json.Unmarshal(bytes.TrimPrefix(got, []byte("\xef\xbb\xbf")), &d); err != nil {
		t.Fatal(err)
	}
	for _, l := range d.Lignes {
		if l.NumeroASP != "A" || l.CodeTraitement != "0000" || l.LibelleTraitement != LibelleAccepte {
			t.Errorf("request came back as %+v", l)
		}
	}
	ajout := []byte(`, "numeroASP": "A", "codeTraitement": "0000", "libelleTraitement": "Demande acceptée"`)
	if n := bytes.Count(got, ajout); n != 2 || d.ImpID != "I" {
		t.Errorf("added %d times, impId %q:\n%s", n, d.ImpID, got)
	}
	if !bytes.Equal(bytes.Replace(bytes.ReplaceAll(got, ajout, nil), []byte(`"I"`), []byte("null"), 1), doc) {
		t.Error("something else moved")
	}
}

// D29: a file refused as a whole has no returned file.
func TestPasDeRetourApresLeControle1(t *testing.T) {
	t.Parallel()
	if got := jeuAvance().Controler([]byte("{}"), JourExemple, Options{}).Retour(Numeros{}); got != nil {
		t.Errorf("got %q", got)
	}
}

// The command gives no numbers: control twice, and once more on its own
// returned file without the answers, gives the same.
func TestRetourSansNumeros(t *testing.T) {
	t.Parallel()
	r := jeuAvance().Controler(bon(t), JourExemple, Options{})
	got := r.Retour(Numeros{})
	if !bytes.Contains(got, []byte(`"impId": null`)) || bytes.Count(got, []byte(`"numeroASP": null`)) != 2 {
		t.Errorf("numbers were given:\n%s", got)
	}
	solde := jeuSolde()
	r = solde.Controler(solde.Exemple(1), JourExemple, Options{})
	got = r.Retour(Numeros{NumeroASP: func(int) string { return "AUTRE" }})
	if !bytes.Contains(got, []byte(`"numeroASP": "ASP-000001"`)) {
		t.Errorf("a balance lost its advance's number:\n%s", got)
	}
}

// What the portal asks of every request is there under its own name.
func TestFaitsDUneDemande(t *testing.T) {
	t.Parallel()
	j := jeuAvance()
	d, _ := j.Controler(bon(t), JourExemple, Options{}).Demande(2)
	m, ok := d.MontantHT()
	if d.NumeroEditeur() != "00002" || d.FINESSGeo() != finessExemple(2) || !ok || m != 70833 {
		t.Errorf("%q %q %s %t", d.NumeroEditeur(), d.FINESSGeo(), m, ok)
	}
	if m2, ok := d.Montant("commande.montantSegurHT"); m2 != m || !ok || d.Texte("beneficiaire.FINESSGeo") != d.FINESSGeo() || string(d.Brut("commande.montantSegurHT")) != "708.33" {
		t.Errorf("by balise: %s %t %q", m2, ok, d.Brut("commande.montantSegurHT"))
	}
	if _, ok := d.Montant("commande.regimeTVA"); ok || d.Texte("rien") != "" || len(d.Brut("rien")) != 0 {
		t.Error("facts out of nothing")
	}
	d, _ = j.Controler(avecValeur(t, j, bon(t), "commande.montantSegurHT", "708.3"), JourExemple, Options{}).Demande(2)
	if _, ok := d.MontantHT(); ok {
		t.Error("708.3 is an amount")
	}
}
