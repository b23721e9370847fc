package modele

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
	"guichet.example/segur"
)

// melee is several people at once on few requests, through two portals that
// share one store. Nothing is foretold: whatever was answered, the world must
// be whole and its journal say exactly what was answered.
type melee struct {
	t       *testing.T
	mondes  [2]*guichettest.Monde
	mu      sync.Mutex
	numeros []guichet.Demande
	lots    []guichet.LotID
	journal map[ligneJournal]int
	soldes  int // balances asked for
}

func TestMelee(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, adresse func() string) {
		m := guichettest.Nouveau(t, adresse())
		x := &melee{t: t, mondes: [2]*guichettest.Monde{m, m.Autre(t)}, journal: map[ligneJournal]int{}}
		for _, statut := range []guichet.Statut{guichet.EnInstruction, guichet.Validee, guichet.Payee} {
			m.Amener(t, statut, 3)
		}
		x.debut()
		var groupe sync.WaitGroup
		for i := range uint64(8) {
			groupe.Go(func() {
				p := &participant{melee: x, m: x.mondes[i%2], r: rand.New(rand.NewPCG(i, 11))}
				for range pas(t, 120) {
					p.avancer()
				}
			})
		}
		groupe.Wait()
		verifierMonde(t, m, x.journal)
		x.oublier()
	})
}

// oublier lets the years of retention pass and erases twice at once what is
// due, while one request is asked to be forgotten: histories, sums and the chain
// of the journal stand as they did.
func (x *melee) oublier() {
	m := x.mondes[0]
	avant := map[guichet.NumeroASP]guichet.Statut{}
	for _, d := range toutes(x.t, m) {
		avant[d.NumeroASP] = d.Statut
	}
	m.Horloge.Avancer(12 * 366 * 24 * time.Hour)
	for _, err := range together(3, func(i int) error {
		if i == 2 {
			return x.mondes[1].Guichet.EffacerDemande(x.t.Context(), m.Acteur("administrateur"), x.numeros[0].NumeroASP, "Demande reçue par courrier")
		}
		_, err := x.mondes[i].Guichet.EffacerDu(x.t.Context(), m.Acteur("administrateur"))
		return err
	}) {
		if err != nil && guichet.GenreDe(err) != guichet.Conflit {
			x.t.Errorf("erasure: %v", err)
		}
	}
	effacees := map[guichet.NumeroASP]bool{}
	for _, d := range toutes(x.t, m) {
		if effacees[d.NumeroASP] = !d.Efface.IsZero(); d.Statut != avant[d.NumeroASP] {
			x.t.Errorf("%s was %s and is %s since it was erased", d.NumeroASP, avant[d.NumeroASP], d.Statut)
		}
	}
	fois := map[string]int{}
	clear(x.journal)
	if err := m.Base.Lire(x.t.Context(), func(tx guichet.Tx) error {
		es, err := tx.Journal(1, 1_000_000)
		for _, e := range es {
			if e.Acte == string(guichet.EffacerDonnees) && e.Resultat == "fait" {
				fois[e.Objet]++
			}
		}
		l := &etatMonde{t: x.t, demandes: map[guichet.NumeroASP]*guichet.Demande{}, passages: map[guichet.NumeroASP][]guichet.Passage{}, fichiers: map[guichet.LotID]string{}, journal: x.journal}
		return errors.Join(err, l.charger(tx))
	}); err != nil {
		x.t.Fatal(err)
	}
	n := 0
	for numero, oui := range effacees {
		if oui != (fois[string(numero)] == 1) || fois[string(numero)] > 1 {
			x.t.Errorf("%s: erased %v, with %d entries", numero, oui, fois[string(numero)])
		}
		if oui {
			n++
		}
	}
	if n == 0 {
		x.t.Error("nothing was erased after twelve years")
	}
	verifierMonde(x.t, m, x.journal)
}

