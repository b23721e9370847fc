package main

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/segur"
)

// visiteur is somebody signed in on the pages.
type visiteur struct {
	c       http.Client
	adresse string
}

// servirPages puts the portal on the loopback.
func (c *chantier) servirPages(b *testing.B) string {
	b.Helper()
	h, err := c.routeur()
	if err != nil {
		b.Fatal(err)
	}
	s := httptest.NewServer(h)
	b.Cleanup(s.Close)
	return s.URL
}

func entrer(b *testing.B, adresse, identifiant, motDePasse string) *visiteur {
	b.Helper()
	jarre, err := cookiejar.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	v := &visiteur{c: http.Client{Jar: jarre}, adresse: adresse}
	r, err := v.c.PostForm(adresse+"/connexion", url.Values{"identifiant": {identifiant}, "mot_de_passe": {motDePasse}})
	if err == nil {
		err = r.Body.Close()
	}
	if err != nil || r.StatusCode != http.StatusOK {
		b.Fatal("sign in", identifiant, err)
	}
	return v
}

// voir reads a page to its end and tells how long that took.
func (v *visiteur) voir(b *testing.B, chemin string) time.Duration {
	t := time.Now()
	r, err := v.c.Get(v.adresse + chemin)
	if err != nil {
		b.Error(err)
		return 0
	}
	_, err = io.Copy(io.Discard, r.Body)
	if err2 := r.Body.Close(); err != nil || err2 != nil || r.StatusCode != http.StatusOK || r.Request.URL.Path == "/connexion" {
		b.Error(chemin, r.Status, err, err2)
	}
	return time.Since(t)
}

func (c *chantier) agent(role string) annonceAgent {
	for _, a := range c.annonce.Agents {
		if a.Role == role {
			return a
		}
	}
	return annonceAgent{}
}

// etatSeme is the status of the n-th request of a seeded portal: most are
// paid, the others in every status.
func etatSeme(n int) guichet.Statut {
	autres := []guichet.Statut{guichet.Incomplete, guichet.Incomplete, guichet.Deposee, guichet.EnInstruction, guichet.Validee, guichet.Decidee, guichet.MiseEnPaiement, guichet.AModifier, guichet.Refusee, guichet.PaiementRejete}
	if n%20 < len(autres) {
		return autres[n%20]
	}
	return guichet.Payee
}

