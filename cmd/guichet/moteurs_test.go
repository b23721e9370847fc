package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"guichet.example/e2e/banc"
	"guichet.example/internal/guichet"
)

// surMoteurs runs a test on both installations: SQLite with a folder, and
// PostgreSQL with S3 (a folder where the S3 server is not built). autre makes
// one more empty portal on the same engines.
func surMoteurs(t *testing.T, f func(t *testing.T, autre func(*testing.T) *lieu)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, nouveauLieu)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		b, err := banc.Nouveau()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := b.Fermer(); err != nil {
				t.Error(err)
			}
		})
		pg, premiere, err := b.Postgres()
		if err != nil {
			t.Fatal(err)
		}
		s3 := ""
		programme := os.Getenv("GUICHET_TEST_VERSITYGW")
		if programme == "" {
			programme = filepath.Join("..", "..", "bin", "versitygw")
		}
		if _, err := os.Stat(programme); err == nil {
			if s3, err = b.S3(t.Context(), programme); err != nil {
				t.Fatal(err)
			}
		}
		n := 0
		f(t, func(t *testing.T) *lieu {
			l := nouveauLieu(t)
			l.r["GUICHET_BASE"] = premiere
			if n++; n > 1 {
				if l.r["GUICHET_BASE"], err = pg.NouvelleBase(); err != nil {
					t.Fatal(err)
				}
			}
			if s3 != "" {
				l.r["GUICHET_PIECES"] = banc.AdresseS3(s3) + fmt.Sprintf("&prefixe=p%d/", n)
			}
			return l
		})
	})
}

// releve is every request with its money and its documents, which it opens.
func releve(t *testing.T, p *portail) (texte string, pieces int) {
	t.Helper()
	c, err := p.guichet.CompteNomme(t.Context(), "instructeur1@agence.example")
	if err != nil {
		t.Fatal(err)
	}
	a := &guichet.Acteur{Compte: *c}
	ds, _, err := p.guichet.Demandes(t.Context(), a, guichet.Filtre{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range ds {
		texte += fmt.Sprintln(d.NumeroASP, d.Statut, d.Montants)
		v, err := p.guichet.Demande(t.Context(), a, d.NumeroASP)
		if err != nil {
			t.Fatal(err)
		}
		texte += fmt.Sprintln(v.Demande.Champs)
		for _, x := range v.Pieces {
			if x.SHA256 == "" {
				continue
			}
			pieces++
			_, r, err := p.guichet.OuvrirPiece(t.Context(), a, d.NumeroASP, x.Nom)
			if err != nil {
				t.Fatal(err)
			}
			n, err := io.Copy(io.Discard, r)
			if err != nil || n != x.Taille || r.Close() != nil {
				t.Error(x.Nom, n, err)
			}
		}
	}
	return texte, pieces
}

// comparer finds the same requests in two portals, and opens every document.
func comparer(t *testing.T, p, q *portail) {
	t.Helper()
	a, n := releve(t, p)
	b, m := releve(t, q)
	if a != b || a == "" || n != m || n == 0 {
		t.Errorf("%d documents and %d\n%s\n%s", n, m, a, b)
	}
}

// A portal is saved while deposits come in, and what is restored is whole: one
// state of it, with every document that the state names.
func TestSauvegarderPendantLesDepots(t *testing.T) {
	t.Parallel()
	surMoteurs(t, func(t *testing.T, autre func(*testing.T) *lieu) {
		m := autre(t)
		p := m.ouvrirEn(t)
		if _, err := p.peupler(t.Context()); err != nil {
			t.Fatal(err)
		}
		fin := make(chan struct{})
		var groupe sync.WaitGroup
		groupe.Go(func() {
			x, f := monde{p: p, acteurs: map[string]*guichet.Acteur{}}, fournisseursDemo()[1]
			for numero := 100; ; numero++ {
				select {
				case <-fin:
					return
				default:
				}
				// Its numbers are taken: each line is refused, each file is kept.
				if _, err := x.deposer(t.Context(), f, numero, 3); err != nil {
					t.Error(err)
					return
				}
			}
		})
		archive := filepath.Join(m.dossier, "sauvegarde.tar")
		m.exiger(t, statutBon, "Sauvegarde entière", "", "sauvegarder", archive)
		close(fin)
		groupe.Wait()
		neuf := autre(t)
		neuf.exiger(t, statutBon, "journal entier", "", "restaurer", archive)
		neuf.exiger(t, statutBon, "entier", "", "journal", "verifier")
		comparer(t, p, neuf.ouvrirEn(t))
	})
}

// A portal with data goes back over each of the last two versions of its
// schema and forward again: requests, money, documents and journal stay.
func TestSchemaReculeEtRevient(t *testing.T) {
	t.Parallel()
	surMoteurs(t, func(t *testing.T, autre func(*testing.T) *lieu) {
		m := autre(t)
		p := m.ouvrirEn(t)
		if _, err := p.peupler(t.Context()); err != nil {
			t.Fatal(err)
		}
		avant, n := releve(t, p)
		for _, vers := range dernieresVersions(t, 2) {
			m.exiger(t, statutBon, "version "+vers, "", "migrer", "--vers", vers)
			m.exiger(t, statutBon, "version", "", "migrer")
			m.exiger(t, statutBon, "entier", "", "journal", "verifier")
			apres, k := releve(t, m.ouvrirEn(t))
			if avant != apres || n != k || n == 0 {
				t.Errorf("after version %s: %d documents, were %d\n%s\n%s", vers, k, n, avant, apres)
			}
		}
	})
}

// dernieresVersions are the n versions of the schema before the newest.
func dernieresVersions(t *testing.T, n int) (vs []string) {
	t.Helper()
	noms, err := filepath.Glob(filepath.Join("..", "..", "internal", "store", "migrations", "*.sql"))
	if err != nil || len(noms) <= n {
		t.Fatal(noms, err)
	}
	for _, nom := range noms[len(noms)-1-n : len(noms)-1] {
		numero, _, _ := strings.Cut(filepath.Base(nom), "_")
		v, err := strconv.Atoi(numero)
		if err != nil {
			t.Fatal(err)
		}
		vs = append(vs, strconv.Itoa(v))
	}
	return vs
}
