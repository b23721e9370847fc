package suivi

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"guichet.example/internal/atelier/registre"
	"guichet.example/segur"
)

// ledger is a ledger of n prepared advances of 708.33 HT under TTC.
func ledger(t *testing.T, n int) *registre.Registre {
	t.Helper()
	r, err := registre.Ouvrir(t.TempDir(), registre.Options{Maintenant: func() time.Time { return time.Unix(0, 0).UTC() }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Fermer(); err != nil {
			t.Error(err)
		}
	})
	numeros, err := r.AttribuerNumeros(n)
	if err != nil {
		t.Fatal(err)
	}
	preparer(t, r, segur.Avance, numeros, nil)
	return r
}

func montants(t *testing.T) registre.Montants {
	t.Helper()
	c, err := segur.BaremePHA.Calculer(70833, "TTC")
	if err != nil {
		t.Fatal(err)
	}
	return registre.MontantsDe(c)
}

func preparer(t *testing.T, r *registre.Registre, genre segur.TypeDemande, numeros []string, remplace map[string]string) {
	t.Helper()
	k, err := r.AttribuerFichier("9999999999", segur.JourExemple)
	if err != nil {
		t.Fatal(err)
	}
	d := registre.DepotPrepare{Type: genre, NumeroAns: "9999999999", Fichier: registre.Fichier{Nom: segur.NomExemple(k)}}
	for i, n := range numeros {
		d.Demandes = append(d.Demandes, registre.DemandePreparee{NumeroEditeur: n, Regime: "TTC", Montants: montants(t), FINESSGeo: fmt.Sprintf("99000%04d", i),
			Remplace: remplace[n], Extras: []registre.Extra{{Colonne: "x_agence", Valeur: "Lyon"}}, Source: registre.Source{Fichier: "c.csv", Ligne: i + 2}})
	}
	if err := r.Preparer(d); err != nil {
		t.Fatal(err)
	}
}

func rendre(t *testing.T, r *registre.Registre, refusees ...string) {
	t.Helper()
	v := registre.Retour{SHA256: fmt.Sprint(refusees), Type: segur.Avance}
	for i, d := range r.Demandes() {
		q := registre.DemandeRetour{NumeroEditeur: d.NumeroEditeur, Acceptee: true, NumeroASP: fmt.Sprintf("ASP-%03d", i+1), Code: "0000"}
		for _, n := range refusees {
			if n == d.NumeroEditeur {
				q = registre.DemandeRetour{NumeroEditeur: n, Code: "2103", Libelle: "Date"}
			}
		}
		v.Demandes = append(v.Demandes, q)
	}
	if _, err := r.NoterRetour(v); err != nil {
		t.Fatal(err)
	}
}

func dire(t *testing.T, r *registre.Registre, numero, statut, acteur string) {
	t.Helper()
	d, ok := r.Demande(segur.Avance, numero)
	if !ok {
		t.Fatal("no request " + numero)
	}
	if _, err := r.NoterStatuts("https://portail.example", []registre.StatutPortail{{NumeroASP: d.NumeroASP, NumeroEditeur: numero, Type: segur.Avance, Statut: statut, ProchainActeur: acteur, Montants: d.Montants}}); err != nil {
		t.Fatal(err)
	}
}

// TestMoneyIsSummedToTheCent: 708.33 HT → 850.00 → 255.00, three times, with
// one refused and taken up again: it counts once.
func TestMoneyIsSummedToTheCent(t *testing.T) {
	r := ledger(t, 3)
	rendre(t, r, "00002")
	b := Faire(Lignes(r, Filtre{}))
	if b.Demandees.HT != 2*70833 || b.Attendues.Avance != 2*25500 || b.Refusees.Avance != 25500 || b.Acceptees.Nombre != 2 {
		t.Errorf("%+v", b)
	}
	numeros, err := r.AttribuerNumeros(1)
	if err != nil {
		t.Fatal(err)
	}
	preparer(t, r, segur.Avance, numeros, map[string]string{"00004": "00002"})
	dire(t, r, "00001", "payee", "")
	b = Faire(Lignes(r, Filtre{}))
	if b.Demandees.Nombre != 3 || b.Refusees.Nombre != 0 || b.Payees.Avance != 25500 || b.Attendues.Nombre != 2 {
		t.Errorf("%+v", b)
	}
}

