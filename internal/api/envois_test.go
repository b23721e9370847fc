package api_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guichet.example/internal/api/client"
	"guichet.example/internal/guichet"
)

// grosZip is an archive of the documents of a new deposit, of about 3 MB each.
func grosZip(t *testing.T, p *portail, n int) (guichet.DepotID, []byte) {
	t.Helper()
	d := p.Deposer(t, "a.gestionnaire", n)
	var paires []string
	alea := rand.NewChaCha8([32]byte{1})
	for _, m := range d.Couverture.Manquantes {
		b := make([]byte, 2_900_000)
		_, _ = alea.Read(b) // never fails
		paires = append(paires, m.Nom, "%PDF-1.7\n"+string(b))
	}
	return d.Depot.ID, []byte(archive(t, paires...))
}

// coupeur stands between a client and the portal, and cuts each connection
// after as many bytes as coupes holds, until it holds none any more.
type coupeur struct {
	vers   string
	mu     sync.Mutex
	coupes []int64
	faites atomic.Int64
}

func (c *coupeur) ouvrir(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			a, err := l.Accept()
			if err != nil {
				return
			}
			go c.relayer(a)
		}
	}()
	return "http://" + l.Addr().String()
}

func (c *coupeur) relayer(a net.Conn) {
	defer a.Close()
	b, err := net.Dial("tcp", c.vers)
	if err != nil {
		return
	}
	defer b.Close()
	go func() { _, _ = io.Copy(a, b); _ = a.Close() }()
	c.mu.Lock()
	reste := int64(-1)
	if len(c.coupes) > 0 {
		reste, c.coupes = c.coupes[0], c.coupes[1:]
	}
	c.mu.Unlock()
	if reste < 0 {
		_, _ = io.Copy(b, a)
		return
	}
	c.faites.Add(1)
	_, _ = io.CopyN(b, a, reste)
}

