package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"guichet.example/segur"
)

func TestMain(m *testing.M) {
	// The reader of PDFs is the running program itself: here, the test's.
	if s, servi := servirLecteur(os.Args[1:]); servi {
		os.Exit(s)
	}
	testscript.Main(m, map[string]func(){"segur": main, nomComplet: main})
}

// Each file of testdata is a story that a user of the command lives through.
func TestHistoires(t *testing.T) {
	exemples, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			e.Setenv("EXEMPLES", exemples)
			e.Setenv("NOM", segur.NomExemple(1))
			e.Setenv("DATE", "2023-07-01T09:00")
			return os.WriteFile(filepath.Join(e.WorkDir, segur.NomExemple(1)), jeu(t).Exemple(2), 0o644)
		},
		UpdateScripts:       os.Getenv("UPDATE") != "",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

func jeu(t testing.TB) *segur.Jeu {
	t.Helper()
	j, err := segur.JeuPour(segur.Avance, segur.JourExemple)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// lancer runs a command line with an input, in a world where it is noon on the
// day of the examples.
func lancer(entree string, args ...string) (sortie, erreur string, statut int) {
	var out, err bytes.Buffer
	s := run(environnement{entree: strings.NewReader(entree), sortie: &out, erreur: &err, largeur: 100,
		maintenant: time.Date(2023, 7, 1, 12, 0, 0, 0, time.UTC), variable: func(string) string { return "" }}, args)
	return out.String(), err.String(), s
}

// A script gives the same flags to every command: each takes them, and none
// lets a wrong value pass.
func TestOptionsCommunesATouteCommande(t *testing.T) {
	t.Parallel()
	table := tableCommandes()
	for i := range table {
		k := &table[i]
		c := &contexte{commande: k, environnement: environnement{maintenant: time.Now()}}
		ligne := append([]string{"--quiet", "--couleur", "non", "--date", "2023-07-01T12:00"}, slices.Repeat([]string{"x"}, k.argsMin)...)
		if err := c.lire(ligne); err != nil || !c.oui("quiet") || c.valeur("couleur") != "non" {
			t.Errorf("segur %s %v: %v", k.nom, ligne, err)
		}
		for _, faux := range [][]string{{"--date", "hier"}, {"--couleur", "rose"}} {
			if _, _, s := lancer("", append([]string{k.nom}, faux...)...); s != statutUsage {
				t.Errorf("segur %s %v: status %d", k.nom, faux, s)
			}
		}
	}
}

// Whatever writes the result, a result that could not be written whole is no
// success and no verdict.
func TestSortiePleineEstUnEchec(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"codes"}, {"codes", "2127"}, {"operateurs"}, {"schema"}, {"modele", "--sortie", "csv"}, {"aide"}, {"--version"}, {"manuel"}, {"completion", "bash"}, {"controler", "-"}} {
		var err bytes.Buffer
		s := run(environnement{entree: strings.NewReader("{}"), sortie: plein{}, erreur: &err, largeur: 100, maintenant: time.Now(), variable: func(string) string { return "" }}, args)
		if s != statutOutil || !strings.Contains(err.String(), "le disque est plein") {
			t.Errorf("segur %v: status %d, %q", args, s, err.String())
		}
	}
}

// plein is a disk without room.
type plein struct{}

func (plein) Write([]byte) (int, error) {
	return 0, &fs.PathError{Op: "write", Path: "sortie", Err: syscall.ENOSPC}
}

// Results come in the order given, whichever worker is done first.
func TestResultatsDansLOrdreDonne(t *testing.T) {
	t.Parallel()
	dossier := t.TempDir()
	var args []string
	for i := range 60 {
		// Every third file is long, so that short ones overtake it.
		n := 1 + i%3*99
		chemin := filepath.Join(dossier, segur.NomExemple(60-i))
		if err := os.WriteFile(chemin, jeu(t).Exemple(n), 0o644); err != nil {
			t.Fatal(err)
		}
		args = append(args, chemin)
	}
	out, _, s := lancer("", append([]string{"controler", "--sortie", "json"}, args...)...)
	var rapports []struct {
		Fichier struct{ Nom, Chemin string }
		Verdict string
		Bilan   struct{ Demandes int }
	}
	if err := json.Unmarshal([]byte(out), &rapports); err != nil || s != 0 || len(rapports) != len(args) {
		t.Fatalf("status %d, %d reports, %v", s, len(rapports), err)
	}
	for i, r := range rapports {
		if r.Fichier.Chemin != args[i] || r.Fichier.Nom != filepath.Base(args[i]) || r.Verdict != "accepte" || r.Bilan.Demandes != 1+i%3*99 {
			t.Errorf("report %d is %+v, want %s", i, r, args[i])
		}
	}
}

