package guichet_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet.example/internal/guichet"
	"guichet.example/internal/guichet/guichettest"
	"guichet.example/segur"
)

// A note is read by agents alone; it is struck with a reason and never changed,
// and its text is not in the journal.
func TestNotesStayInTheAgency(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		n := m.Amener(t, guichet.EnInstruction, 1)[0]
		if err := m.Guichet.Noter(t.Context(), m.Acteur("instructeur1"), n, "Appeler l’officine."); err != nil {
			t.Fatal(err)
		}
		notes := func(compte string) []guichet.Note {
			v, err := m.Guichet.Demande(t.Context(), m.Acteur(compte), n)
			if err != nil {
				t.Fatal(err)
			}
			return v.Notes
		}
		ns := notes("decideur")
		if len(ns) != 1 || ns[0].Auteur != "instructeur1" || ns[0].Texte != "Appeler l’officine." || !ns[0].Date.Equal(m.Horloge.Maintenant()) {
			t.Fatalf("%+v", ns)
		}
		if notes("a.gestionnaire") != nil || notes("administrateur") != nil {
			t.Error("the note is shown to others")
		}
		for _, e := range entrees(t, m, string(n), "note:ecrire") {
			if strings.Contains(e, "Appeler") {
				t.Errorf("the journal says %q", e)
			}
		}
		ctx, barrer := t.Context(), m.Guichet.BarrerNote
		exigerGenre(t, m.Guichet.Noter(ctx, m.Acteur("a.gestionnaire"), n, "x"), guichet.Interdit)
		exigerGenre(t, m.Guichet.Noter(ctx, m.Acteur("auditeur"), n, "x"), guichet.Interdit)
		exigerGenre(t, m.Guichet.Noter(ctx, m.Acteur("decideur"), n, " "), guichet.Invalide)
		exigerGenre(t, barrer(ctx, m.Acteur("decideur"), n, ns[0].ID, ""), guichet.Invalide)
		exigerGenre(t, barrer(ctx, m.Acteur("decideur"), n, 999, "x"), guichet.Inconnu)
		if err := barrer(ctx, m.Acteur("decideur"), n, ns[0].ID, "Mauvaise demande."); err != nil {
			t.Fatal(err)
		}
		exigerGenre(t, barrer(ctx, m.Acteur("decideur"), n, ns[0].ID, "Encore."), guichet.Conflit)
		if x := notes("decideur")[0]; x.Texte != "Appeler l’officine." || x.BarreePar != "decideur" || x.Motif != "Mauvaise demande." {
			t.Errorf("%+v", x)
		}
		// A note is no act: its author keeps every duty.
		if err := m.Guichet.Noter(ctx, m.Acteur("cumul"), n, "Vu."); err != nil {
			t.Fatal(err)
		}
		m.Agir(t, "instructeur1", n, guichet.ActeDemande{Action: guichet.ProposerRefus, Motifs: []string{"ineligible"}})
		m.Agir(t, "cumul", n, guichet.ActeDemande{Action: guichet.Decider, Sens: "refus", Motifs: []string{"ineligible"}})
	})
}

