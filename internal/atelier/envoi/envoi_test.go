package envoi

import (
	"archive/zip"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"guichet.example/internal/api/client"
	"guichet.example/internal/atelier/registre"
	"guichet.example/segur"
)

// dossier prepares a deposit of n requests: their documents in two archives,
// the last one on its own.
func dossier(t *testing.T, n int) (chemin string, noms []string) {
	t.Helper()
	chemin = t.TempDir()
	jeu, err := segur.JeuPour(segur.Avance, segur.JourExemple)
	if err != nil {
		t.Fatal(err)
	}
	octets := jeu.Exemple(n)
	poser(t, filepath.Join(chemin, segur.NomExemple(1)), octets)
	r := jeu.Controler(octets, segur.JourExemple, segur.Options{})
	for d := range r.Demandes() {
		for p := range d.Pieces() {
			noms = append(noms, p.NomFichier)
		}
	}
	archiver(t, filepath.Join(chemin, "pieces-1.zip"), noms[:n/2])
	archiver(t, filepath.Join(chemin, "pieces-2.zip"), noms[n/2:n-1])
	poser(t, filepath.Join(chemin, noms[n-1]), []byte("%PDF fictif"))
	return chemin, noms
}

func poser(t *testing.T, chemin string, octets []byte) {
	t.Helper()
	if err := os.WriteFile(chemin, octets, 0o600); err != nil {
		t.Fatal(err)
	}
}