// Whatever the command line, a status from 0 to 3 and no panic; a mistake has
// a French sentence on standard error.
func TestMauvaisUsages(t *testing.T) {
	t.Parallel()
	for _, args := range []string{"", "controlre x", "controler", "controler --sorti json x", "controler --sortie xml x", "controler --date demain x",
		"controler --premier=oui x", "controler --type autre x", "controler - -", "controler --nom -", "controler --nom=peut-etre x", "controler x --date",
		"controler --retour r a.json b.json", "controler --quiet --quiet x", "modele --exemple 0", "modele --exemple 201", "modele --exemple trois", "modele x",
		"codes 9999", "schema --sortie html", "masquer", "masquer a b", "completion powershell", "completion", "aide rien", "kit"} {
		_, err, s := lancer("", strings.Fields(args)...)
		if s != statutUsage || !strings.HasPrefix(err, "segur : ") || strings.Count(err, "\n") != 1 {
			t.Errorf("segur %s: status %d, says %q", args, s, err)
		}
	}
}

func TestEntreeStandard(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		nom, entree string
		statut      int
	}{{"good", string(jeu(t).Exemple(1)), 0}, {"empty", "", 1}, {"random", "\x00\xff\x13", 1}, {"PNG", "\x89PNG\r\n\x1a\n", 1}, {"Windows-1252", "{\n\x80 : 3\n", 1}, {"too large", strings.Repeat(" ", segur.TailleMax+1), 1}} {
		for _, forme := range []string{"texte", "html", "csv", "sarif", "junit"} {
			if out, err, s := lancer(c.entree, "controler", "-", "--sortie", forme); s != c.statut || out == "" || err != "" {
				t.Errorf("%s as %s: status %d, %q", c.nom, forme, s, err)
			}
		}
		out, err, s := lancer(c.entree, "controler", "-", "--sortie", "json")
		if s != c.statut || !json.Valid([]byte(out)) || err != "" {
			t.Errorf("%s: status %d, %q\n%.300s", c.nom, s, err, out)
		}
	}
}

// "Rules change at an exact hour": the control is as of a date and an hour,
// those of Paris unless the date carries an offset (D25).
func TestPeineReglesQuiChangentAHeureDite(t *testing.T) {
	t.Parallel()
	doc := strings.Replace(string(jeu(t).Exemple(1)), "03/02/2023", "01/07/2023", 1)
	for date, statut := range map[string]int{
		"2023-07-01": 0, "2023-06-30": 1, "2023-06-30T23:59": 1, "2023-07-01T00:00": 0,
		"2023-06-30T22:00:00Z": 0, "2023-06-30T21:59:00Z": 1, "2023-07-01T00:30+05:00": 1,
	} {
		if _, _, s := lancer(doc, "controler", "-", "--date", date); s != statut {
			t.Errorf("as of %s: status %d, want %d", date, s, statut)
		}
	}
}

