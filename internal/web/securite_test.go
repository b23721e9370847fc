package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"guichet.example/internal/guichet"
)

// avecCle gives a portal the key of its safe.
func avecCle(m *guichet.Monde) { m.Cle = []byte(strings.Repeat("k", guichet.CleTaille)) }

// A second factor is added on the page, asked for at the next sign-in, and
// taken off again.
func TestSecondFactorFromThePages(t *testing.T) {
	t.Parallel()
	p := nouveau(t, avecCle)
	n := p.entrer("a.gestionnaire")
	n.lire("/compte/securite").doit(t, http.StatusOK, "Ajouter un second facteur")
	n.poster("/compte/second-facteur", url.Values{"mot_de_passe": {"un autre"}}).doit(t, http.StatusUnprocessableEntity, "n’est pas le bon")
	r := n.poster("/compte/second-facteur", url.Values{"mot_de_passe": {motDePasse}})
	r.doit(t, http.StatusOK, "<svg")
	trouve := regexp.MustCompile(`Clé\x{a0}: <span class="mono">([A-Z2-7 ]+)</span>`).FindStringSubmatch(r.corps)
	if trouve == nil {
		t.Fatal("no key on the page")
	}
	code := func() string {
		c, err := totp.GenerateCode(strings.ReplaceAll(trouve[1], " ", ""), p.Horloge.Maintenant())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	r = n.poster("/compte/second-facteur/activer", url.Values{"code": {code()}})
	r.doit(t, http.StatusOK, "codes de secours")
	secours := regexp.MustCompile(`<li>([A-Z2-9-]{29})</li>`).FindAllStringSubmatch(r.corps, -1)
	if len(secours) != 10 {
		t.Fatalf("%d recovery codes", len(secours))
	}

	autre := p.anonyme()
	entrer := func() url.Values {
		t.Helper()
		r := autre.poster("/connexion", url.Values{"identifiant": {"a.gestionnaire"}, "mot_de_passe": {motDePasse}, "suite": {"/demandes"}})
		r.doit(t, http.StatusOK, "Code à six chiffres")
		if c := r.entete.Get("Set-Cookie"); c != "" {
			t.Errorf("a cookie before the second factor: %s", c)
		}
		defi := regexp.MustCompile(`name="defi" value="([^"]+)"`).FindStringSubmatch(r.corps)
		if defi == nil {
			t.Fatal("no challenge on the page")
		}
		return url.Values{"defi": {defi[1]}, "suite": {"/demandes"}}
	}
	p.Horloge.Avancer(time.Minute)
	f := entrer()
	f.Set("code", "000000")
	autre.poster("/connexion/code", f).doit(t, http.StatusUnauthorized, "n’est pas le bon")
	autre.lire("/compte").vers(t, "/connexion")
	f.Set("code", code())
	autre.poster("/connexion/code", f).vers(t, "/demandes")
	f = entrer()
	f.Set("code", secours[0][1])
	autre.poster("/connexion/code", f).vers(t, "/demandes")
	autre.lire("/compte/securite").doit(t, http.StatusOK, "9\u00a0codes de secours")
	autre.poster("/compte/second-facteur/retirer", url.Values{"mot_de_passe": {motDePasse}}).doit(t, http.StatusOK, "Ajouter un second facteur")
}

// An agent who must have a second factor is led to it from every page, and to
// nothing else until it is there.
func TestSecondFactorComesFirst(t *testing.T) {
	t.Parallel()
	p := nouveau(t, avecCle, func(m *guichet.Monde) { m.Second = guichet.SecondAgents })
	n := p.entrer("administrateur")
	for _, page := range []string{"/tableau-de-bord", "/journal", "/compte", "/utilisateurs", "/demandes.csv"} {
		if r := n.lire(page); r.statut != http.StatusSeeOther || r.entete.Get("Location") != "/compte/securite" {
			t.Errorf("%s: %d, to %q", page, r.statut, r.entete.Get("Location"))
		}
	}
	for _, formulaire := range []string{"/compte/jetons", "/utilisateurs", "/demandes/PHA-1/actes", "/annonces"} {
		n.poster(formulaire, url.Values{"nom": {"x"}, "acte": {"valider"}}).doit(t, http.StatusForbidden, "second facteur")
	}
	n.lire("/compte/securite").doit(t, http.StatusOK, "votre compte demande un second facteur")
	trouve := regexp.MustCompile(`Clé\x{a0}: <span class="mono">([A-Z2-7 ]+)</span>`).FindStringSubmatch(n.poster("/compte/second-facteur", url.Values{"mot_de_passe": {motDePasse}}).corps)
	if trouve == nil {
		t.Fatal("no key on the page")
	}
	code, err := totp.GenerateCode(strings.ReplaceAll(trouve[1], " ", ""), p.Horloge.Maintenant())
	if err != nil {
		t.Fatal(err)
	}
	r := n.poster("/compte/second-facteur/activer", url.Values{"code": {code}})
	r.doit(t, http.StatusOK, "Vos codes de secours")
	r.doit(t, http.StatusOK, `href="/journal"`)
	n.lire("/tableau-de-bord").doit(t, http.StatusOK, "Tableau de bord")
	p.entrer("a.gestionnaire").lire("/tableau-de-bord").doit(t, http.StatusOK, "Tableau de bord")
}

func TestPasswordChangedOnThePage(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	n := p.entrer("a.gestionnaire")
	const nouveau = "une autre phrase bien longue"
	n.poster("/compte/mot-de-passe", url.Values{"mot_de_passe": {motDePasse}, "nouveau": {nouveau}, "encore": {"autre"}}).doit(t, http.StatusUnprocessableEntity, "ne sont pas les mêmes")
	n.poster("/compte/mot-de-passe", url.Values{"mot_de_passe": {motDePasse}, "nouveau": {"court"}, "encore": {"court"}}).doit(t, http.StatusUnprocessableEntity, "12")
	n.poster("/compte/mot-de-passe", url.Values{"mot_de_passe": {motDePasse}, "nouveau": {nouveau}, "encore": {nouveau}}).doit(t, http.StatusOK, "Mot de passe")
	n.lire("/compte").doit(t, http.StatusOK, "Mon compte")
	p.anonyme().poster("/connexion", url.Values{"identifiant": {"a.gestionnaire"}, "mot_de_passe": {nouveau}}).vers(t, "/tableau-de-bord")
}

// An invited person chooses a password by the link, which then is used up; the
// recovery page says the same to everybody.
func TestActivationLink(t *testing.T) {
	t.Parallel()
	p := nouveau(t)
	lien, err := p.Guichet.InviterUtilisateur(t.Context(), p.Acteur("a.gestionnaire"), guichet.Invitation{Courriel: "neuf@a.example", Nom: "Neuf", Roles: []guichet.Role{guichet.Lecteur}})
	if err != nil {
		t.Fatal(err)
	}
	const choisi = "une phrase bien longue"
	n := p.anonyme()
	n.lire("/activation/"+lien).doit(t, http.StatusOK, "neuf@a.example")
	n.lire("/activation/"+lien).doit(t, http.StatusOK, "neuf@a.example")
	n.poster("/activation/"+lien, url.Values{"mot_de_passe": {choisi}, "encore": {"autre"}}).doit(t, http.StatusUnprocessableEntity, "ne sont pas les mêmes")
	n.poster("/activation/"+lien, url.Values{"mot_de_passe": {"court"}, "encore": {"court"}}).doit(t, http.StatusUnprocessableEntity, "12")
	n.poster("/activation/"+lien, url.Values{"mot_de_passe": {choisi}, "encore": {choisi}}).vers(t, "/connexion?fait=active")
	n.lire("/activation/"+lien).doit(t, http.StatusNotFound, "plus valable")
	n.poster("/connexion", url.Values{"identifiant": {"neuf@a.example"}, "mot_de_passe": {choisi}}).vers(t, "/tableau-de-bord")
	page := func(x string) string {
		r := p.anonyme().poster("/recuperation", url.Values{"identifiant": {x}})
		r.doit(t, http.StatusOK, "Si un compte porte cet identifiant")
		return r.corps
	}
	if page("neuf@a.example") != page("personne@a.example") {
		t.Error("recovery tells who has an account")
	}
}
