package web

import (
	"net/http"
	"net/url"
	"strings"

	"guichet.example/internal/guichet"
)

// visite is one request and who makes it.
type visite struct {
	w http.ResponseWriter
	r *http.Request
	a *guichet.Acteur      // nil = nobody is signed in
	f *guichet.Fournisseur // the actor's supplier; nil for agents
}

// reconnaitre finds who a request belongs to. A session that is over is as
// none; a store that does not answer is an error.
func (s *serveur) reconnaitre(v *visite) error {
	secret := s.sessionPresente(v)
	if secret == "" {
		return nil
	}
	var err error
	v.a, err = s.g.ActeurDeSession(v.r.Context(), secret, s.o.Adresse(v.r))
	if guichet.GenreDe(err) == guichet.NonIdentifie {
		s.poserSession(v, "")
		return nil
	}
	if err == nil && !v.a.Agent() {
		v.f, _, err = s.g.Fournisseur(v.r.Context(), v.a)
	}
	return err
}

// refererEtranger tells a form that says by its Referer alone that it comes
// from elsewhere: old browsers send neither Origin nor Sec-Fetch-Site.
func refererEtranger(r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Site") != "" {
		return false
	}
	ref := r.Header.Get("Referer")
	if ref == "" {
		return false
	}
	u, err := url.Parse(ref)
	return err != nil || u.Host != r.Host
}

// aller sends the browser to a page of ours after a form was taken.
func (v *visite) aller(chemin string) error {
	http.Redirect(v.w, v.r, chemin, http.StatusSeeOther)
	return nil
}

// cheminSur is a page of ours to go back to; any other address is the
// dashboard.
func cheminSur(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") || strings.ContainsAny(s, "\\\r\n\t") {
		return "/tableau-de-bord"
	}
	return s
}

// peut tells whether who visits has the right of an action.
func (v *visite) peut(a guichet.Action) bool { return v.a != nil && v.a.Peut(a) }
