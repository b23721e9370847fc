package segur

import (
	"bytes"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// bon is the good file of the tests, two requests.
func bon(t testing.TB) []byte {
	t.Helper()
	return jeuAvance().Exemple(2)
}

func avecValeur(t testing.TB, j *Jeu, doc []byte, balise, valeur string) []byte {
	t.Helper()
	r := j.Controler(doc, JourExemple, Options{})
	if r.Verdict() != Accepte {
		t.Fatal("the file to break is not good")
	}
	return remplacerValeur(j, r, doc, balise, valeur)
}

// remplacerValeur puts a value into the last request of doc, whose report is r.
func remplacerValeur(j *Jeu, r *Rapport, doc []byte, balise, valeur string) []byte {
	deb, fin, _ := j.etendue(r, balise)
	if valeur == "@absent" {
		return retirerMembre(doc, deb, fin)
	}
	return bytes.Join([][]byte{doc[:deb], []byte(valeur), doc[fin:]}, nil)
}

// codesDe lists all codes of a report, structure first.
func codesDe(r *Rapport) []string {
	var codes []string
	for k := range r.Structure() {
		codes = append(codes, k.Code.String())
	}
	for d := range r.Demandes() {
		for k := range d.Constats() {
			codes = append(codes, k.Code.String())
		}
	}
	return codes
}

func TestBornesDeChaqueChamp(t *testing.T) {
	t.Parallel()
	texte, err := os.ReadFile("testdata/bornes.txt")
	if err != nil {
		t.Fatal(err)
	}
	j, n := jeuAvance(), 0
	for _, ligne := range strings.Split(strings.TrimSpace(string(texte)), "\n") {
		if strings.HasPrefix(ligne, "#") {
			continue
		}
		parts := strings.Split(ligne, "\t")
		if len(parts) != 3 {
			t.Fatalf("not three columns: %q", ligne)
		}
		n++
		want := strings.Fields(strings.ReplaceAll(parts[2], "-", ""))
		doc := avecValeur(t, j, bon(t), parts[0], parts[1])
		r := j.Controler(doc, JourExemple, Options{})
		if got := codesDe(r); !slices.Equal(got, want) {
			t.Errorf("%s = %s: got %v, want %v", parts[0], parts[1], got, want)
		}
		for d := range r.Demandes() {
			for k := range d.Constats() {
				if d.Rang() != 2 && k.Gravite == Erreur {
					t.Errorf("%s = %s: the fault is in request %d", parts[0], parts[1], d.Rang())
				}
			}
		}
	}
	if n < 150 {
		t.Fatalf("only %d cases read", n)
	}
}

// Each value of each key, as the text alone decides it: two readers agree.
func TestSecondeLectureDuTexte(t *testing.T) {
	t.Parallel()
	texte, err := os.ReadFile("testdata/lecture.txt")
	if err != nil {
		t.Fatal(err)
	}
	jeux := map[string]*Jeu{"avance": jeuAvance(), "solde": jeuSolde()}
	var (
		j      *Jeu
		balise string
		doc    []byte
		r      *Rapport
		n      int
	)
	for ligne := range strings.SplitSeq(strings.TrimSpace(string(texte)), "\n") {
		if mots := strings.Fields(ligne); len(mots) == 0 || mots[0] == "#" {
			if len(mots) == 3 && jeux[mots[1]] != nil {
				j, balise = jeux[mots[1]], mots[2]
				doc = j.Exemple(2)
				r = j.Controler(doc, JourExemple, Options{})
			}
			continue
		}
		want, valeur, _ := strings.Cut(ligne, "\t")
		n++
		if got := lectureDe(j.Controler(remplacerValeur(j, r, doc, balise, valeur), JourExemple, Options{}), balise); got != want {
			t.Errorf("%s = %s: got %s, want %s", balise, valeur, got, want)
		}
	}
	if n < 2000 {
		t.Fatalf("only %d cases read", n)
	}
}

// lectureDe says what became of the second request, in the words of testdata/lecture.txt.
func lectureDe(r *Rapport, balise string) string {
	d, ok := r.Demande(2)
	if !ok {
		return "structure"
	}
	vus := map[string]bool{}
	for k := range d.Constats() {
		vus[map[Gravite]string{Erreur: "refus:", Avertissement: "avis:"}[k.Gravite]+k.Balise] = true
	}
	switch {
	case len(vus) == 0:
		return "bon"
	case len(vus) == 1 && vus["refus:"+balise]:
		return "refus"
	case len(vus) == 1 && vus["avis:"+balise]:
		return "avis"
	}
	return strings.Join(slices.Sorted(maps.Keys(vus)), " ")
}
