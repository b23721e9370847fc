package liste

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guichet.example/internal/atelier"
	"guichet.example/internal/atelier/registre"
	"guichet.example/segur"
)

// TestListReadsBackAsItself: what we write for a person, the workshop reads
// again without a question, value for value, for both rule sets.
func TestListReadsBackAsItself(t *testing.T) {
	for _, genre := range []segur.TypeDemande{segur.Avance, segur.Solde} {
		jeu, err := segur.JeuPour(genre, segur.JourExemple)
		if err != nil {
			t.Fatal(err)
		}
		var want []atelier.Commande
		var ls []Ligne
		r := jeu.Controler(jeu.Exemple(2), segur.JourExemple, segur.Options{})
		for d := range r.Demandes() {
			c := atelier.Commande{Extras: []registre.Extra{{Colonne: "x_agence", Valeur: "=Lyon"}}}
			for i := range jeu.Champs {
				b := jeu.Champs[i].Balise()
				c.Poser(jeu, b, string(d.Brut(b)))
			}
			want = append(want, c)
		}
		for i := range want {
			ls = append(ls, Ligne{Devant: []string{"00001"}, Commande: &want[i], Motif: "à revoir"})
		}
		chemin := filepath.Join(t.TempDir(), "liste.csv")
		if err := os.WriteFile(chemin, CSV(jeu, []string{"x_remplace"}, ls), 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := atelier.LireListe(chemin, atelier.OptionsListe{Jeu: jeu})
		if err != nil || len(l.Questions) > 0 || atelier.Refuse(l.Constats) {
			t.Fatalf("%s: %v, %+v, %+v", genre, err, l.Questions, l.Constats)
		}
		for i := range want {
			for _, c := range champsListe(jeu) {
				if d := cmp.Diff(want[i].Valeur(jeu, c.Balise()), l.Commandes[i].Valeur(jeu, c.Balise())); d != "" {
					t.Errorf("%s: %s", c.Balise(), d)
				}
			}
			xs := l.Commandes[i].Extras
			if Extra(xs, "x_agence") != "=Lyon" || Extra(xs, "x_remplace") != "00001" || len(Sans(xs, "x_remplace")) != 1 {
				t.Errorf("%+v", xs)
			}
		}
	}
}

func TestNoCellIsRunAsAFormula(t *testing.T) {
	jeu, err := segur.JeuPour(segur.Avance, segur.JourExemple)
	if err != nil {
		t.Fatal(err)
	}
	c := atelier.Commande{Extras: []registre.Extra{{Colonne: "x_a", Valeur: "=1+1"}}}
	c.Poser(jeu, "beneficiaire.telephoneResponsable", `"+33100000000"`)
	if s := string(CSV(jeu, nil, []Ligne{{Commande: &c, Motif: "@SUM"}})); !strings.Contains(s, ";'=1+1;'@SUM") || !strings.Contains(s, ";'+33100000000;") {
		t.Errorf("%s", s)
	}
}
