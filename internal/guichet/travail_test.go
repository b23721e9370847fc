package guichet_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
)

// A server that is down for an hour loses no mail and doubles none.
func TestTravailReprendApresUnePanne(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		d := equiper(t, m)
		m.Deposer(t, "a.deposant", 2)
		d.tomber(errors.New("no answer"))
		for range 61 {
			m.Horloge.Avancer(time.Minute)
			travailler(t, m)
		}
		if r, err := m.Guichet.Releve(t.Context()); err != nil || r.Travaux[guichet.TravailAttend] == 0 || r.Travaux[guichet.TravailMort] != 0 {
			t.Fatalf("%+v, %v", r, err)
		}
		d.tomber(nil)
		m.Horloge.Avancer(6 * time.Hour)
		travailler(t, m)
		m.Horloge.Avancer(jour)
		travailler(t, m)
		cs := d.relever()
		vus := map[string]bool{}
		for _, c := range cs {
			vus[c.A+" "+c.Objet] = true
		}
		if len(cs) != 1 || len(vus) != len(cs) {
			t.Errorf("%+v", cs)
		}
		if r, err := m.Guichet.Releve(t.Context()); err != nil || r.Travaux[guichet.TravailAttend] != 0 || r.Travaux[guichet.TravailCours] != 0 {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

// What is given up is shown, and replayed by an operator.
func TestTravailMortEtRejoue(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		d, ctx := equiper(t, m), t.Context()
		m.Deposer(t, "a.deposant", 1)
		d.tomber(errors.New("no answer"))
		for range 40 {
			m.Horloge.Avancer(6 * time.Hour)
			travailler(t, m)
		}
		morts, err := m.Guichet.TravauxVus(ctx, guichet.TravailMort, 10)
		if err != nil || len(morts) != 1 || morts[0].Genre != guichet.TravailMessage || morts[0].Erreur != "no answer" {
			t.Fatalf("%+v, %v", morts, err)
		}
		d.tomber(nil)
		_, err = m.Guichet.Rejouer(ctx, morts[0].ID+1000)
		exigerGenre(t, err, guichet.Inconnu)
		if n, err := m.Guichet.Rejouer(ctx, morts[0].ID); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		travailler(t, m)
		if cs := d.relever(); len(cs) != 1 {
			t.Errorf("%+v", cs)
		}
	})
}

// What no attempt can do is given up at once.
func TestTravailAbandonne(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	d := equiper(t, m)
	m.Deposer(t, "a.deposant", 1)
	d.tomber(fmt.Errorf("no such address: %w", guichet.ErrAbandon))
	m.Horloge.Avancer(time.Minute)
	travailler(t, m)
	if r, err := m.Guichet.Releve(t.Context()); err != nil || r.Travaux[guichet.TravailMort] != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

// Several processes share the work: each piece is done by one, and that of a
// process that dies is taken over when its lease ends.
func TestTravailPartage(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		ctx := t.Context()
		autre := m.Autre(t)
		d := equiper(t, m)
		autre.Equiper(t, func(w *guichet.Monde) { w.Facteur, w.Appelant, w.Signaler = d, d, func(string, error) {} })
		for range 20 {
			m.Deposer(t, "a.deposant", 1)
			m.Deposer(t, "b.gestionnaire", 1)
			m.Horloge.Avancer(time.Minute)
			var groupe sync.WaitGroup
			for _, x := range []*guichettest.Monde{m, autre, m} {
				groupe.Go(func() {
					for range 4 {
						if _, err := x.Guichet.Travailler(ctx, 10); err != nil {
							t.Error(err)
						}
					}
				})
			}
			groupe.Wait()
		}
		travailler(t, m)
		if cs := d.relever(); len(cs) != 40 {
			t.Errorf("%d mails, want one a deposit", len(cs))
		}
		// A worker takes a piece and dies.
		m.Deposer(t, "a.deposant", 1)
		m.Horloge.Avancer(time.Minute)
		if err := m.Base.Ecrire(ctx, func(tx guichet.Tx) error {
			ts, err := tx.TravauxDus(m.Horloge.Maintenant(), 10)
			if err != nil {
				return err
			}
			for i := range ts {
				ts[i].Etat, ts[i].Prochain = guichet.TravailCours, m.Horloge.Maintenant().Add(10*time.Minute)
				ts[i].Essais++
				err = errors.Join(err, tx.MajTravail(&ts[i]))
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		travailler(t, m)
		if cs := d.relever(); len(cs) != 0 {
			t.Errorf("taken before the lease ended: %+v", cs)
		}
		m.Horloge.Avancer(10 * time.Minute)
		travailler(t, m)
		if cs := d.relever(); len(cs) != 1 {
			t.Errorf("%d mails after the lease", len(cs))
		}
	})
}

// Acts of one moment come in one mail a kind; each tells what to do.
func TestAvisDUneVieDeDemande(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		d := equiper(t, m)
		avis := func(objet string, n int) {
			t.Helper()
			m.Horloge.Avancer(time.Minute)
			travailler(t, m)
			cs := d.relever()
			if len(cs) != 1 || cs[0].Objet != objet || len(cs[0].Lignes) != n {
				t.Fatalf("want %q, got %+v", objet, cs)
			}
			if !strings.HasPrefix(cs[0].Chemin, "/") || cs[0].A != "contact@a.example" {
				t.Errorf("%+v", cs[0])
			}
		}
		ns := m.Amener(t, guichet.EnInstruction, 3)
		avis("Votre dépôt a sa réponse", 1)
		for _, n := range ns[:2] {
			m.Agir(t, "instructeur1", n, guichet.ActeDemande{Action: guichet.DemanderModification, Motifs: []string{"montant_discordant"}, Cibles: []string{"commande.montantSegurHT"},
				Echeance: guichetJour(m, 10), Message: "Le bon porte 700 €."})
		}
		avis("2 demandes sont à modifier", 2)
		// Reminded seven days and two days before, once each.
		for i := 1; i <= 9; i++ {
			m.Horloge.Avancer(jour)
			if err := m.Guichet.Cadencer(t.Context()); err != nil {
				t.Fatal(err)
			}
			travailler(t, m)
			if i == 3 || i == 8 {
				avis("Rappel : 2 demandes vous attendent", 2)
			} else if cs := d.relever(); len(cs) != 0 {
				t.Fatalf("day %d: %+v", i, cs)
			}
		}
		// The deadline passes: a refusal is proposed, a person decides.
		m.Horloge.Avancer(2 * jour)
		if err := m.Guichet.Cadencer(t.Context()); err != nil {
			t.Fatal(err)
		}
		travailler(t, m)
		avis("2 échéances sont passées", 2)
		v, err := m.Guichet.Demande(t.Context(), m.Acteur("decideur"), ns[0])
		if err != nil || v.Demande.Statut != guichet.EnInstruction || v.Demande.ProchainActeur() != "decideur" {
			t.Fatal(v.Demande, err)
		}
		m.Agir(t, "decideur", ns[0], guichet.ActeDemande{Action: guichet.Decider, Sens: "refus", Motifs: []string{"sans_reponse"}})
		avis("Une demande est décidée", 1)
	})
}

