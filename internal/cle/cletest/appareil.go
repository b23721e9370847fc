// Package cletest is a device with a passkey, for tests: it answers what a
// browser is asked for, and can be told to answer wrongly. It is imported by
// tests only.
package cletest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"
)

// Appareil is a device with one key (ES256). What stands in its fields is what
// it answers with; "" is what was asked for.
type Appareil struct {
	Origine          string
	Domaine          string
	Defi             string // base64url
	Genre            string
	Poignee          []byte
	SansVerification bool
	Compteur         uint32
	identifiant      []byte
	cle              *ecdsa.PrivateKey
}

// Nouveau is a device without a key yet, in a browser on a page of origine.
func Nouveau(origine string) *Appareil {
	d := &Appareil{Origine: origine, identifiant: make([]byte, 24)}
	_, _ = rand.Read(d.identifiant) // never fails
	d.AutreCle()
	return d
}

// AutreCle puts another private key in the place of the device's.
func (d *Appareil) AutreCle() {
	var err error
	if d.cle, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		panic(err)
	}
}

// demande is what a device reads of either kind of options.
type demande struct {
	Challenge string `json:"challenge"`
	RPID      string `json:"rpId"`
	RP        struct {
		ID string `json:"id"`
	} `json:"rp"`
	User struct {
		ID string `json:"id"`
	} `json:"user"`
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// lire gives the client data and the domain for options.
func (d *Appareil) lire(t testing.TB, options []byte, genre string) (q demande, client []byte) {
	t.Helper()
	if err := json.Unmarshal(options, &q); err != nil {
		t.Fatal(err)
	}
	if q.RPID == "" {
		q.RPID = q.RP.ID
	}
	if d.Domaine != "" {
		q.RPID = d.Domaine
	}
	if d.Defi != "" {
		q.Challenge = d.Defi
	}
	if d.Genre != "" {
		genre = d.Genre
	}
	client, err := json.Marshal(map[string]any{"type": genre, "challenge": q.Challenge, "origin": d.Origine, "crossOrigin": false})
	if err != nil {
		t.Fatal(err)
	}
	return q, client
}

// donnees are the authenticator data: whose, how, and how often.
func (d *Appareil) donnees(domaine string, drapeaux byte) []byte {
	d.Compteur++
	somme := sha256.Sum256([]byte(domaine))
	drapeaux |= 0x01 // somebody was there
	if !d.SansVerification {
		drapeaux |= 0x04
	}
	return binary.BigEndian.AppendUint32(append(somme[:], drapeaux), d.Compteur)
}

// Creer answers options of creation.
func (d *Appareil) Creer(t testing.TB, options []byte) []byte {
	t.Helper()
	q, client := d.lire(t, options, "webauthn.create")
	poignee, err := base64.RawURLEncoding.DecodeString(q.User.ID)
	if err != nil {
		t.Fatal(err)
	}
	d.Poignee = poignee
	public, err := d.cle.PublicKey.Bytes() // 4, x, y
	if err != nil {
		t.Fatal(err)
	}
	a := d.donnees(q.RPID, 0x40)
	a = append(a, make([]byte, 16)...) // no maker is named
	a = binary.BigEndian.AppendUint16(a, uint16(len(d.identifiant)))
	a = append(a, d.identifiant...)
	// COSE: {1: 2, 3: -7, -1: 1, -2: x, -3: y}
	a = append(a, 0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20)
	a = append(a, public[1:33]...)
	a = append(a, 0x22, 0x58, 0x20)
	a = append(a, public[33:65]...)
	// {"fmt": "none", "attStmt": {}, "authData": a}
	objet := append([]byte("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59"), byte(len(a)>>8), byte(len(a)))
	return d.dire(t, map[string]any{"clientDataJSON": b64(client), "attestationObject": b64(append(objet, a...)), "transports": []string{"internal"}})
}

// Repondre answers options of a sign-in.
func (d *Appareil) Repondre(t testing.TB, options []byte) []byte {
	t.Helper()
	q, client := d.lire(t, options, "webauthn.get")
	a := d.donnees(q.RPID, 0)
	c := sha256.Sum256(client)
	signe := sha256.Sum256(append(a[:len(a):len(a)], c[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.cle, signe[:])
	if err != nil {
		t.Fatal(err)
	}
	return d.dire(t, map[string]any{"clientDataJSON": b64(client), "authenticatorData": b64(a), "signature": b64(signature), "userHandle": b64(d.Poignee)})
}

func (d *Appareil) dire(t testing.TB, reponse map[string]any) []byte {
	t.Helper()
	b, err := json.Marshal(map[string]any{"id": b64(d.identifiant), "rawId": b64(d.identifiant), "type": "public-key", "clientExtensionResults": map[string]any{}, "response": reponse})
	if err != nil {
		t.Fatal(err)
	}
	return b
}