func archiver(t *testing.T, chemin string, noms []string) {
	t.Helper()
	f, err := os.Create(chemin)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for _, n := range noms {
		w, err := z.Create(n)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte("contenu de " + n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

func envoyer(t *testing.T, x *Expediteur, chemin string) (*Resultat, error) {
	t.Helper()
	x.Jour = segur.JourExemple
	x.Remplacer = remplacer
	fs, err := Rassembler([]string{chemin})
	if err != nil {
		t.Fatal(err)
	}
	if len(fs) != 1 {
		t.Fatalf("%d files found", len(fs))
	}
	return x.Envoyer(t.Context(), &fs[0])
}

func remplacer(chemin string, octets []byte) error { return os.WriteFile(chemin, octets, 0o600) }

func TestJSONThenDocumentsThenReturnedFile(t *testing.T) {
	chemin, noms := dossier(t, 4)
	p := nouveauFaux(t)
	r, err := envoyer(t, &Expediteur{Portail: p}, chemin)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"deposer " + segur.NomExemple(1), "depot", "zip " + noms[0] + " " + noms[1], "zip " + noms[2], "piece " + noms[3], "retour"}
	if d := cmp.Diff(want, p.appels); d != "" {
		t.Error(d)
	}
	if r.Refuse() || r.Acceptees != 4 || r.Recues != 4 || !r.Complete {
		t.Errorf("%+v", r)
	}
	if b, err := os.ReadFile(r.Retour); err != nil || string(b) != string(p.retours["d1"]) || filepath.Dir(r.Retour) != filepath.Clean(chemin) {
		t.Errorf("returned file %s: %v", r.Retour, err)
	}
}

// TestCutAnywhereTheSecondRunSendsOnlyWhatIsMissing: the line is cut after
// each call in turn; the next run ends the work, with one deposit and no
// document sent twice.
func TestCutAnywhereTheSecondRunSendsOnlyWhatIsMissing(t *testing.T) {
	for coupe := 1; coupe <= 6; coupe++ {
		chemin, noms := dossier(t, 4)
		p := nouveauFaux(t)
		p.coupe = coupe
		_, err := envoyer(t, &Expediteur{Portail: p}, chemin)
		var e *client.ErreurReseau
		if !errors.As(err, &e) {
			t.Fatalf("cut at call %d: %v", coupe, err)
		}
		r, err := envoyer(t, &Expediteur{Portail: p}, chemin)
		if err != nil || !r.Complete || r.Refuse() || len(p.depots) != 1 || r.Recues != len(noms) {
			t.Errorf("cut at call %d: %+v, %v", coupe, r, err)
		}
	}
}

// TestHalfReceivedArchiveIsCompletedByItsOtherHalf: of an archive of which the
// portal has one document, only the other one leaves.
func TestHalfReceivedArchiveIsCompletedByItsOtherHalf(t *testing.T) {
	chemin, noms := dossier(t, 4)
	p := nouveauFaux(t)
	p.coupe = 2
	if _, err := envoyer(t, &Expediteur{Portail: p}, chemin); err == nil {
		t.Fatal("not cut")
	}
	p.recevoir(p.depots["d1"], noms[0])
	if r, err := envoyer(t, &Expediteur{Portail: p}, chemin); err != nil || !r.Complete {
		t.Fatalf("%+v, %v", r, err)
	}
	if !slices.Contains(p.appels, "zip "+noms[1]) {
		t.Errorf("calls: %q", p.appels)
	}
}

// TestReplacedDocumentIsSentInPlaceOfTheArchives: the scan in the archive was
// refused; the clerk puts a better one beside it and runs the command again.
func TestReplacedDocumentIsSentInPlaceOfTheArchives(t *testing.T) {
	chemin, noms := dossier(t, 4)
	poser(t, filepath.Join(chemin, noms[0]), []byte("%PDF meilleur"))
	p := nouveauFaux(t)
	if r, err := envoyer(t, &Expediteur{Portail: p}, chemin); err != nil || !r.Complete {
		t.Fatalf("%+v, %v", r, err)
	}
	if !slices.Contains(p.appels, "piece "+noms[0]) || !slices.Contains(p.appels, "zip "+noms[1]) {
		t.Errorf("calls: %q", p.appels)
	}
}

func TestRefusedRequestsAreToldAndTheirDocumentsStayHere(t *testing.T) {
	chemin, noms := dossier(t, 4)
	p := nouveauFaux(t)
	p.brules["00002"] = true
	r, err := envoyer(t, &Expediteur{Portail: p}, chemin)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Refuse() || r.Acceptees != 3 || len(r.Refusees) != 1 || r.Refusees[0].Code != "3030" || r.Refusees[0].NumeroEditeur != "00002" || !r.Complete {
		t.Errorf("%+v", r)
	}
	if strings.Contains(strings.Join(p.appels, " "), noms[1]) {
		t.Error("a document of a refused request was sent")
	}
}

// TestFaultyRequestBurnsNoNumberByAccident: a home-made file with one faulty
// line does not leave, unless that is asked for.
func TestFaultyRequestBurnsNoNumberByAccident(t *testing.T) {
	chemin, _ := dossier(t, 4)
	json := filepath.Join(chemin, segur.NomExemple(1))
	b, err := os.ReadFile(json)
	if err != nil {
		t.Fatal(err)
	}
	poser(t, json, []byte(strings.Replace(string(b), "708.33", "708.3", 1)))
	p := nouveauFaux(t)
	r, err := envoyer(t, &Expediteur{Portail: p}, chemin)
	if err != nil || len(p.appels) != 0 || r.Depot != "" || !strings.Contains(r.Structure[0].Message, "1 des 4") {
		t.Fatalf("%+v, %v, %q", r, err, p.appels)
	}
	r, err = envoyer(t, &Expediteur{Portail: p, Partiel: true}, chemin)
	if err != nil || r.Acceptees != 3 || len(r.Refusees) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestReturnedFileIsNotDepositedAgain(t *testing.T) {
	chemin, _ := dossier(t, 2)
	p := nouveauFaux(t)
	if _, err := envoyer(t, &Expediteur{Portail: p}, chemin); err != nil {
		t.Fatal(err)
	}
	poser(t, filepath.Join(chemin, segur.NomExemple(1)), p.retours["d1"])
	p.appels = nil
	r, err := envoyer(t, &Expediteur{Portail: p}, chemin)
	if err != nil || len(p.appels) != 0 || !strings.Contains(r.Structure[0].Message, "fichier retour") {
		t.Errorf("%+v, %v, %q", r, err, p.appels)
	}
}

func TestRefusalAtControl1IsToldWithItsCure(t *testing.T) {
	chemin, _ := dossier(t, 2)
	p := nouveauFaux(t)
	p.refus = &client.Probleme{Statut: 422, Detail: "refusé", Rapport: []byte(`{"structure":[{"code":"3006","gravite":"erreur","message":"Déjà pris.","attendu":"JSON-9999999999-20230701-002.json","remede":"Renommez."}]}`)}
	r, err := envoyer(t, &Expediteur{Portail: p}, chemin)
	if err != nil || !r.Refuse() || r.Structure[0].Attendu != "JSON-9999999999-20230701-002.json" {
		t.Errorf("%+v, %v", r, err)
	}
	p.refus = &client.Probleme{Statut: 503, Detail: "occupé"}
	if _, err := envoyer(t, &Expediteur{Portail: p}, chemin); err == nil {
		t.Error("a portal that failed is taken for one that refused")
	}
}

// inscrit puts the folder's deposit in a ledger beside it.
func inscrit(t *testing.T, chemin string) *registre.Registre {
	t.Helper()
	r, err := registre.Ouvrir(chemin, registre.Options{Maintenant: func() time.Time { return time.Unix(0, 0).UTC() }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Fermer(); err != nil {
			t.Error(err)
		}
	})
	numeros, err := r.AttribuerNumeros(2)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.AttribuerFichier("9999999999", segur.JourExemple); err != nil {
		t.Fatal(err)
	}
	json := filepath.Join(chemin, segur.NomExemple(1))
	b, err := os.ReadFile(json)
	if err != nil {
		t.Fatal(err)
	}
	d := registre.DepotPrepare{Dossier: chemin, Type: segur.Avance, NumeroAns: "9999999999", Fichier: registre.Fichier{Nom: segur.NomExemple(1), SHA256: hexa(b)},
		Zips: []registre.Fichier{{Nom: "pieces-1.zip", SHA256: "z1"}}}
	for _, n := range numeros {
		d.Demandes = append(d.Demandes, registre.DemandePreparee{NumeroEditeur: n})
	}
	if err := r.Preparer(d); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestRunAgainChangesNothing: with everything there, a second run asks and
// sends nothing, and the ledger has not grown.
func TestRunAgainChangesNothing(t *testing.T) {
	chemin, _ := dossier(t, 2)
	reg := inscrit(t, chemin)
	p := nouveauFaux(t)
	p.brules["00002"] = true
	if r, err := envoyer(t, &Expediteur{Portail: p, Registre: reg}, chemin); err != nil || r.Deja {
		t.Fatalf("%+v, %v", r, err)
	}
	q, _ := reg.Demande(segur.Avance, "00001")
	refusee, _ := reg.Demande(segur.Avance, "00002")
	if q.NumeroASP != "ASP-d1-001" || q.Statut() != registre.StatutAcceptee || refusee.Statut() != registre.StatutRejetee || refusee.Code != "3030" {
		t.Errorf("%+v %+v", q, refusee)
	}
	avant, _ := reg.Tete()
	p.appels = nil
	r, err := envoyer(t, &Expediteur{Portail: p, Registre: reg}, chemin)
	if err != nil || !r.Deja || !r.DejaDansLeLivre {
		t.Fatalf("%+v, %v", r, err)
	}
	if d := cmp.Diff([]string{"depot", "retour"}, p.appels); d != "" {
		t.Error(d)
	}
	if apres, _ := reg.Tete(); apres != avant {
		t.Errorf("the ledger grew from %d to %d entries", avant, apres)
	}
}

func TestFileChangedSinceItsPreparationIsNotSent(t *testing.T) {
	chemin, _ := dossier(t, 2)
	reg := inscrit(t, chemin)
	json := filepath.Join(chemin, segur.NomExemple(1))
	b, err := os.ReadFile(json)
	if err != nil {
		t.Fatal(err)
	}
	poser(t, json, append(b, '\n'))
	p := nouveauFaux(t)
	r, err := envoyer(t, &Expediteur{Portail: p, Registre: reg}, chemin)
	if err != nil || !r.Refuse() || !strings.Contains(r.Structure[0].Message, "modifié depuis sa préparation") || len(p.appels) != 0 {
		t.Errorf("%+v, %v, %q", r, err, p.appels)
	}
}

func TestNothingToSendIsSaid(t *testing.T) {
	if _, err := Rassembler([]string{t.TempDir()}); err == nil || !strings.Contains(err.Error(), "aucun fichier JSON") {
		t.Errorf("err = %v", err)
	}
	if _, err := Rassembler([]string{filepath.Join(t.TempDir(), "rien")}); err == nil {
		t.Error("no error for a folder that is not there")
	}
}

// TestFilePreparedForAnotherDayIsRedated: prepared on Friday, deposited on
// Monday: the portal refuses the name, not the content.
func TestFilePreparedForAnotherDayIsRedated(t *testing.T) {
	chemin, _ := dossier(t, 2)
	reg := inscrit(t, chemin)
	lundi := segur.Jour{Annee: 2023, Mois: 7, Jour: 3}
	p := nouveauFaux(t)
	p.jour = lundi
	fs, err := Rassembler([]string{chemin})
	if err != nil {
		t.Fatal(err)
	}
	r, err := (&Expediteur{Portail: p, Registre: reg, Jour: lundi}).Envoyer(t.Context(), &fs[0])
	if err != nil || !r.Refuse() || !strings.Contains(r.Structure[0].Remede, "--redater") {
		t.Fatalf("%+v, %v", r, err)
	}
	for _, deja := range []bool{false, true} {
		r, err = (&Expediteur{Portail: p, Registre: reg, Jour: lundi, Redater: true, Remplacer: remplacer}).Envoyer(t.Context(), &fs[0])
		if err != nil || r.Refuse() || r.Deja != deja || r.Nom != "JSON-9999999999-20230703-001.json" || !r.Complete {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	if len(p.depots) != 1 {
		t.Errorf("%d deposits", len(p.depots))
	}
	if d, ok := reg.Depot("JSON-9999999999-20230703-001.json"); !ok || d.Demandes[0].Statut() != registre.StatutAcceptee {
		t.Errorf("%+v", d)
	}
}

// TestSuiviReadsTheReturnedFileThatTheCutHid: cut before the returned file, a
// deposit has no numeroASP in the ledger, and the portal's requests were then
// recognised by their number alone. The answer is fetched first, once; a
// deposit that the portal does not know is told by name.
func TestSuiviReadsTheReturnedFileThatTheCutHid(t *testing.T) {
	chemin, noms := dossier(t, 2)
	r := inscrit(t, chemin)
	p := nouveauFaux(t)
	p.brules["00002"] = true
	p.coupe = 3 // the documents
	if _, err := envoyer(t, &Expediteur{Portail: p, Registre: r, Partiel: true}, chemin); err == nil {
		t.Fatal("not cut", noms)
	}
	p.coupe = 0
	for n := range 2 {
		p.appels = nil
		if inconnus, err := LireRetours(t.Context(), p, r); err != nil || len(inconnus) > 0 || len(p.appels) != 1-n {
			t.Fatalf("reading %d: %v, %v, calls %v", n+1, inconnus, err, p.appels)
		}
	}
	un, deux := r.Demandes()[0], r.Demandes()[1]
	if un.NumeroASP != "ASP-d1-001" || deux.Statut() != registre.StatutRejetee {
		t.Errorf("%s %s, %s", un.NumeroASP, un.Statut(), deux.Statut())
	}
}

// TestDepositThatThePortalDoesNotKnowIsTold: another portal answers under the
// address, or another account.
func TestDepositThatThePortalDoesNotKnowIsTold(t *testing.T) {
	chemin, _ := dossier(t, 1)
	r := inscrit(t, chemin)
	p := nouveauFaux(t)
	if err := r.NoterEnvoi(registre.Envoi{Fichier: segur.NomExemple(1), SHA256: "x", Portail: p.Adresse(), Depot: "d7"}); err != nil {
		t.Fatal(err)
	}
	if inconnus, err := LireRetours(t.Context(), p, r); err != nil || len(inconnus) != 1 || inconnus[0] != segur.NomExemple(1) {
		t.Errorf("%v, %v", inconnus, err)
	}
}

// TestNameTakenByAnotherDepositIsReplaced: a file was deposited by other means
// that day. The portal's cure, to rename, made a file that the ledger does not
// know; --redater takes the first name that is free on both sides.
func TestNameTakenByAnotherDepositIsReplaced(t *testing.T) {
	chemin, _ := dossier(t, 2)
	reg := inscrit(t, chemin)
	p := nouveauFaux(t)
	p.pris = 4
	r, err := envoyer(t, &Expediteur{Portail: p, Registre: reg}, chemin)
	if err != nil || !r.Refuse() || !strings.Contains(r.Structure[0].Remede, "--redater") {
		t.Fatalf("%+v, %v", r, err)
	}
	for _, deja := range []bool{false, true} {
		r, err = envoyer(t, &Expediteur{Portail: p, Registre: reg, Redater: true}, chemin)
		if err != nil || r.Refuse() || r.Deja != deja || r.Nom != segur.NomExemple(5) {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	if k, err := reg.AttribuerFichier("9999999999", segur.JourExemple); err != nil || k != 6 {
		t.Errorf("the next file number is %d, %v", k, err)
	}
}
