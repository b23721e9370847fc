package main

import (
	"os"
	"path/filepath"
	"testing"

	"guichet.example/segur"
)

// The generator's list has a row for each order, and its scans are what the
// control of pieces takes for a picture of the size announced.
func TestGenerate(t *testing.T) {
	out := t.TempDir()
	if err := generate(out, 3); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"commandes.csv", "scans/bc-00001.jpg", "scans/bc-00003.jpg", "commandes-pdf.csv", "pdfs/bc-00003.pdf"} {
		b, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(name) == ".jpg" && (len(b) < scanSize-100 || len(b) > segur.PieceProduiteMax || string(b[:2]) != "\xff\xd8" || string(b[len(b)-2:]) != "\xff\xd9") {
			t.Errorf("%s: %d bytes", name, len(b))
		}
	}
	if f := finess(1); f != "990000010" {
		t.Errorf("FINESS %s", f)
	}
}

func TestMedian(t *testing.T) {
	if m := median([]float64{3, 1, 2}); m != 2 {
		t.Errorf("%g", m)
	}
	if m := median([]float64{4, 1, 2, 3}); m != 2.5 {
		t.Errorf("%g", m)
	}
}
