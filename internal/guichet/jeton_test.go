package guichet_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

func TestJetonLimits(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		ctx, a := t.Context(), m.Acteur("a.gestionnaire")
		reseaux, err := guichet.LireReseaux("192.0.2.0/24, 2001:db8::/32")
		if err != nil {
			t.Fatal(err)
		}
		expire := m.Horloge.Maintenant().Add(48 * time.Hour)
		secret, j, err := m.Guichet.CreerJeton(ctx, a, guichet.NouveauJeton{Nom: "envoi du soir", Expire: expire, Reseaux: reseaux, Portees: []guichet.Portee{guichet.PorteeLire}})
		if err != nil || j.Empreinte == secret {
			t.Fatalf("%+v, %v", j, err)
		}
		for adresse, bon := range map[string]bool{
			"192.0.2.0": true, "192.0.2.255": true, "::ffff:192.0.2.7": true, "192.0.3.0": false, "192.0.1.255": false,
			"2001:db8::1": true, "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff": true, "2001:db9::": false, "::1": false,
		} {
			x, err := m.Guichet.Identifier(ctx, secret, netip.MustParseAddr(adresse))
			if (err == nil) != bon {
				t.Errorf("from %s: %v", adresse, err)
			}
			if bon && (x.Identifiant != a.Identifiant || !x.Peut(guichet.LireDemande) || x.Peut(guichet.DeposerFichier)) {
				t.Errorf("from %s: %+v", adresse, x)
			}
		}
		// Its last use is known, to the hour.
		js, err := m.Guichet.Jetons(ctx, a)
		if i := slices.IndexFunc(js, func(x guichet.Jeton) bool { return x.ID == j.ID }); err != nil || i < 0 || !js[i].Usage.Equal(m.Horloge.Maintenant()) {
			t.Errorf("%+v, %v", js, err)
		}
		ici := netip.MustParseAddr("192.0.2.7")
		m.Horloge.Avancer(48*time.Hour - time.Second)
		if _, err := m.Guichet.Identifier(ctx, secret, ici); err != nil {
			t.Error(err)
		}
		m.Horloge.Avancer(time.Second)
		_, err = m.Guichet.Identifier(ctx, secret, ici)
		exigerGenre(t, err, guichet.NonIdentifie)
		// Nobody ends another's.
		exigerGenre(t, m.Guichet.RevoquerJeton(ctx, m.Acteur("b.gestionnaire"), j.ID), guichet.Inconnu)
	})
}

func TestJetonRefused(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	ctx, a := t.Context(), m.Acteur("a.lecteur")
	maintenant := m.Horloge.Maintenant()
	for nom, n := range map[string]guichet.NouveauJeton{
		"without a name":           {Nom: " "},
		"a name of 61 signs":       {Nom: string(make([]rune, 61))},
		"for over a year":          {Nom: "x", Expire: maintenant.Add(367 * 24 * time.Hour)},
		"over already":             {Nom: "x", Expire: maintenant},
		"a scope that is none":     {Nom: "x", Portees: []guichet.Portee{"tous"}},
		"a scope of other people":  {Nom: "x", Portees: []guichet.Portee{guichet.PorteePayer}},
		"a scope above the reader": {Nom: "x", Portees: []guichet.Portee{guichet.PorteeDeposer}},
	} {
		_, _, err := m.Guichet.CreerJeton(ctx, a, n)
		if guichet.GenreDe(err) != guichet.Invalide {
			t.Errorf("%s: %v", nom, err)
		}
	}
	for i := range 51 {
		_, _, err := m.Guichet.CreerJeton(ctx, a, guichet.NouveauJeton{Nom: "x"})
		if (err == nil) != (i < 50) {
			t.Fatalf("token %d: %v", i, err)
		}
	}
}

func TestLireReseaux(t *testing.T) {
	t.Parallel()
	for texte, want := range map[string]string{
		"": "", "192.0.2.7": "192.0.2.7/32", "192.0.2.7/24": "192.0.2.0/24", "2001:db8::1": "2001:db8::1/128", "::ffff:192.0.2.0/120": "192.0.2.0/24",
		"10.0.0.0/8;2001:db8::/32\n10.0.0.0/8": "10.0.0.0/8 2001:db8::/32",
		"0.0.0.0/0":                            "refused", "::/0": "refused", "192.0.2.0/33": "refused", "exemple.example": "refused", "fe80::1%eth0": "refused", "192.0.2": "refused",
	} {
		rs, err := guichet.LireReseaux(texte)
		got := ""
		for _, r := range rs {
			if got != "" {
				got += " "
			}
			got += r.String()
		}
		if err != nil {
			got = "refused"
		}
		if got != want {
			t.Errorf("%q: %q, want %q (%v)", texte, got, want, err)
		}
	}
}

// Every action that a token of a scope lets through is one that the table of
// rights knows, and no scope reaches what opens accounts.
func TestPorteesStayAwayFromAccounts(t *testing.T) {
	t.Parallel()
	connues := map[guichet.Action]bool{}
	for _, d := range guichet.Droits() {
		connues[d.Action] = true
	}
	for _, l := range guichet.Portees() {
		for _, a := range l.Actions {
			if !connues[a] {
				t.Errorf("%s: %s is no action", l.Portee, a)
			}
		}
		tous := guichet.Acteur{Portees: []guichet.Portee{l.Portee}}
		tous.Roles = append(guichet.RolesAgents(), guichet.Gestionnaire, guichet.Deposant)
		for _, a := range []guichet.Action{guichet.GererJetons, guichet.GererUtilisateurs, guichet.GererComptes, guichet.ChoisirMotDePasse, guichet.GererSecondFacteur, guichet.GererCles, guichet.GererCampagne} {
			if tous.Peut(a) {
				t.Errorf("%s lets %s through", l.Portee, a)
			}
		}
	}
}
