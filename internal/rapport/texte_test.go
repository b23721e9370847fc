package rapport

import (
	"bytes"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"guichet.example/segur"
)

// TestLargeurTenue: no line is wider than the terminal, at any width.
func TestLargeurTenue(t *testing.T) {
	for _, e := range essais(t) {
		if e.options.Quiet || e.options.Couleur {
			continue
		}
		for _, large := range []int{60, 80, 132} {
			e.options.Largeur = large
			for ligne := range strings.Lines(rendre(t, "texte", e)) {
				if l := Largeur(strings.TrimSuffix(ligne, "\n")); l > large {
					t.Errorf("%s: %d cells of %d: %s", e.nom, l, large, ligne)
				}
			}
		}
	}
}

// TestSoulignement: the carets stand under the value, whatever stands before.
func TestSoulignement(t *testing.T) {
	for _, x := range []struct{ source, valeur, ligne, carets string }{
		{"\t\"a\":\t\"é\"", `"é"`, `"a":    "é"`, "        ^^^"},
		{`{"日本": "x"}`, `"x"`, `{"日本": "x"}`, "         ^^^"},
		{"{\"e\u0301\": 12}", `12`, "{\"e\u0301\": 12}", "      ^^"},
		{"{\"\x1b[2J\": 1}", `1`, `{"\u001b[2J": 1}`, "              ^"},
	} {
		d := []byte(x.source)
		deb := bytes.Index(d, []byte(x.valeur))
		e, ok := extraire(d, &constat{Constat: segur.Constat{Deb: deb, Fin: deb + len(x.valeur)}}, 60)
		carets := strings.Repeat(" ", Largeur(e.avant)) + strings.Repeat("^", Largeur(e.marque))
		if !ok || e.avant+e.marque+e.apres != x.ligne || carets != x.carets {
			t.Errorf("%q: %q\n%s", x.source, e, carets)
		}
	}
}

// TestExtraitBorne: a line of megabytes costs no more than a short one, and
// piled up combining characters do not overflow.
func TestExtraitBorne(t *testing.T) {
	d := bytes.Repeat([]byte("e\u0301\u0301\u0301\u0301\u0301"), 1<<20)
	debut := time.Now()
	for range 1000 {
		e, ok := extraire(d, &constat{Constat: segur.Constat{Deb: 5 << 20, Fin: 6 << 20}}, 80)
		if s := e.avant + e.marque + e.apres; !ok || Largeur(s) > 80 || len(s) > 2000 {
			t.Fatalf("%d cells, %d bytes", Largeur(s), len(s))
		}
	}
	if d := time.Since(debut); d > 5*time.Second {
		t.Errorf("1000 excerpts took %v", d)
	}
}

// TestEchappe: what escapes a text undoes it, and nothing forbidden comes out.
func TestEchappe(t *testing.T) {
	s := string(appendEchappe(nil, "a<b>&\"'\n\t\r\x00\x1b\x85\xff\ufffeé日"))
	if s != "a&lt;b&gt;&amp;&#34;&#39;&#10;&#9;&#13;\ufffd\ufffdé日" {
		t.Errorf("%q", s)
	}
	for avant, apres := range map[string]string{"=1": "'=1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "\t=1": "'\t=1", " =1": "' =1", "＝1": "'＝1", "1-1": "1-1", "": "", "  ": "  "} {
		if trouve := neutraliser(avant); trouve != apres {
			t.Errorf("%q becomes %q", avant, trouve)
		}
	}
	if s := segur.Visible("a\x1b\u202e\xff\nb\u00ad", 0); s != `a\u001b\u202e\xff b\u00ad` {
		t.Errorf("%q", s)
	}
	if s := segur.Visible("éèà", 2); s != "éè…" {
		t.Errorf("%q", s)
	}
}

func TestEnumerations(t *testing.T) {
	noms, reste := intervalles([]int{1, 2, 3, 5, 6, 9})
	if s := enumerer(noms); s != "1 à 3, 5, 6 et 9" || reste != 0 {
		t.Errorf("%s, %d", s, reste)
	}
	var impairs []int
	for i := range 100 {
		impairs = append(impairs, 2*i+1)
	}
	if noms, reste = intervalles(impairs); len(noms) != intervallesMax || reste != 100-intervallesMax {
		t.Errorf("%d named, %d left", len(noms), reste)
	}
	if s := Nombre(1234567); s != "1\u202f234\u202f567" {
		t.Error(s)
	}
	if s := Compte(0, "erreur", "erreurs"); s != "0 erreur" {
		t.Error(s)
	}
}

// TestCodesDuNom holds the numbers that suite relies on to the catalogue.
func TestCodesDuNom(t *testing.T) {
	vus := 0
	for _, e := range jeuEssai(t).Catalogue() {
		nom := strings.HasPrefix(e.Titre, "Nom de fichier")
		if nom != (e.Code >= codeNomPremier && e.Code <= codeNomDernier || e.Code == codeNomJour) {
			t.Errorf("%s %s", e.Code, e.Titre)
		}
		if nom {
			vus++
		}
	}
	if vus == 0 {
		t.Error("no code of the file's name")
	}
}

// TestMemoireBornee: thirty files of 200 faulty requests leave nothing
// behind in any form.
func TestMemoireBornee(t *testing.T) {
	d := bytes.ReplaceAll(jeuEssai(t).Exemple(200), []byte("708.33"), []byte("850"))
	r := controle(t, bonNom(1), d)
	for _, forme := range Formes() {
		w, err := Nouveau(forme, io.Discard, Options{Outil: outil, Plusieurs: true})
		if err != nil {
			t.Fatal(err)
		}
		avant := tas()
		for range 30 {
			if err := w.Resultat(r); err != nil {
				t.Fatal(err)
			}
		}
		if apres := tas(); apres > avant+1<<18 {
			t.Errorf("%s keeps %d KiB", forme, (apres-avant)>>10)
		}
		if err := w.Fin(); err != nil {
			t.Fatal(err)
		}
	}
}

func tas() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func BenchmarkFormes(b *testing.B) {
	d := bytes.ReplaceAll(jeuEssai(b).Exemple(200), []byte("708.33"), []byte("850"))
	r := controle(b, bonNom(1), d)
	for _, forme := range Formes() {
		b.Run(forme, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w, err := Nouveau(forme, io.Discard, Options{Outil: outil})
				if err != nil {
					b.Fatal(err)
				}
				if w.Resultat(r) != nil || w.Fin() != nil {
					b.Fatal("no")
				}
			}
		})
	}
}
