package contrat

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDemoLineNamesEveryAccount(t *testing.T) {
	t.Parallel()
	d := partage(t, "partout")
	if len(d.Fournisseurs) != 2 || !strings.HasPrefix(d.Adresse, "http://127.0.0.1:") {
		t.Fatalf("ligne : %d fournisseurs, adresse %q", len(d.Fournisseurs), d.Adresse)
	}
	roles := map[string]int{}
	vus := map[string]bool{}
	for _, c := range d.comptes() {
		for _, x := range []string{c.Utilisateur, c.MotDePasse, c.Jeton} {
			if x == "" || vus[x] {
				t.Errorf("compte %+v : valeur vide ou partagée", c)
			}
			vus[x] = true
		}
		d.client(c).appeler(t, "GET", "/api/v1/demandes", nil).veut(t, "chaque jeton imprimé marche", 200)
	}
	for _, f := range d.Fournisseurs {
		if f.RaisonSociale == "" || len(f.Siret) != 14 || len(f.NumeroAns) != 10 || vus[f.NumeroAns] {
			t.Errorf("fournisseur %+v", f)
		}
		vus[f.NumeroAns] = true
	}
	for _, a := range d.Agents {
		roles[a.Role]++
		if a.Role == "cumul" {
			veut := []string{"comptable", "controleur", "decideur", "instructeur"}
			if diff := cmp.Diff(veut, slices.Sorted(slices.Values(a.Roles))); diff != "" {
				t.Errorf("cumul : %s", diff)
			}
		} else if !slices.Equal(a.Roles, []string{a.Role}) {
			t.Errorf("agent %s : roles %v", a.Role, a.Roles)
		}
	}
	veut := map[string]int{"instructeur": 2, "decideur": 1, "comptable": 2, "controleur": 1, "auditeur": 1, "administrateur": 1, "cumul": 1}
	for role, n := range veut {
		if roles[role] < n || strings.HasPrefix(role, "c") && role != "controleur" && roles[role] != n || role == "instructeur" && roles[role] != n {
			t.Errorf("%d agents %s, attendu %d", roles[role], role, n)
		}
	}
}

// rangee is what must survive the end of a process.
type rangee struct {
	dep   depot
	asp   string
	genre string
	corps []byte
}

func ranger(t *testing.T, d *demo) rangee {
	t.Helper()
	f := d.fournisseur(0)
	genre, corps := f.depotPret(t)
	dep := lire[depot](t, f.appeler(t, "POST", "/api/v1/depots", corps, "Content-Type", genre, "Idempotency-Key", "survit").exige(t, "dépôt", 201))
	nom := dep.Couverture.Manquantes[0].NomFichier
	f.mettrePiece(t, dep.Demandes[0].NumeroASP, nom, pieceDe(nom)).exige(t, "pièce", 200)
	d.agent(t, "instructeur").faire(t, dep.Demandes[0].NumeroASP, objet{"acte": "prendre"})
	return rangee{dep, dep.Demandes[0].NumeroASP, genre, corps}
}

func (r rangee) verifier(t *testing.T, d *demo) {
	t.Helper()
	f := d.fournisseur(0)
	vu := lire[depot](t, f.appeler(t, "GET", "/api/v1/depots/"+r.dep.ID, nil).exige(t, "le dépôt est là", 200))
	if len(vu.Couverture.Recues) != 1 || vu.Sha256 != r.dep.Sha256 || vu.Demandes[0].Statut != "en_instruction" {
		t.Errorf("après le redémarrage : %+v %+v", vu.Couverture, vu.Demandes)
	}
	f.appeler(t, "GET", "/api/v1/depots/"+r.dep.ID+"/retour", nil).veut(t, "le retour est là", 200)
	rejoue := f.appeler(t, "POST", "/api/v1/depots", r.corps, "Content-Type", r.genre, "Idempotency-Key", "survit")
	if rejoue.veut(t, "la clé d’idempotence survit", 201) && lire[depot](t, rejoue).ID != r.dep.ID {
		t.Errorf("la clé rejouée donne un autre dépôt")
	}
	n := 0
	for _, e := range d.journalDepuis(t, 1) {
		if e.Objet == r.dep.ID && e.Acte == "deposer" && e.Resultat == "fait" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d entrées pour le dépôt au journal", n)
	}
}

func TestEverythingSurvivesTheProcess(t *testing.T) {
	t.Parallel()
	dossier := t.TempDir()
	d := demarrer(t, dossier)
	premiere := d.ligneDemo
	a := ranger(t, d)
	if code := d.arreter(); code != 0 {
		t.Errorf("SIGTERM : statut %d, attendu 0 en 15 s", code)
	}
	if reste := <-d.reste; len(bytes.TrimSpace(reste)) > 0 {
		t.Errorf("guichet demo imprime plus d’une ligne : %q", reste)
	}
	for tour := range 2 {
		suivant := demarrer(t, dossier)
		suivant.numeros = d.numeros
		if suivant.Fournisseurs[0].NumeroAns != premiere.Fournisseurs[0].NumeroAns {
			t.Errorf("redémarré, autre fournisseur : %+v", suivant.Fournisseurs[0])
		}
		for _, c := range suivant.comptes() {
			suivant.client(c).appeler(t, "GET", "/api/v1/demandes", nil).veut(t, "les jetons de la nouvelle ligne", 200)
		}
		a.verifier(t, suivant)
		if tour == 0 {
			f := suivant.fournisseur(0)
			genre, corps := f.depotPret(t)
			dep := lire[depot](t, f.appeler(t, "POST", "/api/v1/depots", corps, "Content-Type", genre).exige(t, "déposer après redémarrage", 201))
			suivant.tuer()
			suivant = demarrer(t, dossier)
			suivant.fournisseur(0).appeler(t, "GET", "/api/v1/depots/"+dep.ID, nil).veut(t, "acquitté puis kill -9", 200)
			a.verifier(t, suivant)
			suivant.tuer()
		}
	}
}

