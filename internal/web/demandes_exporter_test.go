package web_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
)

// An export holds every request of the filter, in a form that spreadsheets of
// this country read.
func TestCSVHoldsEveryRequest(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	p.Amener(t, guichet.Payee, 2)
	p.Amener(t, guichet.Incomplete, 3)
	n := p.entrer("a.lecteur")
	r := n.lire("/demandes.csv").doit(t, http.StatusOK)
	texte, bom := strings.CutPrefix(r.corps, "\ufeff")
	if !bom || r.entete.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.HasSuffix(r.entete.Get("Content-Disposition"), `.csv"`) {
		t.Errorf("headers: %v", r.entete)
	}
	c := csv.NewReader(strings.NewReader(texte))
	c.Comma = ';'
	rangs, err := c.ReadAll()
	if err != nil || len(rangs) != 6 {
		t.Fatalf("%d rows, %v", len(rangs), err)
	}
	if rangs[1][1] != "Incomplète" || rangs[1][10] != "708,33" || !strings.HasPrefix(rangs[1][16], "PHA-LGO-") || rangs[5][14] != "255,00" {
		t.Errorf("rows: %q … %q", rangs[1], rangs[5])
	}
	if r := n.lire("/demandes.csv?statut=payee").doit(t, http.StatusOK); strings.Count(r.corps, "\r\n") != 3 {
		t.Errorf("filtered: %q", r.corps)
	}
	n.lire("/demandes.csv?statut=autre").doit(t, http.StatusBadRequest)
	if r := p.entrer("b.gestionnaire").lire("/demandes.csv"); strings.Count(r.corps, "\r\n") != 1 {
		t.Errorf("another supplier reads %q", r.corps)
	}
}

// The columns that a person chose are remembered for that person alone, keep
// the filters, and are those of the exports.
func TestColumnsAreChosenAndRemembered(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	p.Amener(t, guichet.Payee, 1)
	p.Amener(t, guichet.Incomplete, 1)
	n := p.entrer("a.lecteur")
	n.lire("/demandes").doit(t, http.StatusOK, "Ce qui manque", `<th scope="col" class="n">Montant</th>`)
	r := n.poster("/demandes/colonnes", url.Values{"colonnes": {"finess", "verse", "inconnue"}, "filtres": {"statut=payee&q=ASP"}})
	if r.statut != http.StatusSeeOther || r.entete.Get("Location") != "/demandes?q=ASP&statut=payee" {
		t.Fatalf("%d %s", r.statut, r.entete.Get("Location"))
	}
	r = n.lire("/demandes?statut=payee").doit(t, http.StatusOK, `<th scope="col">FINESS</th>`, "255,00")
	if strings.Contains(r.corps, `<th scope="col">Type</th>`) {
		t.Error("a column that was not chosen is shown")
	}
	_, lien, _ := strings.Cut(r.corps, `href="/demandes.csv?`)
	lien, _, _ = strings.Cut(lien, `"`)
	r = n.lire("/demandes.csv?"+strings.ReplaceAll(lien, "&amp;", "&")).doit(t, http.StatusOK)
	if lignes := strings.Split(r.corps, "\r\n"); lignes[0] != "\ufeffnumeroASP;FINESS;versé" || len(lignes) != 3 || !strings.HasSuffix(lignes[1], ";255,00") {
		t.Errorf("%q", lignes)
	}
	p.entrer("a.gestionnaire").lire("/demandes").doit(t, http.StatusOK, "Ce qui manque")
	n.poster("/demandes/colonnes", url.Values{"choix": {"preset"}})
	n.lire("/demandes").doit(t, http.StatusOK, "Ce qui manque")
}

// A workbook opens: its parts are XML, its amounts numbers, its texts no
// formulas.
func TestWorkbookHoldsNumbers(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	p.Amener(t, guichet.Deposee, 2)
	r := p.entrer("instructeur1").lire("/demandes.xlsx").doit(t, http.StatusOK)
	z, err := zip.NewReader(strings.NewReader(r.corps), int64(len(r.corps)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		w, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(w)
		if err != nil {
			t.Fatal(err)
		}
		d := xml.NewDecoder(bytes.NewReader(b))
		for err == nil {
			_, err = d.Token()
		}
		if !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", f.Name, err)
		}
		if f.Name == "xl/worksheets/sheet1.xml" && (bytes.Count(b, []byte("<row>")) != 3 || bytes.Count(b, []byte("<v>708.33</v>")) != 2 || bytes.Contains(b, []byte("<f>"))) {
			t.Errorf("sheet: %s", b)
		}
	}
	if len(z.File) != 6 {
		t.Errorf("%d parts", len(z.File))
	}
}

// A list is read page by page, each request once.
func TestListIsReadPageByPage(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	p.Deposer(t, "a.gestionnaire", 60)
	n := p.entrer("a.gestionnaire")
	r := n.lire("/demandes").doit(t, http.StatusOK, "Page suivante")
	premiere := strings.Count(r.corps, `href="/demandes/ASP-`)
	_, suite, _ := strings.Cut(r.corps, `<a class="btn" href="/demandes?apres=`)
	suite, _, _ = strings.Cut(suite, `"`)
	r = n.lire("/demandes?apres="+suite).doit(t, http.StatusOK, "← Début")
	if deuxieme := strings.Count(r.corps, `href="/demandes/ASP-`); premiere != 50 || deuxieme != 10 {
		t.Errorf("pages of %d and %d", premiere, deuxieme)
	}
	n.lire("/demandes?q=00059").doit(t, http.StatusOK, "00059")
	n.lire("/demandes?q=99999&statut=payee").doit(t, http.StatusOK, "Aucune demande ne correspond")
}
