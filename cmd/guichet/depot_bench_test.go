package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/store/pgtest"
	"guichet.example/segur"
)

// chantier is a portal of the demonstration with its first supplier at hand.
type chantier struct {
	*portail
	annonce     *annonce
	recu        guichet.Comprime
	rapport     guichet.Comprime
	pg          *pgtest.Serveur // nil = SQLite
	fournisseur *guichet.Acteur
	base        string // an example of 200 requests in the supplier's name
	ans         string
}

// ouvrirChantier opens a portal in a folder; base, when it is not empty, is
// the address of its database.
func ouvrirChantier(b *testing.B, base string) *chantier {
	b.Helper()
	env := environnement{sortie: io.Discard, erreur: os.Stderr, variable: func(string) string { return "" }, maintenant: time.Now}
	r, err := reglagesDemo(env, b.TempDir(), "")
	if err != nil {
		b.Fatal(err)
	}
	if base != "" {
		r["GUICHET_BASE"] = base
	}
	p, err := ouvrir(b.Context(), env, r, true)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := p.fermer(); err != nil {
			b.Error(err)
		}
	})
	c := &chantier{portail: p}
	if c.annonce, err = p.peupler(b.Context()); err != nil {
		b.Fatal(err)
	}
	f := fournisseursDemo()[0]
	jeu, err := p.guichet.JeuDuJour(segur.Avance)
	if err != nil {
		b.Fatal(err)
	}
	m := jeu.Controler(jeu.Exemple(1), segur.JourExemple, segur.Options{})
	c.ans, c.base = f.ans, strings.NewReplacer(m.Entete("numeroAns"), f.ans, m.Entete("SIRET"), f.siret).Replace(string(jeu.Exemple(200)))
	c.fournisseur = c.acteur(b, f.utilisateur)
	c.recu, c.rapport = p.base.Comprimer([]byte(c.base)), p.base.Comprimer([]byte("{}"))
	return c
}

// surChaque runs a benchmark on a portal over each engine.
func surChaque(b *testing.B, f func(b *testing.B, c *chantier)) {
	b.Run("sqlite", func(b *testing.B) { f(b, ouvrirChantier(b, "")) })
	b.Run("postgres", func(b *testing.B) {
		s, err := pgtest.Demarrer()
		if err != nil {
			b.Skip(err)
		}
		b.Cleanup(func() {
			if err := s.Arreter(); err != nil {
				b.Error(err)
			}
		})
		adresse, err := s.NouvelleBase()
		if err != nil {
			b.Fatal(err)
		}
		c := ouvrirChantier(b, adresse)
		c.pg = s
		f(b, c)
	})
}

func (c *chantier) acteur(b *testing.B, identifiant string) *guichet.Acteur {
	b.Helper()
	x, err := c.guichet.CompteNomme(b.Context(), identifiant)
	if err != nil {
		b.Fatal(err)
	}
	return &guichet.Acteur{Compte: *x}
}

func (c *chantier) deposer(b *testing.B, i int, contenu []byte) []guichet.Demande {
	q := guichet.NouveauDepot{Type: segur.Avance, NumeroAns: c.ans, Contenu: contenu,
		NomFichier: segur.NomFichier{NumeroAns: c.ans, Jour: c.guichet.Aujourdhui(), Numero: 100 + i%900}.String()} // the first are the demonstration’s
	v, err := c.guichet.Deposer(b.Context(), c.fournisseur, q, guichet.Appel{})
	if err != nil || len(v.Demandes) != 200 {
		b.Error(err)
		return nil
	}
	return v.Demandes
}

// BenchmarkDeposer measures a durable deposit of 200 requests through the
// service, by 8 clients.
func BenchmarkDeposer(b *testing.B) {
	surChaque(b, func(b *testing.B, c *chantier) {
		fichiers := make([][]byte, b.N+64)
		for i := range fichiers {
			fichiers[i] = renumeroter(c.base, i)
		}
		var suivant atomic.Int64
		b.SetParallelism(4)
		b.ResetTimer()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				i := int(suivant.Add(1))
				c.deposer(b, i, fichiers[i])
			}
		})
		b.ReportMetric(float64(b.N*200)/b.Elapsed().Seconds(), "demandes/s")
	})
}

// renumeroter gives the 200 requests of an example numbers of their own, of
// the same length.
func renumeroter(base string, i int) []byte {
	paires := make([]string, 0, 800)
	for k := 1; k <= 200; k++ {
		ancien := fmt.Sprintf("%05d", k)
		nouveau := strings.ToUpper(strconv.FormatInt(int64(36*36*36*36+i*200+k), 36))
		paires = append(paires, `"`+ancien+`"`, `"`+nouveau+`"`, "-"+ancien+".", "-"+nouveau+".")
	}
	return []byte(strings.NewReplacer(paires...).Replace(base))
}
