package atelier

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guichet.example/internal/atelier/catalogue"
	"guichet.example/segur"
)

// The pains that users tell of the agency's portal and of home-made scripts,
// each with the test that it is cured. Beside those of this file:
//
//   - a refused request must change number: TestPeineDemandeRefuseeChangeDeNumero in reprise
//   - "is it my turn or theirs?": TestPeineAQuiLeTour in suivi
//   - rules change at an exact hour: TestPeineReglesQuiChangentAHeureDite in cmd/segur
//   - nobody finds the order of the API calls: TestPeineOrdreDesAppels in cmd/segur

// preparer writes the orders of a list that passes and returns the folder.
func preparer(t *testing.T, l *Lecture, dossierScans string) string {
	t.Helper()
	if ks := juger(t, l, dossierScans); Refuse(ks) {
		t.Fatalf("%v\n%+v", codesDe(ks), ks[0])
	}
	racine := t.TempDir()
	r := ouvrirRegistre(t, racine)
	p, err := Planifier(cadre(t), l.Commandes, r)
	if err != nil {
		t.Fatal(err)
	}
	vers := filepath.Join(racine, "depot")
	if _, err := p.Ecrire(t.Context(), vers, r); err != nil {
		t.Fatal(err)
	}
	verifierDepot(t, vers)
	return vers
}

// depots reads the JSON files of a folder, in their order.
func depots(t *testing.T, vers string) (textes []string) {
	t.Helper()
	noms, err := filepath.Glob(filepath.Join(vers, "JSON-*.json"))
	if err != nil || len(noms) == 0 {
		t.Fatal("no JSON file", err)
	}
	for _, n := range noms {
		b, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		textes = append(textes, string(b))
	}
	return textes
}

// "One fault per line per try: k faults cost k deposits": all faults of all
// rows and scans come at once, before any number is taken.
func TestPeineUneFauteParEssai(t *testing.T) {
	racine := chantier(t, 3)
	poser(t, filepath.Join(racine, "scans", "bc_0003.pdf"), []byte("%PDF-1.4 %chiffre"))
	texte := changer(changer(changer(listeDe(3), 1, "Montant HT", "70 8,33"), 1, "Titulaire", "Dupont"), 1, "FINESS", "1")
	texte = changer(texte, 2, "Scan BDC", "autre.pdf")
	l := lireTexte(t, texte, OptionsListe{})
	got := codesDe(juger(t, l, filepath.Join(racine, "scans")))
	if d := cmp.Diff([]string{"2:4002", "2:2308", "2:2333", "3:4101", "4:2456"}, got); d != "" {
		t.Error(d)
	}
}

// "The JSON passes, the zip fails, and the requests vanish": a deposit is
// written with every piece that it declares, or not at all.
func TestPeineDemandesSansPieces(t *testing.T) {
	vers := preparer(t, lireTexte(t, listeDe(3), OptionsListe{}), scans(t, t.TempDir(), 3))
	if zips, _ := filepath.Glob(filepath.Join(vers, "*.zip")); len(zips) != 1 {
		t.Errorf("zips: %v", zips)
	}
	l := lireTexte(t, listeDe(3), OptionsListe{})
	if ks := juger(t, l, scans(t, t.TempDir(), 3)); len(ks) > 0 {
		t.Fatal(codesDe(ks))
	}
	racine := t.TempDir()
	r := ouvrirRegistre(t, racine)
	p, err := Planifier(cadre(t), l.Commandes, r)
	if err != nil {
		t.Fatal(err)
	}
	p.Depots[0].Zips[0].Entrees = p.Depots[0].Zips[0].Entrees[1:]
	vers = filepath.Join(racine, "depot")
	if _, err := p.Ecrire(t.Context(), vers, r); err == nil || !strings.Contains(err.Error(), "3 pièces attendues, 2 présentes") {
		t.Errorf("a piece was left out: %v", err)
	}
	absent(t, vers)
}

// "Amounts refused for a cent of rounding": one exact engine, from the cell to
// the manifest.
func TestPeineCentimeDArrondi(t *testing.T) {
	texte := changer(changer(listeDe(3), 1, "Montant HT", "708,33 €"), 2, "Montant HT", "625")
	vers := preparer(t, lireTexte(t, changer(texte, 3, "Régime", "HT"), OptionsListe{}), ht(t, scans(t, t.TempDir(), 3)))
	var m struct{ Montants map[string]string }
	b, err := os.ReadFile(filepath.Join(vers, NomManifeste))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	// 850.00 and 750.00 with tax, 708.33 without: 255.00 + 225.00 + 212.50.
	if d := cmp.Diff(map[string]string{"ht": "2041.66", "base": "2308.33", "avance": "692.50", "solde": "1615.83"}, m.Montants); d != "" {
		t.Error(d)
	}
	for _, ecrit := range []string{`"montantSegurHT": 708.33`, `"montantSegurHT": 625.00`} {
		if !strings.Contains(depots(t, vers)[0], ecrit) {
			t.Errorf("no %s", ecrit)
		}
	}
}

// ht adds the supplier's proof for the third order of listeDe.
func ht(t *testing.T, dossier string) string {
	t.Helper()
	poser(t, filepath.Join(dossier, "attestation ht "+finess(3)+".pdf"), pdf("attestation", 0))
	return dossier
}