func clientPar(t *testing.T, p *portail, adresse string) *client.Client {
	t.Helper()
	c, err := client.Nouveau(adresse, p.jetons["a.gestionnaire"], client.Options{Essais: 3, Attendre: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A line that is cut at any byte costs what was on its way, not the archive:
// the documents arrive whole, and the sending is journalled once.
func TestArchiveSurvivesCutsAtAnyByte(t *testing.T) {
	t.Parallel()
	p := nouveauPortail(t)
	hasard := rand.New(rand.NewPCG(7, 7))
	for tour := range 6 {
		depot, zip := grosZip(t, p, 2)
		c := &coupeur{vers: strings.TrimSuffix(strings.TrimPrefix(p.adresse, "http://"), "/api/v1")}
		for range 4 {
			c.coupes = append(c.coupes, hasard.Int64N(int64(len(zip))))
		}
		p.entrees()
		var lus atomic.Int64
		k, err := clientPar(t, p, c.ouvrir(t)).EnvoyerZip(t.Context(), string(depot), client.Contenu{Taille: int64(len(zip)), Cle: fmt.Sprint(tour), Ouvrir: func() (io.ReadCloser, error) {
			lus.Add(1)
			return io.NopCloser(bytes.NewReader(zip)), nil
		}})
		if err != nil {
			// Cut more often than a run tries without getting anywhere: the
			// next run goes on.
			k, err = clientPar(t, p, c.ouvrir(t)).EnvoyerZip(t.Context(), string(depot), client.Contenu{Taille: int64(len(zip)), Cle: fmt.Sprint(tour), Ouvrir: func() (io.ReadCloser, error) {
				return io.NopCloser(bytes.NewReader(zip)), nil
			}})
		}
		if err != nil {
			t.Fatalf("round %d: %v", tour, err)
		}
		if !k.Complete || len(k.Recues) != 2 || len(k.Refusees) != 0 || c.faites.Load() == 0 {
			t.Errorf("round %d: %d received, %v refused, %d cuts", tour, len(k.Recues), k.Refusees, c.faites.Load())
		}
		if es := p.entrees(); len(es) != 1 || !strings.HasSuffix(es[0], " fait") {
			t.Errorf("round %d: journal %v", tour, es)
		}
	}
}

// annonce begins an archive, and returns its address below /api/v1.
func (p *portail) annonce(depot guichet.DepotID, taille int, cle string) (string, reponse) {
	p.t.Helper()
	r := p.appeler(appel{"a.gestionnaire", "POST", "/depots/" + string(depot) + "/envois", "", map[string]string{"Tus-Resumable": "1.0.0", "Upload-Length": fmt.Sprint(taille),
		"Upload-Metadata": "filename " + base64.StdEncoding.EncodeToString([]byte("pièces.zip")) + ",cle " + base64.StdEncoding.EncodeToString([]byte(cle))}})
	return strings.TrimPrefix(r.entetes.Get("Location"), "/api/v1"), r
}

func (p *portail) trancher(lieu string, debut int, corps []byte, plus ...[2]string) reponse {
	p.t.Helper()
	es := map[string]string{"Tus-Resumable": "1.0.0", "Upload-Offset": fmt.Sprint(debut), "Content-Type": "application/offset+octet-stream"}
	for _, x := range plus {
		es[x[0]] = x[1]
	}
	return p.appeler(appel{"a.gestionnaire", "PATCH", lieu, string(corps), es})
}

func somme(b []byte) string {
	s := sha256.Sum256(b)
	return "sha256 " + base64.StdEncoding.EncodeToString(s[:])
}

// The protocol, step by step, as its text has it.
func TestUploadProtocol(t *testing.T) {
	t.Parallel()
	p := nouveauPortail(t)
	depot, zip := grosZip(t, p, 1)
	lieu, r := p.annonce(depot, len(zip), "k")
	if r.statut != 201 || r.entetes.Get("Upload-Offset") != "0" || r.entetes.Get("Tus-Resumable") != "1.0.0" || r.entetes.Get("Upload-Expires") == "" {
		t.Fatalf("%d %v", r.statut, r.entetes)
	}
	const mio = guichet.MorceauMax
	veut := func(quoi string, r reponse, statut int, recu string) {
		t.Helper()
		if r.statut != statut || r.entetes.Get("Upload-Offset") != recu {
			t.Errorf("%s: %d, offset %s: %s", quoi, r.statut, r.entetes.Get("Upload-Offset"), r.corps)
		}
	}
	veut("wrong sum", p.trancher(lieu, 0, zip[:mio], [2]string{"Upload-Checksum", somme(zip[1:])}), 460, "0")
	veut("right sum", p.trancher(lieu, 0, zip[:mio], [2]string{"Upload-Checksum", somme(zip[:mio])}), 204, fmt.Sprint(mio))
	veut("sum of too much", p.trancher(lieu, mio, zip[mio:], [2]string{"Upload-Checksum", somme(zip[mio:])}), 413, fmt.Sprint(mio))
	veut("unknown sum", p.trancher(lieu, mio, zip[mio:], [2]string{"Upload-Checksum", "crc32 AAAA"}), 400, fmt.Sprint(mio))
	veut("wrong place", p.trancher(lieu, 0, zip[:mio]), 409, fmt.Sprint(mio))
	veut("other type", p.trancher(lieu, mio, zip[mio:], [2]string{"Content-Type", "application/zip"}), 415, fmt.Sprint(mio))
	veut("no place", p.trancher(lieu, mio, zip[mio:], [2]string{"Upload-Offset", "x"}), 400, fmt.Sprint(mio))
	veut("a few bytes", p.trancher(lieu, mio, zip[mio:mio+100]), 422, fmt.Sprint(mio))
	if r := p.trancher(lieu, mio, zip[mio:], [2]string{"Tus-Resumable", "0.2.1"}); r.statut != 412 || r.entetes.Get("Tus-Version") != "1.0.0" {
		t.Errorf("other version: %d", r.statut)
	}
	if r := p.appeler(appel{"a.gestionnaire", "POST", lieu + "/fin", "", nil}); r.statut != 409 {
		t.Errorf("not whole: %d %s", r.statut, r.corps)
	}
	if encore, r := p.annonce(depot, len(zip), "k"); encore != lieu || r.statut != 200 || r.entetes.Get("Upload-Offset") != fmt.Sprint(mio) {
		t.Errorf("announced again: %s, %d", encore, r.statut)
	}
	veut("too long", p.trancher(lieu, mio, append(slices.Clone(zip[mio:]), 'x')), 413, fmt.Sprint(len(zip)))
	veut("head", p.appeler(appel{"a.gestionnaire", "HEAD", lieu, "", nil}), 200, fmt.Sprint(len(zip)))
	for range 2 { // the answer may be lost
		r := p.appeler(appel{"a.gestionnaire", "POST", lieu + "/fin", "", nil})
		if r.statut != 200 || !strings.Contains(r.corps, `"complete":true`) {
			t.Errorf("end: %d %s", r.statut, r.corps)
		}
	}
	if r := p.appeler(appel{"b.gestionnaire", "GET", lieu, "", nil}); r.statut != 404 {
		t.Errorf("another supplier: %d", r.statut)
	}
	if r := p.appeler(appel{"a.gestionnaire", "DELETE", lieu, "", nil}); r.statut != 204 {
		t.Errorf("given up: %d", r.statut)
	}
	if r := p.trancher(lieu, 0, zip); r.statut != 404 {
		t.Errorf("after the end: %d", r.statut)
	}
}

// What nobody finishes is taken out, with its bytes; one supplier cannot fill
// the store, nor keep another out.
func TestAbandonedUploadsExpireAndAreBounded(t *testing.T) {
	t.Parallel()
	var magasin magasinCompte
	p := nouveauPortail(t, func(m *guichet.Monde) { magasin.Magasin, m.Magasin = m.Magasin, &magasin })
	depot, zip := grosZip(t, p, 1)
	lieu, _ := p.annonce(depot, len(zip), "k")
	if r := p.trancher(lieu, 0, zip); r.statut != 204 || magasin.la.Load() != 3 {
		t.Fatalf("%d, %d slices", r.statut, magasin.la.Load())
	}
	for i := range 20 {
		_, r := p.annonce(depot, 200<<20, fmt.Sprint(i))
		if want := i < 5; (r.statut == 201) != want || !want && (r.statut != 429 || r.entetes.Get("Retry-After") == "") {
			t.Errorf("archive %d of 200 Mio: %d", i, r.statut)
		}
	}
	autre := string(p.Deposer(t, "b.gestionnaire", 1).Depot.ID)
	if r := p.appeler(appel{"b.gestionnaire", "POST", "/depots/" + autre + "/envois", "", map[string]string{"Upload-Length": "1000"}}); r.statut != 201 {
		t.Errorf("the other supplier: %d %s", r.statut, r.corps)
	}
	p.Horloge.Avancer(25 * time.Hour)
	if r := p.appeler(appel{"a.gestionnaire", "HEAD", lieu, "", nil}); r.statut != 404 {
		t.Errorf("expired: %d", r.statut)
	}
	if err := p.Guichet.Cadencer(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := magasin.la.Load(); n != 0 {
		t.Errorf("%d slices stay behind", n)
	}
	if ts := p.interroger("SELECT COUNT(*) FROM televersement"); ts[0] != "0" {
		t.Errorf("%s rows stay behind", ts[0])
	}
}

// magasinCompte counts what is in a store.
type magasinCompte struct {
	guichet.Magasin
	la atomic.Int64
}

func (m *magasinCompte) Ecrire(ctx context.Context, b []byte) (string, error) {
	m.la.Add(1)
	return m.Magasin.Ecrire(ctx, b)
}

func (m *magasinCompte) Serie() guichet.SerieDocuments { return serieComptee{m.Magasin.Serie(), m} }

type serieComptee struct {
	guichet.SerieDocuments
	m *magasinCompte
}

func (s serieComptee) Ecrire(ctx context.Context, b []byte) (string, error) {
	s.m.la.Add(1)
	return s.SerieDocuments.Ecrire(ctx, b)
}

func (m *magasinCompte) Supprimer(ctx context.Context, sha string) error {
	m.la.Add(-1)
	return m.Magasin.Supprimer(ctx, sha)
}

// A slice that has the bytes of a document of somebody else is not that
// document: taking it out leaves the document.
func TestGivenUpSliceLeavesTheSameDocument(t *testing.T) {
	t.Parallel()
	var magasin guichet.Magasin
	p := nouveauPortail(t, func(m *guichet.Monde) { magasin = m.Magasin })
	contenu := []byte("%PDF-1.7 " + strings.Repeat("x", 70_000))
	x := p.Amener(t, guichet.Incomplete, 1)[0]
	nom := p.pieceDe(string(x))
	if r := p.appeler(appel{"a.gestionnaire", "PUT", "/demandes/" + string(x) + "/pieces/" + nom, string(contenu), nil}); r.statut != 200 {
		t.Fatal(r.corps)
	}
	depot := p.Deposer(t, "a.gestionnaire", 1).Depot.ID
	lieu, _ := p.annonce(depot, len(contenu), "k")
	if r := p.trancher(lieu, 0, contenu); r.statut != 204 {
		t.Fatal(r.corps)
	}
	if r := p.appeler(appel{"a.gestionnaire", "DELETE", lieu, "", nil}); r.statut != 204 {
		t.Fatal(r.statut)
	}
	somme := sha256.Sum256(contenu)
	r, _, err := magasin.Ouvrir(t.Context(), hex.EncodeToString(somme[:]))
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Close()
}

// Several senders of one archive at once: each byte is there once.
func TestTwoSendersOfOneArchive(t *testing.T) {
	t.Parallel()
	p := nouveauPortail(t)
	depot, zip := grosZip(t, p, 2)
	var groupe sync.WaitGroup
	for range 3 {
		c := clientPar(t, p, strings.TrimSuffix(p.adresse, "/api/v1"))
		groupe.Go(func() {
			// All but one may be told that it goes on elsewhere.
			_, _ = c.EnvoyerZip(t.Context(), string(depot), client.Contenu{Taille: int64(len(zip)), Cle: "k", Ouvrir: func() (io.ReadCloser, error) {
				return io.NopCloser(bytes.NewReader(zip)), nil
			}})
		})
	}
	groupe.Wait()
	v, err := p.Guichet.Depot(t.Context(), p.Acteur("a.gestionnaire"), depot)
	if err != nil || !v.Couverture.Complete() {
		t.Errorf("%v, %d missing", err, len(v.Couverture.Manquantes))
	}
}
