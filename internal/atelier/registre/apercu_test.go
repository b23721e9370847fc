package registre

import (
	"bytes"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"guichet.example/segur"
)

// What a plan shows is what the ledger then gives, and looking takes nothing.
func TestApercuMontreCeQuiSeraDonne(t *testing.T) {
	jour := segur.JourExemple
	r, err := Ouvrir(t.TempDir(), Options{Maintenant: func() time.Time { return time.Date(2023, 7, 1, 9, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Fermer()
	if _, err := r.DeclarerNumeros([]string{"00002"}, "essai"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		a := r.Apercu()
		vus, err := a.AttribuerNumeros(3)
		if err != nil {
			t.Fatal(err)
		}
		vusFichiers, err := a.AttribuerFichiers("9999999999", jour, 2)
		if err != nil {
			t.Fatal(err)
		}
		donnes, err := r.AttribuerNumeros(3)
		if err != nil {
			t.Fatal(err)
		}
		fichiers, err := r.AttribuerFichiers("9999999999", jour, 2)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(vusFichiers, fichiers); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff(vus, donnes); d != "" {
			t.Error(d)
		}
	}
	if vus, err := new(Registre).Apercu().AttribuerNumeros(1); err != nil || vus[0] != "00001" {
		t.Errorf("a ledger to come: %v, %v", vus, err)
	}
}

// A day has 999 files: the 1000th is refused, and nothing is given.
func TestMilleFichiersLeMemeJour(t *testing.T) {
	r, err := Ouvrir(t.TempDir(), Options{Maintenant: func() time.Time { return time.Date(2023, 7, 1, 9, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Fermer()
	if fs, err := r.AttribuerFichiers("9999999999", segur.JourExemple, 999); err != nil || len(fs) != 999 {
		t.Fatal(len(fs), err)
	}
	n, _ := r.Tete()
	if _, err := r.AttribuerFichiers("9999999999", segur.JourExemple, 1); err == nil {
		t.Error("a 1000th file was given")
	}
	if apres, _ := r.Tete(); apres != n {
		t.Error("the ledger was written")
	}
}

// The short spelling of a deposit says what its tags say, member by member,
// and both are read.
func TestDepotEcritCourtSeRelit(t *testing.T) {
	type nu DepotPrepare // the same tags, without the methods
	plein := DepotPrepare{Dossier: "d\"épôt", Type: segur.Solde, NumeroAns: "9999999999", SIRET: "00000000000000", Fichier: Fichier{"a.json", 12, "ab"},
		Zips: []Fichier{{"a.zip", 3, "cd"}, {"b.zip", 4, "ef"}}, Regles: "sha256:00", Importe: true, Lot: Lot{1, 2},
		Demandes: []DemandePreparee{{}, {NumeroEditeur: "00001", Regime: "HT", Montants: Montants{708_33, 1_00, 5, 0}, FINESSGeo: "990000013",
			Valeurs: Valeurs{{"commande.dateCommande", `"03/02/2023"`}, {"x", "null"}}, Pieces: []PiecePreparee{{"n", "PDF", "BON_COMMANDE", "s/é.pdf", 7, "01"}, {}},
			Extras: []Extra{{"x_a", "v\n"}, {"x_b", ""}}, Source: Source{"c.csv", "F", 3}, Remplace: "00000", NumeroASP: "ASP-1"},
			{Source: Source{Feuille: "F"}}, {Source: Source{Ligne: 2}}}}
	communes := DepotPrepare{Demandes: []DemandePreparee{{Valeurs: Valeurs{{"a", "1"}, {"b", `"é"`}}}, {Valeurs: Valeurs{{"a", "null"}, {"b", "true"}}}}}
	for i, d := range []DepotPrepare{{}, plein, communes} {
		lent, err := json.Marshal(nu(d), json.Deterministic(true))
		if err != nil {
			t.Fatal(err)
		}
		court := d.append(nil, func(s string) string { return s })
		if i == 2 && (bytes.Count(court, []byte(`"b"`)) != 1 || !bytes.Contains(court, []byte(`"valeurs":[null,true]`))) {
			t.Errorf("balises are said more than once: %s", court)
		}
		for _, ecrit := range [][]byte{lent, court} {
			var relu DepotPrepare
			if err := json.Unmarshal(ecrit, &relu); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(d, relu, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("%s\n%s", ecrit, d)
			}
		}
	}
	if err := json.Unmarshal([]byte(`{"balises":["a"],"demandes":[{"valeurs":[1,2]}]}`), &DepotPrepare{}); err == nil {
		t.Error("a value without a balise was read")
	}
}
