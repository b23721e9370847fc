package web

import (
	"net/http"
	"time"
)

// Cookies of the pages.
const (
	cookieSession  = "guichet_session"  // the secret of a session
	cookieAppareil = "guichet_appareil" // of a browser that an account is known to use
	cookieIdentite = "guichet_identite" // of a sign-in under way at the identity provider
)

// Ages of cookies; one of 0 goes with the browser.
const (
	ageAppareil = 180 * 24 * time.Hour
	ageIdentite = 5 * time.Minute
)

// nomCookie is a cookie's full name. Over TLS it has the prefix by which
// browsers refuse it from any other host, and without TLS.
func (s *serveur) nomCookie(v *visite, nom string) string {
	if s.o.Chiffre(v.r) {
		return "__Host-" + nom
	}
	return nom
}

// poserCookie sets a cookie of the portal, or takes it back with the value "".
func (s *serveur) poserCookie(v *visite, nom, valeur string, age time.Duration) {
	secondes := int(age / time.Second)
	if valeur == "" {
		secondes = -1
	}
	http.SetCookie(v.w, &http.Cookie{Name: s.nomCookie(v, nom), Value: valeur, Path: "/", MaxAge: secondes,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.o.Chiffre(v.r)})
}

// poserSession sets the session cookie, or ends it with the secret "". The
// cookie goes with the browser; the service ends the session by itself.
func (s *serveur) poserSession(v *visite, secret string) { s.poserCookie(v, cookieSession, secret, 0) }

// sessionPresente is the secret of the session that asks; "" = none.
func (s *serveur) sessionPresente(v *visite) string {
	c, err := v.r.Cookie(s.nomCookie(v, cookieSession))
	if err != nil || len(c.Value) > 200 {
		return ""
	}
	return c.Value
}