func TestSecretsStayOutOfFilesAndLogs(t *testing.T) {
	t.Parallel()
	d := demarrer(t, t.TempDir())
	ranger(t, d)
	d.anonyme().appeler(t, "GET", "/api/v1/demandes?jeton="+d.Fournisseurs[0].Jeton, nil)
	d.fournisseur(0).appeler(t, "GET", "/api/v1/demandes/TITULAIRE%20IMAGINAIRE", nil)
	if code := d.arreter(); code != 0 {
		t.Errorf("SIGTERM : statut %d", code)
	}
	journaux := d.journal.String()
	for _, c := range d.comptes() {
		for _, secret := range []string{c.Jeton, c.MotDePasse} {
			if strings.Contains(journaux, secret) {
				t.Errorf("un secret de %s est dans les journaux", c.Utilisateur)
			}
		}
	}
	for _, personnel := range []string{"TITULAIRE", "titulaire.imaginaire@officine.example", "2100000017", "Admin Fictif", "admin@officine.example"} {
		if strings.Contains(journaux, personnel) {
			t.Errorf("%q est dans les journaux :\n%s", personnel, journaux)
		}
	}
	lus := 0
	err := filepath.WalkDir(d.dossier, func(chemin string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(chemin)
		lus++
		for _, c := range d.comptes() {
			if bytes.Contains(b, []byte(c.Jeton)) || bytes.Contains(b, []byte(c.MotDePasse)) {
				t.Errorf("%s garde en clair un secret de %s", filepath.Base(chemin), c.Utilisateur)
			}
		}
		return err
	})
	if err != nil || lus == 0 {
		t.Errorf("%d fichiers lus, %v", lus, err)
	}
}

func TestDaysAreThoseOfParisWhateverTheZone(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"Pacific/Kiritimati", "America/Los_Angeles", "Zone/Inconnue"} {
		d := demarrer(t, t.TempDir(), "TZ="+zone, "ZONEINFO=")
		f := d.fournisseur(0)
		f.deposer(t, f.garnir(ligne{}))
		for _, ecart := range []int{-1, 1} {
			nom := strings.Replace(f.numeros.nomSuivant(f.NumeroAns), aujourdhui().Compact(), strings.ReplaceAll(jourDans(ecart), "-", ""), 1)
			f.deposerOctets(t, "avance", nom, fichier(f.NumeroAns, f.Siret, f.garnir(ligne{}))).veut(t, "un autre jour que celui de Paris, TZ="+zone, 422)
		}
		d.tuer()
	}
}

// lancerGuichet runs the command to its end with a bare environment.
func lancerGuichet(t testing.TB, env []string, args ...string) (code int, sortie string) {
	t.Helper()
	cmd := exec.Command(programme, args...)
	cmd.Env, cmd.Dir = append([]string{"PATH=" + os.Getenv("PATH")}, env...), t.TempDir()
	var b tampon
	cmd.Stdout, cmd.Stderr = &b, &b
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	garde := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer garde.Stop()
	_ = cmd.Wait()
	return cmd.ProcessState.ExitCode(), b.String()
}

func TestExitStatusesOfTheCommand(t *testing.T) {
	t.Parallel()
	occupe, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = occupe.Close() }()
	_, port, _ := net.SplitHostPort(occupe.Addr().String())
	pris := filepath.Join(t.TempDir(), "fichier")
	if err := os.WriteFile(pris, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, cas := range []struct {
		args []string
		veut int
	}{
		{[]string{"inconnu"}, 2}, {[]string{"demo", "--inconnu"}, 2}, {[]string{"demo", "--port", "abc"}, 2}, {[]string{"demo", "--port", "70000"}, 2}, {[]string{"demo", "--sortie", "html"}, 2},
		{[]string{"demo", "--dossier", filepath.Join(t.TempDir(), "d"), "--port", port, "--sortie", "json"}, 3},
		{[]string{"demo", "--dossier", pris, "--port", "0", "--sortie", "json"}, 3},
		{[]string{"--help"}, 0},
	} {
		if code, sortie := lancerGuichet(t, nil, cas.args...); code != cas.veut || strings.TrimSpace(sortie) == "" {
			t.Errorf("guichet %v : statut %d, attendu %d, et un texte : %.300s", cas.args, code, cas.veut, sortie)
		}
	}
}
