package contrat

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"
)

// programme is the command under test; TestMain fills it before any test runs.
// GUICHET_PROGRAMME names one that is built already, an installed one say.
var programme = os.Getenv("GUICHET_PROGRAMME")

// travail is the folder of the portals that tests share.
var travail string

func TestMain(m *testing.M) { os.Exit(construireEtTester(m)) }

func construireEtTester(m *testing.M) int {
	dossier, err := os.MkdirTemp("", "contrat-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dossier) }()
	travail = dossier
	if programme == "" {
		programme = filepath.Join(dossier, "guichet")
		build := exec.Command("go", "build", "-o", programme, "guichet.example/cmd/guichet")
		if sortie, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "guichet ne se construit pas : %v\n%s", err, sortie)
			return 1
		}
	}
	defer arreterPartagees()
	return m.Run()
}

// compteDemo is one account of the printed line.
type compteDemo struct {
	RaisonSociale string   `json:"raisonSociale"`
	Siret         string   `json:"siret"`
	NumeroAns     string   `json:"numeroAns"`
	Role          string   `json:"role"`
	Roles         []string `json:"roles"`
	Utilisateur   string   `json:"utilisateur"`
	MotDePasse    string   `json:"motDePasse"`
	Jeton         string   `json:"jeton"`
}

// ligneDemo is the line that guichet demo prints.
type ligneDemo struct {
	Adresse      string       `json:"adresse"`
	Fournisseurs []compteDemo `json:"fournisseurs"`
	Agents       []compteDemo `json:"agents"`
}

// demo is one running portal.
type demo struct {
	ligneDemo
	dossier string
	cmd     *exec.Cmd
	journal *tampon       // its standard error
	reste   chan []byte   // its standard output behind the first line, once it ended
	fin     chan struct{} // closed when the process ended
	numeros *compteurs
}

// tampon collects what a process writes while others look at it.
type tampon struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (t *tampon) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.b.Write(p)
}

func (t *tampon) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.b.String()
}

// demarrer starts a portal on a folder and waits for its line; env is added to
// the environment. The process is ended with the test.
func demarrer(t testing.TB, dossier string, env ...string) *demo {
	t.Helper()
	d, err := lancer(dossier, env...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.tuer() })
	return d
}

func lancer(dossier string, env ...string) (*demo, error) {
	d := &demo{dossier: dossier, journal: &tampon{}, reste: make(chan []byte, 1), fin: make(chan struct{}), numeros: &compteurs{}}
	d.cmd = exec.Command(programme, "demo", "--dossier", dossier, "--port", "0", "--sortie", "json")
	d.cmd.Env = append(os.Environ(), env...)
	d.cmd.Stderr = d.journal
	sortie, err := d.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := d.cmd.Start(); err != nil {
		return nil, err
	}
	premiere := make(chan []byte, 1)
	go func() {
		r := bufio.NewReader(sortie)
		l, _ := r.ReadBytes('\n')
		premiere <- l
		b, _ := io.ReadAll(r)
		d.reste <- b
		_ = d.cmd.Wait()
		close(d.fin)
	}()
	select {
	case l := <-premiere:
		if err := json.Unmarshal(l, &d.ligneDemo); err != nil || d.Adresse == "" {
			d.tuer()
			return nil, fmt.Errorf("ligne de guichet demo illisible (%w) : %q\n%s", err, l, d.journal)
		}
	case <-time.After(90 * time.Second):
		d.tuer()
		return nil, fmt.Errorf("guichet demo n’a rien imprimé en 90 s\n%s", d.journal)
	}
	return d, nil
}

// tuer is kill -9, and waits for the end.
func (d *demo) tuer() {
	_ = d.cmd.Process.Kill()
	<-d.fin
}

// arreter sends SIGTERM and returns the exit status; -1 when it had to be
// killed after 15 s.
func (d *demo) arreter() int {
	_ = d.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-d.fin:
		return d.cmd.ProcessState.ExitCode()
	case <-time.After(15 * time.Second):
		d.tuer()
		return -1
	}
}

// fournisseur is a caller with the token of the n-th supplier.
func (d *demo) fournisseur(n int) *client { return d.client(d.Fournisseurs[n]) }

// agent is a caller of a role: the first of its agents, or the n-th.
func (d *demo) agent(t testing.TB, role string, n ...int) *client {
	t.Helper()
	rang := 0
	if len(n) > 0 {
		rang = n[0]
	}
	for _, a := range d.Agents {
		if a.Role == role {
			if rang == 0 {
				return d.client(a)
			}
			rang--
		}
	}
	t.Fatalf("la ligne ne donne pas l’agent %s", role)
	return nil
}

func (d *demo) client(c compteDemo) *client {
	return &client{demo: d, compteDemo: c}
}

// anonyme is a caller without token.
func (d *demo) anonyme() *client { return &client{demo: d} }

// comptes are all accounts of the line.
func (d *demo) comptes() []compteDemo { return slices.Concat(d.Fournisseurs, d.Agents) }

// partagees are the portals that tests of one chapter share, each started on
// first use: most tests need a portal, few need their own.
var partagees struct {
	sync.Mutex
	demos map[string]*demo
}

// partage returns the portal of a chapter.
func partage(t testing.TB, chapitre string) *demo {
	t.Helper()
	partagees.Lock()
	defer partagees.Unlock()
	if d := partagees.demos[chapitre]; d != nil {
		return d
	}
	d, err := lancer(filepath.Join(travail, chapitre))
	if err != nil {
		t.Fatal(err)
	}
	if partagees.demos == nil {
		partagees.demos = map[string]*demo{}
	}
	partagees.demos[chapitre] = d
	return d
}

func arreterPartagees() {
	for _, d := range partagees.demos {
		d.tuer()
	}
}
