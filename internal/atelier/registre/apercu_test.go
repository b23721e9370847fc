package registre

import (
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

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

// The fast spelling of a deposit is that of its tags, member by member.
func TestDepotEcritCommeSesEtiquettes(t *testing.T) {
	type nu DepotPrepare // the same tags, without the method
	plein := DepotPrepare{Dossier: "d\"épôt", Type: segur.Solde, NumeroAns: "9999999999", SIRET: "00000000000000", Fichier: Fichier{"a.json", 12, "ab"},
		Zips: []Fichier{{"a.zip", 3, "cd"}, {"b.zip", 4, "ef"}}, Regles: "sha256:00", Importe: true, Lot: Lot{1, 2},
		Demandes: []DemandePreparee{{}, {NumeroEditeur: "00001", Regime: "HT", Montants: Montants{708_33, 1_00, 5, 0}, FINESSGeo: "990000013",
			Valeurs: Valeurs{{"commande.dateCommande", `"03/02/2023"`}, {"x", "null"}}, Pieces: []PiecePreparee{{"n", "PDF", "BON_COMMANDE", "s/é.pdf", 7, "01"}, {}},
			Extras: []Extra{{"x_a", "v\n"}, {"x_b", ""}}, Source: Source{"c.csv", "F", 3}, Remplace: "00000", NumeroASP: "ASP-1"},
			{Source: Source{Feuille: "F"}}, {Source: Source{Ligne: 2}}}}
	for _, d := range []DepotPrepare{{}, plein, {Demandes: []DemandePreparee{}}} {
		lent, err := json.Marshal(nu(d), json.Deterministic(true))
		if err != nil {
			t.Fatal(err)
		}
		vite, err := json.Marshal(d, json.Deterministic(true))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(lent), string(vite)); d != "" {
			t.Error(d)
		}
		var relu DepotPrepare
		if err := json.Unmarshal(vite, &relu); err != nil {
			t.Error(err)
		}
	}
}
