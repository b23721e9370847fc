package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// publiques are the pages that need no account.
var publiques = []string{"/", "/connexion", "/simulateur", "/reference", "/reference?type=solde", "/codes", "/codes?q=montant", "/codes/1001", "/operateurs", "/operateurs?q=orange", "/accessibilite", "/mentions", "/page-inconnue", "/codes/0001", "/codes/abc"}

var (
	balises    = regexp.MustCompile(`<[a-zA-Z][^<>]*>`)
	attribut   = regexp.MustCompile(`\s([a-zA-Z-]+)="([^"]*)"`)
	nonIngere  = regexp.MustCompile(`(?i)<script(?:\s[^>]*)?>[^<]|<style|\son[a-z]+=|\sstyle=|javascript:`)
	adresseHTM = regexp.MustCompile(`\s(?:src|href|action|hx-get)="([^"]*)"`)
)

// verifier checks what holds on every page: what browsers enforce, what people
// need, and that nothing comes from elsewhere.
func verifier(t *testing.T, chemin string, r *reponse) {
	t.Helper()
	dire := func(format string, args ...any) { t.Helper(); t.Errorf(chemin+": "+format, args...) }
	for k, v := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "Cache-Control": "no-store", "Content-Type": "text/html; charset=utf-8"} {
		if got := r.entete.Get(k); got != v {
			dire("%s is %q, want %q", k, got, v)
		}
	}
	csp := r.entete.Get("Content-Security-Policy")
	for _, d := range []string{"default-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'", "script-src 'self'", "style-src 'self'"} {
		if !strings.Contains(csp, d) {
			dire("the policy lacks %s", d)
		}
	}
	if strings.Contains(r.corps, "data-module=") { // the simulator alone compiles a program
		csp = strings.Replace(csp, "script-src 'self' 'wasm-unsafe-eval'", "script-src 'self'", 1)
	}
	if strings.Contains(csp, "unsafe") || strings.ContainsAny(csp, "*:") {
		dire("the policy is open: %s", csp)
	}
	if !strings.HasPrefix(r.corps, "<!DOCTYPE html>\n<html lang=\"fr\">") || strings.Count(r.corps, "<h1>") != 1 {
		dire("no French page with one main heading")
	}
	if x := nonIngere.FindString(r.corps); x != "" {
		dire("code in the page: %q", x)
	}
	for _, m := range adresseHTM.FindAllStringSubmatch(r.corps, -1) {
		if !strings.HasPrefix(m[1], "/") && !strings.HasPrefix(m[1], "#") || strings.HasPrefix(m[1], "//") {
			dire("leads elsewhere: %q", m[1])
		}
	}
	if strings.Contains(r.corps, `href="/compte">`) != strings.Contains(r.corps, `action="/deconnexion"`) {
		dire("no way to sign out")
	}
	verifierFormulaires(r.corps, dire)
}

// verifierFormulaires checks that every field has a label and every name of an
// element is its own.
func verifierFormulaires(page string, dire func(string, ...any)) {
	ids, labels := map[string]int{}, map[string]bool{}
	var champs []map[string]string
	for _, b := range balises.FindAllString(page, -1) {
		nom, _, _ := strings.Cut(strings.Trim(b, "<>"), " ")
		as := map[string]string{"balise": nom}
		for _, m := range attribut.FindAllStringSubmatch(b, -1) {
			as[m[1]] = m[2]
		}
		if id, ok := as["id"]; ok {
			ids[id]++
		}
		switch {
		case nom == "label":
			labels[as["for"]] = true
		case nom == "input" && as["type"] != "hidden", nom == "select", nom == "textarea":
			champs = append(champs, as)
		}
	}
	for id, n := range ids {
		if n > 1 {
			dire("%d elements are %q", n, id)
		}
	}
	for _, c := range champs {
		if !labels[c["id"]] && c["aria-label"] == "" {
			dire("the field %q has no label", c["name"])
		}
		// Hidden from those behind, and filled by the browser's own keeper.
		if strings.Contains(c["name"], "mot_de_passe") && (c["type"] != "password" || c["autocomplete"] != "current-password" && c["autocomplete"] != "new-password") {
			dire("the password %q is a %q field for %q", c["name"], c["type"], c["autocomplete"])
		}
	}
}

