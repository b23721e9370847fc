package certificat

import (
	"archive/zip"
	"bytes"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guichet.example/segur"
)

// dossier holds a deposit of two requests with their documents in one zip.
func dossier(t *testing.T) string {
	t.Helper()
	jeu, err := segur.JeuPour(segur.Avance, segur.JourExemple)
	if err != nil {
		t.Fatal(err)
	}
	d := t.TempDir()
	octets := []byte(strings.NewReplacer(".pdf", ".png", `"PDF"`, `"PNG"`).Replace(string(jeu.Exemple(2))))
	f, err := os.Create(filepath.Join(d, "pieces.zip"))
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for i, nom := range []string{"PHA-LGO-Va1-BDC-00001.png", "PHA-LGO-Va1-BDC-00002.png"} {
		w, err := z.Create(nom)
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(w, image.NewGray(image.Rect(0, 0, 4, 4+i))); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.Close(), f.Close(), os.WriteFile(filepath.Join(d, segur.NomExemple(1)), octets, 0o600)); err != nil {
		t.Fatal(err)
	}
	return d
}

func options() Options {
	return Options{Outil: Outil{"segur", "essai"}, Date: "2023-07-01T09:00:00+02:00", Jour: segur.JourExemple}
}

func certifier(t *testing.T, d string) (*Certificat, []byte) {
	t.Helper()
	c, err := Faire(t.Context(), []string{d}, options())
	if err != nil {
		t.Fatal(err)
	}
	b, err := c.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return c, b
}

func TestCertificateHoldsHashesDatesAndTotals(t *testing.T) {
	c, b := certifier(t, dossier(t))
	want := Totaux{Demandes: 2, HT: "1416.66", Base: "1700.00", Avance: "510.00", Solde: "1190.00", Pieces: 2, Octets: c.Pieces[0].Taille + c.Pieces[1].Taille}
	if d := cmp.Diff(want, c.Totaux); d != "" {
		t.Error(d)
	}
	f := c.Fichiers[0]
	if !c.Bon() || f.Verdict != segur.Accepte || f.Pieces != (BilanPieces{2, 2, 0, 0}) || !strings.HasPrefix(f.Regles.Empreinte, "sha256:") || c.Pieces[0].Archive != "pieces.zip" {
		t.Errorf("%+v", c)
	}
	if lu, err := Lire(b); err != nil || cmp.Diff(c, lu) != "" {
		t.Errorf("%v\n%s", err, cmp.Diff(c, lu))
	}
	var p bytes.Buffer
	if err := c.EcrireHTML(&p); err != nil || !strings.Contains(p.String(), c.Empreinte) || !strings.Contains(p.String(), "510,00") {
		t.Errorf("%v, %s", err, p.String())
	}
}

// TestEveryChangedByteOfACertificateIsFound, but line ends that mail changes.
func TestEveryChangedByteOfACertificateIsFound(t *testing.T) {
	_, b := certifier(t, dossier(t))
	for i := range len(b) - 1 {
		faux := bytes.Clone(b)
		faux[i] ^= 1
		if _, err := Lire(faux); err == nil {
			t.Fatalf("byte %d (%q) changed: not found", i, b[i])
		}
	}
	if _, err := Lire(bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n"))); err != nil {
		t.Errorf("with CRLF: %v", err)
	}
}

func TestFilesThatAreNotTheCertifiedOnesAreFound(t *testing.T) {
	for nom, cas := range map[string]struct {
		changer func(t *testing.T, d string)
		dit     string
	}{
		"nothing": {func(*testing.T, string) {}, ""},
		"file": {func(t *testing.T, d string) {
			chemin := filepath.Join(d, segur.NomExemple(1))
			b, err := os.ReadFile(chemin)
			if err = errors.Join(err, os.WriteFile(chemin, append(b, ' '), 0o600)); err != nil {
				t.Fatal(err)
			}
		}, "n’est pas celui qui a été certifié"},
		"renamed file": {func(t *testing.T, d string) {
			if err := os.Rename(filepath.Join(d, segur.NomExemple(1)), filepath.Join(d, segur.NomExemple(2))); err != nil {
				t.Fatal(err)
			}
		}, "n’est pas là"},
		"no documents": {func(t *testing.T, d string) {
			if err := os.Remove(filepath.Join(d, "pieces.zip")); err != nil {
				t.Fatal(err)
			}
		}, "cette pièce du certificat n’est pas là"},
	} {
		t.Run(nom, func(t *testing.T) {
			d := dossier(t)
			_, b := certifier(t, d)
			c, err := Lire(b)
			if err != nil {
				t.Fatal(err)
			}
			cas.changer(t, d)
			es, err := Verifier(t.Context(), c, []string{d}, options())
			if err != nil {
				t.Fatal(err)
			}
			if (cas.dit == "") != (len(es) == 0) || len(es) > 0 && !strings.Contains(es[0].Message, cas.dit) {
				t.Errorf("%+v", es)
			}
		})
	}
}

// TestOtherRulesAreSaid: "it passed at home, it fails there" has its reason in
// the certificate.
func TestOtherRulesAreSaid(t *testing.T) {
	d := dossier(t)
	c, _ := certifier(t, d)
	c.Fichiers[0].Regles.Empreinte = "sha256:autre"
	es, err := Verifier(t.Context(), c, []string{d}, options())
	if err != nil || len(es) != 1 || !strings.Contains(es[0].Message, "d’autres règles") {
		t.Errorf("%+v, %v", es, err)
	}
}

func TestNothingToCertifyIsSaid(t *testing.T) {
	if _, err := Faire(t.Context(), []string{t.TempDir()}, options()); err == nil || !strings.Contains(err.Error(), "aucun fichier JSON") {
		t.Errorf("err = %v", err)
	}
	if _, err := Lire([]byte(`{"certificat":"autre"}`)); err == nil {
		t.Error("no error")
	}
}
