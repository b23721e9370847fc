package antivirus

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// eicar is the harmless file that every engine takes for a virus, in two
// halves so that no engine takes this one for it.
const eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-` + `STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

// clamd starts a real engine on a socket of its own, with one signature and no
// network.
func clamd(t *testing.T) *Client {
	t.Helper()
	programme, err := exec.LookPath("clamd")
	if err != nil {
		if _, err := os.Stat("/usr/sbin/clamd"); err != nil {
			t.Skip("clamd is not installed (Debian: clamav-daemon)")
		}
		programme = "/usr/sbin/clamd"
	}
	dossier, err := os.MkdirTemp("", "clamd") // a socket's path is at most 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dossier) })
	prise := filepath.Join(dossier, "clamd.ctl")
	signature := "Eicar-Essai:0:0:" + hex.EncodeToString([]byte(eicar)) + "\n"
	config := fmt.Sprintf("LocalSocket %s\nDatabaseDirectory %s\nForeground yes\nTemporaryDirectory %s\nStreamMaxLength 4M\nLogFile %s/log\n", prise, dossier, dossier, dossier)
	for nom, texte := range map[string]string{"essai.ndb": signature, "clamd.conf": config} {
		if err := os.WriteFile(filepath.Join(dossier, nom), []byte(texte), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var sortie bytes.Buffer
	cmd := exec.Command(programme, "--config-file", filepath.Join(dossier, "clamd.conf"))
	cmd.Stdout, cmd.Stderr = &sortie, &sortie
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	fin := make(chan error, 1)
	go func() { fin <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-fin
	})
	c, err := Ouvrir("unix://" + prise)
	if err != nil {
		t.Fatal(err)
	}
	for limite := time.Now().Add(30 * time.Second); ; {
		if c.Ping(t.Context()) == nil {
			return c
		}
		select {
		case err := <-fin:
			fin <- err
			t.Fatalf("clamd stops: %v\n%s", err, sortie.String())
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(limite) {
			t.Fatal("clamd does not answer")
		}
	}
}

func TestRealEngine(t *testing.T) {
	c := clamd(t)
	if v, err := c.Version(t.Context()); err != nil || !strings.HasPrefix(v, "ClamAV ") {
		t.Errorf("version %q, %v", v, err)
	}
	for nom, cas := range map[string]struct {
		r       io.Reader
		attendu Verdict
		erreur  error
	}{
		"clean":        {strings.NewReader("%PDF-1.4 rien"), Verdict{Etat: Propre}, nil},
		"empty":        {strings.NewReader(""), Verdict{Etat: Propre}, nil},
		"three chunks": {bytes.NewReader(make([]byte, 3*tranche)), Verdict{Etat: Propre}, nil},
		"infected":     {strings.NewReader(eicar), Verdict{Infectee, "Eicar-Essai.UNOFFICIAL"}, nil},
		"too big":      {bytes.NewReader(make([]byte, 5<<20)), Verdict{}, ErrTaille},
	} {
		v, err := c.Analyser(t.Context(), cas.r)
		if v != cas.attendu || !errors.Is(err, cas.erreur) {
			t.Errorf("%s: %+v, %v", nom, v, err)
		}
	}
}

func TestRealEngineAnswersManyAtOnce(t *testing.T) {
	c := clamd(t)
	fin := make(chan error, 20)
	for i := range cap(fin) {
		go func() {
			texte, attendu := "rien", Propre
			if i%2 == 0 {
				texte, attendu = eicar, Infectee
			}
			v, err := c.Analyser(t.Context(), strings.NewReader(texte))
			if err == nil && v.Etat != attendu {
				err = fmt.Errorf("document %d: %+v", i, v)
			}
			fin <- err
		}()
	}
	for range cap(fin) {
		if err := <-fin; err != nil {
			t.Error(err)
		}
	}
}
