package atelier

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"guichet.example/internal/atelier/catalogue"
	"guichet.example/segur"
)

// Amounts as French people and spreadsheets write them, exact to the cent;
// what reads two ways is refused.
func TestMontantsFrancais(t *testing.T) {
	for s, want := range map[string]string{
		"708,33": "708.33", "708.33": "708.33", "1 050,00 €": "1050.00", "1\u202f050,00\u00a0€": "1050.00", "1.050,00": "1050.00", "1,050.00": "1050.00", "1050": "1050.00",
		"850,5": "850.50", "708,3300": "708.33", "0708,33": "708.33", "0,50": "0.50", "708,33 EUR": "708.33", "-850": "-850.00", "1 234 567,89 euros": "1234567.89", "708,33 € HT": "708.33", "€ 708,33": "708.33",
		"": "", "1,050": "", "1.050": "", "708,333": "", "70 8,33": "", "850,00 € TTC": "", "HT": "", "abc": "", "1,2,3": "", "708,33 $": "", "7 08,33": "", "1.05.0,00": "", "€": "", ",50": "",
	} {
		got, detail, _ := lireMontant(s)
		if got != want || (want == "") != (detail != "") {
			t.Errorf("%q: %q (%s), want %q", s, got, detail, want)
		}
		if want != "" && !strings.HasPrefix(want, "-") {
			if _, err := segur.LireMontant(got); err != nil && got[:1] != "-" {
				t.Errorf("%q: %v", s, err)
			}
		}
	}
	if _, detail, propose := lireMontant("1.050"); !strings.Contains(detail, "1 050 euros") || propose != "1050,00" {
		t.Errorf("1.050: %s, %s", detail, propose)
	}
	if _, _, propose := lireMontant("708,335"); propose != "708,34" {
		t.Errorf("708,335: %s", propose)
	}
}

func TestDatesDeTableur(t *testing.T) {
	for s, want := range map[string]string{
		"03/02/2023": "03/02/2023", "2023-02-03": "03/02/2023", "3/2/2023": "03/02/2023", "03-02-2023": "03/02/2023", "03.02.2023": "03/02/2023", "44960": "03/02/2023", "44960.5": "03/02/2023",
		"2023-02-03T00:00:00": "03/02/2023", "03/02/2023 00:00:00": "03/02/2023", "03/02/2023 14:35": "03/02/2023", "2023-02-03 14:35:12.250": "03/02/2023", "3 février 2023 9:05": "03/02/2023", "3 février 2023": "03/02/2023", "3 févr. 2023": "03/02/2023", "31/02/2023": "31/02/2023",
		"03/02/23": "", "hier": "", "2023": "", "03022023": "", "12": "", "14:35": "", "12/2023 14:35": "",
	} {
		if got, detail, _ := lireDate(s, false); got != want || (want == "") != (detail != "") {
			t.Errorf("%q: %q (%s), want %q", s, got, detail, want)
		}
	}
	if got, _, _ := lireDate("43498", true); got != "03/02/2023" {
		t.Errorf("counted from 1904: %s", got)
	}
	if _, _, propose := lireDate("3/2/23", false); propose != "03/02/2023" {
		t.Errorf("two digits: %s", propose)
	}
}

func TestHorsTaxeAuCentime(t *testing.T) {
	for ttc, ht := range map[segur.Montant]segur.Montant{850_00: 708_33, 750_00: 625_00, 1050_00: 875_00} {
		if got, ok := horsTaxe(ttc); !ok || got != ht {
			t.Errorf("%s: %s, %v", ttc, got, ok)
		}
	}
	if got, ok := horsTaxe(850_05); ok {
		t.Errorf("850.05 is given by no amount, yet %s", got)
	}
}

// changer replaces the cell of a column in the i-th row of a list.
func changer(texte string, i int, colonne, valeur string) string {
	lignes := strings.Split(texte, "\r\n")
	k := -1
	for n, t := range strings.Split(lignes[0], ";") {
		if t == colonne {
			k = n
		}
	}
	cs := strings.Split(lignes[i], ";")
	cs[k] = valeur
	lignes[i] = strings.Join(cs, ";")
	return strings.Join(lignes, "\r\n")
}

