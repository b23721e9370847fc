//go:build !leger

package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
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

// segur runs a command line as the first supplier of the portal, today. It
// waits for nothing.
func (d *demo) segur(args ...string) (sortie, erreur string, statut int) {
	return d.segurPar(d.Adresse, args...)
}

// segurPar is segur by another address of the portal, watched by a person.
func (d *demo) segurPar(adresse string, args ...string) (sortie, erreur string, statut int) {
	var out, err bytes.Buffer
	sansAttendre := func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	s := run(environnement{entree: strings.NewReader(""), sortie: &out, erreur: &err, terminalErreur: adresse != d.Adresse, largeur: 100, maintenant: time.Now(), attendre: sansAttendre, variable: func(nom string) string {
		return map[string]string{variablePortail: adresse, variableJeton: d.Fournisseurs[0].Jeton, "USER": "claire"}[nom]
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

// TestPeineOrdreDesAppels: "nobody finds the order of the API calls". The
// commands find it, from the list to the paid balance; here they walk it against
// "guichet demo", one portal for all of them.
func TestPeineOrdreDesAppels(t *testing.T) {
	t.Parallel()
	d := lancerDemo(t)
	t.Run("deposer et suivre", d.deposerEtSuivre)
	t.Run("de la liste au solde", d.deLaListeAuSolde)
	t.Run("le guide du fournisseur", d.suivreLeGuide)
	t.Run("certificat et correction", d.certificatEtCorrection)
	t.Run("ligne coupée", d.ligneCoupee)
}

// deposerEtSuivre: deposit, documents, returned file, ledger, and all of it a
// second time.
func (d *demo) deposerEtSuivre(t *testing.T) {
	travail := t.TempDir()
	numeros := filepath.Join(travail, "anciens.txt")
	if err := os.WriteFile(numeros, []byte("00001\n00002\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err, s := d.segur("registre", "importer", "--dossier", travail, numeros); s != 0 || !strings.Contains(out, "nouveaux : 2") {
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

// agir calls the API as an agent and returns the answer.
func (d *demo) agir(t *testing.T, role int, methode, chemin, corps string) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), methode, d.Adresse+"/api/v1"+chemin, strings.NewReader(corps))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+d.Agents[role].Jeton)
	req.Header.Set("Content-Type", "application/json")
	rep, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer rep.Body.Close()
	b, err := io.ReadAll(rep.Body)
	if err != nil || rep.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %s, %v", methode, chemin, rep.StatusCode, b, err)
	}
	return b
}

// agents finds the agents of a role, by place.
func (d *demo) agents(role string) []int {
	var is []int
	for i, a := range d.Agents {
		if a.Role == role {
			is = append(is, i)
		}
	}
	return is
}

// payer takes a request from its deposit to its payment.
func (d *demo) payer(t *testing.T, asp string) {
	t.Helper()
	instructeur, decideur, comptables := d.agents("instructeur")[0], d.agents("decideur")[0], d.agents("comptable")
	actes := "/demandes/" + asp + "/actes"
	d.agir(t, instructeur, "POST", actes, `{"acte": "prendre"}`)
	var vue struct{ Verifications []struct{ Code string } }
	if err := json.Unmarshal(d.agir(t, instructeur, "GET", "/demandes/"+asp, ""), &vue); err != nil {
		t.Fatal(err)
	}
	var vs []string
	for _, v := range vue.Verifications {
		vs = append(vs, `"`+v.Code+`": "oui"`)
	}
	d.agir(t, instructeur, "POST", actes, `{"acte": "valider", "tranche": "B", "verifications": {`+strings.Join(vs, ", ")+`}}`)
	d.agir(t, decideur, "POST", actes, `{"acte": "decider", "sens": "attribution"}`)
	var lot struct{ ID string }
	if err := json.Unmarshal(d.agir(t, comptables[0], "POST", "/lots-paiement", `{"numerosASP": ["`+asp+`"]}`), &lot); err != nil {
		t.Fatal(err)
	}
	d.agir(t, comptables[1], "POST", "/lots-paiement/"+lot.ID+"/actes", `{"acte": "approuver"}`)
	zone, err := paris()
	if err != nil {
		t.Fatal(err)
	}
	d.agir(t, comptables[0], "POST", "/lots-paiement/"+lot.ID+"/actes", `{"acte": "regler", "date": "`+time.Now().In(zone).Format("2006-01-02")+`"}`)
}

// liste writes a list of orders with their scans, as a clerk exports it.
func liste(t *testing.T, travail string, n int) (commandes, scans string) {
	t.Helper()
	commandes, scans = filepath.Join(travail, "commandes.csv"), filepath.Join(travail, "scans")
	if err := os.MkdirAll(scans, 0o700); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("dateCommande;regimeTVA;montantSegurHT;statutAdminTechnique;numeroCarteCPX;nomAdminTechnique;telAdminTechnique;emailAdminTechnique;nomResponsable;emailResponsable;telephoneResponsable;FINESSGeo;hasBALMSSantePersonnelle;operateurMessagerie;scan BON_COMMANDE\n")
	for i := range n {
		nom := fmt.Sprintf("bon-%02d.png", i)
		fmt.Fprintf(&b, "03/02/2023;TTC;708,33;P;2100000001;EXEMPLE;0100000001;technique@editeur.example;EXEMPLE;officine@pharmacie.example;0100000002;%s;oui;GIP_1;%s\n", finess(i), nom)
		if err := os.WriteFile(filepath.Join(scans, nom), photo(t, i), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(commandes, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return commandes, scans
}

// finess is a fictitious number with a right key.
func finess(i int) string {
	for cle := range 10 {
		n, somme := fmt.Sprintf("99%06d%d", i+500, cle), 0
		for k := range n {
			c := int(n[k] - '0')
			if (len(n)-k)%2 == 0 {
				if c *= 2; c > 9 {
					c -= 9
				}
			}
			somme += c
		}
		if somme%10 == 0 {
			return n
		}
	}
	return ""
}

// deLaListeAuSolde is the whole life of orders: prepared, deposited, one
// refused for a number used before and taken up again, completed, paid, its
// balance claimed and deposited.
func (d *demo) deLaListeAuSolde(t *testing.T) {
	f := d.Fournisseurs[0]
	travail := t.TempDir()
	faire := func(veut int, args ...string) string {
		t.Helper()
		out, err, s := d.segur(args...)
		if s != veut {
			t.Fatalf("segur %s: status %d\n%s%s", strings.Join(args, " "), s, out, err)
		}
		return out
	}
	// A colleague, elsewhere, uses the first number that this ledger will give;
	// both know what the portal had before.
	ailleurs := t.TempDir()
	for n, dossier := range []string{ailleurs, travail} {
		d.decaler(t, dossier, 300+100*n)
		faire(0, "suivre", "--dossier", dossier)
	}
	for dossier, n := range map[string]int{ailleurs: 1, travail: 3} {
		commandes, scans := liste(t, dossier, n)
		faire(0, "preparer", commandes, "--scans", scans, "--numero-ans", f.NumeroAns, "--siret", f.Siret, "--vers", filepath.Join(dossier, "depot"))
	}
	faire(0, "deposer", filepath.Join(ailleurs, "depot"))
	vers := filepath.Join(travail, "depot")
	// The colleague's request is not ours, whatever its number: its status used
	// to fall on a request that had never left this folder.
	out, err, s := d.segur("suivre", "--dossier", travail, "--statut", "preparee", "--sortie", "csv")
	if s != 0 || strings.Count(out, ";preparee;") != 3 || !strings.Contains(err, "ne sont pas les siennes (1)") || !strings.Contains(err, "« segur reprendre » lui en donnera un neuf") {
		t.Errorf("status %d\n%s%s", s, out, err)
	}
	var dit struct {
		Ecarts struct {
			Autres, Absentes, DepotsInconnus []string
		}
	}
	if err := json.Unmarshal([]byte(faire(0, "suivre", "--dossier", travail, "--sortie", "json")), &dit); err != nil || len(dit.Ecarts.Autres) != 1 || dit.Ecarts.Absentes == nil || len(dit.Ecarts.DepotsInconnus) != 0 {
		t.Errorf("%+v, %v", dit, err)
	}
	out = faire(1, "deposer", vers)
	if !strings.Contains(out, "2 demandes acceptées sur 3") || !strings.Contains(out, "3030") {
		t.Fatal(out)
	}
	out = faire(0, "reprendre", vers)
	if !strings.Contains(out, "peut repartir telle quelle") {
		t.Fatal(out)
	}
	reprises, errGlob := filepath.Glob(filepath.Join(travail, "reprise-*"))
	if errGlob != nil || len(reprises) != 1 {
		t.Fatal(reprises, errGlob)
	}
	faire(0, "deposer", reprises[0])
	if out := faire(0, "suivre", "--dossier", travail, "--statut", "deposee", "--sortie", "csv"); strings.Count(out, ";deposee;") != 3 {
		t.Fatal(out)
	}
	d.solder(t, travail, faire)
}

// decaler takes file numbers of the day in advance: those below are the
// portal's seeds' or another ledger's.
func (d *demo) decaler(t *testing.T, travail string, n int) {
	t.Helper()
	r, err := registre.Ouvrir(travail, registre.Options{Maintenant: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	zone, err := paris()
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.AttribuerFichiers(d.Fournisseurs[0].NumeroAns, segur.JourDe(time.Now().In(zone)), n)
	if err := errors.Join(err, r.Fermer()); err != nil {
		t.Fatal(err)
	}
}

// solder pays one advance and claims its balance.
func (d *demo) solder(t *testing.T, travail string, faire func(veut int, args ...string) string) {
	t.Helper()
	r, err := registre.Lire(travail, registre.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var asp string
	for _, q := range r.Demandes() {
		if q.NumeroASP != "" {
			asp = q.NumeroASP
		}
	}
	if out := faire(0, "suivre", "--dossier", travail, "--soldables"); !strings.Contains(out, "0 solde peut") || !strings.Contains(out, "n’est pas encore payée") {
		t.Fatal(out)
	}
	d.payer(t, asp)
	if out := faire(0, "suivre", "--dossier", travail, "--soldables"); !strings.Contains(out, "1 solde peut être demandé aujourd’hui, pour 595,00") {
		t.Fatal(out)
	}
	modele := faire(0, "solder", "--dossier", travail, "--modele")
	soldes, scans := filepath.Join(travail, "soldes.csv"), filepath.Join(travail, "factures")
	plein := strings.NewReplacer("TTC;708,33;;;;;", "TTC;708,33;F-1;15/06/2023;708,33;20/06/2023;", "GIP_1;;;", "GIP_1;facture.png;va.png;").Replace(modele)
	err = errors.Join(os.Mkdir(scans, 0o700), os.WriteFile(soldes, []byte(plein), 0o600), os.WriteFile(filepath.Join(scans, "facture.png"), photo(t, 50), 0o600),
		os.WriteFile(filepath.Join(scans, "va.png"), photo(t, 51), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	vers := filepath.Join(travail, "soldes")
	if out := faire(0, "solder", soldes, "--dossier", travail, "--scans", scans, "--vers", vers); !strings.Contains(out, "solde attendu 595,00") || strings.Contains(out, "avance attendue") {
		t.Error(out)
	}
	if out := faire(0, "deposer", vers); !strings.Contains(out, "1 demande acceptée sur 1") || !strings.Contains(out, "le dépôt est complet") {
		t.Fatal(out)
	}
	if out := faire(0, "suivre", "--dossier", travail, "--type", "solde", "--sortie", "csv"); !strings.Contains(out, ";solde;") || !strings.Contains(out, ";deposee;") {
		t.Fatal(out)
	}
	if out := faire(0, "suivre", "--dossier", travail, "--soldables"); !strings.Contains(out, "le solde est déjà demandé") {
		t.Fatal(out)
	}
}
