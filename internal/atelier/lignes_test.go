package atelier

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
)

// Exports repeat their headings, end with sums and carry notes: each used to
// be an order with a dozen faults, and a list of good orders was refused.
func TestLignesQuiNeSontPasDesCommandes(t *testing.T) {
	ls := strings.Split(strings.TrimSpace(listeDe(3)), "\r\n")
	vide := strings.Repeat(";", strings.Count(ls[0], ";"))
	texte := strings.Join([]string{"Commandes signées" + vide, ls[0], ls[1], "", ls[0], ls[2], ls[3], "Sous-total" + vide[3:] + ";3;;", "TOTAL GÉNÉRAL;;;2 124,99" + vide[3:], ";;;2 124,99" + vide[3:], "3 commandes, éditées le 01/07/2023" + vide}, "\r\n")
	l := lireTexte(t, texte, OptionsListe{})
	want := []Laissee{{5, motifTitres}, {8, motifTotal}, {9, motifTotal}}
	if d := cmp.Diff(want, l.Laissees); d != "" {
		t.Error(d)
	}
	// The sum without a name and the note are one finding each, not one for
	// every leaf that they lack.
	if d := cmp.Diff([]string{"10:4008", "11:4008"}, codesDe(juger(t, l, scans(t, t.TempDir(), 3)))); d != "" {
		t.Error(d)
	}
	if l.Commandes[2].Source.Ligne != 7 {
		t.Errorf("rows are counted as the spreadsheet does, got %d", l.Commandes[2].Source.Ligne)
	}
	// An order of a pharmacy called so is an order.
	l = lireTexte(t, changer(listeDe(1), 1, "N° commande", "Total Santé"), OptionsListe{})
	if len(l.Laissees) > 0 || len(l.Commandes) != 1 {
		t.Errorf("%+v", l.Laissees)
	}
}

// A Mac writes accents behind their letter: names of files and lists copied
// from them were other texts than the same names in a list typed on Windows.
func TestAccentsDesMacs(t *testing.T) {
	dossier := t.TempDir()
	poser(t, filepath.Join(dossier, norm.NFD.String("Reçus signés"), norm.NFD.String("numérisé.PDF")), pdf("1", 0))
	l := lireTexte(t, changer(changer(listeDe(1), 1, "Scan BDC", "numérisé.pdf"), 1, "Titulaire", norm.NFD.String("ÉLODIE Ç")), OptionsListe{})
	if ks := juger(t, l, dossier); len(ks) > 0 {
		t.Errorf("%v\n%+v", codesDe(ks), ks[0])
	}
	if nom := l.Commandes[0].Valeur(jeu(t), "beneficiaire.nomResponsable"); nom != `"ÉLODIE Ç"` {
		t.Errorf("%+q", nom)
	}
	for _, nom := range []string{norm.NFD.String("numérisé"), `C:\Scans\Reçus signés\numérisé.pdf`, "reçus signés/NUMÉRISÉ.PDF"} {
		s, err := OuvrirScans(dossier)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.trouver(nom); len(got) != 1 {
			t.Errorf("%+q: %d files", nom, len(got))
		}
	}
}

// What desktops leave in folders is no scan, and a FINESS number may stand
// right behind letters.
func TestDossierDeScansEnDesordre(t *testing.T) {
	dossier := t.TempDir()
	for _, nom := range []string{"Thumbs.db", "a/Desktop.ini", "a/~$bon.docx", "__MACOSX/._x.pdf", ".DS_Store"} {
		poser(t, filepath.Join(dossier, nom), []byte("x"))
	}
	poser(t, filepath.Join(dossier, "a", "BDC"+finess(1)+".pdf"), pdf("1", 0))
	poser(t, filepath.Join(dossier, "autre.pdf"), pdf("2", 0))
	l := lireTexte(t, changer(listeDe(1), 1, "Scan BDC", ""), OptionsListe{})
	s, err := OuvrirScans(dossier)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Apparier(jeu(t), l, nil); err != nil || len(l.Constats) > 0 {
		t.Errorf("%v %v", codesDe(l.Constats), err)
	}
	if d := cmp.Diff([]string{"autre.pdf"}, s.Inutilises()); d != "" {
		t.Error(d)
	}
}

// Spreadsheets take the zero of the departments 01 to 09 away: it is offered,
// and given back when that is allowed.
func TestFinessSansSonZero(t *testing.T) {
	texte := changer(listeDe(1), 1, "FINESS", "10000016")
	l := lireTexte(t, texte, OptionsListe{})
	ks := juger(t, l, "")
	if d := cmp.Diff([]string{"2:2333"}, codesDe(ks)); d != "" || ks[0].Propose != "010000016" {
		t.Errorf("%s %+v", d, ks)
	}
	l = lireTexte(t, texte, OptionsListe{Corriger: true})
	if ks := juger(t, l, ""); len(ks) > 0 || l.Commandes[0].Valeur(jeu(t), baliseFiness) != `"010000016"` {
		t.Errorf("%v %+v", codesDe(ks), l.Corrections)
	}
}

