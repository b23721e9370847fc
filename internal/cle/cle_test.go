package cle_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"guichet.example/internal/cle"
	"guichet.example/internal/cle/cletest"
	"guichet.example/internal/guichet"
)

const origine = "https://portail.example"

func ouvrir(t *testing.T) *cle.Authentificateur {
	t.Helper()
	x, err := cle.Ouvrir(origine, "Essai")
	if err != nil {
		t.Fatal(err)
	}
	return x
}

var moi = guichet.TitulaireCle{Poignee: base64.RawURLEncoding.EncodeToString([]byte("une poignée de hasard pour lui")), Identifiant: "moi@exemple.example", Nom: "Moi"}

func defi(b byte) []byte { return []byte(strings.Repeat(string(rune('a'+b)), 32)) }

// ajouter makes a key on a device.
func ajouter(t *testing.T, x *cle.Authentificateur, d *cletest.Appareil) *guichet.CleAcces {
	t.Helper()
	options, etat, err := x.DebuterAjout(moi, nil, defi(0))
	if err != nil {
		t.Fatal(err)
	}
	c, err := x.FinirAjout(moi, etat, d.Creer(t, options))
	if err != nil {
		t.Fatal(err)
	}
	c.Poignee = moi.Poignee
	return c
}

// entrer signs in with what the device answers, changed or not.
func entrer(t *testing.T, x *cle.Authentificateur, d *cletest.Appareil, c *guichet.CleAcces) (*guichet.CleAcces, error) {
	t.Helper()
	options, etat, err := x.DebuterEntree(guichet.TitulaireCle{}, nil, defi(1))
	if err != nil {
		t.Fatal(err)
	}
	return x.FinirEntree(etat, d.Repondre(t, options), trouver(c))
}

func trouver(c *guichet.CleAcces) func(string, string) (*guichet.CleAcces, error) {
	return func(identifiant, _ string) (*guichet.CleAcces, error) {
		if identifiant != c.Identifiant {
			return nil, guichet.ErrAbsent
		}
		copie := *c
		return &copie, nil
	}
}

// What a browser is asked for: a key that the device keeps and finds by itself,
// given only to the person it knows, for this portal alone.
func TestOptionsAskForVerification(t *testing.T) {
	t.Parallel()
	x := ouvrir(t)
	options, _, err := x.DebuterAjout(moi, nil, defi(0))
	if err != nil {
		t.Fatal(err)
	}
	var o struct {
		RP                     struct{ ID string }
		Challenge              string
		AuthenticatorSelection struct{ ResidentKey, UserVerification string }
		Attestation            string
	}
	if err := json.Unmarshal(options, &o); err != nil {
		t.Fatal(err)
	}
	if o.RP.ID != "portail.example" || o.AuthenticatorSelection.ResidentKey != "required" || o.AuthenticatorSelection.UserVerification != "required" ||
		o.Challenge != base64.RawURLEncoding.EncodeToString(defi(0)) || o.Attestation != "none" && o.Attestation != "" {
		t.Errorf("%s", options)
	}
	options, _, err = x.DebuterEntree(guichet.TitulaireCle{}, nil, defi(1))
	if err != nil || !strings.Contains(string(options), `"userVerification":"required"`) || strings.Contains(string(options), "allowCredentials") {
		t.Errorf("%s, %v", options, err)
	}
}

func TestKeySignsInAndItsCounterGrows(t *testing.T) {
	t.Parallel()
	x, d := ouvrir(t), cletest.Nouveau(origine)
	c := ajouter(t, x, d)
	if strings.Contains(string(c.Charge), "clientDataJSON") {
		t.Errorf("more is kept than needed: %s", c.Charge)
	}
	for range 2 {
		apres, err := entrer(t, x, d, c)
		if err != nil {
			t.Fatal(err)
		}
		if string(apres.Charge) == string(c.Charge) {
			t.Error("the counter is not kept")
		}
		c = apres
	}
	// A copy of the key answers with a counter that was seen.
	d.Compteur--
	_, err := entrer(t, x, d, c)
	exiger(t, err, guichet.NonIdentifie, "copiée")
}

