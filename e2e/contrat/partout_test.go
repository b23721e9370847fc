package contrat

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// appels are the calls of the contract that need an account; bodies are what
// would be judged next.
var appels = []struct{ methode, chemin, corps string }{
	{"POST", "/api/v1/depots", "{"}, {"GET", "/api/v1/depots/inconnu", ""}, {"GET", "/api/v1/depots/inconnu/retour", ""}, {"PUT", "/api/v1/depots/inconnu/pieces", "x"},
	{"PUT", "/api/v1/demandes/inconnu/pieces/x.pdf", "x"}, {"GET", "/api/v1/demandes", ""}, {"GET", "/api/v1/demandes?statut=faux", ""}, {"GET", "/api/v1/demandes/inconnu", ""},
	{"POST", "/api/v1/demandes/inconnu/actes", "{"}, {"POST", "/api/v1/decisions", "{"}, {"GET", "/api/v1/motifs", ""}, {"POST", "/api/v1/lots-paiement", "{"},
	{"POST", "/api/v1/lots-paiement/inconnu/actes", "{"}, {"GET", "/api/v1/lots-paiement/inconnu/virement", ""}, {"GET", "/api/v1/journal", ""}, {"GET", "/api/v1/journal?depuis=x", ""},
}

func TestNothingWithoutAKnownToken(t *testing.T) {
	t.Parallel()
	d := partage(t, "partout")
	bon := d.Fournisseurs[0].Jeton
	for _, a := range appels {
		for titre, jeton := range map[string]string{
			"aucun": "", "inconnu": "Bearer inconnu", "vide": "Bearer ", "double": "Bearer " + bon + bon, "coupé": "Bearer " + bon[:len(bon)-1], "Basic": "Basic " + bon, "nu": bon, "avec suite": "Bearer " + bon + " x", "long": "Bearer " + strings.Repeat("a", 5000),
			"casse": "Bearer " + strings.ToUpper(bon),
		} {
			r := d.anonyme().appeler(t, a.methode, a.chemin, []byte(a.corps), "Authorization", jeton, "Content-Type", "application/json")
			r.veut(t, "401 avant tout, jeton "+titre, 401)
		}
		for _, cle := range []string{"access_token", "jeton", "token", "Authorization"} {
			sep := map[bool]string{true: "&", false: "?"}[strings.Contains(a.chemin, "?")]
			d.anonyme().appeler(t, a.methode, a.chemin+sep+cle+"="+bon, []byte(a.corps), "Content-Type", "application/json").veut(t, "le jeton ne se lit pas dans l’adresse", 401)
		}
	}
}

func TestUnknownRoutesAndMethodsAreProblems(t *testing.T) {
	t.Parallel()
	d := partage(t, "partout")
	f := d.fournisseur(0)
	for _, chemin := range []string{"/api/v1/rien", "/api/v1/depots/x/y/z", "/api/v1/", "/api/v1/demandes/x/rien", "/api/v1/lots-paiement/x/rien", "/api/v1/DEPOTS"} {
		f.appeler(t, "GET", chemin, nil).veut(t, "route inconnue", 404)
		d.anonyme().appeler(t, "GET", chemin, nil).veut(t, "route inconnue sans jeton", 401, 404)
		f.appeler(t, "POST", chemin, "{}").veut(t, "route inconnue", 404, 405)
	}
	for _, a := range []struct{ methode, chemin string }{
		{"DELETE", "/api/v1/depots"}, {"PUT", "/api/v1/depots"}, {"DELETE", "/api/v1/depots/x"}, {"POST", "/api/v1/depots/x/retour"}, {"DELETE", "/api/v1/depots/x/pieces"}, {"PATCH", "/api/v1/demandes"}, {"DELETE", "/api/v1/demandes/x"},
		{"DELETE", "/api/v1/demandes/x/actes"}, {"PATCH", "/api/v1/demandes/x/pieces/y.pdf"}, {"DELETE", "/api/v1/decisions"}, {"DELETE", "/api/v1/motifs"}, {"PATCH", "/api/v1/lots-paiement"}, {"DELETE", "/api/v1/lots-paiement/x/actes"},
		{"POST", "/api/v1/lots-paiement/x/virement"}, {"POST", "/api/v1/journal"}, {"DELETE", "/api/v1/journal"}, {"DELETE", "/api/v1/controles"}, {"GET", "/api/v1/controles"}, {"POST", "/api/v1/openapi.json"}, {"BREW", "/api/v1/depots"},
	} {
		r := f.appeler(t, a.methode, a.chemin, nil)
		if r.veut(t, "méthode inconnue", 405) && r.entetes.Get("Allow") == "" {
			t.Errorf("%s : 405 sans Allow", r.quoi)
		}
	}
	for _, chemin := range []string{"/api/v1//depots", "/api/v1/./depots", "/api/v1/demandes/../depots", "/api/v1/depots/", "/api/v1/motifs/"} {
		f.appeler(t, "GET", chemin, nil).veut(t, "chemin qui n’est pas le bon", 404, 405, 400, 301, 307, 308)
	}
}

