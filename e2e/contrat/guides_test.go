package contrat

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// parcours are the walk-throughs of docs/guides/developpeur, by language.
var parcours = map[string][]string{
	"curl":       {"bash", "parcours.sh"},
	"python":     {"python3", "parcours.py"},
	"javascript": {"node", "parcours.mjs"},
	"go":         {"go", "run", "./parcours-go"},
}

// TestGuidesWalkThrough does what the developer's guide tells to do, with the
// very files it shows: a good deposit ends complete, a second run of the same
// changes nothing, a bad file is refused with its reason.
func TestGuidesWalkThrough(t *testing.T) {
	t.Parallel()
	f := partage(t, "guides").fournisseur(0)
	guides, err := filepath.Abs("../../docs/guides/developpeur")
	if err != nil {
		t.Fatal(err)
	}
	for langue, commande := range parcours {
		t.Run(langue, func(t *testing.T) {
			t.Parallel()
			ls := f.garnir(ligne{}, ligne{avecHT: true})
			dossier := t.TempDir()
			json := filepath.Join(dossier, f.numeros.nomSuivant(f.NumeroAns))
			zip := filepath.Join(dossier, "pieces-1.zip")
			ecrire(t, json, fichier(f.NumeroAns, f.Siret, ls))
			ecrire(t, zip, zipPieces(append(ls[0].pieces(), ls[1].pieces()...)...))
			suivre := func(args ...string) (string, int) { return f.suivreGuide(t, guides, append(commande, args...)) }

			premier, statut := suivre(json, zip)
			if statut != 0 || !strings.Contains(premier, "Contrôle : accepte\n") || !strings.Contains(premier, "pieces-1.zip : 3 pièces reçues, 0 manquantes\n") ||
				!strings.Contains(premier, " : deposee, à instructeur d’agir, avance de 255.00 €\n") || !strings.Contains(premier, "avance de 212.50 €\n") {
				t.Fatalf("premier passage, statut %d :\n%s", statut, premier)
			}
			retour, err := os.ReadFile(strings.TrimSuffix(json, ".json") + ".retour.json")
			if err != nil || !bytes.Contains(retour, []byte(ls[1].editeur)) {
				t.Errorf("fichier retour : %v, %s", err, retour)
			}
			if second, statut := suivre(json, zip); statut != 0 || second != premier {
				t.Errorf("second passage, statut %d :\n%s\npremier :\n%s", statut, second, premier)
			}
			incomplet := filepath.Join(dossier, f.numeros.nomSuivant(f.NumeroAns))
			ecrire(t, incomplet, fichier(f.NumeroAns, f.Siret, f.garnir(ligne{})))
			if texte, statut := suivre(incomplet); statut != 1 || !strings.Contains(texte, " : incomplete, à fournisseur d’agir") {
				t.Errorf("sans pièces, statut %d :\n%s", statut, texte)
			}
			ecrire(t, incomplet, []byte("{}"))
			if texte, statut := suivre(incomplet); statut != 1 || !strings.Contains(texte, "Refusé (422)") || !strings.Contains(texte, "lignesImport") {
				t.Errorf("mauvais fichier, statut %d :\n%s", statut, texte)
			}
		})
	}
}

// suivreGuide runs a walk-through and gives all that it says.
func (c *client) suivreGuide(t *testing.T, dossier string, commande []string) (string, int) {
	t.Helper()
	cmd := exec.Command(commande[0], commande[1:]...)
	cmd.Dir = dossier
	cmd.Env = append(os.Environ(), "GUICHET="+c.Adresse, "JETON="+c.Jeton, "NUMERO_ANS="+c.NumeroAns, "PYTHONDONTWRITEBYTECODE=1")
	sortie, _ := cmd.CombinedOutput() // the status is looked at
	if cmd.ProcessState == nil {
		t.Fatalf("%v does not start", commande)
	}
	return string(sortie), cmd.ProcessState.ExitCode()
}

func ecrire(t *testing.T, chemin string, octets []byte) {
	t.Helper()
	if err := os.WriteFile(chemin, octets, 0o600); err != nil {
		t.Fatal(err)
	}
}