// Each part of an answer that is not as asked for is refused.
func TestAnswersThatDoNotHold(t *testing.T) {
	t.Parallel()
	for nom, changer := range map[string]func(*cletest.Appareil){
		"another site":         func(d *cletest.Appareil) { d.Origine = "https://portail.example.ailleurs.example" },
		"another port":         func(d *cletest.Appareil) { d.Origine = origine + ":8443" },
		"another party":        func(d *cletest.Appareil) { d.Domaine = "ailleurs.example" },
		"nobody was verified":  func(d *cletest.Appareil) { d.SansVerification = true },
		"another challenge":    func(d *cletest.Appareil) { d.Defi = base64.RawURLEncoding.EncodeToString(defi(7)) },
		"signed by another":    func(d *cletest.Appareil) { d.AutreCle() },
		"another account":      func(d *cletest.Appareil) { d.Poignee = []byte("celle d’un autre") },
		"made for another use": func(d *cletest.Appareil) { d.Genre = "webauthn.create" },
	} {
		x, d := ouvrir(t), cletest.Nouveau(origine)
		c := ajouter(t, x, d)
		changer(d)
		_, err := entrer(t, x, d, c)
		if guichet.GenreDe(err) != guichet.NonIdentifie {
			t.Errorf("%s: %v", nom, err)
		}
	}
	x, d := ouvrir(t), cletest.Nouveau(origine)
	c := ajouter(t, x, d)
	if _, err := entrer(t, x, cletest.Nouveau(origine), c); err == nil {
		t.Error("a device without a key signs in")
	}
	for _, r := range []string{"", "{}", "null", `{"id": "x"}`, strings.Repeat("[", 1000)} {
		_, etat, err := x.DebuterEntree(guichet.TitulaireCle{}, nil, defi(1))
		if err != nil {
			t.Fatal(err)
		}
		_, err = x.FinirEntree(etat, []byte(r), trouver(c))
		exiger(t, err, guichet.NonIdentifie, "ne se lit pas")
		_, etat, err = x.DebuterAjout(moi, nil, defi(1))
		if err != nil {
			t.Fatal(err)
		}
		_, err = x.FinirAjout(moi, etat, []byte(r))
		exiger(t, err, guichet.Invalide, "ne se lit pas")
	}
	d = cletest.Nouveau(origine)
	d.SansVerification = true
	options, etat, err := x.DebuterAjout(moi, nil, defi(0))
	if err != nil {
		t.Fatal(err)
	}
	_, err = x.FinirAjout(moi, etat, d.Creer(t, options))
	exiger(t, err, guichet.Invalide, "n’a pas pu être enregistrée")
}

// Browsers know passkeys by host name, over TLS.
func TestAddressesWithPasskeys(t *testing.T) {
	t.Parallel()
	for adresse, want := range map[string]bool{
		"https://portail.example": true, "https://portail.example:8443": true, "http://localhost:8080": true,
		"http://portail.example": false, "http://127.0.0.1:8080": false, "https://192.0.2.1": false, "https://[2001:db8::1]": false, "": false, "portail.example": false,
	} {
		x, err := cle.Ouvrir(adresse, "Essai")
		if want != (err == nil) || !want && !errors.Is(err, cle.ErrSansCles) || want && (len(x.Origines()) != 1 || x.Origines()[0] != adresse) {
			t.Errorf("%q: %v", adresse, err)
		}
	}
}

func exiger(t *testing.T, err error, g guichet.Genre, dit string) {
	t.Helper()
	if guichet.GenreDe(err) != g || !strings.Contains(err.Error(), dit) {
		t.Errorf("%v, want %s, %q", err, g, dit)
	}
}
