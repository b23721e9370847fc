package api_test

import (
	"bytes"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guichet.example/internal/api"
	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
	"guichet.example/internal/store/pgtest"
)

// postgres is the server of all tests of this package; nil when PostgreSQL is
// not installed.
var postgres *pgtest.Serveur

func TestMain(m *testing.M) {
	flag.Parse()
	s, err := pgtest.Demarrer("-c", "fsync=off")
	if err != nil && !errors.Is(err, pgtest.ErrAbsent) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	postgres = s
	code := m.Run()
	if s != nil {
		if err := s.Arreter(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

var reecrire = flag.Bool("update", false, "rewrite the goldens of testdata")

// comparer holds a text against its golden.
func comparer(t *testing.T, nom, got string) {
	t.Helper()
	chemin := filepath.Join("testdata", nom)
	if *reecrire {
		if err := os.WriteFile(chemin, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is not what is answered; -update rewrites it, to be read before it is committed:\n%s", chemin, diff)
	}
}

// portail is the API over HTTP, with a token for every account, and a second
// look at its store.
type portail struct {
	*guichettest.Monde
	t       testing.TB
	adresse string
	jetons  map[string]string
	base    *sql.DB // nil on PostgreSQL
	journal int64   // last entry seen
	noms    []string

	crochets int // webhooks made
}

// nouveauPortail serves a portal on an empty SQLite store.
func nouveauPortail(t testing.TB, equiper ...func(*guichet.Monde)) *portail {
	t.Helper()
	adresse := guichettest.SQLite(t)
	p := servir(t, adresse, equiper...)
	base, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(adresse, "sqlite:")+"?_pragma=query_only(1)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = base.Close() })
	p.base = base
	return p
}

func servir(t testing.TB, adresse string, equiper ...func(*guichet.Monde)) *portail {
	t.Helper()
	p := &portail{Monde: guichettest.Nouveau(t, adresse), t: t, jetons: map[string]string{}}
	for _, f := range equiper {
		p.Equiper(t, f)
	}
	h := api.Nouveau(p.Guichet, api.Options{
		DossierTemp: p.Temp,
		Adresse:     func(*http.Request) netip.Addr { return netip.MustParseAddr("192.0.2.7") },
		Signaler:    func(r *http.Request, err error) { t.Errorf("%s %s: %v", r.Method, r.URL.Path, err) },
	})
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	p.adresse = s.URL + "/api/v1"
	for _, c := range guichettest.Comptes() {
		secret, _, err := p.Guichet.CreerJeton(t.Context(), p.Acteur(c.Identifiant), guichet.NouveauJeton{Nom: "essai"})
		if err != nil {
			t.Fatal(err)
		}
		p.jetons[c.Identifiant] = secret
		// The first use of a token is noted: let it be over.
		if r := p.appeler(appel{qui: c.Identifiant, methode: "GET", chemin: "/motifs"}); r.statut != http.StatusOK {
			t.Fatalf("%s: %d %s", c.Identifiant, r.statut, r.corps)
		}
	}
	p.entrees()
	return p
}

// appel is one request to the API.
type appel struct {
	qui             string // account; "" = nobody
	methode, chemin string // below /api/v1
	corps           string
	entetes         map[string]string
}

// reponse is what came back.
type reponse struct {
	statut  int
	entetes http.Header
	corps   string
}

func (p *portail) appeler(a appel) reponse {
	p.t.Helper()
	q, err := http.NewRequestWithContext(p.t.Context(), a.methode, p.adresse+a.chemin, strings.NewReader(a.corps))
	if err != nil {
		p.t.Fatal(err)
	}
	if a.qui != "" {
		q.Header.Set("Authorization", "Bearer "+p.jetons[a.qui])
	}
	for k, v := range a.entetes {
		q.Header.Set(k, v)
	}
	r, err := http.DefaultTransport.RoundTrip(q) // redirections are answers too
	if err != nil {
		p.t.Fatal(err)
	}
	b, err := io.ReadAll(r.Body)
	if err = errors.Join(err, r.Body.Close()); err != nil {
		p.t.Fatal(err)
	}
	return reponse{r.StatusCode, r.Header, string(b)}
}

// formulaire spells a deposit as a form; a field "fichier" has the name nom.
func formulaire(nom string, champs ...[2]string) (corps, genre string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, c := range champs {
		var err error
		if c[0] != "fichier" {
			err = w.WriteField(c[0], c[1])
		} else if dans, err2 := w.CreateFormFile("fichier", nom); err2 == nil {
			_, err = io.WriteString(dans, c[1])
		} else {
			err = err2
		}
		if err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String(), w.FormDataContentType()
}

// entrees lists the journal entries since the last look, "acteur acte objet
// resultat" each, with the identifiers that nommer gave a name to.
func (p *portail) entrees() (es []string) {
	p.t.Helper()
	if err := p.Base.Lire(p.t.Context(), func(tx guichet.Tx) error {
		lues, err := tx.Journal(p.journal+1, 10_000)
		for _, e := range lues {
			p.journal = e.Numero
			es = append(es, e.Acteur+" "+e.Acte+" "+e.Objet+" "+e.Resultat)
		}
		return err
	}); err != nil {
		p.t.Fatal(err)
	}
	r := strings.NewReplacer(p.noms...)
	for i := range es {
		es[i] = r.Replace(es[i])
	}
	return es
}

// nommer gives a name in braces to an identifier: requests are written with
// it, and what is read back is.
func (p *portail) nommer(nom, id string) { p.noms = append(p.noms, id, "{"+nom+"}") }

// vrai puts identifiers in place of their names.
func (p *portail) vrai(s string) string {
	inverse := slices.Clone(p.noms)
	for i := 0; i < len(inverse); i += 2 {
		inverse[i], inverse[i+1] = inverse[i+1], inverse[i]
	}
	return strings.NewReplacer(inverse...).Replace(s)
}

// rangees is every row of every table but the journal's, by table.
func (p *portail) rangees() map[string]string {
	p.t.Helper()
	tables := p.interroger("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%' AND name NOT LIKE 'journal%'")
	if len(tables) < 15 {
		p.t.Fatalf("only %d tables", len(tables))
	}
	rs := map[string]string{}
	for _, t := range tables {
		lignes := p.interroger("SELECT * FROM " + t)
		slices.Sort(lignes)
		rs[t] = strings.Join(lignes, "\n")
	}
	return rs
}

func (p *portail) interroger(q string) (lignes []string) {
	p.t.Helper()
	rs, err := p.base.QueryContext(p.t.Context(), q)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = rs.Close() }() // Err tells what went wrong
	colonnes, err := rs.Columns()
	if err != nil {
		p.t.Fatal(err)
	}
	for rs.Next() {
		vs, dest := make([]any, len(colonnes)), make([]any, len(colonnes))
		for i := range vs {
			dest[i] = &vs[i]
		}
		if err := rs.Scan(dest...); err != nil {
			p.t.Fatal(err)
		}
		var ts []string
		for _, v := range vs {
			ts = append(ts, fmt.Sprint(v))
		}
		lignes = append(lignes, strings.Join(ts, " | "))
	}
	if err := rs.Err(); err != nil {
		p.t.Fatal(err)
	}
	return lignes
}

// pieceDe is the name of the first document of a request.
func (p *portail) pieceDe(n string) string {
	v, err := p.Guichet.Demande(p.t.Context(), p.Acteur("a.lecteur"), guichet.NumeroASP(n))
	if err != nil {
		p.t.Fatal(err)
	}
	return v.Pieces[0].Nom
}

// avecWebhooks gives a portal what webhooks need.
func avecWebhooks(m *guichet.Monde) {
	m.Cle, m.Appelant = []byte(strings.Repeat("k", guichet.CleTaille)), sourd{}
}
