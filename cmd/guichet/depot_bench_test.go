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

// BenchmarkDeposer measures a durable deposit of 200 requests through the
// service, by 8 clients, on SQLite.
func BenchmarkDeposer(b *testing.B) {
	ctx := b.Context()
	env := environnement{sortie: io.Discard, erreur: os.Stderr, variable: func(string) string { return "" }, maintenant: time.Now}
	p, err := ouvrirDemo(ctx, env, b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = p.fermer() })
	if _, err := p.peupler(ctx); err != nil {
		b.Fatal(err)
	}
	f := fournisseursDemo()[0]
	c, err := p.guichet.CompteNomme(ctx, f.utilisateur)
	if err != nil {
		b.Fatal(err)
	}
	a := &guichet.Acteur{Compte: *c}
	jeu, err := p.guichet.JeuDuJour(segur.Avance)
	if err != nil {
		b.Fatal(err)
	}
	r := jeu.Controler(jeu.Exemple(1), segur.JourExemple, segur.Options{})
	base := strings.Replace(strings.Replace(string(jeu.Exemple(200)), r.Entete("numeroAns"), f.ans, 1), r.Entete("SIRET"), f.siret, 1)
	fichiers := make([][]byte, b.N+64)
	for i := range fichiers {
		fichiers[i] = renumeroter(base, i)
	}
	var suivant atomic.Int64
	b.SetParallelism(4)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := int(suivant.Add(1))
			q := guichet.NouveauDepot{Type: segur.Avance, NumeroAns: f.ans, Contenu: fichiers[i],
				NomFichier: segur.NomFichier{NumeroAns: f.ans, Jour: p.guichet.Aujourdhui(), Numero: 1 + i%999}.String()}
			v, err := p.guichet.Deposer(ctx, a, q, guichet.Appel{})
			if err != nil || len(v.Demandes) != 200 {
				b.Error(err)
				return
			}
		}
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
