package guichet_test

import (
	"errors"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// depuis is where a test signs in from.
func depuis(s string) guichet.Origine { return guichet.Origine{Adresse: netip.MustParseAddr(s)} }

// compte makes an agent with the password of these tests.
func compte(t *testing.T, m *guichettest.Monde, identifiant string) *guichet.Compte {
	t.Helper()
	c := &guichet.Compte{Identifiant: identifiant, Nom: "Personne d’essai", Roles: []guichet.Role{guichet.Auditeur}, Actif: true}
	if err := m.Guichet.Installer(t.Context(), c, phrase); err != nil {
		t.Fatal(err)
	}
	return c
}

// Whoever is wrong again and again waits, longer each time, and nobody else
// does: neither the owner on another network, nor on the guesser's own network
// from a browser that the account knows. The answer tells nothing of whether
// the account exists.
func TestFailuresSlowTheGuesserOnly(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	ctx, c := t.Context(), compte(t, m, "claude@agence.example")
	entrer := func(identifiant, motDePasse string, o guichet.Origine) error {
		_, _, err := m.Guichet.Connecter(ctx, identifiant, motDePasse, o)
		return err
	}
	_, a, err := m.Guichet.Connecter(ctx, c.Identifiant, phrase, depuis("198.51.100.1"))
	if err != nil {
		t.Fatal(err)
	}
	appareil, err := m.Guichet.RetenirAppareil(ctx, a, "")
	if err != nil || appareil == "" {
		t.Fatal(err)
	}
	if encore, err := m.Guichet.RetenirAppareil(ctx, a, appareil); err != nil || encore != "" {
		t.Errorf("a browser that is known is made known again: %q, %v", encore, err)
	}
	voleur := depuis("203.0.113.9")
	for _, qui := range []string{c.Identifiant, "personne@agence.example"} {
		for range 8 {
			exigerGenre(t, entrer(qui, "un essai au hasard", voleur), guichet.NonIdentifie)
		}
		for _, s := range []time.Duration{15, 30, 60, 120, 240, 480, 900, 900} {
			attendu := s * time.Second
			err := entrer(qui, "un essai au hasard", voleur)
			exigerGenre(t, err, guichet.TropSouvent)
			var tot *guichet.TropTot
			if !errors.As(err, &tot) || tot.Attente != attendu {
				t.Fatalf("%s waits %v, want %v", qui, tot, attendu)
			}
			m.Horloge.Avancer(attendu)
			exigerGenre(t, entrer(qui, "un essai au hasard", voleur), guichet.NonIdentifie)
		}
	}
	exigerGenre(t, entrer(c.Identifiant, "un essai au hasard", voleur), guichet.NonIdentifie)
	exigerGenre(t, entrer(c.Identifiant, phrase, voleur), guichet.TropSouvent)
	if err := entrer(c.Identifiant, phrase, depuis("198.51.100.2")); err != nil {
		t.Errorf("the owner elsewhere: %v", err)
	}
	chezLui := voleur
	chezLui.Appareil = appareil
	if err := entrer(c.Identifiant, phrase, chezLui); err != nil {
		t.Errorf("the owner's browser on the guesser's network: %v", err)
	}
	// The browser of one account is unknown to another.
	autre := compte(t, m, "alix@agence.example")
	for range 8 {
		exigerGenre(t, entrer(autre.Identifiant, "un essai au hasard", chezLui), guichet.NonIdentifie)
	}
	exigerGenre(t, entrer(autre.Identifiant, phrase, voleur), guichet.TropSouvent)
	// A right password forgets the failures of its place.
	m.Horloge.Avancer(15 * time.Minute)
	if err := entrer(autre.Identifiant, phrase, voleur); err != nil {
		t.Fatal(err)
	}
	for range 8 {
		exigerGenre(t, entrer(autre.Identifiant, "un essai au hasard", voleur), guichet.NonIdentifie)
	}
}

// Guesses made at once are all counted before any is judged.
func TestGuessesAtOnceAreAllCounted(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	c := compte(t, m, "claude@agence.example")
	var mu sync.Mutex
	genres := map[guichet.Genre]int{}
	var groupe sync.WaitGroup
	for range 20 {
		groupe.Go(func() {
			_, _, err := m.Guichet.Connecter(t.Context(), c.Identifiant, "un essai au hasard", depuis("203.0.113.9"))
			mu.Lock()
			defer mu.Unlock()
			genres[guichet.GenreDe(err)]++
		})
	}
	groupe.Wait()
	if genres[guichet.NonIdentifie] != 8 || genres[guichet.TropSouvent] != 12 {
		t.Errorf("%v", genres)
	}
}

// One network that tries many accounts, one after the other, is slowed too.
func TestOneNetworkTriesManyAccounts(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	voleur := depuis("2001:db8:1:2::1")
	if err := m.Base.Ecrire(t.Context(), func(tx guichet.Tx) error {
		for range 99 {
			if err := tx.PoserEssai("reseau:", "2001:db8:1:2::/64", m.Horloge.Maintenant()); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	entrer := func(o guichet.Origine) error {
		_, _, err := m.Guichet.Connecter(t.Context(), "personne", "un essai au hasard", o)
		return err
	}
	exigerGenre(t, entrer(voleur), guichet.NonIdentifie)
	exigerGenre(t, entrer(depuis("2001:db8:1:2:ffff::9")), guichet.TropSouvent) // the same customer
	exigerGenre(t, entrer(depuis("2001:db8:1:3::1")), guichet.NonIdentifie)
}

// A session ends when it is left alone for two hours, and twelve hours after
// it was opened whatever happens; all others end together, one at a time, or
// when the account does.
func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		ctx, c := t.Context(), compte(t, m, "claude@agence.example")
		ouvrir := func() string {
			s, _, err := m.Guichet.Connecter(ctx, c.Identifiant, phrase, guichet.Origine{Adresse: adresse, Navigateur: "essai"})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		acteur := func(s string) *guichet.Acteur {
			a, err := m.Guichet.ActeurDeSession(ctx, s, adresse)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		fermee := func(s string) {
			t.Helper()
			_, err := m.Guichet.ActeurDeSession(ctx, s, adresse)
			exigerGenre(t, err, guichet.NonIdentifie)
		}
		seule := ouvrir()
		m.Horloge.Avancer(2*time.Hour - time.Second)
		acteur(seule)
		m.Horloge.Avancer(2 * time.Hour)
		fermee(seule)
		active := ouvrir()
		for range 7 {
			m.Horloge.Avancer(100 * time.Minute)
			acteur(active)
		}
		m.Horloge.Avancer(20 * time.Minute)
		fermee(active)

		ici, ailleurs, tierce := ouvrir(), ouvrir(), ouvrir()
		if ici == ailleurs || len(ici) < 40 {
			t.Fatalf("secrets %q, %q", ici, ailleurs)
		}
		a := acteur(ici)
		ss, err := m.Guichet.Sessions(ctx, a)
		if err != nil || len(ss) != 3 || ss[0].Moyen != guichet.ParMotDePasse {
			t.Fatalf("%+v, %v", ss, err)
		}
		for i := range ss {
			if guichet.EstSession(&ss[i], ailleurs) {
				if err := m.Guichet.FermerSession(ctx, a, ss[i].Nom()); err != nil {
					t.Fatal(err)
				}
			}
		}
		fermee(ailleurs)
		acteur(tierce)
		exigerGenre(t, m.Guichet.FermerSession(ctx, m.Acteur("administrateur"), ss[0].Nom()), guichet.Inconnu)
		if err := m.Guichet.FermerSessions(ctx, a, ici); err != nil {
			t.Fatal(err)
		}
		fermee(tierce)
		// Another secret for the same session: the earlier one is worth nothing.
		neuf, err := m.Guichet.TournerSession(ctx, a, ici, "essai")
		if err != nil || neuf == ici {
			t.Fatal(neuf, err)
		}
		fermee(ici)
		acteur(neuf)
		c.Actif = false
		if err := m.Guichet.Installer(ctx, c, ""); err != nil {
			t.Fatal(err)
		}
		fermee(neuf)
	})
}

// A known name, an unknown one, an account out of use and one that has no
// password yet cost the same work: the memory that judging a password takes
// shows that each judges one, at the cost that nobody has to ask for. Not in
// parallel: others would be counted.
func TestEveryNameCostsAPassword(t *testing.T) {
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	m.Equiper(t, func(x *guichet.Monde) { x.MotDePasse = guichet.CoutMotDePasse{} })
	ferme := compte(t, m, "ferme@agence.example")
	ferme.Actif = false
	vide := &guichet.Compte{Identifiant: "vide@agence.example", Nom: "Vide", Roles: []guichet.Role{guichet.Auditeur}, Actif: true}
	if err := errors.Join(m.Guichet.Installer(t.Context(), ferme, ""), m.Guichet.Installer(t.Context(), vide, "")); err != nil {
		t.Fatal(err)
	}
	octets := map[string]uint64{}
	for _, qui := range []string{compte(t, m, "claude@agence.example").Identifiant, ferme.Identifiant, vide.Identifiant, "personne@agence.example"} {
		var avant, apres runtime.MemStats
		runtime.ReadMemStats(&avant)
		_, _, err := m.Guichet.Connecter(t.Context(), qui, "un essai au hasard", guichet.Origine{Adresse: adresse})
		runtime.ReadMemStats(&apres)
		exigerGenre(t, err, guichet.NonIdentifie)
		octets[qui] = (apres.TotalAlloc - avant.TotalAlloc) >> 20
	}
	for qui, n := range octets {
		if n < 18 || n > 24 {
			t.Errorf("%s: %d MiB, want about 19: %v", qui, n, octets)
		}
	}
}

// Recovery and enrolment answer alike whether they meet an account or not: the
// same error, the same rows written, the same number of messages ordered.
func TestNothingTellsWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		equiper(t, m)
		ctx, c := t.Context(), compte(t, m, "claude@agence.example")
		commandes := func(identifiant string) int {
			avant, err := m.Guichet.TravauxVus(ctx, "", 1000)
			if err != nil {
				t.Fatal(err)
			}
			if err := m.Guichet.Recuperer(ctx, identifiant, adresse); err != nil {
				t.Fatal(err)
			}
			apres, err := m.Guichet.TravauxVus(ctx, "", 1000)
			if err != nil {
				t.Fatal(err)
			}
			return len(apres) - len(avant)
		}
		if connu, inconnu := commandes(c.Identifiant), commandes("personne@agence.example"); connu != 1 || inconnu != 1 {
			t.Errorf("ordered for a known name %d, for an unknown one %d", connu, inconnu)
		}
		// An address, and a SIRET, that are taken already.
		e := dossier()
		e.Courriel, e.Siret = c.Identifiant, guichettest.Fournisseurs()[0].Siret
		for _, x := range []guichet.Enrolement{e, dossier()} {
			if _, _, err := m.Guichet.DemanderEnrolement(ctx, x, joints("certificat_ans", "identite", "rib"), adresse); err != nil {
				t.Errorf("%s: %v", x.Courriel, err)
			}
		}
		for _, secret := range []string{"", "inconnu", strings.Repeat("x", 43)} {
			_, _, err := m.Guichet.LireLien(ctx, secret)
			exigerGenre(t, err, guichet.Inconnu)
		}
	})
}
