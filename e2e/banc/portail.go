package banc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// VariableHorloge names the file that holds how many seconds the clock of a
// portal under test is off: see TestMain of cmd/guichet, whose test program is
// the portal with that clock.
const VariableHorloge = "GUICHET_ESSAI_HORLOGE"

// Site is what the portals of one installation share.
type Site struct {
	Base, Pieces string            // GUICHET_BASE and GUICHET_PIECES
	Reglages     map[string]string // the others
	Programme    string
	Temp         string // parent of each portal's own GUICHET_TEMP; "" = in the bench
	horloge      string
	banc         *Banc
}

// Site makes an installation without portals yet. Each has its key and its
// clock file.
func (b *Banc) Site(nom, programme, base, pieces string) (*Site, error) {
	d := b.chemin(nom)
	s := &Site{Base: base, Pieces: pieces, Programme: programme, Temp: d, horloge: filepath.Join(d, "horloge"), banc: b}
	s.Reglages = map[string]string{"GUICHET_CLE": filepath.Join(d, "cle"), "GUICHET_PAYEUR_IBAN": Iban(0), "GUICHET_PAYEUR_NOM": "Agence fictive de paiement", "GUICHET_PAYEUR_BIC": "FICTFRPPXXX",
		"GUICHET_SECOND_FACTEUR": "libre", // the agents of the bench work by token from their first minute
		"GUICHET_ADRESSE":        "http://guichet.example", "AWS_ACCESS_KEY_ID": cleS3, "AWS_SECRET_ACCESS_KEY": secretS3}
	return s, errors.Join(os.MkdirAll(d, 0o700), os.WriteFile(s.Reglages["GUICHET_CLE"], []byte("une clé d’essai qui n’en protège aucune autre"), 0o600), s.Decaler(0))
}

// Decaler sets how far off the clock of the portals is. Only the test program
// of cmd/guichet has such a clock.
func (s *Site) Decaler(d time.Duration) error {
	// By a rename: a reader sees one value or the other.
	t := s.horloge + ".neuf"
	return errors.Join(os.WriteFile(t, []byte(strconv.FormatInt(int64(d/time.Second), 10)), 0o600), os.Rename(t, s.horloge))
}

// env is the environment of a command of this installation.
func (s *Site) env(temp string) []string {
	e := append(os.Environ(), "GUICHET_BASE="+s.Base, "GUICHET_PIECES="+s.Pieces, "GUICHET_TEMP="+temp, VariableHorloge+"="+s.horloge)
	for k, v := range s.Reglages {
		e = append(e, k+"="+v)
	}
	return e
}

// Commander runs a command of guichet to its end.
func (s *Site) Commander(ctx context.Context, args ...string) (string, error) {
	c := exec.CommandContext(ctx, s.Programme, args...)
	c.Env = s.env(filepath.Join(s.Temp, "temp"))
	b, err := c.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("guichet %v: %w: %.2000s", args, err, b)
	}
	return string(b), err
}

// Portail is one serving process of an installation, which may be killed and
// started again at the same address.
type Portail struct {
	Adresse string // host and port
	Journal string // file of what it wrote to its standard error
	site    *Site
	temp    string
	mu      sync.Mutex
	cmd     *exec.Cmd
	fin     chan error
}

// Portail makes a process that is not started yet.
func (s *Site) Portail(nom string) (*Portail, error) {
	a, err := PortLibre()
	if err != nil {
		return nil, err
	}
	p := &Portail{Adresse: a, Journal: s.banc.chemin(nom + ".log"), site: s, temp: filepath.Join(s.Temp, nom)}
	s.banc.Finir(p.Tuer)
	return p, os.MkdirAll(p.temp, 0o700)
}

// Lancer starts the process and waits until it is ready.
func (p *Portail) Lancer(ctx context.Context) error {
	if err := p.demarrer(); err != nil {
		return err
	}
	err := attendre(ctx, "portal at "+p.Adresse, 60*time.Second, func() bool {
		select {
		case err := <-p.fin:
			p.fin <- err
			return true
		default:
		}
		return p.Pret(ctx)
	})
	if err == nil && !p.Pret(ctx) {
		b, _ := os.ReadFile(p.Journal) // for the message only
		err = fmt.Errorf("portal at %s ends: %s", p.Adresse, b[max(0, len(b)-2000):])
	}
	return err
}

func (p *Portail) demarrer() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	f, err := os.OpenFile(p.Journal, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // the child has its own
	p.cmd = exec.Command(p.site.Programme, "servir", "--ecoute", p.Adresse)
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = p.site.env(p.temp), f, f
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	p.fin = make(chan error, 1)
	cmd, fin := p.cmd, p.fin
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { fin <- cmd.Wait() }()
	return nil
}

// Pret asks /readyz.
func (p *Portail) Pret(ctx context.Context) bool {
	ctx, annuler := context.WithTimeout(ctx, 5*time.Second)
	defer annuler()
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.Adresse+"/readyz", nil)
	if err != nil {
		return false
	}
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		return false
	}
	return r.Body.Close() == nil && r.StatusCode == http.StatusOK
}

// Tuer ends the process with SIGKILL, if it runs.
func (p *Portail) Tuer() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return nil
	}
	_ = p.cmd.Process.Kill() // it may have ended by itself
	<-p.fin                  //nolint:errcheck // how it ended is known: it was killed
	p.cmd = nil
	return nil
}

// Memoire is the most memory that the process has had, in bytes; 0 when it does
// not run.
func (p *Portail) Memoire() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return 0
	}
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for l := range strings.Lines(string(b)) {
		var kio int64
		if n, err := fmt.Sscanf(l, "VmHWM: %d kB", &kio); n == 1 && err == nil {
			return kio << 10
		}
	}
	return 0
}

// Arreter asks the process to end, as systemd does, and tells how long it took
// to finish what was under way.
func (p *Portail) Arreter() (time.Duration, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	debut := time.Now()
	err := errors.Join(p.cmd.Process.Signal(syscall.SIGTERM), <-p.fin)
	p.cmd = nil
	return time.Since(debut), err
}