func toutes(t *testing.T, m *guichettest.Monde) (ds []guichet.Demande) {
	t.Helper()
	if err := m.Base.Lire(t.Context(), func(tx guichet.Tx) (err error) {
		ds, err = tx.Demandes(guichet.Filtre{})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return ds
}

// debut takes the world as it stands, with what its journal says so far.
func (x *melee) debut() {
	if err := x.mondes[0].Base.Lire(x.t.Context(), func(tx guichet.Tx) (err error) {
		if x.numeros, err = tx.Demandes(guichet.Filtre{}); err != nil {
			return err
		}
		ls, err := tx.Lots(10)
		for _, l := range ls {
			x.lots = append(x.lots, l.ID)
		}
		e := &etatMonde{t: x.t, demandes: map[guichet.NumeroASP]*guichet.Demande{}, passages: map[guichet.NumeroASP][]guichet.Passage{}, fichiers: map[guichet.LotID]string{}, journal: x.journal}
		return errors.Join(err, e.charger(tx))
	}); err != nil {
		x.t.Fatal(err)
	}
}

// participant is one caller.
type participant struct {
	*melee
	m *guichettest.Monde
	r *rand.Rand
}

func (p *participant) demande() guichet.Demande {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.numeros[p.r.IntN(len(p.numeros))]
}

func (p *participant) compte(acte guichet.Action) *guichet.Acteur {
	var bons []*guichet.Acteur
	for _, c := range guichettest.Comptes() {
		if k := p.m.Acteur(c.Identifiant); a(k, acte) || p.r.IntN(12) == 0 {
			bons = append(bons, k)
		}
	}
	return bons[p.r.IntN(len(bons))]
}

// noter counts what was answered; an answer that blames the portal is a fault.
func (p *participant) noter(qui *guichet.Acteur, acte guichet.Action, objet string, err error) {
	l := ligneJournal{qui.Identifiant, acte, objet, "fait"}
	switch genre := guichet.GenreDe(err); {
	case err == nil:
	case genre == guichet.Interdit:
		if l.resultat = "refuse"; acte == "preparer" || acte == "deposer" || acte == "figer" {
			l.objet = ""
		}
	case genre == guichet.Conflit, genre == guichet.Invalide, genre == guichet.Inconnu:
		return
	default:
		p.t.Errorf("%s %s %s: %v", qui.Identifiant, acte, objet, err)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.journal[l]++
}

func (p *participant) avancer() {
	switch n := p.r.IntN(100); {
	case n < 60:
		p.acte()
	case n < 72:
		p.preparer()
	case n < 90:
		p.acteLot()
	case n < 93:
		p.solde()
	case n < 95:
		p.controle()
	case n < 97:
		p.creance()
	default:
		p.selection()
	}
}

func (p *participant) acte() {
	d := p.demande()
	tous := gestes(p.m)
	q := tous[p.r.IntN(len(tous))].q
	if q.Action == guichet.Recouvrer && p.r.IntN(2) == 0 {
		q.Mode = guichet.ModeCompensation
	}
	qui := p.compte(q.Action)
	_, err := p.m.Guichet.Agir(p.t.Context(), qui, d.NumeroASP, q, guichet.Appel{})
	p.noter(qui, q.Action, string(d.NumeroASP), err)
}

func (p *participant) preparer() {
	ns := []guichet.NumeroASP{p.demande().NumeroASP}
	if n := p.demande().NumeroASP; n != ns[0] && p.r.IntN(3) == 0 {
		ns = append(ns, n)
	}
	qui := p.compte("preparer")
	l, err := p.m.Guichet.PreparerLot(p.t.Context(), qui, ns, guichet.Appel{})
	objet := ""
	if err == nil {
		objet = string(l.ID)
		p.mu.Lock()
		p.lots = append(p.lots, l.ID)
		p.mu.Unlock()
	}
	p.noter(qui, "preparer", objet, err)
}

func (p *participant) acteLot() {
	p.mu.Lock()
	id := p.lots[max(0, len(p.lots)-1-p.r.IntN(4))]
	p.mu.Unlock()
	q := guichet.ActeLot{Action: []guichet.Action{"approuver", "approuver", "retourner", "regler", "regler"}[p.r.IntN(5)], Date: p.m.Guichet.Aujourdhui()}
	q.Retours = []guichet.RetourBanque{{NumeroASP: p.demande().NumeroASP, Motif: "AC04"}}
	qui := p.compte(q.Action)
	_, err := p.m.Guichet.AgirLot(p.t.Context(), qui, id, q, guichet.Appel{})
	p.noter(qui, q.Action, string(id), err)
}

// controle freezes a population of one or more and draws from it, twice over:
// a draw is made once, whoever asks.
func (p *participant) controle() {
	qui := p.compte(guichet.OuvrirControle)
	c, err := p.m.Guichet.FigerControle(p.t.Context(), qui, guichet.NouveauControle{Libelle: "Essai", ATirer: 1})
	id := guichet.ControleID("")
	if err == nil {
		id = c.ID
	}
	p.noter(qui, guichet.FigerControle, string(id), err)
	if err != nil {
		return
	}
	qui = p.m.Acteur("controleur")
	for i, err := range together(2, func(i int) error {
		c, err := p.mondes[i].Guichet.TirerControle(p.t.Context(), qui, id, "4 8 15 16 23", "Loto fictif")
		for k := 0; err == nil && k < len(c.Lignes); k++ {
			if l := c.Lignes[k]; l.Tirage > 0 && l.Ecart == "" {
				p.noter(qui, guichet.OuvrirControle, string(l.NumeroASP), nil)
			}
		}
		return err
	}) {
		if p.noter(qui, guichet.TirerControle, string(id), err); err != nil && i == 1 && guichet.GenreDe(err) != guichet.Conflit {
			p.t.Errorf("drawn twice: %v", err)
		}
	}
}

// creance notes that some of a claim came back, or sets what is left of it off.
func (p *participant) creance() {
	cs, err := p.m.Guichet.Creances(p.t.Context(), p.m.Acteur("auditeur"), guichet.FiltreCreance{})
	if err != nil || len(cs) == 0 {
		return
	}
	c := cs[p.r.IntN(len(cs))]
	q := guichet.ActeCreance{Action: guichet.Rembourser, Montant: "1.00", Date: p.m.Guichet.Aujourdhui(), Reference: "VIR-" + string(rune('A'+p.r.IntN(26)))}
	if p.r.IntN(4) == 0 {
		q = guichet.ActeCreance{Action: guichet.Compenser, Motif: "Essai"}
	}
	qui := p.compte(guichet.Rembourser)
	_, err = p.m.Guichet.AgirCreance(p.t.Context(), qui, c.ID, q, guichet.Appel{})
	objet := fmt.Sprint(c.ID)
	if err == nil {
		objet = string(c.NumeroASP)
	}
	p.noter(qui, q.Action, objet, err)
}

// solde asks for one balance under a name of its own.
func (p *participant) solde() {
	d, f := p.demande(), guichettest.Fournisseurs()[0]
	p.mu.Lock()
	if p.soldes++; p.soldes > 900 { // a day has 999 file numbers
		p.mu.Unlock()
		return
	}
	q := guichet.NouveauDepot{Type: segur.Solde, NumeroAns: f.Ans, NomFichier: p.mondes[0].NomFichier(f), Contenu: guichettest.FichierSolde(f, d)}
	p.mu.Unlock()
	qui := p.m.Acteur("a.gestionnaire")
	v, err := p.m.Guichet.Deposer(p.t.Context(), qui, q, guichet.Appel{})
	if err != nil {
		p.t.Errorf("balance: %v", err)
		return
	}
	p.noter(qui, "deposer", string(v.Depot.ID), nil)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.numeros = append(p.numeros, v.Demandes...)
}

// selection decides as the decideur, who has no other duty anywhere.
func (p *participant) selection() {
	q := guichet.SelectionDecision{Sens: "attribution", Numeros: []guichet.NumeroASP{p.demande().NumeroASP, p.demande().NumeroASP}}
	qui := p.m.Acteur("decideur")
	rs, err := p.m.Guichet.DeciderSelection(p.t.Context(), qui, q, guichet.Appel{})
	if err != nil || len(rs) != len(q.Numeros) {
		p.t.Errorf("selection: %v, %v", rs, err)
	}
	for _, r := range rs {
		if r.Decidee {
			p.noter(qui, "decider", string(r.NumeroASP), nil)
		}
	}
}

// together runs f n times at once and gives the errors in order.
func together(n int, f func(i int) error) []error {
	errs := make([]error, n)
	var groupe sync.WaitGroup
	for i := range n {
		groupe.Go(func() { errs[i] = f(i) })
	}
	groupe.Wait()
	return errs
}

// Calls at once with one key have one effect, on the portal they reach or on
// another: one is answered, the others get its answer.
func TestOneEffectOfACallMadeManyTimes(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, adresse func() string) {
		m := guichettest.Nouveau(t, adresse())
		mondes := [2]*guichettest.Monde{m, m.Autre(t)}
		ns := m.Amener(t, guichet.Decidee, 2)
		appel := guichet.Appel{Route: "POST /lots-paiement", Cle: "une clé", Corps: "corps", Rendre: func(v any) (int, []byte, error) {
			l, _ := v.(*guichet.Lot)
			return 201, []byte(l.ID), nil
		}, Refuser: refusRendu}
		lots := make([]string, 8)
		errs := together(len(lots), func(i int) error {
			l, err := mondes[i%2].Guichet.PreparerLot(t.Context(), m.Acteur("comptable1"), ns, appel)
			var deja *guichet.DejaRepondu
			if err == nil {
				lots[i] = string(l.ID)
			} else if errors.As(err, &deja) {
				lots[i] = string(deja.Reponse.Contenu)
			}
			return err
		})
		faits := 0
		for i, err := range errs {
			if err == nil {
				faits++
			}
			if lots[i] == "" || lots[i] != lots[0] {
				t.Errorf("call %d: batch %q, %v", i, lots[i], err)
			}
		}
		if faits != 1 {
			t.Errorf("%d calls had an effect", faits)
		}
	})
}

// Of deposits at once with one file name one is kept; of those with one
// numeroEditeur under several names all are, and one has the line.
func TestDepositsAtOnce(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, adresse func() string) {
		m := guichettest.Nouveau(t, adresse())
		mondes := [2]*guichettest.Monde{m, m.Autre(t)}
		f, numeros := guichettest.Fournisseurs()[0], m.Numeros(6)
		noms := make([]string, 6)
		for i := range noms {
			noms[i] = m.NomFichier(f)
		}
		acceptees := make([]int, len(noms))
		deposer := func(i int, nom string, ns ...string) error {
			q := guichet.NouveauDepot{Type: segur.Avance, NumeroAns: f.Ans, NomFichier: nom, Contenu: guichettest.FichierAvance(f, ns...)}
			v, err := mondes[i%2].Guichet.Deposer(t.Context(), m.Acteur("a.deposant"), q, guichet.Appel{})
			if err == nil {
				acceptees[i] = len(v.Demandes)
			}
			return err
		}
		gardes := 0
		for _, err := range together(6, func(i int) error { return deposer(i, noms[0], numeros[i]) }) {
			var refuse *guichet.ErreurControle
			if err == nil {
				gardes++
			} else if !errors.As(err, &refuse) {
				t.Error(err)
			}
		}
		if gardes != 1 {
			t.Errorf("%d files kept under one name", gardes)
		}
		clear(acceptees)
		// Letter case makes no other number (D20).
		memes := []string{"ZZ00a", "zz00A"}
		lignes := 0
		for i, err := range together(5, func(i int) error { return deposer(i, noms[i+1], memes[i%2]) }) {
			if lignes += acceptees[i]; err != nil {
				t.Error(err)
			}
		}
		if lignes != 1 {
			t.Errorf("one numeroEditeur accepted %d times", lignes)
		}
	})
}
