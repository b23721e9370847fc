package modele

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
	"guichet.example/internal/store/pgtest"
	"guichet.example/segur"
)

// postgres is the server of all tests of this package; nil when PostgreSQL is
// not installed.
var postgres *pgtest.Serveur

func TestMain(m *testing.M) {
	s, err := pgtest.Demarrer("-c", "fsync=off")
	if err != nil && !errors.Is(err, pgtest.ErrAbsent) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	postgres = s
	code := m.Run()
	if s != nil {
		if err := s.Arreter(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// pourChaque runs a test on both engines; adresse makes an empty store.
func pourChaque(t *testing.T, f func(t *testing.T, adresse func() string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, func() string { return guichettest.SQLite(t) })
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if postgres == nil {
			t.Skip(pgtest.ErrAbsent)
		}
		f(t, func() string { return guichettest.Postgres(t, postgres) })
	})
}

// relire holds a request against its model.
func (x *marche) relire(d *modeleDemande) {
	x.t.Helper()
	v, err := x.m.Guichet.Demande(x.t.Context(), x.m.Acteur(d.fournisseur+".gestionnaire"), d.numero)
	if err != nil {
		x.t.Error(err)
		return
	}
	x.comparer(d, v.Demande)
	if h := v.Historique; len(h) == 0 || h[0].Acte != "deposer" || h[0].Statut != guichet.Incomplete {
		x.t.Errorf("%s: its history does not begin with its deposit", d.numero)
	}
}

func (x *marche) comparer(d *modeleDemande, v *guichet.Demande) {
	x.t.Helper()
	lot := guichet.LotID("")
	if d.lot != nil {
		lot = d.lot.id
	}
	type vu struct {
		Statut        guichet.Statut
		Refus         bool
		APayer, Verse segur.Montant
		Lot           guichet.LotID
	}
	want := vu{guichet.Statut(d.statut), d.refus, d.montant, d.verse, lot}
	propose := v.Statut == guichet.EnInstruction && len(v.RefusPropose) > 0
	if diff := cmp.Diff(want, vu{v.Statut, propose, v.APayer(), v.Montants.Verse, v.LotID}); diff != "" {
		x.t.Errorf("%s: %s", d.numero, diff)
	}
}

func (x *marche) comparerLot(l *modeleLot, v *guichet.Lot) {
	x.t.Helper()
	var total segur.Montant
	for i, y := range l.lignes {
		total += y.montant - y.retenue
		if i >= len(v.Lignes) || v.Lignes[i].NumeroASP != y.d.numero || v.Lignes[i].Montant != y.montant || v.Lignes[i].Retenue != y.retenue || (v.Lignes[i].Rejet != "") != y.rejet {
			x.t.Errorf("batch %s, line %d: %+v", l.id, i, v.Lignes)
		}
	}
	if string(v.Statut) != l.statut || v.Total != total {
		x.t.Errorf("batch %s: %s of %s, want %s of %s", l.id, v.Statut, v.Total, l.statut, total)
	}
}

// finir holds the whole world against the model.
func (x *marche) finir() {
	statuts := map[string]int{}
	for _, d := range x.demandes {
		x.relire(d)
		statuts[d.statut]++
	}
	x.t.Logf("%d requests %v, %d batches", len(x.demandes), statuts, len(x.lots))
	verifierMonde(x.t, x.m, x.journal)
}

// etatMonde is everything that invariants look at.
type etatMonde struct {
	t        *testing.T
	comptes  map[guichet.CompteID]*guichet.Compte
	demandes map[guichet.NumeroASP]*guichet.Demande
	passages map[guichet.NumeroASP][]guichet.Passage
	lots     []*guichet.Lot
	fichiers map[guichet.LotID]string
	journal  map[ligneJournal]int // acts on requests and batches
}

// verifierMonde holds what must be true of any world, whatever was done to it,
// and that its journal says exactly what was done.
func verifierMonde(t *testing.T, m *guichettest.Monde, journal map[ligneJournal]int) {
	t.Helper()
	v, err := m.Base.VerifierJournal(t.Context())
	if err != nil || len(v.Ruptures) > 0 {
		t.Errorf("journal: %v, %v", v.Ruptures, err)
	}
	e := &etatMonde{t: t, comptes: map[guichet.CompteID]*guichet.Compte{}, demandes: map[guichet.NumeroASP]*guichet.Demande{}, passages: map[guichet.NumeroASP][]guichet.Passage{},
		fichiers: map[guichet.LotID]string{}, journal: map[ligneJournal]int{}}
	for _, c := range guichettest.Comptes() {
		k := m.Acteur(c.Identifiant)
		e.comptes[k.ID] = &k.Compte
	}
	if err := m.Base.Lire(t.Context(), e.charger); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(journal, e.journal); diff != "" {
		t.Errorf("the journal is not what was done: %s", diff)
	}
	for n := range e.demandes {
		e.histoire(n)
	}
	e.argent()
}

func (e *etatMonde) charger(tx guichet.Tx) error {
	ds, err := tx.Demandes(guichet.Filtre{})
	if err != nil {
		return err
	}
	for i := range ds {
		n := ds[i].NumeroASP
		e.demandes[n] = &ds[i]
		if e.passages[n], err = tx.Passages(n); err != nil {
			return err
		}
	}
	ls, err := tx.Lots(100_000)
	for i := range ls {
		l, err2 := tx.Lot(ls[i].ID)
		fichier, err3 := tx.Virement(ls[i].ID)
		if ls[i].Statut == guichet.LotPrepare && errors.Is(err3, guichet.ErrAbsent) {
			err3 = nil
		}
		e.lots, e.fichiers[ls[i].ID] = append(e.lots, l), string(fichier)
		err = errors.Join(err, err2, err3)
	}
	es, err2 := tx.Journal(1, 1_000_000)
	for i, x := range es {
		if x.Numero != int64(i+1) {
			e.t.Errorf("entry %d stands at place %d", x.Numero, i+1)
		}
		if x.Acteur == "operateur" || strings.Contains(x.Acte, ":") {
			continue
		}
		l := ligneJournal{x.Acteur, guichet.Action(x.Acte), x.Objet, x.Resultat}
		if x.Resultat == "refuse" && (x.Acte == "preparer" || x.Acte == "deposer") {
			l.objet = "" // what was not made has no name
		}
		e.journal[l]++
	}
	return errors.Join(err, err2)
}

// mene says where an act leads from a state; "" = it stays.
func mene(etat string, p guichet.Passage) (string, bool) {
	switch p.Acte {
	case "completer":
		return "deposee", etat == "incomplete"
	case "preparer":
		return etat, etat == "decidee" || etat == "paiement_rejete"
	case "approuver":
		return "mise_en_paiement", etat == "decidee" || etat == "paiement_rejete"
	case "retourner":
		return "paiement_rejete", etat == "mise_en_paiement"
	case "regler":
		return "payee", etat == "mise_en_paiement"
	case "corriger":
		return string(p.Statut), etat == "a_modifier" && (p.Statut == "deposee" || p.Statut == "incomplete")
	case "reviser":
		entre := map[string][]string{"decidee": {"refusee", "en_instruction"}, "paiement_rejete": {"refusee", "en_instruction"}, "refusee": {"decidee", "en_instruction"}}
		return string(p.Statut), slices.Contains(entre[etat], string(p.Statut))
	case "decider":
		return string(p.Statut), etat == "validee" && p.Statut == "decidee" || (etat == "validee" || etat == refus) && p.Statut == "refusee"
	}
	fin := map[guichet.Action]string{"prendre": "en_instruction", "valider": "validee", "demander_modification": "a_modifier", "proposer_refus": refus,
		"renvoyer": "en_instruction", "annuler": "annulee", "ouvrir_controle": "payee", "constater": "payee", "recouvrer": "payee", "rembourser": "payee", "compenser": "payee"}[p.Acte]
	return fin, fin != "" && slices.Contains(depuis[p.Acte], etat)
}

// histoire replays a request: no forbidden transition, nobody without the
// right, nobody in two duties, and one journal entry an act.
func (e *etatMonde) histoire(n guichet.NumeroASP) {
	e.t.Helper()
	etat, ps := "incomplete", e.passages[n] // the deposit has its own row
	parCompte := map[guichet.CompteID]string{}
	parActe := map[ligneJournal]int{}
	for _, p := range ps {
		c := e.comptes[p.CompteID]
		if c == nil {
			e.t.Errorf("%s: act %s by nobody known", n, p.Acte)
			return
		}
		k := &guichet.Acteur{Compte: *c}
		suivant, permis := mene(etat, p)
		droit := p.Acte
		if droit == "completer" {
			droit = "deposer_pieces"
		}
		if !permis || !a(k, droit) {
			e.t.Errorf("%s: %s by %s from %q", n, p.Acte, c.Identifiant, etat)
		}
		if reste := suivant == etat || suivant == refus || etat == refus && suivant == "en_instruction"; reste != (p.Statut == "") || !reste && string(p.Statut) != suivant {
			e.t.Errorf("%s: %s from %q enters %q in its history, want %q", n, p.Acte, etat, p.Statut, suivant)
		}
		etat = suivant
		if f := fonctions[p.Acte]; f != "" {
			if autre := parCompte[c.ID]; autre != "" && autre != f {
				e.t.Errorf("%s: %s is %s and %s", n, c.Identifiant, autre, f)
			}
			parCompte[c.ID] = f
		}
		if _, surDemande := depuis[p.Acte]; surDemande {
			parActe[ligneJournal{c.Identifiant, p.Acte, string(n), "fait"}]++
		}
	}
	d := e.demandes[n]
	if propose := etat == refus; propose && (d.Statut != guichet.EnInstruction || len(d.RefusPropose) == 0) || !propose && string(d.Statut) != etat {
		e.t.Errorf("%s is %s, its history leads to %s", n, d.Statut, etat)
	}
	for l, k := range parActe {
		if e.journal[l] != k {
			e.t.Errorf("%+v: %d times in the history, %d in the journal", l, k, e.journal[l])
		}
	}
}

// argent holds the integer identity: what requests received is what settled
// batches paid, once each; and what batches say is what they hold.
func (e *etatMonde) argent() {
	e.t.Helper()
	verse := map[guichet.NumeroASP]segur.Montant{}
	vivant := map[guichet.NumeroASP]guichet.LotID{}
	for _, l := range e.lots {
		var total segur.Montant
		var fichier strings.Builder
		h := sha256.New()
		for _, y := range l.Lignes {
			total += y.Net()
			suite := ""
			if y.Retenue > 0 {
				suite = ";" + y.Retenue.String()
			}
			fmt.Fprintf(h, "%s;%s%s\n", y.NumeroASP, y.Montant, suite)
			if y.Net() > 0 {
				fmt.Fprintf(&fichier, "%s;%s;", y.NumeroASP, y.Net())
			}
			if y.Rejet != "" {
				continue
			}
			if autre := vivant[y.NumeroASP]; autre != "" {
				e.t.Errorf("%s is paid by batch %s and by batch %s", y.NumeroASP, autre, l.ID)
			}
			vivant[y.NumeroASP] = l.ID
			if l.Statut == guichet.LotRegle {
				verse[y.NumeroASP] += y.Montant
			}
		}
		if l.Total != total || l.Empreinte != "sha256:"+hex.EncodeToString(h.Sum(nil)) || len(l.Lignes) == 0 {
			e.t.Errorf("batch %s: total %s, lines %s, hash %s", l.ID, l.Total, total, l.Empreinte)
		}
		if approuve := l.Statut != guichet.LotPrepare; approuve != (l.ApprouvePar != 0) || l.ApprouvePar == l.PreparePar || (approuve && total > 0) != (e.fichiers[l.ID] != "") {
			e.t.Errorf("batch %s, %s: prepared by %d, approved by %d", l.ID, l.Statut, l.PreparePar, l.ApprouvePar)
		}
		if lu := e.fichiers[l.ID]; lu != "" && sansIBAN(lu) != fichier.String() {
			e.t.Errorf("batch %s pays %q", l.ID, lu)
		}
	}
	soldes := map[guichet.NumeroASP]bool{}
	for n, d := range e.demandes {
		if d.Montants.Verse != verse[n] || verse[n] != 0 && verse[n] != d.APayer() || (d.Statut == guichet.Payee) != (verse[n] > 0) || d.LotID != vivant[n] {
			e.t.Errorf("%s is %s: received %s, batches paid %s of %s", n, d.Statut, d.Montants.Verse, verse[n], d.APayer())
		}
		if d.Audit != nil && d.Audit.Recouvrement > d.Montants.Verse {
			e.t.Errorf("%s: %s ordered back of %s", n, d.Audit.Recouvrement, d.Montants.Verse)
		}
		if d.Avance != "" && d.Statut != guichet.Annulee && d.Statut != guichet.Refusee {
			if soldes[d.Avance] || d.Montants.Solde != d.Montants.Base-verse[d.Avance] && d.Montants.Solde != e.demandes[d.Avance].Montants.Base-verse[d.Avance] {
				e.t.Errorf("%s is a balance of %s on %s", n, d.Montants.Solde, d.Avance)
			}
			soldes[d.Avance] = true
		}
	}
}

// sansIBAN takes the account off each line of a payment file.
func sansIBAN(fichier string) string {
	var b strings.Builder
	for l := range strings.Lines(fichier) {
		b.WriteString(l[:strings.LastIndexByte(l, ';')+1])
	}
	return b.String()
}
