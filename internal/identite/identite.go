// Package identite signs people in by an OpenID provider: authorisation code,
// PKCE, state and nonce. It asks who somebody is and nothing else; which
// account that opens, the business judges, see [guichet.FournisseurIdentite],
// which it implements. It must never import the store or the pages.
package identite

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"guichet.example/internal/guichet"
)

// Reglages name the provider.
type Reglages struct {
	Emetteur     string // its address, exactly as it calls itself
	Client       string
	Secret       string
	Nom          string // as people call it; "" = its host name
	Portail      string // public address of the portal, without a slash at the end
	Agents       bool   // who signs in by it
	Fournisseurs bool
	Horloge      func() time.Time
}

// Chemins of the portal that the provider sends browsers back to.
const (
	CheminRetour = "/connexion/identite/retour"
	CheminDepart = "/connexion"
)

// delai bounds each call to the provider.
const delai = 8 * time.Second

// Fournisseur is one OpenID provider. Safe for concurrent use. It is found out
// about at the first sign-in, so that the portal starts without it.
type Fournisseur struct {
	q      Reglages
	client *http.Client

	mu     sync.Mutex
	trouve *oidc.Provider
	depart string // end_session_endpoint; "" = none
}

var _ guichet.FournisseurIdentite = (*Fournisseur)(nil)

// Nouveau reads the settings; it asks the provider nothing.
func Nouveau(q Reglages) (*Fournisseur, error) {
	u, err := url.Parse(q.Emetteur)
	switch {
	case err != nil || u.Host == "":
		return nil, fmt.Errorf("l’émetteur « %s » n’est pas une adresse", q.Emetteur)
	case u.Scheme != "https" && !boucle(u.Hostname()):
		return nil, fmt.Errorf("l’émetteur « %s » doit commencer par https://", q.Emetteur)
	case q.Client == "" || q.Secret == "":
		return nil, errors.New("il manque l’identifiant du client ou son secret")
	case q.Portail == "":
		return nil, errors.New("il manque l’adresse publique du portail (GUICHET_ADRESSE), où le fournisseur renvoie")
	case !q.Agents && !q.Fournisseurs:
		return nil, errors.New("il manque qui s’en sert : agents, fournisseurs")
	}
	if q.Nom == "" {
		q.Nom = u.Hostname()
	}
	return &Fournisseur{q: q, client: &http.Client{Timeout: delai, Transport: http.DefaultTransport,
		// A provider that moves says so in its own documents.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}, nil
}

// boucle tells the machine itself: tests run a provider there without TLS.
func boucle(hote string) bool {
	a, err := netip.ParseAddr(hote)
	return hote == "localhost" || err == nil && a.IsLoopback()
}

// Nom implements the port.
func (f *Fournisseur) Nom() string { return f.q.Nom }

// Pour implements the port.
func (f *Fournisseur) Pour(agent bool) bool { return agent && f.q.Agents || !agent && f.q.Fournisseurs }

// trouver reads what the provider says of itself, once it answers.
func (f *Fournisseur) trouver(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.trouve == nil {
		// The keys are read again later, when this request is over: not its context.
		p, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), f.client), f.q.Emetteur)
		if err != nil {
			return nil, nil, f.muet(err)
		}
		var plus struct {
			Depart string `json:"end_session_endpoint"`
		}
		if err := p.Claims(&plus); err != nil {
			return nil, nil, f.muet(err)
		}
		f.trouve, f.depart = p, plus.Depart
	}
	return f.trouve, &oauth2.Config{ClientID: f.q.Client, ClientSecret: f.q.Secret, Endpoint: f.trouve.Endpoint(),
		RedirectURL: f.q.Portail + CheminRetour, Scopes: []string{oidc.ScopeOpenID, "email"}}, nil
}

func (f *Fournisseur) muet(cause error) error {
	return &guichet.Error{Genre: guichet.Indisponible, Cause: cause,
		Message: fmt.Sprintf("%s ne répond pas. Connectez-vous avec votre mot de passe ou une clé d’accès, ou réessayez plus tard.", f.q.Nom)}
}

