package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"guichet.example/internal/rapport"
)

// The simulator can control on the machine of who uses it (docs/decisions/0019):
// the program segur, built for browsers by "make build", and what runs it. A
// portal built without has the form alone.
const (
	moduleControle  = "tiers/segur.wasm.gz"
	outilControle   = "tiers/wasm_exec.js"
	ouvrierControle = "controle/ouvrier.js"
	pageControle    = "controle/simulateur.js"
	texteHorsLigne  = "controle/hors-ligne.js"
)

// local tells whether the portal was built with the program for browsers.
func (s *statiques) local() bool {
	return s.adresses[moduleControle] != "" && s.adresses[outilControle] != ""
}

// rendreSimulateur answers with the simulator, which may compile the program and
// show reports in their own style. This is the one page that may.
func (s *serveur) rendreSimulateur(v *visite, statut int, titre string, c corpsSimulateur) error {
	if c.Local = s.statiques.local(); c.Local {
		var err error
		if c.Durcis, err = s.durcisLocaux(v); err != nil {
			return err
		}
		v.w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' '"+rapport.EmpreinteStyle()+
			"'; img-src 'self'; font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	}
	return s.rendre(v, statut, "simulateur", titre, c)
}

// durcisLocaux writes what the portal refuses beyond the format, days to come
// included: a page that is kept judges by them when they have come.
func (s *serveur) durcisLocaux(v *visite) (string, error) {
	ds, err := s.g.DurcisAnnonces(v.r.Context())
	if err != nil {
		return "", err
	}
	b, err := json.Marshal(ds)
	return string(b), err
}

// horsLigne is the script that keeps the simulator for who has no network. It
// names what it keeps, so that another version of anything is another script, and
// so are other rules of the portal, which stand in the page.
func (s *serveur) horsLigne(v *visite) error {
	if !s.statiques.local() {
		return inconnu("Ce portail n’a pas de simulateur à emporter.")
	}
	var adresses []string
	for _, nom := range []string{"tiers/bootstrap.min.css", "tiers/htmx.min.js", "theme.css", "guichet.svg", "guichet.js", moduleControle, outilControle, ouvrierControle, pageControle} {
		if a := s.statiques.adresses[nom]; a != "" {
			adresses = append(adresses, a)
		}
	}
	liste, err := json.Marshal(adresses)
	if err != nil {
		return err
	}
	durcis, err := s.durcisLocaux(v)
	if err != nil {
		return err
	}
	texte := s.statiques.parAdresse[s.statiques.adresses[texteHorsLigne]].octets
	somme := sha256.Sum256(slices.Concat(liste, []byte(durcis), texte))
	h := v.w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Service-Worker-Allowed", "/simulateur")
	if v.r.Method == http.MethodHead {
		return nil
	}
	// A failed write has nobody left to tell.
	_, _ = fmt.Fprintf(v.w, "const ADRESSES = %s;\nconst VERSION = %q;\n", liste, hex.EncodeToString(somme[:8]))
	_, _ = v.w.Write(texte)
	return nil
}
