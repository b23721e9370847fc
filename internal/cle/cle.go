// Package cle speaks WebAuthn: it makes what browsers need to use passkeys and
// judges what they answer. It keeps nothing: the business does, see
// [guichet.AuthentificateurCles], which it implements. It must never import the
// store or the pages.
package cle

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"guichet.example/internal/guichet"
)

// Authentificateur judges passkeys of one public address. Safe for concurrent
// use.
type Authentificateur struct{ w *webauthn.WebAuthn }

var _ guichet.AuthentificateurCles = (*Authentificateur)(nil)

// ErrSansCles is the error of an address on which browsers know no passkeys: a
// bare IP address, or one without TLS that is not "localhost".
var ErrSansCles = errors.New("no passkeys on this address")

// Ouvrir judges passkeys for the portal's public address. Keys are bound to its
// host name: under another one they open nothing.
func Ouvrir(adresse, nom string) (*Authentificateur, error) {
	u, err := url.Parse(adresse)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("%w: %q is no address", ErrSansCles, adresse)
	}
	hote := u.Hostname()
	if _, err := netip.ParseAddr(hote); err == nil || u.Scheme != "https" && hote != "localhost" {
		return nil, ErrSansCles
	}
	w, err := webauthn.New(&webauthn.Config{RPID: hote, RPDisplayName: nom, RPOrigins: []string{u.Scheme + "://" + u.Host}, AttestationPreference: protocol.PreferNoAttestation})
	if err != nil {
		return nil, err
	}
	return &Authentificateur{w}, nil
}

// Origines implements the port.
func (x *Authentificateur) Origines() []string { return x.w.Config.RPOrigins }

// titulaire is an account as the library sees it.
type titulaire struct {
	poignee []byte
	t       guichet.TitulaireCle
	cles    []webauthn.Credential
}

func (t *titulaire) WebAuthnID() []byte                         { return t.poignee }
func (t *titulaire) WebAuthnName() string                       { return t.t.Identifiant }
func (t *titulaire) WebAuthnDisplayName() string                { return t.t.Nom }
func (t *titulaire) WebAuthnCredentials() []webauthn.Credential { return t.cles }

func nouveauTitulaire(t guichet.TitulaireCle, cles []guichet.CleAcces) (*titulaire, error) {
	p, err := base64.RawURLEncoding.DecodeString(t.Poignee)
	if err != nil {
		return nil, err
	}
	x := &titulaire{poignee: p, t: t}
	for i := range cles {
		var c webauthn.Credential
		if err := json.Unmarshal(cles[i].Charge, &c); err != nil {
			return nil, err
		}
		x.cles = append(x.cles, c)
	}
	return x, nil
}

// DebuterAjout implements the port: a key that the device finds by itself, and
// that it gives only to the person it knows.
func (x *Authentificateur) DebuterAjout(t guichet.TitulaireCle, deja []guichet.CleAcces, defi []byte) (options, etat []byte, err error) {
	qui, err := nouveauTitulaire(t, deja)
	if err != nil {
		return nil, nil, err
	}
	creation, session, err := x.w.BeginRegistration(qui,
		webauthn.WithExclusions(webauthn.Credentials(qui.cles).CredentialDescriptors()),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(), UserVerification: protocol.VerificationRequired,
		}),
		func(o *protocol.PublicKeyCredentialCreationOptions) error { o.Challenge = defi; return nil })
	if err != nil {
		return nil, nil, err
	}
	return ecrire(creation.Response, session)
}

// FinirAjout implements the port.
func (x *Authentificateur) FinirAjout(t guichet.TitulaireCle, etat, reponse []byte) (*guichet.CleAcces, error) {
	qui, err := nouveauTitulaire(t, nil)
	if err != nil {
		return nil, err
	}
	var session webauthn.SessionData
	if err := json.Unmarshal(etat, &session); err != nil {
		return nil, err
	}
	lue, err := protocol.ParseCredentialCreationResponseBytes(reponse)
	if err != nil {
		return nil, refus(guichet.Invalide, "La réponse de la clé d’accès ne se lit pas. Recommencez.", err)
	}
	c, err := x.w.CreateCredential(qui, session, lue)
	if err != nil {
		return nil, refus(guichet.Invalide, "La clé d’accès n’a pas pu être enregistrée : sa réponse n’est pas celle qui était attendue. Recommencez.", err)
	}
	return ranger(c)
}

