package guichet_test

import (
	"bytes"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

const phrase = "le premier mot de passe"

// avecSecond makes an account with a second factor; code gives the present one.
func avecSecond(t *testing.T, m *guichettest.Monde) (a *guichet.Acteur, secours []string, code func() string) {
	t.Helper()
	ctx := t.Context()
	c := &guichet.Compte{Identifiant: "claude@agence.example", Nom: "Claude", Roles: []guichet.Role{guichet.Auditeur}, Actif: true}
	if err := m.Guichet.Installer(ctx, c, phrase); err != nil {
		t.Fatal(err)
	}
	session, a, err := m.Guichet.Connecter(ctx, c.Identifiant, phrase, guichet.Origine{Adresse: adresse})
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.Guichet.PreparerSecondFacteur(ctx, a, "un autre mot de passe")
	exigerGenre(t, err, guichet.Invalide)
	code = preparer(t, m, a)
	// Prepared is not in use: the password alone still signs in.
	if _, _, err := m.Guichet.Connecter(ctx, c.Identifiant, phrase, guichet.Origine{Adresse: adresse}); err != nil {
		t.Fatal(err)
	}
	_, err = m.Guichet.ActiverSecondFacteur(ctx, a, "000000", session)
	exigerGenre(t, err, guichet.Invalide)
	if secours, err = m.Guichet.ActiverSecondFacteur(ctx, a, code(), session); err != nil || len(secours) != 10 {
		t.Fatal(secours, err)
	}
	return a, secours, code
}

// preparer prepares the second factor of an account; code gives its present
// code.
func preparer(t *testing.T, m *guichettest.Monde, a *guichet.Acteur) (code func() string) {
	t.Helper()
	p, err := m.Guichet.PreparerSecondFacteur(t.Context(), a, phrase)
	if err != nil || !bytes.HasPrefix(p.QR, []byte("\x89PNG")) || !strings.HasPrefix(p.URL, "otpauth://totp/") {
		t.Fatalf("%+v, %v", p, err)
	}
	return func() string {
		s, err := totp.GenerateCode(p.Secret, m.Horloge.Maintenant())
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

func defi(t *testing.T, m *guichettest.Monde, a *guichet.Acteur) string {
	t.Helper()
	secret, _, err := m.Guichet.Connecter(t.Context(), a.Identifiant, phrase, guichet.Origine{Adresse: adresse})
	var requis *guichet.SecondFacteurRequis
	if !errors.As(err, &requis) || secret != "" {
		t.Fatalf("session %q, %v", secret, err)
	}
	return requis.Defi
}

func TestSecondFacteur(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		equiper(t, m)
		ctx := t.Context()
		a, secours, code := avecSecond(t, m)
		entrer := func(d, code string) error {
			session, x, err := m.Guichet.ConnecterSecondFacteur(ctx, d, code, guichet.Origine{Adresse: adresse})
			if err == nil && (session == "" || x.ID != a.ID) {
				t.Error("signed in without a session")
			}
			return err
		}
		// The code that activated it is used up; the next one works, once.
		exigerGenre(t, entrer(defi(t, m, a), code()), guichet.NonIdentifie)
		m.Horloge.Avancer(30 * time.Second)
		d := defi(t, m, a)
		bon := code()
		if err := entrer(d, bon[:3]+" "+bon[3:]); err != nil {
			t.Fatal(err)
		}
		exigerGenre(t, entrer(d, bon), guichet.NonIdentifie)
		exigerGenre(t, entrer(defi(t, m, a), bon), guichet.NonIdentifie)
		// A recovery code works once, in any spelling.
		if err := entrer(defi(t, m, a), strings.ToLower(strings.ReplaceAll(secours[3], "-", " "))); err != nil {
			t.Fatal(err)
		}
		exigerGenre(t, entrer(defi(t, m, a), secours[3]), guichet.NonIdentifie)
		if actif, n, err := m.Guichet.EtatSecondFacteur(ctx, a); !actif || n != 9 || err != nil {
			t.Error(actif, n, err)
		}
		// A sign-in waits five minutes.
		d = defi(t, m, a)
		m.Horloge.Avancer(5 * time.Minute)
		exigerGenre(t, entrer(d, code()), guichet.NonIdentifie)
		if err := m.Guichet.RetirerSecondFacteur(ctx, a, phrase); err != nil {
			t.Fatal(err)
		}
		if _, _, err := m.Guichet.Connecter(ctx, a.Identifiant, phrase, guichet.Origine{Adresse: adresse}); err != nil {
			t.Error(err)
		}
	})
}

// A recovery code is kept as a plain hash: that is as safe as a password's only
// from 112 bits of chance on.
func TestRecoveryCodesHoldEnoughChance(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	equiper(t, m)
	_, codes, _ := avecSecond(t, m)
	vus := map[string]bool{}
	for _, c := range codes {
		signes := strings.ReplaceAll(c, "-", "")
		vus[signes] = true
		if bits := 5 * len(signes); bits < 112 || strings.Trim(signes, "ABCDEFGHJKLMNPQRSTUVWXYZ23456789") != "" {
			t.Errorf("%q has %d bits", c, bits)
		}
	}
	if len(codes) != 10 || len(vus) != 10 {
		t.Errorf("%d codes, %d of them different", len(codes), len(vus))
	}
}

// Guessing ends the sign-in after a few codes, then has to wait. The owner's own
// browser is not concerned, nor are passkeys.
func TestSecondFacteurDevine(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		equiper(t, m)
		ctx := t.Context()
		a, secours, code := avecSecond(t, m)
		m.Horloge.Avancer(time.Minute)
		appareil, err := m.Guichet.RetenirAppareil(ctx, a, "")
		if err != nil {
			t.Fatal(err)
		}
		essayer := func(d, code string, o guichet.Origine) error {
			_, _, err := m.Guichet.ConnecterSecondFacteur(ctx, d, code, o)
			return err
		}
		ici := guichet.Origine{Adresse: adresse}
		d := defi(t, m, a)
		for range 5 {
			exigerGenre(t, essayer(d, "123456", ici), guichet.NonIdentifie)
		}
		exigerGenre(t, essayer(d, code(), ici), guichet.NonIdentifie)
		for range 3 {
			exigerGenre(t, essayer(defi(t, m, a), "123456", ici), guichet.NonIdentifie)
		}
		exigerGenre(t, essayer(defi(t, m, a), secours[0], ici), guichet.TropSouvent)
		// Another network has a count of its own, up to what all of them have.
		for i := range 12 {
			ailleurs := guichet.Origine{Adresse: netip.AddrFrom4([4]byte{203, 0, 113, byte(100 + i)})}
			exigerGenre(t, essayer(defi(t, m, a), "123456", ailleurs), guichet.NonIdentifie)
		}
		exigerGenre(t, essayer(defi(t, m, a), code(), guichet.Origine{Adresse: netip.MustParseAddr("203.0.113.1")}), guichet.TropSouvent)
		// The owner, meanwhile, from the network of the guesser.
		if err := essayer(defi(t, m, a), code(), guichet.Origine{Adresse: adresse, Appareil: appareil}); err != nil {
			t.Error(err)
		}
		m.Horloge.Avancer(time.Hour)
		if err := essayer(defi(t, m, a), code(), ici); err != nil {
			t.Error(err)
		}
	})
}

// Without a key nothing that must be read again is kept, and another key does
// not open it.
func TestCoffre(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	ctx := t.Context()
	c := &guichet.Compte{Identifiant: "claude@agence.example", Nom: "Claude", Roles: []guichet.Role{guichet.Auditeur}, Actif: true}
	if err := m.Guichet.Installer(ctx, c, phrase); err != nil {
		t.Fatal(err)
	}
	_, a, err := m.Guichet.Connecter(ctx, c.Identifiant, phrase, guichet.Origine{Adresse: adresse})
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.Guichet.PreparerSecondFacteur(ctx, a, phrase)
	exigerGenre(t, err, guichet.Conflit)
	cle := func(s string) {
		m.Equiper(t, func(w *guichet.Monde) { w.Cle = []byte(strings.Repeat(s, guichet.CleTaille)) })
	}
	cle("k")
	if _, err = m.Guichet.PreparerSecondFacteur(ctx, a, phrase); err != nil {
		t.Fatal(err)
	}
	cle("l")
	_, err = m.Guichet.ActiverSecondFacteur(ctx, a, "123456", "")
	exigerGenre(t, err, guichet.Interne)
}
