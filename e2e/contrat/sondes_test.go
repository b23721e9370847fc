package contrat

import (
	"io"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestProbes(t *testing.T) {
	t.Parallel()
	d := partage(t, "pages")
	asp := d.enEtat(t, "decidee")[0]
	n := d.navigateur()
	for _, sonde := range []string{"/livez", "/readyz"} {
		if p := n.ouvrir(t, sonde); p.statut != 200 {
			t.Errorf("%s : %d", sonde, p.statut)
		}
	}
	p := n.ouvrir(t, "/metrics")
	if p.statut != 200 || !strings.HasPrefix(p.entetes.Get("Content-Type"), "text/plain") {
		t.Errorf("/metrics : %d en %q", p.statut, p.entetes.Get("Content-Type"))
	}
	if !regexp.MustCompile(`(?m)^# TYPE \S+ (counter|gauge|histogram|summary)$`).MatchString(p.texte) {
		t.Errorf("/metrics sans types : %.300s", p.texte)
	}
	ligneMesure := regexp.MustCompile(`^[a-zA-Z_:][a-zA-Z0-9_:]*(\{[^{}]*\})? [^ ]+( \d+)?$`)
	for l := range strings.Lines(p.texte) {
		if l = strings.TrimRight(l, "\n"); l != "" && l[0] != '#' && !ligneMesure.MatchString(l) {
			t.Errorf("/metrics : ligne %q", l)
		}
	}
	secrets := []string{asp}
	for _, c := range d.comptes() {
		secrets = append(secrets, c.Utilisateur, c.Jeton)
		if c.Siret != "" {
			secrets = append(secrets, c.Siret, c.NumeroAns, c.RaisonSociale)
		}
	}
	for _, s := range secrets {
		if strings.Contains(p.texte, s) {
			t.Errorf("/metrics porte %q", s)
		}
	}
}

// A header sent a byte at a time must not hold a connection for ever.
func TestHeaderWithoutEndIsCut(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("jusqu’à une minute d’attente : sauté par -short")
	}
	d := partage(t, "pages")
	fil, err := net.Dial("tcp", strings.TrimPrefix(d.Adresse, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = fil.Close() }()
	debut := time.Now()
	go func() {
		_, _ = io.WriteString(fil, "GET /livez HTTP/1.1\r\nHost: guichet\r\nX-Lent: ")
		for range 120 {
			if _, err := io.WriteString(fil, "a"); err != nil {
				return
			}
			time.Sleep(500 * time.Millisecond)
		}
	}()
	_ = fil.SetReadDeadline(debut.Add(60 * time.Second))
	if _, err := io.Copy(io.Discard, fil); err != nil && strings.Contains(err.Error(), "timeout") {
		t.Errorf("un en-tête sans fin tient encore après %s", time.Since(debut).Round(time.Second))
	}
}