// What reads two ways is refused at its row and column, with what to do; what
// is clear is read.
func TestCellulesAmbigues(t *testing.T) {
	for _, c := range []struct {
		nom, colonne, valeur, code, phrase string
	}{
		{"amount in thousandths", "Montant HT", "1.050", "4002", "1 050 euros"},
		{"amount that is none", "Montant HT", "offert", "4002", "n’est pas un montant"},
		{"year of two digits", "Date signature", "03/02/23", "4003", "deux chiffres"},
		{"amount with tax", "Montant HT", "850,00 € TTC", "4002", "est un montant TTC"},
		{"formula that failed", "Titulaire", "#N/A", "4005", "#N/A"},
		{"column too narrow", "Date signature", "#########", "4005", "####"},
		{"neither yes nor no", "MSSanté", "peut-être", "4006", "oui ou non"},
		{"shortened number", "N° carte CPS", "2,1E+09", "4007", "format texte"},
		{"label of several", "Opérateur", "CENTRE HOSPITALIER", "4004", "plusieurs"},
		{"unknown label", "Opérateur", "zzzzzz", "2517", "355 codes"},
		{"name in lower case", "Titulaire", "Dupont", "2308", "DUPONT"},
		{"FINESS without its zero", "FINESS", "9900001", "2333", "zéro de tête"},
		{"no regime", "Régime", "", "2110", "obligatoire"},
	} {
		l := lireTexte(t, changer(listeDe(3), 2, c.colonne, c.valeur), OptionsListe{})
		ks := juger(t, l, "")
		if d := cmp.Diff([]string{"3:" + c.code}, codesDe(ks)); d != "" {
			t.Errorf("%s: %s", c.nom, d)
			continue
		}
		k := ks[0]
		if !strings.Contains(k.Message+k.Attendu+k.Remede, c.phrase) || k.Titre != c.colonne || k.Valeur != c.valeur {
			t.Errorf("%s: %+v", c.nom, k)
		}
	}
}

