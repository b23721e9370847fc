//go:build !leger

package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"guichet.example/internal/atelier/registre"
	"guichet.example/segur"
)

// demo is a real portal, "guichet demo", at work for a test.
type demo struct {
	Adresse      string
	Fournisseurs []struct{ Siret, NumeroAns, Jeton string }
	Agents       []struct{ Role, Jeton string }
}

// lancerDemo builds and starts the portal; it ends with the test.
func lancerDemo(t *testing.T) *demo {
	t.Helper()
	programme := filepath.Join(t.TempDir(), "guichet")
	if out, err := exec.Command("go", "build", "-o", programme, "../guichet").CombinedOutput(); err != nil {
		t.Fatalf("build guichet: %v\n%s", err, out)
	}
	cmd := exec.Command(programme, "demo", "--dossier", t.TempDir(), "--port", "0", "--sortie", "json")
	sortie, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself
		if err := cmd.Wait(); err != nil {
			t.Errorf("guichet demo: %v", err)
		}
	})
	ligne, err := bufio.NewReader(sortie).ReadBytes('\n')
	d := &demo{}
	if err := errors.Join(err, json.Unmarshal(ligne, d)); err != nil {
		t.Fatal(err)
	}
	return d
}

// segur runs a command line as the first supplier of the portal, today.
func (d *demo) segur(args ...string) (sortie, erreur string, statut int) {
	var out, err bytes.Buffer
	s := run(environnement{entree: strings.NewReader(""), sortie: &out, erreur: &err, largeur: 100, maintenant: time.Now(), variable: func(nom string) string {
		return map[string]string{variablePortail: d.Adresse, variableJeton: d.Fournisseurs[0].Jeton, "USER": "claire"}[nom]
	}}, args)
	return out.String(), err.String(), s
}