func (f *Fournisseur) refus(cause error) error {
	return &guichet.Error{Genre: guichet.NonIdentifie, Cause: cause,
		Message: fmt.Sprintf("La réponse de %s ne prouve pas qui vous êtes. Recommencez, ou connectez-vous avec votre mot de passe.", f.q.Nom)}
}

// Adresse implements the port.
func (f *Fournisseur) Adresse(ctx context.Context, q guichet.SecretsIdentite) (string, error) {
	_, c, err := f.trouver(ctx)
	if err != nil {
		return "", err
	}
	return c.AuthCodeURL(q.Etat, oidc.Nonce(q.Nonce), oauth2.S256ChallengeOption(q.Verificateur)), nil
}

// Echanger implements the port.
func (f *Fournisseur) Echanger(ctx context.Context, code string, q guichet.SecretsIdentite) (*guichet.IdentiteProuvee, error) {
	p, c, err := f.trouver(ctx)
	if err != nil {
		return nil, err
	}
	ctx, annuler := context.WithTimeout(oidc.ClientContext(ctx, f.client), 2*delai)
	defer annuler()
	jetons, err := c.Exchange(ctx, code, oauth2.VerifierOption(q.Verificateur))
	if err != nil {
		return nil, f.juger(err)
	}
	brut, ok := jetons.Extra("id_token").(string)
	if !ok {
		return nil, f.refus(errors.New("no id_token"))
	}
	jeton, err := p.Verifier(&oidc.Config{ClientID: f.q.Client, Now: f.q.Horloge}).Verify(ctx, brut)
	if err != nil {
		return nil, f.juger(err)
	}
	if jeton.Nonce != q.Nonce {
		return nil, f.refus(errors.New("another nonce"))
	}
	return f.lire(ctx, p, jeton, jetons)
}

// lire takes the claims from the token, and the address from the provider's own
// page of it when the token has none.
func (f *Fournisseur) lire(ctx context.Context, p *oidc.Provider, jeton *oidc.IDToken, jetons *oauth2.Token) (*guichet.IdentiteProuvee, error) {
	var dit struct {
		Courriel string   `json:"email"`
		Verifie  bool     `json:"email_verified"`
		Moyens   []string `json:"amr"`
	}
	if err := jeton.Claims(&dit); err != nil {
		return nil, f.refus(err)
	}
	if dit.Courriel == "" && p.UserInfoEndpoint() != "" {
		u, err := p.UserInfo(ctx, oauth2.StaticTokenSource(jetons))
		if err != nil {
			return nil, f.juger(err)
		}
		if u.Subject != jeton.Subject {
			return nil, f.refus(errors.New("another subject"))
		}
		dit.Courriel, dit.Verifie = u.Email, u.EmailVerified
	}
	i := &guichet.IdentiteProuvee{Emetteur: jeton.Issuer, Sujet: jeton.Subject, Fort: slices.Contains(dit.Moyens, "mfa")}
	if dit.Verifie {
		i.Courriel = dit.Courriel
	}
	return i, nil
}

// juger tells a provider that does not answer from one that refuses.
func (f *Fournisseur) juger(err error) error {
	var reseau net.Error
	var refuse *oauth2.RetrieveError
	if errors.As(err, &refuse) && refuse.Response.StatusCode < http.StatusInternalServerError {
		return f.refus(err)
	}
	if refuse != nil || errors.As(err, &reseau) {
		return f.muet(err)
	}
	return f.refus(err)
}

// Depart implements the port; a provider that does not answer has none.
func (f *Fournisseur) Depart(ctx context.Context) string {
	_, _, err := f.trouver(ctx)
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil || f.depart == "" {
		return ""
	}
	lien := "?"
	if strings.Contains(f.depart, "?") {
		lien = "&"
	}
	return f.depart + lien + url.Values{"client_id": {f.q.Client}, "post_logout_redirect_uri": {f.q.Portail + CheminDepart}}.Encode()
}
