package identite_test

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"guichet.example/internal/identite"
)

// utilisateur is somebody whom the provider knows.
type utilisateur struct {
	ID, Username, Password, Email string
	EmailVerified                 bool
}

const (
	client  = "guichet"
	secret  = "secret-d-essai"
	phrase  = "phrase secrète de l’essai"
	portail = "https://portail.example"
)

// fournisseur starts a real OpenID provider on a free port of the loopback, and
// gives its address. `make test` builds it into bin/.
func fournisseur(t *testing.T, us ...utilisateur) (emetteur string, arreter func()) {
	t.Helper()
	programme := os.Getenv("GUICHET_TEST_OIDC")
	if programme == "" {
		programme = filepath.Join("..", "..", "bin", "fournisseuroidc")
	}
	if _, err := os.Stat(programme); err != nil {
		t.Skipf("no OpenID provider: go build -C tools/fournisseuroidc -o ../../bin/fournisseuroidc . (%v)", err)
	}
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	parID := map[string]utilisateur{}
	for _, u := range us {
		parID[u.ID] = u
	}
	b, err := json.Marshal(parID)
	if err != nil {
		t.Fatal(err)
	}
	fichier := filepath.Join(t.TempDir(), "utilisateurs.json")
	if err := os.WriteFile(fichier, b, 0o600); err != nil {
		t.Fatal(err)
	}
	var sortie bytes.Buffer
	cmd := exec.Command(programme, "-port", port, "-utilisateurs", fichier, "-retour", portail+identite.CheminRetour)
	cmd.Stderr = &sortie
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	fin := make(chan error, 1)
	go func() { fin <- cmd.Wait() }()
	fini := false
	arreter = func() {
		if !fini {
			fini = true
			_ = cmd.Process.Kill()
			<-fin
		}
	}
	t.Cleanup(arreter)
	emetteur = "http://localhost:" + port + "/"
	for limite := time.Now().Add(30 * time.Second); ; {
		r, err := http.Get(emetteur + ".well-known/openid-configuration")
		if err == nil {
			_ = r.Body.Close()
			return emetteur, arreter
		}
		select {
		case err := <-fin:
			fin <- err
			t.Fatalf("the provider stops: %v\n%s", err, sortie.String())
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(limite) {
			t.Fatalf("the provider does not listen\n%s", sortie.String())
		}
	}
}