// An amount that looks like one with tax is never taken in silence.
func TestMontantQuiRessembleAuTTC(t *testing.T) {
	for _, c := range []struct {
		titre, montant string
		lire           Lecteur
		codes          []string
		ht             string
	}{
		{"Montant", "850,00", "", []string{"2:4001"}, ""},
		{"Montant", "708,33", "", nil, "708.33"},
		{"Montant", "850,00", LireHT, nil, "850.00"},
		{"Montant", "850,00", LireTTC, nil, "708.33"},
		{"Montant", "850,05", LireTTC, []string{"2:4002"}, ""},
		{"Montant HT", "850,00", "", []string{"2:9804"}, "850.00"},
		{"commande.montantSegurHT", "850,00", "", []string{"2:9804"}, "850.00"},
	} {
		texte := strings.Replace(changer(listeDe(1), 1, "Montant HT", c.montant), "Montant HT", c.titre, 1)
		o := OptionsListe{}
		if c.lire != "" {
			o.Correspondance = &Correspondance{Version: 1, Colonnes: []ColonneVoulue{{Titre: c.titre, Balise: baliseMontant, Lire: c.lire}}}
		}
		l := lireTexte(t, texte, o)
		if d := cmp.Diff(c.codes, codesDe(juger(t, l, ""))); d != "" {
			t.Errorf("%+v: %s", c, d)
		}
		if got := l.Commandes[0].valeur(rangChamp(jeu(t), baliseMontant)); got != c.ht {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

// Corrections are made only when they are allowed, and shown before and after.
func TestCorrectionsOffertesPuisFaites(t *testing.T) {
	texte := changer(changer(listeDe(1), 1, "Titulaire", "Hélène d’Aubé"), 1, "Téléphone", "100000002")
	offerte := lireTexte(t, texte, OptionsListe{})
	if d := cmp.Diff([]string{"2:9803", "2:2308"}, codesDe(juger(t, offerte, ""))); d != "" {
		t.Error(d)
	}
	faite := lireTexte(t, texte, OptionsListe{Corriger: true})
	if ks := juger(t, faite, ""); len(ks) > 0 {
		t.Error(codesDe(ks))
	}
	want := []Correction{{1, 2, "Titulaire", "Hélène d’Aubé", "HÉLÈNE D’AUBÉ", true}, {1, 2, "Téléphone", "100000002", "0100000002", true}}
	if d := cmp.Diff(want, faite.Corrections); d != "" {
		t.Error(d)
	}
}

// Headings leave nothing to chance: what is missing, double or with tax is a
// question, and no order is read.
func TestTitresQuiPosentQuestion(t *testing.T) {
	for nom, c := range map[string]struct{ avant, apres, phrase string }{
		"missing":  {"FINESS", "Code", "FINESSGeo"},
		"double":   {"N° commande", "Montant", ""},
		"with tax": {"Montant HT", "Montant TTC", "semble contenir des montants TTC"},
		"twice":    {"N° commande", "Titulaire", "Plusieurs colonnes"},
	} {
		texte := strings.Replace(listeDe(1), c.avant, c.apres, 1)
		l, err := LireListe(poser(t, t.TempDir()+"/a.csv", []byte(texte)), OptionsListe{Jeu: jeu(t)})
		if err != nil {
			t.Fatal(err)
		}
		if len(l.Questions) != 1 || !strings.Contains(l.Questions[0].Phrase, c.phrase) || len(l.Commandes) > 0 {
			t.Errorf("%s: %+v", nom, l.Questions)
		}
	}
}

// Rows that belong to one pharmacy, day and amount are pointed out.
func TestCommandeEnDouble(t *testing.T) {
	lignes := strings.Split(listeDe(2), "\r\n")
	lignes[2] = lignes[1]
	l := lireTexte(t, strings.Join(lignes, "\r\n"), OptionsListe{})
	if d := cmp.Diff([]string{"3:9801"}, codesDe(juger(t, l, ""))); d != "" {
		t.Error(d)
	}
}

// The blank lists, as written, are lists that pass.
func TestModelesPassentTelsQuels(t *testing.T) {
	j := jeu(t)
	c, err := ModeleCSV(j)
	if err != nil {
		t.Fatal(err)
	}
	x, err := ModeleXLSX(j)
	if err != nil {
		t.Fatal(err)
	}
	for nom, octets := range map[string][]byte{"modele.csv": c, "modele.xlsx": x} {
		l, err := LireListe(poser(t, t.TempDir()+"/"+nom, octets), OptionsListe{Jeu: j})
		if err != nil || len(l.Questions) > 0 {
			t.Fatalf("%s: %v %+v", nom, err, l.Questions)
		}
		if ks := juger(t, l, ""); len(ks) > 0 || len(l.Commandes) != 1 || l.Commandes[0].Extras[0].Colonne != "x_reference" {
			t.Errorf("%s: %v", nom, codesDe(ks))
		}
		for i := range l.Colonnes {
			if !l.Colonnes[i].Utile() {
				t.Errorf("%s: column « %s » is not read: %s", nom, l.Colonnes[i].Titre, l.Colonnes[i].Note)
			}
		}
	}
}

// What was left out is read back as it was, corrected and passes.
func TestListeACorrigerSeRelit(t *testing.T) {
	l := lireTexte(t, changer(changer(listeDe(3), 2, "Titulaire", "Dupont"), 2, "x_agence", "=1+1"), OptionsListe{})
	ks := juger(t, l, "")
	bonnes, rangs := Ecarter(l.Commandes, ks)
	if len(bonnes) != 2 || rangs[0] != 1 || rangs[1] != 3 {
		t.Fatalf("%v", rangs)
	}
	reste := string(l.Ecartees(ks))
	if strings.Contains(reste, ";=1+1") || !strings.Contains(reste, "Dupont") || !strings.Contains(reste, TitreMotif) {
		t.Errorf("%s", reste)
	}
	l = lireTexte(t, strings.Replace(reste, "Dupont;", "DUPONT;", 1), OptionsListe{})
	if ks := juger(t, l, ""); len(ks) > 0 || len(l.Commandes) != 1 || l.Commandes[0].Extras[0].Valeur != "=1+1" {
		t.Errorf("%v %+v", codesDe(ks), l.Commandes)
	}
	if reste := string(l.Ecartees([]Constat{constat(&l.Commandes[0], 1, catalogue.Montant, mots{})})); strings.Count(reste, TitreMotif) != 1 {
		t.Errorf("the reasons have two columns:\n%s", reste)
	}
}

// Every amount of cents, written as French people write it, is read back to
// the cent.
func TestTousLesMontantsAuCentime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := segur.Montant(rapid.Int64Range(0, int64(segur.MontantMax)).Draw(t, "cents"))
		for _, s := range []string{m.Francais(), m.String(), strings.Replace(m.String(), ".", ",", 1)} {
			got, detail, _ := lireMontant(s)
			if lu, err := segur.LireMontant(got); err != nil || lu != m {
				t.Fatalf("%s is read %q (%s)", s, got, detail)
			}
		}
	})
}
