package segur

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The document's own example (§3.1): 708.33 → 850.00 → 255.00.
func TestCalculDuDocument(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ ht, regime, ttc, base, avance, solde string }{
		{"708.33", "TTC", "850.00", "850.00", "255.00", "595.00"},
		{"708.33", "HT", "850.00", "708.33", "212.50", "495.83"},
		{"0.01", "TTC", "0.01", "0.01", "0.00", "0.01"},
		{"0.05", "HT", "0.06", "0.05", "0.02", "0.03"}, // 0.015 goes up
		{"999999999.99", "TTC", "1199999999.99", "1199999999.99", "360000000.00", "839999999.99"},
	} {
		ht, err := LireMontant(c.ht)
		if err != nil {
			t.Fatal(err)
		}
		got, err := BaremePHA.Calculer(ht, c.regime)
		if err != nil {
			t.Fatal(err)
		}
		if s := strings.Join([]string{got.TTC.String(), got.Base.String(), got.Avance.String(), got.Solde.String()}, " "); s != strings.Join([]string{c.ttc, c.base, c.avance, c.solde}, " ") {
			t.Errorf("%s %s: got %s", c.ht, c.regime, s)
		}
		if n := len(got.Etapes); n < 3 || got.Etapes[n-1].Resultat != got.Solde || got.Etapes[n-2].Resultat != got.Avance {
			t.Errorf("%s %s: steps %+v", c.ht, c.regime, got.Etapes)
		}
	}
	c, _ := BaremePHA.Calculer(70833, "TTC")
	if f := c.Etapes[0].Formule; f != "708,33\u00a0€ × 1,20" {
		t.Errorf("first step reads %q", f)
	}
	if f := c.Etapes[2].Formule; f != "850,00\u00a0€ × 30\u00a0%" {
		t.Errorf("third step reads %q", f)
	}
	for _, f := range []struct {
		ht     Montant
		regime string
	}{{0, "TTC"}, {-1, "TTC"}, {MontantMax + 1, "TTC"}, {1, "ttc"}} {
		if _, err := BaremePHA.Calculer(f.ht, f.regime); err == nil {
			t.Errorf("Calculer(%d, %s) succeeds", f.ht, f.regime)
		}
	}
}

// Advance and balance always make the base, and rounding is half-up: twice
// the error is at most half a cent, and a tie goes up.
func TestCalculTombeJuste(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ht := Montant(rapid.Int64Range(1, int64(MontantMax)).Draw(t, "ht"))
		c, err := BaremePHA.Calculer(ht, rapid.SampledFrom([]string{"TTC", "HT"}).Draw(t, "regime"))
		if err != nil {
			t.Fatal(err)
		}
		if c.Avance+c.Solde != c.Base {
			t.Fatalf("%s + %s ≠ %s", c.Avance, c.Solde, c.Base)
		}
		if e := 10*int64(c.TTC) - 12*int64(ht); e < -4 || e > 5 {
			t.Fatalf("TTC of %s is %s", ht, c.TTC)
		}
		if e := 10*int64(c.Avance) - 3*int64(c.Base); e < -4 || e > 5 {
			t.Fatalf("advance of %s is %s", c.Base, c.Avance)
		}
		if m, err := LireMontant(c.HT.String()); err != nil || m != ht {
			t.Fatalf("%s reads back as %s, %v", ht, m, err)
		}
	})
}

func TestMontants(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "1", "1.0", "1.000", "-1.00", "+1.00", "1,00", "1e2", ".00", "1234567890.00", " 1.00", "١.00", "1.0a"} {
		if m, err := LireMontant(s); err == nil {
			t.Errorf("LireMontant(%q) = %s", s, m)
		}
	}
	for m, want := range map[Montant]string{105000: "1\u202f050,00\u00a0€", 70833: "708,33\u00a0€", 123456789: "1\u202f234\u202f567,89\u00a0€", -5: "-0,05\u00a0€"} {
		if got := m.Francais(); got != want {
			t.Errorf("%d: %q, want %q", m, got, want)
		}
	}
}

