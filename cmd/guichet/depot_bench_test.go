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
	"guichet.example/segur"
)

// chantier is a portal of the demonstration with its first supplier at hand.
type chantier struct {
	*portail
	fournisseur *guichet.Acteur
	base        string // an example of 200 requests in the supplier's name
	ans         string
}

func ouvrirChantier(b *testing.B) *chantier {
	b.Helper()
	env := environnement{sortie: io.Discard, erreur: os.Stderr, variable: func(string) string { return "" }, maintenant: time.Now}
	p, err := ouvrirDemo(b.Context(), env, b.TempDir(), "")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := p.fermer(); err != nil {
			b.Error(err)
		}
	})
	if _, err := p.peupler(b.Context()); err != nil {
		b.Fatal(err)
	}
	f := fournisseursDemo()[0]
	jeu, err := p.guichet.JeuDuJour(segur.Avance)
	if err != nil {
		b.Fatal(err)
	}
	r := jeu.Controler(jeu.Exemple(1), segur.JourExemple, segur.Options{})
	c := &chantier{portail: p, ans: f.ans, base: strings.NewReplacer(r.Entete("numeroAns"), f.ans, r.Entete("SIRET"), f.siret).Replace(string(jeu.Exemple(200)))}
	c.fournisseur = c.acteur(b, f.utilisateur)
	return c
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
		NomFichier: segur.NomFichier{NumeroAns: c.ans, Jour: c.guichet.Aujourdhui(), Numero: 1 + i%999}.String()}
	v, err := c.guichet.Deposer(b.Context(), c.fournisseur, q, guichet.Appel{})
	if err != nil || len(v.Demandes) != 200 {
		b.Error(err)
		return nil
	}
	return v.Demandes
}

// BenchmarkDeposer measures a durable deposit of 200 requests through the
// service, by 8 clients, on SQLite.
func BenchmarkDeposer(b *testing.B) {
	c := ouvrirChantier(b)
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
}

// BenchmarkDeciderEtPayer measures one selection of 20,000 awards, then a batch
// of them frozen, approved and exported.
func BenchmarkDeciderEtPayer(b *testing.B) {
	for range b.N {
		b.StopTimer()
		c := ouvrirChantier(b)
		var ns []guichet.NumeroASP
		for i := range 100 {
			ds := c.deposer(b, i+1, renumeroter(c.base, i))
			for k := range ds {
				ns = append(ns, ds[k].NumeroASP)
				ds[k].Statut, ds[k].Tranche = guichet.Validee, "B"
			}
			if err := c.portail.base.Ecrire(b.Context(), func(tx guichet.Tx) error {
				for k := range ds {
					if err := tx.MajDemande(&ds[k]); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		depart := time.Now()
		rs, err := c.guichet.DeciderSelection(b.Context(), c.acteur(b, "decideur@agence.example"), guichet.SelectionDecision{Sens: "attribution", Numeros: ns})
		if err != nil || len(rs) != len(ns) || !rs[len(rs)-1].Decidee {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(depart).Seconds(), "s/selection")
		depart = time.Now()
		l, err := c.guichet.PreparerLot(b.Context(), c.acteur(b, "comptable1@agence.example"), ns, guichet.Appel{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := c.guichet.AgirLot(b.Context(), c.acteur(b, "comptable2@agence.example"), l.ID, guichet.ActeLot{Action: guichet.ApprouverLot}, guichet.Appel{}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(depart).Seconds(), "s/lot")
	}
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
