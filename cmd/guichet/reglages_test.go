package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The reference of the settings is what the program knows of them; `make
// generate` writes it again.
func TestReglagesDocumentes(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(filepath.Join("..", "..", "docs", "exploitation", "reglages.md"))
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	ecrireReference(&page)
	if d := cmp.Diff(string(b), page.String()); d != "" {
		t.Errorf("docs/exploitation/reglages.md is not what the program says; run make generate\n%s", d)
	}
	vus := map[string]bool{}
	for _, k := range reglagesConnus() {
		if vus[k.nom] || !strings.HasPrefix(k.nom, "GUICHET_") || k.resume == "" || strings.HasSuffix(k.nom, suffixeFichier) {
			t.Errorf("setting %q", k.nom)
		}
		vus[k.nom] = true
	}
}

// The environment wins over the file, a flag over both, and a secret is never
// printed nor taken from the command line.
func TestOrdreDesReglages(t *testing.T) {
	t.Parallel()
	m := nouveauLieu(t)
	config, secret := filepath.Join(m.dossier, "guichet.conf"), filepath.Join(m.dossier, "smtp")
	ecrire := func(chemin, texte string, droits os.FileMode) {
		t.Helper()
		if err := os.WriteFile(chemin, []byte(texte), droits); err != nil || os.Chmod(chemin, droits) != nil {
			t.Fatal(err)
		}
	}
	m.r["GUICHET_CONFIG"] = config
	ecrire(secret, "smtp://portail:motdepasse@relais.example:587?de=portail@guichet.example\n", 0o640)
	ecrire(config, "# essai\nGUICHET_ADRESSE = https://fichier.example\nGUICHET_PAYEUR_NOM=Payeur du fichier\nGUICHET_ECOUTE=\nGUICHET_SMTP_FICHIER="+secret+"\n", 0o644)
	m.exiger(t, statutBon, "GUICHET_ADRESSE=https://guichet.example\n", "", "config")
	m.exiger(t, statutBon, "GUICHET_PAYEUR_NOM=Payeur du fichier\n", "", "config")
	m.exiger(t, statutBon, "GUICHET_ECOUTE=\n", "", "config")
	m.exiger(t, statutBon, "GUICHET_SMTP=smtp://portail:***@relais.example:587?***\n", "", "config")
	if _, sortie, _ := m.lancer(t, "", "config"); strings.Contains(sortie, "motdepasse") || strings.Contains(sortie, m.r["GUICHET_PAYEUR_IBAN"]) {
		t.Errorf("a secret is shown\n%s", sortie)
	}
	m.exiger(t, statutUsage, "GUICHET_TRACE vaut « trop »", "", "servir", "--trace", "trop")
	m.exiger(t, statutUsage, "option inconnue", "", "servir", "--smtp", "smtp://x")
	m.r["GUICHET_SMTP"], m.r["GUICHET_SMTP_FICHIER"] = "smtp://x", secret
	m.exiger(t, statutUsage, "gardez l’un des deux", "", "config")
	delete(m.r, "GUICHET_SMTP")
	ecrire(secret, "smtp://x", 0o644)
	m.exiger(t, statutUsage, "chmod 640", "", "config")
	delete(m.r, "GUICHET_SMTP_FICHIER")
	ecrire(config, "GUICHET_BASE=postgres://guichet:motdepasse@base.example/guichet\n", 0o644)
	m.exiger(t, statutUsage, "chmod 640", "", "config")
	ecrire(config, "GUICHET_BASE=postgres://guichet:motdepasse@base.example/guichet\n", 0o640)
	m.exiger(t, statutBon, "", "", "config")
	ecrire(config, "GUICHET_INCONNU=1\n", 0o640)
	m.exiger(t, statutUsage, "ligne 1 : « GUICHET_INCONNU »", "", "config")
	ecrire(config, "GUICHET_ADRESSE=https://a\nGUICHET_ADRESSE=https://b\n", 0o640)
	m.exiger(t, statutUsage, "ligne 2", "", "config")
	ecrire(m.r["GUICHET_CLE"], strings.Repeat("essai ", 10), 0o604)
	delete(m.r, "GUICHET_CONFIG")
	m.exiger(t, statutUsage, "GUICHET_CLE", "", "servir")
}
