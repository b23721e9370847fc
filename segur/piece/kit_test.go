package piece

import (
	"bytes"
	"context"
	"io"
	"slices"
	"testing"

	"guichet.example/segur"
)

// lecteurKit reads PDFs as the kit makes them; cmd/segur tries the kit with the
// real reader.
type lecteurKit struct{}

func (lecteurKit) Lire(_ context.Context, contenu []byte) (int, error) {
	switch {
	case bytes.Contains(contenu, []byte("/Encrypt")):
		return 0, ErrPDFChiffre
	case !bytes.Contains(contenu, []byte("%%EOF")):
		return 0, ErrPDFIllisible
	}
	return bytes.Count(contenu, []byte("3 0 R ")), nil
}

// ouverte is an archive of the kit as a file: a hole, then bytes.
type ouverte struct{ ArchiveKit }

func (o ouverte) ReadAt(b []byte, off int64) (int, error) {
	n := 0
	for n < len(b) && off+int64(n) < o.Trou {
		b[n] = 0
		n++
	}
	if i := off + int64(n) - o.Trou; n < len(b) && i < int64(len(o.Octets)) {
		n += copy(b[n:], o.Octets[i:])
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func TestKitGivesEachCode(t *testing.T) {
	t.Parallel()
	for _, j := range segur.Jeux() {
		vus := map[segur.Code]bool{CodePDFLimites: true} // no case: see Kit
		for k := range Kit(j) {
			r := j.Controler(k.Depot, segur.JourExemple, segur.Options{Nom: segur.NomExemple(1)})
			if r.Verdict() != segur.Accepte {
				t.Errorf("%s %s: the deposit itself is %s", j.ID, k.Entree.Code, r.Verdict())
			}
			c := &Controleur{Attendues: Attendues(r), PDF: lecteurKit{}}
			var lots []Lot
			for _, a := range k.Archives {
				lots = append(lots, c.Zip(t.Context(), a.Nom, ouverte{a}, a.Trou+int64(len(a.Octets))))
			}
			couverture := Couvrir(c.Attendues, lots...)
			constats := slices.Concat(couverture.Refusees, couverture.Avertissements)
			for _, d := range couverture.Demandes {
				for _, m := range d.Manquantes {
					constats = append(constats, m.Constat)
				}
			}
			if len(couverture.NonControlees) > 0 {
				t.Errorf("%s %s: not looked at: %v", j.ID, k.Entree.Code, couverture.NonControlees)
			}
			if k.Entree.Code == 0 {
				if len(constats) > 0 || !couverture.Complete {
					t.Errorf("%s: the good case has %v", j.ID, constats)
				}
				continue
			}
			vus[k.Entree.Code] = true
			if !slices.ContainsFunc(constats, func(x Constat) bool { return x.Code == k.Entree.Code }) {
				t.Errorf("%s %s: found %v", j.ID, k.Entree.Code, constats)
			}
			// A refusal comes with what is missing for it and nothing else, but for
			// the strangers that a crowd is made of.
			for _, x := range constats {
				foule := k.Entree.Code == CodeZipBombe && x.Code == CodeInattendue
				if x.Code != k.Entree.Code && x.Code != CodeManquante && !foule {
					t.Errorf("%s %s: also %s, %s", j.ID, k.Entree.Code, x.Code, x.Message)
				}
			}
		}
		for _, e := range catalogue {
			if !vus[e.Code] {
				t.Errorf("%s: the kit has no case for %s", j.ID, e.Code)
			}
		}
	}
}

// Documents of an exact weight, and the same kit twice.
func TestKitIsExactAndRepeatable(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1000, 99_999, 100_500, segur.PieceProduiteMax + 1, segur.PieceMax + 1} {
		if b := bourrer(n); len(b) != n {
			t.Errorf("%d bytes, want %d", len(b), n)
		}
	}
	j := segur.Jeux()[0]
	var somme [2][]byte
	for i := range somme {
		for k := range Kit(j) {
			somme[i] = append(somme[i], k.Depot...)
			for _, a := range k.Archives {
				somme[i] = append(somme[i], a.Octets...)
			}
		}
	}
	if len(somme[0]) == 0 || !bytes.Equal(somme[0], somme[1]) {
		t.Error("two kits differ")
	}
}
