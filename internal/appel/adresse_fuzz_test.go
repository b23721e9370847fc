package appel

import (
	"net/netip"
	"net/url"
	"testing"
)

// An address that is called is https, without a user, and never one of our
// side of the wall, however it is spelt.
func FuzzPermise(f *testing.F) {
	for _, s := range []string{"https://fournisseur.example/x", "https://127.0.0.1/", "https://[::ffff:169.254.169.254]/", "https://0x7f.1/", "https://2130706433/", "https://a@b.example/", "https://[fe80::1%25eth0]/", "https://localhost./", "//x", "https://８.８.８.８/"} {
		f.Add(s)
	}
	a := Nouveau(Options{})
	f.Fuzz(func(t *testing.T, s string) {
		if a.Permise(s) != nil {
			return
		}
		u, err := url.Parse(s)
		if err != nil || u.Scheme != "https" || u.User != nil || u.Fragment != "" || len(s) > adresseMax || u.Hostname() == "" {
			t.Fatalf("%q is called", s)
		}
		if ip, err := netip.ParseAddr(u.Hostname()); err == nil && !Publique(ip) {
			t.Errorf("%q is inside", s)
		}
	})
}