// Whoever has no right on a route at all learns only that, whatever the body.
func TestRightsAreJudgedBeforeBodies(t *testing.T) {
	t.Parallel()
	d := partage(t, "partout")
	asp := d.enEtat(t, "decidee")[0]
	lot := d.preparerLot(t, []string{asp}).ID
	for _, corps := range []string{"{", "", "[]", `{"acte":"inconnu"}`, `{"acte":1}`} {
		for _, role := range []string{"instructeur", "decideur", "controleur", "auditeur", "administrateur", ""} {
			c := d.pour(t, role)
			d.agirLot(t, c, lot, corps).veut(t, "lot : le droit avant le corps "+corps, 403, 404)
			c.appeler(t, "POST", "/api/v1/lots-paiement", corps).veut(t, "lots : le droit avant le corps "+corps, 403)
			if role != "decideur" {
				c.appeler(t, "POST", "/api/v1/decisions", corps).veut(t, "décisions : le droit avant le corps "+corps, 403)
			}
			if role != "" {
				c.appeler(t, "POST", "/api/v1/depots", corps).veut(t, "dépôts : le droit avant le corps "+corps, 403)
			}
		}
		d.agent(t, "comptable").agir(t, "ASP-INCONNU", corps).veut(t, "404 avant le corps", 404, 403)
		d.fournisseur(1).agir(t, asp, corps).veut(t, "la demande d’un autre avant le corps", 403, 404)
		d.agent(t, "auditeur").agir(t, asp, corps).veut(t, "un auditeur n’agit pas", 403, 400, 422)
	}
}

