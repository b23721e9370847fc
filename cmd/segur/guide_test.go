//go:build !leger

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"guichet.example/internal/atelier/registre"
)

// guide is docs/guides/fournisseur.md, followed to the letter in a folder.
type guide struct {
	*demo
	dossier string
	env     []string
	gestes  map[string]func(*testing.T) // what the reader does before a command, by how that begins
}

// suivreLeGuide: each command that the supplier's guide shows does what it is
// shown for, in its order, from the blank list to the balance deposited.
func (d *demo) suivreLeGuide(t *testing.T) {
	texte, err := os.ReadFile("../../docs/guides/fournisseur.md")
	if err != nil {
		t.Fatal(err)
	}
	moi, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	g := &guide{demo: d, dossier: t.TempDir()}
	programmes := t.TempDir()
	if err := os.Symlink(moi, filepath.Join(programmes, "segur")); err != nil {
		t.Fatal(err)
	}
	g.env = append(os.Environ(), "PATH="+programmes+":"+os.Getenv("PATH"), "COLUMNS=100", "USER=claire")
	d.decaler(t, g.dossier, 800)
	g.ecrire(t, "jeton.txt", []byte(d.Fournisseurs[0].Jeton+"\n"))
	g.gestes = map[string]func(*testing.T){
		"segur registre importer":                            g.direLesAnciens,
		"segur preparer commandes.xlsx":                      g.remplirLaListe,
		"segur suivre --jeton-fichier jeton.txt --soldables": g.etrePaye,
		"segur solder soldes.csv":                            g.remplirLesSoldes,
		"segur masquer":                                      g.choisirUnFichier,
	}
	n := 0
	for _, ligne := range commandesDuGuide(string(texte)) {
		g.suivre(t, ligne)
		n++
	}
	if n < 18 || len(g.gestes) > 0 {
		t.Errorf("only %d commands found; never asked for: %v", n, g.gestes)
	}
	for nom, dit := range map[string]string{"suivi.html": "</html>", "a-envoyer.json": "lignesImport", "depot/manifeste.txt": "", "soldes/SHA256SUMS": ".json"} {
		if b, err := os.ReadFile(filepath.Join(g.dossier, nom)); err != nil || !strings.Contains(string(b), dit) {
			t.Errorf("%s: %v", nom, err)
		}
	}
	if out, err, s := d.segur("suivre", "--dossier", g.dossier, "--type", "solde", "--sortie", "csv"); s != 0 || strings.Count(out, ";solde;99") != 1 || !strings.Contains(out, ";deposee;") {
		t.Errorf("the balance is not there: %d %s%s", s, out, err)
	}
}

// commandesDuGuide are the lines of the blocks of a shell, and the commands
// that the last chapter names between backquotes.
func commandesDuGuide(texte string) (lignes []string) {
	dedans := false
	for l := range strings.Lines(texte) {
		switch l = strings.TrimSpace(l); {
		case strings.HasPrefix(l, "```"):
			dedans = l == "```sh"
		case dedans && l != "":
			lignes = append(lignes, l)
		}
	}
	_, fin, _ := strings.Cut(texte, "## Quand quelque chose ne va pas")
	for _, m := range regexp.MustCompile("`(segur [^`]+)`").FindAllStringSubmatch(fin, -1) {
		lignes = append(lignes, m[1])
	}
	return lignes
}

// suivre does one line as a shell does it.
func (g *guide) suivre(t *testing.T, ligne string) {
	t.Helper()
	for debut, geste := range g.gestes {
		if strings.HasPrefix(ligne, debut) {
			geste(t)
			delete(g.gestes, debut)
		}
	}
	f := g.Fournisseurs[0]
	vraie := strings.NewReplacer("https://portail.exemple.fr", g.Adresse, "NUMERO_ANS", f.NumeroAns, "--siret SIRET", "--siret "+f.Siret).Replace(ligne)
	if variable, ok := strings.CutPrefix(vraie, "export "); ok {
		g.env = append(g.env, variable)
		return
	}
	cmd := exec.Command("bash", "-euc", vraie)
	cmd.Dir, cmd.Env = g.dossier, g.env
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", ligne, err, out)
	}
}

func (g *guide) ecrire(t *testing.T, nom string, octets []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(g.dossier, nom), octets, 0o600); err != nil {
		t.Fatal(err)
	}
}

// direLesAnciens lists numbers that the portal has already.
func (g *guide) direLesAnciens(t *testing.T) {
	var b bytes.Buffer
	for n := range 400 {
		fmt.Fprintf(&b, "%05d\n", n+1)
	}
	g.ecrire(t, "anciens-numeros.txt", b.Bytes())
}

// remplirLaListe fills the workbook that the command wrote, by its titles.
func (g *guide) remplirLaListe(t *testing.T) {
	csv, _ := liste(t, g.dossier, 2) // its scans too
	b, err := os.ReadFile(csv)
	if err != nil {
		t.Fatal(err)
	}
	lignes := strings.Split(strings.TrimSpace(string(b)), "\n")
	colonnes := map[string]int{}
	for i, titre := range strings.Split(lignes[0], ";") {
		colonnes[titre] = i
	}
	chemin := filepath.Join(g.dossier, "commandes.xlsx")
	f, err := excelize.OpenFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	feuille := f.GetSheetName(0)
	titres, err := f.GetRows(feuille)
	if err != nil || len(titres) == 0 {
		t.Fatal("no titles", err)
	}
	for i, ligne := range lignes[1:] {
		valeurs := strings.Split(ligne, ";")
		for k, titre := range titres[0] {
			v := ""
			if n, ok := colonnes[titre[strings.LastIndexByte(titre, '.')+1:]]; ok {
				v = valeurs[n]
			}
			cellule, err := excelize.CoordinatesToCellName(k+1, i+2)
			if err = errors.Join(err, f.SetCellStr(feuille, cellule, v)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(f.Save(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// etrePaye has the agency do its part for one request.
func (g *guide) etrePaye(t *testing.T) {
	r, err := registre.Lire(g.dossier, registre.Options{})
	if err != nil {
		t.Fatal(err)
	}
	g.payer(t, r.Demandes()[len(r.Demandes())-1].NumeroASP)
}

func (g *guide) remplirLesSoldes(t *testing.T) {
	modele, err := os.ReadFile(filepath.Join(g.dossier, "soldes.csv"))
	if err != nil {
		t.Fatal(err)
	}
	plein := strings.NewReplacer("TTC;708,33;;;;;", "TTC;708,33;F-1;15/06/2023;708,33;20/06/2023;", "GIP_1;;;", "GIP_1;facture.png;va.png;").Replace(string(modele))
	g.ecrire(t, "soldes.csv", []byte(plein))
	g.ecrire(t, "scans/facture.png", photo(t, 60))
	g.ecrire(t, "scans/va.png", photo(t, 61))
}

func (g *guide) choisirUnFichier(t *testing.T) {
	noms, err := filepath.Glob(filepath.Join(g.dossier, "depot", "JSON-*.json"))
	if err != nil || len(noms) == 0 {
		t.Fatal(noms, err)
	}
	b, err := os.ReadFile(noms[0])
	if err != nil {
		t.Fatal(err)
	}
	g.ecrire(t, "fichier.json", b)
}
