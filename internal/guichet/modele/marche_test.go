package modele

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
	"guichet.example/segur"
)

// pas is how long a walk is; GUICHET_MODELE_PAS makes it longer.
func pas(t *testing.T, defaut int) int {
	t.Helper()
	v := os.Getenv("GUICHET_MODELE_PAS")
	if v == "" {
		return defaut
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 {
		t.Fatalf("GUICHET_MODELE_PAS is %q; a number of steps is expected", v)
	}
	return n
}

// ligneJournal is what an entry of the journal says of an act.
type ligneJournal struct {
	acteur   string
	acte     guichet.Action
	objet    string
	resultat string
}

// marche is a random walk of the product and the model, side by side.
type marche struct {
	t        *testing.T
	m        *guichettest.Monde
	r        *rand.Rand
	demandes []*modeleDemande
	lots     []*modeleLot
	dus      []*modeleDu // oldest first
	journal  map[ligneJournal]int
	trace    []string
	cles     int
}

// Random acts by random accounts, one of which has every duty: each answer is
// the one that the model gives, and the world stays whole.
func TestModele(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, adresse func() string) {
		tout, joues := map[string]bool{}, 0
		for graine := range uint64(3) {
			t.Run(fmt.Sprint("graine ", graine), func(t *testing.T) {
				x := nouvelleMarche(t, adresse(), graine)
				for i := range pas(t, 500) {
					x.avancer(i)
					if t.Failed() {
						t.Fatalf("the last steps:\n%s", strings.Join(x.trace[max(0, len(x.trace)-25):], "\n"))
					}
				}
				x.finir()
				joues++
				for l := range x.journal {
					tout[string(l.acte)+" "+l.resultat] = true
				}
			})
		}
		if joues < 3 || pas(t, 500) < 500 {
			return // -run chose some of the walks, or they are short
		}
		for acte := range droitsModele {
			if !tout[string(acte)+" fait"] || !tout[string(acte)+" refuse"] {
				t.Errorf("the walks never had %s both done (%v) and refused (%v): they prove nothing of it", acte, tout[string(acte)+" fait"], tout[string(acte)+" refuse"])
			}
		}
	})
}

func nouvelleMarche(t *testing.T, adresse string, graine uint64) *marche {
	t.Helper()
	x := &marche{t: t, m: guichettest.Nouveau(t, adresse), r: rand.New(rand.NewPCG(graine, 37)), journal: map[ligneJournal]int{}}
	for _, f := range []string{"a", "b"} {
		x.deposer(f, 4)
	}
	return x
}

func (x *marche) avancer(i int) {
	x.m.Horloge.Avancer(time.Duration(1+x.r.IntN(3_000)) * time.Second)
	switch n := x.r.IntN(100); {
	case n < 55:
		x.acte()
	case n < 65:
		x.preparer()
	case n < 80:
		x.acteLot()
	case n < 88:
		x.piece()
	case n < 90:
		x.selection()
	case n < 96 && len(x.dus) > 0:
		x.rembourser()
	default:
		x.solde()
	}
	if x.vivantes() < 6 {
		x.deposer([]string{"a", "b"}[i%2], 1+x.r.IntN(3))
	}
}

// compte draws who acts: often somebody who has the right, else anybody.
func (x *marche) compte(acte guichet.Action, d *modeleDemande) *guichet.Acteur {
	var tous, bons []*guichet.Acteur
	for _, c := range guichettest.Comptes() {
		k := x.m.Acteur(c.Identifiant)
		tous = append(tous, k)
		if a(k, acte) && (d == nil || !etranger(k, d.fournisseur) && !d.ailleurs(k, acte)) {
			bons = append(bons, k)
		}
	}
	if len(bons) > 0 && x.r.IntN(4) > 0 {
		return bons[x.r.IntN(len(bons))]
	}
	return tous[x.r.IntN(len(tous))]
}

// demande draws a request, most often one that is not at its end. Audits are
// few: one that goes on is drawn more often.
func (x *marche) demande() *modeleDemande {
	if audites := slices.DeleteFunc(slices.Clone(x.demandes), func(d *modeleDemande) bool { return d.audit != "ouvert" && d.audit != "ecart" }); len(audites) > 0 && x.r.IntN(4) == 0 {
		return audites[x.r.IntN(len(audites))]
	}
	for range 3 {
		if d := x.demandes[x.r.IntN(len(x.demandes))]; d.statut != "annulee" && d.statut != "refusee" {
			return d
		}
	}
	return x.demandes[x.r.IntN(len(x.demandes))]
}

// vivantes counts the requests that can still be paid.
func (x *marche) vivantes() (n int) {
	for _, d := range x.demandes {
		if d.statut != "annulee" && d.statut != "refusee" && d.statut != "payee" {
			n++
		}
	}
	return n
}