func TestAnnouncementsShowBetweenTheirInstants(t *testing.T) {
	t.Parallel()
	m := guichettest.Nouveau(t, guichettest.SQLite(t))
	maintenant, admin := m.Horloge.Maintenant(), m.Acteur("administrateur")
	annonce := guichet.Annonce{Genre: guichet.AnnonceFermeture, Texte: "Fermeture le 31.", Debut: maintenant.Add(time.Hour), Fin: maintenant.Add(2 * time.Hour)}
	incident := guichet.Annonce{Genre: guichet.AnnonceIncident, Texte: "Le courriel est en retard.", Debut: maintenant, Fin: maintenant.Add(3 * time.Hour)}
	for _, x := range []guichet.Annonce{annonce, incident} {
		if err := m.Guichet.Annoncer(t.Context(), admin, x); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []string{"incident", "incident fermeture", "incident", ""} {
		xs, err := m.Guichet.AnnoncesCourantes(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, x := range xs {
			got = append(got, string(x.Genre))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("after %d hours: %v, want %s", i, got, want)
		}
		m.Horloge.Avancer(time.Hour)
	}
	exigerGenre(t, m.Guichet.Annoncer(t.Context(), admin, annonce), guichet.Invalide) // it is over
	exigerGenre(t, m.Guichet.Annoncer(t.Context(), m.Acteur("decideur"), annonce), guichet.Interdit)
	xs, err := m.Guichet.Annonces(t.Context(), admin)
	if err != nil || len(xs) != 2 {
		t.Fatal(xs, err)
	}
	if err := m.Guichet.RetirerAnnonce(t.Context(), admin, xs[0].ID); err != nil {
		t.Fatal(err)
	}
	exigerGenre(t, m.Guichet.RetirerAnnonce(t.Context(), admin, xs[0].ID), guichet.Inconnu)
}

// Rules to come go through what is open and what comes in, say why they would
// hit it, and change nothing.
func TestRulesToComeRunInTheShadow(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		ouverte, payee := m.Amener(t, guichet.Deposee, 1)[0], m.Amener(t, guichet.Payee, 1)[0]
		avant, admin := m.Amener(t, guichet.Validee, 1)[0], m.Acteur("administrateur")
		r := guichet.ReglesFutures{Libelle: "Vague 2", Depuis: guichetJour(m, 60), Plafond: 700_00, Bareme: segur.Bareme{TVA: 20_00, PartAvance: 40_00}, CommandeD: segur.Jour{Annee: 2023, Mois: 3, Jour: 1}}
		exigerGenre(t, m.Guichet.ReglerFutures(t.Context(), m.Acteur("decideur"), r), guichet.Interdit)
		if err := m.Guichet.ReglerFutures(t.Context(), admin, r); err != nil {
			t.Fatal(err)
		}
		travailler(t, m)
		apres := m.Deposer(t, "b.gestionnaire", 1).Demandes[0]
		vs, err := m.Guichet.Futures(t.Context(), admin)
		if err != nil || len(vs) != 1 || vs[0].Touchees != 3 || vs[0].Examinees != 2 || vs[0].Passage.IsZero() {
			t.Fatalf("%+v, %v", vs, err)
		}
		_, os, err := m.Guichet.Touchees(t.Context(), admin, vs[0].ID, 0, 10)
		var ns []guichet.NumeroASP
		for _, o := range os {
			ns = append(ns, o.NumeroASP)
			var codes []string
			for _, x := range o.Raisons {
				codes = append(codes, x.Code)
			}
			if !slices.Equal(codes, []string{"date_avant", "plafond", "avance"}) || o.Raisons[2].Message != "L’avance serait de "+segur.Montant(340_00).Francais()+" au lieu de "+segur.Montant(255_00).Francais()+"." {
				t.Errorf("%s: %+v", o.NumeroASP, o.Raisons)
			}
		}
		if err != nil || !slices.Equal(ns, []guichet.NumeroASP{ouverte, avant, apres.NumeroASP}) || slices.Contains(ns, payee) {
			t.Errorf("%v, %v", ns, err)
		}
		if d := lire(t, m, avant).Demande; d.Statut != guichet.Validee || d.Montants.Avance != 255_00 {
			t.Errorf("the shadow changed %+v", d.Montants)
		}
		// Softer rules hit nobody.
		r.ID, r.Plafond, r.Bareme, r.CommandeD = vs[0].ID, 800_00, segur.BaremePHA, segur.Jour{}
		if err := m.Guichet.ReglerFutures(t.Context(), admin, r); err != nil {
			t.Fatal(err)
		}
		travailler(t, m)
		if vs, err = m.Guichet.Futures(t.Context(), admin); err != nil || vs[0].Touchees != 0 || vs[0].Examinees != 3 {
			t.Errorf("%+v, %v", vs, err)
		}
		if err := m.Guichet.RetirerFutures(t.Context(), admin, r.ID); err != nil {
			t.Fatal(err)
		}
	})
}

// avertFiness is the warning of a FINESS number whose key does not hold.
const avertFiness = "9338"

