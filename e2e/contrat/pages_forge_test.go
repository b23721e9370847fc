package contrat

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// navigateur is a browser without JavaScript: it keeps cookies and follows.
type navigateur struct {
	base string
	http *http.Client
}

func (d *demo) navigateur() *navigateur {
	pot, _ := cookiejar.New(nil)
	return &navigateur{d.Adresse, &http.Client{Jar: pot, Timeout: 30 * time.Second}}
}

// pageLue is one page.
type pageLue struct {
	adresse *url.URL
	statut  int
	entetes http.Header
	texte   string
}

func (n *navigateur) faire(t testing.TB, req *http.Request) pageLue {
	t.Helper()
	rep, err := n.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rep.Body.Close() }()
	b, err := io.ReadAll(rep.Body)
	if err != nil {
		t.Fatal(err)
	}
	return pageLue{rep.Request.URL, rep.StatusCode, rep.Header, string(b)}
}

func (n *navigateur) ouvrir(t testing.TB, adresse string) pageLue {
	t.Helper()
	if strings.HasPrefix(adresse, "/") {
		adresse = n.base + adresse
	}
	req, err := http.NewRequest("GET", adresse, nil)
	if err != nil {
		t.Fatal(err)
	}
	return n.faire(t, req)
}

var (
	baliseOuvrante = regexp.MustCompile(`(?s)<([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[^<>"']*|"[^"]*"|'[^']*')*)>`)
	attribut       = regexp.MustCompile(`(?s)([^\s=/"'<>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?`)
	formulaireHTML = regexp.MustCompile(`(?is)<form\b.*?</form>`)
)

// element is an opening tag with its attributes.
type element struct {
	nom   string
	attrs map[string]string
	apres string // the text behind it
}

func elements(texte string) []element {
	var es []element
	for _, m := range baliseOuvrante.FindAllStringSubmatchIndex(texte, -1) {
		e := element{strings.ToLower(texte[m[2]:m[3]]), map[string]string{}, texte[m[1]:]}
		for _, a := range attribut.FindAllStringSubmatch(texte[m[4]:m[5]], -1) {
			e.attrs[strings.ToLower(a[1])] = html.UnescapeString(strings.Trim(a[2], `"'`))
		}
		es = append(es, e)
	}
	return es
}

// liens are the addresses of the same site that a page links to.
func (p pageLue) liens() []string {
	var ls []string
	for _, e := range elements(p.texte) {
		if e.nom != "a" || e.attrs["href"] == "" {
			continue
		}
		u, err := p.adresse.Parse(e.attrs["href"])
		if err == nil && u.Host == p.adresse.Host {
			u.Fragment = ""
			ls = append(ls, u.String())
		}
	}
	return ls
}

// connexion is the sign-in form: where it is sent, its fields, the names of
// the two that a person fills in.
type connexion struct {
	action      string
	champs      url.Values
	nom, secret string
	page        pageLue
}

// trouverConnexion follows links from / until a POST form with one password
// and one text or e-mail field.
func (n *navigateur) trouverConnexion(t testing.TB) connexion {
	t.Helper()
	file, vues := []string{n.base + "/"}, map[string]bool{}
	for len(file) > 0 && len(vues) < 60 {
		adresse := file[0]
		file = file[1:]
		if vues[adresse] {
			continue
		}
		vues[adresse] = true
		p := n.ouvrir(t, adresse)
		if c, ok := p.connexion(); ok {
			return c
		}
		file = append(file, p.liens()...)
	}
	t.Fatalf("aucun formulaire de connexion en %d pages depuis /", len(vues))
	return connexion{}
}

func (p pageLue) connexion() (connexion, bool) {
	for _, f := range formulaireHTML.FindAllString(p.texte, -1) {
		es := elements(f)
		c := connexion{champs: url.Values{}, page: p}
		secrets, noms := 0, 0
		for _, e := range es[1:] {
			if e.nom != "input" && e.nom != "button" || e.attrs["name"] == "" {
				continue
			}
			switch genre := strings.ToLower(e.attrs["type"]); {
			case e.nom == "input" && genre == "password":
				secrets++
				c.secret = e.attrs["name"]
			case e.nom == "input" && (genre == "" || genre == "text" || genre == "email"):
				noms++
				c.nom = e.attrs["name"]
			case genre == "hidden" || genre == "submit":
				c.champs.Set(e.attrs["name"], e.attrs["value"])
			}
		}
		if strings.EqualFold(es[0].attrs["method"], "post") && secrets == 1 && noms == 1 {
			u, err := p.adresse.Parse(es[0].attrs["action"])
			c.action = u.String()
			return c, err == nil
		}
	}
	return connexion{}, false
}

// remplir sends the form; headers come in pairs.
func (n *navigateur) remplir(t testing.TB, c connexion, utilisateur, motDePasse string, entetes ...string) pageLue {
	t.Helper()
	v := url.Values{}
	for cle, x := range c.champs {
		v[cle] = x
	}
	v.Set(c.nom, utilisateur)
	v.Set(c.secret, motDePasse)
	req, err := http.NewRequest("POST", c.action, strings.NewReader(v.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", n.base)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i+1 < len(entetes); i += 2 {
		req.Header.Set(entetes[i], entetes[i+1])
	}
	return n.faire(t, req)
}

// entrer signs in or ends the test.
func (n *navigateur) entrer(t testing.TB, c compteDemo) pageLue {
	t.Helper()
	p := n.remplir(t, n.trouverConnexion(t), c.Utilisateur, c.MotDePasse)
	if p.statut != 200 {
		t.Fatalf("connexion de %s : %d : %.300s", c.Utilisateur, p.statut, p.texte)
	}
	if _, encore := p.connexion(); encore {
		t.Fatalf("connexion de %s : le formulaire revient : %.300s", c.Utilisateur, p.texte)
	}
	return p
}
