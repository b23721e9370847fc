//go:build !leger

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"guichet.example/internal/atelier/envoi"
	"guichet.example/internal/atelier/registre"
)

// preparerListe prepares a list of n orders by the command itself, with file
// numbers of the day from debut on and numbers that the portal does not have.
func (d *demo) preparerListe(t *testing.T, travail string, n, debut int) (depot string) {
	t.Helper()
	f := d.Fournisseurs[0]
	d.decaler(t, travail, debut)
	if out, err, s := d.segur("suivre", "--dossier", travail); s != 0 {
		t.Fatal(out, err)
	}
	commandes, scans := liste(t, travail, n)
	depot = filepath.Join(travail, "depot")
	if out, err, s := d.segur("preparer", commandes, "--scans", scans, "--numero-ans", f.NumeroAns, "--siret", f.Siret, "--vers", depot); s != 0 {
		t.Fatal(out, err)
	}
	return depot
}

// certificatEtCorrection: a certificate goes with the deposit and is
// recognised; a request sent back for its order form gets another one and goes
// back to the agency.
func (d *demo) certificatEtCorrection(t *testing.T) {
	travail := t.TempDir()
	depot := d.preparerListe(t, travail, 2, 600)
	out, err, s := d.segur("certifier", depot)
	if s != 0 {
		t.Fatal(out, err)
	}
	if err := os.WriteFile(filepath.Join(depot, envoi.NomCertificat), []byte(out), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err, s := d.segur("controler", depot); s != 0 || envoi.NomCertificat != nomCertificat {
		t.Errorf("the certificate is not one of the files of its folder: %d %s%s", s, out, err)
	}
	if out, err, s = d.segur("deposer", depot); s != 0 || !strings.Contains(out, "Certificat de contrôle : reconnu par le portail") {
		t.Fatalf("%d %s%s", s, out, err)
	}
	if out, err, s = d.segur("deposer", depot, "--sortie", "json"); s != 0 || !strings.Contains(out, `"dejaDepose": true`) || !strings.Contains(out, `"piecesRemplacees": []`) {
		t.Fatalf("again: %d %s%s", s, out, err)
	}
	r, errLire := registre.Lire(travail, registre.Options{})
	if errLire != nil {
		t.Fatal(errLire)
	}
	q := r.Demandes()[0]
	d.renvoyerPourModification(t, q.NumeroASP)
	out, _, s = d.segur("deposer", depot)
	if s != 0 || !strings.Contains(out, "1 demande à modifier : "+q.NumeroEditeur) || !strings.Contains(out, "--corriger") {
		t.Fatalf("to be modified: %d %s", s, out)
	}
	nom := "PHA-LGO-Va1-BDC-" + q.NumeroEditeur + ".png"
	if err := os.WriteFile(filepath.Join(depot, nom), photo(t, 77), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err, s = d.segur("deposer", depot, "--corriger")
	if s != 0 || !strings.Contains(out, "1 pièce remplacée : "+nom) || !strings.Contains(out, "1 demande rendue à l’agence après correction : "+q.NumeroEditeur) {
		t.Fatalf("corrected: %d %s%s", s, out, err)
	}
	if out, _, s = d.segur("deposer", depot, "--corriger"); s != 0 || strings.Contains(out, "remplacée") || strings.Contains(out, "rendue") {
		t.Errorf("twice: %d %s", s, out)
	}
	var vue struct{ Statut string }
	if err := json.Unmarshal(d.agir(t, d.agents("instructeur")[0], "GET", "/demandes/"+q.NumeroASP, ""), &vue); err != nil || vue.Statut != "deposee" {
		t.Errorf("%+v %v", vue, err)
	}
}

// renvoyerPourModification sends a request back for its documents.
func (d *demo) renvoyerPourModification(t *testing.T, asp string) {
	t.Helper()
	instructeur := d.agents("instructeur")[0]
	d.agir(t, instructeur, "POST", "/demandes/"+asp+"/actes", `{"acte": "prendre"}`)
	var liste struct {
		Motifs []struct {
			Code  string
			Actes []string
		}
	}
	if err := json.Unmarshal(d.agir(t, instructeur, "GET", "/motifs", ""), &liste); err != nil {
		t.Fatal(err)
	}
	for _, m := range liste.Motifs {
		if strings.Contains(strings.Join(m.Actes, " "), "demander_modification") {
			d.agir(t, instructeur, "POST", "/demandes/"+asp+"/actes", fmt.Sprintf(`{"acte": "demander_modification", "motifs": [%q], "cibles": ["piecesJustificatives"], "echeance": %q, "message": "Bon de commande illisible."}`,
				m.Code, time.Now().AddDate(0, 1, 0).Format("2006-01-02")))
			return
		}
	}
	t.Fatal("no reason to send back for")
}

// coupeur is a line to a portal that cuts each connection after some bytes, at
// random, later and later.
type coupeur struct {
	net.Listener
	cible string

	verrou  sync.Mutex
	hasard  *rand.Rand
	liaison int
	coupees int
}

func poserCoupeur(t *testing.T, cible string) *coupeur {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &coupeur{Listener: l, cible: cible, hasard: rand.New(rand.NewPCG(1, 2))}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return // closed: the test is over
			}
			go c.servir(client)
		}
	}()
	return c
}

