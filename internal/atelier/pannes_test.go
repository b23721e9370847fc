//go:build unix

package atelier

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"guichet.example/internal/atelier/registre"
	"guichet.example/segur"
)

// TestMain is also the program that the tests kill: with variableVictime it
// prepares the list beside it into the folder named, and ends.
func TestMain(m *testing.M) {
	vers := os.Getenv(variableVictime)
	if vers == "" {
		os.Exit(m.Run())
	}
	if os.Getenv(variableLimite) != "" {
		signal.Ignore(syscall.SIGXFSZ) // the write must fail, as on a full disk
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 30_000, Max: 30_000}); err != nil {
			fmt.Println(err)
			os.Exit(4)
		}
	}
	if err := victime(filepath.Dir(vers), vers); err != nil {
		fmt.Println(err)
		os.Exit(3)
	}
	os.Exit(0)
}

const (
	variableVictime = "ATELIER_ESSAI_VERS"
	variableLimite  = "ATELIER_ESSAI_LIMITE"
)

// victime is a whole preparation of the list and the scans of a folder.
func victime(racine, vers string) error {
	j, err := segur.JeuPour(segur.Avance, segur.JourExemple)
	if err != nil {
		return err
	}
	o := &Cadre{Jeu: j, Jour: segur.JourExemple, Entete: Entete{"9999999999", "00000000000000"}, Outil: segur.Outil{Nom: "segur", Version: "essai"}}
	l, err := LireListe(filepath.Join(racine, "commandes.csv"), OptionsListe{Jeu: j})
	if err != nil {
		return err
	}
	s, err := OuvrirScans(filepath.Join(racine, "scans"))
	if err != nil {
		return err
	}
	if err := s.Apparier(j, l, nil); err != nil {
		return err
	}
	ks, err := Controler(o, l.Commandes)
	if err != nil {
		return err
	}
	ps, err := ControlerPieces(context.Background(), o, l.Commandes, fauxPDF{})
	if err != nil {
		return err
	}
	if Refuse(l.Reunir(j, ks, ps)) {
		return errors.New("refused")
	}
	r, err := registre.Ouvrir(racine, registre.Options{Maintenant: time.Now, Auteur: "essai", Poste: "essai", Outil: "essai"})
	if err != nil {
		return err
	}
	// As the command does: what a killed run left ready gets its name first.
	if _, err = Achever(r); err != nil {
		return errors.Join(err, r.Fermer())
	}
	p, err := Planifier(o, l.Commandes, r)
	if err == nil {
		_, err = p.Ecrire(context.Background(), vers, r)
	}
	return errors.Join(err, r.Fermer())
}

func lancer(vers string, env ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), variableVictime+"="+vers), env...)
	return cmd
}

// Killed at any moment, a preparation leaves a whole deposit or none, and a
// ledger that opens and never gives a number twice.
func TestTueAToutMoment(t *testing.T) {
	racine := chantier(t, 210)
	debut := time.Now()
	if out, err := lancer(filepath.Join(racine, "depot-entier")).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	duree := time.Since(debut)
	const coups = 12
	tues, entiers := 0, 0
	for i := range coups {
		vers := filepath.Join(racine, fmt.Sprintf("depot-%02d", i))
		cmd := lancer(vers)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		minuterie := time.AfterFunc(duree*time.Duration(i+1)/coups, func() { _ = cmd.Process.Kill() })
		if err := cmd.Wait(); err != nil {
			tues++
		}
		minuterie.Stop()
		if _, err := os.Stat(vers); err == nil {
			entiers++
			verifierDepot(t, vers)
		}
	}
	if tues == 0 {
		t.Error("no run was killed: the test proves nothing")
	}
	t.Logf("%d runs killed, %d deposits whole", tues, entiers)
	r := ouvrirRegistre(t, racine)
	if _, err := Achever(r); err != nil {
		t.Fatal(err)
	}
	memesDossiers(t, racine, r)
	vus := map[string]bool{}
	for _, d := range r.Demandes() {
		if vus[d.NumeroEditeur] {
			t.Errorf("number %s given twice", d.NumeroEditeur)
		}
		vus[d.NumeroEditeur] = true
	}
	if err := r.Fermer(); err != nil {
		t.Fatal(err)
	}
	apres := filepath.Join(racine, "depot-00")
	if _, err := os.Stat(apres); err == nil {
		apres = filepath.Join(racine, "depot-apres")
	}
	if out, err := lancer(apres).CombinedOutput(); err != nil {
		t.Fatalf("after the kills: %v\n%s", err, out)
	}
	verifierDepot(t, apres)
}

