package importer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/atelier/registre"
	"guichet.example/segur"
)

func options() registre.Options {
	return registre.Options{Maintenant: func() time.Time { return time.Unix(0, 0).UTC() }}
}

func ouvrir(t *testing.T) *registre.Registre {
	t.Helper()
	r, err := registre.Ouvrir(t.TempDir(), options())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Fermer(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func poser(t *testing.T, nom, texte string) string {
	t.Helper()
	chemin := filepath.Join(t.TempDir(), nom)
	if err := os.WriteFile(chemin, []byte(texte), 0o600); err != nil {
		t.Fatal(err)
	}
	return chemin
}

// TestPastNumbersAreNeverGivenAgain, whatever file they come in.
func TestPastNumbersAreNeverGivenAgain(t *testing.T) {
	for nom, texte := range map[string]string{
		"anciens.txt":   "\ufeff00001\r\n\n 00003 \n",
		"anciens.csv":   "Commande;Numéro éditeur\nA;00001\nB;00003\n",
		"anciens2.csv":  "numeroEditeur,autre\n00001,x\n00003,y\n",
		"retour.json":   `{"lignesImport":[{"numeroEditeur":"00001","numeroASP":"A-1"},{"numeroEditeur":"00003","numeroASP":null,"codeTraitement":"X"}]}`,
		"retour.retour": `{"lignesImport":[{"numeroEditeur":"00001","numeroASP":"A-1"},{"numeroEditeur":"00003","numeroASP":null,"codeTraitement":"X"}]}`,
	} {
		t.Run(nom, func(t *testing.T) {
			r := ouvrir(t)
			chemin := poser(t, nom, texte)
			b, err := Fichier(r, chemin)
			if err != nil || b.Lus != 2 || b.Nouveaux != 2 {
				t.Fatalf("%+v, %v", b, err)
			}
			avant, _ := r.Tete()
			if b, err := Fichier(r, chemin); err != nil || b.Nouveaux != 0 || !strings.Contains(b.Phrase(), "rien de nouveau") {
				t.Errorf("again: %+v, %v", b, err)
			}
			if apres, _ := r.Tete(); apres != avant {
				t.Error("the second import wrote something")
			}
			n, err := r.AttribuerNumeros(2)
			if err != nil || n[0] != "00002" || n[1] != "00004" {
				t.Errorf("%v, %v", n, err)
			}
		})
	}
}

func TestOtherLedgerIsImported(t *testing.T) {
	la := ouvrir(t)
	if _, err := la.AttribuerNumeros(3); err != nil {
		t.Fatal(err)
	}
	if _, err := la.DeclarerNumeros([]string{"Z0001"}, "x"); err != nil {
		t.Fatal(err)
	}
	r := ouvrir(t)
	b, err := Fichier(r, filepath.Join(la.Dossier(), registre.NomRegistre))
	if err != nil || b.Nouveaux != 4 || !r.Attribue("Z0001") {
		t.Fatalf("%+v, %v", b, err)
	}
	if n, err := r.AttribuerNumeros(1); err != nil || n[0] != "00004" {
		t.Errorf("%v, %v", n, err)
	}
}

// TestReturnedFileOfAnotherToolCanBeFollowed: advances filed by a home-made
// script are in the ledger from then on, with their money.
func TestReturnedFileOfAnotherToolCanBeFollowed(t *testing.T) {
	jeu, err := segur.JeuPour(segur.Avance, segur.JourExemple)
	if err != nil {
		t.Fatal(err)
	}
	rapport := jeu.Controler(jeu.Exemple(2), segur.JourExemple, segur.Options{})
	b := rapport.Retour(segur.Numeros{ImpID: "I", NumeroASP: func(int) string { return "ASP-1" }})
	r := ouvrir(t)
	bilan, err := Fichier(r, poser(t, "retour.json", string(b)))
	if err != nil || bilan.Demandes != 2 || !strings.Contains(bilan.Phrase(), "demandes suivies désormais : 2") {
		t.Fatalf("%+v, %v", bilan, err)
	}
	d, ok := r.Demande(segur.Avance, "00001")
	if !ok || d.NumeroASP != "ASP-1" || d.Montants.Avance != 25500 || d.Statut() != registre.StatutAcceptee || !d.Depot.Importe {
		t.Errorf("%+v", d)
	}
}

// TestAnswerOfAnotherLedgersOrderIsRefused: the same number, given by another
// ledger to an order of another amount, made its numeroASP ours.
func TestAnswerOfAnotherLedgersOrderIsRefused(t *testing.T) {
	jeu, err := segur.JeuPour(segur.Avance, segur.JourExemple)
	if err != nil {
		t.Fatal(err)
	}
	retourDe := func(json, imp string) string {
		t.Helper()
		b := jeu.Controler([]byte(json), segur.JourExemple, segur.Options{}).Retour(segur.Numeros{ImpID: imp, NumeroASP: func(int) string { return "ASP-1" }})
		return poser(t, imp+".json", string(b))
	}
	json := string(jeu.Exemple(1))
	r := ouvrir(t)
	if _, err := Fichier(r, retourDe(json, "A")); err != nil {
		t.Fatal(err)
	}
	avant, _ := r.Tete()
	autre := strings.Replace(json, `"montantSegurHT": 708.33`, `"montantSegurHT": 625.00`, 1)
	if _, err := Fichier(r, retourDe(autre, "B")); err == nil || !strings.Contains(err.Error(), "625,00") || !strings.Contains(err.Error(), "708,33") || !strings.Contains(err.Error(), "registre verifier") {
		t.Errorf("%v", err)
	}
	if apres, _ := r.Tete(); apres != avant {
		t.Error("the ledger changed")
	}
	if b, err := Fichier(r, retourDe(json, "C")); err != nil || b.Demandes != 0 {
		t.Errorf("the same order, answered again: %+v, %v", b, err)
	}
}

func TestWhatCannotBeReadChangesNothing(t *testing.T) {
	r := ouvrir(t)
	avant, _ := r.Tete()
	for nom, texte := range map[string]string{
		"a.txt": "00001\ntrop long\n", "b.csv": "nom;prenom\na;b\n", "c.json": "{}", "d.csv": "", "e.segur": "pas un registre\n", "f.segur": "", "g.segur": "pas un registre",
	} {
		if _, err := Fichier(r, poser(t, nom, texte)); err == nil {
			t.Errorf("%s: no error", nom)
		}
	}
	if apres, _ := r.Tete(); apres != avant {
		t.Error("a file that was refused left something")
	}
}
