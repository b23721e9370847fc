package api_test

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
)

// Whatever is sent to a route, with a good token or not, the answer is no
// failure of ours.
func FuzzRequetes(f *testing.F) {
	f.Add(uint(0), "nom=JSON-X.json", "application/json", `{"impId":null}`, true)
	f.Add(uint(8), "", "application/json", `{"acte":"prendre","acte":"valider"}`, true)
	f.Add(uint(1), "", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"../a\"\r\n\r\nx\r\n--x--", true)
	f.Add(uint(4), "curseur=%00&curseur=", "application/zip", "PK\x03\x04", false)
	f.Add(uint(11), "depuis=-1", "", `{"numerosASP":["`+strings.Repeat("A", 500)+`"]}`, true)
	source, err := os.ReadFile("routes.go")
	if err != nil {
		f.Fatal(err)
	}
	var routes [][]string
	for _, m := range regexp.MustCompile(`\{"(GET|POST|PUT|PATCH|DELETE)", "(/[^"]*)"`).FindAllStringSubmatch(string(source), -1) {
		routes = append(routes, []string{m[1], regexp.MustCompile(`\{[a-zA-Z]+\}`).ReplaceAllString(m[2], "PHA-1")})
	}
	if len(routes) < 15 {
		f.Fatalf("only %d routes found", len(routes))
	}
	p := nouveauPortail(f)
	f.Fuzz(func(t *testing.T, route uint, requete, genre, corps string, jeton bool) {
		x := routes[route%uint(len(routes))]
		r, err := http.NewRequestWithContext(t.Context(), x[0], p.adresse+"/api/v1"+x[1], strings.NewReader(corps))
		if err != nil {
			t.Fatal(err)
		}
		r.URL.RawQuery = regexp.MustCompile(`[^ -~]|[ #]`).ReplaceAllString(requete, "")
		if strings.Trim(genre, "abcdefghijklmnopqrstuvwxyz/;=-0123456789 ") == "" {
			r.Header.Set("Content-Type", genre)
		}
		if jeton {
			r.Header.Set("Authorization", "Bearer "+p.jetons["cumul"])
		}
		rep, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := rep.Body.Close(); err != nil || rep.StatusCode >= 500 && rep.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("%s %s: %d, %v", x[0], x[1], rep.StatusCode, err)
		}
	})
}
