package tus

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"guichet.example/internal/guichet"
)

func requete(nom string, valeurs ...string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", http.NoBody)
	r.Header[nom] = valeurs
	return r
}

// The steps of the protocol are tried over HTTP in internal/api; here are the
// headers that a hostile caller writes.
func TestHeadersAreReadOnceAndBounded(t *testing.T) {
	t.Parallel()
	for v, want := range map[string]int64{"0": 0, "209715200": 209715200, "": -1, "-1": -1, "+1": -1, "1.0": -1, "0x10": -1, "9999999999999999999": -1, " 1": -1} {
		n, err := entier(requete("Upload-Length", v), "Upload-Length")
		if (err != nil) != (want < 0) || err == nil && n != want {
			t.Errorf("%q: %d, %v", v, n, err)
		}
	}
	if _, err := entier(requete("Upload-Length", "1", "1"), "Upload-Length"); guichet.GenreDe(err) != guichet.Illisible {
		t.Errorf("given twice: %v", err)
	}
	for v, ok := range map[string]bool{"": true, "filename cGllY2VzLnppcA==,cle YQ==": true, "cle YQ==,cle YQ==": false, "cle !": false, "autre YQ==, cle": true,
		"cle " + strings.Repeat("YWFh", 70): false, ",": false} {
		if _, err := metadonnees(requete("Upload-Metadata", v)); (err == nil) != ok {
			t.Errorf("%.30q: %v", v, err)
		}
	}
	for v, ok := range map[string]bool{"sha256 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=": true, "sha1 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=": false, "sha256 YQ==": false, "": false} {
		if _, err := sommeDe(requete("Upload-Checksum", v)); (err == nil) != ok {
			t.Errorf("%.30q: %v", v, err)
		}
	}
}

// One supplier cannot take all places, and a place given back is free again.
func TestSlicesUnderWayAreBounded(t *testing.T) {
	t.Parallel()
	p := Nouveau(nil, t.TempDir())
	var rendre []func()
	for range tranchesParUn {
		f, err := p.prendreTour(1)
		if err != nil {
			t.Fatal(err)
		}
		rendre = append(rendre, f)
	}
	if _, err := p.prendreTour(1); guichet.GenreDe(err) != guichet.TropSouvent {
		t.Errorf("one too many of one supplier: %v", err)
	}
	for f := guichet.FournisseurID(2); p.total < tranchesMax; f++ {
		if _, err := p.prendreTour(f); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.prendreTour(1000); guichet.GenreDe(err) != guichet.Indisponible {
		t.Errorf("one too many of all: %v", err)
	}
	rendre[0]()
	if _, err := p.prendreTour(1); err != nil {
		t.Errorf("a place given back: %v", err)
	}
}