// reste is how many bytes the next connection carries, both ways together.
func (c *coupeur) reste() *budget {
	c.verrou.Lock()
	defer c.verrou.Unlock()
	c.liaison++
	return &budget{c: c, n: c.hasard.IntN(256 << min(c.liaison/3, 20))}
}

func (c *coupeur) servir(client net.Conn) {
	portail, err := net.Dial("tcp", c.cible) //nolint:noctx // the connection ends with the test's portal
	if err != nil {
		_ = client.Close()
		return
	}
	b := c.reste()
	var attente sync.WaitGroup
	for _, sens := range [][2]net.Conn{{portail, client}, {client, portail}} {
		attente.Go(func() {
			_, _ = io.Copy(sens[0], io.TeeReader(sens[1], b)) // ends with an error when the budget is spent
			_, _ = client.Close(), portail.Close()
		})
	}
	attente.Wait()
}

// budget fails once it is spent.
type budget struct {
	c      *coupeur
	verrou sync.Mutex
	n      int
}

func (b *budget) Write(p []byte) (int, error) {
	b.verrou.Lock()
	defer b.verrou.Unlock()
	if b.n -= len(p); b.n >= 0 {
		return len(p), nil
	}
	b.c.verrou.Lock()
	defer b.c.verrou.Unlock()
	b.c.coupees++
	return 0, io.ErrShortWrite
}

// ligneCoupee: between the command and the portal the line is cut again and
// again, at any byte, on the way there or back. Each run says so by its status
// and its message, the next one goes on, and in the end there is one deposit
// with all its documents.
func (d *demo) ligneCoupee(t *testing.T) {
	travail := t.TempDir()
	depot := d.preparerListe(t, travail, 12, 700)
	c := poserCoupeur(t, strings.TrimPrefix(d.Adresse, "http://"))
	adresse, echecs := "http://"+c.Addr().String(), 0
	for ; ; echecs++ {
		out, err, s := d.segurPar(adresse, "deposer", depot)
		if s == 0 && strings.Contains(out, "le dépôt est complet") && strings.Contains(err, "%") {
			break // with a progress bar on the way
		}
		if s != statutOutil || !strings.Contains(err, "la liaison a été coupée") || !strings.Contains(err, "rien ne sera déposé deux fois") || echecs > 60 {
			t.Fatalf("run %d: status %d\n%s\n%s", echecs, s, out, err)
		}
	}
	t.Logf("%d connections cut, %d runs in vain", c.coupees, echecs)
	if c.coupees < 10 || echecs == 0 {
		t.Errorf("%d connections cut, %d runs failed: the test proves nothing", c.coupees, echecs)
	}
	noms, err := filepath.Glob(filepath.Join(depot, "*.json"))
	if err != nil || len(noms) != 1 {
		t.Fatal(noms, err)
	}
	r, err := registre.Lire(travail, registre.Options{})
	if err != nil {
		t.Fatal(err)
	}
	envoye, _ := r.Depot(filepath.Base(noms[0]))
	if n := d.depotsAuJournal(t, envoye.Envoi.Depot); n != 1 {
		t.Errorf("deposited %d times", n)
	}
	if q := r.Demandes()[11]; q.Statut() != registre.StatutAcceptee {
		t.Errorf("the last request is %s", q.Statut())
	}
}

// depotsAuJournal counts the deposits under an id in the portal's journal.
func (d *demo) depotsAuJournal(t *testing.T, id string) int {
	t.Helper()
	n := 0
	for suivant := 1; suivant > 0; {
		var page struct {
			Entrees []struct{ Acte, Objet string }
			Suivant int
		}
		if err := json.Unmarshal(d.agir(t, d.agents("auditeur")[0], "GET", fmt.Sprintf("/journal?depuis=%d", suivant), ""), &page); err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Entrees {
			if e.Acte == "deposer" && e.Objet == id {
				n++
			}
		}
		suivant = page.Suivant
	}
	return n
}