// deposerDouteux deposits requests that have it.
func deposerDouteux(t *testing.T, m *guichettest.Monde, compte string, n int) *guichet.DepotVu {
	t.Helper()
	f := guichettest.DeLui(compte)
	v, err := m.Guichet.Deposer(t.Context(), m.Acteur(compte), guichet.NouveauDepot{Type: segur.Avance, NumeroAns: f.Ans, NomFichier: m.NomFichier(f), Contenu: douteux(f, m.Numeros(n)...)}, guichet.Appel{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func douteux(f guichettest.Fournisseur, numeros ...string) []byte {
	return regexp.MustCompile(`("FINESSGeo": *)"[^"]*"`).ReplaceAll(guichettest.FichierAvance(f, numeros...), []byte(`$1"777777777"`))
}

// A version of the rules hardens a warning: it is tried on what was received,
// whatever became of it, names supplier, file and line, and refuses nothing
// before its day; then deposits, corrections and the simulator refuse it.
func TestHardenedWarningsRunInTheShadowAndThenRefuse(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		ctx, admin := t.Context(), m.Acteur("administrateur")
		ds := deposerDouteux(t, m, "a.gestionnaire", 2).Demandes
		ferme, attente := ds[0].NumeroASP, ds[1].NumeroASP
		m.Agir(t, "a.gestionnaire", ferme, guichet.ActeDemande{Action: guichet.Annuler})
		m.Completer(t, "a.gestionnaire", attente)
		m.Agir(t, "instructeur1", attente, guichet.ActeDemande{Action: guichet.Prendre})
		m.Amener(t, guichet.Deposee, 1) // whose number holds
		code, _ := segur.LireCode(avertFiness)
		if !slices.ContainsFunc(guichet.Durcissables(segur.Avance), func(e segur.Entree) bool { return e.Code == code }) {
			t.Fatalf("%s is no warning of a request", code)
		}
		r := guichet.ReglesFutures{Libelle: "Clé FINESS exigée", Depuis: guichetJour(m, 0), Type: segur.Avance, Plafond: 9000_00, Bareme: segur.BaremePHA, EnVigueur: true}
		exigerGenre(t, m.Guichet.ReglerFutures(ctx, admin, r), guichet.Invalide) // nothing is hardened
		r.Durcis = []segur.Code{code}
		exigerGenre(t, m.Guichet.ReglerFutures(ctx, admin, r), guichet.Invalide) // nobody could know before
		r.Durcis, r.Depuis = []segur.Code{2331}, guichetJour(m, 10)
		exigerGenre(t, m.Guichet.ReglerFutures(ctx, admin, r), guichet.Invalide) // no warning
		r.Durcis, r.EnVigueur = []segur.Code{code}, false
		if err := m.Guichet.ReglerFutures(ctx, admin, r); err != nil {
			t.Fatal(err)
		}
		travailler(t, m)
		arrivee := deposerDouteux(t, m, "b.gestionnaire", 1).Demandes[0]
		vs, err := m.Guichet.Futures(ctx, admin)
		if err != nil || len(vs) != 1 || vs[0].Touchees != 3 || vs[0].Depots != 2 {
			t.Fatalf("%+v, %v", vs, err)
		}
		_, ts, err := m.Guichet.Touchees(ctx, admin, vs[0].ID, 0, 10)
		if err != nil || len(ts) != 3 {
			t.Fatal(err, ts)
		}
		for i, n := range []guichet.NumeroASP{ferme, attente, arrivee.NumeroASP} {
			x := ts[i]
			if x.NumeroASP != n || x.Ligne != []int{1, 2, 1}[i] || !strings.HasPrefix(x.Fichier, "JSON-") || x.Fournisseur == "" || len(x.Raisons) != 1 || x.Raisons[0].Code != avertFiness || !strings.Contains(x.Raisons[0].Message, "777777777") {
				t.Errorf("%s: %+v", n, x)
			}
		}
		m.Horloge.Avancer(20 * jour)
		if d := deposerDouteux(t, m, "a.gestionnaire", 1); len(d.Demandes) != 1 {
			t.Error("a version that is only tried refuses")
		}
		r.ID, r.EnVigueur, r.Depuis = vs[0].ID, true, guichetJour(m, 5)
		if err := m.Guichet.ReglerFutures(ctx, admin, r); err != nil {
			t.Fatal(err)
		}
		m.Agir(t, "instructeur1", attente, guichet.ActeDemande{Action: guichet.DemanderModification, Motifs: []string{"piece_illisible"}, Cibles: []string{"beneficiaire"}, Echeance: guichetJour(m, 30)})
		dits, err := m.Guichet.DurcisAnnonces(ctx)
		if want := []guichet.Durci{{Code: code, Type: segur.Avance, Depuis: r.Depuis}}; err != nil || !slices.Equal(dits, want) {
			t.Errorf("nobody is told of what comes: %+v, %v", dits, err)
		}
		m.Horloge.Avancer(4 * jour)
		if d := deposerDouteux(t, m, "a.gestionnaire", 1); len(d.Demandes) != 1 {
			t.Error("refused the day before")
		}
		m.Horloge.Avancer(jour)
		d := deposerDouteux(t, m, "a.gestionnaire", 2)
		if len(d.Demandes) != 0 || !strings.Contains(string(d.Depot.Rapport), `"codeTraitement": "3032"`) || strings.Count(string(d.Depot.Rapport), `"balise": "beneficiaire.FINESSGeo"`) != 4 || !strings.Contains(string(d.Depot.Rapport), avertFiness+", FINESSGeo") {
			t.Errorf("accepted from its day on: %.1500s", d.Depot.Rapport)
		}
		f := guichettest.DeLui("a.gestionnaire")
		rapport, _, err := m.Guichet.Controler(ctx, segur.Avance, "", douteux(f, m.Numeros(1)...))
		if err != nil || rapport.Bilan().Acceptees != 0 {
			t.Errorf("the simulator accepts what a deposit refuses: %+v, %v", rapport.Bilan(), err)
		}
		_, err = m.Guichet.Agir(ctx, m.Acteur("a.gestionnaire"), attente, guichet.ActeDemande{Action: guichet.Corriger, Champs: guichet.Champs{}}, guichet.Appel{})
		exigerGenre(t, err, guichet.Invalide)
		if err := m.Guichet.RetirerFutures(ctx, admin, r.ID); err != nil {
			t.Fatal(err)
		}
		m.Agir(t, "a.gestionnaire", attente, guichet.ActeDemande{Action: guichet.Corriger, Champs: guichet.Champs{}})
		if d := deposerDouteux(t, m, "a.gestionnaire", 1); len(d.Demandes) != 1 {
			t.Error("refused though the version was taken out")
		}
	})
}

func lire(t *testing.T, m *guichettest.Monde, n guichet.NumeroASP) *guichet.DemandeVue {
	t.Helper()
	v, err := m.Guichet.Demande(t.Context(), m.Acteur("auditeur"), n)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// A selection decided in the background has one result a line, in the order
// asked, and goes on where a worker died.
func TestSelectionIsDecidedInTheBackground(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		ns := append(m.Amener(t, guichet.Validee, 3), m.Amener(t, guichet.Deposee, 1)...)
		ns = append(ns, ns[0])
		id, err := m.Guichet.CommanderSelection(t.Context(), m.Acteur("decideur"), guichet.SelectionDecision{Sens: "attribution", Numeros: ns})
		if err != nil {
			t.Fatal(err)
		}
		if s, rs, err := m.Guichet.SelectionVue(t.Context(), m.Acteur("decideur"), id, 100); err != nil || s.Etat.Faites != 0 || len(rs) != 0 || lire(t, m, ns[0]).Demande.Statut != guichet.Validee {
			t.Fatalf("before: %+v, %+v, %v", s, rs, err)
		}
		travailler(t, m)
		s, rs, err := m.Guichet.SelectionVue(t.Context(), m.Acteur("decideur"), id, 100)
		if err != nil || s.Etat.Faites != 5 || s.Etat.Decidees != 3 || s.Etat.Fin.IsZero() {
			t.Fatalf("%+v, %v", s, err)
		}
		for i, want := range []bool{true, true, true, false, false} {
			if rs[i].NumeroASP != ns[i] || rs[i].Decidee != want || want == (rs[i].Motif != "") {
				t.Errorf("line %d: %+v", i, rs[i])
			}
		}
		_, _, err = m.Guichet.SelectionVue(t.Context(), m.Acteur("cumul"), id, 100)
		exigerGenre(t, err, guichet.Inconnu)
		_, err = m.Guichet.CommanderSelection(t.Context(), m.Acteur("instructeur1"), guichet.SelectionDecision{Sens: "attribution", Numeros: ns})
		exigerGenre(t, err, guichet.Interdit)
		_, err = m.Guichet.CommanderSelection(t.Context(), m.Acteur("decideur"), guichet.SelectionDecision{Sens: "refus", Numeros: ns})
		exigerGenre(t, err, guichet.Invalide)
	})
}

