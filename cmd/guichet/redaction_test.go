package main

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/guichet"
)

// A whole journey leaves nobody's data in the log: no name, address, account,
// number of a card or a telephone, password, token or link of one use; not even
// when the outside fails.
func TestRienDePersonnelDansLaTrace(t *testing.T) {
	t.Parallel()
	m := nouveauLieu(t)
	m.r["GUICHET_SMTP"] = "smtp://127.0.0.1:1?de=portail@guichet.example&tls=aucun" // nobody listens
	m.r["GUICHET_WEBHOOKS_LOCAUX"] = "oui"
	trace := &tampon{}
	r, err := lireReglages(func(n string) string { return m.r[n] })
	if err != nil {
		t.Fatal(err)
	}
	p, err := ouvrir(t.Context(), environnement{sortie: io.Discard, erreur: trace, variable: func(string) string { return "" }, maintenant: time.Now}, r, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.fermer(); err != nil {
			t.Error(err)
		}
	})
	a, err := p.peupler(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	h, err := p.routeur()
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Jar: jar}
	envoyer := func(methode, chemin, genre, jeton string, corps io.Reader) {
		t.Helper()
		q, err := http.NewRequestWithContext(t.Context(), methode, s.URL+chemin, corps)
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("Content-Type", genre)
		if jeton != "" {
			q.Header.Set("Authorization", "Bearer "+jeton)
		}
		rep, err := c.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, rep.Body); err != nil || rep.Body.Close() != nil {
			t.Fatal(err)
		}
	}
	poster := func(chemin string, f url.Values) {
		t.Helper()
		envoyer("POST", chemin, "application/x-www-form-urlencoded", "", strings.NewReader(f.Encode()))
	}
	f := a.Fournisseurs[0]
	poster("/connexion", url.Values{"identifiant": {"Inconnue@nulle-part.example"}, "mot_de_passe": {"MotDePasseFaux"}})
	poster("/connexion", url.Values{"identifiant": {f.Utilisateur}, "mot_de_passe": {f.MotDePasse}})
	poster("/recuperation", url.Values{"identifiant": {f.Utilisateur}})
	poster("/utilisateurs", url.Values{"courriel": {"Neuve@fournisseur-a.example"}, "nom": {"Camille Personne"}, "role": {"lecteur"}})
	poster("/webhooks", url.Values{"adresse": {"http://127.0.0.1:1/chemin-secret?cle=CleSecrete"}})
	for _, chemin := range []string{"/tableau-de-bord", "/demandes?q=Personne", "/activation/LienSecretDUnSeulUsage", "/compte", "/rien/Personne@nulle-part.example"} {
		envoyer("GET", chemin, "", "", http.NoBody)
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("fichier", "Personne.json")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write([]byte(`{"nomResponsable":"PERSONNE","emailResponsable":"Personne@nulle-part.example"}`)); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	envoyer("POST", "/api/v1/depots", w.FormDataContentType(), f.Jeton, &b)
	envoyer("GET", "/api/v1/demandes?curseur=Personne", "", "gui_JetonFauxMaisSecret", http.NoBody)
	for range 5 {
		if _, err := p.guichet.Travailler(t.Context(), 50); err != nil {
			t.Fatal(err)
		}
	}
	p.guichetSignale(t)
	texte := trace.String()
	if strings.Count(texte, "\n") < 10 {
		t.Fatalf("the log is nearly empty\n%s", texte)
	}
	interdits := []string{"@", "Personne", "PERSONNE", "Camille", "MotDePasseFaux", "LienSecret", "gui_", "whs_", "CleSecrete", "chemin-secret", "guichet_session", m.r["GUICHET_PAYEUR_IBAN"], f.Siret}
	for _, x := range a.Fournisseurs {
		interdits = append(interdits, x.MotDePasse, x.Jeton, x.RaisonSociale)
	}
	for _, x := range a.Agents {
		interdits = append(interdits, x.MotDePasse, x.Jeton)
	}
	for _, x := range interdits {
		if i := strings.Index(texte, x); i >= 0 {
			t.Errorf("the log holds %q: %s", x, texte[max(0, i-200):min(len(texte), i+100)])
		}
	}
}

// guichetSignale makes the business report a cause, as it does behind answers.
func (p *portail) guichetSignale(t *testing.T) {
	t.Helper()
	ts, err := p.guichet.TravauxVus(t.Context(), guichet.TravailAttend, 100)
	if err != nil {
		t.Fatal(err)
	}
	for i := range ts {
		if ts[i].Erreur != "" {
			p.trace.Error("work waits", "kind", string(ts[i].Genre), "subject", ts[i].Sujet(), "cause", ts[i].Erreur)
		}
	}
}
