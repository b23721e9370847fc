package main

import (
	"net/http"
	"net/netip"
	"testing"
)

// Where a request comes from is what the connection says, or what a trusted
// proxy says of it, and always an address.
func FuzzAdresseDe(f *testing.F) {
	f.Add("192.0.2.1:80", "198.51.100.7", "id-1234567")
	f.Add("10.0.0.1:80", "198.51.100.7, 10.2.3.4", "")
	f.Add("10.0.0.1:80", ",,::ffff:10.0.0.1,[::1]:80,x", "a\nb")
	f.Add("@", "", "")
	p := &portail{mandataires: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
	f.Fuzz(func(t *testing.T, de, chaine, id string) {
		r := &http.Request{RemoteAddr: de, Header: http.Header{"X-Forwarded-For": {chaine}}}
		a := p.adresseDe(r)
		ap, err := netip.ParseAddrPort(de)
		if err != nil && a.IsValid() || err == nil && !a.IsValid() {
			t.Errorf("%q, %q: %v", de, chaine, a)
		}
		if err == nil && !p.cru(ap.Addr()) && a != ap.Addr() {
			t.Errorf("%q is believed from %q", chaine, de)
		}
		if idRequete(id) && (len(id) > 64 || len(id) < 8) {
			t.Errorf("%q", id)
		}
	})
}
