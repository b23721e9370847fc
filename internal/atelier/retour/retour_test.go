package retour

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guichet.example/segur"
)

// rendu is a returned file made by our own portal's engine: n requests, the
// ones of refuses refused.
func rendu(t *testing.T, n int, refuses string) []byte {
	t.Helper()
	jeu, err := segur.JeuPour(segur.Avance, segur.JourExemple)
	if err != nil {
		t.Fatal(err)
	}
	depot := string(jeu.Exemple(n))
	if refuses != "" {
		depot = strings.Replace(depot, `"`+refuses+`"`, `"`+refuses+`é"`, 1)
	}
	r := jeu.Controler([]byte(depot), segur.JourExemple, segur.Options{})
	return r.Retour(segur.Numeros{ImpID: "IMP-1", NumeroASP: func(rang int) string { return fmt.Sprintf("ASP-%06d", rang) }})
}

func TestReturnedFileOfOurPortalIsRead(t *testing.T) {
	f, err := Lire(append([]byte("\xef\xbb\xbf"), rendu(t, 2, "")...))
	if err != nil {
		t.Fatal(err)
	}
	if f.ImpID != "IMP-1" || f.Type != segur.Avance || len(f.Lignes) != 2 || f.NumeroAns != "9999999999" {
		t.Errorf("%+v", f)
	}
	l := f.Lignes[1]
	if !l.Acceptee || l.NumeroASP != "ASP-000002" || l.Code != "0000" || l.Libelle != segur.LibelleAccepte || len(l.Pieces) != 1 {
		t.Errorf("%+v", l)
	}
	if v, _ := l.Valeurs.De("commande.montantSegurHT"); v != "708.33" || l.Valeurs.Texte("numeroEditeur") != "00002" {
		t.Errorf("%+v", l.Valeurs)
	}
	d := f.Importer("retour.json", 1, "abc", segur.BaremePHA, func(n string) bool { return n == "00001" })
	if len(d.Demandes) != 1 || d.Demandes[0].Montants.Avance != 25500 || d.Demandes[0].FINESSGeo == "" {
		t.Errorf("%+v", d)
	}
}

// TestAgencysOwnCodesStayText: the real portal's codes are not public; a
// number, a long word, a null are taken as they are.
func TestAgencysOwnCodesStayText(t *testing.T) {
	f, err := Lire([]byte(`{"impId":77,"lignesImport":[
		{"numeroEditeur":"00001","numeroASP":"A-1","codeTraitement":12,"libelleTraitement":"ok"},
		{"numeroEditeur":"00002","numeroASP":null,"codeTraitement":"KO_DATE","libelleTraitement":"Date\u001b[31m"},
		{"numeroEditeur":"00003","numeroASP":"","codeTraitement":null,"nouveau":{"cle":[]},"piecesJustificatives":"?"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range f.Lignes {
		got = append(got, fmt.Sprint(l.NumeroEditeur, " ", l.Acceptee, " ", l.Code))
		if strings.Contains(l.Libelle, "\x1b") {
			t.Error("a label acts on the terminal")
		}
	}
	if d := cmp.Diff([]string{"00001 true 12", "00002 false KO_DATE", "00003 false "}, got); d != "" {
		t.Error(d)
	}
}

// TestBalanceIsAcceptedByItsCode: in a returned balance numeroASP stays the
// advance's and tells nothing.
func TestBalanceIsAcceptedByItsCode(t *testing.T) {
	f, err := Lire([]byte(`{"lignesImport":[
		{"typeAction":"S","numeroEditeur":"00001","numeroASP":"A-1","codeTraitement":"0000"},
		{"typeAction":"S","numeroEditeur":"00002","numeroASP":"A-2","codeTraitement":"3041"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if f.Type != segur.Solde || !f.Lignes[0].Acceptee || f.Lignes[1].Acceptee {
		t.Errorf("%+v", f)
	}
}

func TestWhatIsNoReturnedFileIsSaid(t *testing.T) {
	for texte, dit := range map[string]string{
		"":                    "ne se lit pas",
		"[]":                  "ne se lit pas",
		`{"lignesImport":[]}`: "n’a pas de demande",
		`{"lignesImport":[{"numeroEditeur":"00001","numeroASP":null}]}`:                                          "pas le fichier retour",
		`{"lignesImport":[{"numeroEditeur":"00001","numeroASP":null,"codeTraitement":"0000"}]}`:                  "vient d’un contrôle",
		`{"lignesImport":[{"numeroASP":"A"}]}`:                                                                   "pas de numeroEditeur",
		`{"lignesImport":[{"numeroEditeur":"a0001","numeroASP":"A"},{"numeroEditeur":"A0001","numeroASP":"B"}]}`: "même numeroEditeur",
	} {
		if _, err := Lire([]byte(texte)); err == nil || !strings.Contains(err.Error(), dit) {
			t.Errorf("%s: %v", texte, err)
		}
	}
}

func FuzzLire(f *testing.F) {
	f.Add([]byte(`{"lignesImport":[{"numeroEditeur":"00001","numeroASP":"A-1","commande":{"regimeTVA":"HT"}}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := Lire(b)
		if err == nil && len(r.Lignes) == 0 {
			t.Error("nothing read and no error")
		}
	})
}
