package contrat

import (
	"html"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// verifierPage holds a page to the chapter "Pages and probes".
func verifierPage(t *testing.T, p pageLue) {
	t.Helper()
	genre, params, _ := mime.ParseMediaType(p.entetes.Get("Content-Type"))
	if genre != "text/html" {
		return
	}
	ou := p.adresse.Path
	es := elements(p.texte)
	i := slices.IndexFunc(es, func(e element) bool { return e.nom == "html" })
	if i < 0 || es[i].attrs["lang"] != "fr" || !strings.EqualFold(params["charset"], "utf-8") {
		t.Errorf("%s : attendu lang=\"fr\" et UTF-8 ; %s", ou, p.entetes.Get("Content-Type"))
	}
	if v := p.entetes.Get("X-Content-Type-Options"); v != "nosniff" {
		t.Errorf("%s : X-Content-Type-Options %q", ou, v)
	}
	if p.entetes.Get("Referrer-Policy") == "" || p.entetes.Get("Cross-Origin-Opener-Policy") != "same-origin" {
		t.Errorf("%s : Referrer-Policy %q, Cross-Origin-Opener-Policy %q", ou, p.entetes.Get("Referrer-Policy"), p.entetes.Get("Cross-Origin-Opener-Policy"))
	}
	csp := verifierCSP(t, ou, p.entetes.Values("Content-Security-Policy"))
	for _, e := range es {
		verifierElement(t, ou, csp, p.adresse, e)
	}
}

// verifierCSP gives the directives of the policy.
func verifierCSP(t *testing.T, ou string, entetes []string) map[string][]string {
	t.Helper()
	csp := map[string][]string{}
	for _, d := range strings.Split(strings.Join(entetes, ";"), ";") {
		if mots := strings.Fields(d); len(mots) > 0 {
			csp[strings.ToLower(mots[0])] = mots[1:]
		}
	}
	for _, d := range []string{"default-src", "base-uri", "form-action", "frame-ancestors"} {
		if v := csp[d]; len(v) != 1 || v[0] != "'none'" && v[0] != "'self'" {
			t.Errorf("%s : CSP %s %v, attendu 'none' ou 'self'", ou, d, v)
		}
	}
	for d, sources := range csp {
		for _, s := range sources {
			style := strings.HasPrefix(d, "script-src") || strings.HasPrefix(d, "style-src") || d == "default-src"
			if strings.HasPrefix(s, "'unsafe-") || style && (s == "*" || strings.HasSuffix(s, ":") || strings.Contains(s, "://") || strings.Contains(s, "*")) {
				t.Errorf("%s : CSP %s %s", ou, d, s)
			}
		}
	}
	return csp
}

func verifierElement(t *testing.T, ou string, csp map[string][]string, page *url.URL, e element) {
	t.Helper()
	nonce := func() bool {
		n := "'nonce-" + e.attrs["nonce"] + "'"
		return e.attrs["nonce"] != "" && (slices.Contains(csp["script-src"], n) || slices.Contains(csp["style-src"], n))
	}
	if e.nom == "script" && e.attrs["src"] == "" && !nonce() && !donnees(e) || e.nom == "style" && !nonce() {
		t.Errorf("%s : <%s> dans la page sans nonce : %.80s", ou, e.nom, e.apres)
	}
	for a, v := range e.attrs {
		if strings.HasPrefix(a, "on") && len(a) > 2 || a == "style" || strings.HasPrefix(strings.ToLower(strings.TrimSpace(v)), "javascript:") {
			t.Errorf("%s : <%s %s=%q>", ou, e.nom, a, v)
		}
	}
	for _, a := range []string{"src", "href", "action", "data", "poster", "srcset"} {
		if e.nom == "a" || e.attrs[a] == "" || a == "srcset" {
			continue
		}
		if u, err := page.Parse(e.attrs[a]); err != nil || u.Host != page.Host && u.Scheme != "data" {
			t.Errorf("%s : <%s %s=%q> vient d’un autre site", ou, e.nom, a, e.attrs[a])
		}
	}
}

// donnees tells a script element that holds data and runs nothing.
func donnees(e element) bool { return strings.HasSuffix(e.attrs["type"], "json") }

// parcourir visits the pages that links lead to, and checks each.
func (n *navigateur) parcourir(t *testing.T, depuis string, max int, visite func(pageLue)) {
	t.Helper()
	file, vues := []string{depuis}, map[string]bool{}
	for len(file) > 0 && len(vues) < max {
		adresse := file[0]
		file = file[1:]
		if u, err := url.Parse(adresse); err != nil || vues[u.Path] || strings.Contains(u.Path, "deconnexion") || strings.HasPrefix(u.Path, "/api/") {
			continue
		} else {
			vues[u.Path] = true
		}
		p := n.ouvrir(t, adresse)
		if p.statut >= 400 {
			t.Errorf("le lien %s mène à %d", adresse, p.statut)
		}
		verifierPage(t, p)
		visite(p)
		file = append(file, p.liens()...)
	}
	if len(vues) < 2 {
		t.Errorf("%d page depuis %s", len(vues), depuis)
	}
}

func TestPublicPages(t *testing.T) {
	t.Parallel()
	d := partage(t, "pages")
	n := d.navigateur()
	n.parcourir(t, d.Adresse+"/", 60, func(pageLue) {})
	for _, chemin := range []string{"/nulle-part", "/demandes/nulle/part", "/debug", "/debug/pprof/", "/debug/vars", "/.git/config", "/static/../../etc/passwd", "/%00"} {
		p := n.ouvrir(t, chemin)
		if p.statut != 404 && !(p.statut == 400 && chemin == "/%00") {
			t.Errorf("%s : %d, attendu 404", chemin, p.statut)
		}
		if !strings.Contains(p.entetes.Get("Content-Type"), "text/html") && chemin == "/nulle-part" {
			t.Errorf("%s : 404 en %q, attendu une page", chemin, p.entetes.Get("Content-Type"))
		}
		verifierPage(t, p)
	}
	if p := n.ouvrir(t, "/nulle-part/<script>alert(1)</script>"); strings.Contains(p.texte, "<script>alert") {
		t.Error("la page 404 rend l’adresse sans l’échapper")
	}
}

func TestSupplierSignsInAndSeesItsName(t *testing.T) {
	t.Parallel()
	d := partage(t, "pages")
	n := d.navigateur()
	f, autre := d.Fournisseurs[0], d.Fournisseurs[1]
	asp := d.enEtat(t, "incomplete")[0]
	p := n.entrer(t, f)
	if !strings.Contains(html.UnescapeString(p.texte), f.RaisonSociale) {
		t.Errorf("la page d’accueil du fournisseur ne montre pas « %s »", f.RaisonSociale)
	}
	u, _ := url.Parse(d.Adresse)
	if len(n.http.Jar.Cookies(u)) == 0 {
		t.Error("aucun cookie après la connexion")
	}
	vue := false
	n.parcourir(t, p.adresse.String(), 60, func(p pageLue) {
		if cc := p.entetes.Get("Cache-Control"); strings.Contains(p.entetes.Get("Content-Type"), "text/html") && !strings.Contains(cc, "no-store") && !strings.Contains(cc, "private") {
			t.Errorf("%s : Cache-Control %q pour une page de qui est entré", p.adresse.Path, cc)
		}
		texte := html.UnescapeString(p.texte)
		if strings.Contains(texte, autre.RaisonSociale) || strings.Contains(texte, autre.Siret) {
			t.Errorf("%s montre l’autre fournisseur", p.adresse.Path)
		}
		vue = vue || strings.Contains(texte, asp)
	})
	if !vue {
		t.Errorf("aucune page du fournisseur ne montre sa demande incomplète %s", asp)
	}
}

func TestEveryAgentSignsIn(t *testing.T) {
	t.Parallel()
	d := partage(t, "pages")
	for _, a := range d.Agents {
		n := d.navigateur()
		p := n.entrer(t, a)
		n.parcourir(t, p.adresse.String(), 25, func(pageLue) {})
	}
}

func TestCookiesAreClosed(t *testing.T) {
	t.Parallel()
	d := partage(t, "pages")
	n := d.navigateur()
	c := n.trouverConnexion(t)
	n.http.CheckRedirect = sansSuivre
	p := n.remplir(t, c, d.Fournisseurs[0].Utilisateur, d.Fournisseurs[0].MotDePasse)
	cookies := (&http.Response{Header: p.entetes}).Cookies()
	if len(cookies) == 0 {
		t.Fatalf("la connexion (%d) ne pose aucun cookie", p.statut)
	}
	for _, k := range append(cookies, (&http.Response{Header: c.page.entetes}).Cookies()...) {
		if !k.HttpOnly || k.SameSite != http.SameSiteLaxMode && k.SameSite != http.SameSiteStrictMode {
			t.Errorf("cookie %s : HttpOnly %v, SameSite %v", k.Name, k.HttpOnly, k.SameSite)
		}
	}
}

func TestWrongPasswordAndUnknownNameAnswerAlike(t *testing.T) {
	t.Parallel()
	d := partage(t, "pages")
	repondre := func(nom, secret string) (int, string) {
		n := d.navigateur()
		p := n.remplir(t, n.trouverConnexion(t), nom, secret)
		verifierPage(t, p)
		return p.statut, strings.ReplaceAll(html.UnescapeString(p.texte), nom, "NOM")
	}
	s1, t1 := repondre(d.Fournisseurs[0].Utilisateur, "mauvais-mot-de-passe")
	s2, t2 := repondre("personne@nulle-part.example", "mauvais-mot-de-passe")
	sansJetons := func(s string) string {
		var mots []string
		for _, m := range strings.Fields(s) {
			if len(m) < 40 {
				mots = append(mots, m)
			}
		}
		return strings.Join(mots, " ")
	}
	if s1 != s2 || sansJetons(t1) != sansJetons(t2) {
		t.Errorf("mot de passe faux : %d, nom inconnu : %d, ou les pages diffèrent", s1, s2)
	}
	for _, secret := range []string{"", " ", strings.Repeat("x", 100000)} {
		if s, _ := repondre(d.Fournisseurs[0].Utilisateur, secret); s >= 500 {
			t.Errorf("mot de passe de %d caractères : %d", len(secret), s)
		}
	}
}

func TestFormFromAnotherSiteIsRefused(t *testing.T) {
	t.Parallel()
	d := partage(t, "pages")
	for _, entetes := range [][]string{
		{"Origin", "https://ailleurs.example", "Sec-Fetch-Site", "cross-site"},
		{"Origin", "https://ailleurs.example", "Sec-Fetch-Site", ""},
		{"Origin", "null", "Sec-Fetch-Site", "cross-site"},
	} {
		n := d.navigateur()
		c := n.trouverConnexion(t)
		n.http.CheckRedirect = sansSuivre
		if p := n.remplir(t, c, d.Fournisseurs[0].Utilisateur, d.Fournisseurs[0].MotDePasse, entetes...); p.statut < 400 || p.statut >= 500 {
			t.Errorf("formulaire d’un autre site %v : %d, attendu 4xx", entetes, p.statut)
		}
	}
}
