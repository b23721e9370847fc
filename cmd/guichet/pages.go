package main

import (
	"net/http"
	"strings"
	"time"

	"guichet.example/internal/api"
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
	public := strings.HasPrefix(p.reglages["GUICHET_ADRESSE"], "https://")
	return web.Nouveau(p.guichet, web.Options{
		DossierTemp: o.DossierTemp, Zone: zone, Adresse: o.Adresse, Signaler: o.Signaler,
		Chiffre: func(r *http.Request) bool { return public || r.TLS != nil },
	})
}