// A long work says how far it is and how long it still takes, on one line of
// the terminal, and leaves that line free.
func TestBarreDitLeTempsQuiReste(t *testing.T) {
	for _, c := range []struct {
		depuis  time.Duration
		largeur int
		veut    string
	}{{10 * time.Second, 100, " 25 % [#####···············] reste 30 s"}, {200 * time.Second, 100, "reste 10 min"}, {time.Second, 100, "···]"}, {10 * time.Second, 20, "écriture des zips  "}} {
		var w strings.Builder
		b := &barre{w: &w, largeur: c.largeur}
		b.avancer("écriture des zips", 0, 400)
		b.depuis, b.derniere = time.Now().Add(-c.depuis), time.Time{}
		b.avancer("écriture des zips", 100, 400)
		if s := w.String(); !strings.HasSuffix(s, c.veut) {
			t.Errorf("%s: %q", c.depuis, s)
		}
		if b.effacer(); !strings.HasSuffix(w.String(), "\r\x1b[K") {
			t.Errorf("the line is not left free: %q", w.String())
		}
	}
	(*barre)(nil).avancer("personne ne regarde", 1, 2)
}

// "A warning here is a refusal there": a portal refuses from a day on what was a
// warning. Named, or its codes given, it is judged by beforehand; not named,
// nothing changes. It learns nothing of the file, and needs no token.
func TestPeineAvertissementRefuseLaBas(t *testing.T) {
	t.Parallel()
	var appels []string
	empreinte := jeu(t).Empreinte()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		appels = append(appels, r.Method+" "+r.URL.String()+" "+fmt.Sprint(r.ContentLength)+r.Header.Get("Authorization"))
		fmt.Fprintf(w, `{"jeux": [{"type": "avance", "empreinte": %q}], "durcis": [{"code": "9338", "type": "avance", "depuis": "2023-07-02"}, {"code": "9338", "type": "solde", "depuis": "2020-01-01"}]}`, empreinte)
	}))
	t.Cleanup(s.Close)
	travail := t.TempDir()
	doc := strings.ReplaceAll(string(jeu(t).Exemple(2)), "03/02/2023", "01/07/2023")
	doc = regexp.MustCompile(`"FINESSGeo": "\d+"`).ReplaceAllString(doc, `"FINESSGeo": "777777777"`)
	juger := func(jour string, args ...string) string {
		t.Helper()
		out, err, statut := lancer(doc, append([]string{"controler", "-", "--sortie", "json", "--date", jour}, args...)...)
		if err != "" || statut > statutRefuse || (statut == statutRefuse) != strings.Contains(out, `"codeTraitement": "3032"`) {
			t.Errorf("%v: status %d, %s%s", args, statut, err, out)
		}
		return out
	}
	seul := juger("2023-07-02")
	if veille := juger("2023-07-01", "--portail", s.URL); veille != juger("2023-07-01") || strings.Contains(veille, "3032") {
		t.Error("refused before its day")
	}
	la := juger("2023-07-02", "--portail", s.URL)
	if strings.Contains(seul, "3032") || !strings.Contains(la, "3032") || la != juger("2023-07-02", "--durcis", "9338") {
		t.Errorf("the portal is not judged by: %s", la)
	}
	commandes, scans := liste(t, travail, 1)
	b, err := os.ReadFile(commandes)
	if err = errors.Join(err, os.WriteFile(commandes, bytes.ReplaceAll(b, []byte(finess(0)), []byte("777777777")), 0o600)); err != nil {
		t.Fatal(err)
	}
	ligne := []string{"preparer", commandes, "--scans", scans, "--numero-ans", "9999999999", "--siret", "00000000000000", "--date", "2023-07-02", "--vers", filepath.Join(travail, "depot")}
	if out, errs, statut := lancer("", append(ligne, "--portail", s.URL)...); statut != statutRefuse || !strings.Contains(out, "refuse maintenant") {
		t.Errorf("prepared all the same: %d %s%s", statut, out, errs)
	}
	if out, errs, statut := lancer("", ligne...); statut != statutBon {
		t.Errorf("not prepared: %d %s%s", statut, out, errs)
	}
	if want := "GET /api/v1/regles 0"; len(appels) != 3 || appels[0] != want || appels[1] != want || appels[2] != want {
		t.Errorf("the portal was told: %q", appels)
	}
	empreinte = "sha256:autre"
	if _, errs, _ := lancer(doc, "controler", "-", "--portail", s.URL); !strings.Contains(errs, "mettez segur à jour") {
		t.Errorf("other rules are not told of: %s", errs)
	}
	for _, mauvais := range []string{"2331", "neuf"} {
		if _, errs, statut := lancer(doc, "controler", "-", "--durcis", mauvais); statut != statutUsage || !strings.Contains(errs, "« "+mauvais+" »") {
			t.Errorf("--durcis %s: %d %s", mauvais, statut, errs)
		}
	}
}