func TestForeignOriginsGetNothing(t *testing.T) {
	t.Parallel()
	d := partage(t, "partout")
	f := d.fournisseur(0)
	for _, methode := range []string{"GET", "OPTIONS"} {
		for _, origine := range []string{"https://ailleurs.example", "null", d.Adresse} {
			r := f.appeler(t, methode, "/api/v1/demandes", nil, "Origin", origine, "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "authorization")
			for _, h := range []string{"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Allow-Headers"} {
				if v := r.entetes.Get(h); v != "" {
					t.Errorf("%s avec Origin %s : %s: %s", r.quoi, origine, h, v)
				}
			}
		}
	}
}

func TestOpenAPIDescribesTheContract(t *testing.T) {
	t.Parallel()
	d := partage(t, "partout")
	r := d.anonyme().appeler(t, "GET", "/api/v1/openapi.json", nil).exige(t, "OpenAPI", 200)
	o := lire[struct {
		OpenAPI string `json:"openapi"`
		Paths   map[string]map[string]any
		Servers []struct{ URL string }
	}](t, r)
	if !strings.HasPrefix(o.OpenAPI, "3.1.") {
		t.Errorf("openapi %q, attendu 3.1", o.OpenAPI)
	}
	if !strings.Contains(r.entetes.Get("Content-Type"), "json") {
		t.Errorf("openapi.json en %q", r.entetes.Get("Content-Type"))
	}
	for chemin, methode := range map[string]string{
		"/controles": "post", "/depots": "post", "/depots/{id}": "get", "/depots/{id}/retour": "get", "/depots/{id}/pieces": "put", "/demandes/{numeroASP}/pieces/{nomFichier}": "put", "/demandes": "get", "/demandes/{numeroASP}": "get",
		"/demandes/{numeroASP}/actes": "post", "/decisions": "post", "/motifs": "get", "/lots-paiement": "post", "/lots-paiement/{id}/actes": "post", "/lots-paiement/{id}/virement": "get", "/journal": "get",
	} {
		if o.Paths[chemin][methode] == nil && o.Paths["/api/v1"+chemin][methode] == nil {
			t.Errorf("OpenAPI ne dit rien de %s %s", strings.ToUpper(methode), chemin)
		}
	}
}

func (c *client) depotPret(t testing.TB) (genre string, corps []byte) {
	t.Helper()
	return formulaireDepot("avance", c.NumeroAns, c.numeros.nomSuivant(c.NumeroAns), fichier(c.NumeroAns, c.Siret, c.garnir(ligne{})))
}

func TestIdempotencyKey(t *testing.T) {
	t.Parallel()
	d := partage(t, "partout")
	f, autre := d.fournisseur(0), d.fournisseur(1)
	genre, corps := f.depotPret(t)
	envoyer := func(c *client, corps []byte, cle string) reponse {
		return c.appeler(t, "POST", "/api/v1/depots", corps, "Content-Type", genre, "Idempotency-Key", cle)
	}
	premiere := envoyer(f, corps, "cle-1").exige(t, "premier appel", 201)
	rejouee := envoyer(f, corps, "cle-1")
	if rejouee.statut != 201 || !bytes.Equal(premiere.corps, rejouee.corps) {
		t.Errorf("appel répété : %d, attendu la première réponse (201) : %s", rejouee.statut, rejouee.extrait())
	}
	_, second := f.depotPret(t)
	envoyer(f, second, "cle-1").veut(t, "autre corps sous la même clé", 409)
	envoyer(f, second, "cle-2").veut(t, "sous une clé à lui", 201)
	_, etranger := autre.depotPret(t)
	envoyer(autre, etranger, "cle-1").veut(t, "la clé est d’un compte", 201)
	refus := bytes.Replace(etranger, []byte(`"impId": null`), []byte(`"impId": 1234`), 1)
	r1, r2 := envoyer(autre, refus, "cle-3"), envoyer(autre, refus, "cle-3")
	if r1.statut != 422 || r2.statut != 422 || !bytes.Equal(r1.corps, r2.corps) {
		t.Errorf("un refus répété : %d puis %d, attendu la même réponse 422", r1.statut, r2.statut)
	}
	for _, cle := range []string{strings.Repeat("k", 5000), "é à ü", "'; --"} {
		_, x := f.depotPret(t)
		envoyer(f, x, cle).veut(t, "clé étrange", 201, 400, 422)
	}
	asp := d.enEtat(t, "deposee")[0]
	i := d.agent(t, "instructeur")
	a := i.agir(t, asp, objet{"acte": "prendre"}, "Idempotency-Key", "cle-1").exige(t, "la clé est d’un compte et d’une route", 200)
	b := i.agir(t, asp, objet{"acte": "prendre"}, "Idempotency-Key", "cle-1")
	if b.statut != 200 || !bytes.Equal(a.corps, b.corps) {
		t.Errorf("acte répété sous sa clé : %d, attendu la première réponse : %s", b.statut, b.extrait())
	}
	i.agir(t, asp, objet{"acte": "proposer_refus", "motifs": []string{d.motif(t, "proposer_refus")}}, "Idempotency-Key", "cle-1").veut(t, "autre corps sous la même clé", 409)
	comptable, decidee := d.agent(t, "comptable"), d.enEtat(t, "decidee")
	l1 := comptable.appeler(t, "POST", "/api/v1/lots-paiement", objet{"numerosASP": decidee}, "Idempotency-Key", "cle-1").exige(t, "lot", 201)
	l2 := comptable.appeler(t, "POST", "/api/v1/lots-paiement", objet{"numerosASP": decidee}, "Idempotency-Key", "cle-1")
	if l2.statut != 201 || !bytes.Equal(l1.corps, l2.corps) {
		t.Errorf("lot répété sous sa clé : %d : %s", l2.statut, l2.extrait())
	}
}

func TestIdempotencyKeyAtOnce(t *testing.T) {
	t.Parallel()
	d := partage(t, "partout")
	f := d.fournisseur(0)
	genre, corps := f.depotPret(t)
	var mu sync.Mutex
	ids := map[string]int{}
	var g sync.WaitGroup
	for range 10 {
		g.Go(func() {
			r := f.appeler(t, "POST", "/api/v1/depots", corps, "Content-Type", genre, "Idempotency-Key", "ensemble")
			if r.veut(t, "dix appels à la fois sous une clé", 201, 409) && r.statut == http.StatusCreated {
				mu.Lock()
				ids[lire[depot](t, r).ID]++
				mu.Unlock()
			}
		})
	}
	g.Wait()
	if len(ids) != 1 {
		t.Errorf("dix appels sous une clé ont fait %d dépôts : %v", len(ids), ids)
	}
}
