package registre

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"guichet.example/segur"
)

// horloge is a fixed instant: entries of tests are the same bytes each time.
func horloge() time.Time { return time.Date(2023, 7, 1, 9, 0, 0, 0, time.UTC) }

func options() Options {
	return Options{Maintenant: horloge, Auteur: "claire", Poste: "poste-3", Outil: "test"}
}

func ouvrir(t *testing.T, dossier string) *Registre {
	t.Helper()
	r, err := Ouvrir(dossier, options())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Fermer(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func lire(t *testing.T, dossier string) *Registre {
	t.Helper()
	r, err := Lire(dossier, options())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// preparer writes a deposit of n fictitious requests and returns it.
func preparer(t *testing.T, r *Registre, n int) DepotPrepare {
	t.Helper()
	numeros, err := r.AttribuerNumeros(n)
	if err != nil {
		t.Fatal(err)
	}
	jour := segur.JourExemple
	k, err := r.AttribuerFichier("9999999999", jour)
	if err != nil {
		t.Fatal(err)
	}
	d := DepotPrepare{
		Dossier: filepath.Join(r.Dossier(), "depot"), Type: segur.Avance, NumeroAns: "9999999999", SIRET: "99999999999999",
		Fichier: Fichier{Nom: segur.NomFichier{NumeroAns: "9999999999", Jour: jour, Numero: k}.String(), Taille: 10, SHA256: strings.Repeat("a", 64)},
		Zips:    []Fichier{{Nom: "pieces-1.zip", Taille: 20, SHA256: strings.Repeat("b", 64)}}, Regles: "sha256:regles",
	}
	for i, numero := range numeros {
		c, err := segur.BaremePHA.Calculer(70833, "TTC")
		if err != nil {
			t.Fatal(err)
		}
		d.Demandes = append(d.Demandes, DemandePreparee{
			NumeroEditeur: numero, Regime: "TTC", Montants: MontantsDe(c), FINESSGeo: "990000010",
			Valeurs: Valeurs{{"commande.montantSegurHT", "708.33"}, {"beneficiaire.nomResponsable", `"EXEMPLE É"`}},
			Pieces:  []PiecePreparee{{NomFichier: "PHA-LGO-Va1-BDC-" + numero + ".pdf", Format: "PDF", Type: "BON_COMMANDE", Source: filepath.Join(r.Dossier(), "scans", numero+".pdf")}},
			Extras:  []Extra{{"x_agence", "Lyon"}}, Source: Source{Fichier: "commandes.csv", Ligne: i + 2},
		})
	}
	if err := r.Preparer(d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestNumbersAreGivenOnceAndForEver(t *testing.T) {
	dossier := t.TempDir()
	r := ouvrir(t, dossier)
	un, err := r.AttribuerNumeros(3)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Fermer(); err != nil {
		t.Fatal(err)
	}
	deux, err := ouvrir(t, dossier).AttribuerNumeros(2)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"00001", "00002", "00003", "00004", "00005"}, append(un, deux...)); d != "" {
		t.Error(d)
	}
}

func TestNumbersUsedElsewhereAreLeftOut(t *testing.T) {
	r := ouvrir(t, t.TempDir())
	neufs, err := r.DeclarerNumeros([]string{"00002", "ab12C", "AB12c", "00004"}, "export")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"00002", "ab12C", "00004"}, neufs); d != "" {
		t.Error("declared", d)
	}
	got, err := r.AttribuerNumeros(3)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"00001", "00003", "00005"}, got); d != "" {
		t.Error(d)
	}
	if !r.Attribue("AB12C") || !r.Attribue("00005") || r.Attribue("00006") {
		t.Error("Attribue does not know what is used")
	}
	if _, err := r.DeclarerNumeros([]string{"00009", "trop long"}, "export"); err == nil || r.Attribue("00009") {
		t.Errorf("a bad list must change nothing; err = %v", err)
	}
}

func TestNumbersGoOnWithLettersAfterDecimals(t *testing.T) {
	for _, c := range []struct {
		rang   int
		numero string
	}{{1, "00001"}, {99_999, "99999"}, {100_000, "A0000"}, {100_036, "A0010"}, {numerosEnTout, "ZZZZZ"}} {
		if got := numeroDe(c.rang); got != c.numero || rangDe(got) != c.rang {
			t.Errorf("numeroDe(%d) = %s, rangDe = %d", c.rang, got, rangDe(got))
		}
	}
	for _, n := range []string{"0A000", "", "000001", "é0000", "00000"} {
		if rangDe(n) != 0 {
			t.Errorf("rangDe(%q) = %d", n, rangDe(n))
		}
	}
}

func TestFileNumbersRunByDayAndStopAt999(t *testing.T) {
	r := ouvrir(t, t.TempDir())
	jour := segur.Jour{Annee: 2023, Mois: 7, Jour: 3}
	for want := 1; want <= 2; want++ {
		if got, err := r.AttribuerFichier("9999999999", jour); err != nil || got != want {
			t.Fatalf("got %d, %v", got, err)
		}
	}
	if got, err := r.AttribuerFichier("9999999999", segur.Jour{Annee: 2023, Mois: 7, Jour: 4}); err != nil || got != 1 {
		t.Errorf("the next day: %d, %v", got, err)
	}
	r.etat.fichiers["9999999999 2023-07-03"] = 999
	if _, err := r.AttribuerFichier("9999999999", jour); err == nil || !strings.Contains(err.Error(), "999 numéros de fichier du 03/07/2023") {
		t.Errorf("err = %v", err)
	}
}

