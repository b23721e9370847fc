package atelier

import (
	"archive/zip"
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"guichet.example/segur"
)

// As few archives as a good packing gives, none over the limit, every piece in
// exactly one, the same for the same input.
func TestPeuDeZipsEtAucunTropGros(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tailles := rapid.SliceOfN(rapid.Int64Range(1, segur.PieceProduiteMax), 0, 400).Draw(t, "sizes")
		faire := func() []ZipPrevu {
			var es []EntreePrevue
			for _, n := range tailles {
				es = append(es, EntreePrevue{"PHA-LGO-Va1-BDC-00001.pdf", &Piece{Taille: n}})
			}
			return empaqueter(es)
		}
		zips := faire()
		var total int64
		pieces := 0
		for i, z := range zips {
			if z.Taille >= segur.ZipProduitMax || len(z.Entrees) == 0 {
				t.Fatalf("archive %d: %d bytes, %d pieces", i+1, z.Taille, len(z.Entrees))
			}
			pieces += len(z.Entrees)
			total += z.Taille - surpoidsZip
		}
		if pieces != len(tailles) {
			t.Fatalf("%d pieces of %d", pieces, len(tailles))
		}
		// A piece is at most 1.5 % of an archive: the bound is met but for one.
		moins := int((total + segur.ZipProduitMax - 1) / segur.ZipProduitMax)
		if len(zips) > moins+1 || len(zips) > 1 && moins <= 1 && total < segur.ZipProduitMax-segur.PieceProduiteMax {
			t.Fatalf("%d archives, %d at least", len(zips), moins)
		}
		autres := faire()
		for i := range zips {
			if zips[i].Taille != autres[i].Taille || len(zips[i].Entrees) != len(autres[i].Entrees) {
				t.Fatal("another packing of the same pieces")
			}
		}
	})
}

// Groups are full but for the last, and the last is never empty.
func TestGroupesDeDeuxCents(t *testing.T) {
	for n, want := range map[int][]int{1: {1}, 200: {200}, 201: {200, 1}, 400: {200, 200}, 401: {200, 200, 1}} {
		l := lireTexte(t, listeDe(n), OptionsListe{})
		if ks := juger(t, l, ""); len(ks) > 0 {
			t.Fatal(codesDe(ks))
		}
		p, err := Planifier(cadre(t), l.Commandes, ouvrirRegistre(t, t.TempDir()))
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, d := range p.Depots {
			got = append(got, len(d.Commandes))
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%d orders: %s", n, d)
		}
	}
}

// The same input gives the same bytes, archives included, on any day of the
// originals.
func TestMemesOctetsPourLaMemeEntree(t *testing.T) {
	var fois [2]map[string][]byte
	for i := range fois {
		dossier := scans(t, t.TempDir(), 30)
		poser(t, filepath.Join(dossier, "bc_0002.pdf"), bytes.Repeat([]byte("%PDF-1.4 se comprime bien\n"), 4000))
		hasard := make([]byte, 100_000)
		_, _ = rand.NewChaCha8([32]byte{1}).Read(hasard) // never fails
		poser(t, filepath.Join(dossier, "bc_0003.pdf"), append([]byte("%PDF-1.4\n"), hasard...))
		vers := preparer(t, lireTexte(t, listeDe(30), OptionsListe{}), dossier)
		fois[i] = map[string][]byte{}
		noms, err := os.ReadDir(vers)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range noms {
			if fois[i][n.Name()], err = os.ReadFile(filepath.Join(vers, n.Name())); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(fois[0]) < 4 {
		t.Errorf("only %d files", len(fois[0]))
	}
	if d := cmp.Diff(fois[0], fois[1]); d != "" {
		t.Error(d)
	}
	octets := fois[0]["PJ-9999999999-20230701-001-01.zip"]
	z, err := zip.NewReader(bytes.NewReader(octets), int64(len(octets)))
	if err != nil {
		t.Fatal(err)
	}
	methodes := map[uint16]int{}
	for _, f := range z.File {
		methodes[f.Method]++
	}
	// One document compresses, one is of random bytes; the others are too short
	// to matter.
	if len(octets) > 160_000 || methodes[zip.Deflate] == 0 || methodes[zip.Store] == 0 {
		t.Errorf("%d bytes, methods %v", len(octets), methodes)
	}
}

// A second preparation goes on where the first ended, and a folder that holds
// something is never written over.
func TestDeuxiemePreparationLeMemeJour(t *testing.T) {
	racine := t.TempDir()
	r := ouvrirRegistre(t, racine)
	for i, nom := range []string{"a", "b"} {
		l := lireTexte(t, listeDe(2), OptionsListe{})
		if ks := juger(t, l, ""); len(ks) > 0 {
			t.Fatal(codesDe(ks))
		}
		p, err := Planifier(cadre(t), l.Commandes, r)
		if err != nil {
			t.Fatal(err)
		}
		if p.Depots[0].Fichier != segur.NomExemple(i+1) || p.Depots[0].Numeros[0] != []string{"00001", "00003"}[i] {
			t.Errorf("%s %v", p.Depots[0].Fichier, p.Depots[0].Numeros)
		}
		if _, err := p.Ecrire(t.Context(), filepath.Join(racine, nom), r); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Ecrire(t.Context(), filepath.Join(racine, "a"), r); err == nil {
			t.Error("a deposit was written over")
		}
	}
}

// The fast spelling of a piece's name is that of the rule set, for every type
// and format, advance and balance.
func TestNomDePieceCommeLeJeu(t *testing.T) {
	n := 0
	for _, j := range segur.Jeux() {
		for i := range j.Pieces {
			for _, f := range []string{"PDF", "PNG", "JPG", "TIFF", ""} {
				want, err := j.NomPiece(segur.NomPiece{Type: j.Pieces[i].Valeur, NumeroEditeur: "A0001", Format: f})
				if err != nil {
					want = ""
				}
				if got := nommeurDe(j).nom(&Piece{Type: j.Pieces[i].Valeur, Format: f}, "A0001"); got != want {
					t.Errorf("%s, want %s", got, want)
				}
				n++
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d names", n)
	}
}