// photo is a small PNG, another one for each number.
func photo(t *testing.T, n int) []byte {
	t.Helper()
	i := image.NewGray(image.Rect(0, 0, 8, 8))
	i.SetGray(n%8, n/8%8, color.Gray{255})
	i.SetGray(n/64%8, 7, color.Gray{uint8(n)})
	var b bytes.Buffer
	if err := png.Encode(&b, i); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// preparer writes a deposit of n requests of the supplier into a folder below
// the ledger's: JSON file, zip, ledger entry.
func (d *demo) preparer(t *testing.T, travail string, n int) (dossier, nom string) {
	t.Helper()
	zone, err := paris()
	if err != nil {
		t.Fatal(err)
	}
	jour := segur.JourDe(time.Now().In(zone))
	r, err := registre.Ouvrir(travail, registre.Options{Maintenant: time.Now, Auteur: "claire"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := r.Fermer(); err != nil {
			t.Error(err)
		}
	}()
	f := d.Fournisseurs[0]
	numeros, err := r.AttribuerNumeros(n)
	if err != nil {
		t.Fatal(err)
	}
	k, err := r.AttribuerFichier(f.NumeroAns, jour)
	if err != nil {
		t.Fatal(err)
	}
	nom = segur.NomFichier{NumeroAns: f.NumeroAns, Jour: jour, Numero: k + 200}.String()
	for range 200 { // the seeds of the portal have the first file numbers of the day
		if _, err := r.AttribuerFichier(f.NumeroAns, jour); err != nil {
			t.Fatal(err)
		}
	}
	dossier = filepath.Join(travail, "depot-"+numeros[0])
	if err := os.Mkdir(dossier, 0o700); err != nil {
		t.Fatal(err)
	}
	paires := []string{`"9999999999"`, `"` + f.NumeroAns + `"`, `"00000000000000"`, `"` + f.Siret + `"`, `"PDF"`, `"PNG"`}
	p := registre.DepotPrepare{Dossier: dossier, Type: segur.Avance, NumeroAns: f.NumeroAns, SIRET: f.Siret}
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	for i, numero := range numeros {
		exemple := fmt.Sprintf("%05d", i+1)
		paires = append(paires, `"`+exemple+`"`, `"`+numero+`"`, "-"+exemple+".pdf", "-"+numero+".png")
		w, err := z.Create("PHA-LGO-Va1-BDC-" + numero + ".png")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(photo(t, i)); err != nil {
			t.Fatal(err)
		}
		c, err := segur.BaremePHA.Calculer(70833, "TTC")
		if err != nil {
			t.Fatal(err)
		}
		p.Demandes = append(p.Demandes, registre.DemandePreparee{NumeroEditeur: numero, Regime: "TTC", Montants: registre.MontantsDe(c), FINESSGeo: "990000010"})
	}
	octets := []byte(strings.NewReplacer(paires...).Replace(string(jeu(t).Exemple(n))))
	somme := sha256.Sum256(octets)
	p.Fichier = registre.Fichier{Nom: nom, Taille: int64(len(octets)), SHA256: hex.EncodeToString(somme[:])}
	err = errors.Join(z.Close(), os.WriteFile(filepath.Join(dossier, nom), octets, 0o600), os.WriteFile(filepath.Join(dossier, "pieces.zip"), archive.Bytes(), 0o600), r.Preparer(p))
	if err != nil {
		t.Fatal(err)
	}
	return dossier, nom
}

// TestDeposerEtSuivreAuVraiPortail walks the whole way with the real portal:
// deposit, documents, returned file, ledger, and all of it a second time.
func TestDeposerEtSuivreAuVraiPortail(t *testing.T) {
	t.Parallel()
	d := lancerDemo(t)
	travail := t.TempDir()
	numeros := filepath.Join(travail, "anciens.txt")
	if err := os.WriteFile(numeros, []byte("00001\n00002\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err, s := d.segur("registre", "importer", "--dossier", travail, numeros); s != 0 || !strings.Contains(out, "2 nouveaux") {
		t.Fatalf("status %d, %s%s", s, out, err)
	}
	// What the portal knows of this supplier is burnt, so nothing collides.
	if out, err, s := d.segur("suivre", "--dossier", travail); s != 0 {
		t.Fatalf("status %d, %s%s", s, out, err)
	}
	dossier, nom := d.preparer(t, travail, 3)
	out, err, s := d.segur("deposer", dossier)
	if s != 0 || !strings.Contains(out, "3 demandes acceptées sur 3") || !strings.Contains(out, "le dépôt est complet") {
		t.Fatalf("status %d, %s%s", s, out, err)
	}
	if b, err := os.ReadFile(filepath.Join(dossier, strings.TrimSuffix(nom, ".json")+".retour")); err != nil || !bytes.Contains(b, []byte(`"0000"`)) {
		t.Errorf("returned file: %v", err)
	}
	if out, err, s := d.segur("deposer", dossier); s != 0 || !strings.Contains(out, "déjà déposé") {
		t.Errorf("again: status %d, %s%s", s, out, err)
	}
	out, err, s = d.segur("suivre", "--dossier", travail, "--statut", "deposee", "--sortie", "csv")
	if s != 0 || strings.Count(out, ";deposee;") != 3 || !strings.Contains(err, "3 ont changé") {
		t.Errorf("suivre: status %d, %s%s", s, out, err)
	}
	if _, err, s := d.segur("suivre", "--dossier", travail, "--quiet"); s != 0 || err != "" {
		t.Errorf("suivre --quiet: status %d, %s", s, err)
	}
	d.verifierJeton(t, dossier)
}

// verifierJeton: a wrong token, none, and a readable file of it.
func (d *demo) verifierJeton(t *testing.T, dossier string) {
	t.Helper()
	faux := &demo{Adresse: d.Adresse, Fournisseurs: []struct{ Siret, NumeroAns, Jeton string }{{Jeton: "faux"}}}
	if _, err, s := faux.segur("deposer", dossier); s != statutOutil || !strings.Contains(err, "ne reconnaît pas le jeton") {
		t.Errorf("wrong token: status %d, %s", s, err)
	}
	faux.Fournisseurs[0].Jeton = ""
	if _, err, s := faux.segur("deposer", dossier); s != statutUsage || !strings.Contains(err, "il manque le jeton") {
		t.Errorf("no token: status %d, %s", s, err)
	}
	fichier := filepath.Join(t.TempDir(), "jeton")
	if err := os.WriteFile(fichier, []byte(d.Fournisseurs[0].Jeton+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err, s := faux.segur("deposer", dossier, "--jeton-fichier", fichier); s != 0 || !strings.Contains(err, "chmod 600") {
		t.Errorf("token in a file: status %d, %s", s, err)
	}
}