// A column SIRET of a sales export mostly is the customers'.
func TestSIRETDesClients(t *testing.T) {
	texte := ""
	for i, ligne := range strings.Split(strings.TrimSpace(listeDe(2)), "\r\n") {
		texte += ligne + ";" + []string{"SIRET", "123 456 789 00005", "99999999900007"}[i] + "\r\n"
	}
	lire := func(texte string, o OptionsListe) (*Lecture, error) {
		t.Helper()
		o.Jeu = jeu(t)
		return LireListe(poser(t, filepath.Join(t.TempDir(), "a.csv"), []byte(texte)), o)
	}
	if _, err := lire(texte, OptionsListe{}); err == nil || !strings.Contains(err.Error(), "ligne 3") || !strings.Contains(err.Error(), "--siret") {
		t.Errorf("%v", err)
	}
	l, err := lire(texte, OptionsListe{Entete: Entete{SIRET: "00000000000000"}})
	if err != nil || l.Entete["SIRET"] != "00000000000000" || !strings.Contains(l.Colonnes[len(l.Colonnes)-1].Note, "non lue") {
		t.Errorf("%v %+v", err, l)
	}
	if l, err := lire(strings.Replace(texte, "99999999900007", "12345678900005", 1), OptionsListe{}); err != nil || l.Entete["SIRET"] != "12345678900005" {
		t.Errorf("one SIRET, spelt two ways: %v %+v", err, l)
	}
	if _, err := lire(strings.Replace(texte, "123 456 789 00005", "1,23457E+13", 1), OptionsListe{}); err == nil || !strings.Contains(err.Error(), "scientifique") {
		t.Errorf("%v", err)
	}
}

// A person who has cells before her is told of no quote, no null and no
// decimal point: she would type them.
func TestConstatsEnMotsDeListe(t *testing.T) {
	n := 0
	for _, colonne := range strings.Split(entetes, ";") {
		for _, valeur := range []string{"", "?", strings.Repeat("x", 130)} {
			l := lireTexte(t, changer(listeDe(1), 1, colonne, valeur), OptionsListe{})
			for _, k := range juger(t, l, "") {
				n++
				if s := k.Attendu + k.Remede + " " + fmt.Sprint(k.Titre == colonne); strings.Contains(s, "guillemets doubles") || strings.Contains(s, "null") || strings.Contains(s, `"TTC"`) || strings.Contains(s, "avec un point") || !strings.HasSuffix(s, "true") {
					t.Errorf("%s, %q: %s · %s · %s", colonne, valeur, k.Titre, k.Attendu, k.Remede)
				}
			}
		}
	}
	if n < 20 {
		t.Errorf("%d findings: the test proves nothing", n)
	}
}

// Two amounts that could not be read are not the same amount; a finding about
// a scan that the list names tells its column.
func TestConstatsDeLaBonneCellule(t *testing.T) {
	racine := chantier(t, 2)
	poser(t, filepath.Join(racine, "scans", "bc_0002.pdf"), nil)
	texte := changer(changer(changer(listeDe(2), 1, "Montant HT", "offert"), 2, "Montant HT", "néant"), 2, "FINESS", finess(1))
	l := lireTexte(t, texte, OptionsListe{})
	ks := juger(t, l, filepath.Join(racine, "scans"))
	if d := cmp.Diff([]string{"2:4002", "3:4002", "3:2450"}, codesDe(ks)); d != "" {
		t.Fatal(d)
	}
	if k := ks[2]; k.Titre != "Scan BDC" || k.Valeur != "bc_0002.pdf" {
		t.Errorf("%+v", k)
	}
}

// Two columns with one heading could not be told apart: the answer to the
// question about them fell on the other one.
func TestDeuxColonnesDuMemeTitre(t *testing.T) {
	texte := strings.Replace(changer(listeDe(1), 1, "N° commande", "0100000009"), "N° commande", "Téléphone", 1)
	lire := func(m *Correspondance) *Lecture {
		t.Helper()
		l, err := LireListe(poser(t, filepath.Join(t.TempDir(), "a.csv"), []byte(texte)), OptionsListe{Jeu: jeu(t), Correspondance: m})
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	q := lire(nil).Questions
	if len(q) != 1 || cmp.Diff([]string{"Téléphone", "Téléphone (2)"}, q[0].Reponse) != "" {
		t.Fatalf("%+v", q)
	}
	for titre, want := range map[string]string{"Téléphone": `"0100000009"`, "Téléphone (2)": `"0100000002"`} {
		autre := map[string]string{"Téléphone": "Téléphone (2)", "Téléphone (2)": "Téléphone"}[titre]
		l := lire(&Correspondance{Colonnes: []ColonneVoulue{{Titre: titre, Balise: "beneficiaire.telephoneResponsable"}, {Titre: autre, Ignorer: true}}})
		if len(l.Questions) > 0 || l.Commandes[0].Valeur(jeu(t), "beneficiaire.telephoneResponsable") != want {
			t.Errorf("%s: %+v", titre, l.Commandes)
		}
	}
	texte = strings.Replace(listeDe(1), "N° commande", "x_agence", 1)
	if xs := lire(nil).Commandes[0].Extras; len(xs) != 2 || xs[1].Colonne != "x_agence (2)" || xs[1].Valeur != "agence 1" {
		t.Errorf("both columns of the supplier's own travel: %+v", xs)
	}
}