// "It passed at home, it fails there": the manifest carries the hash of the
// rules that judged, and every file that leaves passes them as the portal
// would, its name included.
func TestPeinePasseIciRefuseLaBas(t *testing.T) {
	vers := preparer(t, lireTexte(t, listeDe(201), OptionsListe{}), "")
	b, err := os.ReadFile(filepath.Join(vers, NomManifeste))
	if err != nil || !strings.Contains(string(b), jeu(t).Empreinte()) {
		t.Errorf("the manifest does not tell the rules: %v", err)
	}
	for i, texte := range depots(t, vers) {
		r := jeu(t).Controler([]byte(texte), segur.JourExemple, segur.Options{Nom: segur.NomExemple(i + 1), Portail: true})
		if n := r.Bilan(); n.Erreurs+n.Avertissements > 0 || n.Demandes == 0 {
			t.Errorf("file %d: %+v", i+1, n)
		}
	}
}

// "The home-made scripts": null as a text, siret for SIRET, pdf for PDF, a
// label for a code, an empty last file at multiples of 200. None of it can
// come out.
func TestPeineScriptsMaison(t *testing.T) {
	texte := listeDe(400)
	texte = changer(changer(changer(texte, 1, "E-mail", "null"), 1, "Opérateur", "Mailiz"), 1, "MSSanté", "true")
	vers := preparer(t, lireTexte(t, texte, OptionsListe{}), "")
	textes := depots(t, vers)
	if len(textes) != 2 {
		t.Errorf("%d files for 400 orders", len(textes))
	}
	for i, s := range textes {
		for _, faux := range []string{`"null"`, `"true"`, `"siret"`, `"pdf"`, `"jpeg"`, `"Mailiz"`, `[]`} {
			if strings.Contains(s, faux) {
				t.Errorf("file %d holds %s", i+1, faux)
			}
		}
		if n := strings.Count(s, `"numLigne"`); n != segur.DemandesMax {
			t.Errorf("file %d has %d requests", i+1, n)
		}
	}
	for _, juste := range []string{`"emailResponsable": null`, `"operateurMessagerie": "MAI_`, `"hasBALMSSantePersonnelle": true`, `"formatFichier": "PDF"`, `"SIRET": "00000000000000"`} {
		if !strings.Contains(textes[0], juste) {
			t.Errorf("no %s in the first file", juste)
		}
	}
}

// "Labels that explain nothing": each finding of a row says where, what was
// read, what is expected and what to do, as data.
func TestPeineLibellesQuiNExpliquentRien(t *testing.T) {
	l := lireTexte(t, changer(changer(listeDe(1), 1, "Titulaire", "Dupont"), 1, "Montant HT", "x"), OptionsListe{})
	ks := juger(t, l, "")
	if len(ks) != 2 {
		t.Fatal(codesDe(ks))
	}
	for _, k := range ks {
		if k.Rangee != 2 || k.Titre == "" || k.Valeur == "" || k.Attendu == "" || k.Remede == "" || k.Reference == "" || k.Balise == "" {
			t.Errorf("%+v", k)
		}
	}
	trou := regexp.MustCompile(`\{[a-z]+\}`)
	for _, e := range catalogue.Entrees() {
		k := constat(&Commande{}, 1, e.Code, mots{"valeur", "détail", "pièce", "proposé"})
		if trou.MatchString(k.Message + k.Remede + k.Attendu) {
			t.Errorf("%s: a word in braces is left: %s %s", e.Code, k.Message, k.Remede)
		}
		for _, j := range segur.Jeux() {
			if _, pris := j.Entree(e.Code); pris {
				t.Errorf("%s has another meaning in %s", e.Code, j.ID)
			}
		}
	}
}

// Columns of the supplier's own travel to the ledger.
func TestColonnesPropresVoyagent(t *testing.T) {
	racine := t.TempDir()
	l := lireTexte(t, listeDe(2), OptionsListe{})
	juger(t, l, "")
	r := ouvrirRegistre(t, racine)
	p, err := Planifier(cadre(t), l.Commandes, r)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Ecrire(t.Context(), filepath.Join(racine, "depot"), r); err != nil {
		t.Fatal(err)
	}
	d := r.Demandes()[1]
	if fmt.Sprint(d.Extras) != "[{x_agence agence 2}]" || d.Source.Ligne != 3 || d.Source.Fichier != "commandes.csv" {
		t.Errorf("%+v", d)
	}
	ks := l.DejaPreparees(jeu(t), r.Demandes())
	if d := cmp.Diff([]string{"2:9802", "3:9802"}, codesDe(ks)); d != "" {
		t.Error(d)
	}
	relu, err := r.Relire(r.Depots()[0])
	if err != nil {
		t.Fatal(err)
	}
	c := DepuisRegistre(jeu(t), &relu.Demandes[1], r.Chemin)
	if d := cmp.Diff(l.Commandes[1].Valeurs[5:], c.Valeurs[5:]); c.Regime(jeu(t)) != "TTC" || strings.Contains(d, "708") {
		t.Errorf("an order taken up again: %s\n%+v", d, c)
	}
}
