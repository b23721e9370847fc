package registre

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"guichet.example/segur"
)

// What a plan shows is what the ledger then gives, and looking takes nothing.
func TestApercuMontreCeQuiSeraDonne(t *testing.T) {
	jour := segur.JourExemple
	r, err := Ouvrir(t.TempDir(), Options{Maintenant: func() time.Time { return time.Date(2023, 7, 1, 9, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Fermer()
	if _, err := r.DeclarerNumeros([]string{"00002"}, "essai"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		a := r.Apercu()
		vus, err := a.AttribuerNumeros(3)
		if err != nil {
			t.Fatal(err)
		}
		f1, _ := a.AttribuerFichier("9999999999", jour)
		f2, err := a.AttribuerFichier("9999999999", jour)
		if err != nil || f2 != f1+1 {
			t.Errorf("files %d, %d, %v", f1, f2, err)
		}
		donnes, err := r.AttribuerNumeros(3)
		if err != nil {
			t.Fatal(err)
		}
		f, err := r.AttribuerFichier("9999999999", jour)
		if err != nil || f != f1 {
			t.Errorf("shown file %d, given %d, %v", f1, f, err)
		}
		if d := cmp.Diff(vus, donnes); d != "" {
			t.Error(d)
		}
	}
	if vus, err := new(Registre).Apercu().AttribuerNumeros(1); err != nil || vus[0] != "00001" {
		t.Errorf("a ledger to come: %v, %v", vus, err)
	}
}
