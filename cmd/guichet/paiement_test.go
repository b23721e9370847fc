package main

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/guichet"
)

// dossierDe writes a case file as the pages export it; changer spoils its
// campaign after the manifest was made.
func dossierDe(t *testing.T, c *guichet.Controle, changer func([]byte) []byte) string {
	t.Helper()
	var tires, population []string
	for _, l := range c.Tires() {
		tires = append(tires, string(l.NumeroASP))
	}
	for _, l := range c.Lignes {
		population = append(population, string(l.NumeroASP))
	}
	b, err := json.Marshal(map[string]any{"id": c.ID, "methode": c.Methode, "graine": c.Graine, "source": c.Source, "empreinte": c.Empreinte, "nombre": c.Nombre, "tires": tires, "population": population})
	if err != nil {
		t.Fatal(err)
	}
	somme := sha256.Sum256(b)
	m, err := json.Marshal(map[string]any{"fichiers": []map[string]any{{"nom": "controle.json", "sha256": hex.EncodeToString(somme[:])}}})
	if err != nil {
		t.Fatal(err)
	}
	chemin := filepath.Join(t.TempDir(), "controle.zip")
	f, err := os.Create(chemin)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for nom, contenu := range map[string][]byte{"controle.json": changer(b), "manifeste.json": m} {
		w, err := z.Create(nom)
		if err == nil {
			_, err = w.Write(contenu)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return chemin
}

// A machine that has the case file and nothing else draws the same requests; a
// file that was changed shows, and so does another draw.
func TestControleRejouerDuZip(t *testing.T) {
	t.Parallel()
	m := nouveauLieu(t)
	p := m.ouvrirEn(t)
	if _, err := p.peupler(t.Context()); err != nil {
		t.Fatal(err)
	}
	var c *guichet.Controle
	if err := p.base.Lire(t.Context(), func(tx guichet.Tx) error {
		cs, err := tx.Controles(1)
		if err == nil {
			c, err = tx.Controle(cs[0].ID)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	ailleurs := nouveauLieu(t) // no store at all
	pareil := func(b []byte) []byte { return b }
	ailleurs.exiger(t, statutBon, "le tirage est le même", "", "controle", "rejouer", dossierDe(t, c, pareil))
	ailleurs.exiger(t, statutOutil, "changé ou ôté", "", "controle", "rejouer", dossierDe(t, c, func(b []byte) []byte { return append(b, ' ') }))
	for i := range c.Lignes { // one of the two was drawn: let it be the other
		c.Lignes[i].Tirage = 1 - c.Lignes[i].Tirage
	}
	ailleurs.exiger(t, statutRefus, "n’est pas celui qui a été gardé", "", "controle", "rejouer", dossierDe(t, c, pareil))
	ailleurs.exiger(t, statutOutil, "n’est pas un dossier", "", "controle", "rejouer", filepath.Join(t.TempDir(), "absent.zip"))
}

func TestVirementVerifier(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skip("xmllint is not installed (Debian: libxml2-utils)")
	}
	m := nouveauLieu(t)
	const dossier = "../../internal/virement/testdata/"
	m.exiger(t, statutBon, "est conforme", "", "virement", "verifier", "--xsd", dossier+"sous-ensemble.xsd", dossier+"ordre.xml")
	m.exiger(t, statutRefus, "n’est pas conforme", "", "transfer", "verify", "--xsd", dossier+"sous-ensemble.xsd", dossier+"pain002.xml")
	m.exiger(t, statutOutil, "ne s’ouvre pas", "", "virement", "verifier", "--xsd", "absent.xsd", dossier+"ordre.xml")
	m.exiger(t, statutUsage, "usage", "", "virement", "verifier", dossier+"ordre.xml")
	m.exiger(t, statutUsage, "usage", "", "virement")
}

// A schema that the operator gives stands between a batch and its approval.
func TestVirementierHoldsAgainstTheSchema(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skip("xmllint is not installed (Debian: libxml2-utils)")
	}
	jour := time.Date(2023, 7, 3, 8, 0, 0, 0, time.UTC)
	v := virementier{nom: "Agence fictive", iban: ibanDemo(0), zone: time.UTC, xsd: "../../internal/virement/testdata/sous-ensemble.xsd"}
	l := &guichet.Lot{ID: guichet.LotID(strings.Repeat("a", 32))}
	vs := []guichet.Virement{{NumeroASP: "ASP-1", Montant: 100, RaisonSociale: "Éditeur fictif", IBAN: ibanDemo(1)}}
	if _, err := v.Fichier(l, vs, jour); err != nil {
		t.Errorf("a good file: %v", err)
	}
	v.xsd = "absent.xsd"
	if _, err := v.Fichier(l, vs, jour); guichet.GenreDe(err) != guichet.Conflit {
		t.Errorf("no schema: %v", err)
	}
	vs[0].IBAN = "FR00"
	if _, err := v.Fichier(l, vs, jour); guichet.GenreDe(err) != guichet.Conflit || !strings.Contains(err.Error(), "IBAN") {
		t.Errorf("a bad account: %v", err)
	}
}

func TestConservationCommand(t *testing.T) {
	t.Parallel()
	m := nouveauLieu(t)
	m.exiger(t, statutBon, "version", "", "migrer")
	m.exiger(t, statutBon, "Aucune donnée n’a dépassé", "", "conservation")
	m.exiger(t, statutBon, "Aucune donnée n’a dépassé", "", "retention", "--effacer")
	m.exiger(t, statutUsage, "--effacer", "", "conservation", "--tout")
}