func TestAvisDePaiement(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	d := equiper(t, m)
	m.Amener(t, guichet.Payee, 2)
	m.Horloge.Avancer(time.Minute)
	travailler(t, m)
	objets := map[string]string{}
	for _, c := range d.relever() {
		objets[c.Objet] = fmt.Sprint(c.Lignes)
	}
	if l := objets["Avis de paiement : 2 demandes"]; !strings.Contains(l, "255,00") {
		t.Errorf("%v", objets)
	}
	if l := objets["2 demandes sont décidées"]; !strings.Contains(l, "attribuée") {
		t.Errorf("%v", objets)
	}
}

// While an address is slow to answer, what happens meanwhile waits its turn:
// nothing is posted twice, and the order holds.
func TestUnSeulAppelALaFois(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		d, ctx, chef := equiper(t, m), t.Context(), m.Acteur("a.gestionnaire")
		lent := &lenteur{dehors: d, entre: make(chan bool), suite: make(chan bool)}
		m.Equiper(t, func(w *guichet.Monde) { w.Appelant = lent })
		secret, b, err := m.Guichet.CreerAbonnement(ctx, chef, "https://a.example/crochet")
		if err != nil {
			t.Fatal(err)
		}
		essayer := func() {
			t.Helper()
			if err := m.Guichet.EssayerAbonnement(ctx, chef, b.ID); err != nil {
				t.Error(err)
			}
		}
		essayer()
		var groupe sync.WaitGroup
		groupe.Go(func() {
			if n, err := m.Guichet.Travailler(ctx, 10); n != 1 || err != nil {
				t.Error(n, err)
			}
		})
		<-lent.entre
		essayer()
		if n, err := m.Guichet.Travailler(ctx, 10); n != 0 || err != nil {
			t.Errorf("%d pieces taken while the first is under way, %v", n, err)
		}
		close(lent.suite)
		groupe.Wait()
		travailler(t, m)
		es := recevoir(t, d, secret)
		if len(es) != 2 || es[0].Numero >= es[1].Numero {
			t.Errorf("%+v", es)
		}
	})
}

// lenteur answers its first call once it is told to.
type lenteur struct {
	*dehors
	entre, suite chan bool
	une          sync.Once
}

func (l *lenteur) Poster(ctx context.Context, adresse string, entetes map[string]string, corps []byte) (int, error) {
	l.une.Do(func() { l.entre <- true })
	<-l.suite
	return l.dehors.Poster(ctx, adresse, entetes, corps)
}

// A portal that gets its mail server late tells of what is new, not of the past.
func TestAvisSansLePasse(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	d := equiper(t, m)
	m.Equiper(t, func(w *guichet.Monde) { w.Facteur = nil })
	if _, _, err := m.Guichet.CreerAbonnement(t.Context(), m.Acteur("a.gestionnaire"), "https://a.example/crochet"); err != nil {
		t.Fatal(err)
	}
	m.Deposer(t, "a.deposant", 1)
	m.Deposer(t, "a.deposant", 1)
	travailler(t, m)
	m.Horloge.Avancer(8 * jour)
	m.Equiper(t, func(w *guichet.Monde) { w.Facteur = d })
	m.Deposer(t, "a.deposant", 1)
	m.Horloge.Avancer(time.Minute)
	travailler(t, m)
	if cs := d.relever(); len(cs) != 1 || len(cs[0].Lignes) != 1 {
		t.Errorf("%+v", cs)
	}
}