func TestPreparedDepositIsReadBackWhole(t *testing.T) {
	dossier := t.TempDir()
	r := ouvrir(t, dossier)
	want := preparer(t, r, 2)
	lu := lire(t, dossier)
	d, ok := lu.Depot(want.Fichier.Nom)
	if !ok {
		t.Fatal("the deposit is not in the ledger")
	}
	got, err := lu.Relire(d)
	if err != nil {
		t.Fatal(err)
	}
	want.Lot, want.Dossier = Lot{1, 1}, "depot"
	for i := range want.Demandes {
		want.Demandes[i].Pieces[0].Source = "scans/" + want.Demandes[i].NumeroEditeur + ".pdf"
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	q, ok := lu.Demande(segur.Avance, "00002")
	if !ok || q.Statut() != StatutPreparee || q.Montants.Avance != 25500 || q.Rang != 2 {
		t.Errorf("%+v", q)
	}
	if v := got.Demandes[0].Valeurs.Texte("beneficiaire.nomResponsable"); v != "EXEMPLE É" {
		t.Errorf("Texte = %q", v)
	}
}

func TestDepositThatUsesANumberTwiceIsRefused(t *testing.T) {
	r := ouvrir(t, t.TempDir())
	d := preparer(t, r, 1)
	avant, _ := r.Tete()
	for nom, change := range map[string]func(*DepotPrepare){
		"same file":      func(*DepotPrepare) {},
		"same request":   func(d *DepotPrepare) { d.Fichier.Nom = "JSON-9999999999-20230701-002.json" },
		"number unknown": func(d *DepotPrepare) { d.Demandes[0].NumeroEditeur = "00777" },
		"no number":      func(d *DepotPrepare) { d.Demandes[0].NumeroEditeur = "7" },
	} {
		t.Run(nom, func(t *testing.T) {
			e := d
			e.Demandes = []DemandePreparee{d.Demandes[0]}
			change(&e)
			if err := r.Preparer(e); err == nil {
				t.Error("accepted")
			}
		})
	}
	if apres, _ := r.Tete(); apres != avant {
		t.Error("a refused deposit left an entry")
	}
}

func TestSecondProgramIsToldWhoHoldsTheLock(t *testing.T) {
	dossier := t.TempDir()
	r := ouvrir(t, dossier)
	_, err := Ouvrir(dossier, options())
	var pris *ErreurVerrou
	if !errors.As(err, &pris) || !strings.Contains(err.Error(), "claire, processus") || !strings.Contains(err.Error(), "poste-3") {
		t.Fatalf("err = %v", err)
	}
	if err := r.Fermer(); err != nil {
		t.Fatal(err)
	}
	ouvrir(t, dossier)
}

func TestReadingNeedsNoLockAndCannotWrite(t *testing.T) {
	dossier := t.TempDir()
	r := ouvrir(t, dossier)
	preparer(t, r, 1)
	lu := lire(t, dossier)
	if len(lu.Demandes()) != 1 {
		t.Errorf("%d requests", len(lu.Demandes()))
	}
	if _, err := lu.AttribuerNumeros(1); !errors.Is(err, ErrLecture) {
		t.Errorf("err = %v", err)
	}
	if _, err := Lire(t.TempDir(), options()); !errors.Is(err, ErrAbsent) {
		t.Errorf("err = %v", err)
	}
}

func TestEveryChangedByteIsFound(t *testing.T) {
	dossier := t.TempDir()
	r := ouvrir(t, dossier)
	if _, err := r.AttribuerNumeros(2); err != nil {
		t.Fatal(err)
	}
	if err := r.Fermer(); err != nil {
		t.Fatal(err)
	}
	chemin := filepath.Join(dossier, NomRegistre)
	bon, err := os.ReadFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	for i := range bon {
		faux := bytes.Clone(bon)
		faux[i] ^= 1
		if err := os.WriteFile(chemin, faux, 0o600); err != nil {
			t.Fatal(err)
		}
		lu, err := Lire(dossier, options())
		if err == nil && len(lu.Avis()) == 0 {
			t.Errorf("byte %d (%q) changed: not found", i, bon[i])
		}
	}
}

// TestPortalsRequestUnderARejectedNumberIsNotOurs: a colleague's other ledger
// used the number; ours was refused for that, and the portal lists theirs.
func TestPortalsRequestUnderARejectedNumberIsNotOurs(t *testing.T) {
	r := ouvrir(t, t.TempDir())
	preparer(t, r, 2)
	if _, err := r.NoterRetour(Retour{SHA256: "r", Type: segur.Avance, Demandes: []DemandeRetour{
		{NumeroEditeur: "00001", Code: "3030"}, {NumeroEditeur: "00002", Acceptee: true, NumeroASP: "ASP-2", Code: "0000"}}}); err != nil {
		t.Fatal(err)
	}
	statuts := []StatutPortail{{NumeroASP: "ASP-9", NumeroEditeur: "00001", Type: segur.Avance, Statut: "payee"}, {NumeroASP: "ASP-2", NumeroEditeur: "00002", Type: segur.Avance, Statut: "deposee"},
		{NumeroASP: "ASP-7", NumeroEditeur: "ZZZZ9", Type: segur.Avance, Statut: "deposee"}}
	for want := 1; want >= 0; want-- {
		if v, err := r.NoterStatuts("p", statuts); err != nil || v.Nouveaux != want || len(v.Autres)+len(v.Absentes) > 0 {
			t.Errorf("%+v, want %d changes, %v", v, want, err)
		}
	}
	rejetee, _ := r.Demande(segur.Avance, "00001")
	deposee, _ := r.Demande(segur.Avance, "00002")
	if rejetee.Statut() != StatutRejetee || deposee.Statut() != "deposee" || !r.Attribue("ZZZZ9") {
		t.Errorf("%s, %s", rejetee.Statut(), deposee.Statut())
	}
}

// TestPortalsRequestUnderANumberOfOursIsNotOurs: another ledger had used the
// numbers of this one. Its requests passed for ours, which had never been
// deposited or had another numeroASP: "Décidée et payée", said the table.
func TestPortalsRequestUnderANumberOfOursIsNotOurs(t *testing.T) {
	r := ouvrir(t, t.TempDir())
	d := preparer(t, r, 3)
	err := r.NoterEnvoi(Envoi{Fichier: d.Fichier.Nom, SHA256: d.Fichier.SHA256, Portail: "p", Depot: "d1"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.NoterRetour(Retour{SHA256: "r", Type: segur.Avance, Demandes: []DemandeRetour{
		{NumeroEditeur: "00002", Acceptee: true, NumeroASP: "ASP-2", Code: "0000"}, {NumeroEditeur: "00003", Acceptee: true, NumeroASP: "ASP-3", Code: "0000"}}}); err != nil {
		t.Fatal(err)
	}
	v, err := r.NoterStatuts("p", []StatutPortail{{NumeroASP: "ASP-8", NumeroEditeur: "00001", Type: segur.Avance, Statut: "payee"},
		{NumeroASP: "ASP-9", NumeroEditeur: "00002", Type: segur.Avance, Statut: "payee"}, {NumeroASP: "", NumeroEditeur: "00001", Type: segur.Avance, Statut: "payee"}})
	if err != nil || v.Nouveaux != 0 || len(v.Autres) != 3 || v.Autres[1].Demande.NumeroASP != "ASP-2" || len(v.Absentes) != 2 {
		t.Errorf("%+v, %v", v, err)
	}
	for numero, want := range map[string]string{"00001": StatutEnvoyee, "00002": StatutAcceptee, "00003": StatutAcceptee} {
		if d, _ := r.Demande(segur.Avance, numero); d.Statut() != want || d.Portail != nil {
			t.Errorf("%s is %s, want %s", numero, d.Statut(), want)
		}
	}
}

// TestBalanceClaimedAgainIsNotTheCancelledOne: both have the advance's number;
// the cancelled one's status fell on the one that took its place.
func TestBalanceClaimedAgainIsNotTheCancelledOne(t *testing.T) {
	r := ouvrir(t, t.TempDir())
	d := preparer(t, r, 1)
	solder := func(sha string) *Demande {
		t.Helper()
		k, err := r.AttribuerFichier(d.NumeroAns, segur.JourExemple)
		if err != nil {
			t.Fatal(err)
		}
		s := d
		s.Type, s.Fichier.Nom = segur.Solde, segur.NomFichier{NumeroAns: d.NumeroAns, Jour: segur.JourExemple, Numero: k}.String()
		if err := r.Preparer(s); err != nil {
			t.Fatal(err)
		}
		if _, err := r.NoterRetour(Retour{SHA256: sha, Type: segur.Solde, Demandes: []DemandeRetour{{NumeroEditeur: "00001", Acceptee: true, NumeroASP: "ASP-1", Code: "0000"}}}); err != nil {
			t.Fatal(err)
		}
		q, _ := r.Demande(segur.Solde, "00001")
		return q
	}
	dire := func(ss ...StatutPortail) {
		t.Helper()
		if v, err := r.NoterStatuts("p", ss); err != nil || len(v.Autres) > 0 {
			t.Fatalf("%+v, %v", v, err)
		}
	}
	premier, annule := solder("s1"), StatutPortail{NumeroASP: "ASP-S1", NumeroEditeur: "00001", Type: segur.Solde, Statut: "annulee"}
	dire(annule)
	second := solder("s2")
	dire(annule, StatutPortail{NumeroASP: "ASP-S2", NumeroEditeur: "00001", Type: segur.Solde, Statut: "deposee"})
	if premier.Statut() != "annulee" || second.Statut() != "deposee" || second.NumeroASP != "ASP-S2" {
		t.Errorf("%s, then %s", premier.Statut(), second.Statut())
	}
}