// memesDossiers holds the folders that are there against those of the ledger:
// neither has one that the other does not know.
func memesDossiers(t *testing.T, racine string, r *registre.Registre) {
	t.Helper()
	la, err := filepath.Glob(filepath.Join(racine, "depot-*"))
	if err != nil || len(la) == 0 {
		t.Fatal(la, err)
	}
	connus := map[string]bool{}
	for _, d := range r.Depots() {
		connus[r.Chemin(d.Dossier)] = true
		if _, err := os.Stat(r.Chemin(d.Dossier)); err != nil {
			t.Errorf("the ledger knows %s: %v", d.Dossier, err)
		}
	}
	for _, d := range la {
		if !connus[d] {
			t.Errorf("%s is not in the ledger", d)
		}
	}
}

// Killed between its entry in the ledger and the name of its folder, a
// preparation used to leave a folder that the ledger did not know, or the
// other way round. The next opening gives the folder its name; a hidden folder
// with other bytes is left alone.
func TestTueEntreRegistreEtDossier(t *testing.T) {
	racine := chantier(t, 3)
	vers := filepath.Join(racine, "depot-1")
	if out, err := lancer(vers).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	r := ouvrirRegistre(t, racine)
	if d, err := Achever(r); d != "" || err != nil {
		t.Errorf("nothing to do: %q, %v", d, err)
	}
	if err := os.Rename(vers, nomProvisoire(vers)); err != nil {
		t.Fatal(err)
	}
	if is := Inacheves(racine); len(is) != 1 || is[0] != ".depot-1.en-cours" {
		t.Errorf("%q", is)
	}
	json := filepath.Join(nomProvisoire(vers), segur.NomExemple(1))
	bon, err := os.ReadFile(json)
	if err != nil {
		t.Fatal(err)
	}
	poser(t, json, append([]byte(" "), bon[1:]...))
	if d, err := Achever(r); d != "" || err != nil {
		t.Errorf("other bytes: %q, %v", d, err)
	}
	poser(t, json, bon)
	if d, err := Achever(r); d != vers || err != nil {
		t.Errorf("%q, %v", d, err)
	}
	verifierDepot(t, vers)
}

// What killed preparations left is as large as the scans, and hidden: it is
// removed once it is old, and nothing else is.
func TestRestesDePreparationsTuees(t *testing.T) {
	racine := chantier(t, 2)
	vers := filepath.Join(racine, "depot-1")
	if err := victime(racine, vers); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(vers, nomProvisoire(vers)); err != nil { // in the ledger: it waits for its name
		t.Fatal(err)
	}
	poser(t, filepath.Join(racine, ".depot-2.en-cours", "PJ.zip"), []byte("x"))
	poser(t, filepath.Join(racine, ".notes.en-cours"), []byte("a file of the person's"))
	r := ouvrirRegistre(t, racine)
	if l, err := Debarrasser(r, time.Now().Add(-time.Hour)); len(l) > 0 || err != nil {
		t.Errorf("it may still be at work: %v %v", l, err)
	}
	if l, err := Debarrasser(r, time.Now().Add(time.Hour)); len(l) != 1 || l[0] != ".depot-2.en-cours" || err != nil {
		t.Errorf("%v %v", l, err)
	}
	if d, err := Achever(r); d != vers || err != nil {
		t.Errorf("%q %v", d, err)
	}
	if is := Inacheves(racine); len(is) != 1 || is[0] != ".notes.en-cours" {
		t.Errorf("%q", is)
	}
}