// rares are the acts drawn once in so many times, so that walks go far.
var rares = map[guichet.Action]int{"annuler": 15, "proposer_refus": 3, "demander_modification": 2, "renvoyer": 4, "reviser": 12}

// tirerActe draws an act, most often one that the request's status allows.
func (x *marche) tirerActe(d *modeleDemande) guichet.Action {
	var tous, possibles []guichet.Action
	for _, y := range guichet.Actes() {
		tous = append(tous, y.Action)
		if slices.Contains(depuis[y.Action], d.etat()) && x.r.IntN(max(1, rares[y.Action])) == 0 {
			possibles = append(possibles, y.Action)
		}
	}
	if len(possibles) > 0 && x.r.IntN(5) > 0 {
		return possibles[x.r.IntN(len(possibles))]
	}
	return tous[x.r.IntN(len(tous))]
}

// noter holds an answer against the expected kind, and counts its entry.
func (x *marche) noter(quoi string, qui *guichet.Acteur, acte guichet.Action, objet string, want guichet.Genre, err error) bool {
	x.t.Helper()
	x.trace = append(x.trace, fmt.Sprintf("%s %s %s → %s", qui.Identifiant, quoi, objet, want))
	got := bon
	if err != nil {
		got = guichet.GenreDe(err)
	}
	if got != want {
		x.t.Errorf("%s %s %s: %v, want %q", qui.Identifiant, quoi, objet, err, want)
	}
	switch got {
	case bon:
		x.journal[ligneJournal{qui.Identifiant, acte, objet, "fait"}]++
	case guichet.Interdit:
		if acte == "preparer" { // the batch that was not made has no name
			objet = ""
		}
		x.journal[ligneJournal{qui.Identifiant, acte, objet, "refuse"}]++
	}
	return err == nil && got == want
}

func (x *marche) acte() {
	d := x.demande()
	q, contenu := x.corps(d, x.tirerActe(d))
	qui := x.compte(q.Action, d)
	want := d.attendu(qui, q.Action)
	if want == bon {
		want = contenu
	}
	appel := guichet.Appel{}
	if x.r.IntN(5) == 0 {
		x.cles++
		appel = guichet.Appel{Route: "POST /essai", Cle: strconv.Itoa(x.cles), Corps: "corps", Rendre: func(v any) (int, []byte, error) {
			vue, _ := v.(*guichet.DemandeVue)
			return 200, []byte(vue.Demande.Statut), nil
		}, Refuser: refusRendu}
	}
	v, err := x.m.Guichet.Agir(x.t.Context(), qui, d.numero, q, appel)
	if x.noter(string(q.Action), qui, q.Action, string(d.numero), want, err) {
		d.agir(qui, &q)
		x.reclamer(d, &q)
		x.comparer(d, v.Demande)
		x.repeter(d, qui, q, appel)
	}
}

// refusRendu makes the answer of a refused call, as a door does.
func refusRendu(refus error) (int, []byte, error) { return 409, []byte(refus.Error()), nil }

// repeter makes a call again: the first answer comes back and nothing happens;
// with another body it is a conflict.
func (x *marche) repeter(d *modeleDemande, qui *guichet.Acteur, q guichet.ActeDemande, appel guichet.Appel) {
	if appel.Cle == "" {
		return
	}
	_, err := x.m.Guichet.Agir(x.t.Context(), qui, d.numero, q, appel)
	var deja *guichet.DejaRepondu
	if !errors.As(err, &deja) || string(deja.Reponse.Contenu) != d.statut {
		x.t.Errorf("the same call again: %v", err)
	}
	appel.Corps = "autre"
	if _, err := x.m.Guichet.Agir(x.t.Context(), qui, d.numero, q, appel); guichet.GenreDe(err) != guichet.Conflit {
		x.t.Errorf("the same key for another body: %v", err)
	}
}

func (x *marche) preparer() {
	var ds []*modeleDemande
	for range 1 + x.r.IntN(3) {
		d := x.demande()
		payables := slices.DeleteFunc(slices.Clone(x.demandes), func(d *modeleDemande) bool { return attenduLot(x.m.Acteur("comptable2"), []*modeleDemande{d}) != bon })
		if len(payables) > 0 && x.r.IntN(8) > 0 {
			d = payables[x.r.IntN(len(payables))]
		}
		if !slices.Contains(ds, d) || x.r.IntN(8) == 0 {
			ds = append(ds, d)
		}
	}
	qui := x.compte("preparer", ds[0])
	l, err := x.m.Guichet.PreparerLot(x.t.Context(), qui, numeros(ds), guichet.Appel{})
	objet := ""
	if err == nil {
		objet = string(l.ID)
	}
	if !x.noter("preparer "+fmt.Sprint(numeros(ds)), qui, "preparer", objet, attenduLot(qui, ds), err) {
		return
	}
	ml := &modeleLot{id: l.ID, statut: "prepare", prepare: qui.Identifiant}
	for _, d := range ds {
		ml.lignes = append(ml.lignes, x.retenir(&modeleLigne{d: d, montant: d.montant}))
		d.lot = ml
		d.marquer(qui, "preparer")
	}
	x.lots = append(x.lots, ml)
	x.comparerLot(ml, l)
}

