package api_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/guichet"
)

// Who is out gets 401 from every route that asks for an account, and changes
// nothing: a token that is over, used from elsewhere, taken back, of an account
// that is closed, and the session of a page, which is no token.
func TestEveryRouteRefusesWhoIsOut(t *testing.T) {
	t.Parallel()
	p := nouveauPortail(t)
	ctx, a := t.Context(), p.Acteur("a.gestionnaire")
	jeton := func(n guichet.NouveauJeton) (string, *guichet.Jeton) {
		secret, j, err := p.Guichet.CreerJeton(ctx, a, n)
		if err != nil {
			t.Fatal(err)
		}
		return secret, j
	}
	p.jetons["échu"], _ = jeton(guichet.NouveauJeton{Nom: "échu", Expire: p.Horloge.Maintenant().Add(time.Hour)})
	p.jetons["d’ailleurs"], _ = jeton(guichet.NouveauJeton{Nom: "d’ailleurs", Reseaux: []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")}})
	secret, repris := jeton(guichet.NouveauJeton{Nom: "repris"})
	p.jetons["repris"] = secret
	c := p.Acteur("a.lecteur").Compte
	if err := p.Guichet.Installer(ctx, &c, "un mot de passe d’essai"); err != nil {
		t.Fatal(err)
	}
	p.jetons["session"], _, _ = p.Guichet.Connecter(ctx, "a.lecteur", "un mot de passe d’essai", guichet.Origine{Adresse: netip.MustParseAddr("192.0.2.7")})
	if err := p.Guichet.RevoquerJeton(ctx, a, repris.ID); err != nil || p.jetons["session"] == "" {
		t.Fatal(err)
	}
	if err := p.Guichet.ModifierUtilisateur(ctx, a, p.Acteur("a.deposant").ID, []guichet.Role{guichet.Deposant}, false); err != nil {
		t.Fatal(err)
	}
	p.Horloge.Avancer(time.Hour)
	p.entrees()
	avant, essais := p.rangees(), 0
	publiques := []string{"/controles", "/regles", "/openapi.json"}
	for _, l := range lignes() {
		if slices.Contains(publiques, l.chemin) {
			continue
		}
		chemin := strings.NewReplacer("{x}", "1", "{r}", "1", "{c}", "1", "{nom}", "1").Replace(l.chemin)
		for _, qui := range []string{"échu", "d’ailleurs", "repris", "a.deposant", "session"} {
			essais++
			if r := p.appeler(appel{qui, l.methode, chemin, l.corps, nil}); r.statut != 401 || r.entetes.Get("WWW-Authenticate") != "Bearer" {
				t.Errorf("%s, %s: %d %s", l.nom(), qui, r.statut, r.corps)
			}
		}
		biscuit := map[string]string{"Cookie": "__Host-guichet_session=" + p.jetons["session"] + "; guichet_session=" + p.jetons["session"], "Content-Type": "text/plain"}
		if r := p.appeler(appel{"", l.methode, chemin, l.corps, biscuit}); r.statut != 401 {
			t.Errorf("%s, by a cookie: %d %s", l.nom(), r.statut, r.corps)
		}
	}
	if tables := changees(avant, p.rangees()); tables != "" || len(p.entrees()) > 0 || essais < 200 {
		t.Errorf("%d calls changed %q", essais, tables)
	}
}