// A disk that takes no more: nothing is left, the ledger is sound, and the
// same command works once there is room.
func TestDisquePlein(t *testing.T) {
	racine := chantier(t, 120)
	vers := filepath.Join(racine, "depot")
	out, err := lancer(vers, variableLimite+"=1").CombinedOutput()
	if err == nil {
		t.Fatal("the limit was never met")
	}
	if !strings.Contains(string(out), "too large") {
		t.Errorf("another failure: %s", out)
	}
	absent(t, vers)
	r := ouvrirRegistre(t, racine)
	if n := len(r.Demandes()); n != 0 {
		t.Errorf("the ledger has %d requests of a deposit that is not there", n)
	}
	if err := r.Fermer(); err != nil {
		t.Fatal(err)
	}
	if out, err := lancer(vers).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	verifierDepot(t, vers)
}

// A folder that may not be written: a clear error, nothing written.
func TestDossierEnLectureSeule(t *testing.T) {
	racine := chantier(t, 2)
	ferme := filepath.Join(racine, "ferme")
	if err := os.Mkdir(ferme, 0o555); err != nil {
		t.Fatal(err)
	}
	vers := filepath.Join(ferme, "depot")
	if os.Geteuid() == 0 {
		// Permissions do not stop root: a file stands where a folder must be.
		vers = filepath.Join(poser(t, filepath.Join(racine, "fichier"), nil), "depot")
	}
	l := lireTexte(t, listeDe(2), OptionsListe{})
	if ks := juger(t, l, filepath.Join(racine, "scans")); len(ks) > 0 {
		t.Fatal(codesDe(ks))
	}
	r := ouvrirRegistre(t, racine)
	p, err := Planifier(cadre(t), l.Commandes, r)
	if err != nil {
		t.Fatal(err)
	}
	var chemin *fs.PathError
	if _, err := p.Ecrire(t.Context(), vers, r); !errors.As(err, &chemin) {
		t.Errorf("%v", err)
	}
	if n := len(r.Demandes()); n != 0 {
		t.Errorf("the ledger has %d requests", n)
	}
}

// A scan that vanishes or changes between control and writing stops the
// preparation by its name; so does an interruption.
func TestScanDisparuEnRoute(t *testing.T) {
	for nom, panne := range map[string]func(scan string, arreter context.CancelFunc) error{
		"vanished": func(s string, _ context.CancelFunc) error { return os.Remove(s) },
		"changed":  func(s string, _ context.CancelFunc) error { return os.WriteFile(s, pdf("autre", 0), 0o644) },
		"stopped":  func(_ string, arreter context.CancelFunc) error { arreter(); return nil },
	} {
		racine := chantier(t, 3)
		l := lireTexte(t, listeDe(3), OptionsListe{})
		if ks := juger(t, l, filepath.Join(racine, "scans")); len(ks) > 0 {
			t.Fatal(codesDe(ks))
		}
		r := ouvrirRegistre(t, racine)
		p, err := Planifier(cadre(t), l.Commandes, r)
		if err != nil {
			t.Fatal(err)
		}
		ctx, arreter := context.WithCancel(t.Context())
		defer arreter()
		if err := panne(filepath.Join(racine, "scans", "bc_0002.pdf"), arreter); err != nil {
			t.Fatal(err)
		}
		vers := filepath.Join(racine, "depot")
		if _, err := p.Ecrire(ctx, vers, r); err == nil || nom != "stopped" && !strings.Contains(err.Error(), "bc_0002.pdf") {
			t.Errorf("%s: %v", nom, err)
		}
		absent(t, vers)
		if n := len(r.Demandes()); n != 0 {
			t.Errorf("%s: the ledger has %d requests", nom, n)
		}
	}
}
