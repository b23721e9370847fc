package main

import (
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"guichet.example/internal/api"
	"guichet.example/internal/virement"
	"guichet.example/internal/web"
)

// pages makes the portal's pages; they see the outside as the API does. Their
// cookies are for TLS only when the portal's public address says https, or the
// request itself came over TLS.
func (p *portail) pages(o api.Options) (http.Handler, error) {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return nil, err
	}
	return web.Nouveau(p.guichet, web.Options{
		Agence: p.reglages.agence(), Hasard: rand.Reader, MotifBanque: virement.LibelleMotif,
		DossierTemp: o.DossierTemp, Zone: zone, Adresse: o.Adresse, Signaler: o.Signaler,
		Chiffre: p.chiffre, Suspecter: p.suspects.dire,
	})
}

// agence is who writes the letters, as the settings have it.
func (r reglages) agence() web.Agence {
	a := web.Agence{Nom: r["GUICHET_AGENCE_NOM"], Service: r["GUICHET_AGENCE_SERVICE"], Courriel: r["GUICHET_AGENCE_COURRIEL"], Lieu: r["GUICHET_AGENCE_LIEU"], IBAN: r["GUICHET_PAYEUR_IBAN"]}
	if a.Nom == "" {
		a.Nom = r["GUICHET_PAYEUR_NOM"]
	}
	for l := range strings.SplitSeq(r["GUICHET_AGENCE_ADRESSE"], "|") {
		if l = strings.TrimSpace(l); l != "" {
			a.Adresse = append(a.Adresse, l)
		}
	}
	return a
}
