package lecteurpdf

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"guichet.example/segur/piece"
)

// composer writes a PDF 1.4: its objects, numbered from 1, a table of where
// they are, and a trailer with what plus adds.
func composer(plus string, objets ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var table strings.Builder
	for i, o := range objets {
		fmt.Fprintf(&table, "%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	debut := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n", len(objets)+1, table.String(), len(objets)+1, plus, debut)
	return b.Bytes()
}

const (
	catalogue = "<</Type/Catalog/Pages 2 0 R>>"
	feuille   = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>"
)

func document(plus string) []byte {
	return composer(plus, catalogue, "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>", feuille, feuille)
}

// flux is a stream that inflates to n blanks, said to be as dict tells.
func flux(dict string, n int) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	w.Write(bytes.Repeat([]byte(" "), n))
	w.Close()
	return fmt.Sprintf("<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream", dict, b.Len(), b.String())
}

func chiffrer(t *testing.T, conf *model.Configuration) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := api.Encrypt(bytes.NewReader(document("")), &b, conf); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGoodDocuments(t *testing.T) {
	t.Parallel()
	bon := document("")
	for nom, c := range map[string]struct {
		b     []byte
		pages int
	}{
		"two pages":                       {bon, 2},
		"blanks behind":                   {append(bytes.Clone(bon), "\r\n\r\n"...), 2},
		"wrong offsets":                   {bytes.Replace(bon, []byte("startxref\n"), []byte("startxref\n1"), 1), 2},
		"without table":                   {bon[:bytes.Index(bon, []byte("xref\n0"))], 2},
		"the word in its text":            {composer("", catalogue, "<</Type/Pages/Kids[3 0 R]/Count 1>>", feuille, "(/Encrypt et chiffre)"), 1},
		"content that nobody inflates":    {composer("", catalogue, "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Contents 4 0 R>>", flux("", 1<<20)), 1},
		"restrictions removed long since": {document("/Info 3 0 R"), 2},
	} {
		if n, err := lire(c.b); n != c.pages || err != nil {
			t.Errorf("%s: %d pages, %v", nom, n, err)
		}
	}
}

func TestEncryptedDocuments(t *testing.T) {
	t.Parallel()
	sansReglages() // encrypting reads the settings too
	for nom, b := range map[string][]byte{
		"AES, password":          chiffrer(t, model.NewAESConfiguration("lire", "tout", 256)),
		"AES, no user password":  chiffrer(t, model.NewAESConfiguration("", "tout", 256)),
		"AES 128":                chiffrer(t, model.NewAESConfiguration("", "tout", 128)),
		"RC4, no user password":  chiffrer(t, model.NewRC4Configuration("", "tout", 128)),
		"unknown handler":        composer("/Encrypt 5 0 R", catalogue, "<</Type/Pages/Kids[3 0 R]/Count 1>>", feuille, "null", "<</Filter/Inconnu/V 9>>"),
		"dictionary in trailer":  document("/Encrypt<</Filter/Standard/V 1/R 2/O(" + strings.Repeat("x", 32) + ")/U(" + strings.Repeat("x", 32) + ")/P -4>>"),
		"reference to no object": document("/Encrypt 99 0 R"),
		"name spelt in hex":      document("/#45ncrypt 99 0 R"),
	} {
		if n, err := lire(b); !errors.Is(err, piece.ErrPDFChiffre) {
			t.Errorf("%s: %d pages, %v", nom, n, err)
		}
	}
}

func TestUnreadableDocuments(t *testing.T) {
	t.Parallel()
	bon := document("")
	for nom, b := range map[string][]byte{
		"nothing":              {},
		"signature only":       []byte("%PDF-1.4\n"),
		"random bytes":         append([]byte("%PDF-1.7\n"), hasard(4096)...),
		"cut before pages":     bon[:60],
		"no catalogue":         composer("", "null", "null"),
		"pages that loop":      composer("", catalogue, "<</Type/Pages/Kids[2 0 R]/Count 1>>"),
		"table that loops":     tableEnBoucle(),
		"deep arrays":          composer("", catalogue, "<</Type/Pages/Kids[3 0 R]/Count 1>>", strings.Repeat("[", 100_000)),
		"deep dictionaries":    composer("", strings.Repeat("<</A", 100_000)),
		"page lost":            composer("", catalogue, "<</Type/Pages/Kids[3 0 R 9 0 R]/Count 2>>", feuille),
		"page of another kind": composer("", catalogue, "<</Type/Pages/Kids[3 0 R]/Count 1>>", "null"),
		"pages nested in loop": composer("", catalogue, "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 1>>"),
		"count too high":       composer("", catalogue, "<</Type/Pages/Kids[3 0 R]/Count 999999999>>", feuille),
		"object stream, huge":  fluxObjets(100 << 20),
	} {
		if n, err := lire(b); !errors.Is(err, piece.ErrPDFIllisible) {
			t.Errorf("%s: %d pages, %v", nom, n, err)
		}
	}
}

func TestDocumentWithoutPage(t *testing.T) {
	t.Parallel()
	if n, err := lire(composer("", catalogue, "<</Type/Pages/Kids[]/Count 0>>")); n != 0 || err != nil {
		t.Errorf("%d pages, %v", n, err)
	}
}

func hasard(n int) []byte {
	r := rand.NewChaCha8([32]byte{1})
	b := make([]byte, n)
	r.Read(b)
	return b
}

// tableEnBoucle has a table whose predecessor is itself, and no object.
func tableEnBoucle() []byte {
	return []byte("%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF\n")
}

// fluxObjets keeps the catalogue in an object stream that inflates to n bytes,
// found through a cross-reference stream.
func fluxObjets(n int) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.5\n")
	objets := b.Len()
	fmt.Fprintf(&b, "4 0 obj\n%s\nendobj\n", flux("/Type/ObjStm/N 2/First 10", n))
	table := b.Len()
	lignes := []byte{0, 0, 0, 0, 0, 2, 0, 0, 4, 0, 2, 0, 0, 4, 1, 0, 0, 0, 0, 0,
		1, byte(objets >> 16), byte(objets >> 8), byte(objets), 0, 1, byte(table >> 16), byte(table >> 8), byte(table), 0}
	fmt.Fprintf(&b, "5 0 obj\n<</Type/XRef/Size 6/W[1 3 1]/Root 1 0 R/Length %d>>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n", len(lignes), lignes, table)
	return b.Bytes()
}

func FuzzLire(f *testing.F) {
	f.Add(document(""))
	f.Add(fluxObjets(1000))
	f.Add(tableEnBoucle())
	f.Fuzz(func(t *testing.T, b []byte) {
		if n, err := lire(b); err == nil && n < 0 || err != nil && n != 0 {
			t.Fatal(n, err)
		}
	})
}