func TestErrorPagesSayWhatToDo(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n := p.anonyme()
	n.lire("/page-inconnue").doit(t, http.StatusNotFound, "n’existe pas", "Retour à l’accueil")
	n.lire("/codes/9999").doit(t, http.StatusNotFound, "page des codes")
	r := n.poster("/reference", nil).doit(t, http.StatusMethodNotAllowed, "liens et les formulaires")
	if a := r.entete.Get("Allow"); a != "GET, HEAD" {
		t.Errorf("Allow: %q", a)
	}
	n.appeler(n.requete("DELETE", "/", nil)).doit(t, http.StatusMethodNotAllowed)
	a := p.entrer("a.gestionnaire")
	a.lire("/demandes/ASP-00000000-0").doit(t, http.StatusNotFound, "n’existe pas", "tableau de bord")
	a.lire("/lots").doit(t, http.StatusForbidden, "n’ouvre pas cette page")
	a.lire("/demandes?apres=abc").doit(t, http.StatusBadRequest)
	a.poster("/demandes/ASP-00000000-0/actes", map[string][]string{"message": {strings.Repeat("x", 3<<20)}}).doit(t, http.StatusRequestEntityTooLarge)
}

// What browsers load has an address that changes with its content, and is kept
// for ever; pages are never kept.
func TestAssetsAreKeptByTheirHash(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n := p.anonyme()
	page := n.lire("/").doit(t, http.StatusOK).corps
	trouves := regexp.MustCompile(`"(/statique/[0-9a-f]{16}/[^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(trouves) < 3 {
		t.Fatalf("%d assets on the page", len(trouves))
	}
	for _, m := range trouves {
		r := n.lire(m[1]).doit(t, http.StatusOK)
		if c := r.entete.Get("Cache-Control"); c != "public, max-age=31536000, immutable" {
			t.Errorf("%s: Cache-Control %q", m[1], c)
		}
		faux := strings.Replace(m[1], "/statique/", "/statique/0", 1)
		n.lire(faux[:len("/statique/")+16]+faux[len("/statique/")+17:]).doit(t, http.StatusNotFound)
	}
	for _, chemin := range []string{"/statique/", "/statique/../web.go", "/statique/%2e%2e/routes.go"} {
		if r := n.lire(chemin); r.statut == http.StatusOK {
			t.Errorf("%s is served", chemin)
		}
	}
}

// The worker that reads people's files has a policy of its own; the program for
// browsers comes packed or not, as the browser takes it; and the script for who
// has no network names files that are there. A portal built without the program
// has nothing of this.
func TestProgramForBrowsers(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n := p.anonyme()
	page := n.lire("/simulateur").doit(t, http.StatusOK).corps
	if !strings.Contains(page, "data-module=") {
		n.lire("/simulateur/hors-ligne.js").doit(t, http.StatusNotFound)
		return
	}
	adresse := func(nom string) string {
		return regexp.MustCompile(`data-` + nom + `="([^"]+)"`).FindStringSubmatch(page)[1]
	}
	ouvrier := n.lire(adresse("ouvrier")).doit(t, http.StatusOK, "Go()")
	if csp := ouvrier.entete.Get("Content-Security-Policy"); csp != "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'" {
		t.Errorf("worker: %s", csp)
	}
	script := n.lire("/simulateur/hors-ligne.js").doit(t, http.StatusOK, "const ADRESSES = [").corps
	for _, a := range regexp.MustCompile(`/statique/[0-9a-f]{16}/[a-z./_-]+`).FindAllString(script, -1) {
		n.lire(a).doit(t, http.StatusOK)
	}
	module := n.lire(adresse("module")).doit(t, http.StatusOK)
	if module.entete.Get("Content-Type") != "application/wasm" || !strings.HasPrefix(module.corps, "\x00asm") {
		t.Errorf("module: %v, %q…", module.entete, module.corps[:8])
	}
}

// A long menu is folded into groups, of which the one with the page shown says
// so; a short one stands flat.
func TestLongMenusAreFolded(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	page := p.entrer("administrateur").lire("/journal").doit(t, http.StatusOK).corps
	for _, attendu := range []string{`<summary aria-current="true">Suivi</summary>`, `<a href="/journal" aria-current="page">Journal</a>`, "<summary>Dossiers</summary>", `<a href="/tableau-de-bord">Tableau de bord</a>`} {
		if !strings.Contains(page, attendu) {
			t.Errorf("the menu lacks %s", attendu)
		}
	}
	if n := strings.Count(page, "<summary"); n != 5 {
		t.Errorf("%d groups", n)
	}
	if page := p.entrer("instructeur1").lire("/demandes").doit(t, http.StatusOK).corps; strings.Contains(page, `<details name="menu">`) {
		t.Error("a short menu is folded")
	}
}
