package appel

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestPublique(t *testing.T) {
	t.Parallel()
	for ip, bonne := range map[string]bool{
		"8.8.8.8": true, "1.1.1.1": true, "2606:4700:4700::1111": true, "::ffff:8.8.8.8": true,
		"127.0.0.1": false, "127.255.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "172.31.255.255": false, "172.32.0.1": true,
		"192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "0.0.0.0": false, "255.255.255.255": false, "224.0.0.1": false,
		"192.0.2.1": false, "198.18.0.1": false, "203.0.113.9": false, "240.0.0.1": false,
		"::1": false, "::": false, "fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd00:ec2::254": false, "ff02::1": false,
		"::ffff:127.0.0.1": false, "::ffff:169.254.169.254": false, "64:ff9b::7f00:1": false, "64:ff9b:1::1": false, "2002:7f00:1::": false,
		"2001::1": false, "2001:db8::1": false, "::7f00:1": false, "100::1": false, "fec0::1": false,
	} {
		if got := Publique(netip.MustParseAddr(ip)); got != bonne {
			t.Errorf("%s: %v", ip, got)
		}
	}
}

func TestPermise(t *testing.T) {
	t.Parallel()
	a := Nouveau(Options{})
	for adresse, bonne := range map[string]bool{
		"https://fournisseur.example/crochet?x=1":              true,
		"https://fournisseur.example:8443/":                    true,
		"https://fournisseur.example:22/":                      false,
		"http://fournisseur.example/":                          false,
		"ftp://fournisseur.example/":                           false,
		"https://u:p@fournisseur.example/":                     false,
		"https://fournisseur.example/#f":                       false,
		"https://localhost/":                                   false,
		"https://127.0.0.1/":                                   false,
		"https://[::1]/":                                       false,
		"https://[::ffff:10.0.0.1]/":                           false,
		"https://169.254.169.254/latest/":                      false,
		"https://8.8.8.8/":                                     true,
		"https:///x":                                           false,
		"fournisseur.example":                                  false,
		"https://a.example/" + strings.Repeat("x", adresseMax): false,
		"": false,
	} {
		if err := a.Permise(adresse); (err == nil) != bonne {
			t.Errorf("%.60s: %v", adresse, err)
		}
	}
}

// A name that stands for an inside address is not dialled, even beside a
// public one, however it is spelled.
func TestNomVersLInterieur(t *testing.T) {
	t.Parallel()
	for _, ips := range [][]string{{"127.0.0.1"}, {"8.8.8.8", "10.0.0.1"}, {"::1"}, {"169.254.169.254"}, {}} {
		fois := 0
		a := Nouveau(Options{Delai: time.Second, Resoudre: func(context.Context, string) (rs []netip.Addr, _ error) {
			fois++
			for _, ip := range ips {
				rs = append(rs, netip.MustParseAddr(ip))
			}
			return rs, nil
		}})
		_, err := a.Poster(t.Context(), "https://interieur.example/secret", nil, nil)
		if err == nil || len(ips) > 0 && !errors.Is(err, ErrInterdite) || fois != 1 {
			t.Errorf("%v: %v, resolved %d times", ips, err, fois)
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("the error tells the path: %v", err)
		}
	}
}

// serveurTLS answers under the name of its certificate.
func serveurTLS(t *testing.T, h http.HandlerFunc) (*Appelant, string) {
	t.Helper()
	s := httptest.NewTLSServer(h)
	t.Cleanup(s.Close)
	racines := x509.NewCertPool()
	racines.AddCert(s.Certificate())
	fois := 0
	a := Nouveau(Options{Delai: 2 * time.Second, Racines: racines, Boucle: true, Resoudre: func(context.Context, string) ([]netip.Addr, error) {
		if fois++; fois > 1 {
			return []netip.Addr{netip.MustParseAddr("10.0.0.1")}, nil // the name turns inside
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}})
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return a, "https://example.com:" + port
}

func TestPoster(t *testing.T) {
	t.Parallel()
	a, adresse := serveurTLS(t, func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil || string(b) != "corps" || r.Header.Get("X-Essai") != "oui" || r.Host == "" || r.Method != http.MethodPost {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	if s, err := a.Poster(t.Context(), adresse+"/x", map[string]string{"X-Essai": "oui"}, []byte("corps")); s != http.StatusNoContent || err != nil {
		t.Fatal(s, err)
	}
	// Each call resolves for itself: the name that has turned is refused.
	if _, err := a.Poster(t.Context(), adresse+"/x", nil, nil); !errors.Is(err, ErrInterdite) {
		t.Error(err)
	}
}

func TestRedirectionNonSuivie(t *testing.T) {
	t.Parallel()
	a, adresse := serveurTLS(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			t.Error("the redirection was followed")
		}
		http.Redirect(w, r, "/ailleurs", http.StatusTemporaryRedirect)
	})
	if s, err := a.Poster(t.Context(), adresse+"/", nil, nil); s != http.StatusTemporaryRedirect || err != nil {
		t.Error(s, err)
	}
}

// A receiver that says much, or nothing, does not hold us.
func TestReponseBornee(t *testing.T) {
	t.Parallel()
	fin := make(chan struct{})
	defer close(fin)
	a, adresse := serveurTLS(t, func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := w.Write(make([]byte, 32<<10)); err != nil {
				return
			}
		}
	})
	if s, err := a.Poster(t.Context(), adresse, nil, nil); s != http.StatusOK || err != nil {
		t.Error(s, err)
	}
	muet, adresse := serveurTLS(t, func(http.ResponseWriter, *http.Request) { <-fin })
	muet.c.Timeout = 100 * time.Millisecond
	if _, err := muet.Poster(t.Context(), adresse, nil, nil); err == nil {
		t.Error("waited for nothing, and was content")
	}
}