// semer adds deposits of 200 requests straight to the store, nine in ten of the
// first supplier; statut gives the status of each.
func (c *chantier) semer(b *testing.B, depots int, statut func(n int) guichet.Statut) (ns []guichet.NumeroASP) {
	b.Helper()
	const parTransaction = 5
	for d := 0; d < depots; {
		err := c.portail.base.Ecrire(b.Context(), func(tx guichet.Tx) error {
			for range min(parTransaction, depots-d) {
				ds, err := c.semerDepot(tx, d, statut)
				if err != nil {
					return err
				}
				ns = append(ns, ds...)
				d++
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return ns
}

func (c *chantier) semerDepot(tx guichet.Tx, d int, statut func(n int) guichet.Statut) (ns []guichet.NumeroASP, err error) {
	serie, err := tx.Suivant("demande", 200)
	if err != nil {
		return nil, err
	}
	f := fournisseursDemo()[max(0, d%10-8)]
	quand := time.Date(2023, 1, 1, 9, 0, d, 0, time.UTC)
	nom := segur.NomFichier{NumeroAns: f.ans, Jour: segur.JourDe(quand.AddDate(0, 0, d/900)), Numero: 1 + d%900}
	x := &guichet.Depot{ID: guichet.DepotID(fmt.Sprintf("seme%08d", d)), FournisseurID: c.fournisseur.FournisseurID + guichet.FournisseurID(max(0, d%10-8)), CompteID: c.fournisseur.ID, Type: segur.Avance, NumeroAns: f.ans,
		Nom: nom, NomFichier: nom.String(), Date: quand, Verdict: segur.Accepte, Acceptees: 200, Serie: serie}
	if err := tx.AjouterDepot(x, c.recu, c.rapport, nil); err != nil {
		return nil, err
	}
	ds := make([]*guichet.Demande, 200)
	for i := range ds {
		n := d*200 + i
		editeur := fmt.Sprintf("%05d", n%100000)
		ds[i] = &guichet.Demande{NumeroASP: guichet.NumeroDeSerie(serie + int64(i)), Serie: serie + int64(i), DepotID: x.ID, Rang: i + 1, FournisseurID: x.FournisseurID, NumeroAns: f.ans, Siret: f.siret, Type: segur.Avance,
			NumeroEditeur: editeur, Statut: statut(n), Tranche: "B", Abrege: guichet.Abrege{Regime: "TTC", Pieces: []guichet.PieceDeclaree{{Nom: "PHA-LGO-Va1-BDC-" + editeur + ".pdf", Format: "PDF", Type: "BON_COMMANDE"}}},
			Montants: guichet.Montants{HT: 70833, Base: 85000, Avance: 25500, Solde: 59500}, Finess: fmt.Sprintf("%09d", 100000000+n*7919%900000000), DateCommande: nom.Jour, Echeance: nom.Jour, Cree: quand, Modifie: quand}
		ns = append(ns, ds[i].NumeroASP)
	}
	return ns, tx.AjouterDemandes(ds)
}

// paires measures a page on two portals in turns, so that whatever else the
// machine does falls on both, and returns the ratio of their medians.
func paires(b *testing.B, petit, grand *visiteur, chemin string) float64 {
	const tours = 41
	var ps, gs []time.Duration
	for i := range tours + 3 {
		p, g := petit.voir(b, chemin), grand.voir(b, chemin)
		if i >= 3 { // the first turns warm caches
			ps, gs = append(ps, p), append(gs, g)
		}
	}
	slices.Sort(ps)
	slices.Sort(gs)
	b.Logf("%s: %v, %v", chemin, ps[tours/2], gs[tours/2])
	return gs[tours/2].Seconds() / ps[tours/2].Seconds()
}

// BenchmarkListes compares the pages of lists at 1,000,000 requests with those
// at 10,000.
func BenchmarkListes(b *testing.B) {
	surChaque(b, func(b *testing.B, grand *chantier) {
		petit := ouvrirPetit(b, grand)
		petit.semer(b, 50, etatSeme)
		grand.semer(b, 5000, etatSeme)
		grand.analyser(b)
		petit.analyser(b)
		visiter := func(c *chantier, a annonceAgent) *visiteur {
			return entrer(b, c.servirPages(b), a.Utilisateur, a.MotDePasse)
		}
		vp, vg := visiter(petit, petit.agent("instructeur")), visiter(grand, grand.agent("instructeur"))
		fp, fg := petit.annonce.Fournisseurs[1], grand.annonce.Fournisseurs[1]
		sp, sg := visiter(petit, annonceAgent{Utilisateur: fp.Utilisateur, MotDePasse: fp.MotDePasse}), visiter(grand, annonceAgent{Utilisateur: fg.Utilisateur, MotDePasse: fg.MotDePasse})
		b.ResetTimer()
		liste, file := 0.0, 0.0
		for range b.N {
			for _, chemin := range []string{"/demandes", "/demandes?statut=payee", "/demandes?statut=incomplete", "/demandes?acteur=comptable", "/demandes?apres=5000"} {
				liste = max(liste, paires(b, vp, vg, chemin))
			}
			for _, chemin := range []string{"/demandes", "/demandes?statut=decidee"} {
				liste = max(liste, paires(b, sp, sg, chemin))
			}
			for _, chemin := range []string{"/instruction", "/instruction?apres=5000"} {
				file = max(file, paires(b, vp, vg, chemin))
			}
		}
		b.ReportMetric(liste, "liste")
		b.ReportMetric(file, "file")
	})
}

// analyser has PostgreSQL count its tables now; by itself it does after a
// minute.
func (c *chantier) analyser(b *testing.B) {
	if c.pg == nil {
		return
	}
	db, err := sql.Open("pgx", c.reglages["GUICHET_BASE"])
	if err == nil {
		_, err = db.ExecContext(b.Context(), "ANALYZE")
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		b.Fatal(err)
	}
}

// ouvrirPetit opens a second portal over the engine of another.
func ouvrirPetit(b *testing.B, c *chantier) *chantier {
	if c.pg == nil {
		return ouvrirChantier(b, "")
	}
	adresse, err := c.pg.NouvelleBase()
	if err != nil {
		b.Fatal(err)
	}
	p := ouvrirChantier(b, adresse)
	p.pg = c.pg
	return p
}

// BenchmarkDecider decides 10,000 requests in one selection while an officer
// turns pages.
func BenchmarkDecider(b *testing.B) {
	surChaque(b, func(b *testing.B, c *chantier) {
		a := c.agent("instructeur")
		v := entrer(b, c.servirPages(b), a.Utilisateur, a.MotDePasse)
		for range b.N {
			b.StopTimer()
			ns := c.semer(b, 50, func(int) guichet.Statut { return guichet.Validee })
			b.StartTimer()
			var fini atomic.Bool
			vues := make(chan []time.Duration)
			go func() {
				var ds []time.Duration
				for i := 0; !fini.Load(); i++ {
					ds = append(ds, v.voir(b, []string{"/demandes", "/instruction", "/demandes/" + string(ns[i%len(ns)])}[i%3]))
				}
				vues <- ds
			}()
			depart := time.Now()
			rs, err := c.guichet.DeciderSelection(b.Context(), c.acteur(b, "decideur@agence.example"), guichet.SelectionDecision{Sens: "attribution", Numeros: ns}, guichet.Appel{})
			duree := time.Since(depart)
			fini.Store(true)
			ds := <-vues
			if err != nil || len(rs) != len(ns) || !rs[len(rs)-1].Decidee {
				b.Fatal(err, rs[len(rs)-1])
			}
			slices.Sort(ds)
			b.ReportMetric(duree.Seconds(), "s/selection")
			b.ReportMetric(ds[len(ds)*95/100].Seconds()*1000, "ms-p95")
		}
	})
}

// BenchmarkApercu previews the decision of 20,000 requests, the most that one
// selection holds: its decider waits for the page.
func BenchmarkApercu(b *testing.B) {
	surChaque(b, func(b *testing.B, c *chantier) {
		ns := c.semer(b, 100, func(int) guichet.Statut { return guichet.Validee })
		a := c.acteur(b, "decideur@agence.example")
		b.ResetTimer()
		for range b.N {
			rs, err := c.guichet.DeciderSelection(b.Context(), a, guichet.SelectionDecision{Sens: "attribution", Numeros: ns, Apercu: true}, guichet.Appel{})
			if err != nil || len(rs) != len(ns) || !rs[len(rs)-1].Decidee {
				b.Fatal(err, len(rs))
			}
		}
	})
}

// BenchmarkLot freezes, approves and exports a payment batch of 20,000.
func BenchmarkLot(b *testing.B) {
	surChaque(b, func(b *testing.B, c *chantier) {
		for range b.N {
			b.StopTimer()
			ns := c.semer(b, 100, func(int) guichet.Statut { return guichet.Decidee })
			b.StartTimer()
			depart := time.Now()
			l, err := c.guichet.PreparerLot(b.Context(), c.acteur(b, "comptable1@agence.example"), ns, guichet.Appel{})
			if err != nil {
				b.Fatal(err)
			}
			approbateur := c.acteur(b, "comptable2@agence.example")
			if _, err := c.guichet.AgirLot(b.Context(), approbateur, l.ID, guichet.ActeLot{Action: guichet.ApprouverLot}, guichet.Appel{}); err != nil {
				b.Fatal(err)
			}
			if f, err := c.guichet.Virement(b.Context(), approbateur, l.ID); err != nil || len(f) == 0 {
				b.Fatal(err)
			}
			b.ReportMetric(time.Since(depart).Seconds(), "s/lot")
		}
	})
}