// DebuterEntree implements the port.
func (x *Authentificateur) DebuterEntree(t guichet.TitulaireCle, cles []guichet.CleAcces, defi []byte) (options, etat []byte, err error) {
	os := []webauthn.LoginOption{webauthn.WithUserVerification(protocol.VerificationRequired), webauthn.WithChallenge(defi)}
	if len(cles) > 0 {
		qui, err := nouveauTitulaire(t, cles)
		if err != nil {
			return nil, nil, err
		}
		os = append(os, webauthn.WithAllowedCredentials(webauthn.Credentials(qui.cles).CredentialDescriptors()))
	}
	demande, session, err := x.w.BeginDiscoverableLogin(os...)
	if err != nil {
		return nil, nil, err
	}
	// Whose key it is, the business judges: it knows the account that waits.
	session.AllowedCredentialIDs = nil
	return ecrire(demande.Response, session)
}

// FinirEntree implements the port. A counter that did not grow tells a key that
// was copied: it is refused.
func (x *Authentificateur) FinirEntree(etat, reponse []byte, trouver func(identifiant, poignee string) (*guichet.CleAcces, error)) (*guichet.CleAcces, error) {
	var session webauthn.SessionData
	if err := json.Unmarshal(etat, &session); err != nil {
		return nil, err
	}
	lue, err := protocol.ParseCredentialRequestResponseBytes(reponse)
	if err != nil {
		return nil, refus(guichet.NonIdentifie, "La réponse de la clé d’accès ne se lit pas. Recommencez.", err)
	}
	b64 := base64.RawURLEncoding.EncodeToString
	trouvee, err := trouver(b64(lue.RawID), b64(lue.Response.UserHandle))
	if err != nil {
		return nil, err
	}
	qui, err := nouveauTitulaire(guichet.TitulaireCle{Poignee: trouvee.Poignee}, []guichet.CleAcces{*trouvee})
	if err != nil {
		return nil, err
	}
	if len(lue.Response.UserHandle) == 0 { // a device that was told which key to use may leave it out
		lue.Response.UserHandle = qui.poignee
	}
	_, c, err := x.w.ValidatePasskeyLogin(func(_, _ []byte) (webauthn.User, error) { return qui, nil }, session, lue)
	if err != nil {
		return nil, refus(guichet.NonIdentifie, "La clé d’accès n’a pas prouvé qui vous êtes. Recommencez, ou connectez-vous avec votre mot de passe.", err)
	}
	if c.Authenticator.CloneWarning {
		return nil, refus(guichet.NonIdentifie, "Cette clé d’accès semble avoir été copiée : elle n’est plus acceptée. Connectez-vous avec votre mot de passe et retirez-la.", nil)
	}
	jugee, err := ranger(c)
	if err != nil {
		return nil, err
	}
	trouvee.Charge = jugee.Charge
	return trouvee, nil
}

// ecrire spells options for the browser and the state to keep.
func ecrire(options any, session *webauthn.SessionData) (o, etat []byte, err error) {
	if o, err = json.Marshal(options); err != nil {
		return nil, nil, err
	}
	etat, err = json.Marshal(session)
	return o, etat, err
}

// ranger spells a key as it is kept: who made the device is nobody's business.
func ranger(c *webauthn.Credential) (*guichet.CleAcces, error) {
	c.Attestation = webauthn.CredentialAttestation{}
	charge, err := json.Marshal(c)
	return &guichet.CleAcces{Identifiant: base64.RawURLEncoding.EncodeToString(c.ID), Charge: charge}, err
}

func refus(g guichet.Genre, message string, cause error) error {
	return &guichet.Error{Genre: g, Message: message, Cause: cause}
}
