package rapport

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"guichet.example/segur"
)

// verifier checks what must hold of a form whatever was controlled.
func verifier(t *testing.T, forme, s string) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Errorf("%s: not UTF-8", forme)
	}
	switch forme {
	case "texte":
		verifierTerminal(t, s)
	case "json", "sarif":
		if s != "" && !json.Valid([]byte(s)) {
			t.Errorf("%s: invalid JSON:\n%s", forme, s)
		}
	case "junit":
		verifierXML(t, xml.NewDecoder(strings.NewReader(s)))
	case "html":
		verifierHTML(t, s)
	case "csv":
		verifierCSV(t, s)
	}
}

func verifierTerminal(t *testing.T, s string) {
	t.Helper()
	s = regexp.MustCompile("\x1b\\[[0-9;]+m").ReplaceAllString(s, "")
	for _, r := range s {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == 0x2028 || r == 0x2029) {
			t.Errorf("texte: %U reaches the terminal", r)
			return
		}
	}
}

func verifierXML(t *testing.T, d *xml.Decoder) {
	t.Helper()
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("not well formed: %v", err)
			return
		}
	}
}

func verifierHTML(t *testing.T, s string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(strings.Replace(s, "<!DOCTYPE html>", "", 1)))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	verifierXML(t, d)
	if regexp.MustCompile(`(?i)<(script|img|link|iframe|svg)|\son\w+=|style=|https?:`).MatchString(s) {
		t.Error("html: something that the page must not hold")
	}
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(s, -1) {
		if ids[m[1]] {
			t.Errorf("html: id %s twice", m[1])
		}
		ids[m[1]] = true
	}
	for _, m := range regexp.MustCompile(` (?:href="#|aria-labelledby=")([^"]*)"`).FindAllStringSubmatch(s, -1) {
		if !ids[m[1]] {
			t.Errorf("html: %s leads nowhere", m[1])
		}
	}
	niveau := "0"
	for _, m := range regexp.MustCompile(`<h([1-6])`).FindAllStringSubmatch(s, -1) {
		if m[1] > niveau && m[1][0] != niveau[0]+1 {
			t.Errorf("html: h%s after h%s", m[1], niveau)
		}
		niveau = m[1]
	}
	if strings.Count(s, "<table>") != strings.Count(s, "<caption>") || strings.Contains(s, "<th>") {
		t.Error("html: a table without caption, or a th without scope")
	}
}

func verifierCSV(t *testing.T, s string) {
	t.Helper()
	s, bom := strings.CutPrefix(s, "\ufeff")
	r := csv.NewReader(strings.NewReader(s))
	r.Comma = ';'
	lignes, err := r.ReadAll()
	if err != nil || !bom || len(lignes) == 0 || !slices.Equal(lignes[0], colonnes) {
		t.Fatalf("csv: %v, BOM %t", err, bom)
	}
	for _, l := range lignes {
		for _, c := range l {
			if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
				t.Errorf("csv: %q may run", c)
			}
		}
	}
	if strings.Count(s, "\n") != strings.Count(s, "\r\n") || strings.Count(s, "\n") != len(lignes) {
		t.Error("csv: a line does not end with CRLF, or has several")
	}
}

// TestFormesBienFormees renders every run in every form.
func TestFormesBienFormees(t *testing.T) {
	for _, e := range essais(t) {
		for _, forme := range Formes() {
			t.Run(e.nom+"/"+forme, func(t *testing.T) { verifier(t, forme, rendre(t, forme, e)) })
		}
	}
}

// TestKit renders one file for each code of the catalogue in every form.
func TestKit(t *testing.T) {
	for k := range jeuEssai(t).Kit() {
		if len(k.Octets) > 1<<16 {
			continue
		}
		r := Resultat{Fichier: segur.Fichier{Nom: k.Nom, SHA256: "00"}, Octets: k.Octets,
			Rapport: jeuEssai(t).Controler(k.Octets, segur.JourExemple, k.Options)}
		for _, forme := range Formes() {
			var b bytes.Buffer
			w, err := Nouveau(forme, &b, Options{Outil: outil, Couleur: true, Largeur: 72})
			if err == nil {
				err = errors.Join(w.Resultat(r), w.Fin())
			}
			if err != nil {
				t.Fatal(err)
			}
			verifier(t, forme, b.String())
			if k.Entree.Code != 0 && !strings.Contains(b.String(), k.Entree.Code.String()) {
				t.Errorf("%s: code %s is not told", forme, k.Entree.Code)
			}
		}
	}
}