// The three ways to learn the flags tell the same: help, completion, manual.
func TestAideCompletionEtManuelDisentToutesLesOptions(t *testing.T) {
	t.Parallel()
	manuel, _, _ := lancer("", "manuel")
	bash, _, _ := lancer("", "completion", "bash")
	fish, _, _ := lancer("", "completion", "fish")
	for _, c := range tableCommandes() {
		aide, _, s := lancer("", c.nom, "--aide")
		if s != 0 || c.resume == "" {
			t.Errorf("segur %s --aide: status %d", c.nom, s)
		}
		for _, o := range c.toutes() {
			for nom, texte := range map[string]string{"help": aide, "bash": bash, "fish": fish, "manual": strings.ReplaceAll(manuel, `\-`, "-")} {
				if want := map[bool]string{true: "-l " + o.nom, false: "--" + o.nom}[nom == "fish"]; !strings.Contains(texte, want) {
					t.Errorf("%s does not tell %s of segur %s", nom, want, c.nom)
				}
			}
		}
	}
	for ligne, want := range map[string]string{"segur aide contr": "controler", "segur completion b": "bash", "segur mas": "masquer",
		"segur check --sortie js": "json", "segur controler --prem": "--premier"} {
		mots := strings.Fields(ligne)
		script := bash + "\nCOMP_WORDS=(" + ligne + "); COMP_CWORD=" + strconv.Itoa(len(mots)-1) + "; _segur; echo \"${COMPREPLY[*]}\""
		if out, err := exec.Command("bash", "-c", script).CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != want {
			t.Errorf("%s is completed as %q, %v", ligne, out, err)
		}
	}
}

// Every common line has its English alias.
func TestAliasAnglais(t *testing.T) {
	t.Parallel()
	for fr, en := range map[string]string{"controler": "check", "modele": "template", "operateurs": "operators", "masquer": "mask", "aide": "help"} {
		a, b := trouverCommande(tableCommandes(), fr), trouverCommande(tableCommandes(), en)
		if a == nil || b == nil || a.nom != b.nom {
			t.Errorf("%s is not %s", en, fr)
		}
	}
}

// What no file declares stands with the first file of the folder, however the
// workers run.
func TestPieceInattendueTientAuPremierFichier(t *testing.T) {
	t.Parallel()
	dossier := t.TempDir()
	for i := range 4 {
		// The first file is the longest, so that the others overtake it.
		if err := os.WriteFile(filepath.Join(dossier, segur.NomExemple(i+1)), jeu(t).Exemple(200-60*i), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dossier, "PHA-LGO-Va1-BDC-99999.png"), []byte("\x89PNG"), 0o644); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		out, _, _ := lancer("", "controler", dossier, "--sortie", "json")
		var rapports []struct {
			Pieces struct {
				Refusees []struct{ NomFichier string }
			}
		}
		if err := json.Unmarshal([]byte(out), &rapports); err != nil || len(rapports) != 4 {
			t.Fatalf("%d reports, %v", len(rapports), err)
		}
		for i, r := range rapports {
			if (len(r.Pieces.Refusees) > 0) != (i == 0) {
				t.Fatalf("report %d of 4 has %d refusals", i+1, len(r.Pieces.Refusees))
			}
		}
	}
}

// A full disk, a folder that may not be written, a scan that vanished: the
// person is told which file, and what to do, in French. The name used to be
// lost when the error had been wrapped on its way.
func TestErreursDuSystemeDites(t *testing.T) {
	for _, c := range []struct {
		err      error
		contient []string
	}{
		{&fs.PathError{Op: "write", Path: "depot/pj.zip", Err: syscall.ENOSPC}, []string{"depot/pj.zip : ", "le disque est plein : libérez de la place"}},
		{fmt.Errorf("%s : %w", "scans/a.pdf", &fs.PathError{Op: "open", Path: "scans/a.pdf", Err: syscall.ENOENT}), []string{"scans/a.pdf : ", "n’existe pas"}},
		{&fs.PathError{Op: "mkdir", Path: "ferme/depot", Err: syscall.EACCES}, []string{"ferme/depot : ", "vérifiez vos droits"}},
		{&fs.PathError{Op: "mkdir", Path: "cle/depot", Err: syscall.EROFS}, []string{"lecture seule : choisissez un autre dossier"}},
		{&fs.PathError{Op: "open", Path: "liste.xlsx", Err: errors.New("The process cannot access the file because it is being used by another process.")}, []string{"liste.xlsx : ", "ouvert dans un autre programme : fermez-le"}},
		{errors.New("scans/a.pdf : ce scan a changé"), []string{"scans/a.pdf : ce scan a changé"}},
	} {
		for _, m := range c.contient {
			if s := situe(c.err); !strings.Contains(s, m) {
				t.Errorf("%v: %q does not say %q", c.err, s, m)
			}
		}
	}
}
