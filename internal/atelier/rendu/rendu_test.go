package rendu

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guichet.example/internal/atelier"
	"guichet.example/internal/atelier/registre"
	"guichet.example/segur"
)

const hostile = "<script>\x1b[31m\u202eé"

// bilan is that of a list of two fictitious orders, one of them in fault and
// full of what should never reach a terminal or a page.
func bilan(t *testing.T) *Bilan {
	t.Helper()
	j, err := segur.JeuPour(segur.Avance, segur.JourExemple)
	if err != nil {
		t.Fatal(err)
	}
	modele, err := atelier.ModeleCSV(j)
	if err != nil {
		t.Fatal(err)
	}
	lignes := strings.SplitAfter(string(modele), "\r\n")
	mauvaise := strings.Replace(strings.Replace(lignes[1], ";EXEMPLE;officine", ";Dupont "+hostile+";officine", 1), "708,33", "=1+1", 1)
	chemin := filepath.Join(t.TempDir(), "liste.csv")
	if err := os.WriteFile(chemin, []byte(lignes[0]+lignes[1]+mauvaise), 0o644); err != nil {
		t.Fatal(err)
	}
	l, err := atelier.LireListe(chemin, atelier.OptionsListe{Jeu: j})
	if err != nil || len(l.Questions) > 0 {
		t.Fatal(err, l.Questions)
	}
	atelier.DeclarerPieces(j, l.Commandes)
	o := &atelier.Cadre{Jeu: j, Jour: segur.JourExemple, Entete: atelier.Entete{NumeroAns: "9999999999", SIRET: "00000000000000"}}
	ks, err := atelier.Controler(o, l.Commandes)
	if err != nil {
		t.Fatal(err)
	}
	return &Bilan{Outil: segur.Outil{Nom: "segur", Version: "essai"}, Jeu: j, Jour: segur.JourExemple, Lecture: l, Constats: l.Reunir(j, ks), Largeur: 90, SansScan: true}
}

func forme(t *testing.T, b *Bilan, nom string) string {
	t.Helper()
	var w bytes.Buffer
	if err := Ecrire(nom, &w, b); err != nil {
		t.Fatal(err)
	}
	return w.String()
}

// Every form tells row, column, value and remedy of each fault.
func TestChaqueFormeDitOuEtQuoiFaire(t *testing.T) {
	b := bilan(t)
	if b.Verdict() != segur.Partiel || len(b.Constats) != 3 {
		t.Fatalf("%s %+v", b.Verdict(), b.Constats)
	}
	for _, f := range Formes() {
		s := forme(t, b, f)
		if strings.ContainsAny(s, "\x1b\u202e") && f != "json" || strings.Contains(s, "<script>") && f == "html" {
			t.Errorf("%s lets hostile text through", f)
		}
		s = strings.Join(strings.Fields(html.UnescapeString(s)), " ")
		for _, mot := range []string{"commande.montantSegurHT", "=1+1", "4002", "2308", "beneficiaire.nomResponsable", "708,33"} {
			if f == "html" && strings.Contains(mot, ".") {
				continue // the page names columns, not balises
			}
			if !strings.Contains(s, mot) {
				t.Errorf("%s does not say %s:\n%s", f, mot, s)
			}
		}
	}
	if err := Ecrire("xml", &bytes.Buffer{}, b); err == nil {
		t.Error("an unknown form is written")
	}
}

func TestJSONLisibleParProgramme(t *testing.T) {
	var r struct {
		Verdict  string
		Bilan    map[string]int
		Constats []struct {
			Code, Gravite, Balise, Colonne, Valeur, Remede string
			Ligne                                          int
		}
		Lecture struct {
			Colonnes []struct{ Titre, Balise string }
		}
	}
	if err := json.Unmarshal([]byte(forme(t, bilan(t), "json")), &r); err != nil {
		t.Fatal(err)
	}
	if r.Verdict != "partiel" || r.Bilan["ecartees"] != 1 || r.Bilan["pretes"] != 1 || len(r.Constats) != 3 || r.Constats[0].Ligne != 3 || len(r.Lecture.Colonnes) == 0 {
		t.Errorf("%+v", r)
	}
}

// The supplier's own columns are in every form, beside the row: the number of
// the order in her software is how the clerk finds it.
func TestColonnesDuFournisseurDansChaqueForme(t *testing.T) {
	b := bilan(t)
	for _, f := range Formes() {
		if s := forme(t, b, f); !strings.Contains(s, "x_reference") || !strings.Contains(s, "BC-0001") {
			t.Errorf("%s does not have them:\n%s", f, s)
		}
	}
	b.Lecture.Commandes[1].Extras = append(b.Lecture.Commandes[1].Extras, registre.Extra{Colonne: "x_note", Valeur: hostile})
	for _, f := range []string{"texte", "html"} {
		if s := forme(t, b, f); strings.ContainsAny(s, "\x1b\u202e") || f == "html" && strings.Contains(s, "<script>") {
			t.Errorf("%s lets hostile text through", f)
		}
	}
}

// The page lets nothing act or load but its own style, byte for byte.
func TestPageNAdmetQueSonStyle(t *testing.T) {
	s := forme(t, bilan(t), "html")
	_, reste, _ := strings.Cut(s, "<style>")
	style, _, ok := strings.Cut(reste, "</style>")
	somme := sha256.Sum256([]byte(style))
	if !ok || !strings.Contains(html.UnescapeString(s), "style-src 'sha256-"+base64.StdEncoding.EncodeToString(somme[:])+"'") || !strings.Contains(style, "prefers-color-scheme:dark") {
		t.Errorf("%s", s[:min(len(s), 1500)])
	}
}

// No cell of the CSV is run as a formula.
func TestCSVSansFormule(t *testing.T) {
	b := bilan(t)
	b.Lecture.Questions = []atelier.Question{{Titre: "=Montant"}} // a line of the same columns
	s := strings.TrimPrefix(forme(t, b, "csv"), "\ufeff")
	c := csv.NewReader(strings.NewReader(s))
	c.Comma = ';'
	lignes, err := c.ReadAll()
	if err != nil || len(lignes) != 5 {
		t.Fatal(len(lignes), err)
	}
	for _, l := range lignes {
		for _, cellule := range l {
			if cellule != "" && strings.ContainsRune("=+-@", rune(cellule[0])) {
				t.Errorf("%q", cellule)
			}
		}
	}
}

// Rows that were left aside, and hidden ones that were not, are said in every
// form that tells how the list was read: nothing is skipped in silence.
func TestLignesAPartSontDites(t *testing.T) {
	b := bilan(t)
	for i := range 14 {
		b.Lecture.Laissees = append(b.Lecture.Laissees, atelier.Laissee{Rangee: 5 + i, Motif: "des totaux"})
	}
	b.Lecture.Table.Masquees = []int{3}
	for _, f := range []string{"texte", "html"} {
		s := strings.Join(strings.Fields(html.UnescapeString(forme(t, b, f))), " ")
		for _, phrase := range []string{"ce sont des totaux : lignes 5, 6,", "16 et 2 de plus", "lues comme les autres : ligne 3."} {
			if !strings.Contains(s, phrase) {
				t.Errorf("%s does not say %q\n%s", f, phrase, s)
			}
		}
	}
	var lu struct {
		Lecture struct {
			Laissees []struct{ Ligne int }
			Masquees []int
		}
	}
	if err := json.Unmarshal([]byte(forme(t, b, "json")), &lu); err != nil || len(lu.Lecture.Laissees) != 14 || len(lu.Lecture.Masquees) != 1 {
		t.Errorf("%+v %v", lu, err)
	}
}
