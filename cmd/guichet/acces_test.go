package main

import (
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/guichet"
)

// fournisseurOIDC starts a real OpenID provider that knows one person, and
// sends browsers back to retour. `make test` builds it into bin/.
func fournisseurOIDC(t *testing.T, retour string) (emetteur string, arreter func()) {
	t.Helper()
	programme := filepath.Join("..", "..", "bin", "fournisseuroidc")
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
	fichier := filepath.Join(t.TempDir(), "utilisateurs.json")
	if err := os.WriteFile(fichier, []byte(`{"s1": {"ID": "s1", "Username": "claude", "Password": "phrase", "Email": "claude@agence.example", "EmailVerified": true}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(programme, "-port", port, "-utilisateurs", fichier, "-retour", retour)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	arrete := false
	arreter = func() {
		if !arrete {
			arrete = true
			_ = cmd.Process.Kill()
			_ = cmd.Wait() // it was killed
		}
	}
	t.Cleanup(arreter)
	emetteur = "http://localhost:" + port + "/"
	for limite := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		r, err := http.Get(emetteur + ".well-known/openid-configuration")
		if err == nil {
			_ = r.Body.Close()
			return emetteur, arreter
		}
		if time.Now().After(limite) {
			t.Fatal("the provider does not listen")
		}
	}
}

// Somebody signs in on the pages by a real provider, leaves, and is offered to
// leave the provider too. While it is down the password is still there, and the
// page says so.
func TestIdentiteParLesPages(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	adresse := "http://localhost:" + port
	emetteur, arreter := fournisseurOIDC(t, adresse+"/connexion/identite/retour")
	m := nouveauLieu(t)
	m.exiger(t, statutBon, "version", "", "migrer")
	m.r["GUICHET_ADRESSE"], m.r["GUICHET_OIDC_EMETTEUR"], m.r["GUICHET_OIDC_CLIENT"], m.r["GUICHET_OIDC_SECRET"], m.r["GUICHET_OIDC_NOM"] = adresse, emetteur, "guichet", "secret-d-essai", "Identité d’essai"
	m.r["GUICHET_SECOND_FACTEUR"] = "libre" // this provider does not say whether it asked for one
	p := m.ouvrirEn(t)
	h, err := p.routeur()
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	go func() { _ = s.Serve(l) }() // ends when the test closes it
	t.Cleanup(func() { _ = s.Close() })
	jarre, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Jar: jarre}
	lire := func(r *http.Response, err error) (chemin, corps string) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.Body.Close() }() // it was only read
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.Request.URL.String(), string(b)
	}
	dit := func(corps, phrase string) {
		t.Helper()
		if !strings.Contains(corps, phrase) {
			t.Errorf("the page does not say %q:\n%s", phrase, corps)
		}
	}
	entrer := func() (string, string) {
		t.Helper()
		chemin, _ := lire(c.Get(adresse + "/connexion/identite?suite=/compte"))
		u, err := url.Parse(chemin)
		if err != nil || !strings.HasPrefix(chemin, emetteur) {
			t.Fatalf("led to %s, %v", chemin, err)
		}
		return lire(c.PostForm(chemin, url.Values{"username": {"claude"}, "password": {"phrase"}, "id": {u.Query().Get("authRequestID")}}))
	}
	_, corps := lire(c.Get(adresse + "/connexion"))
	dit(corps, "Se connecter avec Identité d’essai")
	_, corps = entrer()
	dit(corps, "Aucun compte ouvert du portail")
	m.exiger(t, statutBon, "ouvert", "une phrase bien longue\n", "compte", "ajouter", "--identifiant", "claude@agence.example", "--nom", "Claude", "--roles", "auditeur")
	chemin, corps := entrer()
	if chemin != adresse+"/compte" {
		t.Errorf("led to %s", chemin)
	}
	dit(corps, "fournisseur d’identité")
	if err := p.base.Lire(t.Context(), func(tx guichet.Tx) error { _, err := tx.Identite(emetteur, "s1"); return err }); err != nil {
		t.Errorf("not bound: %v", err)
	}
	_, corps = lire(c.PostForm(adresse+"/deconnexion", nil))
	dit(corps, "S’en déconnecter aussi")
	dit(corps, emetteur)
	arreter()
	_, corps = lire(c.Get(adresse + "/connexion/identite/retour?state=x&code=y"))
	dit(corps, "Cette connexion a expiré")

	// A portal that starts while the provider is down.
	sans := m.ouvrirEn(t)
	if _, _, err := sans.guichet.DebuterIdentite(t.Context(), "/", guichet.Origine{}); guichet.GenreDe(err) != guichet.Indisponible || !strings.Contains(err.Error(), "mot de passe") {
		t.Errorf("%v", err)
	}
}