func numeros(ds []*modeleDemande) (ns []guichet.NumeroASP) {
	for _, d := range ds {
		ns = append(ns, d.numero)
	}
	return ns
}

func (x *marche) acteLot() {
	if len(x.lots) == 0 {
		return
	}
	l := x.lots[x.r.IntN(len(x.lots))]
	if x.r.IntN(4) > 0 {
		l = x.lots[len(x.lots)-1-x.r.IntN(min(3, len(x.lots)))]
	}
	q := guichet.ActeLot{Action: []guichet.Action{"approuver", "approuver", "retourner", "regler"}[x.r.IntN(4)]}
	qui := x.compte(q.Action, l.lignes[0].d)
	want := l.attendu(qui, q.Action)
	var rendus []*modeleLigne
	switch q.Action {
	case "retourner":
		y := l.lignes[x.r.IntN(len(l.lignes))]
		rendus = append(rendus, y)
		q.Retours = []guichet.RetourBanque{{NumeroASP: y.d.numero, Motif: "AC04"}}
		if want == bon && (y.rejet || y.retenue == y.montant) {
			want = guichet.Conflit
		}
		if x.r.IntN(6) == 0 {
			q.Retours[0] = guichet.RetourBanque{NumeroASP: "ASP-99999999-6", Motif: "AC04"}
			want = ou(want, l.attendu(qui, q.Action), guichet.Invalide)
		}
	case "regler":
		// Not to come, nor before the batch was approved.
		if q.Date = x.m.Guichet.Aujourdhui(); x.r.IntN(4) == 0 {
			q.Date = x.m.Guichet.JourA(x.m.Horloge.Maintenant().AddDate([]int{0, -9}[x.r.IntN(2)], 0, 1))
			want = ou(want, want, guichet.Invalide)
		}
	}
	v, err := x.m.Guichet.AgirLot(x.t.Context(), qui, l.id, q, guichet.Appel{})
	if x.noter(string(q.Action), qui, q.Action, string(l.id), want, err) {
		l.agir(qui, q.Action, rendus)
		x.comparerLot(l, v)
	}
}

// ou is the judgement of the content where right and status are good.
func ou(_, avant, contenu guichet.Genre) guichet.Genre {
	if avant != bon {
		return avant
	}
	return contenu
}

func (x *marche) piece() {
	d := x.demande()
	for _, e := range x.demandes {
		if e.statut == "incomplete" && x.r.IntN(3) == 0 {
			d = e
		}
	}
	var noms []string
	for n, recue := range d.pieces {
		if !recue {
			noms = append(noms, n)
		}
	}
	if slices.Sort(noms); len(noms) == 0 || x.r.IntN(8) == 0 {
		noms = []string{"PHA-LGO-Va1-" + map[bool]string{true: "BDC", false: "FAC"}[d.avance == nil] + "-" + d.editeur + ".pdf"}
	}
	qui, want := x.compte("deposer_pieces", d), bon
	switch {
	case etranger(qui, d.fournisseur):
		want = guichet.Inconnu
	case !a(qui, "deposer_pieces"):
		want = guichet.Interdit
	case d.statut != "incomplete" && d.statut != "deposee" && d.statut != "a_modifier":
		want = guichet.Conflit
	}
	contenu := guichettest.Document(d.numero, noms[0])
	_, err := x.m.Guichet.DeposerPiece(x.t.Context(), qui, d.numero, noms[0], strings.NewReader(contenu), int64(len(contenu)))
	if x.noter("deposer_pieces "+noms[0], qui, "deposer_pieces", string(d.numero), want, err) {
		d.pieces[noms[0]] = true
		if d.statut == "incomplete" && d.complete() {
			d.statut = "deposee"
		}
	}
	x.relire(d)
}

