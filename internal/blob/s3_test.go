package blob_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/blob"
	"guichet.example/internal/blob/blobtest"
)

// versitygw starts a real S3 server over a folder, on a free port of the
// loopback, and gives its address. `make test` builds it into bin/.
func versitygw(t *testing.T) (adresse, seaux string) {
	t.Helper()
	programme := os.Getenv("GUICHET_TEST_VERSITYGW")
	if programme == "" {
		programme = filepath.Join("..", "..", "bin", "versitygw")
	}
	if _, err := os.Stat(programme); err != nil {
		t.Skipf("no S3 server: go build -C tools/versitygw -o ../../bin/versitygw github.com/versity/versitygw/cmd/versitygw (%v)", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	hote := l.Addr().String()
	l.Close()
	seaux = t.TempDir()
	var sortie bytes.Buffer
	cmd := exec.Command(programme, "--port", hote, "--access", "essai", "--secret", "essai-secret", "posix", seaux)
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
	for limite := time.Now().Add(30 * time.Second); ; {
		c, err := net.DialTimeout("tcp", hote, time.Second)
		if err == nil {
			c.Close()
			break
		}
		select {
		case err := <-fin:
			fin <- err
			t.Fatalf("versitygw stops: %v\n%s", err, sortie.String())
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(limite) {
			t.Fatal("versitygw does not listen")
		}
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "essai")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "essai-secret")
	return "http://" + hote, seaux
}

func TestS3(t *testing.T) {
	adresse, seaux := versitygw(t)
	n := 0
	blobtest.Essayer(t, func(t *testing.T) blob.Magasin {
		n++
		seau := fmt.Sprintf("seau-%d", n)
		if err := os.Mkdir(filepath.Join(seaux, seau), 0o700); err != nil { // a folder is a bucket
			t.Fatal(err)
		}
		u := "s3://" + seau + "?region=us-east-1&endpoint=" + adresse
		if n%2 == 0 {
			u += "&prefixe=pieces/"
		}
		m, err := blob.Ouvrir(t.Context(), u, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		return m
	})
	t.Run("MissingBucketShows", func(t *testing.T) {
		m, err := blob.Ouvrir(t.Context(), "s3://nulle-part?endpoint="+adresse, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		if err := m.Verifier(t.Context()); err == nil {
			t.Error("the probe says that all is well")
		}
		if e, err := m.Ecrire(t.Context(), strings.NewReader("x")); err == nil {
			t.Errorf("written as %+v", e)
		}
	})
}

// A server that fails or hangs gives an error in bounded time, and never
// something that looks like an absent file.
func TestFailingS3IsAnError(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "essai")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "essai-secret")
	fin := make(chan struct{})
	for nom, repondre := range map[string]http.HandlerFunc{
		"500": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"403": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		"hangs": func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-fin:
			case <-r.Context().Done():
			}
		},
	} {
		t.Run(nom, func(t *testing.T) {
			s := httptest.NewServer(repondre)
			defer s.Close()
			temp := t.TempDir()
			m, err := blob.Ouvrir(t.Context(), "s3://seau?endpoint="+s.URL, temp)
			if err != nil {
				t.Fatal(err)
			}
			defer m.Close()
			ctx, arret := context.WithTimeout(t.Context(), 3*time.Second)
			defer arret()
			if e, err := m.Ecrire(ctx, strings.NewReader("x")); err == nil || e != (blob.Ecrit{}) {
				t.Errorf("write: %+v, %v", e, err)
			}
			absent := strings.Repeat("0", 64)
			if _, err := m.Ouvrir(ctx, absent); err == nil || errors.Is(err, os.ErrNotExist) {
				t.Errorf("open: %v", err)
			}
			if ok, err := m.Existe(ctx, absent); err == nil || ok {
				t.Errorf("exists: %v, %v", ok, err)
			}
			if l, err := os.ReadDir(temp); len(l) != 0 || err != nil {
				t.Errorf("%v stays in the waiting room, %v", l, err)
			}
		})
	}
	close(fin)
}