// The figures are those of the journal, added up another way, to the cent; the
// delays those of the clock.
func TestStatisticsAgreeWithTheJournal(t *testing.T) {
	t.Parallel()
	pourChaque(t, func(t *testing.T, m *guichettest.Monde) {
		m.Amener(t, guichet.Refusee, 1)
		payees := m.Amener(t, guichet.Payee, 3)
		m.Horloge.Avancer(40 * 24 * time.Hour) // another month
		m.Amener(t, guichet.Decidee, 2)
		reprise := m.Amener(t, guichet.Decidee, 2)
		m.Agir(t, "decideur", reprise[0], reviser("refus", "doublon"))
		m.Agir(t, "decideur", reprise[1], reviser("retrait"))
		non := false
		m.Agir(t, "controleur", payees[0], guichet.ActeDemande{Action: guichet.OuvrirControle, Motif: "Tirage"})
		m.Agir(t, "controleur", payees[0], guichet.ActeDemande{Action: guichet.Constater, Conforme: &non})
		m.Agir(t, "controleur", payees[0], guichet.ActeDemande{Action: guichet.Recouvrer, Montant: "10.01", Motif: "Trop perçu : un exemple"})
		creances, err := m.Guichet.Creances(t.Context(), m.Acteur("comptable1"), guichet.FiltreCreance{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Guichet.AgirCreance(t.Context(), m.Acteur("comptable1"), creances[0].ID, guichet.ActeCreance{Action: guichet.Rembourser, Montant: "4.01", Date: m.Guichet.Aujourdhui(), Reference: "VIR-1"}, guichet.Appel{}); err != nil {
			t.Fatal(err)
		}
		deposerLigneFausse(t, m)
		lente := m.Amener(t, guichet.Deposee, 1)[0]
		m.Horloge.Avancer(50 * time.Hour)
		m.Agir(t, "instructeur1", lente, guichet.ActeDemande{Action: guichet.Prendre})

		s, err := m.Guichet.Statistiques(t.Context(), m.Acteur("decideur"), guichet.Periode{Du: guichetJour(m, -90), Au: guichetJour(m, 0)})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := s.Total, duJournal(t, m); got != want {
			t.Errorf("%+v, the journal says %+v", got, want)
		}
		if len(s.Mois) != 2 || s.Mois[0].Mois != "2023-07" || s.Mois[0].Paye != 765_00 || s.Mois[1].Engage != 510_00 || s.Mois[1].Ordonne != 10_01 || s.Mois[1].Recouvre != 4_01 {
			t.Errorf("%+v", s.Mois)
		}
		if fmt.Sprint(s.Refus) != "[{doublon 1} {ineligible 1}]" || fmt.Sprint(s.Rejets) != "[{2121 1}]" {
			t.Errorf("%v, %v", s.Refus, s.Rejets)
		}
		i := slices.IndexFunc(s.Delais, func(d guichet.Delai) bool { return d.Statut == guichet.Deposee })
		if i < 0 || s.Delais[i].Nombre != 9 || s.Delais[i].Mediane != 0 || s.Delais[i].Neuf != 50*time.Hour {
			t.Errorf("%+v", s.Delais)
		}
		if s, err = m.Guichet.Statistiques(t.Context(), m.Acteur("auditeur"), guichet.Periode{Du: guichetJour(m, -90), Au: guichetJour(m, 0), FournisseurID: m.Acteur("b.gestionnaire").FournisseurID}); err != nil || s.Total != (guichet.Argent{}) || len(s.Refus) != 0 {
			t.Errorf("supplier b: %+v, %v", s, err)
		}
		_, err = m.Guichet.Statistiques(t.Context(), m.Acteur("a.gestionnaire"), guichet.Periode{Du: guichetJour(m, -1), Au: guichetJour(m, 0)})
		exigerGenre(t, err, guichet.Interdit)
	})
}

func deposerLigneFausse(t *testing.T, m *guichettest.Monde) {
	t.Helper()
	f := guichettest.DeLui("a.gestionnaire")
	contenu := strings.Replace(string(guichettest.FichierAvance(f, m.Numeros(2)...)), "708.33", `"708.33"`, 1)
	if _, err := m.Guichet.Deposer(t.Context(), m.Acteur("a.gestionnaire"), guichet.NouveauDepot{Type: segur.Avance, NumeroAns: f.Ans, NomFichier: m.NomFichier(f), Contenu: []byte(contenu)}, guichet.Appel{}); err != nil {
		t.Fatal(err)
	}
}

// duJournal adds the money up from the journal alone.
func duJournal(t *testing.T, m *guichettest.Monde) (a guichet.Argent) {
	t.Helper()
	es, err := m.Guichet.Journal(t.Context(), m.Acteur("auditeur"), 1, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	montant := func(s string) segur.Montant {
		x, err := segur.LireMontant(s)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	accordee := map[string]segur.Montant{}
	for _, e := range es {
		if e.Resultat != "fait" {
			continue
		}
		switch e.Acte {
		case "decider", "reviser":
			if _, x, ok := strings.Cut(e.Detail, "attribution de "); ok {
				x, _, _ = strings.Cut(x, " ;")
				accordee[e.Objet] = montant(x)
			} else {
				delete(accordee, e.Objet)
			}
		case "regler":
			x, _, _ := strings.Cut(e.Detail, " ")
			a.Paye += montant(x)
		case "recouvrer":
			x, _, _ := strings.Cut(e.Detail, " ")
			a.Ordonne += montant(x)
		case "rembourser":
			x, _, _ := strings.Cut(e.Detail, " ")
			a.Recouvre += montant(x)
		}
	}
	for _, x := range accordee {
		a.Engage += x
	}
	return a
}