// selection decides several requests at once: each has its own result.
func (x *marche) selection() {
	ds := []*modeleDemande{x.demande(), x.demande(), x.demande()}
	q := guichet.SelectionDecision{Sens: "refus", Motifs: []string{"ineligible"}, Numeros: numeros(ds)}
	if x.r.IntN(2) == 0 {
		q.Sens, q.Motifs = "attribution", nil
	}
	qui := x.compte("decider", ds[0])
	rs, err := x.m.Guichet.DeciderSelection(x.t.Context(), qui, q, guichet.Appel{})
	if !a(qui, "decider") {
		x.noter("selection", qui, "decider", "", guichet.Interdit, err)
		return
	}
	if err != nil || len(rs) != len(ds) {
		x.t.Errorf("selection: %v, %v", rs, err)
		return
	}
	for i, d := range ds {
		want := d.attendu(qui, "decider")
		if want == bon && q.Sens == "attribution" && d.etat() == refus {
			want = guichet.Conflit
		}
		double := slices.Contains(ds[:i], d)
		if rs[i].NumeroASP != d.numero || rs[i].Decidee != (want == bon && !double) || rs[i].Decidee == (rs[i].Motif != "") {
			x.t.Errorf("selection of %s by %s: %+v, want %q", d.numero, qui.Identifiant, rs[i], want)
		}
		switch {
		case double:
		case want == bon:
			x.journal[ligneJournal{qui.Identifiant, "decider", string(d.numero), "fait"}]++
			d.agir(qui, &guichet.ActeDemande{Action: "decider", Sens: q.Sens})
		case want == guichet.Interdit:
			x.journal[ligneJournal{qui.Identifiant, "decider", string(d.numero), "refuse"}]++
		}
		x.trace = append(x.trace, fmt.Sprintf("%s selection %s %s → %q", qui.Identifiant, q.Sens, d.numero, want))
	}
}

// deposer makes new advances.
func (x *marche) deposer(f string, n int) {
	v := x.m.Deposer(x.t, f+".gestionnaire", n)
	x.journal[ligneJournal{f + ".gestionnaire", "deposer", string(v.Depot.ID), "fait"}]++
	for _, d := range v.Demandes {
		x.demandes = append(x.demandes, &modeleDemande{numero: d.NumeroASP, fournisseur: f, editeur: d.NumeroEditeur, statut: "incomplete", montant: 255_00, base: 850_00,
			pieces: map[string]bool{"PHA-LGO-Va1-BDC-" + d.NumeroEditeur + ".pdf": false}, fonctions: map[string]string{}})
	}
}

// solde asks for the balance of a request, paid or not.
func (x *marche) solde() {
	d := x.demande()
	for _, e := range x.demandes {
		if e.statut == "payee" && e.avance == nil && e.solde == nil && x.r.IntN(2) == 0 {
			d = e
		}
	}
	qui := x.compte("deposer", d)
	f := guichettest.Fournisseurs()[0]
	if !qui.Agent() {
		f = guichettest.DeLui(qui.Identifiant)
	}
	q := guichet.NouveauDepot{Type: segur.Solde, NumeroAns: f.Ans, NomFichier: x.m.NomFichier(f), Contenu: guichettest.FichierSolde(f, guichet.Demande{NumeroASP: d.numero, NumeroEditeur: d.editeur})}
	v, err := x.m.Guichet.Deposer(x.t.Context(), qui, q, guichet.Appel{})
	if !a(qui, "deposer") {
		if guichet.GenreDe(err) != guichet.Interdit {
			x.t.Errorf("%s deposits: %v", qui.Identifiant, err)
		}
		x.journal[ligneJournal{qui.Identifiant, "deposer", "", "refuse"}]++
		return
	}
	if err != nil {
		x.t.Errorf("balance of %s: %v", d.numero, err)
		return
	}
	x.journal[ligneJournal{qui.Identifiant, "deposer", string(v.Depot.ID), "fait"}]++
	reste := min(850_00, d.base) - d.verse
	admise := !etranger(qui, d.fournisseur) && d.avance == nil && d.statut == "payee" && d.solde == nil && reste > 0
	x.trace = append(x.trace, fmt.Sprintf("%s solde de %s → %v", qui.Identifiant, d.numero, admise))
	if admise != (len(v.Demandes) == 1) {
		x.t.Errorf("balance of %s (%s) by %s: %s", d.numero, d.statut, qui.Identifiant, v.Depot.Rapport)
	}
	if !admise || len(v.Demandes) != 1 {
		return
	}
	s := &modeleDemande{numero: v.Demandes[0].NumeroASP, fournisseur: d.fournisseur, editeur: d.editeur, avance: d, statut: "incomplete", montant: reste, base: d.base, fonctions: map[string]string{},
		pieces: map[string]bool{"PHA-LGO-Va1-FAC-" + d.editeur + ".pdf": false, "PHA-LGO-Va1-VA-" + d.editeur + ".pdf": false}}
	d.solde = s
	x.demandes = append(x.demandes, s)
	x.relire(s)
}
