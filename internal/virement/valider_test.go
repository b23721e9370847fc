package virement

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guichet.example/segur"
)

func exigerXmllint(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skip("xmllint is not installed (Debian: libxml2-utils)")
	}
}

// Our own schema of what we write takes the message, and every way to spoil it
// shows: the schema is not one that takes anything.
func TestMessageHoldsAgainstTheSubset(t *testing.T) {
	exigerXmllint(t)
	const xsd = "testdata/sous-ensemble.xsd"
	bon := ecrit(t, exemple())
	if err := Valider(t.Context(), bon, xsd); err != nil {
		t.Fatal(err)
	}
	for nom, changer := range map[string]func(*Ordre){
		"payer without BIC": func(o *Ordre) { o.Donneur.BIC = "" },
		"one payment":       func(o *Ordre) { o.Virements = o.Virements[1:] },
		"Monaco, La Réunion": func(o *Ordre) {
			o.Virements[0].Beneficiaire, o.Virements[1].Beneficiaire = beneficiaireMC(), beneficiaireRE()
		},
		"longest of all":        func(o *Ordre) { o.Virements[0] = plusLong() },
		"many":                  func(o *Ordre) { o.Virements = nombreux(2_000) },
		"midnight of Réveillon": func(o *Ordre) { o.CreeLe = time.Date(2023, 12, 31, 23, 59, 59, 999, time.UTC) },
	} {
		o := exemple()
		changer(&o)
		if err := Valider(t.Context(), ecrit(t, o), xsd); err != nil {
			t.Errorf("%s: %v", nom, err)
		}
	}
	for _, x := range [][2]string{
		{"<PmtMtd>TRF</PmtMtd>", ""}, {"<PmtMtd>TRF", "<PmtMtd>CHK"}, {"LOT-000042</MsgId>", "LOT-000042-012345678901234567890123456</MsgId>"}, {`Ccy="EUR"`, ""},
		{"255.00</InstdAmt>", "255.001</InstdAmt>"}, {"255.00</InstdAmt>", "0.00</InstdAmt>"}, {"Editions", "Éditions"}, {"AGRIFRPPXXX", "AGRI"}, {"2023-07-05", "05/07/2023"}, {"<ChrgBr>", "<Autre/><ChrgBr>"},
		{"<Dt>2023-07-05</Dt>", "<DtTm>2023-07-05T00:00:00</DtTm>"}, {"<CtrlSum>255.01", "<CtrlSum>255.011"}, {"<Cd>SEPA", "<Cd>URGP"},
		{"<BICFI>AGRIFRPPXXX</BICFI>", "<Othr><Id>NOTPROVIDED</Id></Othr>"},
	} {
		if !bytes.Contains(bon, []byte(x[0])) {
			t.Fatalf("%s is not in the message", x[0])
		}
		err := Valider(t.Context(), bytes.Replace(bon, []byte(x[0]), []byte(x[1]), 1), xsd)
		if err == nil || errors.Is(err, ErrXmllint) {
			t.Errorf("%s → %s: %v", x[0], x[1], err)
		}
	}
}

// Accounts of the standards' kind in the two places where one is most often
// mistaken: Monaco has a country of its own, La Réunion that of France.
func beneficiaireMC() Compte {
	return Compte{"Pharmacie du Rocher fictive", avecCle("MC", ribFictif), "AGRIMCM1XXX"}
}

func beneficiaireRE() Compte {
	return Compte{"Éditeur fictif de Saint-Denis", avecCle("FR", ribFictif), "AGRIRERXXXX"}
}

const ribFictif = "30006000011234567890189"

// avecCle puts the check digits of an IBAN before an account (ISO 13616).
func avecCle(pays, rib string) string {
	for k := 2; k <= 98; k++ {
		if iban := fmt.Sprintf("%s%02d%s", pays, k, rib); IBANValide(iban) {
			return iban
		}
	}
	return ""
}

// plusLong has every text at its limit or beyond.
func plusLong() Virement {
	return Virement{EndToEndID: strings.Repeat("A", 35), Montant: segur.MontantMax, Libelle: strings.Repeat("Réglement & solde ", 20),
		Beneficiaire: Compte{strings.Repeat("Société d’Édition Œcuménique ", 10), "MT84MALT011000012345MTLCAST001S", "MALTMTMT"}}
}

func nombreux(n int) (vs []Virement) {
	for i := range n {
		vs = append(vs, Virement{EndToEndID: fmt.Sprintf("ASP-%08d", i), Montant: 255_00, Beneficiaire: Compte{"Éditeur fictif", ibanFR, ""}})
	}
	return vs
}

func TestSchemaThatCannotBeUsedConcludesNothing(t *testing.T) {
	exigerXmllint(t)
	faux := filepath.Join(t.TempDir(), "faux.xsd")
	if err := os.WriteFile(faux, []byte("<xs:schema"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, xsd := range []string{faux, filepath.Join(t.TempDir(), "absent.xsd")} {
		if err := Valider(t.Context(), ecrit(t, exemple()), xsd); !errors.Is(err, ErrXmllint) {
			t.Errorf("%s: %v", xsd, err)
		}
	}
	t.Setenv("PATH", "")
	if err := Valider(t.Context(), ecrit(t, exemple()), "testdata/sous-ensemble.xsd"); !errors.Is(err, ErrXmllint) {
		t.Errorf("without xmllint: %v", err)
	}
}