// TestPeineAQuiLeTour: "is it my turn or theirs?", for every status
// of both sides.
func TestPeineAQuiLeTour(t *testing.T) {
	r := ledger(t, 2)
	l := Lignes(r, Filtre{})[0]
	if l.ProchainActeur != "fournisseur" || l.Etat.Action != "segur deposer" {
		t.Errorf("prepared: %+v", l)
	}
	rendre(t, r, "00002")
	ls := Lignes(r, Filtre{})
	if ls[0].ProchainActeur != "agence" || ls[1].ProchainActeur != "fournisseur" || ls[1].Etat.Action != "segur reprendre" {
		t.Errorf("%+v", ls)
	}
	dire(t, r, "00001", "en_instruction", "instructeur")
	if l := Lignes(r, Filtre{})[0]; l.ProchainActeur != "instructeur" {
		t.Errorf("%+v", l)
	}
	if e := EtatDe("nouveau_statut"); e.Libelle != "nouveau_statut" {
		t.Errorf("a status of a later portal: %+v", e)
	}
}

func TestFiltersKeepWhatTheyName(t *testing.T) {
	r := ledger(t, 3)
	rendre(t, r, "00002")
	for nom, c := range map[string]struct {
		f Filtre
		n int
	}{
		"all": {Filtre{}, 3}, "status": {Filtre{Statuts: []string{registre.StatutRejetee}}, 1}, "actor": {Filtre{Acteur: "agence"}, 2},
		"text in an extra": {Filtre{Texte: "lyon"}, 3}, "text": {Filtre{Texte: "asp-003"}, 1}, "none": {Filtre{Texte: "absent"}, 0}, "type": {Filtre{Type: segur.Solde}, 0},
		"file": {Filtre{Depot: segur.NomExemple(1)}, 3}, "other file": {Filtre{Depot: "x"}, 0},
	} {
		if n := len(Lignes(r, c.f)); n != c.n {
			t.Errorf("%s: %d requests, want %d", nom, n, c.n)
		}
	}
}

// TestBalanceReadiness: what can be claimed today, blocked by whom, until when.
func TestBalanceReadiness(t *testing.T) {
	r := ledger(t, 5)
	rendre(t, r, "00002")
	dire(t, r, "00003", "payee", "")
	dire(t, r, "00004", "en_instruction", "instructeur")
	dire(t, r, "00005", "incomplete", "fournisseur")
	jour := segur.Jour{Annee: 2023, Mois: 12, Jour: 20}
	var got []string
	for _, s := range Soldables(r, jour, segur.Jour{Annee: 2024, Mois: 1, Jour: 1}) {
		got = append(got, fmt.Sprint(s.NumeroEditeur, " ", s.Oui, " ", s.Bloque, " ", s.JoursRestants))
	}
	want := []string{"00001 false fournisseur 12", "00002 false fournisseur 12", "00003 true  12", "00004 false agence 12", "00005 false fournisseur 12"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if s := Soldables(r, jour, segur.Jour{Annee: 2023, Mois: 12, Jour: 19})[2]; s.Oui || !strings.Contains(s.Raison, "19/12/2023") {
		t.Errorf("after the limit: %+v", s)
	}
	preparer(t, r, segur.Solde, []string{"00003"}, nil)
	if s := Soldables(r, jour, segur.Jour{})[2]; s.Oui || !strings.Contains(s.Raison, "préparé") {
		t.Errorf("prepared already: %+v", s)
	}
}

func TestDaysAreCountedAsTheCalendarDoes(t *testing.T) {
	a := time.Date(2023, 12, 1, 0, 0, 0, 0, time.UTC)
	for n := range 900 {
		if got := joursEntre(segur.JourDe(a), segur.JourDe(a.AddDate(0, 0, n))); got != n {
			t.Fatalf("%d days counted as %d", n, got)
		}
	}
}

func TestPageHoldsNothingThatActs(t *testing.T) {
	r := ledger(t, 2)
	rendre(t, r)
	if _, err := r.NoterRetour(registre.Retour{SHA256: "x", Type: segur.Avance, Demandes: []registre.DemandeRetour{{NumeroEditeur: "00001", Acceptee: true, NumeroASP: "<script>alert(1)</script>"}}}); err != nil {
		t.Fatal(err)
	}
	ls := Lignes(r, Filtre{})
	b := Faire(ls)
	var p strings.Builder
	if err := EcrireHTML(&p, "01/07/2023", &b, Table(ls)); err != nil {
		t.Fatal(err)
	}
	page := p.String()
	for _, want := range []string{`lang="fr"`, "<svg", "<desc", "Acceptée au dépôt", "510,00"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	if strings.Contains(page, "<script>alert") {
		t.Error("a number became a script")
	}
	tab := Table(ls)
	if n := len(tab.Colonnes); tab.Colonnes[n-1].Cle != "x_agence" || tab.Lignes[0][n-1] != "Lyon" {
		t.Errorf("x_ columns do not travel: %+v", tab.Colonnes[n-1])
	}
}
