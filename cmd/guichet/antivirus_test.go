package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/antivirus"
	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// menace is what the engine of this test takes for a virus.
const menace = "MENACE-DE-L-ESSAI-SANS-DANGER"

// moteur is a real clamd that the test starts and stops, with one signature and
// no network.
type moteur struct {
	programme, dossier string
	client             *antivirus.Client
}

func nouveauMoteur(t *testing.T) *moteur {
	t.Helper()
	m := &moteur{programme: "/usr/sbin/clamd"}
	if _, err := os.Stat(m.programme); err != nil {
		t.Skip("clamd is not installed (Debian: clamav-daemon)")
	}
	var err error
	if m.dossier, err = os.MkdirTemp("", "clamd"); err != nil { // a socket's path is at most 107 bytes
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(m.dossier) })
	prise := filepath.Join(m.dossier, "clamd.ctl")
	for nom, texte := range map[string]string{
		"essai.ndb":  "Menace-Essai:0:*:" + hex.EncodeToString([]byte(menace)) + "\n",
		"clamd.conf": fmt.Sprintf("LocalSocket %s\nDatabaseDirectory %s\nForeground yes\nTemporaryDirectory %s\nStreamMaxLength 4M\n", prise, m.dossier, m.dossier),
	} {
		if err := os.WriteFile(filepath.Join(m.dossier, nom), []byte(texte), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if m.client, err = antivirus.Ouvrir("unix://" + prise); err != nil {
		t.Fatal(err)
	}
	return m
}

// demarrer starts the engine; what it returns stops it.
func (m *moteur) demarrer(t *testing.T) (arreter func()) {
	t.Helper()
	var sortie bytes.Buffer
	c := exec.Command(m.programme, "--config-file", filepath.Join(m.dossier, "clamd.conf"))
	c.Stdout, c.Stderr = &sortie, &sortie
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	arrete := false
	arreter = func() {
		if !arrete {
			arrete = true
			_ = c.Process.Kill()
			_ = c.Wait() // it was killed
		}
	}
	t.Cleanup(arreter)
	for limite := time.Now().Add(30 * time.Second); m.client.Ping(t.Context()) != nil; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(limite) {
			t.Fatalf("clamd does not answer:\n%s", sortie.String())
		}
	}
	return arreter
}

// pieceScannee is the first document of a request, as it stands, and whether
// the portal opens it.
func pieceScannee(t *testing.T, p *guichettest.Monde, n guichet.NumeroASP) (guichet.Piece, error) {
	t.Helper()
	v, err := p.Guichet.Demande(t.Context(), p.Acteur("a.gestionnaire"), n)
	if err != nil {
		t.Fatal(err)
	}
	_, r, err := p.Guichet.OuvrirPiece(t.Context(), p.Acteur("a.gestionnaire"), n, v.Pieces[0].Nom)
	if err == nil {
		err = r.Close()
	}
	return v.Pieces[0], err
}

// The portal and a real engine: a document is shown once it is known to be
// clean and not before, one that carries a threat is as not received, and what
// came while the engine was down is scanned when it is up again.
func TestDocumentsAreScannedByARealEngine(t *testing.T) {
	t.Parallel()
	m := nouveauMoteur(t)
	p := guichettest.Nouveau(t, guichettest.SQLite(t))
	p.Equiper(t, func(w *guichet.Monde) { w.Analyseur = analyseur{m.client} })
	ctx, qui := t.Context(), p.Acteur("a.gestionnaire")
	travailler := func() {
		t.Helper()
		for n := 1; n > 0; {
			var err error
			if n, err = p.Guichet.Travailler(ctx, 10); err != nil {
				t.Fatal(err)
			}
		}
	}
	envoyer := func(d *guichet.DepotVu, contenu string) guichet.NumeroASP {
		t.Helper()
		x := d.Couverture.Manquantes[0]
		if c, err := p.Guichet.DeposerPiece(ctx, qui, x.NumeroASP, x.Nom, strings.NewReader(contenu), int64(len(contenu))); err != nil || len(c.Refusees) > 0 {
			t.Fatal(err, c)
		}
		return x.NumeroASP
	}
	exiger := func(quand string, n guichet.NumeroASP, analyse string, ouverte bool) {
		t.Helper()
		if x, err := pieceScannee(t, p, n); x.Analyse != analyse || (err == nil) != ouverte {
			t.Errorf("%s: %q, opened %v", quand, x.Analyse, err)
		}
	}
	saine := envoyer(p.Deposer(t, "a.gestionnaire", 1), "%PDF-1.7 saine")
	malade := envoyer(p.Deposer(t, "a.gestionnaire", 1), "%PDF-1.7 "+menace)
	exiger("before the scan", saine, guichet.AnalyseAttend, false)
	travailler() // the engine is down
	exiger("while the engine is down", saine, guichet.AnalyseAttend, false)
	arreter := m.demarrer(t)
	p.Horloge.Avancer(time.Hour)
	travailler()
	exiger("clean", saine, guichet.AnalysePropre, true)
	if x, err := pieceScannee(t, p, malade); x.SHA256 != "" || err == nil {
		t.Errorf("infected: %+v, %v", x, err)
	}
	if v, err := p.Guichet.Demande(ctx, qui, malade); err != nil || v.Demande.Statut != guichet.Incomplete {
		t.Errorf("the request of an infected document: %v, %v", v.Demande.Statut, err)
	}
	arreter()
	tardive := envoyer(p.Deposer(t, "a.gestionnaire", 1), "%PDF-1.7 tardive")
	travailler()
	exiger("down again", tardive, guichet.AnalyseAttend, false)
	exiger("scanned before it went down", saine, guichet.AnalysePropre, true)
	m.demarrer(t)
	p.Horloge.Avancer(time.Hour)
	travailler()
	exiger("drained", tardive, guichet.AnalysePropre, true)
}

// Without a scanner documents say that they were not scanned; they wait for
// theirs once one is set.
func TestDocumentsReceivedWithoutAScanner(t *testing.T) {
	t.Parallel()
	m := nouveauMoteur(t)
	p := guichettest.Nouveau(t, guichettest.SQLite(t))
	n := p.Amener(t, guichet.Deposee, 1)[0]
	if x, err := pieceScannee(t, p, n); x.Analyse != "" || err != nil {
		t.Errorf("without a scanner: %q, %v", x.Analyse, err)
	}
	p.Equiper(t, func(w *guichet.Monde) { w.Analyseur = analyseur{m.client} })
	if x, err := pieceScannee(t, p, n); err == nil {
		t.Errorf("a scanner was set, and %s is opened unscanned", x.Nom)
	}
}
