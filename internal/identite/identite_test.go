package identite_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/identite"
)

var (
	claude = utilisateur{ID: "sujet-1", Username: "claude", Password: phrase, Email: "claude@agence.example", EmailVerified: true}
	alix   = utilisateur{ID: "sujet-2", Username: "alix", Password: phrase, Email: "alix@agence.example"}
)

func ouvrir(t *testing.T, q identite.Reglages) *identite.Fournisseur {
	t.Helper()
	q.Client, q.Portail, q.Agents, q.Horloge, q.Nom = client, portail, true, time.Now, "Identité d’essai"
	if q.Secret == "" {
		q.Secret = secret
	}
	f, err := identite.Nouveau(q)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

var secrets = guichet.SecretsIdentite{Etat: "un-etat-de-hasard", Nonce: "un-nonce-de-hasard", Verificateur: strings.Repeat("v", 43)}

// entrer does what a browser does at the provider: its form is filled, and what
// it would bring back to the portal is returned.
func entrer(t *testing.T, f *identite.Fournisseur, u utilisateur) url.Values {
	t.Helper()
	adresse, err := f.Adresse(t.Context(), secrets)
	if err != nil {
		t.Fatal(err)
	}
	jarre, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	var retour url.Values
	c := &http.Client{Jar: jarre, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), portail) {
			retour = r.URL.Query()
			return http.ErrUseLastResponse
		}
		return nil
	}}
	page, err := c.Get(adresse)
	if err != nil {
		t.Fatal(err)
	}
	_ = page.Body.Close()
	r, err := c.PostForm(page.Request.URL.String(), url.Values{"username": {u.Username}, "password": {u.Password}, "id": {page.Request.URL.Query().Get("authRequestID")}})
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Body.Close()
	if retour == nil {
		t.Fatalf("the provider does not send back: %s, %d", r.Request.URL, r.StatusCode)
	}
	return retour
}

func TestSignInAtARealProvider(t *testing.T) {
	t.Parallel()
	emetteur, arreter := fournisseur(t, claude, alix)
	f := ouvrir(t, identite.Reglages{Emetteur: emetteur})
	adresse, err := f.Adresse(t.Context(), secrets)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(adresse)
	if err != nil {
		t.Fatal(err)
	}
	for nom, want := range map[string]string{"response_type": "code", "code_challenge_method": "S256", "state": secrets.Etat, "nonce": secrets.Nonce, "scope": "openid email", "redirect_uri": portail + identite.CheminRetour, "client_id": client} {
		if got := u.Query().Get(nom); got != want {
			t.Errorf("%s = %q, want %q", nom, got, want)
		}
	}
	if strings.Contains(adresse, secrets.Verificateur) {
		t.Error("the verifier leaves with the browser")
	}

	retour := entrer(t, f, claude)
	if retour.Get("state") != secrets.Etat {
		t.Errorf("state %q", retour.Get("state"))
	}
	i, err := f.Echanger(t.Context(), retour.Get("code"), secrets)
	if err != nil || i.Emetteur != emetteur || i.Sujet != "sujet-1" || i.Courriel != "claude@agence.example" {
		t.Fatalf("%+v, %v", i, err)
	}
	// A code serves once.
	_, err = f.Echanger(t.Context(), retour.Get("code"), secrets)
	exiger(t, err, guichet.NonIdentifie)
	// An address that the provider does not vouch for is none.
	i, err = f.Echanger(t.Context(), entrer(t, f, alix).Get("code"), secrets)
	if err != nil || i.Sujet != "sujet-2" || i.Courriel != "" {
		t.Errorf("%+v, %v", i, err)
	}
	// Another browser's code: its verifier, or its nonce, is not ours.
	autre := secrets
	autre.Verificateur = strings.Repeat("w", 43)
	_, err = f.Echanger(t.Context(), entrer(t, f, claude).Get("code"), autre)
	exiger(t, err, guichet.NonIdentifie)
	autre = secrets
	autre.Nonce = "un autre"
	_, err = f.Echanger(t.Context(), entrer(t, f, claude).Get("code"), autre)
	exiger(t, err, guichet.NonIdentifie)
	_, err = ouvrir(t, identite.Reglages{Emetteur: emetteur, Secret: "un autre"}).Echanger(t.Context(), entrer(t, f, claude).Get("code"), secrets)
	exiger(t, err, guichet.NonIdentifie)

	depart, err := url.Parse(f.Depart(t.Context()))
	if err != nil || !strings.HasPrefix(depart.String(), emetteur) || depart.Query().Get("post_logout_redirect_uri") != portail+identite.CheminDepart {
		t.Errorf("%s, %v", depart, err)
	}

	// The provider goes away while somebody is signing in there.
	code := entrer(t, f, claude).Get("code")
	arreter()
	_, err = f.Echanger(t.Context(), code, secrets)
	exiger(t, err, guichet.Indisponible)
}

// A provider that is down is found again once it is up.
func TestProviderThatIsDown(t *testing.T) {
	t.Parallel()
	debout := false
	var s *httptest.Server
	s = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !debout {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"issuer": "` + s.URL + `", "authorization_endpoint": "` + s.URL + `/entrer", "token_endpoint": "` + s.URL + `/jeton", "jwks_uri": "` + s.URL + `/cles"}`))
	}))
	defer s.Close()
	f := ouvrir(t, identite.Reglages{Emetteur: s.URL})
	_, err := f.Adresse(t.Context(), secrets)
	exiger(t, err, guichet.Indisponible)
	if !strings.Contains(err.Error(), "mot de passe") || f.Depart(t.Context()) != "" {
		t.Errorf("%v, %q", err, f.Depart(t.Context()))
	}
	debout = true
	if _, err := f.Adresse(t.Context(), secrets); err != nil {
		t.Error(err)
	}
	if f.Depart(t.Context()) != "" {
		t.Error("there is nowhere to sign out")
	}
}

func TestReglages(t *testing.T) {
	t.Parallel()
	bon := identite.Reglages{Emetteur: "https://identite.example", Client: "c", Secret: "s", Portail: portail, Agents: true}
	if f, err := identite.Nouveau(bon); err != nil || f.Nom() != "identite.example" || !f.Pour(true) || f.Pour(false) {
		t.Error(err)
	}
	for nom, changer := range map[string]func(*identite.Reglages){
		"https":             func(q *identite.Reglages) { q.Emetteur = "http://identite.example" },
		"pas une adresse":   func(q *identite.Reglages) { q.Emetteur = "identite" },
		"client":            func(q *identite.Reglages) { q.Client = "" },
		"secret":            func(q *identite.Reglages) { q.Secret = "" },
		"adresse publique":  func(q *identite.Reglages) { q.Portail = "" },
		"agents, fourniss…": func(q *identite.Reglages) { q.Agents = false },
	} {
		q := bon
		changer(&q)
		if _, err := identite.Nouveau(q); err == nil || !strings.Contains(err.Error(), strings.TrimSuffix(nom, "iss…")) {
			t.Errorf("%s: %v", nom, err)
		}
	}
}

func exiger(t *testing.T, err error, g guichet.Genre) {
	t.Helper()
	if guichet.GenreDe(err) != g {
		t.Errorf("%v, want %s", err, g)
	}
}