func TestNomsSeRelisent(t *testing.T) {
	t.Parallel()
	j := jeuAvance()
	rapid.Check(t, func(t *rapid.T) {
		n := NomFichier{rapid.StringMatching(`[0-9A-Za-z]{10}`).Draw(t, "ans"),
			Jour{rapid.IntRange(1900, 2100).Draw(t, "a"), rapid.IntRange(1, 12).Draw(t, "m"), rapid.IntRange(1, 28).Draw(t, "j")}, rapid.IntRange(1, 999).Draw(t, "n")}
		if got, err := LireNomFichier(n.String()); err != nil || got != n {
			t.Fatalf("%s reads back as %+v, %v", n, got, err)
		}
		p := NomPiece{rapid.SampledFrom([]string{"BON_COMMANDE", "PREUVE_HT"}).Draw(t, "type"), rapid.StringMatching(`[0-9A-Za-z]{5}`).Draw(t, "num"),
			rapid.SampledFrom([]string{"PDF", "PNG", "JPG"}).Draw(t, "format")}
		nom, err := j.NomPiece(p)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := j.LireNomPiece(nom); err != nil || got != p {
			t.Fatalf("%s reads back as %+v, %v", nom, got, err)
		}
	})
	if nom, _ := j.NomPiece(NomPiece{"BON_COMMANDE", "00001", "PDF"}); nom != "PHA-LGO-Va1-BDC-00001.pdf" {
		t.Errorf("the document's own example is named %s", nom)
	}
	for _, p := range []NomPiece{{"FACTURE", "00001", "PDF"}, {"BON_COMMANDE", "0001", "PDF"}, {"BON_COMMANDE", "00001", "pdf"}} {
		if nom, err := j.NomPiece(p); err == nil {
			t.Errorf("%+v is named %s", p, nom)
		}
	}
	for _, s := range []string{"", "JSON-", "JSON-----.json", "PHA-LGO-Va1-BDC-00001", "PHA-LGO-Va1-FAC-00001.pdf", "PHA-LGO-Va1-BDC-00001.pdf.pdf"} {
		if n, err := j.LireNomPiece(s); err == nil {
			t.Errorf("%q reads as %+v", s, n)
		}
	}
}

func TestJours(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"03/02/2023", "2023-02-03"} {
		if j, err := LireJour(s); err != nil || j != (Jour{2023, 2, 3}) {
			t.Errorf("LireJour(%s) = %v, %v", s, j, err)
		}
	}
	for _, s := range []string{"", "3/2/2023", "30/02/2023", "2023/02/03", "03-02-2023", "2023-13-01", "0000-01-01"} {
		if j, err := LireJour(s); err == nil {
			t.Errorf("LireJour(%q) = %v", s, j)
		}
	}
}

func TestOperateurs(t *testing.T) {
	t.Parallel()
	if n := len(Operateurs()); n != 355 {
		t.Fatalf("%d operators", n)
	}
	for _, o := range Operateurs() {
		if got, ok := OperateurDe(o.Code); !ok || got != o {
			t.Errorf("%s: %+v, %t", o.Code, got, ok)
		}
		if got := ChercherOperateurs(o.Libelle, 5); !contientOp(got, o) {
			t.Errorf("%s is not found by its label %q: %v", o.Code, o.Libelle, got)
		}
		if len(o.Code) >= 25 {
			t.Errorf("%s is longer than the field", o.Code)
		}
	}
	for q, want := range map[string]string{"mailiz": "MAI_15", "hopital foch": "HÔP_302", "ch orleans": "CH _20", "pharmagest": "PHA_34", "CH_20": "CH _20", "chu angers": "CHU_243", "mailis": "MAI_15",
		"chu angrs": "CHU_243", "chu angres": "CHU_243", "angrs": "CHU_243", "clinique louis pastuer": "CLI_262"} {
		if got := ChercherOperateurs(q, 3); len(got) == 0 || got[0].Code != want {
			t.Errorf("%q: got %v, want %s first", q, got, want)
		}
	}
	for _, q := range []string{"zzzzqqqq", "zzzz qqqq", "chu zzzzqqqq", "zz yy", strings.Repeat("chu ", 65)} {
		if got := ChercherOperateurs(q, 3); len(got) > 0 {
			t.Errorf("nonsense finds %v", got)
		}
	}
}

func contientOp(ops []Operateur, o Operateur) bool {
	for _, x := range ops {
		if x == o {
			return true
		}
	}
	return false
}
