package piece

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"guichet.example/segur"
)

func verifierJSON(t testing.TB, b []byte) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	return m
}

func lot(t *testing.T, nom string, es ...entree) Lot {
	b := forger(es...)
	return controleur().Zip(t.Context(), nom, bytes.NewReader(b), int64(len(b)))
}

func TestSeveralArchivesCoverTogether(t *testing.T) {
	t.Parallel()
	a := lot(t, "a.zip", entree{nom: nomBDC1, contenu: pdf(0)})
	b := lot(t, "b.zip", entree{nom: nomHT1, contenu: imagePNG(t)})
	bdc2 := imageJPEG(t)
	seul := Lot{Pieces: []Piece{controleur().Fichier(t.Context(), nomBDC2, bytes.NewReader(bdc2), int64(len(bdc2)))}}
	c := Couvrir(attendues(), a, b, seul)
	comparer(t, c.Bilan, Bilan{Attendues: 3, Recues: 3})
	if !c.Complete || len(c.Demandes) != 2 || !c.Demandes[0].Complete || len(c.Demandes[0].Recues) != 2 || c.Demandes[0].Recues[1].Source != "b.zip" {
		t.Errorf("%+v", c)
	}
	c = Couvrir(attendues(), a, b)
	comparer(t, c.Bilan, Bilan{Attendues: 3, Recues: 2, Manquantes: 1})
	if c.Complete || !c.Demandes[0].Complete || c.Demandes[1].Complete || c.Demandes[1].Manquantes[0].NomFichier != nomBDC2 {
		t.Errorf("%+v", c)
	}
}

func TestOneNameInTwoPlacesIsRefusedInBoth(t *testing.T) {
	t.Parallel()
	bon := entree{nom: nomBDC1, contenu: pdf(0)}
	for nom, lots := range map[string][]Lot{
		"two archives": {lot(t, "a.zip", bon), lot(t, "b.zip", bon)},
		"three":        {lot(t, "a.zip", bon, bon), lot(t, "b.zip", bon)},
	} {
		c := Couvrir(attendues(), lots...)
		for range 2 { // said once, with all places, however often it is asked
			c = Couvrir(attendues(), lots...)
			want := "« " + nomBDC1 + " » se trouve en plusieurs exemplaires (dans « a.zip », dans « b.zip ») ; aucun n’est retenu, car rien ne dit lequel est le bon."
			if len(c.Refusees) != 1 || c.Refusees[0].Code != CodeDoublon || c.Refusees[0].Message != want {
				t.Errorf("%s: %+v", nom, c.Refusees)
			}
		}
		if c.Bilan.Refusees != 1 || c.Bilan.Recues != 0 || !c.Demandes[0].Manquantes[0].Refusee {
			t.Errorf("%s: %+v", nom, c)
		}
	}
}

// A supplier sends a bad document again in a second archive: the good one counts.
func TestGoodDocumentReplacesARefusedOne(t *testing.T) {
	t.Parallel()
	mauvais, bon := lot(t, "a.zip", entree{nom: nomBDC1, contenu: imagePNG(t)}), lot(t, "b.zip", entree{nom: nomBDC1, contenu: pdf(0)})
	for _, lots := range [][]Lot{{mauvais, bon}, {bon, mauvais}} {
		c := Couvrir(attendues(), lots...)
		if c.Bilan.Recues != 1 || c.Bilan.Refusees != 1 {
			t.Errorf("%+v", c.Bilan)
		}
	}
}

func TestCoverageJSON(t *testing.T) {
	t.Parallel()
	l := lot(t, "lot.zip", entree{nom: nomBDC1, contenu: []byte("%PDF-")}, entree{nom: nomHT1, contenu: []byte("%PDF-")},
		entree{nom: "re\xe7u \"1\".pdf", contenu: pdf(0)})
	l.Pieces = append(l.Pieces, Piece{Nom: nomBDC2, Source: "lot.zip", Erreur: errPanne})
	m := verifierJSON(t, Couvrir(attendues(), l).AppendJSON(nil))
	comparer(t, m["complete"], false)
	comparer(t, m["recues"], []any{map[string]any{"numeroEditeur": "00001", "nomFichier": nomBDC1, "taille": 5.0, "source": "lot.zip",
		"sha256": "38523c087796e5d5dd1cf9bad1fb026781a838dd9dd2cf8af58b9f6502a46778"}})
	refusees := m["refusees"].([]any)
	comparer(t, refusees[1].(map[string]any)["nomFichier"], `re\xe7u "1".pdf`)
	comparer(t, refusees[0].(map[string]any)["code"], "2455")
	comparer(t, m["nonControlees"], []any{map[string]any{"nomFichier": nomBDC2, "source": "lot.zip", "erreur": "panne du lecteur"}})
	comparer(t, m["demandes"], []any{
		map[string]any{"rang": 1.0, "numeroEditeur": "00001", "complete": false, "recues": 1.0, "manquantes": 1.0, "nonControlees": 0.0},
		map[string]any{"rang": 2.0, "numeroEditeur": "00002", "complete": false, "recues": 0.0, "manquantes": 0.0, "nonControlees": 1.0}})
	manquante := m["manquantes"].([]any)[0].(map[string]any)
	comparer(t, []any{manquante["nomFichier"], manquante["code"], manquante["refusee"]}, []any{nomHT1, "2445", true})
	vide := verifierJSON(t, Couvrir(nil).AppendJSON(nil))
	comparer(t, []any{vide["complete"], vide["recues"], vide["refusees"]}, []any{true, []any{}, []any{}})
}

func TestPlaceThatCannotBeReadLeavesTheCoverageOpen(t *testing.T) {
	t.Parallel()
	c := Couvrir(nil, Lot{Nom: "a.zip", Erreur: errPanne})
	if c.Complete || len(c.NonControlees) != 1 {
		t.Errorf("%+v", c)
	}
}

func TestDeclaredDocumentsOfAReport(t *testing.T) {
	t.Parallel()
	j := segur.Jeux()[0]
	as := Attendues(j.Controler(j.Exemple(3), segur.JourExemple, segur.Options{}))
	var noms []string
	for _, a := range as {
		noms = append(noms, a.NomFichier)
		if !slices.Contains([]string{"BON_COMMANDE", "PREUVE_HT"}, a.Type) || a.Format != "PDF" || a.Rang < 1 || len(a.NumeroEditeur) != 5 {
			t.Errorf("%+v", a)
		}
	}
	if len(as) < 3 || !slices.IsSorted(noms) && len(slices.Compact(noms)) != len(as) {
		t.Errorf("%v", noms)
	}
	casse := bytes.Replace(j.Exemple(3), []byte(as[0].NomFichier), []byte("commande.pdf"), 1)
	if n := len(Attendues(j.Controler(casse, segur.JourExemple, segur.Options{}))); n != len(as)-1 {
		t.Errorf("%d declared documents, one name being no name", n)
	}
	// The second request with a name of the first: both declare it.
	double := bytes.Replace(j.Exemple(3), []byte(as[len(as)-1].NomFichier), []byte(as[0].NomFichier), 1)
	if n := len(Attendues(j.Controler(double, segur.JourExemple, segur.Options{}))); n != len(as) {
		t.Errorf("%d declared documents, one name being declared by two requests", n)
	}
}
