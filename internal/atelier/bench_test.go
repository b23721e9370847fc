package atelier

import (
	"fmt"
	"path/filepath"
	"testing"
)

// The whole way of 20,000 orders without scans, ledger included.
func BenchmarkPreparerSansScans(b *testing.B) {
	chemin := poser(b, filepath.Join(b.TempDir(), "commandes.csv"), []byte(listeDe(20_000)))
	o := cadre(b)
	i := 0
	for b.Loop() {
		l, err := LireListe(chemin, OptionsListe{Jeu: o.Jeu})
		if err != nil || len(l.Questions) > 0 {
			b.Fatal(err, l.Questions)
		}
		DeclarerPieces(o.Jeu, l.Commandes)
		ks, err := Controler(o, l.Commandes)
		if err != nil || Refuse(ks) {
			b.Fatal(err, ks)
		}
		dossier := filepath.Join(b.TempDir(), fmt.Sprint(i))
		i++
		poser(b, filepath.Join(dossier, "x"), nil)
		r := ouvrirRegistre(b, dossier)
		p, err := Planifier(o, l.Commandes, r)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := p.Ecrire(b.Context(), filepath.Join(dossier, "depot"), r); err != nil {
			b.Fatal(err)
		}
		if err := r.Fermer(); err != nil {
			b.Fatal(err)
		}
	}
}