// TestPolitiqueDeContenu checks that the page allows its own style and nothing else.
func TestPolitiqueDeContenu(t *testing.T) {
	s := rendre(t, "html", essais(t)[0])
	m := regexp.MustCompile(`(?s)style-src '(sha256-[^']+)'.*<style>(.*)</style>`).FindStringSubmatch(s)
	if m == nil {
		t.Fatal("no policy")
	}
	somme := sha256.Sum256([]byte(m[2]))
	if m[1] != "sha256-"+base64.StdEncoding.EncodeToString(somme[:]) {
		t.Error("the policy refuses the page's own style")
	}
}

// TestAucuneCoupureMuette: the page and the sheet list every constat of a file
// with thousands of them.
func TestAucuneCoupureMuette(t *testing.T) {
	d := jeuEssai(t).Exemple(200)
	d = bytes.ReplaceAll(d, []byte(`"formatFichier": "PDF"`), []byte(`"formatFichier": "pdf"`))
	d = bytes.ReplaceAll(d, []byte(`708.33`), []byte(`"708,33"`))
	e := essai{resultats: []Resultat{controle(t, bonNom(1), d)}}
	if n := strings.Count(rendre(t, "html", e), "<mark>"); n != 400 {
		t.Errorf("html: %d constats, want 400", n)
	}
	if n := strings.Count(rendre(t, "csv", e), "\r\n"); n != 401 {
		t.Errorf("csv: %d lines, want 401", n)
	}
	if s := rendre(t, "texte", e); !strings.Contains(s, "Toutes les demandes (200)") || !strings.Contains(s, "et 195 autres (liste complète\u00a0: --sortie csv)") {
		t.Errorf("texte does not own up to what it leaves out:\n%s", s)
	}
}

// TestNouveauRefuse: a form that does not exist is a French error.
func TestNouveauRefuse(t *testing.T) {
	if _, err := Nouveau("pdf", io.Discard, Options{}); err == nil || !strings.Contains(err.Error(), "texte, json") {
		t.Errorf("error %v", err)
	}
}

type plein struct{ n int }

func (p *plein) Write([]byte) (int, error) { p.n++; return 0, errors.New("disque plein") }

// TestErreurEcriture: the error of the writer comes back, and nothing more is
// written after it.
func TestErreurEcriture(t *testing.T) {
	for _, forme := range Formes() {
		p := &plein{}
		w, err := Nouveau(forme, p, Options{Plusieurs: true})
		if err != nil {
			t.Fatal(err)
		}
		premiere := w.Resultat(nonLu())
		if seconde := w.Resultat(nonLu()); premiere == nil || seconde == nil || w.Fin() == nil || p.n != 1 {
			t.Errorf("%s: error lost, or %d writes", forme, p.n)
		}
	}
}

// FuzzFormes: whatever the bytes, every form is well formed and harmless.
func FuzzFormes(f *testing.F) {
	for _, e := range essais(f) {
		for _, r := range e.resultats {
			if r.Octets != nil {
				f.Add(r.Octets, r.Fichier.Nom)
			}
		}
	}
	f.Add([]byte("{\"impId\xff\": \u202e}"), "\xff\x00.json")
	f.Fuzz(func(t *testing.T, octets []byte, nom string) {
		r := controle(t, nom, octets)
		for _, forme := range Formes() {
			var b bytes.Buffer
			w, err := Nouveau(forme, &b, Options{Outil: outil})
			if err == nil {
				err = errors.Join(w.Resultat(r), w.Fin())
			}
			if err != nil {
				t.Fatal(err)
			}
			verifier(t, forme, b.String())
		}
	})
}
