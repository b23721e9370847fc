package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The operator's guide is followed to the letter, on the settings that it names
// and no other: each command of it does what it is shown for, from an empty
// machine to a backup restored beside the portal that serves.
func TestOperatorsGuideIsFollowed(t *testing.T) {
	t.Parallel()
	texte, err := os.ReadFile("../../docs/guides/exploitant.md")
	if err != nil {
		t.Fatal(err)
	}
	m := nouveauLieu(t)
	delete(m.r, "GUICHET_CLE")
	delete(m.r, "GUICHET_ADRESSE")
	delete(m.r, "GUICHET_PAYEUR_IBAN")
	ailleurs := t.TempDir()
	vrai := strings.NewReplacer("FR76…", ibanDemo(0), "$(date +%F)", "2023-07-03", "/secrets/", m.dossier+"/", "/sauvegardes/", m.dossier+"/", "/essai/", filepath.ToSlash(ailleurs)+"/")
	// What a command says when it did what the guide shows it for.
	dit := map[string]string{"migrer": "version", "compte ajouter": "admin@agence.exemple.fr", "sauvegarder": "Sauvegarde entière", "journal verifier": "entier",
		"restaurer": "journal entier", "travaux lister": "Aucun travail", "travaux rejouer": "Aucun travail abandonné"}
	servi := false
	for _, ligne := range commandesDuGuide(string(texte)) {
		ligne = vrai.Replace(ligne)
		if xs, ok := strings.CutPrefix(ligne, "export "); ok {
			m.regler(t, strings.Fields(xs))
			continue
		}
		mots := regexp.MustCompile(`"[^"]*"|\S+`).FindAllString(strings.TrimPrefix(ligne, "guichet "), -1)
		for i := range mots {
			mots[i] = strings.Trim(mots[i], `"`)
		}
		if !strings.HasPrefix(ligne, "guichet ") {
			if out, err := exec.CommandContext(t.Context(), "bash", "-euc", ligne).CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", ligne, err, out)
			}
			continue
		}
		if ligne == "guichet servir" {
			m.servirEn(t, "--ecoute", "127.0.0.1:0") // it serves while the rest is done
			servi = true
			continue
		}
		statut, entree := statutBon, ""
		commande := mots[0]
		if _, ok := dit[commande]; !ok {
			commande += " " + mots[1]
		}
		switch commande {
		case "compte ajouter":
			entree = "une phrase bien longue\n"
		case "travaux rejouer": // there is none: nothing went wrong here
			statut = statutRefus
		}
		if dit[commande] == "" {
			t.Fatalf("nothing is expected of: %s", ligne)
		}
		m.exiger(t, statut, dit[commande], entree, mots...)
		if commande != "journal verifier" {
			delete(dit, commande)
		}
	}
	if delete(dit, "journal verifier"); !servi || len(dit) > 0 {
		t.Errorf("served: %v; the guide shows nothing for %v", servi, dit)
	}
	if _, err := os.Stat(filepath.Join(ailleurs, "guichet.db")); err != nil {
		t.Error("restored over the portal, not beside it:", err)
	}
}

// commandesDuGuide are the lines of the blocks of a shell, without their
// remarks, and the commands about jobs that the text names.
func commandesDuGuide(texte string) (lignes []string) {
	dedans := false
	for l := range strings.Lines(texte) {
		l, _, _ = strings.Cut(strings.TrimSpace(l), "  #")
		switch {
		case strings.HasPrefix(l, "```"):
			dedans = l == "```sh"
		case dedans && l != "":
			lignes = append(lignes, strings.TrimSpace(l))
		}
	}
	for _, x := range regexp.MustCompile("`(guichet travaux [^`]+)`").FindAllStringSubmatch(texte, -1) {
		lignes = append(lignes, x[1])
	}
	return lignes
}

// regler sets what a line of the guide exports; each is a setting that there is.
func (m *lieu) regler(t *testing.T, xs []string) {
	t.Helper()
	for _, x := range xs {
		nom, valeur, _ := strings.Cut(x, "=")
		if !slices.ContainsFunc(reglagesConnus(), func(r reglage) bool { return r.nom == nom }) {
			t.Errorf("there is no setting %s", nom)
		}
		m.r[nom] = valeur
	}
}
