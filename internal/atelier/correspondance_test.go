package atelier

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A mapping is read back as it was written, and what it says is not guessed.
func TestCorrespondanceSeRelit(t *testing.T) {
	m := &Correspondance{Colonnes: []ColonneVoulue{{Titre: "Montant HT", Balise: baliseMontant, Lire: LireTTC}, {Titre: "Titulaire", Balise: "beneficiaire.nomResponsable", Lire: LireMajuscules},
		{Titre: "N° commande", Extra: "x_commande"}, {Titre: "x_agence", Ignorer: true}},
		Constantes: map[string]string{"commande.regimeTVA": "TTC", "numeroAns": "9999999999"}, Operateurs: map[string]string{"le nôtre": "GIP_1"}}
	octets, err := m.Ecrire()
	if err != nil {
		t.Fatal(err)
	}
	relue, err := LireCorrespondance(octets, jeu(t))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(m, relue); d != "" {
		t.Error(d)
	}
	texte := changer(changer(changer(listeDe(1), 1, "Montant HT", "850,00"), 1, "Titulaire", "Dupont"), 1, "Opérateur", "le nôtre")
	l := lireTexte(t, strings.Replace(texte, ";Régime;", ";Sans objet;", 1), OptionsListe{Correspondance: relue})
	if ks := juger(t, l, ""); len(ks) > 0 {
		t.Error(codesDe(ks))
	}
	c := &l.Commandes[0]
	for balise, want := range map[string]string{baliseMontant: "708.33", "beneficiaire.nomResponsable": `"DUPONT"`, "scenarioInstallation.operateurMessagerie": `"GIP_1"`, baliseRegime: `"TTC"`} {
		if got := c.Valeur(jeu(t), balise); got != want {
			t.Errorf("%s: %s, want %s", balise, got, want)
		}
	}
	if len(c.Extras) != 1 || c.Extras[0].Colonne != "x_commande" || l.Entete["numeroAns"] != "9999999999" {
		t.Errorf("%+v %v", c.Extras, l.Entete)
	}
}

// A mapping that is wrong says where, and what was meant.
func TestCorrespondanceFautive(t *testing.T) {
	for texte, phrase := range map[string]string{
		`{`:                          "pas une correspondance lisible",
		`{"version":2}`:              "lit la version 1",
		`{"version":1,"colonne":[]}`: "pas une correspondance lisible",
		`{"version":1,"colonnes":[{"titre":"A"}]}`:                                                                           "exactement un de",
		`{"version":1,"colonnes":[{"balise":"commande.regimeTVA"}]}`:                                                         "il manque \"titre\"",
		`{"version":1,"colonnes":[{"titre":"A","balise":"commande.dateComande"}]}`:                                           "Vouliez-vous dire « commande.dateCommande »",
		`{"version":1,"colonnes":[{"titre":"A","balise":"numeroEditeur"}]}`:                                                  "se remplit toute seule",
		`{"version":1,"colonnes":[{"titre":"A","extra":"agence"}]}`:                                                          "commence par x_",
		`{"version":1,"colonnes":[{"titre":"A","scan":"BDC"}]}`:                                                              "pas un type de pièce",
		`{"version":1,"colonnes":[{"titre":"A","balise":"commande.regimeTVA","lire":"HT"}]}`:                                 "ne convient qu’à",
		`{"version":1,"colonnes":[{"titre":"A","balise":"commande.montantSegurHT","lire":"centimes"}]}`:                      "\"HT\", \"TTC\" ou \"majuscules\"",
		`{"version":1,"colonnes":[{"titre":"A","balise":"commande.regimeTVA"},{"titre":"B","balise":"commande.regimeTVA"}]}`: "remplissent toutes deux",
		`{"version":1,"colonnes":[],"constantes":{"siret":"1"}}`:                                                             "n’existe pas",
		`{"version":1,"colonnes":[],"operateurs":{"A":"MAILIZ"}}`:                                                            "pas un code de la section 4",
		`{"version":1,"colonnes":[],"scans":{"BDC":"*"}}`:                                                                    "pas un type de pièce",
	} {
		if _, err := LireCorrespondance([]byte(texte), jeu(t)); err == nil || !strings.Contains(err.Error(), phrase) {
			t.Errorf("%s: %v", texte, err)
		}
	}
	m := &Correspondance{Version: 1, Colonnes: []ColonneVoulue{{Titre: "Montan HT", Balise: baliseMontant}}}
	if _, err := LireListe(poser(t, t.TempDir()+"/a.csv", []byte(listeDe(1))), OptionsListe{Jeu: jeu(t), Correspondance: m}); err == nil || !strings.Contains(err.Error(), "« Montant HT »") {
		t.Errorf("a column that is not there: %v", err)
	}
}

// A file has one header: rows that disagree are refused, and a header that
// condemns every file is said before any work.
func TestEnteteUnique(t *testing.T) {
	texte := strings.Replace(listeDe(2), "x_agence", "numeroAns", 1)
	l, err := LireListe(poser(t, t.TempDir()+"/a.csv", []byte(texte)), OptionsListe{Jeu: jeu(t)})
	if err == nil || !strings.Contains(err.Error(), "ligne 3") {
		t.Errorf("two numbers: %v %v", l, err)
	}
	for e, phrase := range map[Entete]string{{"", "00000000000000"}: "--numero-ans", {"9999999999", ""}: "--siret", {"999", "00000000000000"}: "au lieu de 10", {"9999999999", "000"}: "SIRET"} {
		o := cadre(t)
		o.Entete = e
		if _, err := Controler(o, nil); err == nil || !strings.Contains(err.Error(), phrase) {
			t.Errorf("%+v: %v", e, err)
		}
	}
}
